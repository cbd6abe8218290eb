//! Prices: what a quantity costs, as lines of quantity times rate.
//!
//! [`Structure::charge`] turns what was [`Measured`] in a period into lines. The net amount of each line is its
//! quantity times its rate, rounded to the minor unit. Quantities are exact; only one that does not
//! terminate is rounded, to 12 decimals, before the amount is computed from it.
//!
//! ```
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::billing::{Currency, price::{Measured, Structure, Tier, Tiers}};
//!
//! let tier = |upper: Option<i64>, price, fee: i64| Tier {
//!     upper_bound: upper.map(Decimal::from),
//!     price,
//!     fee: Decimal::from(fee),
//!     ..Tier::default()
//! };
//! let tiers = Tiers::new(vec![
//!     tier(Some(100), Decimal::ONE, 0),
//!     tier(Some(1000), Decimal::new(5, 1), 10),
//!     tier(None, Decimal::new(25, 2), 20),
//! ])?;
//! let charge = Structure::Graduated { tiers }.charge(&Measured::usage(Decimal::from(1500)), Currency::Usd)?;
//! assert_eq!(charge.net()?, Decimal::from(705));
//! assert_eq!(charge.lines.len(), 5); // Three tiers and two fees.
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::{difference, product, sum, total};
use super::money::{Currency, net};
use super::proration::Share;
use super::seats::SeatQuantity;
use crate::assumptions::{A18, A19, A20, A21, A22, A23, A30, A45, Assumed};

/// How a price turns into an amount: the seven structures of the API.
///
/// Usage prices do not know their metric, and seat prices not their [`Terms`](super::seats::Terms):
/// those decide the quantity, which is measured before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Structure {
    /// `ONE_TIME`: charged in the first billing period only; not charging it again is up to the caller.
    OneTime {
        /// Amount. May be negative.
        price: Decimal,
    },
    /// `FIXED`: charged in every billing period.
    Fixed {
        /// Amount of one period. May be negative.
        price: Decimal,
    },
    /// `LINEAR`: usage times one rate.
    Linear {
        /// Rate of one unit.
        price_per_unit: Decimal,
        /// The rate is a share of an amount, and 1 is 100 %.
        is_price_percentage: bool,
    },
    /// `PACKAGE`: usage in packages, started ones in full.
    Package {
        /// Usage that one package covers.
        package_size: Decimal,
        /// Price of one package.
        price_per_package: Decimal,
    },
    /// `GRADUATED`: each unit at the rate of its tier.
    Graduated {
        /// The tiers.
        tiers: Tiers,
    },
    /// `VOLUME`: all units at the rate of the tier of the total.
    Volume {
        /// The tiers.
        tiers: Tiers,
    },
    /// `SEAT_BASED`: seats times the price of one for a full billing period.
    SeatBased {
        /// Price of one seat.
        price_per_seat: Decimal,
        /// Tiers in place of `price_per_seat`, if there are any.
        tiers: Option<Tiers>,
    },
}

/// One tier. It begins where the tier before it ends, or at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tier {
    /// Where the tier ends. `None` on the last tier.
    pub upper_bound: Option<Decimal>,
    /// Rate of one unit.
    pub price: Decimal,
    /// Flat amount, once usage has entered the tier. 0 for none.
    pub fee: Decimal,
    /// The rate is a share of an amount, and 1 is 100 %.
    pub is_price_percentage: bool,
    /// Least charge for an event. `VOLUME` only.
    pub min_price: Option<Decimal>,
    /// Highest charge for an event. `VOLUME` only.
    pub max_price: Option<Decimal>,
}

/// Tiers from 0 up, without gaps: bounds rise, and the last tier is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers(Vec<Tier>);

impl Tiers {
    /// Checks the tiers.
    ///
    /// # Errors
    ///
    /// [`Error::NoTiers`], [`Error::TierOrder`], [`Error::OpenTier`], [`Error::LastTierBounded`],
    /// [`Error::NegativeAmount`], or [`Error::ClampReversed`].
    pub fn new(tiers: Vec<Tier>) -> Result<Self> {
        let last = tiers.len().checked_sub(1).ok_or(Error::NoTiers)?;
        let mut lower = Decimal::ZERO;
        for (i, tier) in tiers.iter().enumerate() {
            match tier.upper_bound {
                Some(_) if i == last => return Err(Error::LastTierBounded),
                None if i < last => return Err(Error::OpenTier { tier: i }),
                Some(upper) if upper <= lower => return Err(Error::TierOrder { tier: i }),
                Some(upper) => lower = upper,
                None => {}
            }
            not_negative("price", tier.price)?;
            not_negative("fee", tier.fee)?;
            for (field, bound) in [("minPrice", tier.min_price), ("maxPrice", tier.max_price)] {
                not_negative(field, bound.unwrap_or_default())?;
            }
            if tier
                .min_price
                .zip(tier.max_price)
                .is_some_and(|(min, max)| min > max)
            {
                return Err(Error::ClampReversed { tier: i });
            }
        }
        Ok(Self(tiers))
    }

