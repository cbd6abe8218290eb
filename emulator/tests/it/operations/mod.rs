//! Operations, called in process. Every answer is checked against the document.

mod billing_products;
mod billing_runs;
mod billing_schedules;
mod bodies;
mod catalogue;
mod coverage;
mod credit_notes;
mod credits;
mod customers;
mod discounts;
pub(crate) mod invoices;
mod journal;
mod lists;
mod notification_policies;
mod organization;
mod prices;
mod quotes;
mod seat_balances;
mod seat_events;
mod seat_metrics;
mod settings;
mod tax_rates;
mod tax_registrations;
mod usage_events;
mod usage_metrics;

use sequencehq_emulator::contract::{Operation, Success, Version, check_answer};
use sequencehq_emulator::operations::{Content, Request, Response, World};
use sequencehq_emulator::records::{Delivery, Generic, Kind};
use sequencehq_emulator::store::Settings;
use sequencehq_emulator::store::clock::Clock;
use serde_json::{Value, json};

use super::published;

/// An account at noon of 1 January 2026.
pub(crate) struct Account {
    pub(crate) world: World,
    pub(crate) version: Version,
}

/// A refusal.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) assumed: String,
}

/// A clock that stands at noon of 1 January 2026.
pub(crate) fn settings() -> Settings {
    let noon = "2026-01-01T12:00:00Z".parse().expect("an instant");
    Settings {
        clock: Clock::standing(noon),
        ..Settings::default()
    }
}

impl Account {
    pub(crate) fn new() -> Self {
        Self::in_version(Version::LATEST)
    }

    pub(crate) fn in_version(version: Version) -> Self {
        Self {
            world: World::new(settings()),
            version,
        }
    }

    /// Calls an operation and checks the answer, whatever it is.
    pub(crate) fn call(
        &self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> Response {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(operation, path, query, &body)
    }

    /// Calls an operation with a body that is sent as it is, and checks the answer.
    pub(crate) fn send(
        &self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: &str,
    ) -> Response {
        let before = self.world.store().read(|state| state.dump());
        let path = path
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let response = self.world.respond(&Request {
            operation,
            version: self.version,
            path: &path,
            query,
            body: body.as_bytes(),
            key: None,
        });
        check(operation, self.version, &response);
        published::check(operation, self.version, response.status, &response.json_body());
        if response.status >= 400 {
            let after = self.world.store().read(|state| state.dump());
            assert_eq!(
                after,
                before,
                "{} was refused and changed something",
                operation.id()
            );
        }
        response
    }

    /// Calls an operation that is not refused.
    #[track_caller]
    pub(crate) fn ok(
        &self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> Value {
        accepted(operation, &self.call(operation, path, query, body))
    }

    /// Creates something, and returns it.
    #[track_caller]
    pub(crate) fn create(&self, operation: Operation, body: &Value) -> Value {
        self.ok(operation, &[], "", Some(body))
    }

    /// Gets something by `{id}`.
    #[track_caller]
    pub(crate) fn get(&self, operation: Operation, id: &str) -> Value {
        self.ok(operation, &[("id", id)], "", None)
    }

    /// Calls an operation that is refused.
    #[track_caller]
    pub(crate) fn refused(
        &self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> Refused {
        let response = self.call(operation, path, query, body);
        assert!(
            response.status >= 400,
            "{}: {}",
            operation.id(),
            response.json_body()
        );
        let error = response.json_body()["error"].clone();
        Refused {
            status: response.status,
            kind: text(&error, "type").to_owned(),
            message: text(&error, "message").to_owned(),
            assumed: response.assumed.to_string(),
        }
    }

    /// The ids that a list answers.
    #[track_caller]
    pub(crate) fn ids(&self, operation: Operation, query: &str) -> Vec<String> {
        let page = self.ok(operation, &[], query, None);
        let items = page["items"].as_array().expect("a list has items");
        items.iter().map(|item| text(item, "id").to_owned()).collect()
    }

    /// Creates a customer with an alias.
    #[track_caller]
    pub(crate) fn customer(&self, name: &str, alias: &str) -> Value {
        let body = json!({
            "legalName": name, "taxStatus": "TAXED", "customerAliases": [alias],
            "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
            "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
        });
        self.create(Operation::CustomerCreate, &body)
    }

    /// Stores a record that no operation creates.
    pub(crate) fn seed(&self, kind: Kind, record: Value) {
        let record: Generic = serde_json::from_value(record).expect("a map");
        let put = self.world.control(|tx| {
            tx.put_generic(kind, &record);
            Ok::<_, ()>(())
        });
        assert_eq!(put, Ok(()));
    }

    /// Creates a policy that announces everything.
    pub(crate) fn watch(&self) {
        let policy = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://a.example"]});
        self.create(Operation::NotificationPolicyCreate, &policy);
    }

    /// The announced types, and the ids of their resources, in order.
    pub(crate) fn announced(&self) -> Vec<(String, String)> {
        let deliveries = self.world.store().read(|state| state.all::<Delivery>());
        let named = deliveries
            .into_iter()
            .map(|delivery| (delivery.notification_type, delivery.resource));
        named.collect()
    }
}

/// Returns the body of a response that is not a refusal.
#[track_caller]
pub(crate) fn accepted(operation: Operation, response: &Response) -> Value {
    assert!(
        response.status < 300,
        "{}: {}",
        operation.id(),
        response.json_body()
    );
    response.json_body()
}

/// A text of an object.
#[track_caller]
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{name}` in {value}"))
}

/// The id of an object.
#[track_caller]
pub(crate) fn id(value: &Value) -> &str {
    text(value, "id")
}

/// Checks a response against the document.
#[track_caller]
fn check(operation: Operation, version: Version, response: &Response) {
    let data = operation.data();
    let id = operation.id();
    if response.status == 409 && data.conflict.is_some() {
        let checked = check_answer(operation, version, 409, &response.json_body());
        assert_eq!(checked, Ok(()), "{id}: {:?}", response.content);
        return;
    }
    if response.status >= 400 {
        let error = &response.json_body()["error"];
        assert!(
            error["type"].is_string() && error["message"].is_string(),
            "{id}: {error}"
        );
        return;
    }
    assert_eq!(response.status, data.status, "{id}");
    let fits = match (&response.content, data.success) {
        (Content::Json(_), Success::Json(_)) => response.json_body().is_object(),
        (Content::Empty, Success::Nothing) => true,
        (Content::Pdf { bytes, .. }, Success::Pdf) => bytes.starts_with(b"%PDF-"),
        _ => false,
    };
    assert!(fits, "{id} in {}: {:?}", version.name(), response.content);
    let checked = check_answer(operation, version, response.status, &response.json_body());
    assert_eq!(
        checked,
        Ok(()),
        "{id} in {}: {:?}",
        version.name(),
        response.content
    );
}
