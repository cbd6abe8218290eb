//! One resource for each update, with the field that the test changes.

mod billing;
mod catalogue;
mod customers;
mod invoices;

use std::sync::Mutex;

use serde_json::{Value, json};

use super::stage::Stage;

pub type Arguments = Vec<(&'static str, String)>;

/// A resource that is read, sent back, and read again.
pub struct Resource {
    pub update: &'static str,
    /// The arguments of the update; the last one is the id.
    pub arguments: Arguments,
    /// The operation that reads the resource, or a list of it, if there is one.
    pub read: Option<(String, Arguments)>,
    /// The response of the last call that changed it.
    pub last: Mutex<Value>,
    /// The field of the body to change, as a JSON pointer, and its new value.
    pub change: (&'static str, Value),
    /// What this changes in the resource.
    pub changed: String,
    /// What every update makes anew.
    pub made_anew: &'static [&'static str],
}

impl Resource {
    /// A resource that is read by its id. Its field has the same name as that of the body.
    fn new(update: &'static str, made: &Value, field: &'static str, value: Value) -> Self {
        let arguments = vec![("id", id(made))];
        let changed = field.split('/').skip(1).map(|part| match part.parse::<usize>() {
            Ok(_) => "[]".to_owned(),
            Err(_) => format!(".{part}"),
        });
        Self {
            update,
            read: Some((update.replace("_update", "_get"), arguments.clone())),
            arguments,
            last: Mutex::new(made.clone()),
            change: (field, value),
            changed: changed.collect::<String>().trim_start_matches('.').to_owned(),
            made_anew: &[],
        }
    }

    /// Is found in a list, whose arguments the update has too.
    fn in_list(mut self, list: &str, of: &[(&'static str, String)]) -> Self {
        self.read = Some((list.to_owned(), of.to_vec()));
        self.arguments.splice(0..0, of.to_vec());
        self
    }

    /// Is read by an operation without arguments.
    fn alone(mut self) -> Self {
        self.read = self.read.map(|(read, _)| (read, Vec::new()));
        self
    }

    fn making_anew(mut self, paths: &'static [&'static str]) -> Self {
        self.made_anew = paths;
        self
    }
}

#[track_caller]
fn id(made: &Value) -> String {
    let id = made["id"].as_str();
    id.unwrap_or_else(|| panic!("a resource without an id: {made}"))
        .to_owned()
}

/// What the resources refer to.
struct Ids {
    customer: String,
    price: String,
    tax_rate: String,
}

/// A resource for each update, in the version of the stage.
pub async fn make(stage: &Stage<'_>) -> Vec<Resource> {
    let mut all = Vec::new();
    let ids = catalogue::make(stage, &mut all).await;
    customers::make(stage, &ids, &mut all).await;
    invoices::make(stage, &ids, &mut all).await;
    billing::make(stage, &ids, &mut all).await;
    settings(stage, &mut all).await;
    all
}

async fn settings(stage: &Stage<'_>, all: &mut Vec<Resource>) {
    let account = stage.call("account_list", &[], None).await["items"][0].take();
    let addresses = json!(["a@example.com", "b@example.com"]);
    all.push(Resource::new(
        "account_update",
        &account,
        "/alertEmailAddresses",
        addresses,
    ));
    for (update, field, value) in [
        (
            "invoice_render_settings_update",
            "/paymentLinkDisplay",
            json!("HIDE_PAYMENT_LINK"),
        ),
        (
            "account_payment_settings_update",
            "/failureNotifications/customerNotifications",
            json!("DO_NOT_SEND_NOTIFICATIONS"),
        ),
        (
            "stripe_collection_settings_update",
            "/enableAutomaticPayments",
            json!(true),
        ),
    ] {
        let settings = stage.call(&update.replace("_update", "_get"), &[], None).await;
        all.push(Resource::new(update, &settings, field, value).alone());
    }
}
