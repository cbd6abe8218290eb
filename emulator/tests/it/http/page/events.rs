//! Live updates.

use sequencehq_emulator::{Emulator, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{get, html, on_new_year, raw, send, start};

/// An open page.
struct Open(TcpStream);

impl Open {
    async fn of(emulator: &Emulator) -> Self {
        let address = emulator
            .base_url()
            .trim_start_matches("http://")
            .trim_end_matches("/api")
            .to_owned();
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        let request = format!("GET /_emulator/page/events HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it is read");
        let mut open = Self(stream);
        open.wait_for("retry: 1000").await;
        open
    }

    /// Reads until a text comes. The test hangs if it never does.
    async fn wait_for(&mut self, text: &str) {
        let mut received = Vec::new();
        while !String::from_utf8_lossy(&received).contains(text) {
            let count = self
                .0
                .read_buf(&mut received)
                .await
                .expect("the connection holds");
            assert!(
                count > 0,
                "{text} never came: {}",
                String::from_utf8_lossy(&received)
            );
        }
    }

    async fn rest(mut self) -> String {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).await.expect("the connection ends");
        String::from_utf8_lossy(&rest).into_owned()
    }
}

#[tokio::test]
async fn an_open_page_learns_of_every_kind_of_change() {
    let emulator = start(on_new_year()).await;
    let mut open = Open::of(&emulator).await;
    emulator.add_customer("Acme Ltd");
    open.wait_for("data: change\n\n").await;
    send(&emulator, "GET /products", None).await;
    open.wait_for("data: change\n\n").await;
    emulator.inject(Fault::html_502());
    open.wait_for("data: change\n\n").await;
    emulator
        .advance_to("2026-02-01".parse().expect("a day"))
        .expect("a later day");
    open.wait_for("data: change\n\n").await;
}

#[tokio::test]
async fn open_pages_do_not_keep_the_emulator_from_stopping() {
    let emulator = start(on_new_year()).await;
    let open = Open::of(&emulator).await;
    emulator.stop().await;
    assert!(!open.rest().await.contains("data:"), "nothing changed");
}

#[tokio::test]
async fn pages_of_other_origins_get_no_events() {
    let emulator = start(on_new_year()).await;
    for headers in ["origin: http://evil.example\r\n", "host: evil.example\r\n"] {
        let reply = raw(&emulator, "GET /_emulator/page/events", headers, "")
            .await
            .expect("a response");
        assert_eq!(reply.status, 403, "{headers}");
    }
}

/// The script replaces these regions, each by the one with the same name.
#[tokio::test]
async fn live_regions_have_names_of_their_own() {
    let emulator = start(on_new_year()).await;
    let customer = emulator.add_customer("Acme Ltd");
    let details = format!("customers/{customer}");
    for path in [
        "",
        "customers",
        "invoices",
        "schedules",
        "usage",
        "requests",
        "deliveries",
        "faults",
        &details,
    ] {
        let reply = get(&emulator, path).await;
        let regions: Vec<&str> = html(&reply).split("data-live=\"").skip(1).collect();
        let mut names: Vec<&str> = regions
            .iter()
            .filter_map(|region| region.split('"').next())
            .collect();
        assert!(names.len() > 1, "{path}");
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{path}: {names:?}");
    }
}
