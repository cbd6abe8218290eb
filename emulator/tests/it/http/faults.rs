//! Injected faults.

use std::time::Duration;

use sequencehq_emulator::Fault;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::{authorization, on_new_year, raw, send, start};

#[tokio::test]
async fn a_status_hits_its_operation_as_often_as_asked() {
    let emulator = start(on_new_year()).await;
    emulator.inject(
        Fault::status(503)
            .retry_after(Duration::from_millis(1_500))
            .on("postProducts")
            .times(2),
    );
    assert_eq!(send(&emulator, "GET /products", None).await.status, 200);
    let body = json!({"name": "API"});
    for _ in 0..2 {
        let reply = send(&emulator, "POST /products", Some(&body)).await;
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("2")));
        assert_eq!(reply.error_type(), "InjectedFault");
    }
    assert_eq!(send(&emulator, "POST /products", Some(&body)).await.status, 201);
    let page = send(&emulator, "GET /products", None).await;
    assert_eq!(page.json()["pagination"]["totalResultSize"], 1);
}

#[tokio::test]
async fn a_dropped_connection_leaves_open_whether_it_happened() {
    for (fault, products) in [
        (Fault::drop_connection_before_acting(), 0),
        (Fault::drop_connection_after_acting(), 1),
    ] {
        let emulator = start(on_new_year()).await;
        emulator.inject(fault.on("product_create"));
        let headers = format!("{}content-type: application/json\r\n", authorization(&emulator));
        assert!(
            raw(&emulator, "POST /api/products", &headers, r#"{"name":"API"}"#)
                .await
                .is_none()
        );
        let page = send(&emulator, "GET /products", None).await;
        assert_eq!(page.json()["pagination"]["totalResultSize"], products);
        assert_eq!(emulator.requests()[0].status, None);
    }
}

#[tokio::test]
async fn a_truncated_body_breaks_off_after_good_headers() {
    let emulator = start(on_new_year()).await;
    emulator.inject(Fault::truncate_body());
    let reply = send(&emulator, "GET /users", None).await;
    let length: usize = reply
        .header("content-length")
        .and_then(|text| text.parse().ok())
        .expect("a length");
    assert_eq!((reply.status, reply.body.len()), (200, length / 2));
}

#[tokio::test]
async fn a_proxy_answers_html_and_no_version() {
    let emulator = start(on_new_year()).await;
    emulator.inject(Fault::html_502());
    let reply = send(&emulator, "GET /users", None).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (502, Some("text/html"))
    );
    assert_eq!(reply.header("sequence-version"), None);
    assert!(reply.body.starts_with("<html>"), "{}", reply.body);
}

#[tokio::test]
async fn a_body_of_its_own_is_sent_as_it_is_and_a_delay_beyond_every_clock_too() {
    let emulator = start(on_new_year()).await;
    emulator.inject(Fault::status(500).body("oops").retry_after(Duration::MAX));
    let reply = send(&emulator, "GET /users", None).await;
    assert_eq!((reply.status, reply.body.as_str()), (500, "oops"));
    assert_eq!(reply.header("retry-after"), Some("18446744073709551615"));
    assert_eq!(send(&emulator, "GET /users", None).await.status, 200);
}

#[tokio::test]
async fn dropping_it_closes_every_connection_and_ends_every_task() {
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let emulator = start(on_new_year()).await;
    // One request that waits for an hour, on a connection by hand, so that only the server has tasks.
    emulator.inject(Fault::delay(Duration::from_secs(3_600)));
    let url = emulator.base_url().to_owned();
    let address = url.trim_start_matches("http://").trim_end_matches("/api");
    let busy = TcpStream::connect(address).await.expect("it listens");
    let idle = TcpStream::connect(address).await.expect("it listens");
    busy.writable().await.expect("a connection");
    busy.try_write(b"GET /api/users HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .expect("a short request fits");
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(tasks() >= 3, "{}", tasks());

    drop(emulator);
    for _ in 0..100_000 {
        if tasks() > 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(tasks(), 0);
    for stream in [busy, idle] {
        stream.readable().await.expect("an end");
        let end = stream.try_read(&mut [0; 16]);
        assert!(!matches!(end, Ok(1..)), "{end:?}");
    }
    assert!(TcpStream::connect(address).await.is_err(), "the port is closed");
}

#[tokio::test]
async fn a_wrong_shape_has_the_right_status_and_a_delay_still_acts() {
    let emulator = start(on_new_year()).await;
    emulator.inject(Fault::wrong_shape());
    let reply = send(&emulator, "GET /users", None).await;
    assert_eq!((reply.status, reply.json()["items"].is_array()), (200, false));
    emulator.inject(Fault::delay(Duration::from_millis(1)));
    assert_eq!(send(&emulator, "GET /users", None).await.status, 200);
}
