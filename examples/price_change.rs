//! A price change in the middle of a year, and of a month.
//!
//! ```text
//! cargo run --features emulator --example price_change
//! ```
//!
//! Seats cost 20.00 a month, and 24.00 from 16 July on. The schedule that bills them is replaced while it runs: its phase ends on
//! 15 July, and a second one begins with the new price. Invoices that were issued stay as they are, and both parts of
//! July are charged by their days. The example runs against the embedded emulator, and compares every invoice with a
//! calculation of its own, day by day.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

mod support;

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{Client, Decimal, NaiveDate, dec};

use support::{Column, Ledger, VAT, check, day, day_and_number, pay, pence, sent_invoices, sign_up, vat};

const ALIAS: &str = "acme";
const SEAT_TYPE: &str = "editor";
const OLD_PRICE: Decimal = dec!(20.00);
const NEW_PRICE: Decimal = dec!(24.00);

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::builder().date(day(1, 1)).start().await?;
    let client = emulator.client();
    let customer = sign_up(&client, "Acme Ltd", ALIAS).await?;
    let plan = Plan::create(&client).await?;
    report_seats(&client, day(1, 1)).await?;
    let schedule = plan.subscribe(&client, &customer).await?;
    for month in 1..=12 {
        if month == 4 {
            emulator.advance_to(day(4, 11))?;
            report_seats(&client, day(4, 11)).await?;
        }
        if month == 7 {
            emulator.advance_to(day(7, 2))?;
            let before = sent_invoices(&client, &customer).await?;
            plan.change_price(&client, &schedule).await?;
            if sent_invoices(&client, &customer).await? != before {
                return Err("an issued invoice has changed".into());
            }
        }
        emulator.advance_to(day(month + 1, 1))?;
        pay(&client, &customer).await?;
    }
    print_ledger(&client, &customer).await
}

/// Two seats are added on 11 April.
fn seats_on(date: NaiveDate) -> i64 {
    if date < day(4, 11) { 10 } else { 12 }
}

fn price_on(date: NaiveDate) -> Decimal {
    if date < day(7, 16) { OLD_PRICE } else { NEW_PRICE }
}

/// What is sold, and the tax on it.
struct Plan {
    product: ProductId,
    metric: SeatMetricId,
    old: PriceId,
    tax_rate: TaxRateId,
}

impl Plan {
    async fn create(client: &Client) -> Result<Self, sequencehq::Error> {
        let metric = SeatMetricCreate::builder().seat_type(SEAT_TYPE).label("Editors");
        let metric = client.seat_metrics().create(metric).await?.id;
        let product = client
            .products()
            .create(ProductCreate::builder().name("Editor"))
            .await?
            .id;
        Ok(Self {
            old: seat_price(client, &product, &metric, OLD_PRICE).await?,
            tax_rate: vat(client).await?,
            metric,
            product,
        })
    }

    async fn subscribe(
        &self,
        client: &Client,
        customer: &CustomerId,
    ) -> Result<BillingScheduleId, sequencehq::Error> {
        let phase = PhaseInput::builder().start_date(day(1, 1)).price_ids([&self.old]);
        let schedule = BillingScheduleCreate::builder()
            .customer_id(customer)
            .start_date(day(1, 1))
            .phases([phase])
            .tax_rates([self.taxed(&self.old)])
            .auto_issue_invoices(true)
            .roll_up_billing(false)
            .is_draft(false);
        Ok(client.billing_schedules().create(schedule).await?.id)
    }

    /// Ends the phase on 15 July, and adds a second one with the new price.
    ///
    /// An update replaces the schedule, so it also has what stays as it is.
    async fn change_price(
        &self,
        client: &Client,
        schedule: &BillingScheduleId,
    ) -> Result<(), sequencehq::Error> {
        let new = seat_price(client, &self.product, &self.metric, NEW_PRICE).await?;
        let first = PhaseInput::builder()
            .start_date(day(1, 1))
            .end_date(day(7, 15))
            .price_ids([&self.old]);
        // Periods still end with the month, so the first one of this phase has 16 days.
        let second = PhaseInput::builder()
            .start_date(day(7, 16))
            .recurrence_preference(PhaseRecurrencePreference::ContinueFromPreviousPhase)
            .price_ids([&new]);
        let update = BillingScheduleUpdate::builder()
            .start_date(day(1, 1))
            .phases([first, second])
            .tax_rates([self.taxed(&self.old), self.taxed(&new)])
            .auto_issue_invoices(true)
            .roll_up_billing(false);
        client.billing_schedules().update(schedule, update).await?;
        Ok(())
    }

