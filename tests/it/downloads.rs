//! PDFs arrive in pieces, and what goes wrong with them is an error like any other.

use std::time::Duration;

use sequencehq::clock::ManualClock;

use crate::server::{Answer, SOON, Server};

#[tokio::test]
async fn a_download_is_a_stream() {
    let body = b"%PDF-1.7 ".repeat(50_000);
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", body.clone())]).await;
    let mut pdf = server.client().invoices().download("an-id").await.expect("begun");
    assert_eq!(
        (pdf.content_type(), pdf.content_length()),
        (Some("application/pdf"), Some(body.len() as u64))
    );
    let (mut whole, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = pdf.chunk().await.expect("a piece") {
        whole.extend_from_slice(&piece);
        pieces += 1;
    }
    assert_eq!(whole, body);
    assert!(pieces > 1, "it came in one piece");
}

#[tokio::test]
async fn a_collected_download_is_bounded() {
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", vec![0; 200_000])]).await;
    let client = server
        .builder()
        .max_response_bytes(100_000)
        .build()
        .expect("good");
    let error = client
        .invoices()
        .download("an-id")
        .await
        .expect("begun")
        .bytes()
        .await
        .expect_err("too large");
    assert!(error.is_too_large());
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error() {
    let server = Server::sequence(vec![Answer::Cut {
        status: 200,
        body: b"%PDF".to_vec(),
    }])
    .await;
    let error = server
        .client()
        .invoices()
        .download("an-id")
        .await
        .expect("begun")
        .bytes()
        .await
        .expect_err("cut");
    assert!(error.is_interrupted());
}

#[tokio::test]
async fn a_collected_download_may_be_as_large_as_its_limit() {
    let body = b"%PDF-1.7 ".repeat(20_000);
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", body.clone())]).await;
    let length = body.len() as u64;
    for (limit, fits) in [(length + 1, true), (length, true), (length - 1, false)] {
        let client = server.builder().max_response_bytes(limit).build().expect("good");
        let pdf = client.invoices().download("an-id").await.expect("begun");
        let printed = format!("{pdf:?}");
        assert!(
            printed.contains("application/pdf") && printed.contains(&length.to_string()),
            "{printed}"
        );
        match pdf.bytes().await {
            Ok(whole) => assert!(fits && whole == body, "{limit}"),
            Err(error) => assert!(!fits && error.is_too_large(), "{limit}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_download_that_falls_silent_ends() {
    let server = Server::sequence(vec![Answer::Stall {
        status: 200,
        body: b"%PDF".to_vec(),
    }])
    .await;
    let clock = ManualClock::new();
    let client = server
        .builder()
        .clock(clock.clone())
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .expect("good");
    let mut pdf = client.invoices().download("an-id").await.expect("begun");
    assert_eq!(
        pdf.chunk().await.expect("the first piece").as_deref(),
        Some(&b"%PDF"[..])
    );
    let next = tokio::spawn(async move { pdf.chunk().await.map(|_| ()) });
    tokio::time::timeout(SOON, async {
        while !next.is_finished() {
            clock.advance(Duration::from_secs(1));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the silence is noticed");
    assert!(next.await.expect("joined").expect_err("silence").is_timeout());
}
