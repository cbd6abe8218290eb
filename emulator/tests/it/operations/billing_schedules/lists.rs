//! The list of schedules and its filters.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::json;

use super::super::{Account, id};
use super::{Story, customer};

#[test]
fn schedules_are_filtered() {
    let story = Story::new();
    let account = &story.account;
    let beta = customer(account, "Beta");
    let one = story.create(|body| {
        body["label"] = "main".into();
        body["endDate"] = "2026-06-30".into();
    });
    let two = story.create(|body| {
        body["customerId"] = beta.as_str().into();
        body["autoIssueInvoices"] = true.into();
        body["startDate"] = "2026-03-15".into();
        body["phases"][0]["endDate"] = "2026-12-31".into();
    });
    let three = story.create(|body| {
        body["isDraft"] = true.into();
        body["recurrenceDayOfMonth"] = 28.into();
    });
    let archived = story.create(|_| {});
    story.on(Operation::BillingScheduleArchive, &archived, None);

    let ids = |query: &str| account.ids(Operation::BillingScheduleList, query);
    let (one, two, three, archived) = (id(&one), id(&two), id(&three), id(&archived));
    assert_eq!(ids(""), [three, two, one]);
    assert_eq!(ids("sortOrder=ASC"), [one, two, three]);
    assert_eq!(ids("includeArchivedSchedules=true"), [archived, three, two, one]);
    for (query, expected) in [
        (format!("customerId={beta}"), vec![two]),
        ("billingScheduleStatus=DRAFT".to_owned(), vec![three]),
        ("billingScheduleStatus=PENDING".to_owned(), vec![two]),
        ("autoSendInvoices=true".to_owned(), vec![two]),
        ("autoSendInvoices=false".to_owned(), vec![three, one]),
        ("label=main".to_owned(), vec![one]),
        ("label=mai".to_owned(), vec![]),
        ("startingBefore=2026-03-15".to_owned(), vec![three, one]),
        ("startingAfter=2026-01-01".to_owned(), vec![two]),
        ("endingBefore=2026-12-31".to_owned(), vec![one]),
        ("endingAfter=2026-06-30".to_owned(), vec![two]),
        (
            "endingAfter=2026-06-30&includeOpenEndedSchedules=true".to_owned(),
            vec![three, two],
        ),
        (
            "endingAfter=2026-06-29&endingBefore=2026-07-01".to_owned(),
            vec![one],
        ),
        ("includeOpenEndedSchedules=false".to_owned(), vec![two, one]),
        ("includeOpenEndedSchedules=true".to_owned(), vec![three, two, one]),
        ("recurrenceDayOfMonth=1".to_owned(), vec![one]),
        ("recurrenceDayOfMonth=15,28".to_owned(), vec![three, two]),
    ] {
        assert_eq!(ids(&query), expected, "{query}");
    }
    for query in ["recurrenceDayOfMonth=0", "recurrenceDayOfMonth=1,32"] {
        let refused = account.refused(Operation::BillingScheduleList, &[], query, None);
        assert!(
            refused.message.starts_with("query.recurrenceDayOfMonth:"),
            "{}",
            refused.message
        );
    }
}

#[test]
fn schedules_are_sorted_by_a_custom_field() {
    let story = Story::new();
    let create = |rank: Option<&str>| {
        let created = story.create(|body| {
            if let Some(rank) = rank {
                body["customFields"] = json!({"rank": rank, "team": "blue"});
            }
        });
        id(&created).to_owned()
    };
    let (b, none, a) = (create(Some("b")), create(None), create(Some("a")));
    let ids = |query: &str| story.account.ids(Operation::BillingScheduleList, query);
    assert_eq!(ids("sortBy=customFields.rank&sortOrder=ASC"), [&*a, &*b, &*none]);
    assert_eq!(ids("sortBy=customFields.rank"), [&*b, &*a, &*none]);
    let response = story.account.call(
        Operation::BillingScheduleList,
        &[],
        "sortBy=customFields.rank",
        None,
    );
    assert_eq!(response.assumed.to_string(), "A7");
    let keys = story
        .account
        .ok(Operation::BillingScheduleCustomFieldKeyList, &[], "", None);
    assert_eq!(keys, json!({"items": ["rank", "team"]}));
}

#[test]
fn older_versions_list_schedules_without_new_filters() {
    let version = Version::parse("2024-05-09").expect("a version");
    let story = Story::of(Account::in_version(version));
    let created = story.create(|_| {});
    let ids = story.account.ids(Operation::BillingScheduleList, "");
    assert_eq!(ids, [id(&created)]);
    let query = "startingAfter=2026-01-01";
    let refused = story
        .account
        .refused(Operation::BillingScheduleList, &[], query, None);
    assert_eq!(refused.status, 400);
}
