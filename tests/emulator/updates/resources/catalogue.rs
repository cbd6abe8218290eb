//! Products, prices, metrics and taxes.

use serde_json::json;

use super::super::stage::Stage;
use super::customers::customer;
use super::{Ids, Resource, id};

pub async fn make(stage: &Stage<'_>, all: &mut Vec<Resource>) -> Ids {
    let product = json!({"name": "Platform", "label": "main"});
    let product = stage.create("product_create", &[], product).await;
    all.push(Resource::new(
        "product_update",
        &product,
        "/name",
        json!("Engine"),
    ));
    let seats = json!({"seatType": "admin", "label": "Admins", "description": "All of them"});
    let seats = stage.create("seat_metric_create", &[], seats).await;
    all.push(Resource::new(
        "seat_metric_update",
        &seats,
        "/label",
        json!("Chiefs"),
    ));
    let metric = metric(stage, all).await;
    let customer = id(&customer(stage, "Acme").await);
    let tax_rate = taxes(stage, &customer, all).await;
    let price = prices(stage, &id(&product), &metric, all).await;
    Ids {
        customer,
        price,
        tax_rate,
    }
}

/// Returns the id of a metric.
async fn metric(stage: &Stage<'_>, all: &mut Vec<Resource>) -> String {
    let body = json!({
        "name": "Calls", "description": "All calls", "metricType": "SIMPLE", "eventType": "call",
        "aggregationType": "SUM", "aggregationProperty": "count", "unit": "calls", "caseSensitive": true,
        "propertyFilters": {"region": ["north", "south"]}, "propertiesToNegate": ["region"],
    });
    let metric = stage.create("usage_metric_create", &[], body).await;
    let (field, value) = ("/propertyFilters/region", json!(["west"]));
    all.push(Resource::new("usage_metric_update", &metric, field, value));
    id(&metric)
}

/// Returns the id of a price.
async fn prices(stage: &Stage<'_>, product: &str, metric: &str, all: &mut Vec<Resource>) -> String {
    let mut price = json!({
        "productId": product, "name": "Price", "currency": "GBP", "billingFrequency": "MONTHLY",
        "billingType": "IN_ARREARS", "integrationIds": [{"service": "Xero", "id": "42"}], "customMetricParameters": [],
        "structure": {
            "pricingType": "GRADUATED", "usageMetricId": metric, "usageCalculationMode": "BILLING_PERIOD",
            "tiers": [
                {"upperBound": "100", "price": "1.000000000000000000000000001", "fee": "2", "isPricePercentage": false},
                {"price": "0.50", "fee": "10", "isPricePercentage": false},
            ],
        },
    });
    let list_price = stage.create("list_price_create", &[], price.clone()).await;
    let (field, value) = ("/structure/tiers/1/price", json!("0.40"));
    all.push(Resource::new("list_price_update", &list_price, field, value));
    price["structure"] = json!({"pricingType": "FIXED", "price": "10.00"});
    price["billingType"] = "IN_ADVANCE".into();
    price["externalIds"] = json!([]);
    let price = stage.create("price_create", &[], price).await;
    all.push(Resource::new("price_update", &price, "/name", json!("Fee")));
    id(&price)
}

/// Returns the id of a tax rate.
async fn taxes(stage: &Stage<'_>, customer: &str, all: &mut Vec<Resource>) -> String {
    let body = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": "0.2",
        "country": "GB", "description": "standard",
    });
    let tax_rate = stage.create("tax_rate_create", &[], body).await;
    let tax = Resource::new("tax_rate_update", &tax_rate, "/invoiceName", json!("Tax"));
    // Each update makes a version of the rate.
    all.push(tax.making_anew(&["version", "versionId"]));
    let body = json!({"taxIdentifier": "GB1", "country": "GB", "customerId": customer});
    let registration = stage.create("tax_registration_create", &[], body).await;
    let (field, value) = ("/taxIdentifier", json!("GB2"));
    all.push(Resource::new(
        "tax_registration_update",
        &registration,
        field,
        value,
    ));
    id(&tax_rate)
}
