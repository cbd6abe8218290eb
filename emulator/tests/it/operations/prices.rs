//! Prices: their terms, versions and uses.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::{Account, billing_schedules, id, text};

fn product(account: &Account) -> Value {
    account.create(Operation::ProductCreate, &json!({"name": "API"}))
}

pub(crate) fn body(product: &Value, structure: Value) -> Value {
    json!({
        "productId": id(product), "name": "Base", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ARREARS",
        "structure": structure, "integrationIds": [], "customMetricParameters": [],
    })
}

fn fixed() -> Value {
    json!({"pricingType": "FIXED", "price": "10.00"})
}

fn usage_metric(account: &Account) -> String {
    let body =
        json!({"name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "COUNT"});
    id(&account.create(Operation::UsageMetricCreate, &body)).to_owned()
}

fn seat_metric(account: &Account) -> String {
    let body = json!({"seatType": "admin", "label": "Admins"});
    id(&account.create(Operation::SeatMetricCreate, &body)).to_owned()
}

fn graduated(metric: &str, tiers: Value) -> Value {
    json!({"pricingType": "GRADUATED", "usageMetricId": metric, "usageCalculationMode": "BILLING_PERIOD", "tiers": tiers})
}

fn seat_based(metric: &str) -> Value {
    json!({
        "pricingType": "SEAT_BASED", "seatMetricId": metric, "pricePerSeat": "19.90", "prorationStrategy": "USE_MAXIMUM",
        "contractedMinimumSeats": 5, "tiers": [],
    })
}

#[test]
fn prices_of_every_structure_are_answered_as_they_were_sent() {
    let account = Account::new();
    let (product, usage, seats) = (product(&account), usage_metric(&account), seat_metric(&account));
    let tiers = json!([
        {"upperBound": "100", "price": "1", "isPricePercentage": false},
        {"price": "0.50", "fee": "10", "isPricePercentage": false},
    ]);
    let clamped = json!([{"price": "0.01", "isPricePercentage": true, "minPrice": "0.10", "maxPrice": "5"}]);
    for structure in [
        fixed(),
        json!({"pricingType": "ONE_TIME", "price": "-5"}),
        json!({"pricingType": "LINEAR", "usageMetricId": usage, "pricePerUnit": "0.123456789012345678901234", "isPricePercentage": false}),
        json!({"pricingType": "PACKAGE", "usageMetricId": usage, "packageSize": "250", "pricePerPackage": "7"}),
        graduated(&usage, tiers),
        json!({"pricingType": "VOLUME", "usageMetricId": usage, "tiers": clamped}),
        seat_based(&seats),
    ] {
        let created = account.create(Operation::PriceCreate, &body(&product, structure.clone()));
        assert_eq!(created["structure"], structure);
        assert_eq!(text(&created, "status"), "ACTIVE");
        assert_eq!(account.get(Operation::PriceGet, id(&created)), created);
    }
}

#[test]
fn terms_that_cannot_be_billed_are_refused() {
    let account = Account::new();
    let (product, usage, seats) = (product(&account), usage_metric(&account), seat_metric(&account));
    let tier = |bound: Option<&str>, price: &str| {
        let mut tier = json!({"price": price, "isPricePercentage": false});
        if let Some(bound) = bound {
            tier["upperBound"] = bound.into();
        }
        tier
    };
    let with = |mut structure: Value, field: &str, value: Value| {
        structure[field] = value;
        structure
    };
    let linear = |metric: &str, price: &str| json!({"pricingType": "LINEAR", "usageMetricId": metric, "pricePerUnit": price, "isPricePercentage": false});
    let package = |size: &str| json!({"pricingType": "PACKAGE", "usageMetricId": usage, "packageSize": size, "pricePerPackage": "7"});
    for (structure, message, assumed) in [
        (
            linear(&usage, "-1"),
            "body.structure: pricePerUnit must not be negative",
            "",
        ),
        (
            linear("none", "1"),
            "body.structure.usageMetricId: there is no usage metric none",
            "A4",
        ),
        (package("0"), "body.structure: packageSize must be above 0", ""),
        (
            graduated(&usage, json!([])),
            "body.structure: tiers must not be empty",
            "",
        ),
        (
            graduated(&usage, json!([tier(Some("5"), "1")])),
            "body.structure: the last of the tiers must not have an upperBound",
            "",
        ),
        (
            graduated(&usage, json!([tier(None, "1"), tier(None, "1")])),
            "body.structure: tiers[0].upperBound is missing",
            "",
        ),
        (
            graduated(
                &usage,
                json!([tier(Some("5"), "1"), tier(Some("5.0"), "1"), tier(None, "1")]),
            ),
            "body.structure: tiers[1].upperBound must be above",
            "",
        ),
        (
            graduated(&usage, json!([tier(None, "-1")])),
            "body.structure: price must not be negative",
            "",
        ),
        (
            with(seat_based(&seats), "contractedMinimumSeats", json!(-1)),
            "body.structure.contractedMinimumSeats: -1 is negative",
            "",
        ),
        (
            with(
                seat_based(&seats),
                "tiers",
                json!([{"upperBound": "5", "price": "1"}]),
            ),
            "body.structure: the last of the tiers",
            "",
        ),
        (
            seat_based("none"),
            "body.structure.seatMetricId: there is no seat metric none",
            "A4",
        ),
    ] {
        for operation in [Operation::PriceCreate, Operation::ListPriceCreate] {
            let refused = account.refused(operation, &[], "", Some(&body(&product, structure.clone())));
            assert_eq!(
                (refused.status, refused.kind.as_str(), refused.assumed.as_str()),
                (400, "InvalidRequest", assumed),
                "{}",
                refused.message
            );
            assert!(
                refused.message.starts_with(message),
                "{message}: {}",
                refused.message
            );
        }
    }
}

#[test]
fn fields_beside_the_structure_are_checked_too() {
    let account = Account::new();
    let (product, usage) = (product(&account), usage_metric(&account));
    let periodic = || {
        let mut structure = graduated(&usage, json!([{"price": "1", "isPricePercentage": false}]));
        structure["usageCalculationMode"] = "PERIODIC".into();
        body(&product, structure)
    };
    let with = |mut body: Value, field: &str, value: Value| {
        body[field] = value;
        body
    };
    for (body, field, assumed) in [
        (
            with(periodic(), "billingType", json!("IN_ADVANCE")),
            "billingType",
            "",
        ),
        (periodic(), "usageCalculationPeriod", ""),
        (
            with(
                periodic(),
                "usageCalculationPeriod",
                json!({"frequency": "MONTHLY", "interval": 0}),
            ),
            "usageCalculationPeriod.interval",
            "",
        ),
        (
            with(
                body(&product, fixed()),
                "customMetricParameters",
                json!([{"parameterId": "p", "value": "1"}]),
            ),
            "customMetricParameters[0].parameterId",
            "A4",
        ),
        (
            with(body(&product, fixed()), "productId", json!("none")),
            "productId",
            "A4",
        ),
        (
            with(body(&product, fixed()), "listPriceId", json!("none")),
            "listPriceId",
            "A4",
        ),
    ] {
        let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body));
        assert_eq!((refused.status, refused.assumed.as_str()), (400, assumed));
        let starts = refused.message.starts_with(&format!("body.{field}:"));
        assert!(starts, "{field}: {}", refused.message);
    }
    let quarterly = json!({"frequency": "MONTHLY", "interval": 3});
    let created = account.create(
        Operation::PriceCreate,
        &with(periodic(), "usageCalculationPeriod", quarterly.clone()),
    );
    assert_eq!(created["usageCalculationPeriod"], quarterly);
}

