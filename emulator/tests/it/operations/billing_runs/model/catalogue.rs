//! What schedules refer to: prices, metrics and tax rates.

use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Generic, Kind, UsageMetric};
use serde_json::{Value, json};

/// The prices: id, frequency, whether in advance, tax rate in percent, structure.
pub(super) const PRICES: [(&str, &str, bool, i128, &str); 9] = [
    (
        "base",
        "MONTHLY",
        true,
        20,
        r#"{"pricingType": "FIXED", "price": "10.01"}"#,
    ),
    (
        "late",
        "MONTHLY",
        false,
        0,
        r#"{"pricingType": "FIXED", "price": "7.00"}"#,
    ),
    (
        "calls",
        "MONTHLY",
        false,
        20,
        r#"{"pricingType": "LINEAR", "pricePerUnit": "0.0123", "usageMetricId": "metric", "isPricePercentage": false}"#,
    ),
    (
        "tiers",
        "MONTHLY",
        false,
        5,
        r#"{"pricingType": "GRADUATED", "usageMetricId": "metric", "usageCalculationMode": "BILLING_PERIOD", "tiers": [
            {"upperBound": "100", "price": "0.05", "fee": "0", "isPricePercentage": false},
            {"price": "0.01", "fee": "2", "isPricePercentage": false}]}"#,
    ),
    (
        "total",
        "MONTHLY",
        false,
        0,
        r#"{"pricingType": "GRADUATED", "usageMetricId": "metric", "usageCalculationMode": "CUMULATIVE", "tiers": [
            {"upperBound": "100", "price": "0.05", "fee": "0", "isPricePercentage": false},
            {"price": "0.01", "fee": "2", "isPricePercentage": false}]}"#,
    ),
    (
        "quarter",
        "QUARTERLY",
        true,
        0,
        r#"{"pricingType": "FIXED", "price": "50.00"}"#,
    ),
    (
        "season",
        "QUARTERLY",
        false,
        0,
        r#"{"pricingType": "PACKAGE", "packageSize": "30", "pricePerPackage": "1.50", "usageMetricId": "metric"}"#,
    ),
    (
        "setup",
        "MONTHLY",
        true,
        20,
        r#"{"pricingType": "ONE_TIME", "price": "99.00"}"#,
    ),
    (
        "seats",
        "MONTHLY",
        false,
        20,
        r#"{"pricingType": "SEAT_BASED", "seatMetricId": "seats", "pricePerSeat": "3.10", "tiers": [],
            "prorationStrategy": "PRORATE_ALL_CHANGES", "contractedMinimumSeats": 3}"#,
    ),
];

/// Stores the catalogue.
pub(super) fn seed(world: &World) {
    let metric: UsageMetric = serde_json::from_value(json!({
        "id": "metric", "sequenceAccountId": "a", "name": "m", "metricType": "SIMPLE", "eventType": "call",
        "aggregationType": "SUM", "aggregationProperty": "n", "propertyFilters": {}, "parameters": [],
        "createdAt": "2026-01-01T00:00:00Z",
    }))
    .expect("a metric");
    let put = world.control(|tx| {
        tx.put(&metric);
        let mut records = vec![
            (Kind::SeatMetric, json!({"id": "seats", "seatType": "admin"})),
        ];
        for percent in [5, 20] {
            records.push((Kind::TaxRate, json!({"id": format!("rate {percent}"), "amount": percent.to_string()})));
        }
        for (id, frequency, is_in_advance, _, structure) in PRICES {
            let structure: Value = serde_json::from_str(structure).expect("JSON");
            records.push((
                Kind::Price,
                json!({
                    "id": id, "productId": "product", "name": id, "currency": "GBP", "billingFrequency": frequency,
                    "billingType": if is_in_advance { "IN_ADVANCE" } else { "IN_ARREARS" }, "structure": structure,
                    "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z", "integrationIds": [],
                    "customMetricParameters": [],
                }),
            ));
        }
        for (kind, record) in records {
            let record: Generic = serde_json::from_value(record).expect("a map");
            tx.put_generic(kind, &record);
        }
        Ok::<_, ()>(())
    });
    assert_eq!(put, Ok(()));
}
