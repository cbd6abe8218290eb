//! What Acme sells: plans with a monthly fee, and API calls on top.

use std::collections::BTreeMap;

use sequencehq::types::*;
use sequencehq::{Client, Decimal, dec};

use crate::Error;

/// The plans with their monthly fees.
pub const FEES: [(&str, Decimal); 2] = [("team", dec!(49.00)), ("scale", dec!(199.00))];
/// Calls up to this number cost [`FIRST_RATE`] each, further ones [`RATE`].
pub const FIRST_CALLS: i64 = 10_000;
pub const FIRST_RATE: Decimal = dec!(0.002);
pub const RATE: Decimal = dec!(0.001);
/// The fraction of the net amount.
pub const VAT: Decimal = dec!(0.2);
/// The type of the usage events, and the property with the number of calls.
pub const EVENT: &str = "acme_api_calls";
pub const CALLS: &str = "calls";

const PRODUCT: &str = "Acme";
const TAX: &str = "Acme VAT";

/// The prices of the plans, which [`set_up`] creates.
pub struct Plans {
    fees: BTreeMap<&'static str, PriceId>,
    calls: PriceId,
    tax_rate: TaxRateId,
}

impl Plans {
    pub fn contains(&self, plan: &str) -> bool {
        self.fees.contains_key(plan)
    }

    /// The prices of a plan.
    pub fn prices(&self, plan: &str) -> Option<[&PriceId; 2]> {
        Some([self.fees.get(plan)?, &self.calls])
    }

    pub fn tax(&self, price: &PriceId) -> PriceTaxRateBuilder {
        PriceTaxRate::builder()
            .price_id(price)
            .tax_rate_id(&self.tax_rate)
    }

    /// Finds the prices in Sequence by their names. Returns `None` if [`set_up`] has not created all of them.
    pub async fn find(client: &Client) -> Result<Option<Self>, Error> {
        let mut fees = BTreeMap::new();
        for (plan, _) in FEES {
            let Some(price) = price(client, &fee_name(plan)).await? else {
                return Ok(None);
            };
            fees.insert(plan, price);
        }
        let calls = price(client, "Acme API calls").await?;
        let tax_rate = tax_rate(client).await?;
        Ok(calls.zip(tax_rate).map(|(calls, tax_rate)| Self {
            fees,
            calls,
            tax_rate,
        }))
    }
}

/// Creates what is missing of the plans. It can be repeated after a failure: what exists is found by its name.
///
/// Terms of existing prices never change. For a new fee, add a price with another name.
pub async fn set_up(client: &Client) -> Result<Plans, Error> {
    let product = match product(client).await? {
        Some(product) => product,
        None => {
            client
                .products()
                .create(ProductCreate::builder().name(PRODUCT))
                .await?
                .id
        }
    };
    if tax_rate(client).await?.is_none() {
        let vat = TaxRateCreate::builder()
            .is_published(true)
            .name(TAX)
            .invoice_name("VAT 20 %")
            .invoice_short_name("VAT")
            .amount(VAT)
            .country(CountryCode::Gb);
        client.tax_rates().create(vat).await?;
    }
    for (plan, fee) in FEES {
        ensure_price(
            client,
            &product,
            &fee_name(plan),
            FixedPricing::builder().price(fee),
        )
        .await?;
    }
    let first = GraduatedTier::builder()
        .upper_bound(FIRST_CALLS)
        .price(FIRST_RATE)
        .is_price_percentage(false);
    let rest = GraduatedTier::builder().price(RATE).is_price_percentage(false);
    let graduated = GraduatedPricing::builder()
        .usage_metric_id(metric(client).await?)
        .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
        .tiers([first, rest]);
    ensure_price(client, &product, "Acme API calls", graduated).await?;
    let plans = Plans::find(client).await?;
    plans
        .ok_or_else(|| Error::Stored("the prices that were created are not listed yet; try again".to_owned()))
}

fn fee_name(plan: &str) -> String {
    format!("Acme {plan}, monthly fee")
}

async fn ensure_price(
    client: &Client,
    product: &ProductId,
    name: &str,
    structure: impl TryInto<PricingStructure, Error: Into<sequencehq::BuildError>>,
) -> Result<(), Error> {
    if price(client, name).await?.is_none() {
        let price = PriceCreate::builder()
            .product_id(product)
            .name(name)
            .currency(Currency::Gbp)
            .billing_frequency(BillingFrequency::Monthly)
            .billing_type(BillingType::InArrears)
            .structure(structure);
        client.prices().create(price).await?;
    }
    Ok(())
}

async fn metric(client: &Client) -> Result<UsageMetricId, Error> {
    let mut metrics = client.usage_metrics().list().items();
    if let Some(metric) = metrics.try_find(|metric| metric.event_type == EVENT).await? {
        return Ok(metric.id);
    }
    let metric = UsageMetricCreate::builder()
        .name("Acme API calls")
        .metric_type(MetricType::Simple)
        .event_type(EVENT)
        .aggregation_type(AggregationType::Sum)
        .aggregation_property(CALLS);
    Ok(client.usage_metrics().create(metric).await?.id)
}

// The filter of a list may match more than the whole name.

async fn product(client: &Client) -> Result<Option<ProductId>, Error> {
    let mut products = client.products().list().name(PRODUCT).items();
    let product = products.try_find(|product| product.name == PRODUCT).await?;
    Ok(product.map(|product| product.id))
}

async fn price(client: &Client, name: &str) -> Result<Option<PriceId>, Error> {
    let mut prices = client.prices().list().name(name).items();
    let price = prices.try_find(|price| price.name == name).await?;
    Ok(price.map(|price| price.id))
}

async fn tax_rate(client: &Client) -> Result<Option<TaxRateId>, Error> {
    let mut rates = client.tax_rates().list().items();
    let rate = rates
        .try_find(|rate| rate.name == TAX && !rate.is_archived)
        .await?;
    Ok(rate.map(|rate| rate.id))
}
