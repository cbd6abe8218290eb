//! Invoices computed by hand.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sequencehq_emulator::assumptions::{A17, A34, A45, A48, A50, A51, A52, A53, A57};
use sequencehq_emulator::billing::credit::{Grant, GrantAccount, Unit};
use sequencehq_emulator::billing::discount::{Calculation, Discount, SeatDiscountType};
use sequencehq_emulator::billing::invoice::{Input, Invoice, Item, Line, LineKind, Section, calculate};
use sequencehq_emulator::billing::minimum::Minimum;
use sequencehq_emulator::billing::price::{Measured, Structure, Tier, Tiers};
use sequencehq_emulator::billing::seats::{Part, ProrationStrategy, Segment, Terms};
use sequencehq_emulator::billing::tax::TaxStatus;
use sequencehq_emulator::billing::{Currency, Error, Period, Share};

fn d(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn january() -> Period {
    Period::new(day(1, 1), day(1, 31)).unwrap()
}

fn golden_tiers() -> Tiers {
    let tier = |upper: Option<&str>, price, fee| Tier {
        upper_bound: upper.map(d),
        price: d(price),
        fee: d(fee),
        ..Tier::default()
    };
    Tiers::new(vec![
        tier(Some("100"), "1", "0"),
        tier(Some("1000"), "0.5", "10"),
        tier(None, "0.25", "20"),
    ])
    .unwrap()
}

fn fixed(price: &str) -> Structure {
    Structure::Fixed { price: d(price) }
}

fn linear(rate: &str) -> Structure {
    Structure::Linear {
        price_per_unit: d(rate),
        is_price_percentage: false,
    }
}

fn item(price_id: &str, structure: Structure, measured: Measured, tax_rate: &str) -> Item {
    Item::new(price_id, structure, measured, january(), d(tax_rate))
}

fn seats(strategy: ProrationStrategy, minimum: u64, balances: &[u64]) -> Measured {
    let terms = Terms {
        strategy,
        contracted_minimum_seats: minimum,
        prorate_flat_fees: false,
    };
    let segment = Segment {
        balances,
        full_days: balances.len() as u32,
    };
    Measured::Seats(terms.measure(Part::All, &[segment]).unwrap())
}

fn discount(calculation: Calculation, amount: &str, prices: &[&str], separate_line_item: bool) -> Discount {
    Discount {
        calculation,
        amount: d(amount),
        restrict_to_prices: prices.iter().map(|price| (*price).to_owned()).collect(),
        separate_line_item,
        message: "Discount".to_owned(),
        seats: SeatDiscountType::AllSeats,
        valid_from: None,
        valid_to: None,
    }
}

fn minimum(amount: &str, prices: &[&str], share: Share) -> Minimum {
    Minimum {
        amount: d(amount),
        restrict_to_prices: prices.iter().map(|price| (*price).to_owned()).collect(),
        share,
        tax_rate_without_lines: d("0.2"),
    }
}

fn grant(id: &str, unit: Unit, amount: &str) -> Grant {
    Grant::new(id, unit, d(amount), "2026-01-01T00:00:00Z".parse().unwrap())
}

fn open(grant: Grant) -> GrantAccount {
    GrantAccount::open(grant).unwrap().0
}

fn totals(invoice: &Invoice) -> [String; 3] {
    [invoice.totals.net, invoice.totals.tax, invoice.totals.gross].map(|amount| amount.to_string())
}

fn nets(invoice: &Invoice, wanted: impl Fn(&Line) -> bool) -> Vec<String> {
    invoice
        .lines
        .iter()
        .filter(|line| wanted(line))
        .map(|line| line.totals.net.to_string())
        .collect()
}

/// Every structure, a discount of each kind, two minimums, usage credit and cash credit, two tax rates.
///
/// ```text
/// ① platform FIXED                              100.00  20 %
///   setup    ONE_TIME                            50.00  20 %
///   calls    LINEAR    1234 × 0.05               61.70  20 %
///   storage  PACKAGE   ⌈1500 / 250⌉ × 7          42.00  20 %
///   api      GRADUATED 100 + 450 + 10 + 125 + 20 705.00  20 %
///   sms      VOLUME    101 × 0.5 + 10            60.50   5 %
///   seats    7.333333333333 × 12                 88.00   5 %   84.00 of it within the minimum of 7
/// ② 10 % on platform and calls, lowered: 10 % of 161.70 = 16.17 = 10.00 + 6.17 → 90.00 and 55.53
///   20.00 on all that is left (1091.03), own lines. By line, 20 × left / 1091.03:
///   1.65 0.92 1.02 0.77 | 1.83 8.25 0.18 2.29 0.37 | 0.93 0.18 | 1.54 and the rest 0.07
///   → 17.28 at 20 %, 2.72 at 5 %
/// ③ 200 for sms and seats: (60.50 − 1.11) + (88.00 − 1.61) = 145.78 → 54.22 at 5 %, as seats
///   1000 for all: 1071.03 + 54.22 = 1125.25, reached
/// ④ 234 calls of credit: 55.53 − 1.02 = 54.51 is left of the calls; 54.51 × 11.70 / 61.70 = 10.34
///   cash 300.00 on 914.91 at 20 % and 200.00 at 5 %. By line, 300 × left / 1114.91:
///   23.77 13.21 11.89 11.09 26.42 118.87 2.64 33.02 5.28 = 246.19
///   13.34 2.64, seats 86.39 → 23.25, the rest 14.58 on the top-up = 53.81
/// ⑤ 20 %: 18.00 + 10.00 + 11.11 + 8.40 + 20 + 90 + 2 + 25 + 4 − 3.46 = 185.05 on 925.25
///   5 %: 2.53 + 0.50 + 4.40 − 0.14 + 2.71 = 10.00 on 200.00
///   on credit: 10.34 × 185.05 / 925.25 = 2.07; 246.19 × 182.98 / 914.91 = 49.24; 53.81 × 10 / 200 = 2.69
///
/// net 1125.25 − 10.34 − 300.00 = 814.91; tax 195.05 − 2.07 − 49.24 − 2.69 = 141.05; gross 955.96
/// ```
#[test]
fn every_structure_with_discounts_minimums_credit_and_tax() {
    let balances = [vec![5; 10], vec![8; 10], vec![6; 10]].concat();
    let usage = |used| Measured::usage(d(used));
    let flat = Measured::whole_period;
    let package = Structure::Package {
        package_size: d("250"),
        price_per_package: d("7"),
    };
    let seat_price = Structure::SeatBased {
        price_per_seat: d("12"),
        tiers: None,
    };
    let items = vec![
        item("platform", fixed("100"), flat(), "0.2"),
        item("setup", Structure::OneTime { price: d("50") }, flat(), "0.2"),
        Item {
            metric_id: Some("metric".to_owned()),
            ..item("calls", linear("0.05"), usage("1234"), "0.2")
        },
        item("storage", package, usage("1500"), "0.2"),
        item(
            "api",
            Structure::Graduated {
                tiers: golden_tiers(),
            },
            usage("1500"),
            "0.2",
        ),
        item(
            "sms",
            Structure::Volume {
                tiers: golden_tiers(),
            },
            usage("101"),
            "0.05",
        ),
        item(
            "seats",
            seat_price,
            seats(ProrationStrategy::ProrateAllChanges, 7, &balances),
            "0.05",
        ),
    ];
    let section = Section {
        items,
        discounts: vec![
            discount(Calculation::Percentage, "10", &["platform", "calls"], false),
            discount(Calculation::Nominal, "20", &[], true),
        ],
        minimums: vec![
            minimum("1000", &[], Share::WHOLE),
            minimum("200", &["sms", "seats"], Share::WHOLE),
        ],
    };
    let grants = [
        open(grant("cash", Unit::Cash(Currency::Usd), "300")),
        open(grant("calls", Unit::Usage("metric".to_owned()), "234")),
        open(grant("other currency", Unit::Cash(Currency::Eur), "5")),
        open(grant("other metric", Unit::Usage("other".to_owned()), "5")),
    ];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();

    assert_eq!(totals(&invoice), ["814.91", "141.05", "955.96"]);
    assert_eq!(
        nets(&invoice, |line| matches!(line.kind, LineKind::Price(_))),
        [
            "90.00", "50.00", "55.53", "42.00", "100.00", "450.00", "10.00", "125.00", "20.00", "50.50",
            "10.00", "88.00"
        ]
    );
    assert_eq!(
        nets(&invoice, |line| line.kind == LineKind::Discount(1)),
        ["-17.28", "-2.72"]
    );
    assert_eq!(
        nets(&invoice, |line| line.kind == LineKind::Minimum(1)),
        ["54.22"]
    );
    assert_eq!(
        nets(&invoice, |line| line.kind == LineKind::Credit),
        ["-10.34", "-246.19", "-53.81"]
    );
    let calls = invoice
        .lines
        .iter()
        .find(|line| line.price_id.as_deref() == Some("calls"))
        .unwrap();
    assert_eq!((calls.quantity, calls.rate), (d("1234"), d("0.045")));
    let consumed: Vec<_> = invoice
        .consumed
        .iter()
        .map(|used| {
            (
                used.grant_id.as_str(),
                used.units,
                used.amount,
                used.tax_amount,
                used.debit(),
            )
        })
        .collect();
    assert_eq!(
        consumed,
        [
            ("calls", Some(d("234")), d("10.34"), d("2.07"), d("234")),
            ("cash", None, d("300"), d("51.93"), d("300")),
        ]
    );
    for assumption in [A17, A48, A50, A51, A57] {
        assert!(invoice.assumed.contains(assumption), "{assumption}");
    }
    for assumption in [A34, A45, A52, A53] {
        assert!(!invoice.assumed.contains(assumption), "{assumption}");
    }
    // Sections add up: twice the same one without credit is twice its invoice.
    let single = calculate(&Input {
        grants: &[],
        ..input.clone()
    })
    .unwrap();
    let twice = vec![input.sections[0].clone(), input.sections[0].clone()];
    let double = calculate(&Input {
        sections: twice,
        grants: &[],
        ..input.clone()
    })
    .unwrap();
    assert_eq!(totals(&single), ["1125.25", "195.05", "1320.30"]);
    assert_eq!(totals(&double), ["2250.50", "390.10", "2640.60"]);
}

/// ```text
/// 333 × 10.4 = 3463.2 → 3463; 1 × 1000.5 → 1001; 15 % of 4464 = 669.6 → 670 = 520 + 150
/// 3463 − 520 = 2943: 10.4 less 15 % is 8.84, × 333 = 2943.72, a yen too much; 8.838 × 333 = 2943.05
/// 1001 − 150 = 851
/// 10 %: 294.3 → 294; 85.1 → 85
/// ```
#[test]
fn yen_have_no_decimals() {
    let section = Section {
        items: vec![
            item("usage", linear("10.4"), Measured::usage(d("333")), "0.1"),
            item("base", fixed("1000.5"), Measured::whole_period(), "0.1"),
        ],
        discounts: vec![discount(Calculation::Percentage, "15", &[], false)],
        minimums: vec![],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Jpy, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(totals(&invoice), ["3794", "379", "4173"]);
    let rates: Vec<_> = invoice.lines.iter().map(|line| line.rate).collect();
    assert_eq!(rates, [d("8.838"), d("851")]);
}

/// ```text
/// 310 × 10/31: 0.322580645161 × 310 = 99.99999999991 → 100.00
/// minimum 620 × 10/31 = 200.00 → 100.00 on top
/// cash restricted to the price: 100.00 of 250, not on the top-up of a minimum of all prices
/// exempt: no tax
/// ```
#[test]
fn a_prorated_stub_of_an_exempt_customer() {
    let share = Share::of_days(10, 31).unwrap();
    let section = Section {
        items: vec![item(
            "base",
            fixed("310"),
            Measured::Flat {
                share,
                prorated: true,
            },
            "0.2",
        )],
        discounts: vec![],
        minimums: vec![minimum("620", &[], share)],
    };
    let restricted = Grant {
        restrict_to_prices: vec!["base".to_owned()],
        ..grant("cash", Unit::Cash(Currency::Eur), "250")
    };
    let grants = [open(restricted)];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        tax_status: TaxStatus::TaxExempt,
        ..Input::new(Currency::Eur, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(totals(&invoice), ["100.00", "0.00", "100.00"]);
    assert_eq!(invoice.consumed[0].amount, d("100"));
    assert_eq!(invoice.consumed[0].tax_amount, d("0"));
    assert!(invoice.assumed.contains(A52) && invoice.assumed.contains(A53));
    assert!(!invoice.assumed.contains(A57));
}

/// ```text
/// 80 → 150: 20 × 1 + 50 × 0.5 + fee 10 = 55.00, tax 4.00 + 5.00 + 2.00
/// goodwill −15.00, tax −3.00: 40.00 is left, tax 8.00
/// cash 1000.00: 40.00 is used with all of the tax
/// ```
#[test]
fn credit_over_all_of_an_invoice_leaves_neither_net_nor_tax() {
    let section = Section {
        items: vec![
            item(
                "api",
                Structure::Graduated {
                    tiers: golden_tiers(),
                },
                Measured::cumulative(d("80"), d("150")),
                "0.2",
            ),
            item("goodwill", fixed("-15"), Measured::whole_period(), "0.2"),
        ],
        ..Section::default()
    };
    let grants = [open(grant("cash", Unit::Cash(Currency::Gbp), "1000"))];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        ..Input::new(Currency::Gbp, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(totals(&invoice), ["0.00", "0.00", "0.00"]);
    assert_eq!(
        (invoice.consumed[0].amount, invoice.consumed[0].tax_amount),
        (d("40"), d("8"))
    );
}

/// ```text
/// 100.00 at 20 % and −30.00 at 5 %: net 70.00, tax 20.00 − 1.50
/// cash 1000.00: 70.00 is used, at 20 %: tax 70 × 20 / 100 = 14.00
/// 30.00 at 20 % and −30.00 at 5 % are left: tax 4.50
/// ```
#[test]
fn credit_is_not_used_on_what_a_price_below_zero_pays_for() {
    let section = Section {
        items: vec![
            item("base", fixed("100"), Measured::whole_period(), "0.2"),
            item("goodwill", fixed("-30"), Measured::whole_period(), "0.05"),
        ],
        ..Section::default()
    };
    let grants = [open(grant("cash", Unit::Cash(Currency::Gbp), "1000"))];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        ..Input::new(Currency::Gbp, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(totals(&invoice), ["0.00", "4.50", "4.50"]);
    assert_eq!(
        (invoice.consumed[0].amount, invoice.consumed[0].tax_amount),
        (d("70"), d("14"))
    );
}

/// ```text
/// 10 seats × 10.00 = 100.00, 70.00 of it within the minimum of 7; 1 × 10.00 of another price
/// 50 % of included seats, own line: 50 % of 70.00 + 10.00 = 40.00 = 35.00 + 5.00
/// 100 % of the overage, lowered: 30.00 + the 5.00 left of the other price
/// seats: 70.00 = 10 × 7; the other price: 5.00; less 40.00 → 35.00
/// ```
#[test]
fn discounts_on_seats_know_the_contracted_minimum() {
    let seat_price = Structure::SeatBased {
        price_per_seat: d("10"),
        tiers: None,
    };
    let with = |seats, separate, amount| Discount {
        seats,
        ..discount(Calculation::Percentage, amount, &[], separate)
    };
    let section = Section {
        items: vec![
            item(
                "seats",
                seat_price,
                seats(ProrationStrategy::UseMaximum, 7, &[10; 31]),
                "0",
            ),
            item("other", fixed("10"), Measured::whole_period(), "0"),
        ],
        discounts: vec![
            with(SeatDiscountType::IncludedSeatsOnly, true, "50"),
            with(SeatDiscountType::OverageSeatsOnly, false, "100"),
        ],
        minimums: vec![],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    let lines: Vec<_> = invoice
        .lines
        .iter()
        .map(|line| (line.quantity, line.rate, line.totals.net))
        .collect();
    assert_eq!(
        lines,
        [
            (d("10"), d("7"), d("70")),
            (d("1"), d("5"), d("5")),
            (d("1"), d("-40"), d("-40"))
        ]
    );
    assert_eq!(totals(&invoice), ["35.00", "0.00", "35.00"]);
}

/// 0.333 less 10 % is 0.2997. 0.3 would come to the same 0.30, but is not what was agreed.
#[test]
fn a_lowered_rate_is_the_exact_one_if_it_comes_to_the_amount() {
    let section = Section {
        items: vec![item("base", fixed("0.333"), Measured::whole_period(), "0")],
        discounts: vec![discount(Calculation::Percentage, "10", &[], false)],
        minimums: vec![],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let line = &calculate(&input).unwrap().lines[0];
    assert_eq!((line.rate, line.totals.net), (d("0.2997"), d("0.30")));
}

#[test]
fn a_discount_counts_for_periods_that_start_in_its_validity() {
    let limited = Discount {
        valid_from: Some(day(1, 2)),
        valid_to: Some(day(2, 1)),
        ..discount(Calculation::Percentage, "50", &[], true)
    };
    let february = Period::new(day(2, 1), day(2, 28)).unwrap();
    let base = item("base", fixed("100"), Measured::whole_period(), "0");
    let section = Section {
        items: vec![
            base.clone(),
            Item {
                service: february,
                ..base
            },
        ],
        discounts: vec![limited],
        minimums: vec![],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    assert_eq!(totals(&calculate(&input).unwrap()), ["150.00", "0.00", "150.00"]);
}

#[test]
fn a_minimum_without_lines_is_taxed_by_its_own_rate() {
    let section = Section {
        items: vec![item(
            "api",
            Structure::Graduated {
                tiers: golden_tiers(),
            },
            Measured::usage(d("0")),
            "0.1",
        )],
        discounts: vec![],
        minimums: vec![minimum("100", &["api"], Share::WHOLE)],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    assert_eq!(totals(&calculate(&input).unwrap()), ["100.00", "20.00", "120.00"]);
}

/// A top-up of some prices counts towards the minimum of all: 60 → 100, and 400 + 100 = 500 is reached.
#[test]
fn overlapping_minimums_are_not_billed_twice() {
    let prices = [("a", "60"), ("b", "300")];
    let section = Section {
        items: prices
            .map(|(id, price)| item(id, fixed(price), Measured::whole_period(), "0"))
            .to_vec(),
        discounts: vec![],
        minimums: vec![
            minimum("500", &[], Share::WHOLE),
            minimum("100", &["a"], Share::WHOLE),
        ],
    };
    let input = Input {
        sections: vec![section],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(
        nets(&invoice, |line| line.kind == LineKind::Minimum(1)),
        ["40.00"]
    );
    assert_eq!(
        nets(&invoice, |line| line.kind == LineKind::Minimum(0)),
        ["100.00"]
    );
    assert_eq!(totals(&invoice), ["500.00", "0.00", "500.00"]);
}

/// ```text
/// volume, 101 × 0.5 + 10 = 60.50. Without the last 50 units it would be 51 × 1 = 51.00: worth 9.50.
/// Without the last one it would be 100.00, which is more: worth nothing, but the unit is used.
/// ```
#[test]
fn usage_credit_is_worth_what_the_last_units_cost_and_never_less_than_nothing() {
    for (units, worth) in [("50", "9.50"), ("1", "0")] {
        let sms = Item {
            metric_id: Some("sms".to_owned()),
            ..item(
                "sms",
                Structure::Volume {
                    tiers: golden_tiers(),
                },
                Measured::usage(d("101")),
                "0",
            )
        };
        let section = Section {
            items: vec![sms],
            ..Section::default()
        };
        let grants = [open(grant("units", Unit::Usage("sms".to_owned()), units))];
        let input = Input {
            sections: vec![section],
            grants: &grants,
            ..Input::new(Currency::Usd, day(2, 1))
        };
        let invoice = calculate(&input).unwrap();
        assert_eq!(invoice.totals.net, d("60.50") - d(worth));
        assert_eq!(
            (invoice.consumed[0].units, invoice.consumed[0].amount),
            (Some(d(units)), d(worth))
        );
    }
}

/// 100 × 1; 60 of the first grant, and the 40 that are left of the usage of the second. Tax 20.00 in all.
#[test]
fn two_grants_of_one_metric_share_the_usage() {
    let calls = Item {
        metric_id: Some("calls".to_owned()),
        ..item("calls", linear("1"), Measured::usage(d("100")), "0.2")
    };
    let section = Section {
        items: vec![calls],
        ..Section::default()
    };
    let units = |id| open(grant(id, Unit::Usage("calls".to_owned()), "60"));
    let grants = [units("b"), units("a")];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    let used: Vec<_> = invoice
        .consumed
        .iter()
        .map(|used| (used.grant_id.as_str(), used.debit(), used.amount))
        .collect();
    assert_eq!(used, [("a", d("60"), d("60")), ("b", d("40"), d("40"))]);
    assert_eq!(totals(&invoice), ["0.00", "0.00", "0.00"]);
}

/// ```text
/// 10 × 0.02 at 20 %: each tax 0.004 → 0.00; discount 0.10 on its own line: tax −0.02
/// cash 0.10 on the rest: no tax is left to share
/// ```
#[test]
fn credit_does_not_add_to_a_tax_that_rounding_put_below_zero() {
    let small = |i: usize| {
        item(
            &format!("price {i}"),
            fixed("0.02"),
            Measured::whole_period(),
            "0.2",
        )
    };
    let section = Section {
        items: (0..10).map(small).collect(),
        discounts: vec![discount(Calculation::Nominal, "0.1", &[], true)],
        minimums: vec![],
    };
    let grants = [open(grant("cash", Unit::Cash(Currency::Usd), "1"))];
    let input = Input {
        sections: vec![section],
        grants: &grants,
        ..Input::new(Currency::Usd, day(2, 1))
    };
    let invoice = calculate(&input).unwrap();
    assert_eq!(
        (invoice.consumed[0].amount, invoice.consumed[0].tax_amount),
        (d("0.1"), d("0"))
    );
    assert_eq!(totals(&invoice), ["0.00", "-0.02", "-0.02"]);
}

#[test]
fn credit_outside_of_its_days_is_left_alone() {
    let section = Section {
        items: vec![item("base", fixed("100"), Measured::whole_period(), "0")],
        ..Section::default()
    };
    let cash = || grant("cash", Unit::Cash(Currency::Usd), "10");
    for (terms, used) in [
        (
            Grant {
                expiry_date: Some(day(2, 1)),
                ..cash()
            },
            1,
        ),
        (
            Grant {
                expiry_date: Some(day(1, 31)),
                ..cash()
            },
            0,
        ),
        (
            Grant {
                effective_date: Some(day(2, 1)),
                ..cash()
            },
            1,
        ),
        (
            Grant {
                effective_date: Some(day(2, 2)),
                ..cash()
            },
            0,
        ),
        (
            Grant {
                restrict_to_prices: vec!["other".to_owned()],
                ..cash()
            },
            0,
        ),
        (
            Grant {
                amount: d("0.009"),
                ..cash()
            },
            0,
        ),
    ] {
        let grants = [open(terms)];
        let sections = vec![section.clone()];
        let input = Input {
            sections,
            grants: &grants,
            ..Input::new(Currency::Usd, day(2, 1))
        };
        assert_eq!(
            calculate(&input).unwrap().consumed.len(),
            used,
            "{:?}",
            grants[0].grant()
        );
    }
}

#[test]
fn amounts_beyond_28_digits_are_refused() {
    let large = d("79228162514264337593543950335");
    let section = |structure, measured| Section {
        items: vec![item("base", structure, measured, "0.2")],
        ..Section::default()
    };
    for section in [
        section(Structure::Fixed { price: large }, Measured::whole_period()),
        section(
            Structure::Linear {
                price_per_unit: large,
                is_price_percentage: false,
            },
            Measured::usage(d("2")),
        ),
        section(linear("1"), Measured::usage(large)),
    ] {
        let input = Input {
            sections: vec![section],
            ..Input::new(Currency::Usd, day(2, 1))
        };
        assert_eq!(calculate(&input), Err(Error::TooManyDigits));
    }
    // The largest amount of dollars still fits: 26 digits and 2 decimals.
    let fits = section(fixed("99999999999999999999999999"), Measured::whole_period());
    let input = Input {
        sections: vec![fits],
        ..Input::new(Currency::Usd, day(2, 1))
    };
    assert_eq!(
        totals(&calculate(&input).unwrap())[2],
        "119999999999999999999999998.80"
    );
}
