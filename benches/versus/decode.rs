//! A page of 100 whole invoices from JSON in memory, against plain structs.

use std::hint::black_box;

use sequencehq::types::InvoicePage;
use serde::de::DeserializeOwned;

use crate::race::{Effort, Race};
use crate::{payload, plain};

const EFFORT: Effort = Effort {
    rounds: 101,
    repeat: 5,
    on_this_thread: true,
};

pub(crate) fn run(race: &Race) {
    let json = payload::page();
    let ours = decoder::<InvoicePage>(&json);
    let text = decoder::<plain::text::Page>(&json);
    let closed = decoder::<plain::closed::Page>(&json);
    race.between("decode: plain structs on both sides", EFFORT, &text, &text);
    race.between("decode: long lists as text", EFFORT, &ours, &text);
    race.between("decode: long lists as tiny enums", EFFORT, &ours, &closed);
    if race.wants("decode: ") {
        println!("one page is {} KiB of JSON", json.len() / 1024);
    }
}

fn decoder<T: DeserializeOwned>(json: &str) -> impl Fn(usize) {
    move |repeat| {
        for _ in 0..repeat {
            let page: T = serde_json::from_slice(black_box(json.as_bytes())).expect("the payload decodes");
            drop(black_box(page));
        }
    }
}
