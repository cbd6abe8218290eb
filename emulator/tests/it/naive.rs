//! The arithmetic once more, slow and written differently: integers and fractions of integers, unit by unit
//! and day by day. It shares no code with the crate.

/// A fraction of integers; the denominator is above 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio(pub(crate) i128, pub(crate) i128);

impl Ratio {
    /// `digits` with the point moved to the left.
    pub(crate) fn decimal(digits: i128, scale: u32) -> Self {
        Self(digits, 10_i128.pow(scale))
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let (n, d) = (self.0 * other.0, self.1 * other.1);
        let mut a = n.abs();
        let mut b = d;
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(n / a.max(1), d / a.max(1))
    }

    /// To an integer, halves away from zero.
    pub(crate) fn round(self) -> i128 {
        let Self(n, d) = self;
        let magnitude = (2 * n.abs() + d) / (2 * d);
        if n < 0 { -magnitude } else { magnitude }
    }

    /// In hundredths.
    pub(crate) fn cents(self) -> i128 {
        self.times(Self(100, 1)).round()
    }

    /// With 12 decimals.
    pub(crate) fn shown(self) -> Self {
        Self::decimal(self.times(Self(10_i128.pow(12), 1)).round(), 12)
    }
}

/// Bound (0 for open), price in hundredths of a cent, fee in cents.
#[derive(Clone, Debug)]
pub(crate) struct NaiveTier {
    pub(crate) upper: u32,
    pub(crate) price: i128,
    pub(crate) fee: i128,
}

#[derive(Clone, Debug)]
pub(crate) enum NaivePrice {
    Fixed {
        cents: i128,
    },
    Linear {
        price: i128,
        used: u32,
    },
    Package {
        size: u32,
        cents: i128,
        used: u32,
    },
    Graduated {
        tiers: Vec<NaiveTier>,
        before: u32,
        used: u32,
    },
    Volume {
        tiers: Vec<NaiveTier>,
        used: u32,
    },
    Seats {
        strategy: u8,
        minimum: u64,
        balances: Vec<u64>,
        /// Days of the whole period. Only a period by days can be shorter.
        days: i128,
        cents: i128,
    },
}

/// An amount in cents with the parts that discounts on seats see apart: (is overage, cents).
#[derive(Clone, Debug)]
pub(crate) struct NaiveLine {
    pub(crate) item: usize,
    pub(crate) tax_percent: i128,
    pub(crate) cents: i128,
    pub(crate) left: Vec<(Seats, i128)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seats {
    None,
    Included,
    Overage,
}

fn tier_of_unit(tiers: &[NaiveTier], unit: u32) -> usize {
    let mut tier = 0;
    while tiers[tier].upper != 0 && unit > tiers[tier].upper {
        tier += 1;
    }
    tier
}

impl NaivePrice {
    pub(crate) fn used(&self) -> u32 {
        match self {
            Self::Linear { used, .. }
            | Self::Package { used, .. }
            | Self::Graduated { used, .. }
            | Self::Volume { used, .. } => *used,
            Self::Fixed { .. } | Self::Seats { .. } => 0,
        }
    }

    pub(crate) fn with_used(&self, units: u32) -> Self {
        let mut less = self.clone();
        match &mut less {
            Self::Linear { used, .. }
            | Self::Package { used, .. }
            | Self::Graduated { used, .. }
            | Self::Volume { used, .. } => *used = units,
            Self::Fixed { .. } | Self::Seats { .. } => {}
        }
        less
    }