#[test]
fn a_deleted_metric_and_an_archived_product_get_no_new_prices() {
    let account = Account::new();
    let (product, usage) = (product(&account), usage_metric(&account));
    account.ok(Operation::UsageMetricDelete, &[("id", &usage)], "", None);
    let linear = json!({"pricingType": "LINEAR", "usageMetricId": usage, "pricePerUnit": "1", "isPricePercentage": false});
    let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body(&product, linear)));
    assert_eq!(refused.assumed, "A4");
    account.ok(Operation::ProductArchive, &[("id", id(&product))], "", None);
    let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body(&product, fixed())));
    assert_eq!((refused.status, refused.kind.as_str()), (400, "IllegalState"));
    assert!(
        refused.message.starts_with("body.productId:"),
        "{}",
        refused.message
    );
}

#[test]
fn metrics_that_prices_refer_to_are_not_deleted() {
    let account = Account::new();
    let (product, usage, seats) = (product(&account), usage_metric(&account), seat_metric(&account));
    let linear = json!({"pricingType": "LINEAR", "usageMetricId": usage, "pricePerUnit": "1", "isPricePercentage": false});
    let price = account.create(Operation::PriceCreate, &body(&product, linear));
    let list_price = account.create(Operation::ListPriceCreate, &body(&product, seat_based(&seats)));
    for (operation, metric, user) in [
        (Operation::UsageMetricDelete, &usage, &price),
        (Operation::SeatMetricDelete, &seats, &list_price),
    ] {
        let refused = account.refused(operation, &[("id", metric)], "", None);
        assert_eq!(
            (refused.status, refused.kind.as_str(), refused.assumed.as_str()),
            (400, "IllegalState", "A5")
        );
        assert!(refused.message.contains(id(user)), "{}", refused.message);
    }
    account.ok(Operation::PriceDelete, &[("id", id(&price))], "", None);
    let customer = account.customer("Acme Ltd", "acme");
    let grant = json!({
        "sequenceAccountId": account.ids(Operation::AccountList, "")[0], "customerId": id(&customer), "name": "Calls",
        "creditUnitType": "METRIC", "metricId": usage, "currency": "GBP", "amount": 100,
    });
    let grant = account.create(Operation::CreditCreate, &grant);
    let refused = account.refused(Operation::UsageMetricDelete, &[("id", &usage)], "", None);
    assert!(refused.message.contains(id(&grant)), "{}", refused.message);
    account.ok(Operation::CreditDelete, &[("id", id(&grant))], "", None);
    account.ok(Operation::UsageMetricDelete, &[("id", &usage)], "", None);
}

