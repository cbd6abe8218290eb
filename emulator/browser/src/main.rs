//! Makes the pictures of the README: `cargo xtask screenshots`.

use std::path::PathBuf;

use sequencehq_emulator_browser::{Browser, LIGHT, Look, Result, demo};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let emulator = demo().await?;
    emulator.advance_to("2026-04-05".parse()?)?;
    let look = Look {
        width: 1100,
        height: 720,
        ..LIGHT
    };
    let browser = Browser::open(&emulator, look, &folder).await?;
    browser.go("").await?;
    browser.see("Latest invoices").await?;
    browser.picture("overview").await?;
    browser.go("schedules").await?;
    browser.click("Juniper, prepaid").await?;
    browser.see("reserved by drafts").await?;
    browser.picture("schedule").await?;
    browser.close().await;
    Ok(())
}
