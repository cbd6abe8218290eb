//! Pages and cursors.

use sequencehq_emulator::contract::Operation;
use serde_json::json;

use super::{Account, text};

#[test]
fn a_list_is_walked_by_its_cursors_and_back() {
    let account = Account::new();
    for number in 0..5 {
        account.create(Operation::ProductCreate, &json!({"name": format!("P{number}")}));
    }
    let page = |query: &str| account.ok(Operation::ProductList, &[], query, None);
    let first = page("limit=2");
    assert_eq!(
        (text(&first["items"][0], "name"), text(&first["items"][1], "name")),
        ("P4", "P3")
    );
    assert_eq!(first["pagination"].get("before"), None);
    assert_eq!(first["pagination"]["totalResultSize"], 5);
    let second = page(&format!("limit=2&after={}", text(&first["pagination"], "after")));
    let last = page(&format!("limit=2&after={}", text(&second["pagination"], "after")));
    assert_eq!(text(&last["items"][0], "name"), "P0");
    assert_eq!(last["pagination"].get("after"), None);
    let back = page(&format!(
        "limit=2&before={}",
        text(&second["pagination"], "before")
    ));
    assert_eq!(back, first);
}

#[test]
fn a_cursor_of_another_filter_is_refused() {
    let account = Account::new();
    for _ in 0..3 {
        account.create(Operation::ProductCreate, &json!({"name": "P"}));
    }
    let first = account.ok(Operation::ProductList, &[], "limit=1", None);
    let query = format!("name=P&after={}", text(&first["pagination"], "after"));
    let refused = account.refused(Operation::ProductList, &[], &query, None);
    assert!(refused.message.contains("another list"), "{}", refused.message);
}