    /// The tiers, lowest first.
    pub fn as_slice(&self) -> &[Tier] {
        &self.0
    }

    /// Each tier with its position and its lower bound.
    fn with_lower(&self) -> impl Iterator<Item = (usize, Decimal, &Tier)> {
        let lower = std::iter::once(Decimal::ZERO).chain(self.0.iter().filter_map(|tier| tier.upper_bound));
        self.0
            .iter()
            .zip(lower)
            .enumerate()
            .map(|(i, (tier, lower))| (i, lower, tier))
    }

    fn without_clamps(&self) -> Result<()> {
        let clamped = |tier: &Tier| tier.min_price.is_some() || tier.max_price.is_some();
        self.0
            .iter()
            .position(clamped)
            .map_or(Ok(()), |tier| Err(Error::ClampNotAllowed { tier }))
    }
}

impl Tier {
    /// How much of a total lies in this tier.
    fn part_of(&self, lower: Decimal, total: Decimal) -> Result<Decimal> {
        let reached = self.upper_bound.map_or(total, |upper| upper.min(total));
        difference(reached.max(lower), lower)
    }
}

pub(crate) fn not_negative(field: &'static str, amount: Decimal) -> Result<()> {
    if amount < Decimal::ZERO {
        return Err(Error::NegativeAmount { field, amount });
    }
    Ok(())
}

/// A running total of usage before and after a period.
///
/// A period of its own starts at 0. Cumulative usage starts where the period before ended, so that the
/// period is charged for the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Climb {
    /// Total before the period.
    pub before: Decimal,
    /// Total after it.
    pub total: Decimal,
}

/// The value of one group of a `GROUPED` metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The common value of the grouping property, for the line.
    pub label: String,
    /// Aggregate of the group.
    pub value: Decimal,
}

/// What a price is charged for in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measured {
    /// Nothing: for `FIXED` and `ONE_TIME`.
    Flat {
        /// How much of the billing period was served.
        share: Share,
        /// Whether a period that is not a whole one is charged by days. Otherwise it is charged in full.
        prorated: bool,
    },
    /// Usage: one climb for each calculation period.
    Usage {
        /// The climbs, in order of time.
        climbs: Vec<Climb>,
        /// Groups that the usage is made of, if the metric is `GROUPED`. They become lines of `LINEAR` prices.
        groups: Vec<Group>,
    },
    /// Usage by the value of each event, which tiers with `minPrice` or `maxPrice` need.
    Events(Vec<Decimal>),
    /// Seats.
    Seats(SeatQuantity),
}

impl Measured {
    /// A whole billing period of a price without quantity.
    pub const fn whole_period() -> Self {
        Self::Flat {
            share: Share::WHOLE,
            prorated: false,
        }
    }

    /// Usage of a billing period by itself.
    pub fn usage(quantity: Decimal) -> Self {
        Self::cumulative(Decimal::ZERO, quantity)
    }

    /// Usage that continues a running total.
    pub fn cumulative(before: Decimal, total: Decimal) -> Self {
        Self::Usage {
            climbs: vec![Climb { before, total }],
            groups: Vec::new(),
        }
    }

    /// Usage of the period. 0 if no usage was measured.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeQuantity`] if usage is negative or a total fell; [`Error::GroupsDoNotAddUp`].
    pub fn used(&self) -> Result<Decimal> {
        match self {
            Self::Usage { climbs, groups } => {
                let used = climbs.iter().map(Climb::used).collect::<Result<Vec<_>>>()?;
                let used = total(used)?;
                for group in groups {
                    positive_usage(group.value)?;
                }
                if !groups.is_empty() && total(groups.iter().map(|group| group.value))? != used {
                    return Err(Error::GroupsDoNotAddUp);
                }
                Ok(used)
            }
            Self::Events(values) => {
                values.iter().try_for_each(|value| positive_usage(*value))?;
                total(values.iter().copied())
            }
            Self::Flat { .. } | Self::Seats(_) => Ok(Decimal::ZERO),
        }
    }

    /// The same usage without its last `units`. `None` if that is not defined, as for events.
    pub(crate) fn without_last(&self, units: Decimal) -> Result<Option<Self>> {
        let Self::Usage { climbs, .. } = self else {
            return Ok(None);
        };
        let mut climbs = climbs.clone();
        let mut rest = units;
        for climb in climbs.iter_mut().rev() {
            let taken = climb.used()?.min(rest);
            climb.total = difference(climb.total, taken)?;
            rest = difference(rest, taken)?;
        }
        Ok(Some(Self::Usage {
            climbs,
            groups: Vec::new(),
        }))
    }
}

