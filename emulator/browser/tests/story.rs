//! The whole story by clicking, in a real browser, with pictures in `target/screenshots`.

use std::path::PathBuf;

use sequencehq_emulator::Emulator;
use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator_browser::{Browser, LIGHT, Look, Result, demo};
use serde_json::json;

fn pictures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots")
}

async fn open(emulator: &Emulator, look: Look) -> Result<Browser> {
    Browser::open(emulator, look, &pictures()).await
}

/// Closes a browser in whose console nothing was wrong.
async fn close(browser: Browser) -> Result<()> {
    let errors = browser.errors().await?;
    assert!(errors.is_empty(), "{errors:#?}");
    browser.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_billed_by_clicking() -> Result<()> {
    let emulator = demo().await?;
    let browser = open(&emulator, LIGHT).await?;
    browser.go("").await?;
    browser.see("Tue 20 Jan 2026").await?;
    browser.picture("overview").await?;

    browser.click("One month").await?;
    browser.see("Fri 20 Feb 2026").await?;
    browser
        .see("The clock moved from 2026-01-20 12:00:00Z to 2026-02-20 12:00:00Z. New:")
        .await?;

    browser.click("Schedules").await?;
    browser.click("Brightwater, platform").await?;
    browser.see("Phase 2").await?;
    browser.picture("schedule").await?;

    browser.click("SEQ-00002").await?;
    browser.see("590.22").await?;
    browser.see("Introductory offer").await?;
    let sheet = browser.client().find(fantoccini::Locator::Css(".paper")).await?;
    assert!(
        sheet.rectangle().await?.2 > 200.0,
        "the sheet is beside the lines"
    );
    assert!(
        sheet.text().await?.contains("590.22 GBP"),
        "the sheet has the total"
    );
    browser.picture("invoice").await?;

    browser.click("Brightwater Logistics Ltd").await?;
    browser.click("Usage by day").await?;
    browser.see("Metrics of Brightwater Logistics Ltd by day").await?;
    browser.picture("usage").await?;

    browser.click("Overview").await?;
    browser.fill("To a day (noon UTC)", "2026-04-05").await?;
    browser.click("Move").await?;
    browser.see("Sun 5 Apr 2026").await?;
    browser.click("Customers").await?;
    browser.click("Juniper Health Inc").await?;
    browser.see("reserved by drafts").await?;
    browser.picture("customer").await?;
    close(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_shows_what_happens_elsewhere() -> Result<()> {
    let emulator = demo().await?;
    let browser = open(&emulator, LIGHT).await?;
    browser.go("customers").await?;
    browser.see("Live updates are on").await?;
    emulator.add_customer("<script>document.title = 'hostile'</script>");
    browser.see("document.title").await?;
    assert!(browser.client().title().await?.starts_with("Customers"));
    browser.picture("hostile").await?;

    emulator.advance_to("2026-02-02".parse()?)?;
    browser.see("Mon 2 Feb 2026").await?;
    close(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_switched_on_and_its_request_is_shown() -> Result<()> {
    let emulator = demo().await?;
    let browser = open(&emulator, LIGHT).await?;
    browser.go("faults").await?;
    browser.fill("Operation", "product_list").await?;
    browser.click("Switch on").await?;
    browser.see("The fault is waiting for requests.").await?;
    browser.picture("faults").await?;

    request(&emulator, "/api/products").await?;
    browser.see("None. Requests are answered as usual.").await?;
    browser.click("Requests").await?;
    browser.click("GET /api/products").await?;
    browser.see("The status is 503.").await?;
    browser.see("$SEQUENCE_CLIENT_SECRET").await?;
    browser.click("Show it").await?;
    browser.see("emulator-client:emulator-secret").await?;
    browser.picture("request").await?;
    close(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_scripted_from_a_response() -> Result<()> {
    let emulator = demo().await?;
    request(&emulator, "/api/products").await?;
    let browser = open(&emulator, LIGHT).await?;
    browser.go("requests").await?;
    browser.click("GET /api/products").await?;
    browser.click("Script an answer like this").await?;
    browser.click("Script it").await?;
    browser.see("The answer is waiting for requests.").await?;
    browser.see("product_list").await?;
    browser.picture("answers").await?;
    assert_eq!(
        emulator.unused_responses(),
        [("product_list".to_owned(), Some(1))]
    );
    close(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_announced_and_sent_again() -> Result<()> {
    let emulator = demo().await?;
    let policy = json!({
        "name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://127.0.0.1:9/hook"], "webhookSecret": "whsec_test",
        "notificationTypes": ["CUSTOMER_CREATED"],
    });
    let created = emulator.world().call(
        Operation::NotificationPolicyCreate,
        Version::LATEST,
        &[],
        "",
        Some(&policy),
    );
    assert_eq!(created.status, 201, "{}", created.json_body());
    let browser = open(&emulator, LIGHT).await?;
    browser.go("deliveries").await?;
    let types = browser.client().find(fantoccini::Locator::Id("type")).await?;
    types.select_by_value("CUSTOMER_CREATED").await?;
    browser.click("Announce").await?;
    browser.see("Announced to 1 recipient.").await?;
    browser.click("customer created").await?;
    browser.see("not reached").await?;
    browser.picture("delivery").await?;
    close(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_fit_dark_and_narrow_windows() -> Result<()> {
    let emulator = demo().await?;
    emulator.advance_to("2026-04-05".parse()?)?;
    let looks = [
        (
            "dark",
            Look {
                is_dark: true,
                ..LIGHT
            },
        ),
        (
            "narrow",
            Look {
                width: 390,
                height: 844,
                is_dark: false,
            },
        ),
    ];
    for (name, look) in looks {
        let browser = open(&emulator, look).await?;
        for page in [
            "overview",
            "customers",
            "schedules",
            "invoices",
            "usage",
            "requests",
            "deliveries",
            "faults",
            "coverage",
            "assumptions",
        ] {
            browser.go(if page == "overview" { "" } else { page }).await?;
            let script = "return document.documentElement.scrollWidth <= window.innerWidth";
            let fits = browser.client().execute(script, Vec::new()).await?;
            browser.picture(&format!("{page}-{name}")).await?;
            assert_eq!(fits, json!(true), "{page} is wider than a {name} window");
        }
        browser.go("schedules").await?;
        browser.click("Juniper, prepaid").await?;
        browser.picture(&format!("schedule-{name}")).await?;
        browser.go("invoices?status=SENT").await?;
        browser.click("SEQ-00001").await?;
        browser.see("As printed").await?;
        browser.picture(&format!("invoice-{name}")).await?;
        close(browser).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_reaches_the_content_and_the_forms() -> Result<()> {
    let emulator = demo().await?;
    let browser = open(&emulator, LIGHT).await?;
    browser.go("").await?;
    let body = browser.client().find(fantoccini::Locator::Css("body")).await?;
    body.send_keys("\u{e004}").await?;
    let skip = browser.client().active_element().await?;
    assert_eq!(skip.text().await?, "Skip to the content");
    browser.picture("keyboard").await?;
    skip.send_keys("\u{e007}").await?;
    browser
        .client()
        .active_element()
        .await?
        .send_keys("\u{e004}")
        .await?;
    let button = browser.client().active_element().await?;
    assert_eq!(button.text().await?, "One day");
    button.send_keys("\u{e007}").await?;
    browser.see("Wed 21 Jan 2026").await?;
    close(browser).await
}

/// Sends a request to the API, without credentials.
async fn request(emulator: &Emulator, path: &str) -> Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = emulator
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches("/api");
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(())
}
