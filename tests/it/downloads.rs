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
async fn a_web_page_is_not_saved_as_a_pdf() {
    let page = "<html>Please sign in</html>";
    let server = Server::sequence(vec![Answer::text(200, "Text/HTML; charset=utf-8", page)]).await;
    let client = server.client();
    let typed = client.invoices().download("an-id").await.map(drop);
    let named = client.operation("invoice_download").argument("id", "an-id");
    for result in [typed, named.download().await.map(drop)] {
        let error = result.expect_err("a proxy has sent a page");
        assert!(error.is_decode(), "{error:?}");
        assert_eq!(
            error.to_string(),
            "invoice_download: the response (200) is `Text/HTML; charset=utf-8` and not a PDF; check the base URL, and \
             any proxy or gateway before the API"
        );
    }
    // The content of an endpoint that the crate does not know may be anything.
    let call = client.request(sequencehq::http::Method::GET, "/pages");
    let file = call.download().await.expect("a file").into_inner();
    assert_eq!(file.bytes().await.expect("read"), page);
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

/// A folder for the files of a test, which is removed when it is dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sequencehq-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The names and contents of its files.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(&self.0).expect("it exists");
        entries
            .map(|entry| {
                let path = entry.expect("read").path();
                let name = path.file_name().expect("a file").to_string_lossy().into_owned();
                (name, std::fs::read(&path).expect("read"))
            })
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_saved_download_replaces_the_file_and_reports_progress() {
    let body = b"%PDF-1.7 ".repeat(50_000);
    let length = body.len() as u64;
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", body.clone())]).await;
    let folder = Folder::new("saved");
    let path = folder.0.join("invoice.pdf");
    std::fs::write(&path, "an older file").expect("written");
    let pdf = server.client().invoices().download("an-id").await.expect("begun");
    let seen: std::sync::Arc<std::sync::Mutex<Vec<_>>> = std::sync::Arc::default();
    let (notes, target) = (std::sync::Arc::clone(&seen), path.clone());
    let saved = pdf.save(&path).on_progress(move |progress| {
        let untouched = std::fs::read(&target).expect("there").len() < 100;
        notes
            .lock()
            .expect("no holder panics")
            .push((progress.bytes, progress.total, untouched));
    });
    assert!(format!("{saved:?}").contains("invoice.pdf"));
    assert_eq!(saved.await.expect("saved"), length);
    assert_eq!(folder.files(), [("invoice.pdf".to_owned(), body)]);
    let seen = seen.lock().expect("no holder panics").clone();
    assert!(seen.len() > 1 && seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&(length, Some(length), true)));
}

#[tokio::test]
async fn a_download_that_fails_or_is_dropped_leaves_the_file_as_it_was() {
    let cut = Answer::Cut {
        status: 200,
        body: b"%PDF".to_vec(),
    };
    let stalled = Answer::Stall {
        status: 200,
        body: b"%PDF".to_vec(),
    };
    let server = Server::sequence(vec![cut, stalled]).await;
    let folder = Folder::new("failed");
    let path = folder.0.join("invoice.pdf");
    std::fs::write(&path, "an older file").expect("written");
    let pdf = server.client().invoices().download("an-id").await.expect("begun");
    let error = pdf.save(&path).await.expect_err("cut");
    assert!(error.is_interrupted(), "{error:?}");
    let before = [("invoice.pdf".to_owned(), b"an older file".to_vec())];
    assert_eq!(folder.files(), before);

    let pdf = server.client().invoices().download("an-id").await.expect("begun");
    let (written, first) = tokio::sync::oneshot::channel();
    let mut written = Some(written);
    let save = pdf.save(&path).on_progress(move |_| {
        if let Some(written) = written.take() {
            written.send(()).expect("the test waits");
        }
    });
    let task = tokio::spawn(save.into_future());
    first.await.expect("a chunk");
    assert_eq!(folder.files().len(), 2, "written beside it");
    task.abort();
    assert!(task.await.expect_err("aborted").is_cancelled());
    assert_eq!(folder.files(), before);
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_named() {
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", "%PDF")]).await;
    let folder = Folder::new("unwritable");
    let missing = folder.0.join("missing").join("invoice.pdf");
    for path in [missing.clone(), "/".into()] {
        let pdf = server.client().invoices().download("an-id").await.expect("begun");
        let error = pdf.save(&path).await.expect_err("no folder");
        assert_eq!(error.kind(), sequencehq::ErrorKind::File);
        assert!(!error.may_have_acted());
        let text = error.to_string();
        assert!(
            text.contains(&format!("`{}` cannot be written: ", path.display())),
            "{text}"
        );
    }
    assert!(folder.files().is_empty());
}
