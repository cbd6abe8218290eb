//! What holds for every invoice, and the comparison with the independent computation.

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;
use sequencehq_emulator::billing::credit::{Grant, GrantAccount, Unit};
use sequencehq_emulator::billing::discount::{Calculation, Discount, SeatDiscountType};
use sequencehq_emulator::billing::invoice::{Input, Invoice, Item, LineKind, Section, calculate};
use sequencehq_emulator::billing::minimum::Minimum;
use sequencehq_emulator::billing::money::net;
use sequencehq_emulator::billing::price::{Measured, Structure, Tier, Tiers};
use sequencehq_emulator::billing::seats::{Part, ProrationStrategy, Segment, Terms};
use sequencehq_emulator::billing::{Currency, Period, Share};

use crate::naive::{NaiveDiscount, NaiveInvoice, NaiveMinimum, NaivePrice, NaiveTier, NaiveTotals, Seats};

fn tiers() -> impl Strategy<Value = Vec<NaiveTier>> {
    prop::collection::vec(
        (1..400_u32, 0..30_000_i64, prop_oneof![Just(0), 1..3_000_i64]),
        1..4,
    )
    .prop_map(|rows| {
        let last = rows.len() - 1;
        let mut upper = 0;
        let tiers = rows.into_iter().enumerate().map(|(i, (width, price, fee))| {
            upper += width;
            NaiveTier {
                upper: if i == last { 0 } else { upper },
                price: price.into(),
                fee: fee.into(),
            }
        });
        tiers.collect()
    })
}

fn price() -> impl Strategy<Value = NaivePrice> {
    let cents = || (0..100_000_i64).prop_map(i128::from);
    prop_oneof![
        cents().prop_map(|cents| NaivePrice::Fixed { cents }),
        (cents(), 0..2_000_u32).prop_map(|(price, used)| NaivePrice::Linear { price, used }),
        (1..300_u32, cents(), 0..2_000_u32).prop_map(|(size, cents, used)| NaivePrice::Package {
            size,
            cents,
            used
        }),
        (tiers(), 0..800_u32, 0..800_u32).prop_map(|(tiers, before, used)| NaivePrice::Graduated {
            tiers,
            before,
            used
        }),
        (tiers(), 0..1_500_u32).prop_map(|(tiers, used)| NaivePrice::Volume { tiers, used }),
        (
            0..3_u8,
            0..30_u64,
            prop::collection::vec(0..60_u64, 28..32),
            cents()
        )
            .prop_map(|(strategy, minimum, balances, cents)| NaivePrice::Seats {
                strategy,
                minimum,
                days: balances.len() as i128,
                balances,
                cents
            }),
    ]
}

fn items(n: usize) -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        Just(Vec::new()),
        prop::sample::subsequence((0..n).collect::<Vec<_>>(), 1..=n)
    ]
}

fn discount(n: usize) -> impl Strategy<Value = NaiveDiscount> {
    let amount = prop_oneof![(Just(true), 0..=10_000_i64), (Just(false), 0..100_000_i64)];
    let spares = prop_oneof![
        Just(None),
        Just(Some(Seats::Included)),
        Just(Some(Seats::Overage))
    ];
    (amount, any::<bool>(), items(n), spares).prop_map(
        |((is_percentage, amount), separate, items, spares)| NaiveDiscount {
            amount: amount.into(),
            is_percentage,
            separate,
            items,
            spares,
        },
    )
}

fn invoice() -> impl Strategy<Value = NaiveInvoice> {
    let priced = (price(), prop::sample::select(vec![0_i128, 5, 20]));
    prop::collection::vec(priced, 1..6).prop_flat_map(|priced| {
        let n = priced.len();
        let minimum = (0..300_000_i64, items(n)).prop_map(|(cents, items)| NaiveMinimum {
            cents: cents.into(),
            percent: 20,
            items,
        });
        let cash = (0..300_000_i64, items(n)).prop_map(|(cents, items)| (i128::from(cents), items));
        (
            prop::collection::vec(discount(n), 0..4),
            prop::option::of(minimum),
            prop::option::of((0..n, 1..2_500_u32)),
            prop::option::of(cash),
        )
            .prop_map(move |(discounts, minimum, units, cash)| NaiveInvoice {
                items: priced.clone(),
                discounts,
                minimum,
                units,
                cash,
            })
    })
}

