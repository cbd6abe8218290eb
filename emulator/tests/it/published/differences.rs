//! Where an answer rightly differs from a published document.

use super::document::Problem;

/// A difference with its reason.
#[derive(Debug)]
pub(super) struct Difference {
    /// Ids of operations; `*` stands for anything.
    operations: &'static [&'static str],
    /// Empty for all versions.
    versions: &'static [&'static str],
    /// Places in the answer; `*` stands for anything.
    places: &'static [&'static str],
    /// The beginning of the message.
    message: &'static str,
    #[allow(dead_code, reason = "it is for the reader")]
    reason: &'static str,
}

const ANY: &[&str] = &["*"];

pub(super) const ALL: &[Difference] = &[
    Difference {
        operations: ANY,
        versions: &[],
        places: &["status 404"],
        message: "the status is not one of",
        reason: "Twelve operations declare 404. The API answers it for every id that does not exist.",
    },
    Difference {
        operations: ANY,
        versions: &[],
        places: &["status 501"],
        message: "the status is not one of",
        reason: "The emulator does not emulate every part of a request, and refuses the rest under a status of its own.",
    },
    Difference {
        operations: &["notification_policy_*"],
        versions: &[],
        places: &["error"],
        message: "not declared",
        reason: "All refusals have their type and message at one place, also those that list errors.",
    },
    Difference {
        operations: &["usage_metric_*", "usage_event_*"],
        versions: &[],
        places: &["*propertyFilters.*", "*eventProperties.*"],
        message: "",
        reason: "The members are published as objects. The texts and examples have lists of values, and any JSON.",
    },
    Difference {
        operations: &["user_*"],
        versions: &["2024-07-30"],
        places: &["*roles[]"],
        message: "",
        reason: "Objects are published, but as an enum of texts that are JSON, which no object equals.",
    },
    Difference {
        operations: &["stripe_collection_settings_*"],
        versions: &["2024-07-30"],
        places: &["retryAnchor"],
        message: "not declared",
        reason: "The request that sets the field has it.",
    },
    Difference {
        operations: &["billing_schedule_create"],
        versions: &["2024-05-09"],
        places: &["prices[].*"],
        message: "",
        reason: "One operation publishes prices in the shape of the version before, and LINEAR as the only structure.",
    },
    Difference {
        operations: &["customer_get_by_alias"],
        versions: &["2024-07-30"],
        places: &["integrationIds[].isPending"],
        message: "missing",
        reason: "The lookup answers the form of the version before, whose links are never pending.",
    },
    Difference {
        operations: &["product_*"],
        versions: &["2024-01-01"],
        places: &["label", "items[].label"],
        message: "missing",
        reason: "The version required the label of a product. A product that a later version created has none.",
    },
    Difference {
        operations: &["billing_schedule_create", "price_*"],
        versions: &["2024-05-09"],
        places: &[
            "sequenceAccountId",
            "items[].sequenceAccountId",
            "integrationIds",
            "attachmentAssets",
            "priceIds",
            "type",
        ],
        message: "not declared",
        reason: "Other operations of the version declare it for the same resource.",
    },
    Difference {
        operations: &[
            "credit_note_line_item_delete",
            "invoice_delete",
            "product_archive",
        ],
        versions: &[],
        places: &[
            "revenueClassification",
            "revenueRecognitionMethod",
            "productId",
            "updatedAt",
            "archivedAt",
        ],
        message: "not declared",
        reason: "Other operations of the version declare it for the same resource.",
    },
];

/// The place in the list of the difference that explains a problem.
pub(super) fn explains(problem: &Problem) -> Option<usize> {
    ALL.iter().position(|one| {
        let any = |patterns: &[&str], text: &str| patterns.iter().any(|pattern| is_like(pattern, text));
        any(one.operations, problem.operation)
            && (one.versions.is_empty() || one.versions.contains(&problem.version))
            && any(one.places, &problem.place)
            && problem.message.starts_with(one.message)
    })
}

/// Compares with a pattern whose `*` stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).any(|cut| text.is_char_boundary(cut) && is_like(rest, &text[cut..]))
        }),
    }
}

#[test]
fn a_star_of_a_pattern_stands_for_any_text() {
    for (pattern, text) in [
        ("*", ""),
        ("a*", "a"),
        ("*.id", "items[].id"),
        ("a*c*", "abcd"),
        ("a", "a"),
    ] {
        assert!(is_like(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a", "ab"), ("a*c", "abx"), ("*.id", "id"), ("", "a")] {
        assert!(!is_like(pattern, text), "{pattern} {text}");
    }
}
