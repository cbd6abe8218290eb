//! Recipes: complete tasks in a page of code, with the errors that a program has to expect.
//!
//! Each recipe is a function or two to copy, and a run of it against the [emulator](crate::emulator) with the amounts that
//! come out. The tests run them as they are printed here.
//!
//! | recipe | what it shows |
//! | --- | --- |
//! | [sign-up to paid invoice](#sign-up-to-paid-invoice) | a customer with a schedule, which bills by itself; safe to run again |
//! | [month end](#month-end) | finalizes and sends what is due, collects failures, safe to run again |
//! | [credit and reissue](#credit-and-reissue) | corrects an invoice that was sent, with the balances that both sides saw |
//! | [overdue invoices as CSV](#overdue-invoices-as-csv) | an export for people, with exact amounts |
//! | [a webhook service](#a-webhook-service) | `axum` and SQLite, with each event processed once |
//! | [usage from NDJSON](#usage-from-ndjson) | a journal, progress, and a file of rejects |
//!
//! The same stories at full length, with ledgers that are compared with calculations of their own, are the examples
//! `subscription_year`, `credit_and_reissue`, `usage_import` and `webhook_receiver` in the repository. A service that puts all of
//! them together, to start from, is `examples/acme-billing`. For single calls, see the [guide](super).
#![doc = include_str!("sign_up.md")]
#![doc = include_str!("month_end.md")]
#![doc = include_str!("credit.md")]
#![doc = include_str!("overdue.md")]
#![doc = include_str!("webhooks.md")]
#![doc = include_str!("usage.md")]