fn decimal(digits: i128, scale: u32) -> Decimal {
    Decimal::from_i128_with_scale(digits, scale)
}

fn ids(items: &[usize]) -> Vec<String> {
    items.iter().map(|item| format!("price {item}")).collect()
}

fn structure(price: &NaivePrice) -> (Structure, Measured) {
    let tiers = |tiers: &[NaiveTier]| {
        let tiers = tiers.iter().map(|tier| Tier {
            upper_bound: (tier.upper != 0).then(|| Decimal::from(tier.upper)),
            price: decimal(tier.price, 4),
            fee: decimal(tier.fee, 2),
            ..Tier::default()
        });
        Tiers::new(tiers.collect()).unwrap()
    };
    match price {
        NaivePrice::Fixed { cents } => (
            Structure::Fixed {
                price: decimal(*cents, 2),
            },
            Measured::whole_period(),
        ),
        NaivePrice::Linear { price, used } => {
            let structure = Structure::Linear {
                price_per_unit: decimal(*price, 4),
                is_price_percentage: false,
            };
            (structure, Measured::usage((*used).into()))
        }
        NaivePrice::Package { size, cents, used } => {
            let structure = Structure::Package {
                package_size: (*size).into(),
                price_per_package: decimal(*cents, 2),
            };
            (structure, Measured::usage((*used).into()))
        }
        NaivePrice::Graduated {
            tiers: rows,
            before,
            used,
        } => (
            Structure::Graduated { tiers: tiers(rows) },
            Measured::cumulative((*before).into(), (before + used).into()),
        ),
        NaivePrice::Volume { tiers: rows, used } => (
            Structure::Volume { tiers: tiers(rows) },
            Measured::usage((*used).into()),
        ),
        NaivePrice::Seats {
            strategy,
            minimum,
            balances,
            days,
            cents,
        } => {
            let strategies = [
                ProrationStrategy::UseMaximum,
                ProrationStrategy::ProrateIncrements,
                ProrationStrategy::ProrateAllChanges,
            ];
            let strategy = strategies[usize::from(*strategy)];
            let terms = Terms {
                strategy,
                contracted_minimum_seats: *minimum,
                prorate_flat_fees: false,
            };
            let segment = Segment {
                balances,
                full_days: *days as u32,
            };
            let seats = terms.measure(Part::All, &[segment]).unwrap();
            let structure = Structure::SeatBased {
                price_per_seat: decimal(*cents, 2),
                tiers: None,
            };
            (structure, Measured::Seats(seats))
        }
    }
}

fn grants(naive: &NaiveInvoice) -> Vec<GrantAccount> {
    let created_at = "2026-01-01T00:00:00Z".parse().unwrap();
    let units = naive.units.map(|(item, units)| {
        Grant::new(
            "units",
            Unit::Usage(format!("metric {item}")),
            units.into(),
            created_at,
        )
    });
    let cash = naive.cash.as_ref().map(|(cents, items)| Grant {
        restrict_to_prices: ids(items),
        ..Grant::new("cash", Unit::Cash(Currency::Usd), decimal(*cents, 2), created_at)
    });
    cash.into_iter()
        .chain(units)
        .map(|grant| GrantAccount::open(grant).unwrap().0)
        .collect()
}

