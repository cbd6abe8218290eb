//! A year in the life of a subscription: sign-up, usage, a new fee in July, and twelve paid invoices.
//!
//! ```text
//! cargo run --features emulator --example subscription_year
//! ```
//!
//! It runs against the embedded emulator, whose clock is advanced month by month. Each invoice is compared with a
//! calculation of its own, to the penny.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

mod support;

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{Client, DateTime, Decimal, dec};

use support::{Column, Ledger, VAT, check, day, day_and_number, pay, pence, sent_invoices, sign_up, vat};

/// Calls up to this number cost [`FIRST_RATE`] each, further ones [`RATE`].
const FIRST_CALLS: i64 = 10_000;
const FIRST_RATE: Decimal = dec!(0.002);
const RATE: Decimal = dec!(0.001);

const ALIAS: &str = "acme-42";

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::builder().date(day(1, 1)).start().await?;
    let client = emulator.client();
    let customer = sign_up(&client, "Acme Ltd", ALIAS).await?;
    let catalogue = Catalogue::create(&client).await?;
    let schedule = subscribe(&client, &customer, &catalogue).await?;

    for month in 1..=12 {
        if month == 7 {
            catalogue.change_fee(&client, &schedule).await?;
        }
        report_usage(&client, month).await?;
        // The period closes: the invoice is drafted, finalized and sent.
        emulator.advance_to(day(month + 1, 1))?;
        pay(&client, &customer).await?;
    }
    print_ledger(&client, &customer).await
}

/// The monthly fee in a month of the year.
fn fee(month: u32) -> Decimal {
    if month < 7 { dec!(250.00) } else { dec!(300.00) }
}

/// The calls of a month, in four reports.
fn calls(month: u32) -> [i64; 4] {
    let calls = i64::from(month);
    [1_000 * calls, 500 * calls, 1_200, 333]
}

/// What is sold, and the tax on it.
struct Catalogue {
    product: ProductId,
    fee: PriceId,
    usage: PriceId,
    tax_rate: TaxRateId,
}

impl Catalogue {
    async fn create(client: &Client) -> Result<Self, sequencehq::Error> {
        let metric = UsageMetricCreate::builder()
            .name("API calls")
            .metric_type(MetricType::Simple)
            .event_type("calls")
            .aggregation_type(AggregationType::Sum)
            .aggregation_property("count");
        let metric = client.usage_metrics().create(metric).await?;
        let product = client
            .products()
            .create(ProductCreate::builder().name("Platform"))
            .await?;
        let first = GraduatedTier::builder()
            .upper_bound(FIRST_CALLS)
            .price(FIRST_RATE)
            .is_price_percentage(false);
        let rest = GraduatedTier::builder().price(RATE).is_price_percentage(false);
        let usage = GraduatedPricing::builder()
            .usage_metric_id(&metric.id)
            .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
            .tiers([first, rest]);
        let usage = price(&product.id, "API calls").structure(usage);
        let flat = price(&product.id, "Platform fee").structure(FixedPricing::builder().price(fee(1)));
        Ok(Self {
            fee: client.prices().create(flat).await?.id,
            usage: client.prices().create(usage).await?.id,
            tax_rate: vat(client).await?,
            product: product.id,
        })
    }

    fn taxed(&self, prices: &[&PriceId]) -> Vec<PriceTaxRateBuilder> {
        let taxed = |price: &&PriceId| {
            PriceTaxRate::builder()
                .price_id(*price)
                .tax_rate_id(&self.tax_rate)
        };
        prices.iter().map(taxed).collect()
    }

    /// Replaces the fee from July on: the first phase ends, and a second one begins.
    async fn change_fee(
        &self,
        client: &Client,
        schedule: &BillingScheduleId,
    ) -> Result<(), sequencehq::Error> {
        let structure = FixedPricing::builder().price(fee(7));
        let new = client
            .prices()
            .create(price(&self.product, "Platform fee").structure(structure))
            .await?;
        let first = PhaseInput::builder()
            .start_date(day(1, 1))
            .end_date(day(6, 30))
            .price_ids([&self.fee, &self.usage]);
        let second = PhaseInput::builder()
            .start_date(day(7, 1))
            .price_ids([&new.id, &self.usage]);
        let update = BillingScheduleUpdate::builder()
            .start_date(day(1, 1))
            .phases([first, second])
            .tax_rates(self.taxed(&[&self.fee, &new.id, &self.usage]))
            .auto_issue_invoices(true)
            .roll_up_billing(false);
        client.billing_schedules().update(schedule, update).await?;
        Ok(())
    }
}

