//! What the setters of builders and calls accept, and how they report what they do not.

use sequencehq::types::{
    Address, BillingFrequency, BillingType, ContactBillingPreference, ContactInput, CountryCode, Currency,
    CustomerCreate, GraduatedPricing, GraduatedTier, InvoiceLineItemCreate, InvoicePatch, LinearPricing,
    ListPriceCreate, PricingStructure, TaxStatus, UsageCalculationMode,
};
use sequencehq::{BuildError, Error, dec};
use serde_json::json;

use crate::coverage::document_server;
use crate::sample::Shape;

fn customer() -> sequencehq::types::CustomerCreateBuilder {
    CustomerCreate::builder()
        .legal_name("Acme Ltd")
        .tax_status(TaxStatus::Taxed)
        .address(
            Address::builder()
                .line1("1 High Street")
                .town("London")
                .postcode("N1 1AA")
                .country(CountryCode::Gb),
        )
}

fn contact() -> sequencehq::types::ContactInputBuilder {
    ContactInput::builder()
        .name("Ada Byron")
        .email("ada@example.com")
        .billing_preference(ContactBillingPreference::Primary)
}

fn price() -> sequencehq::types::ListPriceCreateBuilder {
    ListPriceCreate::builder()
        .product_id("p-1")
        .name("Transfer")
        .currency(Currency::Gbp)
        .billing_frequency(BillingFrequency::Monthly)
        .billing_type(BillingType::InArrears)
        .empty_integration_ids()
        .empty_custom_metric_parameters()
}

#[tokio::test]
async fn a_builder_is_accepted_wherever_its_value_is() -> Result<(), Error> {
    let built = contact().build()?;
    for contacts in [
        customer().contacts([contact()]),
        customer().contacts([built.clone()]),
        customer().contacts([&built]),
        customer().contacts(vec![contact()]),
        customer().contacts(Some(contact())),
    ] {
        let customer = contacts.build()?;
        assert_eq!(customer.contacts, Some(vec![built.clone()]));
        assert_eq!(customer.address.country, CountryCode::Gb);
    }

    let tiers = [
        GraduatedTier::builder()
            .upper_bound(1_000)
            .price("0.10")
            .is_price_percentage(false),
        GraduatedTier::builder().price("0.08").is_price_percentage(false),
    ];
    let structure = GraduatedPricing::builder()
        .usage_metric_id("m-1")
        .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
        .tiers(tiers);
    let server = document_server(Shape::Minimal).await;
    server
        .client()
        .list_prices()
        .create(price().structure(structure))
        .await?;
    let sent = server.seen().pop().expect("sent").json();
    assert_eq!(sent["structure"]["pricingType"], "GRADUATED");
    assert_eq!(sent["structure"]["tiers"][0]["price"], "0.10");
    Ok(())
}

#[tokio::test]
async fn problems_of_nested_builders_are_reported_by_the_outermost_with_their_path() {
    let tiers = [
        GraduatedTier::builder().price("0.10").is_price_percentage(false),
        GraduatedTier::builder().price("0,08"),
    ];
    let price = price().structure(
        GraduatedPricing::builder()
            .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
            .tiers(tiers),
    );
    let error = price.clone().build().expect_err("incomplete");
    assert_eq!(
        error.missing(),
        [
            "structure.usage_metric_id",
            "structure.tiers[1].is_price_percentage"
        ]
    );
    let invalid: Vec<_> = error.invalid().collect();
    assert_eq!(invalid.len(), 1, "{invalid:?}");
    assert_eq!(invalid[0].0, "structure.tiers[1].price");
    assert!(invalid[0].1.starts_with("`0,08` is not a decimal"), "{invalid:?}");

    let server = document_server(Shape::Minimal).await;
    let failed = server
        .client()
        .list_prices()
        .create(price)
        .await
        .expect_err("incomplete");
    assert!(failed.is_invalid_input() && failed.attempts() == 0, "{failed}");
    assert!(failed.to_string().contains(&error.to_string()), "{failed}");
    assert!(server.seen().is_empty(), "nothing was sent");
}

