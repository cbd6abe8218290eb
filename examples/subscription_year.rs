//! A year in the life of a subscription: sign-up, usage, a price change in July, and twelve invoices.
//!
//! ```text
//! cargo run --features emulator --example subscription_year
//! ```
//!
//! It runs against the embedded emulator, whose clock is advanced month by month. Each invoice is compared with a
//! calculation of its own, to the penny.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{Client, DateTime, Decimal, NaiveDate, dec};

/// Calls up to this number cost [`FIRST_RATE`] each, further ones [`RATE`].
const FIRST_CALLS: i64 = 10_000;
const FIRST_RATE: Decimal = dec!(0.002);
const RATE: Decimal = dec!(0.001);
const TAX_RATE: Decimal = dec!(0.2);

const ALIAS: &str = "acme-42";

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::builder().date(day(2026, 1)).start().await?;
    let client = emulator.client();
    let customer = sign_up(&client, &emulator).await?;
    let catalogue = Catalogue::create(&client).await?;
    let schedule = subscribe(&client, &customer, &catalogue).await?;

    for month in 1..=12 {
        if month == 7 {
            catalogue.change_fee(&client, &schedule).await?;
        }
        report_usage(&client, month).await?;
        // The period closes: the invoice is drafted, finalized and sent.
        emulator.advance_to(day(2026, month + 1))?;
        pay(&client, &customer).await?;
    }
    print_ledger(&client, &customer).await
}

/// The first day of a month; the 13th is January of the next year.
fn day(year: i32, month: u32) -> NaiveDate {
    let (year, month) = if month == 13 { (year + 1, 1) } else { (year, month) };
    NaiveDate::from_ymd_opt(year, month, 1).expect("a month has a first day")
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

async fn sign_up(client: &Client, emulator: &Emulator) -> Result<CustomerId, sequencehq::Error> {
    let customer = emulator.add_customer("Acme Ltd");
    let alias = CustomerAliasCreate::builder().customer_id(&customer).value(ALIAS);
    client.customer_aliases().create(alias).await?;
    Ok(customer)
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
        let tax_rate = TaxRateCreate::builder()
            .is_published(true)
            .name("VAT")
            .invoice_name("VAT 20 %")
            .invoice_short_name("VAT")
            .amount(TAX_RATE)
            .country(CountryCode::Gb);
        Ok(Self {
            fee: client.prices().create(flat).await?.id,
            usage: client.prices().create(usage).await?.id,
            tax_rate: client.tax_rates().create(tax_rate).await?.id,
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
            .start_date(day(2026, 1))
            .end_date(day(2026, 7).pred_opt().expect("a day before July"))
            .price_ids([&self.fee, &self.usage]);
        let second = PhaseInput::builder()
            .start_date(day(2026, 7))
            .price_ids([&new.id, &self.usage]);
        let update = BillingScheduleUpdate::builder()
            .start_date(day(2026, 1))
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
    let phase = PhaseInput::builder().start_date(day(2026, 1)).price_ids(prices);
    let schedule = BillingScheduleCreate::builder()
        .customer_id(customer)
        .start_date(day(2026, 1))
        .phases([phase])
        .tax_rates(catalogue.taxed(&prices))
        .auto_issue_invoices(true)
        .roll_up_billing(false)
        .is_draft(false);
    Ok(client.billing_schedules().create(schedule).await?.id)
}

async fn report_usage(client: &Client, month: u32) -> Result<(), sequencehq::Error> {
    for (week, calls) in (0..).zip(calls(month)) {
        let noon = day(2026, month)
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

/// Marks the sent invoices as paid.
async fn pay(client: &Client, customer: &CustomerId) -> Result<(), sequencehq::Error> {
    let mut unpaid = client
        .invoices()
        .list()
        .customer_id(customer)
        .invoice_status(InvoiceStatus::Sent)
        .invoice_payment_status(InvoicePaymentStatus::Unpaid)
        .items();
    while let Some(invoice) = unpaid.try_next().await? {
        let paid = InvoiceUpdatePaymentStatus::builder().payment_status(InvoicePaymentStatus::Paid);
        client.invoices().update_payment_status(&invoice.id, paid).await?;
    }
    Ok(())
}

/// Prints the invoices of the year, and compares each with a calculation of its own.
async fn print_ledger(client: &Client, customer: &CustomerId) -> Result<(), Box<dyn StdError>> {
    println!("invoice      issued            net       tax     gross  payment");
    let mut sum = Decimal::ZERO;
    let mut invoices = client
        .invoices()
        .list()
        .customer_id(customer)
        .invoice_status(InvoiceStatus::Sent)
        .sort_by(InvoiceSortBy::IssueDate)
        .sort_order(SortOrder::Asc)
        .items();
    for month in 1..=12 {
        let invoice = invoices.try_next().await?.ok_or("an invoice is missing")?;
        println!(
            "{:<12} {} {:>11} {:>9} {:>9}  {}",
            invoice.invoice_number.as_deref().unwrap_or("none"),
            invoice
                .issue_date
                .map_or_else(String::new, |date| date.to_string()),
            invoice.net_total,
            invoice.total_tax,
            invoice.gross_total,
            invoice.payment_status,
        );
        assert_eq!(
            invoice.net_total,
            expected_net(month),
            "the invoice of month {month}"
        );
        assert_eq!(invoice.gross_total, invoice.net_total + invoice.total_tax);
        sum += invoice.gross_total;
    }
    println!("12 invoices, {sum} GBP in all; the calculation of this example agrees with each.");
    Ok(())
}

fn expected_net(month: u32) -> Decimal {
    let calls: i64 = calls(month).iter().sum();
    let first = Decimal::from(calls.min(FIRST_CALLS)) * FIRST_RATE;
    let rest = Decimal::from((calls - FIRST_CALLS).max(0)) * RATE;
    fee(month) + first.round_dp(2) + rest.round_dp(2)
}
