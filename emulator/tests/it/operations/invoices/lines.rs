//! Lines, groups, and what they add up to.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::super::{id, text};
use super::{InvoiceStatus, Story, line, texts};

#[test]
fn totals_are_exact_and_rounded_line_by_line() {
    type Case = (&'static str, &'static [[&'static str; 3]], [&'static str; 3]);
    let cases: [Case; 8] = [
        ("GBP", &[], ["0.00", "0.00", "0.00"]),
        ("JPY", &[], ["0", "0", "0"]),
        ("GBP", &[["3", "0.335", "0.2"]], ["1.01", "0.20", "1.21"]),
        ("GBP", &[["3", "0.335", "20"]], ["1.01", "0.20", "1.21"]),
        (
            "GBP",
            &[["1", "0.005", "0"], ["1", "0.005", "0"]],
            ["0.02", "0.00", "0.02"],
        ),
        (
            "JPY",
            &[["1", "100.5", "0.1"], ["2", "10.2", "0.08"]],
            ["121", "12", "133"],
        ),
        (
            "EUR",
            &[["0.1", "0.1", "0"], ["0.2", "0.1", "0"]],
            ["0.03", "0.00", "0.03"],
        ),
        (
            "USD",
            &[["1000000000", "1000000000.01", "0.0825"], ["-1", "10", "0"]],
            [
                "1000000000009999990.00",
                "82500000000825000.00",
                "1082500000010824990.00",
            ],
        ),
    ];
    let story = Story::new();
    for (currency, lines, expected) in cases {
        let invoice = story.draft_with(json!({"currency": currency}));
        for [quantity, rate, tax_rate] in lines {
            story.add_line(&invoice, quantity, rate, tax_rate);
        }
        let found = texts(&story.get(&invoice), ["netTotal", "totalTax", "grossTotal"]);
        assert_eq!(found, expected, "{currency} {lines:?}");
    }
}

#[test]
fn a_line_is_added_changed_and_deleted() {
    let story = Story::new();
    let invoice = story.draft();
    let mut body = line("2.50", "10.00", "0.20");
    body["servicePeriod"] = json!({"startDate": "2026-03-01", "endDate": "2026-03-31"});
    let added = story.line(Operation::InvoiceLineItemCreate, &invoice, &body);
    assert_eq!(
        texts(
            &added,
            [
                "quantity",
                "taxRate",
                "netTotal",
                "grossTotal",
                "rateDisplay",
                "invoiceId"
            ]
        ),
        ["2.50", "0.20", "25.00", "30.00", "ABSOLUTE", invoice.as_str()]
    );
    let path = [("invoice", invoice.as_str()), ("id", id(&added))];
    let update = Operation::InvoiceLineItemUpdate;
    let changed = story.account.ok(update, &path, "", Some(&line("1", "1", "0")));
    assert_eq!(text(&changed, "grossTotal"), "1.00");
    assert_eq!(
        changed.get("servicePeriod"),
        None,
        "a line is replaced as a whole"
    );
    assert_eq!(text(&story.get(&invoice), "grossTotal"), "1.00");
    let second = story.add_line(&invoice, "1", "2", "0");
    assert_eq!((&added["index"], &second["index"]), (&json!(0), &json!(1)));

    let deleted = story
        .account
        .ok(Operation::InvoiceLineItemDelete, &path, "", None);
    assert_eq!(deleted, changed);
    let refused = story
        .account
        .refused(Operation::InvoiceLineItemDelete, &path, "", None);
    assert_eq!(refused.status, 404);
    let parent = [("invoice", invoice.as_str())];
    let left = story
        .account
        .ok(Operation::InvoiceLineItemList, &parent, "", None);
    assert_eq!(
        (id(&left["items"][0]), &left["items"][0]["index"]),
        (id(&second), &json!(0))
    );
    assert_eq!(text(&story.get(&invoice), "grossTotal"), "2.00");
}

#[test]
fn lines_are_listed_by_their_place() {
    let story = Story::new();
    let (invoice, other) = (story.draft(), story.draft());
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(id(&story.add_line(&invoice, "1", "1", "0")).to_owned());
        story.add_line(&other, "1", "1", "0");
    }
    let parent = [("invoice", invoice.as_str())];
    let list = |query: &str| {
        story
            .account
            .ok(Operation::InvoiceLineItemList, &parent, query, None)
    };
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().expect("items").iter();
        items.map(|item| id(item).to_owned()).collect()
    };
    let first = list("sortOrder=ASC&limit=2");
    assert_eq!(ids(&first), lines[..2]);
    let after = text(&first["pagination"], "after");
    assert_eq!(
        ids(&list(&format!("sortOrder=ASC&limit=2&after={after}"))),
        lines[2..]
    );
    lines.reverse();
    assert_eq!(ids(&list("")), lines, "the last line comes first by default");
    for operation in [
        Operation::InvoiceLineItemList,
        Operation::InvoiceLineItemGroupList,
    ] {
        let refused = story.account.refused(operation, &[("invoice", "x")], "", None);
        assert_eq!(refused.status, 404);
    }
}

