//! Worked examples of common tasks, and pages about larger ones. This module contains documentation only.
//!
//! | page | what it answers |
//! | --- | --- |
//! | this one | how a single task is done |
//! | [`cookbook`] | how a whole task is done, from the first call to the exact amounts, with its errors |
//! | [`in_production`] | which settings there are, their defaults and reasons |
//! | [`expectations`] | what one expects of an SDK: where it is shown, the test that proves it, and what is missing |
//!
//! Each example works as shown, given a [`Client`](crate::Client): the tests run it against the emulator. For a complete
//! program, run `cargo run --features emulator --example invoice_lifecycle`. For a service to start from, with sign-ups, usage,
//! webhooks and the month end, copy `examples/acme-billing` of the repository.
//!
//! # Create a customer with contacts and an alias
//!
//! One contact must be `PRIMARY`. Usage is reported under the alias. Aliases are unique across all customers, so
//! your own customer id is a good choice.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! let address = Address::builder()
//!     .line1("1 High Street")
//!     .town("London")
//!     .postcode("N1 1AA")
//!     .country(CountryCode::Gb);
//! let contact = ContactInput::builder()
//!     .name("Ada Byron")
//!     .email("ada@example.com")
//!     .billing_preference(ContactBillingPreference::Primary);
//! let customer = client
//!     .customers()
//!     .create(
//!         CustomerCreate::builder()
//!             .legal_name("Acme Ltd")
//!             .address(address)
//!             .tax_status(TaxStatus::Taxed)
//!             .contacts([contact]),
//!     )
//!     .await?;
//! client
//!     .customer_aliases()
//!     .create(CustomerAliasCreate::builder().customer_id(&customer.id).value("acme-42"))
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Change one field of a customer
//!
//! A PUT replaces everything, so read the customer first: [`CustomerUpdate::from`](crate::types::CustomerUpdate::from)
//! carries over what was read, and setters change it. It lists what it does not carry over.
//!
//! ```
//! use sequencehq::types::CustomerUpdate;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let id = emulator.add_customer("Acme Ltd");
//! let customer = client.customers().get(id).await?;
//! let body = CustomerUpdate::from(&customer).legal_name("Acme Holdings Ltd");
//! let changed = client.customers().update(&customer.id, body).await?;
//! assert_eq!(changed.legal_name, "Acme Holdings Ltd");
//! assert_eq!(changed.address, customer.address);
//! # Ok(())
//! # }
//! ```
//!
//! # Define a usage metric
//!
//! `COUNT` counts events; `SUM` and `UNIQUE` require the property to aggregate.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! let metric = client
//!     .usage_metrics()
//!     .create(
//!         UsageMetricCreate::builder()
//!             .name("Gigabytes moved")
//!             .metric_type(MetricType::Simple)
//!             .event_type("transfer")
//!             .aggregation_type(AggregationType::Sum)
//!             .aggregation_property("gigabytes"),
//!     )
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Create a product with a graduated list price
//!
//! Each tier sets the price of the units up to its upper bound. The last tier has no bound.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let metric = UsageMetricCreate::builder().name("Calls").metric_type(MetricType::Simple).event_type("call");
//! # let metric = client.usage_metrics().create(metric.aggregation_type(AggregationType::Count)).await?;
//! let product = client.products().create(ProductCreate::builder().name("Transfer")).await?;
//! let first = GraduatedTier::builder().upper_bound(1_000).price("0.10").is_price_percentage(false);
//! let rest = GraduatedTier::builder().price("0.08").is_price_percentage(false);
//! let structure = GraduatedPricing::builder()
//!     .usage_metric_id(&metric.id)
//!     .usage_calculation_mode(UsageCalculationMode::BillingPeriod)
//!     .tiers([first, rest]);
//! let price = client
//!     .list_prices()
//!     .create(
//!         ListPriceCreate::builder()
//!             .product_id(&product.id)
//!             .name("Transfer, graduated")
//!             .currency(Currency::Gbp)
//!             .structure(structure)
//!             .billing_frequency(BillingFrequency::Monthly)
//!             .billing_type(BillingType::InArrears)
//!             .empty_integration_ids()
//!             .empty_custom_metric_parameters(),
//!     )
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Start and activate a billing schedule
//!
//! Phases are consecutive. Only the last one may be open-ended.
//!
//! ```
//! use sequencehq::NaiveDate;
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = client.customers().get(emulator.add_customer("Acme Ltd")).await?;
//! # let product = client.products().create(ProductCreate::builder().name("Platform")).await?;
//! # let price = ListPriceCreate::builder().product_id(product.id).name("Platform").currency(Currency::Gbp);
//! # let price = price.structure(FixedPricing::builder().price("250.00")).billing_frequency(BillingFrequency::Monthly);
//! # let price = price.billing_type(BillingType::InAdvance).empty_integration_ids().empty_custom_metric_parameters();
//! # let price = client.list_prices().create(price).await?;
//! # let start: NaiveDate = "2026-01-01".parse()?;
//! let phase = PhaseInput::builder().start_date(start).empty_price_ids().list_price_ids([&price.id]);
//! let schedule = client
//!     .billing_schedules()
//!     .create(
//!         BillingScheduleCreate::builder()
//!             .customer_id(&customer.id)
//!             .start_date(start)
//!             .phases([phase])
//!             .empty_tax_rates()
//!             .auto_issue_invoices(false)
//!             .roll_up_billing(false)
//!             .is_draft(true),
//!     )
//!     .await?;
//! let schedule = client.billing_schedules().activate(&schedule.id).await?;
//! assert_eq!(schedule.status, BillingScheduleStatus::Active);
//! # Ok(())
//! # }
//! ```
//!
//! # Send usage
//!
//! An event is always sent with a `customerEventId`. Set your own to make it safe to send the event again from
//! another process: a later event with the same id supersedes the earlier one.
//!
//! ```
//! use sequencehq::DateTime;
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! client
//!     .usage_events()
//!     .create(
//!         UsageEventCreate::builder()
//!             .customer_alias("acme-42")
//!             .event_type("transfer")
//!             .customer_event_id("transfer-2026-01-01-0001")
//!             .event_timestamp(DateTime::from_timestamp(1_767_225_600, 0).expect("a valid timestamp"))
//!             .event_properties([("gigabytes", 12)]),
//!     )
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Show the upcoming invoice
//!
//! The invoice of the current billing period is `IN_PROGRESS` and grows with usage.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = client.customers().get(emulator.add_customer("Acme Ltd")).await?;
//! let mut upcoming =
//!     client.invoices().list().customer_id(&customer.id).invoice_status(InvoiceStatus::InProgress).items();
//! while let Some(invoice) = upcoming.try_next().await? {
//!     println!("{} {} so far", invoice.gross_total, invoice.currency);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Finalize and send an invoice
//!
//! These calls are not retried if an attempt may have been processed. Fetch the invoice before you try again.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = emulator.add_customer("Acme Ltd");
//! # let body = InvoiceCreate::builder().customer_id(customer).currency(Currency::Gbp);
//! # let draft = client.invoices().create(body).await?;
//! # let line = InvoiceLineItemCreate::builder().title("Seats").quantity(10).rate("20.00").tax_rate("0.2");
//! # client.invoice_line_items().create(&draft.id, line.empty_external_ids()).await?;
//! let sent = match client.invoices().finalize_and_send(&draft.id).await {
//!     Ok(invoice) => invoice,
//!     Err(error) if error.may_have_acted() => client.invoices().get(&draft.id).await?,
//!     Err(error) => return Err(error.into()),
//! };
//! println!("{} is {}", sent.invoice_number.as_deref().unwrap_or("unnumbered"), sent.status);
//! # Ok(())
//! # }
//! ```
//!
//! # Credit a sent invoice, and apply the credit
//!
//! The request to apply a credit contains the expected versions of both balances. If either has changed, the API
//! responds with 409 and the current balances.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = emulator.add_customer("Acme Ltd");
//! # let body = InvoiceCreate::builder().customer_id(customer).currency(Currency::Gbp);
//! # let draft = client.invoices().create(body).await?;
//! # let line = InvoiceLineItemCreate::builder().title("Seats").quantity(10).rate("20.00").tax_rate("0.2");
//! # client.invoice_line_items().create(&draft.id, line.empty_external_ids()).await?;
//! # let invoice = client.invoices().finalize_and_send(&draft.id).await?;
//! let note = client
//!     .credit_notes()
//!     .create(
//!         CreditNoteCreate::builder()
//!             .customer_id(&invoice.customer_id)
//!             .currency(&invoice.currency)
//!             .invoice_id(&invoice.id),
//!     )
//!     .await?;
//! client
//!     .credit_note_line_items()
//!     .create(
//!         &note.id,
//!         CreditNoteLineItemCreate::builder()
//!             .credit_note_id(&note.id)
//!             .title("Outage in March")
//!             .quantity(1)
//!             .rate("50.00")
//!             .tax_rate("0.2")
//!             .empty_external_ids(),
//!     )
//!     .await?;
//! client.credit_notes().finalize_and_send(&note.id).await?;
//!
//! let (note, invoice) = (client.credit_notes().get(&note.id).await?, client.invoices().get(&invoice.id).await?);
//! let apply = CreditNoteApplicationCreate::builder()
//!     .credit_note_id(&note.id)
//!     .invoice_id(&invoice.id)
//!     .amount("60.00")
//!     .currency(&invoice.currency)
//!     .credit_note_balance_version(note.balance_version.ok_or("the credit note has no balance")?)
//!     .invoice_balance_version(invoice.balance_version.ok_or("the invoice has no balance")?);
//! match client.credit_note_applications().create(apply).await {
//!     Ok(receipt) => println!("applied {}", receipt.amount),
//!     Err(error) => {
//!         let Some(now) = error.conflict::<CreditNoteApplicationConflict>() else { return Err(error.into()) };
//!         println!("{}: the invoice has {} left", now.message, now.current_invoice_balance.value);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # List overdue invoices
//!
//! ```
//! use sequencehq::NaiveDate;
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = emulator.add_customer("Acme Ltd");
//! # let body = InvoiceCreate::builder().customer_id(customer).currency(Currency::Gbp);
//! # let draft = client.invoices().create(body).await?;
//! # let line = InvoiceLineItemCreate::builder().title("Seats").quantity(10).rate("20.00").tax_rate("0.2");
//! # client.invoice_line_items().create(&draft.id, line.empty_external_ids()).await?;
//! # client.invoices().finalize_and_send(&draft.id).await?;
//! # let today: NaiveDate = "2100-01-01".parse()?;
//! let mut overdue = client
//!     .invoices()
//!     .list()
//!     .invoice_status(InvoiceStatus::Sent)
//!     .invoice_payment_status(InvoicePaymentStatus::Unpaid)
//!     .due_before(today)
//!     .items();
//! while let Some(invoice) = overdue.try_next().await? {
//!     println!("{} owes {} {}", invoice.customer_legal_company_name, invoice.gross_total, invoice.currency);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Make many calls at once
//!
//! Clones of a client share its connections and rate limits, so start as many calls as you like: they wait for their turn, in
//! order. A set of tasks returns the results as they arrive, and cancels the rest when it is dropped.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let ids: Vec<_> = (1..=20).map(|number| emulator.add_customer(format!("Customer {number}"))).collect();
//! use tokio::task::JoinSet;
//!
//! let mut calls = JoinSet::new();
//! for id in ids {
//!     calls.spawn(client.customers().get(id).into_future());
//! }
//! let mut names = Vec::new();
//! while let Some(customer) = calls.join_next().await {
//!     names.push(customer??.legal_name);
//! }
//! assert_eq!(names.len(), 20);
//! # Ok(())
//! # }
//! ```
//!
//! Each call counts its [`timeout`](crate::ClientBuilder::timeout) from its start, and a call whose turn would come later fails at once.
//! Raise it for more than 3,000 calls. For usage events, use [`usage::Sender`](crate::usage::Sender), which starts
//! as many as fit.
//!
//! # Send what the crate does not know
//!
//! The API adds parameters and fields at any time. Until a version of the crate has them, `extra_query` and `extra_field`
//! add them to any call, also to a list, which sends the parameter with each page. A name that the call has already is an
//! error, and nothing is sent, so that an update of the crate never sends a value twice.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer_id = emulator.add_customer("Acme Ltd");
//! let body = InvoiceCreate::builder().customer_id(customer_id).currency(Currency::Gbp);
//! client.invoices().create(body).extra_field("approver", "ada@example.com").await?;
//!
//! let mut invoices = client.invoices().list().extra_query("expand", ["lines", "taxes"]).items();
//! # invoices.try_next().await.unwrap_err(); // The emulator has no such parameter.
//! # let sent = emulator.requests().pop().and_then(|request| request.query);
//! # assert_eq!(sent.as_deref(), Some("expand=lines&expand=taxes"));
//!
//! let error = client.invoices().list().extra_query("limit", 10).await.unwrap_err();
//! assert!(error.to_string().contains("`limit` is defined for this call"));
//! # Ok(())
//! # }
//! ```
//!
//! Inside of a body, and on a body that is kept, the builders do the same with `extra`. A field that a response has and the crate
//! does not know is not lost: `extra()` returns it, and the value has it when it is sent again.
//!
//! ```
//! use sequencehq::types::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let json = r#"{"line1": "1 High Street", "town": "London", "postcode": "N1 1AA", "country": "GB", "altitude": 19.90}"#;
//! let address: Address = serde_json::from_str(json)?;
//! assert_eq!(address.extra().text("altitude"), Some("19.90"));
//!
//! let contact = ContactInput::builder().name("Ada Byron").extra("pronouns", ["she", "her"]);
//! let customer = CustomerCreate::builder().address(&address).contacts([contact]);
//! # let _ = customer;
//! # Ok(())
//! # }
//! ```
//!
//! # Download PDFs
//!
//! A download is read in chunks and is never held in memory as a whole. The file has its name once it is complete.
//!
//! ```
//! # use sequencehq::types::*;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let client = emulator.client();
//! # let customer = emulator.add_customer("Acme Ltd");
//! # let body = InvoiceCreate::builder().customer_id(customer).currency(Currency::Gbp);
//! # let draft = client.invoices().create(body).await?;
//! # let line = InvoiceLineItemCreate::builder().title("Seats").quantity(10).rate("20.00").tax_rate("0.2");
//! # client.invoice_line_items().create(&draft.id, line.empty_external_ids()).await?;
//! # let invoice = client.invoices().finalize(&draft.id).await?;
//! # let folder = std::env::temp_dir().join(format!("sequencehq-guide-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let pdf = client.invoices().download(&invoice.id).await?;
//! let bytes = pdf
//!     .save(folder.join("invoice.pdf"))
//!     .on_progress(|progress| println!("{} bytes of {:?}", progress.bytes, progress.total))
//!     .await?;
//! # assert_eq!(bytes, std::fs::metadata(folder.join("invoice.pdf"))?.len());
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Test a function that receives an invoice
//!
//! With the feature `test-util`, every type of a response has a sample, and a webhook event too. No server is involved.
//!
//! ```
//! # #[cfg(feature = "test-util")] {
//! use sequencehq::types::{Customer, Invoice, InvoiceStatus, NotificationType};
//! use sequencehq::webhook::{Event, Resource};
//!
//! fn greeting(event: &Event, customer: &Customer) -> Option<String> {
//!     match event.resource()? {
//!         Resource::Invoice(invoice) if invoice.status == InvoiceStatus::Sent => {
//!             Some(format!("{}: {} {}", customer.legal_name, invoice.gross_total, invoice.currency))
//!         }
//!         _ => None,
//!     }
//! }
//!
//! let customer = Customer::sample().with_legal_name("Pine Ltd");
//! let sent = Invoice::sample().with_status(InvoiceStatus::Sent);
//! let event = Event::sample_of(NotificationType::InvoiceUpdated, &sent);
//! assert_eq!(greeting(&event, &customer).as_deref(), Some("Pine Ltd: 120.00 GBP"));
//! assert_eq!(greeting(&Event::sample(NotificationType::CustomerCreated), &customer), None);
//! # }
//! ```

// The examples of the pages use most features.
#[cfg(any(not(doctest), feature = "full"))]
pub mod cookbook;
pub mod expectations;
#[cfg(any(not(doctest), feature = "full"))]
pub mod in_production;
