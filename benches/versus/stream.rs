//! Lists as streams: what 100,000 invoices cost, and what fetching ahead is worth.

use std::time::Duration;

use sequencehq::Client;
use sequencehq::types::InvoicePage;

use crate::api::Api;
use crate::call::one_thread;
use crate::race::{Effort, Race};

pub(crate) fn run(race: &Race) {
    everything(race);
    ahead(race);
}

/// All invoices, one after the other, on one thread. By hand it is a loop around a call.
fn everything(race: &Race) {
    let pages = if race.short { 10 } else { 1_000 };
    let runtime = one_thread();
    let api = Api::start(pages, Duration::ZERO);
    let client = api.client();
    let http = api.by_hand();
    let base = api.base_url();
    let wanted = pages * crate::payload::ON_A_PAGE;

    let ours = |prefetch| {
        let (runtime, client) = (&runtime, &client);
        move |repeat| {
            for _ in 0..repeat {
                assert_eq!(runtime.block_on(items(client, prefetch)), wanted);
            }
        }
    };
    let by_hand = |repeat| {
        for _ in 0..repeat {
            let seen = runtime
                .block_on(pages_by_hand(&http, base))
                .expect("every page comes");
            assert_eq!(seen, wanted);
        }
    };
    let effort = Effort {
        rounds: 5,
        repeat: 1,
        on_this_thread: true,
    };
    race.between("stream: all, ahead", effort, ours(true), by_hand);
    race.between("stream: all, not ahead", effort, ours(false), by_hand);
}

/// The API needs 50 ms for a page, and the caller works 50 ms on it, without leaving the thread to others.
fn ahead(race: &Race) {
    const BOTH: Duration = Duration::from_millis(50);
    let pages = if race.short { 2 } else { 20 };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let api = Api::start(pages, BOTH);
    let client = api.client();
    let side = |prefetch| {
        let (runtime, client) = (&runtime, &client);
        move |repeat| {
            for _ in 0..repeat {
                runtime.block_on(async {
                    let mut stream = client.invoices().list().limit(100).pages().prefetch(prefetch);
                    while let Some(page) = stream.try_next().await.expect("every page comes") {
                        std::thread::sleep(BOTH);
                        drop(page);
                    }
                });
            }
        }
    };
    let effort = Effort {
        rounds: 5,
        repeat: 1,
        on_this_thread: false,
    };
    race.between("latency: ahead / not ahead", effort, side(true), side(false));
}

async fn items(client: &Client, prefetch: bool) -> usize {
    let mut items = client.invoices().list().limit(100).items().prefetch(prefetch);
    let mut seen = 0;
    while let Some(invoice) = items.try_next().await.expect("every page comes") {
        drop(std::hint::black_box(invoice));
        seen += 1;
    }
    seen
}

async fn pages_by_hand(http: &reqwest::Client, base: &str) -> reqwest::Result<usize> {
    let (mut seen, mut after) = (0, None::<String>);
    loop {
        let mut request = http.get(format!("{base}/invoices")).query(&[("limit", "100")]);
        if let Some(cursor) = &after {
            request = request.query(&[("after", cursor)]);
        }
        let page: InvoicePage = request.send().await?.error_for_status()?.json().await?;
        for invoice in page.items {
            drop(std::hint::black_box(invoice));
            seen += 1;
        }
        after = page.pagination.after;
        if after.is_none() {
            return Ok(seen);
        }
    }
}
