//! Differences of versions in filters and in the form of answers, as the document states them in texts.
//!
//! What versions lack in schemas is in `build/limits.rs`.

use super::{Operation, Version};

/// Filters that only the newest version has.
const NEW_FILTERS: &[(&str, &[&str])] = &[
    ("customer_list", &["label", "billingStatus"]),
    ("customer_alias_list", &["value"]),
    (
        "invoice_list",
        &[
            "search",
            "invoiceNumber",
            "netTotal",
            "excludeInvoiceStatus",
            "excludeInvoicePaymentStatus",
            "excludeCustomerId",
            "excludeBillingScheduleId",
            "excludeInvoiceCurrency",
            "excludeInvoiceNumber",
            "excludeSearch",
            "excludeNetTotal",
        ],
    ),
    ("price_list", &["sortOrder"]),
    (
        "billing_product_list",
        &["name", "taxCategoryId", "recognitionMethod"],
    ),
    ("seat_event_list", &["customerIds"]),
    ("seat_balance_list", &["customerIds"]),
    (
        "billing_schedule_list",
        &[
            "startingBefore",
            "startingAfter",
            "endingBefore",
            "endingAfter",
            "includeOpenEndedSchedules",
            "recurrenceDayOfMonth",
        ],
    ),
    ("notification_policy_list", &["notificationType"]),
];

pub(super) fn lacks_parameter(operation: Operation, version: Version, name: &str) -> bool {
    version < Version::LATEST && listed(NEW_FILTERS, operation.id(), name)
}

/// Returns the version that determines the form of an answer.
///
/// The lookup by alias answers the customer of version `2024-05-09` in later versions too.
pub(super) fn form(operation: Operation, version: Version) -> Version {
    match operation {
        Operation::CustomerGetByAlias => version.min(Version(1)),
        _ => version,
    }
}

fn listed(table: &[(&str, &[&str])], name: &str, value: &str) -> bool {
    table
        .iter()
        .any(|(one, values)| *one == name && values.contains(&value))
}

#[cfg(test)]
mod tests {
    use super::{NEW_FILTERS, Operation, Version, form};

    #[test]
    fn every_name_is_in_the_document() {
        for (id, names) in NEW_FILTERS {
            let query = Operation::named(id).expect("the operation exists").data().query;
            for name in *names {
                assert!(
                    query.iter().any(|parameter| parameter.name == *name),
                    "{id} {name}"
                );
            }
        }
    }

    #[test]
    fn the_lookup_by_alias_has_an_older_form() {
        let form = form(Operation::CustomerGetByAlias, Version::LATEST);
        assert_eq!(form.name(), "2024-05-09");
    }
}
