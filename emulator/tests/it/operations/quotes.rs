//! Quotes: the list, the views, and the way from draft to execution.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::Content;
use sequencehq_emulator::records::{Delivery, Kind, Quote, QuoteStatus};
use serde_json::{Value, json};

use super::{Account, billing_schedules, text};

fn quote(account: &Account, change: impl FnOnce(&mut Quote)) -> String {
    let put = account.world.control(|tx| {
        let mut quote = Quote {
            id: tx.new_id(),
            quote_number: format!("Q-{}", tx.next_number("quote")),
            title: Some("Renewal of Acme".to_owned()),
            status: QuoteStatus::Draft,
            created_by: "ada".to_owned(),
            customer_id: Some("acme".to_owned()),
            currency: None,
            deal_type: None,
            preliminary_billing_start_date: None,
            expiry_days: Some(30),
            expires_at: None,
            published_at: None,
            accepted_at: None,
            executed_at: None,
            billing_schedule_id: Some("schedule".to_owned()),
            has_active_approval_workflow: false,
            created_at: tx.now_text(),
            updated_at: tx.now_text(),
            archived_at: None,
        };
        change(&mut quote);
        tx.put(&quote);
        Ok::<_, ()>(quote.id)
    });
    put.expect("nothing refuses it")
}

fn only(account: &Account) -> Value {
    let page = account.ok(Operation::QuoteList, &[], "", None);
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    page["items"][0].clone()
}

const WAY: [QuoteStatus; 5] = [
    QuoteStatus::Published,
    QuoteStatus::PreparingSignatureRequest,
    QuoteStatus::ReadyToSign,
    QuoteStatus::Accepted,
    QuoteStatus::Executed,
];

#[test]
fn a_quote_goes_from_draft_to_execution_and_is_announced() {
    let account = Account::new();
    account.watch();
    billing_schedules::seed(&account, "schedule", "DRAFT", &[]);
    let quote = quote(&account, |_| {});
    let draft = only(&account);
    assert_eq!((text(&draft, "status"), draft.get("expiresAt")), ("DRAFT", None));
    for (day, status) in (2..).zip(WAY) {
        let date = format!("2026-01-0{day}").parse().expect("a date");
        account.world.advance_to(date).expect("forward");
        assert_eq!(account.world.move_quote(&quote, status), Ok(()));
        let moved = only(&account);
        assert_eq!(text(&moved, "status"), status.name());
        assert_eq!(text(&moved, "updatedAt"), format!("2026-01-0{day}T12:00:00Z"));
        let is_executed = status == QuoteStatus::Executed;
        assert_eq!(moved.get("billingScheduleId").is_some(), is_executed);
    }
    let executed = only(&account);
    for (field, value) in [
        ("publishedAt", "2026-01-02T12:00:00Z"),
        ("expiresAt", "2026-02-01"),
        ("acceptedAt", "2026-01-05T12:00:00Z"),
        ("executedAt", "2026-01-06T12:00:00Z"),
        ("billingScheduleId", "schedule"),
    ] {
        assert_eq!(text(&executed, field), value);
    }
    let types = ["QUOTE_PUBLISHED", "QUOTE_ACCEPTED", "QUOTE_SIGNED"];
    assert_eq!(
        account.announced(),
        types.map(|one| (one.to_owned(), quote.clone()))
    );
    let last = account
        .world
        .store()
        .read(|state| state.all::<Delivery>())
        .remove(2);
    let body: Value = serde_json::from_str(&last.body).expect("JSON");
    assert_eq!(body["resource"], executed);
    assert_eq!(text(&body, "resourceType"), "QuoteResponse");
}

#[test]
fn a_quote_neither_skips_a_status_nor_goes_back() {
    let account = Account::new();
    let id = quote(&account, |_| {});
    let refused = |status| {
        account
            .world
            .move_quote(&id, status)
            .expect_err("refused")
            .message
    };
    assert_eq!(
        refused(QuoteStatus::Accepted),
        format!("The quote {id} is DRAFT. The next status is PUBLISHED, not ACCEPTED.")
    );
    assert_eq!(account.world.move_quote(&id, QuoteStatus::Published), Ok(()));
    for status in [QuoteStatus::Draft, QuoteStatus::Published] {
        assert!(refused(status).contains("is PUBLISHED"), "{}", refused(status));
    }
    for status in &WAY[1..4] {
        assert_eq!(account.world.move_quote(&id, *status), Ok(()));
    }
    let message = refused(QuoteStatus::Executed);
    assert!(message.contains("billingScheduleId"), "{message}");
    billing_schedules::seed(&account, "schedule", "DRAFT", &[]);
    assert_eq!(account.world.move_quote(&id, QuoteStatus::Executed), Ok(()));
    assert!(
        refused(QuoteStatus::Executed).contains("last status"),
        "{}",
        refused(QuoteStatus::Executed)
    );
}

#[test]
fn only_a_known_quote_that_is_not_archived_is_moved() {
    let account = Account::new();
    let archived = quote(&account, |quote| {
        quote.archived_at = Some(quote.created_at.clone())
    });
    let refused = account.world.move_quote(&archived, QuoteStatus::Published);
    assert_eq!(
        refused
            .as_ref()
            .map_err(|problem| (problem.status, problem.message.contains("archived"))),
        Err((400, true))
    );
    let refused = account.world.move_quote("unknown", QuoteStatus::Published);
    assert_eq!(refused.map_err(|problem| problem.status), Err(404));
}