#[test]
fn parameters_are_those_of_a_custom_metric() {
    let mut account = Account::new();
    let product = product(&account);
    let metric = json!({
        "id": "custom", "sequenceAccountId": "a", "name": "Score", "metricType": "SIMPLE", "eventType": "call",
        "aggregationType": "CUSTOM", "propertyFilters": {}, "createdAt": "2026-01-01T00:00:00Z",
        "parameters": [{
            "id": "p", "usageMetricId": "custom", "name": "Weight", "type": "NUMBER", "description": "", "defaultValue": "1",
        }],
    });
    account.seed(Kind::UsageMetric, metric);
    let linear = json!({"pricingType": "LINEAR", "usageMetricId": "custom", "pricePerUnit": "1", "isPricePercentage": false});
    let mut body = body(&product, linear);
    body["customMetricParameters"] = json!([{"parameterId": "p", "value": "1.50"}]);
    let created = account.create(Operation::PriceCreate, &body);
    assert_eq!(created["customMetricParameters"], body["customMetricParameters"]);
    body["customMetricParameters"][0]["parameterId"] = "q".into();
    let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body));
    assert_eq!(refused.assumed, "A4");
    account.version = Version::all().next().expect("there are versions");
    body["parameters"] = json!([{"parameterId": "p", "value": "2"}]);
    body["externalIds"] = json!([]);
    let created = account.create(Operation::PriceCreate, &body);
    assert_eq!(created["parameters"], body["parameters"]);
    body["parameters"][0]["parameterId"] = "q".into();
    let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body));
    assert!(
        refused.message.starts_with("body.parameters[0]"),
        "{}",
        refused.message
    );
}

#[test]
fn a_draft_is_approved_and_renamed_and_nothing_else() {
    let account = Account::new();
    let mut body = body(&product(&account), fixed());
    body["status"] = "DRAFT".into();
    let draft = account.create(Operation::PriceCreate, &body);
    assert_eq!(text(&draft, "status"), "DRAFT");
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    let path = [("id", id(&draft))];
    let change =
        json!({"name": "Base 2", "currency": "EUR", "structure": {"pricingType": "FIXED", "price": "1"}});
    let mut expected = draft.clone();
    (expected["name"], expected["updatedAt"]) = ("Base 2".into(), "2026-01-02T12:00:00Z".into());
    let renamed = account.ok(Operation::PriceUpdate, &path, "", Some(&change));
    assert_eq!(renamed, expected);
    let approve = json!({"name": "Base 2", "status": "ACTIVE"});
    let approved = account.ok(Operation::PriceUpdate, &path, "", Some(&approve));
    assert_eq!(text(&approved, "status"), "ACTIVE");
    let unknown = account.refused(Operation::PriceUpdate, &[("id", "x")], "", Some(&approve));
    assert_eq!(unknown.status, 404);
}

