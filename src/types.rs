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
//! enums also implement `Eq`, `Hash`, `Display` and `FromStr`.
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
