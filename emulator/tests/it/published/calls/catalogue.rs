//! Products, prices of every structure, metrics, and taxes.

use sequencehq_emulator::contract::{Operation as Op, Version};
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::Ids;

pub(super) fn make(stage: &mut Stage, account: String, customer: String, other: String) -> Ids {
    let product = stage.new_id(Op::ProductCreate, json!({"name": "Platform", "label": "main"}));
    stage.on(Op::ProductGet, &product);
    stage.put(Op::ProductUpdate, &product, json!({"name": "Platform 2"}));
    stage.list(Op::ProductList);
    let usage_metric = metrics(stage);
    let seat_metric = stage.new_id(
        Op::SeatMetricCreate,
        json!({"seatType": "admin", "label": "Admins"}),
    );
    stage.on(Op::SeatMetricGet, &seat_metric);
    stage.put(
        Op::SeatMetricUpdate,
        &seat_metric,
        json!({"label": "Administrators"}),
    );
    stage.list(Op::SeatMetricList);
    let tax_rate = taxes(stage, &customer, &account);
    let mut ids = Ids {
        account,
        customer,
        other,
        product,
        usage_metric,
        seat_metric,
        tax_rate,
        prices: Vec::new(),
    };
    for (place, structure) in structures(stage.version, &ids).into_iter().enumerate() {
        // Fees come in advance.
        let billing_type = if place == 0 { "IN_ADVANCE" } else { "IN_ARREARS" };
        let price = stage.new_id(Op::PriceCreate, price(&ids.product, structure, billing_type));
        stage.on(Op::PriceGet, &price);
        ids.prices.push(price);
    }
    let name = json!({"name": "Renamed", "status": "ACTIVE"});
    stage.put(Op::PriceUpdate, &ids.prices[0], name);
    stage.list(Op::PriceList);
    for structure in structures(Version::LATEST, &ids) {
        let body = price(&ids.product, structure, "IN_ARREARS");
        let list_price = stage.new_id(Op::ListPriceCreate, body.clone());
        stage.on(Op::ListPriceGet, &list_price);
        stage.put(Op::ListPriceUpdate, &list_price, body);
        stage.list(Op::ListPriceList);
        stage.on(Op::ListPriceArchive, &list_price);
    }
    ids
}

fn price(product: &str, structure: Value, billing_type: &str) -> Value {
    json!({
        "productId": product, "name": "Price", "currency": "GBP", "billingFrequency": "MONTHLY",
        "billingType": billing_type, "structure": structure, "integrationIds": [{"service": "Xero", "id": "42"}],
        "customMetricParameters": [], "externalIds": [{"key": "Xero", "value": "42"}],
    })
}

/// One of each structure, the fee first, as a version writes prices.
fn structures(version: Version, ids: &Ids) -> Vec<Value> {
    let metric = &ids.usage_metric;
    let tiers = json!([
        {"upperBound": "100", "price": "1", "fee": "2", "isPricePercentage": false},
        {"price": "0.50", "fee": "10", "isPricePercentage": false},
    ]);
    let clamped = json!([{"price": "0.01", "isPricePercentage": true, "minPrice": "0.10", "maxPrice": "5"}]);
    let mut seats = json!({
        "pricingType": "SEAT_BASED", "pricePerSeat": "19.90", "prorationStrategy": "USE_MAXIMUM",
        "tiers": [{"upperBound": "5", "price": "9", "fee": "1"}, {"price": "8"}],
    });
    let changes = match version.name() {
        "2024-01-01" => {
            json!({"seatTypeId": ids.seat_metric, "includedSeats": 5, "chargeMethod": "CHARGE_OVERAGES"})
        }
        _ => json!({"seatMetricId": ids.seat_metric, "contractedMinimumSeats": 5}),
    };
    for (name, value) in changes.as_object().into_iter().flatten() {
        seats[name] = value.clone();
    }
    vec![
        json!({"pricingType": "FIXED", "price": "10.00"}),
        json!({"pricingType": "ONE_TIME", "price": "5"}),
        json!({"pricingType": "LINEAR", "usageMetricId": metric, "pricePerUnit": "0.5", "isPricePercentage": false}),
        json!({"pricingType": "PACKAGE", "usageMetricId": metric, "packageSize": "250", "pricePerPackage": "7"}),
        json!({
            "pricingType": "GRADUATED", "usageMetricId": metric, "usageCalculationMode": "BILLING_PERIOD", "tiers": tiers,
        }),
        json!({"pricingType": "VOLUME", "usageMetricId": metric, "tiers": clamped}),
        seats,
    ]
}

/// Returns the id of a metric.
fn metrics(stage: &mut Stage) -> String {
    let body = json!({
        "name": "Calls", "description": "All calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM",
        "aggregationProperty": "count", "unit": "calls", "propertyFilters": {"region": ["north", "south"]},
        "caseSensitive": true, "propertiesToNegate": ["region"],
    });
    let unused = stage.new_id(Op::UsageMetricCreate, body.clone());
    stage.put(Op::UsageMetricUpdate, &unused, body);
    stage.on(Op::UsageMetricDelete, &unused);
    let body = json!({
        "name": "Count", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "count",
    });
    let metric = stage.new_id(Op::UsageMetricCreate, body);
    stage.on(Op::UsageMetricGet, &metric);
    stage.list(Op::UsageMetricList);
    metric
}

/// Returns the id of a tax rate.
fn taxes(stage: &mut Stage, customer: &str, account: &str) -> String {
    let body = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": "0.2", "country": "GB",
        "description": "standard",
    });
    let [tax_rate, archived, deleted] = [(); 3].map(|()| stage.new_id(Op::TaxRateCreate, body.clone()));
    let mut update = body;
    update["id"] = archived.as_str().into();
    stage.put(Op::TaxRateUpdate, &archived, update);
    stage.on(Op::TaxRateGet, &tax_rate);
    stage.list(Op::TaxRateList);
    stage.on(Op::TaxRateArchive, &archived);
    stage.on(Op::TaxRateDelete, &deleted);

    let body = json!({"taxIdentifier": "GB1", "country": "GB", "customerId": customer});
    let registration = stage.new_id(Op::TaxRegistrationCreate, body.clone());
    stage.new_id(
        Op::TaxRegistrationCreate,
        json!({"taxIdentifier": "GB2", "country": "GB"}),
    );
    stage.on(Op::TaxRegistrationGet, &registration);
    stage.put(Op::TaxRegistrationUpdate, &registration, body);
    stage.list(Op::TaxRegistrationList);
    stage.on(Op::TaxRegistrationListForCustomer, customer);
    stage.on(Op::TaxRegistrationListForMerchant, account);
    stage.on(Op::TaxRegistrationDelete, &registration);
    tax_rate
}

/// What can be removed at the end.
pub(super) fn remove(stage: &mut Stage, ids: &Ids) {
    let product = stage.new_id(Op::ProductCreate, json!({"name": "Unused"}));
    let structure = json!({"pricingType": "FIXED", "price": "10.00"});
    let price = stage.new_id(Op::PriceCreate, price(&product, structure, "IN_ADVANCE"));
    stage.on(Op::PriceDelete, &price);
    stage.on(Op::ProductArchive, &product);
    let metric = stage.new_id(
        Op::SeatMetricCreate,
        json!({"seatType": "guest", "label": "Guests"}),
    );
    stage.on(Op::SeatMetricDelete, &metric);
    stage.on(Op::ProductGet, &ids.product);
}