#[test]
fn a_used_price_is_renamed_and_neither_deleted_nor_made_a_draft() {
    let account = Account::new();
    let product = product(&account);
    let price = |name: &str| {
        let mut body = body(&product, fixed());
        body["name"] = name.into();
        id(&account.create(Operation::PriceCreate, &body)).to_owned()
    };
    let (scheduled, invoiced, free) = (price("scheduled"), price("invoiced"), price("free"));
    billing_schedules::seed(&account, "schedule", "COMPLETED", &[&scheduled]);
    let customer = account.customer("Acme Ltd", "acme");
    let invoice = json!({
        "customerId": id(&customer), "currency": "GBP", "accountingDate": "2026-01-01", "dueDate": "2026-01-31",
    });
    let invoice = account.create(Operation::InvoiceCreate, &invoice);
    let line = json!({
        "title": "Base", "quantity": "1", "rate": "10", "taxRate": "0", "priceId": invoiced, "index": 0, "externalIds": [],
    });
    account.ok(
        Operation::InvoiceLineItemCreate,
        &[("invoice", id(&invoice))],
        "",
        Some(&line),
    );
    let is_refused = |price: &str, assumed: &str, place: &str| {
        let path = [("id", price)];
        let draft = json!({"name": "x", "status": "DRAFT"});
        for (operation, body) in [
            (Operation::PriceDelete, None),
            (Operation::PriceUpdate, Some(&draft)),
        ] {
            let refused = account.refused(operation, &path, "", body);
            assert_eq!(
                (refused.status, refused.kind.as_str(), refused.assumed.as_str()),
                (400, "IllegalState", assumed)
            );
            assert!(refused.message.contains(place), "{}", refused.message);
        }
        let rename = json!({"name": "Renamed", "status": "ACTIVE"});
        let renamed = account.ok(Operation::PriceUpdate, &path, "", Some(&rename));
        assert_eq!(text(&renamed, "name"), "Renamed");
    };
    is_refused(&scheduled, "A5", "the billing schedule schedule");
    is_refused(&invoiced, "A5", &format!("the invoice {}", id(&invoice)));
    account.ok(Operation::InvoiceFinalize, &[("id", id(&invoice))], "", None);
    is_refused(&invoiced, "A14", &format!("the invoice {}", id(&invoice)));
    account.ok(Operation::PriceDelete, &[("id", &free)], "", None);
    assert_eq!(
        account
            .refused(Operation::PriceGet, &[("id", &free)], "", None)
            .status,
        404
    );
}

#[test]
fn prices_are_filtered() {
    let account = Account::new();
    let (api, other) = (product(&account), product(&account));
    let create = |product: &Value, field: &str, value: &str| {
        let mut body = body(product, fixed());
        body[field] = value.into();
        id(&account.create(Operation::PriceCreate, &body)).to_owned()
    };
    let (euro, named) = (create(&api, "currency", "EUR"), create(&api, "name", "Platform"));
    let yearly = create(&other, "billingFrequency", "YEARLY");
    for (query, expected) in [
        (String::new(), vec![&yearly, &named, &euro]),
        ("sortOrder=ASC".to_owned(), vec![&euro, &named, &yearly]),
        ("currency=EUR".to_owned(), vec![&euro]),
        ("name=Platform".to_owned(), vec![&named]),
        ("name=platform".to_owned(), vec![]),
        ("billingFrequency=YEARLY".to_owned(), vec![&yearly]),
        (format!("productId={}", id(&api)), vec![&named, &euro]),
    ] {
        let found = account.ids(Operation::PriceList, &query);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[test]
fn a_price_of_the_oldest_version_is_readable_in_the_newest() {
    let mut account = Account::new();
    let (product, seats) = (product(&account), seat_metric(&account));
    account.version = Version::all().next().expect("there are versions");
    let old = json!({
        "productId": id(&product), "name": "Seats", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ADVANCE",
        "structure": {
            "pricingType": "SEAT_BASED", "seatTypeId": seats, "includedSeats": 5, "chargeMethod": "CHARGE_OVERAGES",
            "pricePerSeat": "19.90", "prorationStrategy": "USE_MAXIMUM", "tiers": [],
        },
        "externalIds": [{"key": "Xero", "value": "42"}],
    });
    let created = account.create(Operation::PriceCreate, &old);
    assert_eq!(
        (&created["structure"], &created["externalIds"]),
        (&old["structure"], &old["externalIds"])
    );
    assert_eq!(created["parameters"], json!([]));
    for (field, value, status) in [
        ("seatTypeId", json!("none"), 400),
        ("includedSeats", json!(-1), 400),
        ("prorationStrategy", json!("USE_FIRST"), 501),
    ] {
        let mut body = old.clone();
        body["structure"][field] = value;
        let refused = account.refused(Operation::PriceCreate, &[], "", Some(&body));
        assert_eq!(refused.status, status);
        let starts = refused.message.starts_with(&format!("body.structure.{field}:"));
        assert!(starts, "{}", refused.message);
    }
    account.version = Version::LATEST;
    let read = account.get(Operation::PriceGet, id(&created));
    assert_eq!(read["structure"], seat_based(&seats));
    assert_eq!(
        read["integrationIds"],
        json!([{"service": "Xero", "id": "42", "isPending": false}])
    );
    assert_eq!(read["customMetricParameters"], json!([]));
}
