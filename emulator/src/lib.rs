//! x
pub mod assumptions;
pub mod billing;
