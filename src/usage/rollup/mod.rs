//! Adds up facts before they are sent.

mod builder;
mod error;
mod file;
mod group;
mod key;
mod saved;
mod send;
mod settings;
mod sum;
#[cfg(test)]
mod tests;
mod totals;

pub use self::builder::RollupBuilder;
pub use self::error::RollupError;
pub use self::totals::Rollup;
