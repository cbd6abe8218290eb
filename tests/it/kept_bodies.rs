//! The bytes of a response, which are kept if the caller asks for them.

use sequencehq::http::Method;
use sequencehq::types::{Address, CountryCode, CustomerCreate, TaxStatus};
use sequencehq::{ApiVersion, Error};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, Server};

/// A page of invoices, with spaces that no encoder writes.
fn page(after: Option<&str>) -> String {
    let mut page = sample::value(
        &json!({"$ref": "#/components/schemas/InvoicePage"}),
        Shape::Minimal,
    );
    page["pagination"] = json!({ "after": after });
    format!(" {page}\n")
}

async fn server(bodies: &[String]) -> Server {
    let answers = bodies
        .iter()
        .map(|body| Answer::text(200, "application/json", body.as_str()));
    Server::sequence(answers.collect()).await
}

#[tokio::test]
async fn the_bytes_of_a_body_are_kept_if_the_call_asks_for_them() -> Result<(), Error> {
    let body = page(None);
    let server = server(&[body.clone(), body.clone()]).await;
    let invoices = server.client().invoices();
    let response = invoices.list().keep_body(true).send().await?;
    assert_eq!(response.body().map(|body| &body[..]), Some(body.as_bytes()));
    let response = invoices.list().send().await?;
    assert_eq!(response.body(), None);
    Ok(())
}

#[tokio::test]
async fn a_client_keeps_the_bytes_of_all_calls_but_those_that_do_not_want_them() -> Result<(), Error> {
    let body = page(None);
    let server = server(&[body.clone(), body.clone(), body.clone()]).await;
    let client = server.builder().keep_body(true).build().expect("good");
    let response = client.invoices().list().send().await?;
    assert_eq!(response.body().map(|body| &body[..]), Some(body.as_bytes()));
    let response = client.invoices().list().keep_body(false).send().await?;
    assert_eq!(response.body(), None);
    let response = client
        .request(Method::GET, "/invoices")
        .send::<serde_json::Value>()
        .await?;
    assert_eq!(response.body().map(|body| &body[..]), Some(body.as_bytes()));
    Ok(())
}

#[tokio::test]
async fn each_page_of_a_list_has_its_own_bytes() -> Result<(), Error> {
    let bodies = [page(Some("c-1")), page(None)];
    let server = server(&bodies).await;
    let client = server.client();
    let mut pages = client.invoices().list().keep_body(true).pages();
    for body in &bodies {
        let page = pages.try_next().await?.expect("two pages");
        assert_eq!(
            page.response().body().map(|body| &body[..]),
            Some(body.as_bytes())
        );
    }
    assert!(pages.try_next().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn the_body_is_the_whole_one_even_if_the_value_was_taken_out_of_it() -> Result<(), Error> {
    let customer = sample::value(&json!({"$ref": "#/components/schemas/Customer"}), Shape::Minimal);
    let body = json!({ "customer": customer }).to_string();
    let server = server(std::slice::from_ref(&body)).await;
    let address = Address::builder()
        .line1("1 High Street")
        .town("London")
        .postcode("N1 1AA")
        .country(CountryCode::Gb);
    let customer = CustomerCreate::builder()
        .legal_name("Acme Ltd")
        .address(address)
        .tax_status(TaxStatus::Taxed)
        .email("ada@example.com")
        .empty_billing_emails();
    let call = server.client().customers().create(customer);
    let call = call.api_version(ApiVersion::V2024_01_01).keep_body(true);
    let response = call.send().await?;
    assert_eq!(response.body().map(|body| &body[..]), Some(body.as_bytes()));
    Ok(())
}

#[tokio::test]
async fn debug_does_not_print_a_kept_body() -> Result<(), Error> {
    #[derive(Debug, serde::Deserialize)]
    struct Name {
        #[allow(dead_code, reason = "printed")]
        name: String,
    }
    let server = server(&[json!({"name": "Ada", "token": "hush-hush"}).to_string()]).await;
    let call = server.client().request(Method::GET, "/anything").keep_body(true);
    let response = call.send::<Name>().await?;
    assert!(response.body().is_some());
    let shown = format!("{response:?} {response:#?}");
    assert!(shown.contains("Ada") && !shown.contains("hush-hush"), "{shown}");
    Ok(())
}
