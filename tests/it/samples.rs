//! Samples of the types of responses and requests.

use std::collections::BTreeSet;
use std::fmt::Debug;

use sequencehq::types::*;
use sequencehq::{BuildError, Decimal, dec};
use sequencehq_document::model::{self, Success};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::document::{self, DOCUMENT};

type Sample = (&'static str, fn() -> Value);

/// Every sample as the build listed it, encoded.
fn every_sample() -> Vec<(&'static str, Value)> {
    #[allow(deprecated, reason = "deprecated types have samples too")]
    let samples: &[Sample] = &include!(concat!(env!("OUT_DIR"), "/every_sample.rs"));
    samples.iter().map(|(name, sample)| (*name, sample())).collect()
}

/// Encodes a sample, after it was decoded again.
fn checked<T: Serialize + DeserializeOwned + PartialEq + Debug>(sample: T) -> Value {
    let json = serde_json::to_string(&sample).expect("samples encode");
    let decoded: T = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(decoded, sample);
    serde_json::from_str(&json).expect("it is JSON")
}

/// Encodes the sample of a body.
fn built<T: Serialize + DeserializeOwned + PartialEq + Debug>(sample: Result<T, BuildError>) -> Value {
    checked(sample.expect("it has what is required"))
}

/// Calls `visit` for every object in a value, with the path to it.
fn objects(path: &str, value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            visit(path, value);
            for (name, field) in fields {
                objects(&format!("{path}.{name}"), field, visit);
            }
        }
        Value::Array(items) => {
            for item in items {
                objects(path, item, visit);
            }
        }
        _ => {}
    }
}

#[test]
fn every_type_of_a_response_and_every_object_of_a_request_has_a_sample() {
    let sampled: BTreeSet<&str> = every_sample().into_iter().map(|(name, _)| name).collect();
    let responses = model::response_schemas(&DOCUMENT);
    let schemas = &DOCUMENT["components"]["schemas"];
    let is_object = |name: &&str| {
        let schema = &schemas[name];
        schema.get("properties").is_some() || schema.get("oneOf").is_some()
    };
    let requests = model::request_schemas(&DOCUMENT);
    let is_struct = |name: &&str| schemas[name].get("properties").is_some();
    let received = responses.iter().map(String::as_str).filter(is_object);
    let sent = requests.iter().map(String::as_str).filter(is_struct);
    let expected: BTreeSet<&str> = received.chain(sent).collect();
    assert_eq!(sampled, expected);
    for operation in document::operations() {
        if let Success::Json(schema) = &operation.success {
            assert!(sampled.contains(schema.as_str()), "{}", operation.id);
        }
    }
}

