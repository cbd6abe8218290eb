//! One call over loopback, against the same call by hand with the same types.

use std::time::Duration;

use sequencehq::types::{Currency, Invoice, InvoiceCreate};
use tokio::runtime::Runtime;

use crate::api::Api;
use crate::race::{Effort, Race};

const ID: &str = "6cedbb5e-4f77-4217-b8d4-020e7e4d33c9";
const EFFORT: Effort = Effort {
    rounds: 101,
    repeat: 50,
    on_this_thread: true,
};

pub(crate) fn run(race: &Race) {
    let runtime = one_thread();
    let api = Api::start(1, Duration::ZERO);
    let client = api.client();
    let http = api.by_hand();
    let base = api.base_url();

    let by_hand = |repeat| {
        runtime.block_on(async {
            for _ in 0..repeat {
                get(&http, base).await.expect("an invoice comes");
            }
        });
    };
    // What two equal sides differ by is what no ratio below can tell.
    race.between("call: get, by hand on both sides", EFFORT, by_hand, by_hand);
    let ours = |repeat| {
        runtime.block_on(async {
            for _ in 0..repeat {
                client.invoices().get(ID).await.expect("an invoice comes");
            }
        });
    };
    race.between("call: get", EFFORT, ours, by_hand);

    let ours = |repeat| {
        runtime.block_on(async {
            for _ in 0..repeat {
                client
                    .invoices()
                    .create(new_invoice())
                    .await
                    .expect("an invoice comes");
            }
        });
    };
    let by_hand = |repeat| {
        runtime.block_on(async {
            for _ in 0..repeat {
                create(&http, base, &new_invoice())
                    .await
                    .expect("an invoice comes");
            }
        });
    };
    race.between("call: create", EFFORT, ours, by_hand);
}

/// Everything that the client does happens on the thread that measures; the server has its own.
pub(crate) fn one_thread() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made")
}

async fn get(http: &reqwest::Client, base: &str) -> reqwest::Result<Invoice> {
    let url = format!("{base}/invoices/{ID}");
    http.get(url).send().await?.error_for_status()?.json().await
}

async fn create(http: &reqwest::Client, base: &str, body: &InvoiceCreate) -> reqwest::Result<Invoice> {
    let url = format!("{base}/invoices");
    http.post(url)
        .json(body)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await
}

fn new_invoice() -> InvoiceCreate {
    InvoiceCreate::builder()
        .customer_id(ID)
        .currency(Currency::Gbp)
        .memo("Thank you for your business.")
        .reference("Contract 2026/17")
        .purchase_order_number("PO-7781")
        .build()
        .expect("nothing is missing")
}
