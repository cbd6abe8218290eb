//! The behaviour of each operation of the API.
//!
//! [`World`] is the emulated account. A request passes the checks of the document, then the function that
//! [`entry`] has for its operation runs in a transaction of the store; what it returns is the response.
//!
//! # How to add a group
//!
//! 1. Make a module for the group, `credits.rs`, or a folder if it has more than some 300 lines.
//! 2. In it, declare a constant for each operation: `pub(super) const LIST: Entry = Entry::stored(list, "document, A2")`. The
//!    constructor is the class: [`real`](Class::Real) if sources describe the behaviour, [`computed`](Class::Computed)
//!    if it is a rule of the emulator, or [`stored`](Class::Stored). The text names the sources.
//! 3. In `table.rs`, add a line for each operation. Add the module here.
//! 4. If the record is stored as it was sent, declare a `Resource` and a `List`, and use the functions of
//!    `resource` and `list`, as in `products`. Declare the facets that the list needs in `records/generic.rs`.
//! 5. If fields are interpreted, write a struct in `records/` that names them, with the others in a flattened map, and
//!    implement `Record`; add its kind to `records::facets_of`. Read it with `call.tx.get`, write it with `call.tx.put`.
//!    Numbers in values of any shape lose digits in a `Value`: read them with `call.raw`, keep them as `RawValue`, and answer with
//!    `Answer::exact` and `list::page_as_stored`, as in `usage_metrics`.
//! 6. Return the complete record. Members that the requested version does not have are dropped.
//! 7. Reject a request with a `Problem`: `body.field: what is wrong. What to do.` All changes are rolled back.
//! 8. Name the assumptions of an answer: `call.assume(A4)`, and `problem.assuming(A4)` for a rejected request.
//! 9. Announce changes: `call.tx.announce("CUSTOMER_UPDATED", Kind::Customer, id)`. The activity log is written automatically. If the
//!    announced resource has more than its record, add its shape to `shapes.rs`.
//! 10. Test in `tests/it/operations/`, in process: the harness checks every answer against the document.

mod accounts;
mod activity_logs;
mod answer;
mod billing_products;
mod billing_runs;
mod billing_schedules;
mod call;
mod checks;
mod clock;
mod credit_notes;
mod credits;
mod customers;
mod discounts;
mod documents;
mod entry;
mod events;
mod finish;
mod idempotency;
mod invoices;
mod list;
mod list_prices;
#[cfg(feature = "page")]
pub(crate) mod look;
mod metric_users;
mod notification_policies;
mod payment_settings;
mod prices;
mod problem;
mod products;
mod quotes;
mod resource;
mod sample;
mod seat_balances;
mod seat_metrics;
mod settings;
mod shapes;
mod strict;
mod table;
mod tax_rates;
mod tax_registrations;
mod trigger;
mod usage_metrics;
mod users;
mod world;

pub use answer::{Answer, Outcome};
pub use call::Call;
pub use clock::AdvanceError;
pub use entry::{Class, Entry};
pub use problem::Problem;
pub use table::entry;
pub use trigger::{Subject, TriggerError};
pub use world::{Content, Request, Response, World};