#[test]
fn every_sample_fits_its_schema() {
    let tags = discriminators();
    for (name, mut sample) in every_sample() {
        // The type of a member has no discriminator: the union writes it.
        if let Some((tag, kind)) = tags
            .iter()
            .find_map(|(member, tag, kind)| (*member == name).then_some((tag, kind)))
        {
            sample[tag.as_str()] = json!(kind);
        }
        let schema = json!({
            "$ref": model::schema_reference(name),
            "components": { "schemas": DOCUMENT["components"]["schemas"] },
        });
        let validator =
            jsonschema::validator_for(&schema).expect("the schemas of the document are JSON schemas");
        let errors: Vec<String> = validator
            .iter_errors(&sample)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

/// The members of unions, with the name and the value of their discriminators.
fn discriminators() -> Vec<(&'static str, String, &'static str)> {
    let unions = model::schemas(&DOCUMENT).filter(|(_, schema)| schema.get("oneOf").is_some());
    let members = unions.flat_map(|(_, schema)| {
        let tag = schema["discriminator"]["propertyName"].as_str().expect("a name");
        let mapping = schema["discriminator"]["mapping"].as_object().expect("a mapping");
        mapping.iter().map(move |(kind, target)| {
            let member = model::last_segment(target.as_str().expect("a reference"));
            (member, tag.to_owned(), kind.as_str())
        })
    });
    members.collect()
}

#[test]
fn amounts_add_up() {
    let amount = |object: &Value, name: &str| -> Option<Decimal> { object[name].as_str()?.parse().ok() };
    let (mut totals, mut lines) = (0, 0);
    for (name, sample) in every_sample() {
        objects(name, &sample, &mut |path, object| {
            let amounts = ["netTotal", "totalTax", "grossTotal"].map(|name| amount(object, name));
            let [Some(net), Some(tax), Some(gross)] = amounts else {
                return;
            };
            assert_eq!(net + tax, gross, "{path}");
            totals += 1;
            let line = ["quantity", "rate", "taxRate"].map(|name| amount(object, name));
            if let [Some(quantity), Some(rate), Some(tax_rate)] = line {
                assert_eq!((quantity * rate, net * tax_rate), (net, tax), "{path}");
                lines += 1;
            }
        });
    }
    assert!(totals > 10 && lines >= 4, "{totals} {lines}");
}

#[test]
fn dates_are_in_order() {
    let mut compared = 0;
    for (name, sample) in every_sample() {
        objects(name, &sample, &mut |path, object| {
            for (earlier, later) in [
                ("createdAt", "updatedAt"),
                ("createdAt", "archivedAt"),
                ("startDate", "endDate"),
                ("start", "endInclusive"),
                ("issueDate", "dueDate"),
                ("effectiveDate", "expiryDate"),
                ("paidAt", "allocatedAt"),
            ] {
                if let (Some(first), Some(second)) = (object[earlier].as_str(), object[later].as_str()) {
                    assert!(first <= second, "{path}: {earlier} {first}, {later} {second}");
                    compared += 1;
                }
            }
        });
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn samples_refer_to_each_other() {
    let (invoice, customer) = (Invoice::sample(), Customer::sample());
    let line_item = InvoiceLineItem::sample();
    assert_eq!(line_item.invoice_id, invoice.id);
    assert_eq!(invoice.customer_id, customer.id);
    assert_eq!(invoice.id, InvoiceId::sample());
    assert_eq!(
        (line_item.net_total, line_item.gross_total),
        (invoice.net_total, invoice.gross_total)
    );
    let schedule = BillingSchedule::sample();
    assert_eq!(schedule.customer_id, customer.id);
    assert_eq!(schedule.phases[0].price_ids, [schedule.prices[0].id.clone()]);
    assert_ne!(invoice.id.as_str(), customer.id.as_str());
}

#[test]
fn a_person_in_billing_would_believe_these() {
    fn pretty(sample: &impl Serialize) -> String {
        serde_json::to_string_pretty(sample).expect("samples encode")
    }
    insta::assert_snapshot!("sample_invoice", pretty(&Invoice::sample()));
    insta::assert_snapshot!("sample_customer", pretty(&Customer::sample()));
    insta::assert_snapshot!("sample_billing_schedule", pretty(&BillingSchedule::sample()));
}

#[test]
fn setters_change_a_sample_and_convert_as_those_of_builders_do() {
    let invoice = Invoice::sample()
        .with_status(InvoiceStatus::Sent)
        .with_invoice_number("SEQ-0007")
        .with_net_total("250.00")
        .with_gross_total(300)
        .with_customer_billing_address(Address::sample().with_town("Leeds"))
        .with_customer_emails(["ada@acme.example"]);
    assert_eq!(invoice.status, InvoiceStatus::Sent);
    assert_eq!(invoice.invoice_number.as_deref(), Some("SEQ-0007"));
    assert_eq!(
        (invoice.net_total, invoice.gross_total),
        (dec!(250.00), dec!(300))
    );
    assert_eq!(invoice.customer_billing_address.town, "Leeds");
    assert_eq!(invoice.customer_emails, Some(vec!["ada@acme.example".to_owned()]));
    assert_eq!(
        invoice.total_tax,
        Invoice::sample().total_tax,
        "what is not set stays"
    );
}

#[test]
#[should_panic(expected = "Invoice is invalid: `net_total`: `1,5` is not a decimal")]
fn a_value_that_does_not_convert_panics_with_its_field() {
    let _ = Invoice::sample().with_net_total("1,5");
}

#[test]
fn a_sample_can_have_fields_of_the_future() {
    let invoice = Invoice::sample().with_extra("mood", json!({"of": "the customer"}));
    assert_eq!(checked(invoice.clone())["mood"]["of"], "the customer");
    assert_eq!(invoice.extra().len(), 1);
    assert!(
        Invoice::sample().extra().is_empty(),
        "the document has every field of a sample"
    );
}

#[test]
#[should_panic(expected = "Invoice is invalid: `extra[\"status\"]`: Invoice has this field")]
fn a_field_of_the_type_is_no_field_of_the_future() {
    let _ = Invoice::sample().with_extra("status", "SENT");
}

#[test]
#[should_panic(expected = "Invoice is missing required fields: customer_billing_address.line1")]
fn a_nested_builder_that_is_incomplete_panics_with_the_path() {
    let _ = Invoice::sample().with_customer_billing_address(Address::builder());
}

#[test]
fn a_page_has_the_given_items_and_no_next_page() {
    let paid = Invoice::sample().with_payment_status(InvoicePaymentStatus::Paid);
    let page = InvoicePage::sample_of([Invoice::sample(), paid.clone()]);
    assert_eq!(page.items, [Invoice::sample(), paid]);
    assert_eq!(page.pagination.total_result_size, Some(2));
    assert_eq!(page.pagination.after, None);
    let page = InvoicePage::sample();
    assert_eq!(
        (page.items.len(), page.pagination.total_result_size),
        (1, Some(1))
    );
    // A list without pages.
    assert_eq!(ContactList::sample_of([Contact::sample()]).items.len(), 1);
}

#[test]
fn a_union_has_a_sample_for_each_variant() {
    let samples = PricingStructure::samples();
    let kinds: BTreeSet<&str> = samples.iter().map(PricingStructure::kind).collect();
    let mapping = &DOCUMENT["components"]["schemas"]["PricingStructure"]["discriminator"]["mapping"];
    let expected: BTreeSet<&str> = mapping
        .as_object()
        .expect("a mapping")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(kinds, expected);
    assert_eq!(samples.len(), expected.len());
    for sample in samples {
        let price = Price::sample().with_structure(sample.clone());
        assert_eq!(checked(price)["structure"]["pricingType"], sample.kind());
    }
}

#[cfg(feature = "webhook")]
mod events {
    use sequencehq::types::{Invoice, NotificationType};
    use sequencehq::webhook::{Event, Resource, Secret, Signer, Verifier};

    #[test]
    fn every_type_of_event_has_a_sample_that_a_receiver_accepts() {
        let secret = Secret::new("whsec_example").expect("a secret");
        let (signer, verifier) = (Signer::new(secret.clone()), Verifier::new(secret));
        assert!(NotificationType::KNOWN.len() >= 20);
        for notification_type in NotificationType::KNOWN {
            let event = Event::sample(notification_type);
            let body = event.json().as_bytes();
            let received = verifier
                .verify_and_parse(Some(&signer.sign(body)), body)
                .unwrap_or_else(|error| panic!("{notification_type}: {error}"));
            assert_eq!(received.notification_type(), notification_type);
            let name = notification_type.as_str();
            let id = match received.resource() {
                None => None,
                Some(Resource::Invoice(it)) if name.starts_with("INVOICE_") => Some(it.id.as_str()),
                Some(Resource::Customer(it)) if name.starts_with("CUSTOMER_") => Some(it.id.as_str()),
                Some(Resource::BillingSchedule(it)) if name.starts_with("BILLING_") => Some(it.id.as_str()),
                Some(Resource::CreditNote(it)) if name.starts_with("CREDIT_") => Some(it.id.as_str()),
                Some(Resource::Quote(it)) if name.starts_with("QUOTE_") => Some(it.id.as_str()),
                other => panic!("{notification_type}: {other:?}"),
            };
            assert_eq!(received.resource_id(), id, "{notification_type}");
            assert_eq!(
                received.resource_type().is_some(),
                id.is_some(),
                "{notification_type}"
            );
            let has_resource = ["INVOICE_", "CUSTOMER_", "BILLING_", "CREDIT_", "QUOTE_"];
            let is_expected = has_resource.iter().any(|start| name.starts_with(start));
            assert_eq!(
                id.is_some(),
                is_expected && name != "INVOICE_REMINDER_SENT",
                "{name}"
            );
        }
    }

    #[test]
    fn the_resource_is_in_the_state_that_the_event_reports() {
        let state = |notification_type: &str| {
            let event = Event::sample(notification_type);
            let resource = event.resource_json().expect("a resource").to_owned();
            serde_json::from_str::<serde_json::Value>(&resource).expect("JSON")
        };
        assert_eq!(state("INVOICE_CREATED")["status"], "DRAFT");
        assert_eq!(state("INVOICE_ISSUED")["status"], "FINAL");
        assert_eq!(state("INVOICE_ISSUED")["invoiceNumber"], "SEQ-0042");
        assert_eq!(state("CREDIT_NOTE_ISSUED")["status"], "FINAL");
        assert!(state("CUSTOMER_ARCHIVED")["archivedAt"].is_string());
        assert!(state("BILLING_SCHEDULE_ARCHIVED")["archivedAt"].is_string());
        assert_eq!(state("QUOTE_PUBLISHED")["status"], "PUBLISHED");
        assert_eq!(state("QUOTE_ACCEPTED")["status"], "ACCEPTED");
        assert_eq!(state("QUOTE_SIGNED")["status"], "EXECUTED");
    }

    #[test]
    fn an_event_is_the_same_text_in_every_program() {
        let event = Event::sample(NotificationType::InvoiceIssued);
        insta::assert_snapshot!("sample_event", event.json());
    }

    #[test]
    fn an_event_is_about_the_given_resource() {
        let invoice = Invoice::sample().with_id("i-7").with_gross_total("300.00");
        let event = Event::sample_of(NotificationType::InvoiceUpdated, &invoice);
        assert_eq!(event.resource_id(), Some("i-7"));
        assert_eq!(event.resource(), Some(&Resource::Invoice(Box::new(invoice))));
    }

    #[test]
    fn an_event_of_an_unknown_type_has_no_resource() {
        let event = Event::sample("MOON_LANDED");
        assert_eq!(event.notification_type().as_str(), "MOON_LANDED");
        assert_eq!(event.resource(), None);
    }
}
