//! The sections of a seed, in the order in which they are created.

use crate::contract::{self, Operation};

use super::error::Fault;

/// A list of entries that one operation creates.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) operation: Operation,
    /// What entries have if they leave it out.
    pub(super) defaults: &'static [(&'static str, Fallback)],
}

/// The value of a member that is left out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fallback {
    /// This JSON.
    Json(&'static str),
    /// The value of another member.
    Of(&'static str),
    /// The id of the account.
    Account,
}

use Fallback::{Account, Json, Of};

const fn section(
    name: &'static str,
    operation: Operation,
    defaults: &'static [(&'static str, Fallback)],
) -> Section {
    Section {
        name,
        operation,
        defaults,
    }
}

pub(super) const ALL: &[Section] = &[
    section(
        "taxRates",
        Operation::TaxRateCreate,
        &[
            ("isPublished", Json("true")),
            ("invoiceName", Of("name")),
            ("invoiceShortName", Of("name")),
        ],
    ),
    section("products", Operation::ProductCreate, &[]),
    section(
        "usageMetrics",
        Operation::UsageMetricCreate,
        &[("metricType", Json("\"SIMPLE\""))],
    ),
    section("seatMetrics", Operation::SeatMetricCreate, &[]),
    section(
        "listPrices",
        Operation::ListPriceCreate,
        &[
            ("integrationIds", Json("[]")),
            ("customMetricParameters", Json("[]")),
        ],
    ),
    section(
        "customers",
        Operation::CustomerCreate,
        &[
            ("taxStatus", Json("\"TAXED\"")),
            (
                "address",
                Json(
                    r#"{"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"}"#,
                ),
            ),
            (
                "contacts",
                Json(
                    r#"[{"name": "Accounts Payable", "email": "billing@customer.example", "billingPreference": "PRIMARY"}]"#,
                ),
            ),
        ],
    ),
    section("organizations", Operation::CustomerOrganizationCreate, &[]),
    section("prices", Operation::PriceCreate, &[]),
    section(
        "schedules",
        Operation::BillingScheduleCreate,
        &[
            ("taxRates", Json("[]")),
            ("autoIssueInvoices", Json("false")),
            ("isDraft", Json("false")),
            ("rollUpBilling", Json("false")),
        ],
    ),
    section(
        "credits",
        Operation::CreditCreate,
        &[("sequenceAccountId", Account)],
    ),
    section("seatEvents", Operation::SeatEventCreate, &[]),
    section("usageEvents", Operation::UsageEventCreate, &[]),
    section(
        "notificationPolicies",
        Operation::NotificationPolicyCreate,
        &[("channel", Json("\"WEBHOOK\""))],
    ),
];

pub(super) fn named(name: &str) -> Option<&'static Section> {
    ALL.iter().find(|section| section.name == name)
}

pub(super) fn unknown(name: &str, line: usize) -> Fault {
    let names: Vec<&str> = ALL.iter().map(|section| section.name).collect();
    let hint = match contract::near_names(name, names.iter().copied()).first() {
        Some(near) => format!("Perhaps `{near}` is meant."),
        None => format!("The sections are {}.", names.join(", ")),
    };
    Fault::new(line, name, format!("is not a section. {hint}"))
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::{ALL, Fallback};
    use crate::contract::{Version, check_body};

    #[test]
    fn defaults_are_members_of_their_operation_and_key_is_none() {
        for section in ALL {
            let problems = check_body(section.operation, Version::LATEST, b"{\"key\": 1}")
                .expect_err("it lacks members");
            for (name, default) in section.defaults {
                let path = format!("body.{name}");
                let is_required = problems.iter().any(|problem| problem.path() == path);
                assert!(is_required || *name == "metricType", "{}: {path}", section.name);
                if let Fallback::Json(text) = default {
                    assert!(yaml::parse(text).is_ok(), "{text}");
                }
            }
            assert!(
                problems.iter().all(|problem| problem.path() != "body.key"),
                "{}",
                section.name
            );
        }
    }
}
