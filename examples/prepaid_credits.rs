//! Prepaid credit that burns down month by month, until usage is billed in money again.
//!
//! ```text
//! cargo run --features emulator --example prepaid_credits
//! ```
//!
//! A customer buys 50,000 calls at a discount, and pays for them at once. What is used is taken from them first; once none are
//! left, calls are charged. The example runs against the embedded emulator, and compares every invoice and every balance
//! with a calculation of its own.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

mod support;

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{Client, Decimal, dec};

use support::{Column, Ledger, VAT, check, day, day_and_number, pay, pence, sent_invoices, sign_up, vat};

const ALIAS: &str = "acme";
const RATE: Decimal = dec!(0.004);
const PREPAID: i64 = 50_000;
/// The prepaid calls would cost 200.00 one by one.
const COST: Decimal = dec!(160.00);
/// The calls of each month.
const CALLS: [i64; 6] = [6_250, 14_000, 11_725, 9_300, 12_480, 15_001];

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::builder().date(day(1, 1)).start().await?;
    let client = emulator.client();
    let customer = sign_up(&client, "Acme Ltd", ALIAS).await?;
    let metric = create_metric(&client).await?;
    subscribe(&client, &customer, &metric).await?;
    buy_credit(&client, &customer, &metric).await?;
    pay(&client, &customer).await?;

    let mut balances = Vec::new();
    for (month, calls) in (1..).zip(CALLS) {
        report_usage(&client, month, calls).await?;
        // The period closes: the invoice is drafted, finalized and sent, and the credit is used.
        emulator.advance_to(day(month + 1, 1))?;
        pay(&client, &customer).await?;
        balances.push(balance(&client, &customer).await?);
    }
    print_ledger(&client, &customer, &balances).await
}

async fn create_metric(client: &Client) -> Result<UsageMetricId, sequencehq::Error> {
    let metric = UsageMetricCreate::builder()
        .name("API calls")
        .metric_type(MetricType::Simple)
        .event_type("calls")
        .aggregation_type(AggregationType::Sum)
        .aggregation_property("count");
    Ok(client.usage_metrics().create(metric).await?.id)
}

async fn subscribe(
    client: &Client,
    customer: &CustomerId,
    metric: &UsageMetricId,
) -> Result<(), sequencehq::Error> {
    let product = client
        .products()
        .create(ProductCreate::builder().name("API"))
        .await?;
    let calls = LinearPricing::builder()
        .usage_metric_id(metric)
        .price_per_unit(RATE)
        .is_price_percentage(false);
    let price = PriceCreate::builder()
        .product_id(&product.id)
        .name("API calls")
        .currency(Currency::Gbp)
        .billing_frequency(BillingFrequency::Monthly)
        .billing_type(BillingType::InArrears)
        .structure(calls);
    let price = client.prices().create(price).await?;
    let tax_rate = vat(client).await?;
    let taxed = PriceTaxRate::builder().price_id(&price.id).tax_rate_id(&tax_rate);
    let schedule = BillingScheduleCreate::builder()
        .customer_id(customer)
        .start_date(day(1, 1))
        .phases([PhaseInput::builder().start_date(day(1, 1)).price_ids([&price.id])])
        .tax_rates([taxed])
        .auto_issue_invoices(true)
        .roll_up_billing(false)
        .is_draft(false);
    client.billing_schedules().create(schedule).await?;
    Ok(())
}

/// Grants the calls, and bills their price.
async fn buy_credit(
    client: &Client,
    customer: &CustomerId,
    metric: &UsageMetricId,
) -> Result<(), Box<dyn StdError>> {
    let mut accounts = client.accounts().list().items();
    let account = accounts
        .try_next()
        .await?
        .ok_or("the credentials have no account")?;
    let grant = CreditCreate::builder()
        .sequence_account_id(&account.id)
        .customer_id(customer)
        .name("Prepaid calls")
        .credit_unit_type(CreditUnitType::Metric)
        .currency(Currency::Gbp)
        .metric_id(metric)
        .amount(PREPAID)
        .cost_of_credit(COST)
        .expiry_date(day(12, 31))
        .create_invoice(true);
    let grant = client.credits().create(grant).await?;
    let mut drafts = client
        .invoices()
        .list()
        .customer_id(customer)
        .invoice_status(InvoiceStatus::Draft)
        .items();
    let draft = drafts.try_next().await?.ok_or("the grant has no invoice")?;
    tax_credit(client, &draft.id, &grant.id).await?;
    client.invoices().finalize_and_send(&draft.id).await?;
    Ok(())
}