#[test]
fn a_field_that_is_set_again_keeps_no_earlier_problem() {
    let built = customer()
        .contacts([ContactInput::builder()])
        .contacts([contact()])
        .build();
    assert_eq!(
        built.map(|customer| customer.contacts.map(|contacts| contacts.len())),
        Ok(Some(1))
    );
    let missing = customer()
        .contacts([contact()])
        .contacts([ContactInput::builder()])
        .build();
    assert!(missing.is_err(), "the last value counts");
    let built = customer()
        .contacts([ContactInput::builder()])
        .empty_contacts()
        .build();
    assert_eq!(
        built.map(|customer| customer.contacts.map(|contacts| contacts.len())),
        Ok(Some(0))
    );
}

#[test]
fn a_decimal_is_set_from_text_integers_and_literals_and_nothing_is_rounded() {
    let line = |rate: &str| {
        InvoiceLineItemCreate::builder()
            .title("Seats")
            .quantity(12)
            .tax_rate(dec!(0.2))
            .empty_external_ids()
            .rate(rate)
            .build()
    };
    let json = serde_json::to_value(line("19.90").expect("complete")).expect("encodes");
    assert_eq!(json["rate"], json!("19.90"));
    assert_eq!(
        (&json["quantity"], &json["taxRate"]),
        (&json!("12"), &json!("0.2"))
    );
    for (text, rule) in [
        (
            "19,90",
            "`19,90` is not a decimal: use digits with an optional sign and decimal point",
        ),
        ("", "`` is not a decimal"),
        ("1e3", "`1e3` is not a decimal"),
        (
            "0.33333333333333333333333333333",
            "more digits than a decimal can represent exactly",
        ),
    ] {
        let error: BuildError = line(text).expect_err(text);
        assert!(error.missing().is_empty(), "`rate` was set: {error}");
        let message = error.to_string();
        assert!(
            message.contains("is invalid: `rate`: ") && message.contains(rule),
            "{message}"
        );
    }
}

#[test]
fn an_invalid_value_of_an_optional_field_is_an_error() {
    let tier = || GraduatedTier::builder().price("0.50").is_price_percentage(false);
    assert!(tier().build().is_ok());
    let error = tier().upper_bound("1,000").build().expect_err("no decimal");
    assert!(error.to_string().contains("`upper_bound`: `1,000`"), "{error}");
}

#[tokio::test]
async fn a_decimal_in_a_query_is_checked_like_one_in_a_body() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    client.invoices().list().net_total("19.90").await.expect("listed");
    let target = server.seen().pop().expect("sent").target;
    assert!(target.contains("netTotal=19.90"), "{target}");
    let sent = server.seen().len();
    let error = client
        .invoices()
        .list()
        .net_total("19,90")
        .await
        .expect_err("invalid");
    assert!(error.is_invalid_input() && error.attempts() == 0, "{error}");
    assert!(
        error.to_string().contains("`netTotal`: `19,90` is not a decimal"),
        "{error}"
    );
    assert_eq!(server.seen().len(), sent, "nothing was sent");
}

#[test]
fn an_unset_union_member_is_named_by_the_field_of_the_union() {
    let wrong = LinearPricing::builder();
    let error = price().structure(wrong).build().expect_err("incomplete");
    assert!(
        !error.missing().is_empty() && error.missing().iter().all(|path| path.starts_with("structure.")),
        "{error}"
    );
    let tier = GraduatedTier::builder().price("1").is_price_percentage(false);
    let structure: Result<PricingStructure, BuildError> = GraduatedPricing::builder()
        .usage_metric_id("m-1")
        .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
        .tiers([tier])
        .try_into();
    assert!(matches!(structure, Ok(PricingStructure::Graduated(_))));
}

#[test]
fn a_build_error_converts_into_the_error_of_calls() {
    fn patch() -> Result<InvoicePatch, Error> {
        Ok(InvoicePatch::builder().memo("Thanks").build()?)
    }
    fn body() -> Result<CustomerCreate, Error> {
        Ok(CustomerCreate::builder().legal_name("Acme Ltd").build()?)
    }
    assert!(patch().is_ok());
    let error = body().expect_err("incomplete");
    assert!(error.is_invalid_input() && !error.may_have_acted(), "{error}");
    assert!(error.to_string().contains("address, tax_status"), "{error}");
}
