//! Billing runs: the periods of schedules, and their invoices.
//!
//! A run has the days of prices that a schedule bills on one day, and belongs to an invoice. It is open while the periods
//! run, and its invoice is `IN_PROGRESS`. Once a run is closed, it stays as it is, so that no day of a price is billed twice.
//!
//! | question | module |
//! | --- | --- |
//! | Which days of which prices are billed, and when? | `plan` |
//! | What happens on a day? | `day` |
//! | How are prices on demand billed? | `on_demand` |
//! | What do new terms change? | `changes`, `former` |
//! | To which invoice does a run belong? | `opening` |
//! | How does an invoice become a draft? | `closing` |
//! | What was used? | `measure` |
//! | On which terms is it billed? | `terms` |
//! | Which credit is used? | `credit` |
//! | What does the invoice come to? | `calculation`, `lines` |
//! | How many invoices are too many? | `limit` |
//! | Which invoices have to be calculated again? | `stale` |

mod calculation;
pub(super) mod changes;
mod closing;
pub(super) mod credit;
pub(super) mod day;
pub(super) mod former;
pub(super) mod limit;
mod lines;
mod measure;
mod on_demand;
mod opening;
pub(super) mod plan;
mod price;
pub(super) mod stale;
mod terms;

pub(super) use closing::{abandon, end_period, move_to};
pub(super) use measure::EventKind;
