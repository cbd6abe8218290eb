//! A replayed journal answers like the account that wrote it.

use std::sync::{Arc, Mutex};

use sequencehq_emulator::contract::{OPERATIONS, Operation, Success, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Kind, NotificationPolicy};
use sequencehq_emulator::store::Commit;
use serde_json::{Value, json};

use super::{id, settings};

fn create(world: &World, operation: Operation, body: &Value) -> Value {
    let response = world.call(operation, Version::LATEST, &[], "", Some(body));
    assert_eq!(response.status, 201, "{}", response.json_body());
    response.json_body()
}

/// Something of each kind that is indexed.
fn live(world: &World) {
    let policy = json!({"name": "x", "channel": "WEBHOOK", "recipients": ["http://a.example"], "notificationTypes": ["CUSTOMER_CREATED"]});
    create(world, Operation::NotificationPolicyCreate, &policy);
    let product = create(
        world,
        Operation::ProductCreate,
        &json!({"name": "API", "label": "ü\u{0}\""}),
    );
    let price = json!({
        "productId": id(&product), "name": "Base", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ADVANCE",
        "structure": {"pricingType": "FIXED", "price": "10.00"}, "integrationIds": [], "customMetricParameters": [],
    });
    let price = create(world, Operation::ListPriceCreate, &price);
    world.call(
        Operation::ListPriceArchive,
        Version::LATEST,
        &[("id", id(&price))],
        "",
        None,
    );
    let customer = |name: &str| {
        json!({
            "legalName": name, "taxStatus": "TAXED", "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
            "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
            "customProperties": {"tier": name}, "customerAliases": [format!("{name}-1")],
        })
    };
    let (a, b) = (
        create(world, Operation::CustomerCreate, &customer("a")),
        create(world, Operation::CustomerCreate, &customer("b")),
    );
    create(
        world,
        Operation::CustomerOrganizationCreate,
        &json!({"ownerId": id(&a), "memberIds": [id(&b)]}),
    );
    create(
        world,
        Operation::TaxRegistrationCreate,
        &json!({"taxIdentifier": "1", "country": "GB", "customerId": id(&a)}),
    );
    let event = json!({
        "customerEventId": "e", "customerAlias": "a-1", "eventType": "call", "eventTimestamp": "2026-01-01T00:00:00+01:00",
        "eventProperties": {"n": [1.5, {"b": "ü", "a": null}]},
    });
    for _ in 0..2 {
        create(world, Operation::UsageEventCreate, &event);
    }
    let seats = json!({"customerAlias": "a-1", "seatType": "admin", "eventTimestamp": "2026-01-01T00:00:00Z", "total": 3});
    create(world, Operation::SeatEventCreate, &seats);
    create(
        world,
        Operation::SeatMetricCreate,
        &json!({"seatType": "admin", "label": "Admins"}),
    );
    let metric = json!({
        "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "n",
        "propertyFilters": {"b": [1.5]},
    });
    create(world, Operation::UsageMetricCreate, &metric);
    bill(world, id(&a));
    schedule(world, id(&a), id(&product));
    world
        .advance_to("2026-01-03".parse().expect("a date"))
        .expect("forward");
    let second = create(world, Operation::ProductCreate, &json!({"name": "Seats"}));
    world.call(
        Operation::ProductUpdate,
        Version::LATEST,
        &[("id", id(&second))],
        "",
        Some(&json!({"name": "Seats 2"})),
    );
}

/// An invoice that a credit note settles in part.
fn bill(world: &World, customer: &str) {
    let call = |operation: Operation, path: &[(&'static str, &str)], body: Option<&Value>| {
        let response = world.call(operation, Version::LATEST, path, "", body);
        assert!(response.status < 300, "{}", response.json_body());
    };
    let body = json!({"customerId": customer, "currency": "GBP", "dueDate": "2026-02-01"});
    let invoice = create(world, Operation::InvoiceCreate, &body);
    let mut line = json!({"title": "W", "quantity": "2.50", "rate": "4", "taxRate": "20", "externalIds": []});
    let of_invoice = [("invoice", id(&invoice))];
    let group = json!({"title": "G", "revenueClassification": "EARNED"});
    call(Operation::InvoiceLineItemGroupCreate, &of_invoice, Some(&group));
    call(Operation::InvoiceLineItemCreate, &of_invoice, Some(&line));
    call(Operation::InvoiceFinalizeAndSend, &[("id", id(&invoice))], None);
    let body = json!({"customerId": customer, "currency": "GBP", "invoiceId": id(&invoice)});
    let note = create(world, Operation::CreditNoteCreate, &body);
    line["creditNoteId"] = id(&note).into();
    let of_note = [("creditnote", id(&note))];
    call(
        Operation::CreditNoteLineItemGroupCreate,
        &of_note,
        Some(&json!({"title": "G"})),
    );
    call(Operation::CreditNoteLineItemCreate, &of_note, Some(&line));
    call(Operation::CreditNoteFinalizeAndSend, &[("id", id(&note))], None);
    let body = json!({
        "creditNoteId": id(&note), "invoiceId": id(&invoice), "amount": 5, "currency": "GBP",
        "creditNoteBalanceVersion": 1, "invoiceBalanceVersion": 1,
    });
    call(Operation::CreditNoteApplicationCreate, &[], Some(&body));
}

/// A schedule that the clock starts, with everything that belongs to it.
fn schedule(world: &World, customer: &str, product: &str) {
    let price = json!({
        "productId": product, "name": "Base", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ADVANCE",
        "structure": {"pricingType": "FIXED", "price": "10.00"},
    });
    let price = create(world, Operation::PriceCreate, &price);
    let rate = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": "0.2", "country": "GB",
    });
    let rate = create(world, Operation::TaxRateCreate, &rate);
    let grant = json!({
        "name": "Free", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 20.5, "taxRateId": id(&rate),
        "grantRefreshFrequency": "MONTHLY", "rolloverMode": "NONE",
    });
    let schedule = json!({
        "customerId": customer, "startDate": "2026-01-02", "taxRates": [{"priceId": id(&price), "taxRateId": id(&rate)}],
        "autoIssueInvoices": false, "isDraft": false, "rollUpBilling": false, "paymentProvider": "STRIPE",
        "customFields": {"region": "north"},
        "phases": [{
            "priceIds": [id(&price)], "startDate": "2026-01-02", "minimums": [{"amount": 5.25}], "creditGrants": [grant],
            "discounts": [{"type": "PERCENTAGE", "amount": 12.5, "message": "off", "separateLineItem": true}],
        }],
    });
    create(world, Operation::BillingScheduleCreate, &schedule);
}

