//! What holds for every price.

use proptest::prelude::*;
use rust_decimal::Decimal;
use sequencehq_emulator::billing::Currency;
use sequencehq_emulator::billing::discount::{Calculation, Discount, SeatDiscountType};
use sequencehq_emulator::billing::money::net;
use sequencehq_emulator::billing::price::{Climb, Measured, Structure, Tier, Tiers};
use sequencehq_emulator::billing::seats::{Part, ProrationStrategy, Segment, Terms};

const STRATEGIES: [ProrationStrategy; 3] = [
    ProrationStrategy::UseMaximum,
    ProrationStrategy::ProrateIncrements,
    ProrationStrategy::ProrateAllChanges,
];

/// Up to four tiers; quantities with three decimals, prices with four.
fn tiers(fees: bool) -> impl Strategy<Value = Tiers> {
    let tier = (
        1..2_000_000_i64,
        0..50_000_i64,
        if fees { 0..10_000_i64 } else { 0..1 },
    );
    prop::collection::vec(tier, 1..5).prop_map(|rows| {
        let last = rows.len() - 1;
        let mut upper = 0;
        let tiers = rows.into_iter().enumerate().map(|(i, (width, price, fee))| {
            upper += width;
            Tier {
                upper_bound: (i < last).then(|| Decimal::new(upper, 3)),
                price: Decimal::new(price, 4),
                fee: Decimal::new(fee, 2),
                ..Tier::default()
            }
        });
        Tiers::new(tiers.collect()).expect("bounds rise and the last is open")
    })
}

fn cost(structure: &Structure, measured: &Measured) -> Decimal {
    structure
        .charge(measured, Currency::Usd)
        .unwrap()
        .unrounded()
        .unwrap()
}