/// Adds VAT to the line over the credit: a grant has no tax rate of its own.
async fn tax_credit(
    client: &Client,
    invoice: &InvoiceId,
    grant: &CreditGrantId,
) -> Result<(), Box<dyn StdError>> {
    let mut lines = client.invoice_line_items().list(invoice).items();
    let line = lines.try_next().await?.ok_or("the invoice has no line")?;
    let taxed = InvoiceLineItemUpdate::builder()
        .title(line.title)
        .quantity(line.quantity)
        .rate(line.rate)
        .tax_rate(VAT)
        .credit_grant_id(grant)
        .empty_external_ids();
    client
        .invoice_line_items()
        .update(invoice, &line.id, taxed)
        .await?;
    Ok(())
}

async fn report_usage(client: &Client, month: u32, calls: i64) -> Result<(), sequencehq::Error> {
    let noon = day(month, 15)
        .and_hms_opt(12, 0, 0)
        .expect("noon is a time")
        .and_utc();
    let event = UsageEventCreate::builder()
        .customer_alias(ALIAS)
        .event_type("calls")
        .customer_event_id(format!("2026-{month:02}"))
        .event_timestamp(noon)
        .event_properties([("count", calls)]);
    client.usage_events().create(event).await?;
    Ok(())
}

/// The calls that are left, which is the sum of the customer's credit ledger.
async fn balance(client: &Client, customer: &CustomerId) -> Result<Decimal, Box<dyn StdError>> {
    let balances = client.credits().balance_list(customer).await?.items;
    let balance = balances.first().ok_or("the customer has no credit")?;
    let rows = balance.transactions.iter();
    let sum = rows
        .map(|row| match row.type_ {
            CreditTransactionType::Credit => row.amount,
            _ => -row.amount,
        })
        .sum();
    check("the balance", balance.balance, sum)?;
    Ok(sum)
}

/// Prints the invoices, and compares each with the calculation.
async fn print_ledger(
    client: &Client,
    customer: &CustomerId,
    balances: &[Decimal],
) -> Result<(), Box<dyn StdError>> {
    let columns = [
        Column::Left("issued"),
        Column::Left("invoice"),
        Column::Right("calls"),
        Column::Right("prepaid"),
        Column::Right("left"),
        Column::Right("charged"),
        Column::Right("net"),
        Column::Right("tax"),
        Column::Right("gross"),
        Column::Left("payment"),
    ];
    let mut ledger = Ledger::new("Prepaid calls of Acme Ltd, in GBP", columns);
    let mut sums = [Decimal::ZERO; 3];
    let invoices = sent_invoices(client, customer).await?;
    // The first invoice is the one over the credit.
    let bought = (0, 0, PREPAID, COST);
    let rows = [bought].into_iter().chain(expected());
    if invoices.len() != 1 + CALLS.len() {
        return Err(format!("there are {} invoices", invoices.len()).into());
    }
    for (place, (invoice, (calls, used, left, net))) in invoices.iter().zip(rows).enumerate() {
        let tax = pence(net * VAT);
        let amounts = [invoice.net_total, invoice.total_tax, invoice.gross_total];
        for (amount, calculated) in amounts.into_iter().zip([net, tax, net + tax]) {
            check(format!("invoice {}", place + 1), amount, calculated)?;
        }
        if let Some(balance) = place.checked_sub(1).and_then(|month| balances.get(month)) {
            check(format!("the balance of month {place}"), *balance, left.into())?;
        }
        let (issued, number) = day_and_number(invoice);
        let [net, tax, gross] = amounts.map(|amount| amount.to_string());
        let [calls, used, left, charged] = [calls, used, left, calls - used].map(|count| count.to_string());
        let payment = invoice.payment_status.to_string();
        ledger.row([
            issued, number, calls, used, left, charged, net, tax, gross, payment,
        ]);
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
    }
    let calls: i64 = CALLS.iter().sum();
    let [net, tax, gross] = sums.map(|sum| sum.to_string());
    let [calls, used, charged] = [calls, PREPAID, calls - PREPAID].map(|count| count.to_string());
    let [total, count] = ["total".to_owned(), format!("{} invoices", invoices.len())];
    let [left, payment] = ["0".to_owned(), String::new()];
    ledger.print([total, count, calls, used, left, charged, net, tax, gross, payment]);
    println!("\nEach amount and balance is the one of the calculation.");
    Ok(())
}

/// Calls, those of them that are prepaid, what is left, and the net amount of each month.
fn expected() -> Vec<(i64, i64, i64, Decimal)> {
    let mut left = PREPAID;
    let month = |calls: i64| {
        let used = calls.min(left);
        left -= used;
        // The invoice has a line over all calls, and one that takes the prepaid ones back.
        let all = pence(Decimal::from(calls) * RATE);
        let prepaid = pence(Decimal::from(used) * RATE);
        (calls, used, left, all - prepaid)
    };
    CALLS.into_iter().map(month).collect()
}
