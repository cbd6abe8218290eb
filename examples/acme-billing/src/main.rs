//! The program: the service, and the commands for people.

#![allow(clippy::print_stdout, reason = "commands print their results")]

use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use acme_billing::config::{self, VARIABLES};
use acme_billing::plans::{self, Plans};
use acme_billing::{App, app, month_end, webhooks};
use sequencehq::clock::{Clock as _, SystemClock};
use sequencehq::{DateTime, Utc};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

const HELP: &str = "\
usage: acme-billing [COMMAND]

  serve             runs the service (default)
  setup             creates the prices and subscribes to webhooks; safe to repeat
  month-end [DATE]  finalizes and sends the invoices that are due by DATE, by default today; safe to repeat
  --demo            runs the service against an emulator in this process, without credentials

variables:
";

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] | ["serve"] => serve().await,
        ["setup"] => set_up().await,
        ["month-end"] => month_end(None).await,
        ["month-end", until] => month_end(Some(until)).await,
        #[cfg(feature = "demo")]
        ["--demo"] => acme_billing::demo::run(shutdown()).await,
        ["--help" | "-h"] => {
            println!("{HELP}{VARIABLES}");
            Ok(())
        }
        _ => Err(format!("`{}` is not a command; see --help", arguments.join(" ")).into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let (client, secret) = (config::client()?, config::secret()?);
    let plans = Plans::find(&client)
        .await?
        .ok_or("the prices do not exist; run `acme-billing setup` first")?;
    let app = App::new(
        client,
        app::open(config::database()).await?,
        plans,
        secret,
        SystemClock,
    );
    let listener = TcpListener::bind(config::address()?).await?;
    tracing::info!(address = %listener.local_addr()?, sequence = app.client.base_url(), "listening");
    Ok(app.serve(listener, shutdown()).await?)
}

async fn set_up() -> Result<(), Box<dyn Error>> {
    let (client, url, secret) = (
        config::client()?,
        config::webhook_url()?,
        config::webhook_secret()?,
    );
    plans::set_up(&client).await?;
    webhooks::subscribe(&client, &url, &secret).await?;
    println!("The prices exist, and webhooks are sent to {url}.");
    Ok(())
}

async fn month_end(until: Option<&str>) -> Result<(), Box<dyn Error>> {
    let now: DateTime<Utc> = SystemClock.system_time().into();
    let until = match until {
        Some(until) => until
            .parse()
            .map_err(|_| format!("`{until}` is not a date, such as 2026-01-31"))?,
        None => now.date_naive(),
    };
    let report = month_end::run(&config::client()?, until).await?;
    println!("{report}");
    if report.failed.is_empty() {
        Ok(())
    } else {
        Err("run it again once the causes are gone".into())
    }
}

/// Completes when the process is asked to end.
async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without a handler, the signal ends the process.
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}
