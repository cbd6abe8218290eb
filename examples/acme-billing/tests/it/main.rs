//! The whole story and its accidents, against an emulator of Sequence in this process.

#![allow(missing_docs, reason = "tests")]

mod month_end;
mod service;
mod signups;
mod stage;
mod story;
mod usage;
mod webhooks;
