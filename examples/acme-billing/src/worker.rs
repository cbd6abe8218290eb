//! The work in the background: interrupted sign-ups, and usage that is to be sent.

use std::time::Duration;

use sequencehq::clock::Clock as _;

use crate::{App, Error, signups, usage};

/// The time after which what failed is tried again.
const PAUSE: Duration = Duration::from_secs(30);

/// Works until the app is stopped, when there is something to do and at least every [`PAUSE`].
pub async fn run(app: App) {
    let mut stopped = std::pin::pin!(app.stop.stopped());
    while !app.stop.is_stopped() {
        if let Err(error) = work(&app).await {
            tracing::error!(%error, "the worker failed, and tries again");
        }
        tokio::select! {
            () = app.work.notified() => {}
            () = app.clock.sleep(PAUSE) => {}
            () = &mut stopped => {}
        }
    }
}

/// One round.
pub async fn work(app: &App) -> Result<(), Error> {
    signups::resume(app).await?;
    let sent = usage::send(app).await?;
    if sent > 0 {
        tracing::info!(sent, "usage was sent");
    }
    Ok(())
}