impl Climb {
    fn used(&self) -> Result<Decimal> {
        positive_usage(self.before)?;
        let used = difference(self.total, self.before)?;
        positive_usage(used)?;
        Ok(used)
    }
}

fn positive_usage(quantity: Decimal) -> Result<()> {
    if quantity < Decimal::ZERO {
        Err(Error::NegativeQuantity(quantity))
    } else {
        Ok(())
    }
}

/// What a line of a charge is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// The amount of a `FIXED` or `ONE_TIME` price.
    Flat,
    /// Units of usage, in a tier if the price has tiers (its position, from 0).
    Units(Option<usize>),
    /// Packages.
    Packages,
    /// The fee of a tier.
    Fee(usize),
    /// Charges that were bounded event by event, summed: one line of quantity 1.
    BoundedEvents(usize),
    /// Seats, in a tier if the price has tiers.
    Seats(Option<usize>),
}

/// One line of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceLine {
    /// What the line is about.
    pub component: Component,
    /// Quantity as shown.
    pub quantity: Decimal,
    /// Rate of one unit.
    pub rate: Decimal,
    /// The rate is a share, and 1 is 100 %: `rateDisplay` is `PERCENTAGE`.
    pub is_percentage: bool,
    /// Quantity times rate, rounded to the minor unit.
    pub net: Decimal,
    /// How much of the quantity is within the contracted minimum of seats. `None` if the line has no seats.
    pub included_seats: Option<Decimal>,
    /// The group of a `GROUPED` metric.
    pub group: Option<String>,
}

/// What a price costs in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Charge {
    /// The lines. May be empty, as for tiers without usage.
    pub lines: Vec<PriceLine>,
    /// What the lines depend on.
    pub assumed: Assumed,
}

impl Charge {
    /// Sum of the lines.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDigits`].
    pub fn net(&self) -> Result<Decimal> {
        total(self.lines.iter().map(|line| line.net))
    }

    /// Sum of quantity times rate over the lines, without rounding. The charges of cumulative periods
    /// add up to the charge of the total in this sum exactly, and in [`net`](Self::net) up to the
    /// rounding of each line.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDigits`].
    pub fn unrounded(&self) -> Result<Decimal> {
        let products = self.lines.iter().map(|line| product(line.quantity, line.rate));
        total(products.collect::<Result<Vec<_>>>()?)
    }

    fn push(&mut self, line: Draft, currency: Currency) -> Result<()> {
        self.lines.push(PriceLine {
            component: line.component,
            quantity: line.quantity,
            rate: line.rate,
            is_percentage: line.is_percentage,
            net: net(line.quantity, line.rate, currency)?,
            included_seats: None,
            group: None,
        });
        self.assumed.add_if(line.is_percentage, A22);
        Ok(())
    }

    fn push_fee(&mut self, tier: usize, times: Decimal, fee: Decimal, currency: Currency) -> Result<()> {
        if fee.is_zero() || times.is_zero() {
            return Ok(());
        }
        self.push(Draft::new(Component::Fee(tier), times, fee), currency)
    }
}

struct Draft {
    component: Component,
    quantity: Decimal,
    rate: Decimal,
    is_percentage: bool,
}

impl Draft {
    fn new(component: Component, quantity: Decimal, rate: Decimal) -> Self {
        Self {
            component,
            quantity,
            rate,
            is_percentage: false,
        }
    }
}

