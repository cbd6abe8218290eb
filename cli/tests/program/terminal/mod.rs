//! What people see: questions, progress, colors and widths.

mod look;
mod progress;
mod question;
mod support;
