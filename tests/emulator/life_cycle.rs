//! From draft to void, and everything that is not allowed on the way.

use crate::story::{Story, line};
use sequencehq::emulator::{CustomerSeed, Emulator};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn an_invoice_lives_from_draft_to_paid() {
    let story = Story::begin().await;
    let draft = story
        .post(
            "/invoices",
            json!({"customerId": story.customer_id, "currency": "GBP", "memo": "Thanks"}),
        )
        .await
        .expect(201)
        .json();
    assert_eq!(draft["status"], "DRAFT");
    assert_eq!(draft["customerLegalCompanyName"], "Acme Ltd");
    assert_eq!(draft["customerEmails"], json!(["billing@customer.example"]));
    assert_eq!(draft["metadata"], json!([]));
    assert_eq!(draft["grossTotal"], "0.00");
    for absent in [
        "invoiceNumber",
        "issueDate",
        "dueDate",
        "balance",
        "balanceVersion",
        "reference",
    ] {
        assert_eq!(draft.get(absent), None, "{absent}");
    }

    let id = draft["id"].as_str().expect("an id");
    story.add_line(id, "2", "50.00", "0.2").await;
    let finalized = story
        .act(&format!("/invoices/{id}/finalize"))
        .await
        .expect(200)
        .json();
    assert_eq!(finalized["status"], "FINAL");
    assert_eq!(finalized["invoiceNumber"], "SEQ-00001");
    assert_eq!(finalized["issueDate"], "2026-03-10");
    assert_eq!(finalized["dueDate"], "2026-04-09");
    assert_eq!(finalized["grossTotal"], "120.00");

    story.emulator.advance(Duration::from_secs(24 * 60 * 60));
    let sent = story
        .act(&format!("/invoices/{id}/send"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&sent["status"], &sent["dunningStatus"]),
        (&json!("SENT"), &json!("SCHEDULED"))
    );
    assert_eq!(sent["updatedAt"], "2026-03-11T12:00:00Z");
    assert_eq!(sent["memo"], "Thanks");
    story
        .act(&format!("/invoices/{id}/send-payment-reminder"))
        .await
        .expect(200);

    let path = format!("/invoices/{id}");
    let owed = story.get(&path).await.expect(200).json();
    assert_eq!(
        (&owed["balance"], &owed["balanceVersion"]),
        (&json!("120.00"), &json!(1))
    );
    let paid = json!({"paymentStatus": "PAID"});
    story
        .put(&format!("{path}/payment-status"), paid)
        .await
        .expect(200);
    let settled = story.get(&path).await.expect(200).json();
    assert_eq!(
        (&settled["balance"], &settled["balanceVersion"]),
        (&json!("0.00"), &json!(2))
    );
    let reminder = story
        .act(&format!("{path}/send-payment-reminder"))
        .await
        .expect(400);
    assert!(reminder.error().1.contains("PAID"));
}

#[tokio::test]
async fn what_the_status_does_not_allow_is_refused_and_changes_nothing() {
    // What each call is legal in; everything else must be refused.
    let calls = [
        ("POST", "finalize", "DRAFT"),
        ("POST", "finalize-and-send", "DRAFT"),
        ("POST", "mark-as-sent", "DRAFT FINAL"),
        ("POST", "send", "FINAL"),
        ("POST", "draft", "IN_PROGRESS"),
        ("POST", "void", "DRAFT FINAL SENT"),
        ("POST", "send-payment-reminder", "SENT"),
        ("PATCH", "sent", "SENT"),
        ("GET", "download", "FINAL SENT VOIDED"),
        ("PUT", "payment-status", "IN_PROGRESS DRAFT FINAL SENT"),
        ("PUT", "", "DRAFT"),
        ("PATCH", "", "DRAFT"),
        ("DELETE", "", "DRAFT IN_PROGRESS"),
        ("POST", "line-items", "DRAFT"),
        ("POST", "line-item-groups", "DRAFT"),
    ];
    let story = Story::begin().await;
    for (method, call, legal) in calls {
        for status in ["IN_PROGRESS", "DRAFT", "FINAL", "SENT", "VOIDED"] {
            let label = format!("{method} {call} in {status}");
            let id = story.invoice_in(status).await;
            let body = match call {
                "payment-status" => json!({"paymentStatus": "UNPAID"}),
                "line-items" => line("1", "1", "0"),
                "line-item-groups" => json!({"title": "Services"}),
                _ => json!({}),
            };
            let before = story.get(&format!("/invoices/{id}")).await.json();
            let path = format!("/invoices/{id}/{call}");
            let method = method.parse().expect("a method");
            let request = story.request(method, path.trim_end_matches('/')).json(&body);
            let reply = story.send(request).await;
            if legal.split(' ').any(|s| s == status) {
                assert!(reply.status < 300, "{label}: {}", reply.status);
            } else {
                let (kind, message) = reply.expect(400).error();
                assert_eq!(kind, "IllegalState", "{label}");
                assert!(
                    message.contains(&format!("is {status}, but")),
                    "{label}: {message}"
                );
                let after = story.get(&format!("/invoices/{id}")).await.json();
                assert_eq!(before, after, "{label}");
            }
        }
    }
}