#[test]
fn a_line_is_refused_if_a_field_is_wrong() {
    let story = Story::new();
    let (invoice, other) = (story.draft(), story.draft());
    let foreign = story.line(
        Operation::InvoiceLineItemGroupCreate,
        &other,
        &json!({"title": "G"}),
    );
    let large = "7000000000000000000000000000";
    for (fields, path, assumed) in [
        (json!({"quantity": "1,5"}), "body.quantity:", ""),
        (json!({"quantity": large, "rate": large}), "body.quantity", ""),
        (json!({"taxRate": "101"}), "body.taxRate:", "A71"),
        (json!({"taxRate": "-0.1"}), "body.taxRate:", "A71"),
        (json!({"priceId": "x"}), "body.priceId:", "A4"),
        (json!({"creditGrantId": "x"}), "body.creditGrantId:", "A4"),
        (json!({"groupId": id(&foreign)}), "body.groupId:", ""),
        (
            json!({"servicePeriod": {"startDate": "2026-02-01", "endDate": "2026-01-01"}}),
            "body.servicePeriod.endDate:",
            "",
        ),
    ] {
        let mut body = line("1", "1", "0");
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let parent = [("invoice", invoice.as_str())];
        let create = Operation::InvoiceLineItemCreate;
        let refused = story.account.refused(create, &parent, "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{path}"
        );
    }
}

#[test]
fn a_sum_of_more_than_28_digits_is_refused() {
    let story = Story::new();
    let invoice = story.draft();
    let large = line("7000000000000000000000000000", "1", "0");
    let parent = [("invoice", invoice.as_str())];
    let create = Operation::InvoiceLineItemCreate;
    let mut refusals = Vec::new();
    for _ in 0..20 {
        let response = story.account.call(create, &parent, "", Some(&large));
        if response.status == 400 {
            refusals.push(text(&response.json_body()["error"], "message").to_owned());
        }
    }
    let first = refusals.first().expect("20 of them need 29 digits");
    assert!(first.contains("28 digits"), "{first}");
}

#[test]
fn taxed_amounts_name_the_scale_of_the_tax_rate() {
    let story = Story::new();
    let (taxed, untaxed) = (story.draft(), story.draft());
    story.add_line(&taxed, "1", "10", "0.2");
    story.add_line(&untaxed, "1", "10", "0");
    for (invoice, expected) in [(&taxed, "A55, A71"), (&untaxed, "A55")] {
        let response = story
            .account
            .call(Operation::InvoiceGet, &[("id", invoice)], "", None);
        assert_eq!(response.assumed.to_string(), expected);
    }
    let path = [("invoice", taxed.as_str())];
    let lines = story
        .account
        .call(Operation::InvoiceLineItemList, &path, "", None);
    assert_eq!(lines.assumed.to_string(), "A71");
    let line = id(&lines.json_body()["items"][0]).to_owned();
    let path = [("invoice", taxed.as_str()), ("id", line.as_str())];
    story
        .account
        .ok(Operation::InvoiceLineItemDelete, &path, "", None);
    let response = story
        .account
        .call(Operation::InvoiceGet, &[("id", &taxed)], "", None);
    assert_eq!(response.assumed.to_string(), "A55");
}

#[test]
fn a_line_of_a_price_has_its_product() {
    let story = Story::new();
    let price = json!({"id": "price-1", "productId": "product-1"});
    story.account.seed(Kind::Price, price);
    let mut body = line("1", "1", "0");
    body["priceId"] = "price-1".into();
    let invoice = story.draft();
    let line = story.line(Operation::InvoiceLineItemCreate, &invoice, &body);
    assert_eq!(texts(&line, ["priceId", "productId"]), ["price-1", "product-1"]);
}