impl Structure {
    /// The `pricingType` of the API.
    pub const fn pricing_type(&self) -> &'static str {
        match self {
            Self::OneTime { .. } => "ONE_TIME",
            Self::Fixed { .. } => "FIXED",
            Self::Linear { .. } => "LINEAR",
            Self::Package { .. } => "PACKAGE",
            Self::Graduated { .. } => "GRADUATED",
            Self::Volume { .. } => "VOLUME",
            Self::SeatBased { .. } => "SEAT_BASED",
        }
    }

    /// Checks the terms, as a price is checked when it is created.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeAmount`], [`Error::PackageSize`], or [`Error::ClampNotAllowed`].
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::OneTime { .. } | Self::Fixed { .. } | Self::Volume { .. } => Ok(()),
            Self::Linear { price_per_unit, .. } => not_negative("pricePerUnit", *price_per_unit),
            Self::Package {
                package_size,
                price_per_package,
            } => {
                if *package_size <= Decimal::ZERO {
                    return Err(Error::PackageSize(*package_size));
                }
                not_negative("pricePerPackage", *price_per_package)
            }
            Self::Graduated { tiers } => tiers.without_clamps(),
            Self::SeatBased {
                price_per_seat,
                tiers,
            } => {
                not_negative("pricePerSeat", *price_per_seat)?;
                tiers.as_ref().map_or(Ok(()), Tiers::without_clamps)
            }
        }
    }

    /// Charges for what was measured.
    ///
    /// # Errors
    ///
    /// What [`validate`](Self::validate) and [`Measured::used`] refuse; [`Error::WrongMeasure`] if the
    /// measure does not fit the structure; [`Error::EventsNeeded`] if a tier with `minPrice` or
    /// `maxPrice` is reached without [`Measured::Events`]; [`Error::TooManyDigits`].
    pub fn charge(&self, measured: &Measured, currency: Currency) -> Result<Charge> {
        self.validate()?;
        let mut charge = Charge::default();
        match (self, measured) {
            (Self::OneTime { price }, Measured::Flat { .. }) => {
                charge.push(Draft::new(Component::Flat, Decimal::ONE, *price), currency)?;
            }
            (Self::Fixed { price }, Measured::Flat { share, prorated }) => {
                let quantity = if *prorated {
                    share.shown(&mut charge.assumed)?
                } else {
                    Decimal::ONE
                };
                charge.assumed.add_if(!share.is_whole() && !prorated, A45);
                charge.push(Draft::new(Component::Flat, quantity, *price), currency)?;
            }
            (
                Self::Linear {
                    price_per_unit,
                    is_price_percentage,
                },
                Measured::Usage { .. } | Measured::Events(_),
            ) => {
                linear(
                    &mut charge,
                    measured,
                    *price_per_unit,
                    *is_price_percentage,
                    currency,
                )?;
            }
            (
                Self::Package {
                    package_size,
                    price_per_package,
                },
                Measured::Usage { .. } | Measured::Events(_),
            ) => {
                let (packages, is_whole) = packages(measured.used()?, *package_size)?;
                charge.assumed.add_if(!is_whole || packages.is_zero(), A18);
                charge.push(
                    Draft::new(Component::Packages, packages, *price_per_package),
                    currency,
                )?;
            }
            (Self::Graduated { tiers }, Measured::Usage { climbs, .. }) => {
                measured.used()?;
                graduated(
                    &mut charge,
                    tiers,
                    climbs,
                    Decimal::ONE,
                    &Component::Units,
                    currency,
                )?;
            }
            (Self::Graduated { tiers }, Measured::Events(_)) => {
                let climb = Climb {
                    before: Decimal::ZERO,
                    total: measured.used()?,
                };
                graduated(
                    &mut charge,
                    tiers,
                    &[climb],
                    Decimal::ONE,
                    &Component::Units,
                    currency,
                )?;
            }
            (Self::Volume { tiers }, Measured::Usage { .. } | Measured::Events(_)) => {
                volume(&mut charge, tiers, measured, currency)?;
            }
            (
                Self::SeatBased {
                    price_per_seat,
                    tiers,
                },
                Measured::Seats(seats),
            ) => {
                seat_based(&mut charge, *price_per_seat, tiers.as_ref(), seats, currency)?;
            }
            _ => {
                return Err(Error::WrongMeasure {
                    pricing: self.pricing_type(),
                });
            }
        }
        Ok(charge)
    }
}

fn linear(
    charge: &mut Charge,
    measured: &Measured,
    rate: Decimal,
    is_percentage: bool,
    currency: Currency,
) -> Result<()> {
    let used = measured.used()?;
    let line = |quantity| Draft {
        is_percentage,
        ..Draft::new(Component::Units(None), quantity, rate)
    };
    let groups = match measured {
        Measured::Usage { groups, .. } => groups.as_slice(),
        _ => &[],
    };
    if groups.is_empty() {
        return charge.push(line(used), currency);
    }
    charge.assumed |= A30;
    for group in groups {
        charge.push(line(group.value), currency)?;
        if let Some(line) = charge.lines.last_mut() {
            line.group = Some(group.label.clone());
        }
    }
    Ok(())
}

/// Started packages, and whether all of them are full.
fn packages(used: Decimal, size: Decimal) -> Result<(Decimal, bool)> {
    // Both as integers of one scale, so that the division is exact.
    let (used, size) = (used.normalize(), size.normalize());
    let scale = used.scale().max(size.scale());
    let lift = |d: Decimal| {
        let factor = 10_u128.checked_pow(scale - d.scale())?;
        d.mantissa().unsigned_abs().checked_mul(factor)
    };
    let (used, size) = lift(used).zip(lift(size)).ok_or(Error::TooManyDigits)?;
    let packages = i128::try_from(used.div_ceil(size)).map_err(|_| Error::TooManyDigits)?;
    let count = Decimal::try_from_i128_with_scale(packages, 0).map_err(|_| Error::TooManyDigits)?;
    Ok((count, used % size == 0))
}