fn section(naive: &NaiveInvoice) -> Section {
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let service = Period::new(day(1), day(31)).unwrap();
    let items = naive.items.iter().enumerate().map(|(i, (price, percent))| {
        let (structure, measured) = structure(price);
        Item {
            metric_id: (price.used() > 0).then(|| format!("metric {i}")),
            ..Item::new(
                format!("price {i}"),
                structure,
                measured,
                service,
                decimal(*percent, 2),
            )
        }
    });
    let discounts = naive.discounts.iter().map(|discount| Discount {
        calculation: if discount.is_percentage {
            Calculation::Percentage
        } else {
            Calculation::Nominal
        },
        amount: decimal(discount.amount, 2),
        restrict_to_prices: ids(&discount.items),
        separate_line_item: discount.separate,
        message: String::new(),
        seats: match discount.spares {
            Some(Seats::Included) => SeatDiscountType::OverageSeatsOnly,
            Some(Seats::Overage) => SeatDiscountType::IncludedSeatsOnly,
            _ => SeatDiscountType::AllSeats,
        },
        valid_from: None,
        valid_to: None,
    });
    let minimums = naive.minimum.iter().map(|minimum| Minimum {
        amount: decimal(minimum.cents, 2),
        restrict_to_prices: ids(&minimum.items),
        share: Share::WHOLE,
        tax_rate_without_lines: decimal(20, 2),
    });
    Section {
        items: items.collect(),
        discounts: discounts.collect(),
        minimums: minimums.collect(),
    }
}

fn computed(naive: &NaiveInvoice, grants: &[GrantAccount]) -> Invoice {
    let date = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
    let input = Input {
        sections: vec![section(naive)],
        grants,
        ..Input::new(Currency::Usd, date)
    };
    calculate(&input).unwrap()
}

fn cents(amount: Decimal) -> i128 {
    let cents = amount * Decimal::ONE_HUNDRED;
    assert!(cents.fract().is_zero(), "{amount} is not a whole number of cents");
    cents.normalize().mantissa()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn an_independent_computation_comes_to_the_same_invoice(naive in invoice()) {
        let grants = grants(&naive);
        let invoice = computed(&naive, &grants);
        let lines = |wanted: fn(&LineKind) -> bool| -> i128 {
            invoice.lines.iter().filter(|line| wanted(&line.kind)).map(|line| cents(line.totals.net)).sum()
        };
        let charged: i128 = naive.items.iter().flat_map(|(price, _)| price.lines()).flatten().map(|(_, cents)| cents).sum();
        let used = |id: &str| invoice.consumed.iter().filter(|used| used.grant_id == id).map(|used| cents(used.amount)).sum();
        let found = NaiveTotals {
            net: cents(invoice.totals.net),
            tax: cents(invoice.totals.tax),
            top_up: lines(|kind| matches!(kind, LineKind::Minimum(_))),
            discounts: charged - lines(|kind| matches!(kind, LineKind::Price(_) | LineKind::Discount(_))),
            units_worth: used("units"),
            cash: used("cash"),
        };
        prop_assert_eq!(found, naive.totals());
    }
}

#[test]
fn a_credit_without_tax_has_the_decimals_of_the_currency() {
    let discount = |amount, separate| NaiveDiscount {
        amount,
        is_percentage: true,
        separate,
        items: Vec::new(),
        spares: None,
    };
    // The tax of the discounts rounds to more than that of the price, so that none is left for the credit.
    let naive = NaiveInvoice {
        items: vec![(NaivePrice::Fixed { cents: 27_301 }, 5)],
        discounts: vec![
            discount(8_869, false),
            discount(8_645, true),
            discount(9_797, true),
        ],
        minimum: None,
        units: None,
        cash: Some((8, Vec::new())),
    };
    let invoice = computed(&naive, &grants(&naive));
    let credit = invoice
        .lines
        .iter()
        .find(|line| line.kind == LineKind::Credit)
        .unwrap();
    assert_eq!(credit.totals.tax.to_string(), "0.00");
}