#[test]
fn a_quote_is_open_on_its_last_day_and_expired_after_it() {
    let account = Account::new();
    let id = quote(&account, |quote| quote.expiry_days = Some(2));
    assert_eq!(account.world.move_quote(&id, QuoteStatus::Published), Ok(()));
    for (date, is_expired) in [("2026-01-03", false), ("2026-01-04", true)] {
        let date = date.parse().expect("a date");
        account.world.advance_to(date).expect("forward");
        assert_eq!(only(&account)["isExpired"], is_expired, "{date}");
    }
    assert_eq!(text(&only(&account), "status"), "PUBLISHED");
}

#[test]
fn a_quote_without_a_term_does_not_expire() {
    let account = Account::new();
    let id = quote(&account, |quote| quote.expiry_days = None);
    assert_eq!(account.world.move_quote(&id, QuoteStatus::Published), Ok(()));
    let published = only(&account);
    assert_eq!(
        (published.get("expiresAt"), &published["isExpired"]),
        (None, &json!(false))
    );
}

#[test]
fn quotes_are_filtered_and_sorted() {
    let account = Account::new();
    let one = quote(&account, |quote| {
        quote.accepted_at = Some("2025-12-31T23:59:59.5Z".to_owned());
        quote.status = QuoteStatus::Accepted;
    });
    let two = quote(&account, |quote| {
        quote.title = Some("New: Beta".to_owned());
        quote.created_by = "bob".to_owned();
        quote.customer_id = Some("beta".to_owned());
        quote.has_active_approval_workflow = true;
    });
    let three = quote(&account, |quote| {
        quote.title = None;
        quote.accepted_at = Some("2026-01-01T00:00:00Z".to_owned());
        quote.created_by = "cem".to_owned();
    });
    let archived = quote(&account, |quote| {
        quote.archived_at = Some(quote.created_at.clone())
    });
    let ids = |query: &str| account.ids(Operation::QuoteList, query);
    assert_eq!(ids(""), [&*three, &*two, &*one]);
    assert_eq!(ids("sortOrder=ASC"), [&*one, &*two, &*three]);
    assert_eq!(ids("sortBy=acceptedAt"), [&*three, &*one, &*two]);
    assert_eq!(ids("sortBy=acceptedAt&sortOrder=ASC"), [&*one, &*three, &*two]);
    assert_eq!(ids("includeArchived=true").len(), 4);
    assert_eq!(ids("includeArchived=true&sortOrder=ASC")[3], archived);
    assert_eq!(ids("customerId=beta"), [&*two]);
    assert_eq!(ids("status=ACCEPTED"), [&*one]);
    assert_eq!(ids("createdBy=bob,cem"), [&*three, &*two]);
    assert_eq!(ids("title=ACME"), [&*one]);
    assert_eq!(ids("title=new%3A+b"), [&*two]);
    assert_eq!(ids("hasActiveApprovalWorkflow=true"), [&*two]);
    assert_eq!(ids("hasActiveApprovalWorkflow=false"), [&*three, &*one]);
    assert!(ids("status=PUBLISHED").is_empty());
    let response = account.call(Operation::QuoteList, &[], "status=ACCEPTED,DRAFT", None);
    assert_eq!(response.assumed.to_string(), "A2, A6");
    assert_eq!(response.json_body()["pagination"]["totalResultSize"], 3);
}

#[test]
fn views_are_those_that_were_seeded() {
    let account = Account::new();
    let (one, two) = (quote(&account, |_| {}), quote(&account, |_| {}));
    let views = json!({
        "id": two, "totalViews": 3,
        "uniqueViewers": [{"visitorIdentifier": "v1", "lastViewedAt": "2026-01-01T00:00:00Z", "loginType": "SEQUENCE_USER"}],
        "viewsByDay": [{"date": "2026-01-01", "totalViews": 3}],
    });
    account.seed(Kind::QuoteAnalytics, views);
    let response = account.call(Operation::QuoteAnalytics, &[("id", &one)], "", None);
    assert_eq!(
        (&response.json_body()["totalViews"], response.assumed.to_string()),
        (&json!(0), "A1".to_owned())
    );
    let seeded = account.get(Operation::QuoteAnalytics, &two);
    assert_eq!((&seeded["totalViews"], seeded.get("id")), (&json!(3), None));
    let refused = account.refused(Operation::QuoteAnalytics, &[("id", "unknown")], "", None);
    assert_eq!(refused.status, 404);
}

#[test]
fn a_published_quote_has_a_pdf_and_a_draft_has_none() {
    let account = Account::new();
    let quote = quote(&account, |quote| quote.currency = Some("EUR".to_owned()));
    let path = [("id", quote.as_str())];
    let refused = account.refused(Operation::QuoteDownload, &path, "", None);
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A1"));
    account
        .world
        .move_quote(&quote, QuoteStatus::Published)
        .expect("the next status");
    let response = account.call(Operation::QuoteDownload, &path, "", None);
    let Content::Pdf { file_name, bytes } = response.content else {
        panic!("{:?}", response.content);
    };
    assert_eq!(file_name, "Q-1.pdf");
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    for part in ["(Quote)", "(Q-1)", "(Renewal of Acme)", "(2026-01-31)", "(EUR)"] {
        assert!(text.contains(part), "{part}");
    }
    let unknown = account.refused(Operation::QuoteDownload, &[("id", "x")], "", None);
    assert_eq!(unknown.status, 404);
}