    /// Amounts of the lines in cents, each with its parts.
    pub(crate) fn lines(&self) -> Vec<Vec<(Seats, i128)>> {
        let plain = |cents| vec![(Seats::None, cents)];
        match self {
            Self::Fixed { cents } => vec![plain(*cents)],
            Self::Linear { price, used } => {
                vec![plain(Ratio::decimal(*price * i128::from(*used), 4).cents())]
            }
            Self::Package { size, cents, used } => {
                let (mut packages, mut covered) = (0, 0);
                while covered < *used {
                    covered += size;
                    packages += 1;
                }
                vec![plain(packages * cents)]
            }
            Self::Graduated { tiers, before, used } => {
                let mut units = vec![0_i128; tiers.len()];
                let mut entered = vec![false; tiers.len()];
                for unit in before + 1..=before + used {
                    let tier = tier_of_unit(tiers, unit);
                    units[tier] += 1;
                    // Entered by this unit if the one before it lies lower, or if there is none.
                    entered[tier] |= unit == 1 || tier_of_unit(tiers, unit - 1) < tier;
                }
                let mut lines = Vec::new();
                for (i, tier) in tiers.iter().enumerate() {
                    if units[i] > 0 {
                        lines.push(plain(Ratio::decimal(units[i] * tier.price, 4).cents()));
                    }
                    if entered[i] && tier.fee > 0 {
                        lines.push(plain(tier.fee));
                    }
                }
                lines
            }
            Self::Volume { tiers, used } => {
                if *used == 0 {
                    return Vec::new();
                }
                let tier = &tiers[tier_of_unit(tiers, *used)];
                let mut lines = vec![plain(Ratio::decimal(i128::from(*used) * tier.price, 4).cents())];
                if tier.fee > 0 {
                    lines.push(plain(tier.fee));
                }
                lines
            }
            Self::Seats {
                strategy,
                minimum,
                balances,
                days,
                cents,
            } => {
                let mut seat_days = 0;
                for day in 0..balances.len() {
                    let until_today = &balances[..=day];
                    let counted = match strategy {
                        0 => balances.iter().max(),
                        1 => until_today.iter().max(),
                        _ => until_today.last(),
                    };
                    seat_days += i128::from(*counted.unwrap().max(minimum));
                }
                let quantity = Ratio(seat_days, *days).shown();
                let rate = Ratio::decimal(*cents, 2);
                let all = quantity.times(rate).cents();
                let committed = Ratio(i128::from(*minimum) * balances.len() as i128, *days).shown();
                let included = committed.times(rate).cents().min(all);
                vec![vec![
                    (Seats::Included, included),
                    (Seats::Overage, all - included),
                ]]
            }
        }
    }
}

/// Proportional shares in cents; what rounding leaves over goes to the last, then to those before it.
pub(crate) fn share_out(amount: i128, weights: &[i128]) -> Vec<i128> {
    let whole: i128 = weights.iter().sum();
    let mut shares = vec![0; weights.len()];
    if whole == 0 {
        return shares;
    }
    let last = (0..weights.len()).filter(|i| weights[*i] > 0).max().unwrap();
    let mut given = 0;
    for i in 0..last {
        let fair = Ratio(amount * weights[i], whole).round();
        shares[i] = fair.min(weights[i]).min(amount - given);
        given += shares[i];
    }
    // Cent by cent from the end.
    let mut i = last;
    while given < amount {
        if shares[i] < weights[i] {
            shares[i] += 1;
            given += 1;
        } else {
            i -= 1;
        }
    }
    shares
}

#[derive(Clone, Debug)]
pub(crate) struct NaiveDiscount {
    /// Hundredths of a percent, or cents.
    pub(crate) amount: i128,
    pub(crate) is_percentage: bool,
    pub(crate) separate: bool,
    /// Positions of items; empty for all.
    pub(crate) items: Vec<usize>,
    /// The parts that it leaves alone.
    pub(crate) spares: Option<Seats>,
}

#[derive(Clone, Debug)]
pub(crate) struct NaiveMinimum {
    pub(crate) cents: i128,
    /// Tax rate in percent if none of the items has a line.
    pub(crate) percent: i128,
    pub(crate) items: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct NaiveInvoice {
    pub(crate) items: Vec<(NaivePrice, i128)>,
    pub(crate) discounts: Vec<NaiveDiscount>,
    pub(crate) minimum: Option<NaiveMinimum>,
    /// Units of credit for the item at this position.
    pub(crate) units: Option<(usize, u32)>,
    /// Cash in cents, for the items at these positions or all.
    pub(crate) cash: Option<(i128, Vec<usize>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct NaiveTotals {
    pub(crate) net: i128,
    pub(crate) tax: i128,
    pub(crate) top_up: i128,
    pub(crate) discounts: i128,
    pub(crate) units_worth: i128,
    pub(crate) cash: i128,
}

fn among(items: &[usize], item: usize) -> bool {
    items.is_empty() || items.contains(&item)
}

impl NaiveInvoice {
    pub(crate) fn totals(&self) -> NaiveTotals {
        let mut totals = NaiveTotals::default();
        let mut lines: Vec<NaiveLine> = Vec::new();
        for (item, (price, tax_percent)) in self.items.iter().enumerate() {
            for left in price.lines() {
                let cents = left.iter().map(|(_, cents)| cents).sum();
                lines.push(NaiveLine {
                    item,
                    tax_percent: *tax_percent,
                    cents,
                    left,
                });
            }
        }

        // Discounts: (tax percent, cents) of those with a line of their own.
        let mut own: Vec<(i128, i128)> = Vec::new();
        for discount in &self.discounts {
            let mut cells: Vec<(usize, usize)> = Vec::new();
            for (i, line) in lines.iter().enumerate() {
                for (k, (seats, cents)) in line.left.iter().enumerate() {
                    if among(&discount.items, line.item) && *cents > 0 && discount.spares != Some(*seats) {
                        cells.push((i, k));
                    }
                }
            }
            let weights: Vec<i128> = cells.iter().map(|(i, k)| lines[*i].left[*k].1).collect();
            let whole: i128 = weights.iter().sum();
            let amount = if discount.is_percentage {
                Ratio(whole * discount.amount, 10_000).round()
            } else {
                discount.amount.min(whole)
            };
            totals.discounts += amount;
            for ((i, k), share) in cells.into_iter().zip(share_out(amount, &weights)) {
                lines[i].left[k].1 -= share;
                if discount.separate {
                    own.push((lines[i].tax_percent, share));
                } else {
                    lines[i].cents -= share;
                }
            }
            if discount.separate {
                own.push((-1, 0));
            }
        }

        // Every line with its tax rate: price lines, own lines of discounts by tax rate, the top-up.
        let mut taxed: Vec<(i128, i128)> = lines.iter().map(|line| (line.tax_percent, line.cents)).collect();
        for discount in own.split(|(percent, _)| *percent == -1) {
            for percent in [0, 5, 20] {
                let cents: i128 = discount
                    .iter()
                    .filter(|(p, _)| *p == percent)
                    .map(|(_, cents)| cents)
                    .sum();
                taxed.push((percent, -cents));
            }
        }

        // What credit can be used on: (item, tax percent, cents left).
        let mut open: Vec<(Option<usize>, i128, i128)> = Vec::new();
        for line in &lines {
            open.push((
                Some(line.item),
                line.tax_percent,
                line.left.iter().map(|(_, cents)| cents).sum(),
            ));
        }
        if let Some(minimum) = &self.minimum {
            let counted = open
                .iter()
                .filter(|(item, ..)| among(&minimum.items, item.unwrap()));
            let net: i128 = counted.map(|(.., cents)| cents).sum();
            if net < minimum.cents {
                totals.top_up = minimum.cents - net;
                let mut percent = minimum.percent;
                let mut largest = None;
                for line in lines.iter().filter(|line| among(&minimum.items, line.item)) {
                    if largest.is_none_or(|cents| line.cents > cents) {
                        (largest, percent) = (Some(line.cents), line.tax_percent);
                    }
                }
                taxed.push((percent, totals.top_up));
                open.push((None, percent, totals.top_up));
            }
        }

        let tax = |(percent, cents): &(i128, i128)| Ratio(percent * cents, 100).round();
        let mut by_rate: Vec<(i128, i128, i128)> = Vec::new();
        for percent in [0, 5, 20] {
            let of_rate: Vec<_> = taxed.iter().filter(|(p, _)| *p == percent).collect();
            let net = of_rate.iter().map(|(_, cents)| cents).sum();
            by_rate.push((percent, net, of_rate.iter().map(|line| tax(line)).sum()));
        }

        let mut credits: Vec<Vec<(usize, i128)>> = Vec::new();
        if let Some((item, units)) = self.units {
            let price = &self.items[item].0;
            let units = units.min(price.used());
            let places: Vec<usize> = (0..open.len()).filter(|i| open[*i].0 == Some(item)).collect();
            let weights: Vec<i128> = places.iter().map(|i| open[*i].2).collect();
            let left: i128 = weights.iter().sum();
            let sum =
                |price: NaivePrice| -> i128 { price.lines().iter().flatten().map(|(_, cents)| cents).sum() };
            let whole = sum(price.clone());
            let rest = sum(price.with_used(price.used() - units));
            if units > 0 && whole > 0 && rest < whole {
                totals.units_worth = Ratio(left * (whole - rest), whole).round();
            }
            credits.push(
                places
                    .into_iter()
                    .zip(share_out(totals.units_worth, &weights))
                    .collect(),
            );
            for (i, cents) in &credits[0] {
                open[*i].2 -= cents;
            }
        }
        if let Some((cents, items)) = &self.cash {
            let covered = |item: Option<usize>| match item {
                Some(item) => among(items, item),
                None => {
                    let minimum = &self.minimum.as_ref().unwrap().items;
                    items.is_empty()
                        || (!minimum.is_empty() && minimum.iter().all(|item| items.contains(item)))
                }
            };
            let places: Vec<usize> = (0..open.len()).filter(|i| covered(open[*i].0)).collect();
            let weights: Vec<i128> = places.iter().map(|i| open[*i].2).collect();
            totals.cash = (*cents).min(weights.iter().sum());
            credits.push(places.into_iter().zip(share_out(totals.cash, &weights)).collect());
        }
        totals.net = taxed.iter().map(|(_, cents)| cents).sum::<i128>() - totals.units_worth - totals.cash;
        totals.tax = taxed.iter().map(tax).sum();
        for credit in credits {
            for (percent, net, rate_tax) in &mut by_rate {
                let used: i128 = credit
                    .iter()
                    .filter(|(i, _)| open[*i].1 == *percent)
                    .map(|(_, cents)| cents)
                    .sum();
                if used == 0 {
                    continue;
                }
                let positive = (*rate_tax).max(0);
                let share = if used == *net {
                    positive
                } else {
                    Ratio(used * positive, *net).round()
                };
                totals.tax -= share;
                *net -= used;
                *rate_tax -= share;
            }
        }
        totals
    }
}