    fn taxed(&self, price: &PriceId) -> PriceTaxRateBuilder {
        PriceTaxRate::builder()
            .price_id(price)
            .tax_rate_id(&self.tax_rate)
    }
}

/// Creates a monthly price in arrears, which charges each seat for the days that it exists.
async fn seat_price(
    client: &Client,
    product: &ProductId,
    metric: &SeatMetricId,
    price: Decimal,
) -> Result<PriceId, sequencehq::Error> {
    let seats = SeatBasedPricing::builder()
        .seat_metric_id(metric)
        .price_per_seat(price)
        .proration_strategy(SeatProrationStrategy::ProrateAllChanges)
        .contracted_minimum_seats(0)
        .empty_tiers();
    let price = PriceCreate::builder()
        .product_id(product)
        .name("Editors")
        .currency(Currency::Gbp)
        .billing_frequency(BillingFrequency::Monthly)
        .billing_type(BillingType::InArrears)
        .structure(seats);
    Ok(client.prices().create(price).await?.id)
}

/// Reports how many seats the customer has from this day on.
async fn report_seats(client: &Client, date: NaiveDate) -> Result<(), sequencehq::Error> {
    let midnight = date.and_hms_opt(0, 0, 0).expect("midnight is a time").and_utc();
    let event = SeatEventCreate::builder()
        .customer_alias(ALIAS)
        .seat_type(SEAT_TYPE)
        .customer_event_id(format!("seats-{date}"))
        .event_timestamp(midnight)
        .total(seats_on(date));
    client.seat_events().create(event).await?;
    Ok(())
}

/// The first and last day of each period: the months, and two parts of July.
fn periods() -> Vec<(NaiveDate, NaiveDate)> {
    let mut starts: Vec<NaiveDate> = (1..=13).map(|month| day(month, 1)).collect();
    starts.insert(7, day(7, 16));
    let ends = starts
        .iter()
        .skip(1)
        .map(|next| next.pred_opt().expect("a day before"));
    starts.iter().copied().zip(ends).collect()
}

/// What a period costs: each seat the price of its day, which is a part of the month.
fn expected_net(first: NaiveDate, last: NaiveDate) -> Decimal {
    use sequencehq::chrono::Datelike as _;

    let days = first.iter_days().take_while(|date| *date <= last);
    let monthly: Decimal = days
        .map(|date| Decimal::from(seats_on(date)) * price_on(date))
        .sum();
    let in_month = (day(first.month() + 1, 1) - day(first.month(), 1)).num_days();
    pence(monthly / Decimal::from(in_month))
}

/// Prints the invoices of the year, and compares each with the calculation.
async fn print_ledger(client: &Client, customer: &CustomerId) -> Result<(), Box<dyn StdError>> {
    let columns = [
        Column::Left("issued"),
        Column::Left("invoice"),
        Column::Left("period"),
        Column::Right("seats"),
        Column::Right("price"),
        Column::Right("net"),
        Column::Right("tax"),
        Column::Right("gross"),
        Column::Left("payment"),
    ];
    let mut ledger = Ledger::new("Invoices of Acme Ltd in 2026, in GBP", columns);
    let mut sums = [Decimal::ZERO; 3];
    let (invoices, periods) = (sent_invoices(client, customer).await?, periods());
    if invoices.len() != periods.len() {
        return Err(format!("{} invoices for {} periods", invoices.len(), periods.len()).into());
    }
    for (invoice, (first, last)) in invoices.iter().zip(periods) {
        let net = expected_net(first, last);
        let tax = pence(net * VAT);
        let amounts = [invoice.net_total, invoice.total_tax, invoice.gross_total];
        for (amount, calculated) in amounts.into_iter().zip([net, tax, net + tax]) {
            check(format!("{first} to {last}"), amount, calculated)?;
        }
        let (issued, number) = day_and_number(invoice);
        let seats = match (seats_on(first), seats_on(last)) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}, {last}"),
        };
        let [net, tax, gross] = amounts.map(|amount| amount.to_string());
        let period = format!("{} to {}", first.format("%d %b"), last.format("%d %b"));
        let payment = invoice.payment_status.to_string();
        let price = price_on(first).to_string();
        ledger.row([issued, number, period, seats, price, net, tax, gross, payment]);
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
    }
    let [net, tax, gross] = sums.map(|sum| sum.to_string());
    let [total, count] = ["total".to_owned(), format!("{} invoices", invoices.len())];
    let empty = String::new;
    ledger.print([total, count, empty(), empty(), empty(), net, tax, gross, empty()]);
    println!(
        "\nEach amount is the one of the calculation, and the price change left all issued invoices as they were."
    );
    Ok(())
}