#[tokio::test]
async fn a_sent_invoice_is_voided_only_while_nothing_was_paid() {
    let cases = [
        ("UNPAID", 200),
        ("UNCOLLECTIBLE", 200),
        ("PARTIALLY_PAID", 400),
        ("PAID", 400),
    ];
    let story = Story::begin().await;
    for (payment_status, expected) in cases {
        let id = story.invoice_in("SENT").await;
        let body = json!({"paymentStatus": payment_status});
        story
            .put(&format!("/invoices/{id}/payment-status"), body)
            .await
            .expect(200);
        story.act(&format!("/invoices/{id}/void")).await.expect(expected);
    }
}

#[tokio::test]
async fn numbers_are_given_once_and_in_order() {
    let story = Story::begin().await;
    let mut numbers = Vec::new();
    for call in ["finalize", "void", "mark-as-sent", "finalize-and-send"] {
        let id = story.draft().await;
        let answer = story
            .act(&format!("/invoices/{id}/{call}"))
            .await
            .expect(200)
            .json();
        numbers.push(answer["invoiceNumber"].clone());
    }
    assert_eq!(numbers, ["SEQ-00001", "SEQ-00002", "SEQ-00003", "SEQ-00004"]);

    let id = story.draft().await;
    let finalized = story
        .act(&format!("/invoices/{id}/finalize"))
        .await
        .expect(200)
        .json();
    let voided = story
        .act(&format!("/invoices/{id}/void"))
        .await
        .expect(200)
        .json();
    assert_eq!(finalized["invoiceNumber"], voided["invoiceNumber"]);
}

