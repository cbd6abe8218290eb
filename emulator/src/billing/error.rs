//! The one error of the arithmetic.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::assumptions::{A33, A43, A71, Assumption};

/// Input that cannot be billed, or a number that does not fit.
///
/// The messages name the API's fields, so that a refusal can be answered with them as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A result needs more digits than the 28 that a decimal holds. Results are exact or refused.
    TooManyDigits,
    /// A date lies outside of the calendar.
    DateOutOfRange,
    /// A period ends before it starts.
    ReversedPeriod {
        /// First day.
        start: NaiveDate,
        /// Last day.
        end: NaiveDate,
    },
    /// A share of zero days, or a seat segment without days.
    NoDays,
    /// `recurrenceDayOfMonth` is not between 1 and 31.
    DayOfMonth(u32),
    /// A schedule without phases.
    NoPhases,
    /// A phase does not start on the day after the one before it ends, or follows an open one.
    PhaseGap {
        /// Position of the later phase, from 0.
        phase: usize,
    },
    /// There is no phase at this position.
    NoSuchPhase(usize),
    /// A usage quantity is negative, or a running total fell.
    NegativeQuantity(Decimal),
    /// A seat event has a negative `total`.
    NegativeSeats(i64),
    /// A field that must not be negative is.
    NegativeAmount {
        /// Name of the field in the API.
        field: &'static str,
        /// Its value.
        amount: Decimal,
    },
    /// `packageSize` is not above zero.
    PackageSize(Decimal),
    /// `tiers` is empty.
    NoTiers,
    /// The `upperBound` of a tier is not above the bound before it.
    TierOrder {
        /// Position of the tier, from 0.
        tier: usize,
    },
    /// A tier other than the last has no `upperBound`.
    OpenTier {
        /// Position of the tier, from 0.
        tier: usize,
    },
    /// The last tier has an `upperBound`.
    LastTierBounded,
    /// `minPrice` is above `maxPrice`.
    ClampReversed {
        /// Position of the tier, from 0.
        tier: usize,
    },
    /// `minPrice` or `maxPrice` on a structure other than `VOLUME`.
    ClampNotAllowed {
        /// Position of the tier, from 0.
        tier: usize,
    },
    /// A tier with `minPrice` or `maxPrice` was reached, and only a total is known, not each event.
    EventsNeeded,
    /// What was measured does not fit the price, such as seats for a `LINEAR` one.
    WrongMeasure {
        /// The `pricingType` of the price.
        pricing: &'static str,
    },
    /// The values of the groups of a metric do not add up to its value.
    GroupsDoNotAddUp,
    /// A `PERIODIC` calculation needs an interval of at least one.
    NoInterval,
    /// A `CUSTOM` metric without `aggregationProperty` cannot be evaluated.
    CustomMetric,
    /// A percentage above 100.
    Percentage(Decimal),
    /// A tax rate outside of the scale in use.
    TaxRate {
        /// The rate.
        amount: Decimal,
        /// The largest value allowed.
        most: u32,
    },
    /// A grant would go below zero.
    GrantOverdrawn {
        /// What was to be taken.
        wanted: Decimal,
        /// What was left.
        left: Decimal,
    },
    /// The saved state of a grant breaks `0 ≤ balance ≤ granted`.
    GrantState,
    /// A grant cannot be used on that day.
    GrantNotUsable(NaiveDate),
    /// A clock was turned back.
    BackInTime {
        /// The day that was reached before.
        reached: NaiveDate,
        /// The day that was asked for.
        asked: NaiveDate,
    },
    /// The rate that gives a line its amount needs more than 28 digits.
    NoSuchRate,
}

impl Error {
    /// The assumption that the refusal depends on. `None` if a source states the rule, or if the input
    /// has no meaning.
    pub fn assumption(&self) -> Option<Assumption> {
        match self {
            Self::NegativeSeats(_) => Some(A33),
            Self::PhaseGap { .. } => Some(A43),
            Self::TaxRate { most: 100, .. } => Some(A71),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyDigits => f.write_str("an amount needs more than the 28 digits of a decimal"),
            Self::DateOutOfRange => f.write_str("a date is outside of the calendar"),
            Self::ReversedPeriod { start, end } => {
                write!(f, "a period that starts on {start} cannot end on {end}")
            }
            Self::NoDays => f.write_str("a period needs at least one day"),
            Self::DayOfMonth(day) => write!(f, "recurrenceDayOfMonth must be between 1 and 31, not {day}"),
            Self::NoPhases => f.write_str("phases must not be empty"),
            Self::PhaseGap { phase } => write!(
                f,
                "phases[{phase}].startDate must be the day after the endDate of the phase before it"
            ),
            Self::NoSuchPhase(phase) => write!(f, "there is no phases[{phase}]"),
            Self::NegativeQuantity(quantity) => {
                write!(f, "usage must not be negative, but is {quantity}")
            }
            Self::NegativeSeats(total) => write!(f, "total must not be negative, but is {total}"),
            Self::NegativeAmount { field, amount } => {
                write!(f, "{field} must not be negative, but is {amount}")
            }
            Self::PackageSize(size) => write!(f, "packageSize must be above 0, but is {size}"),
            Self::NoTiers => f.write_str("tiers must not be empty"),
            Self::TierOrder { tier } => write!(
                f,
                "tiers[{tier}].upperBound must be above the upperBound of the tier before it, or above 0"
            ),
            Self::OpenTier { tier } => {
                write!(
                    f,
                    "tiers[{tier}].upperBound is missing; only the last tier is open"
                )
            }
            Self::LastTierBounded => f.write_str("the last of the tiers must not have an upperBound"),
            Self::ClampReversed { tier } => {
                write!(f, "tiers[{tier}].minPrice must not be above its maxPrice")
            }
            Self::ClampNotAllowed { tier } => {
                write!(f, "tiers[{tier}]: only VOLUME prices have a minPrice or maxPrice")
            }
            Self::EventsNeeded => {
                f.write_str("a tier with minPrice or maxPrice needs the value of each event")
            }
            Self::WrongMeasure { pricing } => {
                write!(f, "a {pricing} price cannot be charged for what was measured")
            }
            Self::GroupsDoNotAddUp => f.write_str("the groups of the metric do not add up to its value"),
            Self::NoInterval => f.write_str("usageCalculationPeriod.interval must be at least 1"),
            Self::CustomMetric => f.write_str("a CUSTOM metric without aggregationProperty is not emulated"),
            Self::Percentage(amount) => write!(f, "a percentage must be at most 100, but is {amount}"),
            Self::TaxRate { amount, most } => {
                write!(f, "a tax rate must be between 0 and {most}, but is {amount}")
            }
            Self::GrantOverdrawn { wanted, left } => {
                write!(f, "the credit grant has {left} left, less than {wanted}")
            }
            Self::GrantState => {
                f.write_str("the balance of a credit grant must be between 0 and what was granted")
            }
            Self::GrantNotUsable(date) => write!(f, "the credit grant cannot be used on {date}"),
            Self::BackInTime { reached, asked } => {
                write!(f, "{asked} is before {reached}, which was reached already")
            }
            Self::NoSuchRate => f.write_str("the rate of a line needs more than the 28 digits of a decimal"),
        }
    }
}

impl std::error::Error for Error {}

/// Result of the arithmetic.
pub type Result<T, E = Error> = std::result::Result<T, E>;
