//! Customer organizations: an owner with its members. A customer may be in several.

use serde_json::{Value, json};

use crate::assumptions::A13;
use crate::records::{Customer, CustomerOrganization, Facet, Kind};
use crate::store::State;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::super::resource;

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4, A13");
pub(in super::super) const ADD_MEMBERS: Entry = Entry::real(add_members, "document, A4, A13");
pub(in super::super) const REPLACE_MEMBERS: Entry = Entry::real(replace_members, "document, A4, A13");

/// The organizations that a customer owns or is in, oldest first.
pub(super) fn of_customer(state: &State, customer: &str) -> Vec<Value> {
    let owned = state.all_with::<CustomerOrganization>(Facet::OwnerId, customer);
    let joined = state.all_with::<CustomerOrganization>(Facet::MemberId, customer);
    owned
        .iter()
        .chain(&joined)
        .map(|organization| shown(state, organization))
        .collect()
}

fn shown(state: &State, organization: &CustomerOrganization) -> Value {
    let members: Vec<Value> = organization
        .members
        .iter()
        .map(|member| named(state, member))
        .collect();
    json!({"id": organization.id, "owner": named(state, &organization.owner), "members": members})
}

/// The customer with this id, as an id with a name.
fn named(state: &State, id: &str) -> Value {
    let customer = state.get::<Customer>(id).map(|customer| customer.legal_name);
    json!({"id": id, "name": customer.unwrap_or_default()})
}

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let owner = call.text("ownerId").unwrap_or_default().to_owned();
    resource::check_reference(call, "ownerId", Kind::Customer, &owner)?;
    let mut organization = CustomerOrganization {
        id: call.tx.new_id(),
        owner,
        members: Vec::new(),
    };
    let members = call.texts("memberIds");
    add(call, &mut organization, "memberIds", &members)?;
    answer(call, &organization)
}

fn add_members(call: &mut Call<'_, '_>) -> Outcome {
    let mut organization = existing(call)?;
    let members = call.texts("customerIds");
    add(call, &mut organization, "customerIds", &members)?;
    answer(call, &organization)
}

fn replace_members(call: &mut Call<'_, '_>) -> Outcome {
    let mut organization = existing(call)?;
    organization.members.clear();
    let members = call.texts("customerIds");
    add(call, &mut organization, "customerIds", &members)?;
    answer(call, &organization)
}

/// Adds members and stores the organization. The owner is not a member (A13). A change is one of every customer that is or was in
/// it, since their answers have the organization.
pub(super) fn add(
    call: &mut Call<'_, '_>,
    organization: &mut CustomerOrganization,
    field: &str,
    members: &[String],
) -> Result<(), Problem> {
    for member in members {
        resource::check_reference(call, field, Kind::Customer, member)?;
        if *member == organization.owner {
            let message =
                format!("body.{field}: {member} is the owner of the organization, and not a member of it.");
            return Err(Problem::invalid(message).assuming(A13));
        }
        if !organization.members.contains(member) {
            organization.members.push(member.clone());
        }
    }
    let former: Option<CustomerOrganization> = call.tx.get(&organization.id);
    if former.as_ref() == Some(organization) {
        return Ok(());
    }
    call.tx.put(organization);
    let left = former.into_iter().flat_map(|former| former.members);
    for customer in std::iter::once(organization.owner.clone())
        .chain(organization.members.clone())
        .chain(left)
    {
        call.tx.announce("CUSTOMER_UPDATED", Kind::Customer, &customer);
    }
    Ok(())
}

fn existing(call: &Call<'_, '_>) -> Result<CustomerOrganization, Problem> {
    let id = call.id();
    call.tx
        .get(id)
        .ok_or_else(|| Problem::no(Kind::CustomerOrganization, id))
}

fn answer(call: &Call<'_, '_>, organization: &CustomerOrganization) -> Outcome {
    Ok(Answer::Json(shown(call.tx, organization)))
}
