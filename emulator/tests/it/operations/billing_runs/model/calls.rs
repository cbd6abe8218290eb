//! How moves call operations, and choose what they are about.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Facet, Invoice, InvoiceStatus};
use serde_json::{Value, json};

use super::super::super::accepted;
use super::{check_equal, dump};

pub(super) fn nth<T>(items: &mut [T], place: usize) -> Option<&mut T> {
    let count = items.len();
    items.get_mut(place.checked_rem(count)?)
}

pub(super) fn on_invoice(world: &World, operation: Operation, place: usize, allowed: &[InvoiceStatus]) {
    let mut ids: Vec<String> = world.store().read(|state| {
        let invoices = state.all::<Invoice>().into_iter();
        let fitting = invoices
            .filter(|invoice| allowed.contains(&invoice.status) && invoice.payment_status == "UNPAID");
        fitting.map(|invoice| invoice.id).collect()
    });
    if let Some(id) = nth(&mut ids, place) {
        call(world, operation, &[("id", id)], None);
    }
}

/// Has everything announced.
pub(super) fn watch(world: &World) {
    let policy = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://a.example"]});
    call(world, Operation::NotificationPolicyCreate, &[], Some(&policy));
}

/// Calls an operation that is not refused.
pub(super) fn call(
    world: &World,
    operation: Operation,
    path: &[(&'static str, &str)],
    body: Option<&Value>,
) -> Value {
    accepted(operation, &world.call(operation, Version::LATEST, path, "", body))
}

/// The records of an invoice.
pub(super) fn lines_of(world: &World, invoice: &str) -> Vec<sequencehq_emulator::records::InvoiceLineItem> {
    world
        .store()
        .read(|state| state.all_with(Facet::InvoiceId, invoice))
}

/// Calls an operation. If it is refused, nothing has changed. Returns the status.
pub(super) fn attempt(
    world: &World,
    operation: Operation,
    path: &[(&'static str, &str)],
    body: Option<&Value>,
) -> u16 {
    let before = dump(world);
    let response = world.call(operation, Version::LATEST, path, "", body);
    assert!(response.status < 500, "{}", response.json_body());
    if response.status >= 400 {
        check_equal(&dump(world), &before);
    }
    response.status
}
