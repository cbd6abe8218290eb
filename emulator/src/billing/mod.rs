//! Pure arithmetic of billing.
mod error;
mod exact;
pub mod money;
pub mod period;
pub mod price;
mod proration;
pub mod seats;
pub use error::{Error, Result};
pub use money::{Currency, Totals};
pub use period::Period;
pub use proration::Share;
