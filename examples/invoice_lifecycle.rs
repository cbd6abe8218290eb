//! Takes an invoice from draft to void, as a billing job would.
//!
//! ```text
//! cargo run --features emulator --example invoice_lifecycle
//! ```
//!
//! By default, it runs against the embedded emulator, without credentials or network access. If
//! `SEQUENCE_CLIENT_ID` and `SEQUENCE_CLIENT_SECRET` are set, it runs against the vendor's sandbox, for
//! the customer given with `--customer ID`. It runs against production only with
//! `SEQUENCE_ENVIRONMENT=production` and the flag `--production`, because it creates real invoices.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::{
    Currency, CustomerId, Invoice, InvoiceCreate, InvoiceLineItemCreate, InvoicePatch, InvoiceStatus,
};
use sequencehq::{Client, ClientBuilder, Environment};

const HELP: &str = "usage: invoice_lifecycle [--customer ID] [--production]

  --customer ID   the customer to bill; required unless the emulator is used
  --production    confirm that real invoices may be created in production

If SEQUENCE_CLIENT_ID is not set, the example runs against an emulator in this process. Otherwise it runs against
the vendor's sandbox, or against production with SEQUENCE_ENVIRONMENT=production and --production.";

/// What the example runs against. Dropping it stops the emulator.
struct Stage {
    client: Client,
    customer: CustomerId,
    _emulator: Option<Emulator>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let Some(stage) = set_the_stage().await? else {
        return Ok(());
    };
    let client = &stage.client;

    step("Create a draft with three line items");
    let body = InvoiceCreate::builder()
        .customer_id(&stage.customer)
        .currency(Currency::Gbp)
        .reference("example")
        .memo("Thank you for your business.");
    let draft = client.invoices().create(body).await?;
    show(&draft);
    for (title, quantity, rate) in [
        ("Platform fee", "1", "250.00"),
        ("Seats", "12", "19.90"),
        ("API calls", "10431", "0.0025"),
    ] {
        let line = InvoiceLineItemCreate::builder()
            .title(title)
            .quantity(quantity)
            .rate(rate)
            .tax_rate("0.2")
            .empty_external_ids();
        let line = client.invoice_line_items().create(&draft.id, line).await?;
        println!(
            "  {title:<14} {quantity:>6} x {rate:<8} = {:>9} net, {:>8} tax",
            line.net_total, line.total_tax
        );
    }
    let draft = client
        .invoices()
        .patch(
            &draft.id,
            InvoicePatch::builder().clear_memo().purchase_order_number("PO-7"),
        )
        .await?;

    step("Get the exact totals");
    let totals = client.invoices().get(&draft.id).await?;
    show(&totals);
    assert_eq!(totals.net_total + totals.total_tax, totals.gross_total);

    step("Finalize the invoice and mark it as sent, without e-mails");
    show(&client.invoices().finalize(&draft.id).await?);
    let sent = client.invoices().mark_as_sent(&draft.id).send().await?;
    show(&sent);
    println!(
        "  status {}, API version {}, request id {}",
        sent.status(),
        sent.api_version().unwrap_or("unknown"),
        sent.request_id().unwrap_or("none"),
    );

    step("Download the PDF in chunks");
    let mut pdf = client.invoices().download(&draft.id).await?;
    let (mut pieces, mut bytes) = (0, 0);
    while let Some(piece) = pdf.chunk().await? {
        pieces += 1;
        bytes += piece.len();
    }
    println!(
        "  {bytes} bytes of {} in {pieces} chunk(s)",
        pdf.content_type().unwrap_or("unknown type")
    );

    step("List sent invoices, page by page");
    for number in 1..=4 {
        let body = InvoiceCreate::builder()
            .customer_id(&stage.customer)
            .currency(Currency::Gbp)
            .reference(format!("more-{number}"));
        let more = client.invoices().create(body).await?;
        client.invoices().mark_as_sent(&more.id).await?;
    }
    let mut pages = client
        .invoices()
        .list()
        .customer_id(&stage.customer)
        .invoice_status(InvoiceStatus::Sent)
        .limit(2)
        .pages();
    while let Some(page) = pages.try_next().await? {
        let numbers: Vec<&str> = page
            .items()
            .iter()
            .map(|invoice| invoice.invoice_number.as_deref().unwrap_or("none"))
            .collect();
        println!(
            "  {} of {}: {}",
            page.items().len(),
            page.total().unwrap_or_default(),
            numbers.join(", ")
        );
    }

    step("Void the invoice, and delete a draft");
    show(&client.invoices().void(&draft.id).await?);
    let body = InvoiceCreate::builder()
        .customer_id(&stage.customer)
        .currency(Currency::Eur);
    let mistake = client.invoices().create(body).await?;
    client.invoices().delete(&mistake.id).await?;
    println!("  deleted {}", mistake.id);

    step("Inspect errors");
    let error = client
        .invoices()
        .finalize(&draft.id)
        .await
        .expect_err("a void invoice cannot be finalized");
    println!("  {error}");
    println!(
        "    status {:?}, may have acted: {}",
        error.status(),
        error.may_have_acted()
    );
    let error = client
        .invoices()
        .create(InvoiceCreate::builder().memo("incomplete"))
        .await
        .expect_err("required fields are missing");
    println!("  {error}");
    println!(
        "    invalid input: {}, attempts: {}",
        error.is_invalid_input(),
        error.attempts()
    );
    Ok(())
}

/// Selects emulator, sandbox or production from the environment and the arguments. Returns `None` for `--help`.
async fn set_the_stage() -> Result<Option<Stage>, Box<dyn StdError>> {
    let (mut customer, mut production) = (None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--customer" => customer = Some(arguments.next().ok_or("--customer requires an id")?),
            "--production" => production = true,
            "--help" | "-h" => {
                println!("{HELP}");
                return Ok(None);
            }
            other => return Err(format!("unknown argument `{other}`\n{HELP}").into()),
        }
    }
    if std::env::var_os("SEQUENCE_CLIENT_ID").is_none() {
        let emulator = Emulator::start().await?;
        println!("Running against the embedded emulator at {}", emulator.base_url());
        let customer = emulator.add_customer("Acme Ltd");
        return Ok(Some(Stage {
            client: emulator.client(),
            customer,
            _emulator: Some(emulator),
        }));
    }
    let customer = customer.ok_or("--customer ID is required")?.into();
    let wants_production = std::env::var("SEQUENCE_ENVIRONMENT").is_ok_and(|name| name == "production");
    let builder = ClientBuilder::from_env()?;
    let builder = match (wants_production, production) {
        (true, true) => builder,
        (true, false) => return Err("this creates real invoices; pass --production to confirm".into()),
        // A custom base URL is used as it is.
        _ if std::env::var_os("SEQUENCE_BASE_URL").is_some() => builder,
        _ => builder.environment(Environment::Sandbox),
    };
    let client = builder.build()?;
    println!("Running against {}", client.base_url());
    Ok(Some(Stage {
        client,
        customer,
        _emulator: None,
    }))
}

fn step(title: &str) {
    println!("\n{title}");
}

fn show(invoice: &Invoice) {
    println!(
        "  {:<7} {:<10} net {:>9} + tax {:>8} = gross {:>9} {}",
        invoice.status,
        invoice.invoice_number.as_deref().unwrap_or("-"),
        invoice.net_total,
        invoice.total_tax,
        invoice.gross_total,
        invoice.currency,
    );
}
