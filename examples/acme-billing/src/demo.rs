//! The service against an emulator of Sequence in this process.

#![allow(clippy::print_stdout, reason = "the demo prints what to try")]

use std::error::Error;

use sequencehq::emulator::Emulator;
use sequencehq::webhook::Secret;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::net::TcpListener;

use crate::{App, app, config, plans, webhooks};

const SECRET: &str = "whsec_demo";

/// Runs the demo until `shutdown` completes.
pub async fn run(shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(config::address()?).await?;
    let service = format!("http://{}", listener.local_addr()?);
    let emulator = Emulator::builder().date("2026-01-01".parse()?).start().await?;
    let client = emulator.client();
    let plans = plans::set_up(&client).await?;
    webhooks::subscribe(&client, &format!("{service}/webhooks/sequence"), SECRET).await?;
    let database = app::open(SqliteConnectOptions::new().in_memory(true)).await?;
    // The clock of the emulator: webhooks are signed at its time, and sign-ups start on its day.
    let app = App::new(client, database, plans, Secret::new(SECRET)?, emulator.clock());
    println!("{}", script(&service, &emulator));
    Ok(app.serve(listener, shutdown).await?)
}

fn script(service: &str, emulator: &Emulator) -> String {
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "acme-billing".to_owned());
    let (sequence, control) = (emulator.base_url(), emulator.control_url());
    let (id, secret) = (emulator.client_id(), emulator.client_secret());
    format!(
        r#"The service runs at {service}, against an emulator of Sequence in this process.
It is 1 January 2026 there. Try this in another terminal, and end the demo with Ctrl-C:

post() {{ curl -sS -w ' %{{http_code}}\n' -H 'content-type: application/json' "$1" -d "$2"; }}

# A customer signs up for the plan "team": 49.00 a month, and each API call.
post {service}/signups '{{
  "customer": "globex", "plan": "team", "legalName": "Globex Ltd", "email": "ap@globex.example",
  "address": {{"line1": "1 High Street", "town": "London", "postcode": "N1 1AA", "country": "GB"}}
}}'

# It calls the API. Repeat the request: the same id counts once.
post {service}/usage '{{"id": "jan-1", "customer": "globex", "calls": 12345}}'

# January ends, and the invoice becomes a draft.
post {control}advance '{{"to": "2026-02-01"}}'

# The month end finalizes and sends it. Run it again: nothing is left to send.
SEQUENCE_BASE_URL={sequence} SEQUENCE_CLIENT_ID={id} SEQUENCE_CLIENT_SECRET={secret} \
  {program} month-end 2026-02-01

# The webhook about it has arrived. This is what the customer sees, 85.62 with VAT:
curl -sS -w '\n' {service}/customers/globex/invoices

# The PDF:
id=$(curl -sS {service}/customers/globex/invoices | sed 's/.*"id":"\([^"]*\)".*/\1/')
curl -sS -o invoice.pdf "{service}/customers/globex/invoices/$id/pdf"
"#
    )
}
