//! What older and newer versions lack, as the document states it in texts.

use super::{Operation, Version};

/// Filters that only the newest version has.
const NEW_FILTERS: &[(&str, &[&str])] = &[
    ("customer_list", &["label", "billingStatus"]),
    ("customer_alias_list", &["value"]),
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

/// Values of enums that the newest version lacks.
const FORMER_VALUES: &[(&str, &[&str])] = &[
    ("InvoicePaymentStatus", &["FAILED"]),
    (
        "NotificationType",
        &[
            "CUSTOMER_DELETED",
            "BILLING_SCHEDULE_DELETED",
            "NOTIFICATION_SENT",
            "MERCHANT_CUSTOM_FIELDS_CREATED",
            "MERCHANT_CUSTOM_FIELDS_UPDATED",
            "MERCHANT_CUSTOM_FIELDS_DELETED",
        ],
    ),
];

/// Values of enums that only the newest version has.
const NEW_VALUES: &[(&str, &[&str])] = &[(
    "AssetFormat",
    &[
        "JPG", "CSV", "TXT", "RTF", "MD", "XLS", "XLSX", "XLSM", "DOC", "DOCX", "ZIP", "ODT", "ODS",
    ],
)];

pub(super) fn lacks_parameter(operation: Operation, version: Version, name: &str) -> bool {
    version < Version::LATEST && listed(NEW_FILTERS, operation.id(), name)
}

pub(super) fn lacks_value(schema: &str, version: Version, value: &str) -> bool {
    let lacking = if version == Version::LATEST {
        FORMER_VALUES
    } else {
        NEW_VALUES
    };
    listed(lacking, schema, value)
}

fn listed(table: &[(&str, &[&str])], name: &str, value: &str) -> bool {
    table
        .iter()
        .any(|(one, values)| *one == name && values.contains(&value))
}

#[cfg(test)]
mod tests {
    use super::{FORMER_VALUES, NEW_FILTERS, NEW_VALUES, Operation};

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
        for (schema, values) in FORMER_VALUES.iter().chain(NEW_VALUES) {
            let known = super::super::schemas::every_value(schema).expect("an enum");
            for value in *values {
                assert!(known.contains(value), "{schema} {value}");
            }
        }
    }
}