#[tokio::test]
async fn a_patch_clears_keeps_and_empties_and_a_put_replaces() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let path = format!("/invoices/{id}");
    let pair = json!([{"key": "order", "value": "7"}]);
    story
        .patch(
            &path,
            json!({"memo": "Hi", "reference": "R1", "metadata": pair, "dueDate": "2026-05-01",
                   "paymentOptions": ["LINK"], "customerLegalCompanyName": "Other Ltd"}),
        )
        .await
        .expect(200);

    let patched = story
        .patch(
            &path,
            json!({"memo": null, "metadata": [], "customerLegalCompanyName": null}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(patched.get("memo"), None, "null clears");
    assert_eq!(patched["reference"], "R1", "absent keeps");
    assert_eq!(patched["metadata"], json!([]), "an empty list empties");
    assert_eq!(
        patched["customerLegalCompanyName"], "Acme Ltd",
        "a required field falls back"
    );
    let full = story.get(&path).await.json();
    assert_eq!(
        (&full["dueDate"], &full["dueDateSource"]),
        (&json!("2026-05-01"), &json!("MANUAL"))
    );
    assert_eq!(full.get("paymentTermDays"), None);

    let replaced = story
        .put(&path, json!({"currency": "EUR", "memo": "Bye"}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&replaced["currency"], &replaced["memo"]),
        (&json!("EUR"), &json!("Bye"))
    );
    for gone in ["reference", "dueDate", "paymentOptions"] {
        assert_eq!(replaced.get(gone), None, "{gone}");
    }
    assert_eq!(replaced["dueDateSource"], "CALCULATED");
    assert_eq!(replaced["accountingDate"], "2026-03-10");
}

#[tokio::test]
async fn a_sent_invoice_takes_its_few_fields_and_no_others() {
    let story = Story::begin().await;
    let id = story.invoice_in("SENT").await;
    let path = format!("/invoices/{id}/sent");
    let body = json!({"dueDate": "2026-06-30", "memo": "Please", "purchaseOrderNumber": "PO1"});
    let patched = story.patch(&path, body).await.expect(200).json();
    assert_eq!(
        (&patched["dueDate"], &patched["memo"]),
        (&json!("2026-06-30"), &json!("Please"))
    );

    let cases = [
        (json!({"dueDate": null}), "body.dueDate"),
        (json!({"currency": "EUR"}), "body.currency"),
        (json!({"customerEmails": []}), "body.customerEmails"),
    ];
    for (body, field) in cases {
        let (_, message) = story.patch(&path, body).await.expect(400).error();
        assert!(message.starts_with(field), "{message}");
    }
    let full = story.get(&format!("/invoices/{id}")).await.json();
    assert_eq!(
        (&full["dueDate"], &full["dueDateSource"]),
        (&json!("2026-06-30"), &json!("MANUAL"))
    );
}

#[tokio::test]
async fn merging_makes_one_draft_of_several() {
    let story = Story::begin().await;
    let (first, second) = (story.draft().await, story.draft().await);
    story.add_line(&first, "1", "10.00", "0").await;
    story.add_line(&second, "1", "5.00", "0.2").await;
    let merged = story
        .post("/invoices/merge", json!({"invoiceIds": [first, second]}))
        .await;
    let merged = merged.expect(201).json();
    assert_eq!(
        (&merged["status"], &merged["grossTotal"]),
        (&json!("DRAFT"), &json!("16.00"))
    );
    for gone in [&first, &second] {
        story.get(&format!("/invoices/{gone}")).await.expect(404);
    }
    let id = merged["id"].as_str().expect("an id");
    let lines = story.get(&format!("/invoices/{id}/line-items")).await.json();
    assert_eq!(lines["pagination"]["totalResultSize"], 2);

    let (pounds, euros) = (story.draft().await, story.draft_in("EUR").await);
    let sent = story.invoice_in("SENT").await;
    let cases = [
        (json!([pounds]), 400),
        (json!([pounds, pounds]), 400),
        (json!([pounds, euros]), 400),
        (json!([pounds, sent]), 400),
        (json!([pounds, "nobody"]), 404),
    ];
    for (ids, expected) in cases {
        story
            .post("/invoices/merge", json!({"invoiceIds": ids}))
            .await
            .expect(expected);
    }
    story.get(&format!("/invoices/{pounds}")).await.expect(200);
}

#[tokio::test]
async fn a_running_period_is_drafted_or_deleted() {
    let story = Story::begin().await;
    let id = story.invoice_in("IN_PROGRESS").await;
    let draft = story
        .act(&format!("/invoices/{id}/draft"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&draft["status"], &draft["calculatedAt"]),
        (&json!("DRAFT"), &json!("2026-03-10T12:00:00Z"))
    );
    let deleted = story.delete(&format!("/invoices/{id}")).await.expect(200).json();
    assert_eq!(deleted["id"], id.as_str());
    story.get(&format!("/invoices/{id}")).await.expect(404);
    assert!(!story.emulator.put_in_progress(&id));
}

#[tokio::test]
async fn an_invoice_takes_over_what_its_customer_has() {
    let story = Story::begin().await;
    let seed = CustomerSeed::new("Umbrella Inc")
        .email("a@umbrella.example")
        .email("b@umbrella.example")
        .address("1 Main St", "Raccoon City", "62704", "US")
        .state("IL")
        .tax_id("US-1")
        .tax_exempt()
        .archived();
    let customer = story.emulator.add_customer(seed).into_string();
    let invoice = story
        .post("/invoices", json!({"customerId": customer, "currency": "USD"}))
        .await
        .json();
    assert_eq!(
        invoice["customerEmails"],
        json!(["a@umbrella.example", "b@umbrella.example"])
    );
    assert_eq!(invoice["customerBillingAddress"]["state"], "IL");
    assert_eq!(
        (&invoice["customerTaxId"], &invoice["customerTaxStatus"]),
        (&json!("US-1"), &json!("TAX_EXEMPT"))
    );
    assert_eq!(invoice["isCustomerArchived"], true);
}

#[tokio::test]
async fn background_jobs_are_accepted_and_conversions_are_none() {
    let story = Story::begin().await;
    let id = story.draft().await;
    assert!(
        story
            .act("/invoices/fix-billing-runs")
            .await
            .expect(202)
            .bytes
            .is_empty()
    );
    let body = json!({"integrationService": "Xero", "invoiceIds": [id], "propertiesToCompare": ["STATUS"]});
    let reply = story
        .post("/invoices/reconcile-with-integration", body)
        .await
        .expect(202);
    assert!(reply.bytes.is_empty());
    let conversions = story
        .get(&format!("/invoices/{id}/currency-conversions"))
        .await
        .expect(200);
    assert_eq!(conversions.json(), json!({"items": []}));
    story
        .get("/invoices/nobody/currency-conversions")
        .await
        .expect(404);
}

#[tokio::test]
async fn the_pdf_is_one_that_readers_open() {
    let story = Story::begin().await;
    let id = story.invoice_in("SENT").await;
    let reply = story.get(&format!("/invoices/{id}/download")).await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/pdf"));
    let pdf = &reply.bytes;
    assert!(pdf.starts_with(b"%PDF-1.4\n") && pdf.ends_with(b"%%EOF\n"));

    // As a reader does: from the end to the table, from the table to the objects.
    let text: String = pdf
        .iter()
        .map(|b| if b.is_ascii() { char::from(*b) } else { '?' })
        .collect();
    let start = text.rfind("startxref\n").expect("startxref") + "startxref\n".len();
    let table: usize = text[start..]
        .lines()
        .next()
        .and_then(|l| l.parse().ok())
        .expect("an offset");
    let mut rows = text[table..].lines();
    assert_eq!(rows.next(), Some("xref"));
    let count: usize = rows
        .next()
        .and_then(|l| l.strip_prefix("0 ")?.parse().ok())
        .expect("a count");
    for (number, row) in (0..count).zip(rows).skip(1) {
        let offset: usize = row[..10].parse().expect("ten digits");
        assert!(
            text[offset..].starts_with(&format!("{number} 0 obj\n")),
            "object {number}"
        );
    }
    for part in ["(Invoice SEQ-00001)", "(To: Acme Ltd)", "(Total: 120.00 GBP)"] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn two_emulators_know_nothing_of_each_other() {
    let (one, other) = (Emulator::start().await.expect("a port"), Story::begin().await);
    assert_ne!(one.base_url(), other.emulator.base_url());
    other.draft().await;
    assert!(one.requests().is_empty());
}
