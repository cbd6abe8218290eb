//! Rules of the store that hold for any sequence of changes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::records::{Facet, Facets, Generic, Kind, Record};

use super::clock::Clock;
use super::{Commit, CursorError, Order, Selection, Settings, Store, Test, Tx};

/// A record with an index for each kind of order.
#[derive(Debug, Serialize, Deserialize)]
struct Sample {
    id: String,
    name: Option<String>,
    color: String,
    custom: Option<String>,
}

impl Record for Sample {
    const KIND: Kind = Kind::QuoteAnalytics;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        if let Some(name) = &self.name {
            facets.index(Facet::Name, name);
        }
        facets.index(Facet::Status, &self.color);
        facets.add(Facet::Label, &self.color);
        if let Some(value) = &self.custom {
            facets.index(Facet::Custom, &format!("key\0{value}"));
        }
        facets.index(Facet::Custom, "key2\0other");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8),
    Remove(u8),
    Id,
    Number,
    Advance,
}

#[derive(Clone, Debug)]
enum End {
    Commit,
    Refuse,
    Panic,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..24_u8, any::<u8>()).prop_map(|(id, value)| Step::Put(id, value)),
        2 => (0..24_u8).prop_map(Step::Remove),
        1 => Just(Step::Id),
        1 => Just(Step::Number),
        1 => Just(Step::Advance),
    ]
}

fn transaction() -> impl Strategy<Value = (Vec<Step>, End)> {
    let end = prop_oneof![3 => Just(End::Commit), 2 => Just(End::Refuse), 1 => Just(End::Panic)];
    (prop::collection::vec(step(), 0..8), end)
}

fn store() -> Store {
    Store::new(Settings {
        clock: Clock::standing(DateTime::<Utc>::UNIX_EPOCH),
        ..Settings::default()
    })
}

fn act(tx: &mut Tx<'_>, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Put(id, value) if id % 2 == 0 => {
                let record = json!({"id": format!("{id}"), "customerId": format!("{}", value % 3)});
                let map = record.as_object().cloned().unwrap_or_default();
                tx.put_generic(Kind::TaxRegistration, &Generic(map));
            }
            Step::Put(id, value) => tx.put(&sample(*id, *value)),
            Step::Remove(id) => {
                tx.remove(Kind::TaxRegistration, &id.to_string());
                tx.remove(Kind::QuoteAnalytics, &id.to_string());
            }
            Step::Id => drop(tx.new_id()),
            Step::Number => drop(tx.next_number("invoice")),
            Step::Advance => tx.advance(TimeDelta::seconds(1)).expect("within the calendar"),
        }
    }
}

fn sample(id: u8, value: u8) -> Sample {
    Sample {
        id: id.to_string(),
        name: (!value.is_multiple_of(5)).then(|| format!("n{}", value % 16)),
        color: ["red", "green", "blue"][usize::from(value % 3)].to_owned(),
        custom: value.is_multiple_of(2).then(|| format!("{}", value / 64)),
    }
}

/// Looks at lists first, so that the store keeps their filters.
fn is_consistent(store: &Store) -> bool {
    for tests in filters() {
        let selection = Selection {
            tests,
            ..Selection::all(3)
        };
        let page = store.read(|state| state.page(Kind::QuoteAnalytics, &selection));
        assert!(page.is_ok(), "there is no cursor");
    }
    store.read(|state| state.tables.iter().all(super::table::Table::is_consistent))
}

