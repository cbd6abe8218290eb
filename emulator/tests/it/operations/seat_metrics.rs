//! Seat metrics.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Kind;
use serde_json::json;

use super::{Account, id, text};

#[test]
fn a_type_is_unique_and_stays() {
    let account = Account::new();
    let body = json!({"seatType": "admin_user", "label": "Admins", "description": "May do all"});
    let created = account.create(Operation::SeatMetricCreate, &body);
    assert!(!text(&created, "createdBy").is_empty());
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    let path = [("id", id(&created))];
    let change = json!({"label": "Administrators", "description": null, "seatType": "other"});
    let updated = account.ok(Operation::SeatMetricUpdate, &path, "", Some(&change));
    assert_eq!(
        updated,
        json!({
            "id": created["id"], "seatType": "admin_user", "createdBy": created["createdBy"], "label": "Administrators",
            "createdAt": "2026-01-01T12:00:00Z", "updatedAt": "2026-01-02T12:00:00Z",
        })
    );
    let refused = account.refused(Operation::SeatMetricCreate, &[], "", Some(&body));
    assert_eq!((refused.status, refused.kind.as_str()), (400, "InvalidRequest"));
    assert!(
        refused.message.starts_with("body.seatType:"),
        "{}",
        refused.message
    );
    account.ok(Operation::SeatMetricDelete, &path, "", None);
    account.create(Operation::SeatMetricCreate, &body);
}

#[test]
fn a_type_is_in_lower_snake_case() {
    let account = Account::new();
    for seat_type in ["a", "admin_user", "tier2", "a_1"] {
        account.create(
            Operation::SeatMetricCreate,
            &json!({"seatType": seat_type, "label": "x"}),
        );
    }
    for seat_type in ["", "Foo Bar", "adminUser", "_a", "a_", "a__b", "2nd", "ü", "a-b"] {
        let body = json!({"seatType": seat_type, "label": "x"});
        let refused = account.refused(Operation::SeatMetricCreate, &[], "", Some(&body));
        assert_eq!(refused.status, 400, "{seat_type}");
        assert!(
            refused.message.starts_with("body.seatType:"),
            "{}",
            refused.message
        );
    }
}

#[test]
fn metrics_are_listed_and_unknown_ones_are_404() {
    let account = Account::new();
    let create = |name: &str| {
        account.create(
            Operation::SeatMetricCreate,
            &json!({"seatType": name, "label": name}),
        )
    };
    let (first, second) = (create("first"), create("second"));
    assert_eq!(
        account.ids(Operation::SeatMetricList, ""),
        [id(&second), id(&first)]
    );
    assert_eq!(account.get(Operation::SeatMetricGet, id(&first)), first);
    let body = json!({"label": "x"});
    for (operation, body) in [
        (Operation::SeatMetricGet, None),
        (Operation::SeatMetricUpdate, Some(&body)),
        (Operation::SeatMetricDelete, None),
    ] {
        assert_eq!(account.refused(operation, &[("id", "x")], "", body).status, 404);
    }
    assert_eq!(
        account.world.store().read(|state| state.count(Kind::SeatMetric)),
        2
    );
}
