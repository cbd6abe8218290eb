//! Pure arithmetic of billing: no HTTP, no clock, no store.
//!
//! Values go in, values come out. Money is exact: a result is rounded where a rule rounds, once, or it is
//! refused with an [`Error`]. Results carry the [assumptions](crate::assumptions) that they depend on.
//!
//! | question | module |
//! | --- | --- |
//! | Which days does a price bill? | [`period`], [`Share`] |
//! | How much was used? | [`usage`], [`seats`] |
//! | What does it cost? | [`price`], [`money`] |
//! | What is taken off, and what is the least? | [`discount`], [`minimum`] |
//! | What credit is there? | [`credit`] |
//! | What does the invoice come to? | [`invoice`], [`tax`] |
//! | What does a credit note settle? | [`application`] |
//!
//! An engine that walks days looks up the [`BillingPeriod`](period::BillingPeriod)s that open or close on a
//! day, [measures](usage::Metric::measure) usage and [seats](seats::Terms::measure) for them, and
//! [calculates](invoice::calculate) an invoice from one [`Section`](invoice::Section) for each phase. When the
//! invoice is issued, what it [`consumed`](invoice::Invoice::consumed) is taken from the grants:
//!
//! ```
//! use chrono::NaiveDate;
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::billing::Currency;
//! use sequencehq_emulator::billing::credit::{Grant, GrantAccount, Unit};
//! use sequencehq_emulator::billing::invoice::{Input, Item, Section, calculate};
//! use sequencehq_emulator::billing::period::{Frequency, Phase, RecurrencePreference, Timeline};
//! use sequencehq_emulator::billing::price::{Measured, Structure};
//!
//! let start = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
//! let phase = Phase { start, end: None, recurrence: RecurrencePreference::Continue };
//! let timeline = Timeline::new(&[phase], None)?;
//! let grant = Grant::new("welcome", Unit::Cash(Currency::Eur), Decimal::from(150), "2026-01-31T00:00:00Z".parse().unwrap());
//! let (mut account, _) = GrantAccount::open(grant)?;
//!
//! let mut billed = Vec::new();
//! for period in timeline.periods(0, Frequency::Monthly)?.take(2) {
//!     let period = period?;
//!     let base = Structure::Fixed { price: Decimal::from(100) };
//!     let flat = Measured::Flat { share: period.share(), prorated: false };
//!     let item = Item::new("base", base, flat, period.service, Decimal::new(2, 1));
//!     let date = period.service.start(); // Billed in advance.
//!     let grants = [account.clone()];
//!     let invoice = calculate(&Input {
//!         sections: vec![Section { items: vec![item], ..Section::default() }],
//!         grants: &grants,
//!         ..Input::new(Currency::Eur, date)
//!     })?;
//!     for used in &invoice.consumed {
//!         account.debit(used.debit(), date)?;
//!     }
//!     billed.push((date.to_string(), invoice.totals.gross.to_string()));
//! }
//! assert_eq!(billed, [("2026-01-31".into(), "0.00".into()), ("2026-02-28".into(), "60.00".into())]);
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

pub mod application;
pub mod credit;
pub mod discount;
mod error;
mod exact;
pub mod invoice;
pub mod minimum;
pub mod money;
pub mod period;
pub mod price;
mod proration;
pub mod seats;
pub mod tax;
pub mod usage;

pub use error::{Error, Result};
pub use money::{Currency, Totals};
pub use period::Period;
pub use proration::Share;