/// Lines of tiers that usage climbs: the units of each tier, and the fee of each tier that was entered.
fn graduated(
    charge: &mut Charge,
    tiers: &Tiers,
    climbs: &[Climb],
    fee_share: Decimal,
    component: &dyn Fn(Option<usize>) -> Component,
    currency: Currency,
) -> Result<()> {
    for (i, lower, tier) in tiers.with_lower() {
        let (mut units, mut entries) = (Decimal::ZERO, Decimal::ZERO);
        for climb in climbs {
            let climbed = difference(
                tier.part_of(lower, climb.total)?,
                tier.part_of(lower, climb.before)?,
            )?;
            units = sum(units, climbed)?;
            if climb.before <= lower && climb.total > lower {
                entries = sum(entries, Decimal::ONE)?;
            }
            charge
                .assumed
                .add_if(!tier.fee.is_zero() && climb.total >= lower, A19);
        }
        if !units.is_zero() {
            let line = Draft::new(component(Some(i)), units, tier.price);
            charge.push(
                Draft {
                    is_percentage: tier.is_price_percentage,
                    ..line
                },
                currency,
            )?;
        }
        charge.push_fee(i, product(entries, fee_share)?, tier.fee, currency)?;
    }
    Ok(())
}

fn volume(charge: &mut Charge, tiers: &Tiers, measured: &Measured, currency: Currency) -> Result<()> {
    let used = measured.used()?;
    let tier = tiers
        .0
        .iter()
        .position(|tier| tier.upper_bound.is_none_or(|upper| used <= upper));
    let tier_index = tier.expect("the last tier is open");
    let tier = &tiers.0[tier_index];
    charge
        .assumed
        .add_if(used.is_zero() || tier.upper_bound == Some(used), A20);
    if used.is_zero() {
        return Ok(());
    }
    if tier.min_price.is_some() || tier.max_price.is_some() {
        let Measured::Events(values) = measured else {
            return Err(Error::EventsNeeded);
        };
        let bounded = values.iter().map(|value| {
            let amount = product(*value, tier.price)?;
            let amount = tier.min_price.map_or(amount, |min| amount.max(min));
            Ok(tier.max_price.map_or(amount, |max| amount.min(max)))
        });
        let amount = total(bounded.collect::<Result<Vec<_>>>()?)?;
        charge.assumed |= A23;
        charge.assumed.add_if(tier.is_price_percentage, A22);
        charge.push(
            Draft::new(Component::BoundedEvents(tier_index), Decimal::ONE, amount),
            currency,
        )?;
    } else {
        let line = Draft::new(Component::Units(Some(tier_index)), used, tier.price);
        charge.push(
            Draft {
                is_percentage: tier.is_price_percentage,
                ..line
            },
            currency,
        )?;
    }
    charge.push_fee(tier_index, Decimal::ONE, tier.fee, currency)
}