fn filters() -> [Vec<Test>; 4] {
    [
        vec![Test::OneOf(Facet::Status, vec!["red".into(), "blue".into()])],
        vec![Test::Contains(Facet::Name, "1".into())],
        vec![
            Test::Greater(Facet::Name, "n1".into()),
            Test::Less(Facet::Name, "n3".into()),
        ],
        vec![Test::NoneOf(
            Facet::Custom,
            vec!["key\x001".into(), "key\x002".into()],
        )],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_refused_transaction_changes_nothing(transactions in prop::collection::vec(transaction(), 1..12)) {
        let store = store();
        for (steps, end) in &transactions {
            let before = store.read(super::State::dump);
            let result = catch_unwind(AssertUnwindSafe(|| store.write(|tx| {
                act(tx, steps);
                match end {
                    End::Commit => Ok(()),
                    End::Refuse => Err(()),
                    End::Panic => std::panic::resume_unwind(Box::new("refused")),
                }
            })));
            if !matches!(result, Ok(Ok(()))) {
                prop_assert_eq!(store.read(super::State::dump), before);
            }
            prop_assert!(is_consistent(&store));
        }
    }

    #[test]
    fn a_replayed_journal_gives_the_same_store(transactions in prop::collection::vec(transaction(), 1..12)) {
        let (live, lines) = (store(), Arc::new(Mutex::new(Vec::new())));
        let sink = Arc::clone(&lines);
        live.set_journal(Box::new(move |commit| sink.lock().expect("no panic").push(commit.to_line())));
        for (steps, end) in transactions.iter().filter(|(_, end)| !matches!(end, End::Panic)) {
            let _ = live.write(|tx| {
                act(tx, steps);
                if matches!(end, End::Commit) { Ok(()) } else { Err(()) }
            });
        }
        let replayed = store();
        for line in lines.lock().expect("no panic").iter() {
            let commit = Commit::from_line(line).expect("a line of the journal");
            prop_assert_eq!(&commit.to_line(), line);
            // `QuoteAnalytics` stands for a struct here, so its facets are not those of the kind.
            replayed.apply(&commit).expect("the texts are records");
        }
        prop_assert_eq!(replayed.read(super::State::dump), live.read(super::State::dump));
    }

    #[test]
    fn pages_are_cut_from_the_sorted_matches(
        values in prop::collection::vec(any::<u8>(), 0..40),
        order in 0..3_usize,
        ascending in any::<bool>(),
        test in 0..10_usize,
        limit in 1..7_usize,
        skip in 0..5_usize,
    ) {
        let store = store();
        let put = store.write(|tx| {
            for (id, value) in values.iter().enumerate() {
                tx.put(&sample(id as u8, *value));
            }
            Ok::<_, ()>(())
        });
        prop_assert_eq!(put, Ok(()));
        let tests = [
            vec![],
            vec![Test::OneOf(Facet::Status, vec!["red".into(), "blue".into()])],
            vec![Test::NoneOf(Facet::Label, vec!["red".into()])],
            vec![Test::Contains(Facet::Label, "r".into()), Test::Greater(Facet::Status, "green".into())],
            vec![Test::Id(["2", "0", "200", "0", "7"].map(str::to_owned).to_vec())],
            vec![Test::Greater(Facet::Name, "n1".into()), Test::Less(Facet::Name, "n3".into())],
            vec![Test::Contains(Facet::Name, "n".into()), Test::OneOf(Facet::Custom, vec!["key\x001".into(), "key2\0other".into()])],
            vec![Test::Any(vec![Test::Contains(Facet::Name, "1".into()), Test::OneOf(Facet::Status, vec!["red".into()])])],
            vec![Test::Any(vec![Test::Id(vec!["3".into()]), Test::Contains(Facet::Name, "n7".into())]), Test::NoneOf(Facet::Status, vec!["red".into()])],
            vec![Test::Any(vec![Test::Contains(Facet::Label, "black".into()), Test::Contains(Facet::Name, "m".into())])],
        ];
        let selection = Selection {
            tests: tests[test].clone(),
            order: [Order::Created, Order::By(Facet::Name), Order::Custom("key".into())][order].clone(),
            ascending,
            limit,
            list: "samples".to_owned(),
            ..Selection::default()
        };
        let mut expected: Vec<(bool, Option<String>, usize, Sample)> = values
            .iter()
            .enumerate()
            .map(|(id, value)| {
                let sample = sample(id as u8, *value);
                let key = [None, sample.name.clone(), sample.custom.clone()][order].clone();
                (key.is_none(), key, id, sample)
            })
            .filter(|(_, _, _, sample)| match test {
                1 => sample.color != "green",
                2 => sample.color != "red",
                3 => sample.color == "red",
                4 => matches!(sample.id.as_str(), "0" | "2" | "7"),
                5 => sample.name.as_deref().is_some_and(|name| name > "n1" && name < "n3"),
                6 => sample.name.is_some(),
                7 => sample.color == "red" || sample.name.as_deref().is_some_and(|name| name.contains('1')),
                8 => sample.color != "red" && (sample.id == "3" || sample.name.as_deref().is_some_and(|name| name.contains("n7"))),
                9 => false,
                _ => true,
            })
            .collect();
        expected.sort_by(|a, b| {
            let by_key = (&a.1, a.2).cmp(&(&b.1, b.2));
            a.0.cmp(&b.0).then(if ascending { by_key } else { by_key.reverse() })
        });
        let expected: Vec<String> = expected
            .into_iter()
            .map(|(_, _, _, sample)| serde_json::to_string(&sample).expect("plain data"))
            .collect();
        let (mut forward, mut pages, mut after) = (Vec::new(), 0, None);
        loop {
            let selection = Selection { after: after.as_deref(), ..selection.clone() };
            let page = store.read(|state| state.page(Kind::QuoteAnalytics, &selection)).expect("a good cursor");
            prop_assert_eq!(page.total, expected.len());
            prop_assert_eq!(page.before.is_some(), pages > 0 && !page.texts.is_empty());
            forward.extend(page.texts.iter().cloned());
            pages += 1;
            if let Some(before) = &page.before {
                let selection = Selection { before: Some(before), after: None, ..selection.clone() };
                let back = store.read(|state| state.page(Kind::QuoteAnalytics, &selection)).expect("a good cursor");
                let end = forward.len() - page.texts.len();
                prop_assert_eq!(&back.texts[..], &forward[end.saturating_sub(limit)..end]);
                prop_assert_eq!(back.before.is_some(), end > limit);
                prop_assert!(back.after.is_some());
                let nearest = end.saturating_sub(skip);
                let selection = Selection { skip, ..selection };
                let back = store.read(|state| state.page(Kind::QuoteAnalytics, &selection)).expect("a good cursor");
                prop_assert_eq!(&back.texts[..], &forward[nearest.saturating_sub(limit)..nearest]);
            }
            let selection = Selection { skip, ..selection };
            let beyond = store.read(|state| state.page(Kind::QuoteAnalytics, &selection)).expect("a good cursor");
            let start = forward.len() - page.texts.len() + skip;
            prop_assert_eq!(&beyond.texts[..], &expected[start.min(expected.len())..(start + limit).min(expected.len())]);
            prop_assert_eq!(beyond.after.is_some(), start + limit < expected.len());
            prop_assert_eq!(beyond.before.is_some(), start > 0 && !beyond.texts.is_empty());
            after = page.after;
            if after.is_none() { break; }
        }
        prop_assert_eq!(forward, expected);
    }
}

#[test]
fn a_total_is_not_counted_again_after_a_write() {
    let store = store();
    let put = |ids: std::ops::Range<u8>| {
        let put = store.write(|tx| {
            ids.for_each(|id| tx.put(&sample(id, id)));
            Ok::<_, ()>(())
        });
        assert_eq!(put, Ok(()));
    };
    put(0..20);
    let [filter, ..] = filters();
    let selection = Selection {
        tests: filter.clone(),
        ..Selection::all(3)
    };
    let total = || {
        store.read(|state| {
            state
                .page(Kind::QuoteAnalytics, &selection)
                .map(|page| page.total)
        })
    };
    assert_eq!(total(), Ok(13));
    put(20..22);
    let known = store.read(|state| {
        let table = state.table(Kind::QuoteAnalytics);
        table
            .filters()
            .matches(&filter, || panic!("the filter is known"))
            .count
    });
    assert_eq!(known, 15);
}

#[test]
fn cursors_survive_changes_and_fit_only_their_list() {
    let store = store();
    let fill = store.write(|tx| {
        for id in 0..6 {
            tx.put(&sample(id, 1));
        }
        Ok::<_, ()>(())
    });
    assert_eq!(fill, Ok(()));
    let selection = Selection {
        limit: 2,
        list: "one".to_owned(),
        ..Selection::default()
    };
    let page = |selection: &Selection<'_>| store.read(|state| state.page(Kind::QuoteAnalytics, selection));
    let after = page(&selection)
        .expect("no cursor")
        .after
        .expect("there are more");
    let next = Selection {
        after: Some(&after),
        ..selection.clone()
    };
    let removed = store.write(|tx| Ok::<_, ()>(tx.remove(Kind::QuoteAnalytics, "4")));
    assert_eq!(removed, Ok(true));
    let texts = page(&next).expect("the cursor is still good").texts;
    assert!(
        texts[0].contains(r#""id":"3""#) && texts[1].contains(r#""id":"2""#),
        "{texts:?}"
    );

    let other = Selection {
        list: "two".to_owned(),
        ..next.clone()
    };
    assert_eq!(page(&other), Err(CursorError::OtherList("after")));
    let garbage = Selection {
        after: Some("garbage"),
        ..selection.clone()
    };
    assert_eq!(page(&garbage), Err(CursorError::Unreadable("after")));
    let both = Selection {
        before: Some(&after),
        ..next
    };
    assert_eq!(page(&both), Err(CursorError::Both));
}

#[test]
fn rows_through_a_value_come_in_the_order_of_their_values() {
    let store = store();
    let put = store.write(|tx| {
        for (id, name) in [
            ("0", "2026-02-01"),
            ("1", "2026-01-31"),
            ("2", "2026-02-02"),
            ("3", "2026-01-31"),
        ] {
            tx.put(&Sample {
                id: id.to_owned(),
                name: Some(name.to_owned()),
                color: "red".to_owned(),
                custom: None,
            });
        }
        tx.put(&sample(9, 0));
        Ok::<_, ()>(())
    });
    assert_eq!(put, Ok(()));
    let through = |last: &str| {
        store.read(|state| {
            let rows = state.rows_through(Kind::QuoteAnalytics, Facet::Name, last);
            rows.map(|row| row.id().to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(through("2026-02-01"), ["1", "3", "0"]);
    assert_eq!(through("2026-01-30"), Vec::<String>::new());
}

#[test]
fn notifications_about_a_resource_are_announced_once() {
    let store = store();
    let notices = store.write(|tx| {
        for notification_type in [
            "INVOICE_UPDATED",
            "INVOICE_ISSUED",
            "INVOICE_UPDATED",
            "INVOICE_ISSUED",
        ] {
            tx.announce(notification_type, Kind::Invoice, "1");
        }
        tx.announce("INVOICE_UPDATED", Kind::Invoice, "2");
        Ok::<_, ()>(tx.take_notices())
    });
    let notices = notices.expect("it is not refused");
    let shown: Vec<_> = notices
        .iter()
        .map(|notice| (notice.notification_type, notice.id.as_str()))
        .collect();
    assert_eq!(shown, [("INVOICE_ISSUED", "1"), ("INVOICE_UPDATED", "2")]);
}

#[test]
fn a_transaction_without_changes_is_no_commit() {
    let store = store();
    assert_eq!(
        store.write(|tx| Ok::<_, ()>(tx.now())),
        Ok(DateTime::<Utc>::UNIX_EPOCH)
    );
    assert_eq!(store.read(super::State::revision), 0);
    assert!(store.write(|tx| Ok::<_, ()>(tx.new_id())).is_ok());
    assert_eq!(store.read(super::State::revision), 1);
}