fn price(product: &ProductId, name: &str) -> PriceCreateBuilder {
    PriceCreate::builder()
        .product_id(product)
        .name(name)
        .currency(Currency::Gbp)
        .billing_frequency(BillingFrequency::Monthly)
        .billing_type(BillingType::InArrears)
}

async fn subscribe(
    client: &Client,
    customer: &CustomerId,
    catalogue: &Catalogue,
) -> Result<BillingScheduleId, sequencehq::Error> {
    let prices = [&catalogue.fee, &catalogue.usage];
    let phase = PhaseInput::builder().start_date(day(1, 1)).price_ids(prices);
    let schedule = BillingScheduleCreate::builder()
        .customer_id(customer)
        .start_date(day(1, 1))
        .phases([phase])
        .tax_rates(catalogue.taxed(&prices))
        .auto_issue_invoices(true)
        .roll_up_billing(false)
        .is_draft(false);
    Ok(client.billing_schedules().create(schedule).await?.id)
}

async fn report_usage(client: &Client, month: u32) -> Result<(), sequencehq::Error> {
    for (week, calls) in (0..).zip(calls(month)) {
        let noon = day(month, 1)
            .and_hms_opt(12, 0, 0)
            .expect("noon is a time")
            .and_utc();
        let timestamp: DateTime<_> = noon + std::time::Duration::from_secs(week * 7 * 24 * 3_600);
        let event = UsageEventCreate::builder()
            .customer_alias(ALIAS)
            .event_type("calls")
            .customer_event_id(format!("2026-{month:02}-{week}"))
            .event_timestamp(timestamp)
            .event_properties([("count", calls)]);
        client.usage_events().create(event).await?;
    }
    Ok(())
}

/// Prints the invoices of the year, and compares each with a calculation of its own.
async fn print_ledger(client: &Client, customer: &CustomerId) -> Result<(), Box<dyn StdError>> {
    let columns = [
        Column::Left("issued"),
        Column::Left("invoice"),
        Column::Right("fee"),
        Column::Right("calls"),
        Column::Right("net"),
        Column::Right("tax"),
        Column::Right("gross"),
        Column::Left("payment"),
    ];
    let mut ledger = Ledger::new("Invoices of Acme Ltd in 2026, in GBP", columns);
    let mut sums = [Decimal::ZERO; 3];
    let invoices = sent_invoices(client, customer).await?;
    if invoices.len() != 12 {
        return Err(format!("there are {} invoices", invoices.len()).into());
    }
    for (month, invoice) in (1..).zip(&invoices) {
        let amounts = [invoice.net_total, invoice.total_tax, invoice.gross_total];
        for (amount, calculated) in amounts.into_iter().zip(expected(month)) {
            check(format!("the invoice of month {month}"), amount, calculated)?;
        }
        if invoice.payment_status != InvoicePaymentStatus::Paid {
            return Err(format!("the invoice of month {month} is not paid").into());
        }
        let (issued, number) = day_and_number(invoice);
        let [net, tax, gross] = amounts.map(|amount| amount.to_string());
        let [fee, calls] = [
            fee(month).to_string(),
            calls(month).iter().sum::<i64>().to_string(),
        ];
        let payment = invoice.payment_status.to_string();
        ledger.row([issued, number, fee, calls, net, tax, gross, payment]);
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
    }
    let [net, tax, gross] = sums.map(|sum| sum.to_string());
    let [total, count] = ["total".to_owned(), format!("{} invoices", invoices.len())];
    let empty = String::new;
    ledger.print([total, count, empty(), empty(), net, tax, gross, empty()]);
    println!("\nEach amount is the one of the calculation.");
    Ok(())
}

/// Net, tax and gross of a month. Tax is rounded line by line.
fn expected(month: u32) -> [Decimal; 3] {
    let calls: i64 = calls(month).iter().sum();
    let first = Decimal::from(calls.min(FIRST_CALLS)) * FIRST_RATE;
    let rest = Decimal::from((calls - FIRST_CALLS).max(0)) * RATE;
    let lines = [fee(month), pence(first), pence(rest)];
    let net: Decimal = lines.iter().sum();
    let tax: Decimal = lines.iter().map(|line| pence(line * VAT)).sum();
    [net, tax, net + tax]
}