#[test]
fn a_group_sums_its_lines_and_leaves_them_behind() {
    let story = Story::new();
    let invoice = story.draft();
    let create = Operation::InvoiceLineItemGroupCreate;
    let body = json!({"title": "Services", "description": "D", "revenueClassification": "EARNED"});
    let group = story.line(create, &invoice, &body);
    assert_eq!(
        texts(&group, ["title", "description", "grossTotal"]),
        ["Services", "D", "0.00"]
    );
    let mut inside = line("1", "10", "0.2");
    inside["groupId"] = id(&group).into();
    let added = story.line(Operation::InvoiceLineItemCreate, &invoice, &inside);
    assert_eq!(text(&added, "revenueClassification"), "EARNED");
    story.add_line(&invoice, "1", "99", "0");
    let other = story.line(create, &invoice, &json!({"title": "Other"}));
    assert_eq!(other["index"], 1);

    let path = [("invoice", invoice.as_str()), ("id", id(&group))];
    let body = json!({"title": "Work", "index": 7, "revenueRecognitionMethod": "USAGE",
        "servicePeriod": {"start": "2026-03-01", "endInclusive": "2026-03-31"}});
    let update = Operation::InvoiceLineItemGroupUpdate;
    let moved = story.account.ok(update, &path, "", Some(&body));
    assert_eq!(
        (&moved["index"], text(&moved, "grossTotal")),
        (&json!(1), "12.00")
    );
    let parent = [("invoice", invoice.as_str())];
    let list = |operation: Operation| story.account.ok(operation, &parent, "sortOrder=ASC", None);
    let groups = list(Operation::InvoiceLineItemGroupList);
    let titles = |at: usize| text(&groups["items"][at], "title").to_owned();
    assert_eq!((titles(0), titles(1)), ("Other".to_owned(), "Work".to_owned()));
    assert_eq!(text(&groups["items"][1], "grossTotal"), "12.00");

    let delete = Operation::InvoiceLineItemGroupDelete;
    story.account.ok(delete, &path, "", None);
    let lines = list(Operation::InvoiceLineItemList);
    assert_eq!(lines["items"][0]["servicePeriod"]["endDate"], "2026-03-31");
    assert_eq!(lines["items"][0].get("groupId"), None);
    assert_eq!(
        story.account.refused(delete, &path, "", None).status,
        404,
        "the group is gone"
    );
    let tax = json!({"title": "Taxed", "taxCategoryId": "t"});
    let refused = story.account.refused(create, &parent, "", Some(&tax));
    assert_eq!(refused.status, 501);
    assert!(refused.message.starts_with("body.taxCategoryId:"));
}

#[test]
fn deleting_a_group_moves_those_behind_it_up() {
    let story = Story::new();
    let invoice = story.draft();
    let create = Operation::InvoiceLineItemGroupCreate;
    let groups = ["A", "B", "C"].map(|title| story.line(create, &invoice, &json!({"title": title})));
    let path = [("invoice", invoice.as_str()), ("id", id(&groups[1]))];
    story
        .account
        .ok(Operation::InvoiceLineItemGroupDelete, &path, "", None);
    let parent = [("invoice", invoice.as_str())];
    let list = Operation::InvoiceLineItemGroupList;
    let left = story.account.ok(list, &parent, "sortOrder=ASC", None);
    assert_eq!(
        (text(&left["items"][1], "title"), &left["items"][1]["index"]),
        ("C", &json!(1))
    );
}

#[test]
fn lines_and_groups_change_only_in_drafts_and_announce_the_invoice() {
    let story = Story::new();
    story.account.watch();
    let invoice = story.draft();
    let added = story.add_line(&invoice, "1", "1", "0");
    let group = story.line(
        Operation::InvoiceLineItemGroupCreate,
        &invoice,
        &json!({"title": "G"}),
    );
    assert_eq!(
        story.announced(&invoice),
        ["INVOICE_CREATED", "INVOICE_UPDATED", "INVOICE_UPDATED"]
    );
    story.put_in(&invoice, InvoiceStatus::Final);
    let body = line("1", "1", "0");
    let title = json!({"title": "H"});
    for (operation, child, body) in [
        (Operation::InvoiceLineItemCreate, None, Some(&body)),
        (Operation::InvoiceLineItemUpdate, Some(&added), Some(&body)),
        (Operation::InvoiceLineItemDelete, Some(&added), None),
        (Operation::InvoiceLineItemGroupCreate, None, Some(&title)),
        (Operation::InvoiceLineItemGroupUpdate, Some(&group), Some(&title)),
        (Operation::InvoiceLineItemGroupDelete, Some(&group), None),
    ] {
        let mut path = vec![("invoice", invoice.as_str())];
        path.extend(child.map(|child| ("id", id(child))));
        let refused = story.account.refused(operation, &path, "", body);
        assert_eq!(refused.kind, "IllegalState", "{}", operation.id());
        assert!(refused.message.contains("is FINAL, but"), "{}", refused.message);
    }
}

#[test]
fn older_versions_have_no_products_on_lines() {
    let mut story = Story::new();
    let invoice = story.draft();
    story.account.version = Version::parse("2024-01-01").expect("the version exists");
    let added = story.add_line(&invoice, "1", "1", "0");
    assert_eq!(added.get("productId"), None);
    assert_eq!(text(&added, "grossTotal"), "1.00");
}
