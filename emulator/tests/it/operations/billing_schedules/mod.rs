//! Billing schedules: their life, phases, credit grants, lists, and the clock.

mod checks;
mod grants;
mod life;
mod lists;
mod payment_settings;
mod phases;
mod record;

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::{BillingSchedule, Kind};
use serde_json::{Value, json};

use super::{Account, id};

/// An account with a customer and two prices in pounds.
pub(crate) struct Story {
    pub(crate) account: Account,
    pub(crate) customer: String,
}

impl Story {
    pub(crate) fn new() -> Self {
        Self::of(Account::new())
    }

    pub(crate) fn of(account: Account) -> Self {
        let customer = customer(&account, "Acme");
        let story = Self { account, customer };
        story.price("base", |_| {});
        story.price("calls", |price| {
            price["billingType"] = "IN_ARREARS".into();
            price["structure"] = json!({
                "pricingType": "LINEAR", "pricePerUnit": "0.1", "usageMetricId": "metric", "isPricePercentage": false,
            });
        });
        story
    }

    /// Stores a price of 10.00 a month, in advance.
    pub(crate) fn price(&self, id: &str, change: impl FnOnce(&mut Value)) {
        let mut price = json!({
            "id": id, "productId": "product", "name": id, "currency": "GBP", "billingFrequency": "MONTHLY",
            "billingType": "IN_ADVANCE", "structure": {"pricingType": "FIXED", "price": "10.00"}, "status": "ACTIVE",
            "integrationIds": [], "customMetricParameters": [], "createdAt": "2026-01-01T00:00:00Z",
        });
        change(&mut price);
        self.account.seed(Kind::Price, price);
    }

    /// The body of a schedule from today on, with one open phase and the price `base`.
    pub(crate) fn body(&self) -> Value {
        json!({
            "customerId": self.customer, "startDate": "2026-01-01", "taxRates": [], "autoIssueInvoices": false,
            "isDraft": false, "rollUpBilling": false, "phases": [{"priceIds": ["base"], "startDate": "2026-01-01"}],
        })
    }

    /// Creates a schedule.
    #[track_caller]
    pub(crate) fn create(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut body = self.body();
        change(&mut body);
        self.account.create(Operation::BillingScheduleCreate, &body)
    }

    /// Calls an operation on a schedule.
    #[track_caller]
    pub(crate) fn on(&self, operation: Operation, schedule: &Value, body: Option<&Value>) -> Value {
        let path = [("billingScheduleId", id(schedule))];
        self.account.ok(operation, &path, "", body)
    }

    /// Replaces a schedule by the body that creates it, changed.
    #[track_caller]
    pub(crate) fn update(&self, schedule: &Value, change: impl FnOnce(&mut Value)) -> Value {
        let mut body = self.body();
        change(&mut body);
        self.on(Operation::BillingScheduleUpdate, schedule, Some(&body))
    }

    /// Reads a schedule.
    #[track_caller]
    pub(crate) fn read(&self, schedule: &Value) -> Value {
        self.on(Operation::BillingScheduleGet, schedule, None)
    }

    /// What was announced about schedules.
    pub(crate) fn announced_schedules(&self) -> Vec<(String, String)> {
        let mut announced = self.account.announced();
        announced.retain(|(notification_type, _)| notification_type.starts_with("BILLING_SCHEDULE"));
        announced
    }

    /// Moves the clock to noon of a day.
    pub(crate) fn advance(&self, date: &str) {
        let date = date.parse().expect("a date");
        self.account.world.advance_to(date).expect("forward");
    }
}

/// Stores a schedule of a customer that does not exist.
pub(crate) fn seed(account: &Account, id: &str, status: &str, prices: &[&str]) {
    let schedule = json!({
        "id": id, "sequenceAccountId": "account", "customerId": "customer", "status": status, "startDate": "2026-01-01",
        "taxRates": [], "autoIssueInvoices": false, "rollUpBilling": false, "customFields": {},
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "phases": [{
            "id": format!("{id} 1"), "createdAt": "2026-01-01T00:00:00Z", "priceIds": prices, "startDate": "2026-01-01",
            "minimums": [], "recurrencePreference": "RESET", "phasePriceMetadata": [],
        }],
    });
    let schedule: BillingSchedule = serde_json::from_value(schedule).expect("a schedule");
    let put = account.world.control(|tx| {
        tx.put(&schedule);
        Ok::<_, ()>(())
    });
    assert_eq!(put, Ok(()));
}

/// Creates a customer.
pub(crate) fn customer(account: &Account, name: &str) -> String {
    let body = json!({
        "legalName": name, "taxStatus": "TAXED", "integrationIds": [],
        "email": "ada@acme.example", "billingEmails": [],
        "address": {"line1": "1", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
        "contacts": [{"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"}],
    });
    id(&account.create(Operation::CustomerCreate, &body)).to_owned()
}

/// Creates a tax rate.
pub(crate) fn tax_rate(account: &Account) -> String {
    let body = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": "0.2", "country": "GB",
    });
    id(&account.create(Operation::TaxRateCreate, &body)).to_owned()
}
