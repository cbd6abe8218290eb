//! Lines, groups, and what they add up to.

use crate::story::{Story, line};
use serde_json::{Value, json};

#[tokio::test]
async fn totals_are_exact_and_rounded_line_by_line() {
    struct Case {
        currency: &'static str,
        /// Quantity, rate, tax rate.
        lines: &'static [[&'static str; 3]],
        /// Net, tax, gross.
        expected: [&'static str; 3],
    }
    let case = |currency, lines, expected| Case {
        currency,
        lines,
        expected,
    };
    let cases = [
        case("GBP", &[], ["0.00", "0.00", "0.00"]),
        case("JPY", &[], ["0", "0", "0"]),
        case("GBP", &[["3", "0.335", "0.2"]], ["1.01", "0.20", "1.21"]),
        case(
            "GBP",
            &[["1", "0.005", "0"], ["1", "0.005", "0"]],
            ["0.02", "0.00", "0.02"],
        ),
        case(
            "JPY",
            &[["1", "100.5", "0.1"], ["2", "10.2", "0.08"]],
            ["121", "12", "133"],
        ),
        case(
            "EUR",
            &[["0.1", "0.1", "0"], ["0.2", "0.1", "0"]],
            ["0.03", "0.00", "0.03"],
        ),
        case(
            "USD",
            &[["1000000000", "1000000000.01", "0.0825"], ["-1", "10", "0"]],
            [
                "1000000000009999990.00",
                "82500000000825000.00",
                "1082500000010824990.00",
            ],
        ),
    ];
    let story = Story::begin().await;
    for Case {
        currency,
        lines,
        expected,
    } in cases
    {
        let id = story.draft_in(currency).await;
        for [quantity, rate, tax_rate] in lines {
            story.add_line(&id, quantity, rate, tax_rate).await;
        }
        let invoice = story.get(&format!("/invoices/{id}")).await.expect(200).json();
        let found = ["netTotal", "totalTax", "grossTotal"].map(|name| invoice[name].clone());
        assert_eq!(found, expected.map(Value::from), "{currency} {lines:?}");
    }
}

#[tokio::test]
async fn a_line_is_added_changed_and_deleted() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let mut body = line("2.50", "10.00", "0.20");
    body["servicePeriod"] = json!({"startDate": "2026-03-01", "endDate": "2026-03-31"});
    let path = format!("/invoices/{id}/line-items");
    let added = story.post(&path, body).await.expect(201).json();
    assert_eq!(
        (&added["quantity"], &added["taxRate"]),
        (&json!("2.50"), &json!("0.20")),
        "scale is kept"
    );
    assert_eq!(
        (&added["netTotal"], &added["grossTotal"]),
        (&json!("25.00"), &json!("30.00"))
    );
    assert_eq!(
        (&added["rateDisplay"], &added["index"]),
        (&json!("ABSOLUTE"), &json!(0))
    );

    let one = format!("{path}/{}", added["id"].as_str().expect("an id"));
    let changed = story.put(&one, line("1", "1", "0")).await.expect(200).json();
    assert_eq!(changed["grossTotal"], "1.00");
    assert_eq!(
        changed.get("servicePeriod"),
        None,
        "a line is replaced as a whole"
    );
    let second = story.add_line(&id, "1", "2", "0").await;
    assert_eq!(second["index"], 1);

    story.delete(&one).await.expect(200);
    story.delete(&one).await.expect(404);
    let left = story.get(&path).await.expect(200).json();
    assert_eq!(
        (&left["items"][0]["id"], &left["items"][0]["index"]),
        (&second["id"], &json!(0))
    );
    story
        .post("/invoices/nobody/line-items", line("1", "1", "0"))
        .await
        .expect(404);
}

#[tokio::test]
async fn lines_follow_the_currency_of_the_invoice() {
    let story = Story::begin().await;
    let id = story.draft().await;
    story.add_line(&id, "1", "10.50", "0").await;
    let changed = story
        .put(&format!("/invoices/{id}"), json!({"currency": "JPY"}))
        .await
        .expect(200)
        .json();
    assert_eq!(changed["netTotal"], "11");
}

#[tokio::test]
async fn amounts_beyond_every_decimal_are_refused() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let large = "7000000000000000000000000000";
    let path = format!("/invoices/{id}/line-items");
    let (_, message) = story
        .post(&path, line(large, large, "0"))
        .await
        .expect(400)
        .error();
    assert!(message.contains("28 digits"), "{message}");
    let lines = story.get(&path).await.json();
    assert_eq!(lines["items"], json!([]));
}

#[tokio::test]
async fn a_group_sums_its_lines_and_leaves_them_behind() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let groups = format!("/invoices/{id}/line-item-groups");
    let body = json!({"title": "Services", "revenueClassification": "EARNED"});
    let group = story.post(&groups, body).await.expect(201).json();
    assert_eq!(
        (&group["index"], &group["grossTotal"]),
        (&json!(0), &json!("0.00"))
    );
    let group_id = group["id"].as_str().expect("an id");

    let lines = format!("/invoices/{id}/line-items");
    let mut body = line("1", "10", "0.2");
    body["groupId"] = group_id.into();
    let inside = story.post(&lines, body.clone()).await.expect(201).json();
    assert_eq!(inside["revenueClassification"], "EARNED");
    story.add_line(&id, "1", "99", "0").await;

    let other = story
        .post(&groups, json!({"title": "Other"}))
        .await
        .expect(201)
        .json();
    assert_eq!(other["index"], 1);
    let one = format!("{groups}/{group_id}");
    let body_of_group = json!({"title": "Work", "index": 7, "revenueRecognitionMethod": "USAGE",
        "servicePeriod": {"start": "2026-03-01", "endInclusive": "2026-03-31"}});
    let moved = story.put(&one, body_of_group).await.expect(200).json();
    assert_eq!(
        (&moved["index"], &moved["grossTotal"]),
        (&json!(1), &json!("12.00"))
    );
    let listed = story
        .get(&format!("{groups}?sortOrder=ASC"))
        .await
        .expect(200)
        .json();
    assert_eq!(listed["items"][0]["title"], "Other");

    story.delete(&one).await.expect(200);
    let left = story
        .get(&format!("{lines}?sortOrder=ASC"))
        .await
        .expect(200)
        .json();
    assert_eq!(left["items"][0]["servicePeriod"]["endDate"], "2026-03-31");
    assert_eq!(left["items"][0].get("groupId"), None);
    story.post(&lines, body).await.expect(400);
    let tax = json!({"title": "Taxed", "taxCategoryId": "t"});
    story.post(&groups, tax).await.expect(501);
    story.delete(&one).await.expect(404);
}