fn seat_based(
    charge: &mut Charge,
    price_per_seat: Decimal,
    tiers: Option<&Tiers>,
    seats: &SeatQuantity,
    currency: Currency,
) -> Result<()> {
    charge.assumed |= seats.assumed;
    let Some(tiers) = tiers else {
        charge.push(
            Draft::new(Component::Seats(None), seats.quantity, price_per_seat),
            currency,
        )?;
        if let Some(line) = charge.lines.last_mut() {
            line.included_seats = Some(seats.included);
        }
        return Ok(());
    };
    charge.assumed |= A21;
    let climb = Climb {
        before: seats.below,
        total: sum(seats.below, seats.quantity)?,
    };
    let fee_share = seats.fee_share.shown(&mut charge.assumed)?;
    graduated(charge, tiers, &[climb], fee_share, &Component::Seats, currency)?;
    // The included seats are the first ones that are charged.
    let mut rest = seats.included;
    for line in charge
        .lines
        .iter_mut()
        .filter(|line| matches!(line.component, Component::Seats(_)))
    {
        let included = rest.min(line.quantity);
        line.included_seats = Some(included);
        rest = difference(rest, included)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::seats::{Part, ProrationStrategy, Segment, Terms};

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn tier(upper_bound: &str, price: &str, fee: &str) -> Tier {
        let upper_bound = (!upper_bound.is_empty()).then(|| d(upper_bound));
        Tier {
            upper_bound,
            price: d(price),
            fee: d(fee),
            ..Tier::default()
        }
    }

    fn golden_tiers() -> Tiers {
        Tiers::new(vec![
            tier("100", "1", "0"),
            tier("1000", "0.5", "10"),
            tier("", "0.25", "20"),
        ])
        .unwrap()
    }

    fn net_of(structure: &Structure, measured: &Measured) -> Decimal {
        structure.charge(measured, Currency::Usd).unwrap().net().unwrap()
    }

    #[test]
    fn golden_graduated() {
        let structure = Structure::Graduated {
            tiers: golden_tiers(),
        };
        for (used, expected) in [
            ("0", "0"),
            ("50", "50"),
            ("100", "100"),
            ("101", "110.50"),
            ("1000", "560"),
            ("1500", "705"),
        ] {
            assert_eq!(
                net_of(&structure, &Measured::usage(d(used))),
                d(expected),
                "{used}"
            );
        }
    }

    #[test]
    fn golden_volume() {
        let structure = Structure::Volume {
            tiers: golden_tiers(),
        };
        for (used, expected) in [
            ("0", "0"),
            ("50", "50"),
            ("100", "100"),
            ("101", "60.50"),
            ("1000", "510"),
            ("1500", "395"),
        ] {
            assert_eq!(
                net_of(&structure, &Measured::usage(d(used))),
                d(expected),
                "{used}"
            );
        }
    }

    #[test]
    fn golden_packages() {
        let structure = Structure::Package {
            package_size: d("250"),
            price_per_package: d("7"),
        };
        for (used, expected) in [
            ("0", "0"),
            ("1", "7"),
            ("250", "7"),
            ("251", "14"),
            ("1500", "42"),
            ("250.0000001", "14"),
        ] {
            assert_eq!(
                net_of(&structure, &Measured::usage(d(used))),
                d(expected),
                "{used}"
            );
        }
        let small = Structure::Package {
            package_size: d("0.1"),
            price_per_package: d("1"),
        };
        assert_eq!(net_of(&small, &Measured::usage(d("0.3"))), d("3"));
    }

    #[test]
    fn golden_cumulative() {
        let structure = Structure::Graduated {
            tiers: golden_tiers(),
        };
        let first = net_of(&structure, &Measured::cumulative(d("0"), d("80")));
        let second = net_of(&structure, &Measured::cumulative(d("80"), d("150")));
        assert_eq!((first, second), (d("80"), d("55")));
        assert_eq!(first + second, net_of(&structure, &Measured::usage(d("150"))));
    }

    #[test]
    fn golden_seats() {
        use ProrationStrategy::{ProrateAllChanges, ProrateIncrements, UseMaximum};
        let balances = [vec![5; 10], vec![8; 10], vec![6; 10]].concat();
        for (strategy, minimum, expected) in [
            (UseMaximum, 0, "96.00"),
            (ProrateIncrements, 0, "84.00"),
            (ProrateAllChanges, 0, "76.00"),
            (UseMaximum, 7, "96.00"),
            (ProrateIncrements, 7, "92.00"),
            (ProrateAllChanges, 7, "88.00"),
        ] {
            let terms = Terms {
                strategy,
                contracted_minimum_seats: minimum,
                prorate_flat_fees: false,
            };
            let seats = terms
                .measure(
                    Part::All,
                    &[Segment {
                        balances: &balances,
                        full_days: 30,
                    }],
                )
                .unwrap();
            let structure = Structure::SeatBased {
                price_per_seat: d("12.00"),
                tiers: None,
            };
            assert_eq!(
                net_of(&structure, &Measured::Seats(seats)),
                d(expected),
                "{strategy:?}, {minimum}"
            );
        }
    }

    #[test]
    fn seat_tiers_are_graduated_and_share_out_the_included_seats() {
        let tiers = Tiers::new(vec![tier("5", "10", "3"), tier("", "8", "6")]).unwrap();
        let structure = Structure::SeatBased {
            price_per_seat: d("0"),
            tiers: Some(tiers),
        };
        let terms = Terms {
            strategy: ProrationStrategy::UseMaximum,
            contracted_minimum_seats: 7,
            prorate_flat_fees: true,
        };
        let seats = terms
            .measure(
                Part::All,
                &[Segment {
                    balances: &[9; 15],
                    full_days: 15,
                }],
            )
            .unwrap();
        let charge = structure.charge(&Measured::Seats(seats), Currency::Usd).unwrap();
        let lines: Vec<_> = charge
            .lines
            .iter()
            .map(|l| (l.component, l.quantity, l.included_seats))
            .collect();
        assert_eq!(
            lines,
            [
                (Component::Seats(Some(0)), d("5"), Some(d("5"))),
                (Component::Fee(0), d("1"), None),
                (Component::Seats(Some(1)), d("4"), Some(d("2"))),
                (Component::Fee(1), d("1"), None),
            ]
        );
        // Half of the period: half of the seats (4.5, all in the first tier) and half of its fee.
        let seats = terms
            .measure(
                Part::All,
                &[Segment {
                    balances: &[9; 15],
                    full_days: 30,
                }],
            )
            .unwrap();
        assert_eq!(net_of(&structure, &Measured::Seats(seats)), d("46.50"));
        // The overage of 2 seats climbs from 7: 2 × 8, and no tier is entered.
        let seats = terms
            .measure(
                Part::Overage,
                &[Segment {
                    balances: &[9; 15],
                    full_days: 15,
                }],
            )
            .unwrap();
        assert_eq!(net_of(&structure, &Measured::Seats(seats)), d("16"));
    }

    #[test]
    fn a_fixed_stub_is_charged_in_full_unless_prorated() {
        let fixed = Structure::Fixed { price: d("100") };
        let share = Share::of_days(5, 31).unwrap();
        let full = fixed
            .charge(
                &Measured::Flat {
                    share,
                    prorated: false,
                },
                Currency::Usd,
            )
            .unwrap();
        assert_eq!((full.net().unwrap(), full.assumed), (d("100"), A45.into()));
        let part = fixed
            .charge(
                &Measured::Flat {
                    share,
                    prorated: true,
                },
                Currency::Usd,
            )
            .unwrap();
        assert_eq!(part.lines[0].quantity, d("0.161290322581"));
        assert_eq!(part.net().unwrap(), d("16.13"));
        assert!(!part.assumed.contains(A45));
        let whole = fixed.charge(&Measured::whole_period(), Currency::Usd).unwrap();
        assert!(whole.assumed.is_empty());
    }

    #[test]
    fn percentages_are_shares_of_the_amount_and_1_is_all_of_it() {
        for (rate, expected) in [("1", "250"), ("0.029", "7.25"), ("0.05", "12.50")] {
            let structure = Structure::Linear {
                price_per_unit: d(rate),
                is_price_percentage: true,
            };
            let charge = structure
                .charge(&Measured::usage(d("250")), Currency::Usd)
                .unwrap();
            assert_eq!(charge.net().unwrap(), d(expected));
            assert!(charge.lines[0].is_percentage && charge.assumed.contains(A22));
        }
    }

    #[test]
    fn volume_bounds_hold_for_each_event() {
        let bounded = Tier {
            is_price_percentage: true,
            min_price: Some(d("0.30")),
            max_price: Some(d("5")),
            ..tier("", "0.03", "0")
        };
        let structure = Structure::Volume {
            tiers: Tiers::new(vec![bounded]).unwrap(),
        };
        // 0.03 × 5 = 0.15 → 0.30; 0.03 × 100 = 3; 0.03 × 1000 = 30 → 5.
        let values = vec![d("5"), d("100"), d("1000")];
        let charge = structure
            .charge(&Measured::Events(values), Currency::Usd)
            .unwrap();
        assert_eq!(charge.net().unwrap(), d("8.30"));
        assert_eq!(
            (charge.lines[0].quantity, charge.lines[0].rate),
            (d("1"), d("8.30"))
        );
        assert_eq!(charge.assumed, Assumed::from(A22) | A23);
        assert_eq!(
            structure.charge(&Measured::usage(d("5")), Currency::Usd),
            Err(Error::EventsNeeded)
        );
        let negative = Measured::Events(vec![d("-5"), d("100")]);
        assert_eq!(
            structure.charge(&negative, Currency::Usd),
            Err(Error::NegativeQuantity(d("-5")))
        );
    }

    #[test]
    fn periodic_usage_is_priced_period_by_period() {
        let structure = Structure::Graduated {
            tiers: golden_tiers(),
        };
        let climb = |total| Climb {
            before: Decimal::ZERO,
            total: d(total),
        };
        let measured = Measured::Usage {
            climbs: vec![climb("150"), climb("50"), climb("101")],
            groups: vec![],
        };
        let charge = structure.charge(&measured, Currency::Usd).unwrap();
        // 150: 100 + 10 + 25; 50: 50; 101: 100 + 10 + 0.50.
        assert_eq!(charge.net().unwrap(), d("295.50"));
        let fee = charge
            .lines
            .iter()
            .find(|line| line.component == Component::Fee(1))
            .unwrap();
        assert_eq!(fee.quantity, d("2"));
    }

    #[test]
    fn groups_are_lines_of_linear_prices() {
        let group = |label: &str, value| Group {
            label: label.to_owned(),
            value: d(value),
        };
        let groups = vec![group("eu", "3"), group("us", "4")];
        let climbs = vec![Climb {
            before: Decimal::ZERO,
            total: d("7"),
        }];
        let linear = Structure::Linear {
            price_per_unit: d("0.335"),
            is_price_percentage: false,
        };
        let charge = linear
            .charge(
                &Measured::Usage {
                    climbs,
                    groups: groups.clone(),
                },
                Currency::Gbp,
            )
            .unwrap();
        let lines: Vec<_> = charge.lines.iter().map(|l| (l.group.as_deref(), l.net)).collect();
        assert_eq!(lines, [(Some("eu"), d("1.01")), (Some("us"), d("1.34"))]);
        assert_eq!(charge.assumed, A30.into());
        let climbs = vec![Climb {
            before: Decimal::ZERO,
            total: d("8"),
        }];
        let wrong = linear.charge(&Measured::Usage { climbs, groups }, Currency::Gbp);
        assert_eq!(wrong, Err(Error::GroupsDoNotAddUp));
    }

    #[test]
    fn results_name_exactly_the_rules_they_depend_on() {
        let graduated = Structure::Graduated {
            tiers: golden_tiers(),
        };
        let volume = Structure::Volume {
            tiers: golden_tiers(),
        };
        let package = Structure::Package {
            package_size: d("250"),
            price_per_package: d("7"),
        };
        for (structure, used, expected) in [
            (&graduated, "50", ""),
            (&graduated, "100", "A19"),
            (&graduated, "101", "A19"),
            (&volume, "0", "A20"),
            (&volume, "50", ""),
            (&volume, "100", "A20"),
            (&volume, "1500", ""),
            (&package, "0", "A18"),
            (&package, "251", "A18"),
            (&package, "500", ""),
        ] {
            let charge = structure
                .charge(&Measured::usage(d(used)), Currency::Usd)
                .unwrap();
            assert_eq!(
                charge.assumed.to_string(),
                expected,
                "{} of {used}",
                structure.pricing_type()
            );
        }
    }

    #[test]
    fn tiers_must_rise_and_end_open() {
        use Error::{LastTierBounded, NoTiers, OpenTier, TierOrder};
        for (tiers, error) in [
            (vec![], NoTiers),
            (vec![tier("5", "1", "0")], LastTierBounded),
            (vec![tier("", "1", "0"), tier("", "1", "0")], OpenTier { tier: 0 }),
            (
                vec![tier("0", "1", "0"), tier("", "1", "0")],
                TierOrder { tier: 0 },
            ),
            (
                vec![tier("5", "1", "0"), tier("5", "1", "0"), tier("", "1", "0")],
                TierOrder { tier: 1 },
            ),
            (
                vec![tier("5", "1", "0"), tier("4", "1", "0"), tier("", "1", "0")],
                TierOrder { tier: 1 },
            ),
            (
                vec![tier("", "-1", "0")],
                Error::NegativeAmount {
                    field: "price",
                    amount: d("-1"),
                },
            ),
            (
                vec![tier("", "1", "-2")],
                Error::NegativeAmount {
                    field: "fee",
                    amount: d("-2"),
                },
            ),
        ] {
            assert_eq!(Tiers::new(tiers), Err(error));
        }
        let reversed = Tier {
            min_price: Some(d("2")),
            max_price: Some(d("1")),
            ..tier("", "1", "0")
        };
        assert_eq!(Tiers::new(vec![reversed]), Err(Error::ClampReversed { tier: 0 }));
    }

    #[test]
    fn nonsense_is_refused() {
        let package = |size, price| Structure::Package {
            package_size: d(size),
            price_per_package: d(price),
        };
        assert_eq!(package("0", "1").validate(), Err(Error::PackageSize(d("0"))));
        assert_eq!(package("-1", "1").validate(), Err(Error::PackageSize(d("-1"))));
        assert!(matches!(
            package("1", "-1").validate(),
            Err(Error::NegativeAmount { .. })
        ));
        let linear = Structure::Linear {
            price_per_unit: d("1"),
            is_price_percentage: false,
        };
        for measured in [Measured::usage(d("-1")), Measured::cumulative(d("5"), d("4"))] {
            assert_eq!(
                linear.charge(&measured, Currency::Usd),
                Err(Error::NegativeQuantity(d("-1")))
            );
        }
        assert_eq!(
            linear.charge(&Measured::whole_period(), Currency::Usd),
            Err(Error::WrongMeasure { pricing: "LINEAR" })
        );
        let clamped = Tier {
            min_price: Some(d("1")),
            ..tier("", "1", "0")
        };
        let graduated = Structure::Graduated {
            tiers: Tiers::new(vec![clamped]).unwrap(),
        };
        assert_eq!(graduated.validate(), Err(Error::ClampNotAllowed { tier: 0 }));
        let large = Structure::Linear {
            price_per_unit: Decimal::MAX,
            is_price_percentage: false,
        };
        assert_eq!(
            large.charge(&Measured::usage(d("2")), Currency::Usd),
            Err(Error::TooManyDigits)
        );
        let tiny = package("0.0000000000000000000000000001", "1");
        assert_eq!(
            tiny.charge(&Measured::usage(Decimal::MAX), Currency::Usd),
            Err(Error::TooManyDigits)
        );
    }
}