proptest! {
    #[test]
    fn lines_totals_and_credit_agree(naive in invoice()) {
        let grants = grants(&naive);
        let invoice = computed(&naive, &grants);
        let (mut net_sum, mut tax_sum) = (Decimal::ZERO, Decimal::ZERO);
        for line in &invoice.lines {
            prop_assert_eq!(line.totals.net, net(line.quantity, line.rate, Currency::Usd).unwrap());
            prop_assert_eq!(line.totals.gross, line.totals.net + line.totals.tax);
            let scales = [line.totals.net, line.totals.tax, line.totals.gross].map(|amount| amount.scale());
            prop_assert_eq!(scales, [2, 2, 2], "amounts have the decimals of the currency");
            let is_credit = line.kind == LineKind::Credit;
            if !is_credit {
                // The tax of a line is that of its net amount, in integers: half away from zero.
                let product = cents(line.totals.net) * cents(line.tax_rate);
                let expected = product.signum() * ((product.abs() + 50) / 100);
                prop_assert_eq!(cents(line.totals.tax), expected);
            }
            let is_below_zero = line.totals.net < Decimal::ZERO;
            prop_assert_eq!(is_below_zero, is_credit || matches!(line.kind, LineKind::Discount(_)));
            net_sum += line.totals.net;
            tax_sum += line.totals.tax;
        }
        prop_assert_eq!((invoice.totals.net, invoice.totals.tax), (net_sum, tax_sum));
        prop_assert_eq!(invoice.totals.gross, net_sum + tax_sum);
        // No price is below zero here, so neither discounts nor credit can make the invoice so.
        prop_assert!(net_sum >= Decimal::ZERO);

        let credit: Decimal = invoice.lines.iter().filter(|line| line.kind == LineKind::Credit).map(|line| line.totals.net).sum();
        prop_assert_eq!(-credit, invoice.consumed.iter().map(|used| used.amount).sum::<Decimal>());
        let totals = invoice.totals;
        prop_assert_eq!([totals.net, totals.tax, totals.gross].map(|amount| amount.scale()), [2, 2, 2]);
        for used in &invoice.consumed {
            prop_assert_eq!((used.amount.scale(), used.tax_amount.scale()), (2, 2));
            let mut account = grants.iter().find(|account| account.grant().id == used.grant_id).unwrap().clone();
            account.debit(used.debit(), NaiveDate::from_ymd_opt(2026, 2, 1).unwrap()).unwrap();
            prop_assert!(account.balance() >= Decimal::ZERO);
            prop_assert!(used.tax_amount >= Decimal::ZERO);
        }
    }

    #[test]
    fn the_minimum_is_reached_exactly_or_was_exceeded(naive in invoice()) {
        let Some(minimum) = naive.minimum.clone() else { return Ok(()) };
        let without_credit = NaiveInvoice {
            minimum: Some(NaiveMinimum { items: Vec::new(), ..minimum.clone() }),
            ..naive
        };
        let invoice = computed(&without_credit, &[]);
        let top_up = invoice.lines.iter().any(|line| matches!(line.kind, LineKind::Minimum(_)));
        let least = decimal(minimum.cents, 2);
        if top_up {
            prop_assert_eq!(invoice.totals.net, least);
        } else {
            prop_assert!(invoice.totals.net >= least);
        }
    }

    #[test]
    fn enough_cash_credit_leaves_nothing_to_pay(naive in invoice()) {
        let rich = NaiveInvoice { cash: Some((100_000_000_000, Vec::new())), ..naive };
        let invoice = computed(&rich, &grants(&rich));
        prop_assert_eq!(invoice.totals.net, Decimal::ZERO);
        if rich.discounts.iter().any(|discount| discount.separate) {
            // The tax of a discount with a line of its own is rounded apart from that of the lines it lowers.
            let rounding = Decimal::new(5, 3) * Decimal::from(invoice.lines.len());
            prop_assert!(invoice.totals.tax.abs() <= rounding);
        } else {
            prop_assert_eq!(invoice.totals.tax, Decimal::ZERO);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_invoice(naive in invoice()) {
        let grants = grants(&naive);
        let mut reversed = grants.clone();
        reversed.reverse();
        prop_assert_eq!(computed(&naive, &grants), computed(&naive, &reversed));
    }
}