#[test]
fn a_replayed_journal_answers_byte_by_byte() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let world = World::recorded(
        settings(),
        Box::new(move |commit| sink.lock().expect("no panic").push(commit.to_line())),
    );
    live(&world);
    let lines = std::mem::take(&mut *lines.lock().expect("no panic"));
    let commits: Vec<Commit> = lines
        .iter()
        .map(|line| Commit::from_line(line).expect("a commit"))
        .collect();
    let replayed = World::replayed(settings(), &commits).expect("records");
    let dump = |world: &World| world.store().read(|state| state.dump());
    assert_eq!(dump(&replayed), dump(&world));

    let is_list =
        |operation: &Operation| operation.id().ends_with("_list") && operation.data().path.is_empty();
    for operation in OPERATIONS.into_iter().filter(is_list) {
        for query in [
            "",
            "limit=1",
            "includeArchived=true",
            "alias=a-1",
            "value=b-1",
            "notificationType=INVOICE_CREATED",
            "sortBy=GROSS_TOTAL&sentAfter=2025-12-31",
            "billingScheduleStatus=ACTIVE&sortBy=customFields.region",
            "customerAlias=a-1&eventTimestampBefore=2026-01-01T00:00:00Z",
        ] {
            let answer = |world: &World| world.call(operation, Version::LATEST, &[], query, None);
            assert_eq!(answer(&replayed), answer(&world), "{} {query}", operation.id());
        }
        assert!(matches!(operation.data().success, Success::Json(_)));
    }
    // Both assign the same ids from here on.
    let body = json!({"name": "Next"});
    assert_eq!(
        create(&replayed, Operation::ProductCreate, &body),
        create(&world, Operation::ProductCreate, &body)
    );
}

#[test]
fn a_restored_account_is_the_same_live_and_replayed() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let world = World::recorded(
        settings(),
        Box::new(move |commit| sink.lock().expect("no panic").push(commit.to_line())),
    );
    let dump = |world: &World| world.store().read(|state| state.dump());
    live(&world);
    let (whole, before) = (world.store().whole(), dump(&world));
    let next = create(&world, Operation::ProductCreate, &json!({"name": "Next"}));
    world
        .advance_to("2026-02-01".parse().expect("a date"))
        .expect("forward");
    world.store().restore(&whole).expect("records");
    assert_eq!(dump(&world), before);
    assert_eq!(
        create(&world, Operation::ProductCreate, &json!({"name": "Next"})),
        next,
        "ids repeat"
    );
    let lines = std::mem::take(&mut *lines.lock().expect("no panic"));
    let commits: Vec<Commit> = lines
        .iter()
        .map(|line| Commit::from_line(line).expect("a commit"))
        .collect();
    let replayed = World::replayed(settings(), &commits).expect("records");
    assert_eq!(dump(&replayed), dump(&world));
    let page = |world: &World| world.call(Operation::InvoiceList, Version::LATEST, &[], "limit=1", None);
    assert_eq!(page(&replayed), page(&world));
}

#[test]
fn no_secret_is_in_the_debug_output_of_a_record() {
    let commits = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&commits);
    let world = World::recorded(
        settings(),
        Box::new(move |commit| sink.lock().expect("no panic").push(commit.clone())),
    );
    let policy = json!({"name": "x", "channel": "WEBHOOK", "recipients": ["http://a.example"], "webhookSecret": "hush"});
    let policy = create(&world, Operation::NotificationPolicyCreate, &policy);
    let (record, row) = world.store().read(|state| {
        (
            format!(
                "{:?}",
                state.get::<NotificationPolicy>(id(&policy)).expect("a policy")
            ),
            format!(
                "{:?}",
                state.row(Kind::NotificationPolicy, id(&policy)).expect("a row")
            ),
        )
    });
    for shown in [record, row, format!("{:?}", commits.lock().expect("no panic"))] {
        assert!(shown.contains(id(&policy)) && !shown.contains("hush"), "{shown}");
    }
}