proptest! {
    #[test]
    fn every_line_is_quantity_times_rate(tiers in tiers(true), used in 0..9_000_000_i64) {
        for structure in [Structure::Graduated { tiers: tiers.clone() }, Structure::Volume { tiers: tiers.clone() }] {
            for currency in [Currency::Usd, Currency::Jpy] {
                let charge = structure.charge(&Measured::usage(Decimal::new(used, 3)), currency).unwrap();
                let mut sum = Decimal::ZERO;
                for line in &charge.lines {
                    prop_assert_eq!(line.net, net(line.quantity, line.rate, currency).unwrap());
                    sum += line.net;
                }
                prop_assert_eq!(charge.net().unwrap(), sum);
            }
        }
    }

    #[test]
    fn graduated_is_monotone_and_without_fees_continuous(tiers in tiers(false), used in 0..9_000_000_i64, more in 0..2_000_i64) {
        let dearest = tiers.as_slice().iter().map(|tier| tier.price).max().unwrap();
        let structure = Structure::Graduated { tiers };
        let [low, high] = [used, used + more].map(|used| cost(&structure, &Measured::usage(Decimal::new(used, 3))));
        prop_assert!(low <= high);
        // No jump anywhere: the step is bounded by the dearest tier.
        prop_assert!(high - low <= dearest * Decimal::new(more, 3));
    }

    #[test]
    fn graduated_with_fees_is_monotone(tiers in tiers(true), used in 0..9_000_000_i64, more in 0..9_000_000_i64) {
        let structure = Structure::Graduated { tiers };
        let [low, high] = [used, used + more].map(|used| cost(&structure, &Measured::usage(Decimal::new(used, 3))));
        prop_assert!(low <= high);
    }

    #[test]
    fn cumulative_periods_add_up_to_the_charge_of_the_total(
        tiers in tiers(true), periods in prop::collection::vec(0..2_000_000_i64, 1..13),
    ) {
        let structure = Structure::Graduated { tiers };
        let (mut before, mut sum, mut climbs) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
        for used in periods {
            let total = before + Decimal::new(used, 3);
            sum += cost(&structure, &Measured::cumulative(before, total));
            climbs.push(Climb { before, total });
            before = total;
        }
        prop_assert_eq!(sum, cost(&structure, &Measured::usage(before)));
        prop_assert_eq!(sum, cost(&structure, &Measured::Usage { climbs, groups: Vec::new() }));
    }

    #[test]
    fn packages_cover_the_usage_with_none_to_spare(used in 0..9_000_000_i64, size in 1..50_000_i64, scale in 0..4_u32) {
        let (used, size) = (Decimal::new(used, 3), Decimal::new(size, scale));
        let structure = Structure::Package { package_size: size, price_per_package: Decimal::ONE };
        let packages = structure.charge(&Measured::usage(used), Currency::Usd).unwrap().lines[0].quantity;
        prop_assert!(packages.fract().is_zero());
        prop_assert!(packages * size >= used);
        prop_assert!(packages.is_zero() || (packages - Decimal::ONE) * size < used);
    }

    #[test]
    fn a_percentage_and_its_complement_make_the_whole(amount in 0..1_000_000_i64, percent in 0..=10_000_i64) {
        let charged = |percent: i64| {
            let structure = Structure::Linear { price_per_unit: Decimal::new(percent, 4), is_price_percentage: true };
            cost(&structure, &Measured::usage(Decimal::new(amount, 2)))
        };
        prop_assert_eq!(charged(percent) + charged(10_000 - percent), Decimal::new(amount, 2));
    }

    #[test]
    fn a_percentage_discount_is_the_rounded_share_of_the_sum(
        amounts in prop::collection::vec(0..1_000_000_i64, 1..8), percent in 0..=10_000_i64,
    ) {
        let discount = Discount {
            calculation: Calculation::Percentage,
            amount: Decimal::new(percent, 2),
            restrict_to_prices: Vec::new(),
            separate_line_item: false,
            message: String::new(),
            seats: SeatDiscountType::AllSeats,
            valid_from: None,
            valid_to: None,
        };
        let left: Vec<Decimal> = amounts.iter().map(|amount| Decimal::new(*amount, 2)).collect();
        let mut assumed = Default::default();
        let parts = discount.reductions(&left, Currency::Usd, &mut assumed).unwrap();
        // In integers: cents × hundredths of a percent, half up.
        let whole: i64 = amounts.iter().sum();
        let expected = (whole * percent + 5_000) / 10_000;
        prop_assert_eq!(parts.iter().sum::<Decimal>(), Decimal::new(expected, 2));
        prop_assert!(parts.iter().zip(&left).all(|(part, left)| Decimal::ZERO <= *part && part <= left));
    }

    #[test]
    fn seats_that_never_change_cost_the_same_under_every_strategy(
        seats in 0..10_000_u64, minimum in 0..50_u64, served in 1..32_usize, full in 28..32_u32,
    ) {
        let served = served.min(full as usize);
        let balances = vec![seats; served];
        let quantities = STRATEGIES.map(|strategy| {
            let terms = Terms { strategy, contracted_minimum_seats: minimum, prorate_flat_fees: true };
            terms.measure(Part::All, &[Segment { balances: &balances, full_days: full }]).unwrap().quantity()
        });
        prop_assert_eq!(quantities[0], quantities[1]);
        prop_assert_eq!(quantities[0], quantities[2]);
    }

    #[test]
    fn strategies_are_ordered_and_bounded_by_the_highest_and_lowest_balance(
        balances in prop::collection::vec(0..500_u64, 30), minimum in 0..300_u64,
    ) {
        let [maximum, increments, changes] = STRATEGIES.map(|strategy| {
            let terms = Terms { strategy, contracted_minimum_seats: minimum, prorate_flat_fees: false };
            let all = terms.measure(Part::All, &[Segment { balances: &balances, full_days: 30 }]).unwrap();
            assert_eq!(all.included(), Decimal::from(minimum));
            all.quantity()
        });
        prop_assert!(maximum >= increments && increments >= changes);
        prop_assert!(changes >= Decimal::from(minimum));
        prop_assert_eq!(maximum, Decimal::from(*balances.iter().max().unwrap().max(&minimum)));
    }

    #[test]
    fn the_committed_seats_and_the_overage_make_all_seats(
        balances in prop::collection::vec(0..500_u64, 30), minimum in 0..300_u64,
    ) {
        for strategy in STRATEGIES {
            let terms = Terms { strategy, contracted_minimum_seats: minimum, prorate_flat_fees: false };
            let [all, committed, overage] = [Part::All, Part::Committed, Part::Overage].map(|part| {
                terms.measure(part, &[Segment { balances: &balances, full_days: 30 }]).unwrap().quantity()
            });
            prop_assert!((all - committed - overage).abs() <= Decimal::new(1, 12));
        }
    }
}
