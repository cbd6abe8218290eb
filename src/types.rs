//! The data of the API: resources, request bodies, enums and ids.
//!
//! Generated from `openapi.yaml`. The names follow the operations, so that they can be guessed:
//!
//! | name | what it is |
//! | --- | --- |
//! | `Invoice` | a resource, as responses have it |
//! | `InvoiceId` | the id of a resource. Each resource has an id type of its own. |
//! | `InvoiceCreate`, `InvoiceUpdate`, `InvoicePatch`, `InvoiceMerge` | the body of `client.invoices().create(…)`, and so on |
//! | `InvoiceCreateBuilder` | returned by `InvoiceCreate::builder()`, and by `CustomerUpdate::from(&customer)` for an update of what was read. It is accepted wherever the body is, so `build()` is rarely needed. |
//! | `ContactInput` | an object that is a part of bodies |
//! | `InvoicePage` | a page of a list, which [`Items`](crate::Items) and [`Pages`](crate::Pages) follow |
//! | `InvoiceStatus` | an enum, with the variant `Unrecognized` for values that this version of the crate does not list |
//! | `PricingStructure` | a union, likewise |
//!
//! Amounts, quantities and rates are exact [`Decimal`](crate::Decimal)s, dates [`NaiveDate`](crate::NaiveDate)s, and timestamps
//! [`DateTime`](crate::DateTime)s in UTC. Every type implements `Serialize`, `Deserialize`, `Clone` and `PartialEq`; ids and
//! enums also implement `Eq`, `Ord`, `Hash`, `Display` and `FromStr`, and objects of single values, such as `DateRange` and
//! `Address`, `Eq` and `Hash`.
//!
//! ```
//! # #[cfg(feature = "invoices")]
//! # fn main() -> Result<(), sequencehq::BuildError> {
//! use sequencehq::dec;
//! use sequencehq::types::{Currency, InvoiceCreate, InvoiceLineItemCreate, InvoiceStatus};
//!
//! let draft = InvoiceCreate::builder().customer_id("a-1").currency(Currency::Gbp).build()?;
//! assert_eq!(draft.currency, Currency::Gbp);
//!
//! let line = InvoiceLineItemCreate::builder().title("Seats").rate(dec!(19.99)).build();
//! assert_eq!(line.unwrap_err().missing(), ["quantity", "tax_rate", "external_ids"]);
//!
//! let status = InvoiceStatus::from("PARKED"); // a status of tomorrow
//! assert!(matches!(&status, InvoiceStatus::Unrecognized(_)));
//! assert_eq!(status.to_string(), "PARKED");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "invoices"))]
//! # fn main() {}
//! ```
//!
//! # Samples
//!
//! Structs cannot be constructed outside of this crate, because the API adds fields at any time. For tests, the feature
//! `test-util` gives every type of a response a function `sample`. A sample has plausible values in the fields that every response
//! has, and the same ones in every run. Totals add up, dates are in order, and samples refer to each other: the invoice of
//! the sample line item is the sample invoice. A setter for each field changes it:
//!
//! ```
//! # #[cfg(all(feature = "test-util", feature = "all-resources"))] {
//! use sequencehq::NaiveDate;
//! use sequencehq::types::{Invoice, InvoiceLineItem, InvoicePage, InvoiceStatus, PricingStructure};
//!
//! let due = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a valid date");
//! let invoice = Invoice::sample().with_status(InvoiceStatus::Sent).with_net_total("250.00").with_due_date(due);
//! assert_eq!(invoice.due_date, Some(due));
//! assert_eq!(InvoiceLineItem::sample().invoice_id, invoice.id);
//!
//! let page = InvoicePage::sample_of([invoice, Invoice::sample().with_id("another")]);
//! assert_eq!(page.pagination.total_result_size, Some(2));
//!
//! for structure in PricingStructure::samples() {
//!     println!("{}", structure.kind()); // one of each variant
//! }
//! # }
//! ```
//!
//! The sample of a request body is a builder, which is passed to a call like any other, with what the newest version of the API requires:
//!
//! ```no_run
//! # #[cfg(all(feature = "test-util", feature = "customers"))]
//! # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
//! use sequencehq::types::CustomerCreate;
//!
//! let customer = client.customers().create(CustomerCreate::sample().legal_name("Pine Ltd")).await?;
//! # drop(customer);
//! # Ok(())
//! # }
//! ```
//!
//! Setters of samples convert as those of builders do, and panic if a value does not convert. Fields are public, so they can be assigned too,
//! for example to remove one: `invoice.due_date = None`. `with_extra` sets a field that this version of the crate does not know. `webhook::Event::sample` makes events.

// Lints are relaxed for generated code only.
#![allow(
    clippy::all,
    clippy::pedantic,
    deprecated,
    rustdoc::invalid_html_tags,
    rustdoc::bare_urls
)]

include!(concat!(env!("OUT_DIR"), "/types.rs"));

#[cfg(feature = "test-util")]
include!(concat!(env!("OUT_DIR"), "/samples.rs"));
