//! Pure arithmetic of billing.
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
