//! Billing runs: the periods of schedules and their invoices.

mod amounts;
mod changes;
mod credit;
mod former;
mod independent;
mod model;
mod periods;
mod recalculation;
mod together;
mod usage;

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::billing_schedules::{Story, tax_rate};
use super::{id, text};

impl Story {
    /// All invoices, oldest first.
    #[track_caller]
    pub(crate) fn invoices(&self) -> Vec<Value> {
        let page = self
            .account
            .ok(Operation::InvoiceList, &[], "limit=100&sortOrder=ASC", None);
        page["items"].as_array().cloned().expect("items")
    }

    /// Each invoice as its status, accounting date and net total, oldest first.
    #[track_caller]
    pub(crate) fn billed(&self) -> Vec<String> {
        let invoices = self.invoices().into_iter();
        let shown = invoices.map(|invoice| {
            let [status, date, net] =
                ["status", "accountingDate", "netTotal"].map(|name| text(&invoice, name).to_owned());
            format!("{status} {date} {net}")
        });
        shown.collect()
    }

    /// The lines of an invoice, as title, description, quantity, rate, net total and days.
    #[track_caller]
    pub(crate) fn lines(&self, invoice: &Value) -> Vec<String> {
        let path = [("invoice", id(invoice))];
        let page = self.account.ok(
            Operation::InvoiceLineItemList,
            &path,
            "limit=100&sortOrder=ASC",
            None,
        );
        let lines = page["items"].as_array().expect("items").iter();
        let shown = lines.map(|line| {
            let description = line["description"].as_str().map(|text| format!(" ({text})"));
            let days = line.get("servicePeriod").map(|period| {
                let day = |name| &text(period, name)[5..];
                format!(", {} to {}", day("startDate"), day("endDate"))
            });
            format!(
                "{}{}: {} × {} = {}{}",
                text(line, "title"),
                description.unwrap_or_default(),
                text(line, "quantity"),
                text(line, "rate"),
                text(line, "netTotal"),
                days.unwrap_or_default()
            )
        });
        shown.collect()
    }

    /// The newest invoice.
    #[track_caller]
    pub(crate) fn newest(&self) -> Value {
        self.invoices().pop().expect("an invoice")
    }

    /// Reports usage of the customer.
    pub(crate) fn use_calls(&self, at: &str, properties: Value) -> Value {
        let event = json!({
            "customerAlias": self.customer, "eventType": "call", "eventTimestamp": at, "eventProperties": properties,
        });
        self.account.create(Operation::UsageEventCreate, &event)
    }

    /// Reports seats of the customer.
    pub(crate) fn set_seats(&self, at: &str, total: u64) {
        let event = json!({"customerAlias": self.customer, "seatType": "admin", "eventTimestamp": at, "total": total});
        self.account.create(Operation::SeatEventCreate, &event);
    }

    /// Creates a metric of events of the type `call`.
    pub(crate) fn metric(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut metric = json!({
            "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM",
            "aggregationProperty": "n", "propertyFilters": {},
        });
        change(&mut metric);
        id(&self.account.create(Operation::UsageMetricCreate, &metric)).to_owned()
    }

    /// Stores a price in arrears with this structure.
    pub(crate) fn arrears(&self, name: &str, structure: Value) {
        self.price(name, |price| {
            price["billingType"] = "IN_ARREARS".into();
            price["structure"] = structure;
        });
    }

    /// Stores a price in arrears of 0.10 for each unit of the metric.
    pub(crate) fn linear(&self, name: &str, metric: &str) {
        self.arrears(
            name,
            json!({
                "pricingType": "LINEAR", "pricePerUnit": "0.10", "usageMetricId": metric, "isPricePercentage": false,
            }),
        );
    }

    /// Calls an operation without a body on an invoice.
    #[track_caller]
    pub(crate) fn act(&self, operation: Operation, invoice: &Value) -> Value {
        self.account.ok(operation, &[("id", id(invoice))], "", None)
    }

    /// Reads an invoice in full.
    #[track_caller]
    pub(crate) fn full(&self, invoice: &Value) -> Value {
        self.account.get(Operation::InvoiceGet, id(invoice))
    }
}
