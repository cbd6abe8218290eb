//! The whole story and its accidents, against an emulator of Sequence in this process.

#![allow(missing_docs, reason = "tests")]

mod accidents;
mod stage;
mod story;
