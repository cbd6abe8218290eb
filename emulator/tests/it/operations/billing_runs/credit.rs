//! Credit on invoices of schedules: projected, reserved, booked and given back.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Story, id, tax_rate, text};

impl Story {
    /// Grants credit to the customer, 15.00 in cash unless changed.
    fn grant(&self, change: impl FnOnce(&mut Value)) -> Value {
        let account = self.account.world.store().read(|state| {
            let mut rows = state.rows(sequencehq_emulator::records::Kind::Account);
            rows.next().map(|row| row.id().to_owned())
        });
        let mut grant = json!({
            "sequenceAccountId": account, "customerId": self.customer, "name": "Welcome", "creditUnitType": "CURRENCY",
            "currency": "GBP", "amount": 15, "costOfCredit": 0, "createInvoice": false,
        });
        change(&mut grant);
        self.account.create(Operation::CreditCreate, &grant)
    }

    /// The balances of the customer, after checking that each is the sum of its ledger.
    #[track_caller]
    pub(crate) fn balances(&self) -> Vec<String> {
        let path = [("customerId", self.customer.as_str())];
        let page = self.account.ok(Operation::CreditBalanceList, &path, "", None);
        let balances = page["items"].as_array().expect("items").iter();
        let checked = balances.map(|balance| {
            let rows = balance["transactions"].as_array().expect("rows").iter();
            let signed = rows.map(|row| {
                let amount: rust_decimal::Decimal = text(row, "amount").parse().expect("a decimal");
                if text(row, "type") == "DEBIT" {
                    -amount
                } else {
                    amount
                }
            });
            let sum: rust_decimal::Decimal = signed.sum();
            assert_eq!(sum.normalize().to_string(), text(balance, "balance"));
            text(balance, "balance").to_owned()
        });
        checked.collect()
    }
}

fn credit(invoice: &Value, list: &str) -> Vec<String> {
    let credit = invoice[list].as_array().expect("a list").iter();
    credit
        .map(|credit| format!("{} {}", text(credit, "creditGrantName"), text(credit, "amount")))
        .collect()
}

#[test]
fn credit_is_projected_on_a_draft_and_booked_once_it_is_final() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    story.grant(|_| {});
    story.create(|body| body["taxRates"] = json!([{"priceId": "base", "taxRateId": rate}]));
    let draft = story.full(&story.newest());
    assert_eq!(
        story.lines(&draft),
        [
            "base: 1 × 10.00 = 10.00, 01-01 to 01-31",
            "Welcome: 1 × -10.00 = -10.00"
        ]
    );
    assert_eq!(text(&draft, "grossTotal"), "0.00");
    assert_eq!(credit(&draft, "projectedCreditGrants"), ["Welcome 10.00"]);
    assert_eq!(credit(&draft, "appliedCreditGrants"), Vec::<String>::new());
    assert_eq!(story.balances(), ["15"]);

    story.act(Operation::InvoiceFinalize, &draft);
    let issued = story.full(&draft);
    assert_eq!(credit(&issued, "projectedCreditGrants"), Vec::<String>::new());
    let applied = &issued["appliedCreditGrants"][0];
    for (field, expected) in [("amount", "10.00"), ("taxAmount", "2.00"), ("status", "APPLIED")] {
        assert_eq!(text(applied, field), expected);
    }
    assert_eq!(story.balances(), ["5"]);
    let path = [("customerId", story.customer.as_str())];
    let page = story.account.ok(Operation::CreditBalanceList, &path, "", None);
    let row = &page["items"][0]["transactions"][1];
    assert_eq!(
        (row["invoiceId"].clone(), row["billingRunId"].clone()),
        (issued["id"].clone(), issued["billingRunId"].clone())
    );

    story.advance("2026-02-01");
    assert_eq!(
        credit(&story.full(&story.newest()), "projectedCreditGrants"),
        ["Welcome 5.00"]
    );
}

#[test]
fn a_voided_invoice_gives_its_credit_back() {
    let story = Story::new();
    story.grant(|_| {});
    story.create(|body| body["autoIssueInvoices"] = true.into());
    let issued = story.newest();
    assert_eq!(
        (text(&issued, "status"), story.balances()),
        ("SENT", vec!["5".to_owned()])
    );
    story.account.ok(
        Operation::InvoiceUpdatePaymentStatus,
        &[("id", id(&issued))],
        "",
        Some(&json!({"paymentStatus": "UNPAID"})),
    );
    story.act(Operation::InvoiceVoid, &issued);
    assert_eq!(story.balances(), ["15"]);
    assert_eq!(
        credit(&story.full(&issued), "appliedCreditGrants"),
        Vec::<String>::new()
    );
}

#[test]
fn a_draft_reserves_its_credit() {
    let story = Story::new();
    story.grant(|_| {});
    story.create(|_| {});
    story.create(|_| {});
    let [first, second] = [0, 1].map(|place| story.full(&story.invoices()[place]));
    assert_eq!(credit(&first, "projectedCreditGrants"), ["Welcome 10.00"]);
    assert_eq!(credit(&second, "projectedCreditGrants"), ["Welcome 5.00"]);
    story.act(Operation::InvoiceFinalize, &second);
    story.act(Operation::InvoiceFinalize, &first);
    assert_eq!(story.balances(), ["0"]);
}

#[test]
fn invoices_that_are_issued_on_one_day_share_the_credit() {
    let story = Story::new();
    story.grant(|grant| grant["effectiveDate"] = "2026-02-01".into());
    for _ in 0..2 {
        story.create(|body| body["autoIssueInvoices"] = true.into());
    }
    assert_eq!(story.billed(), ["SENT 2026-01-01 10.00"; 2]);
    story.advance("2026-02-01");
    assert_eq!(
        story.billed()[2..],
        ["SENT 2026-02-01 0.00", "SENT 2026-02-01 5.00"]
    );
    assert_eq!(story.balances(), ["0"]);
}

#[test]
fn an_upcoming_invoice_follows_the_credit() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "10.00"}));
    story.create(|body| body["phases"][0]["priceIds"] = json!(["late"]));
    let net = || text(&story.newest(), "netTotal").to_owned();
    assert_eq!(net(), "10.00");
    let grant = story.grant(|grant| grant["amount"] = 4.into());
    assert_eq!(net(), "6.00");
    story
        .account
        .ok(Operation::CreditDelete, &[("id", id(&grant))], "", None);
    assert_eq!(net(), "10.00");
    story.grant(|grant| {
        grant["amount"] = 3.into();
        grant["effectiveDate"] = "2026-01-10".into();
        grant["expiryDate"] = "2026-01-20".into();
    });
    for (date, expected) in [
        ("2026-01-09", "10.00"),
        ("2026-01-10", "7.00"),
        ("2026-01-20", "7.00"),
        ("2026-01-21", "10.00"),
    ] {
        story.advance(date);
        assert_eq!(net(), expected, "{date}");
    }
}

#[test]
fn units_of_a_metric_pay_for_usage() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.grant(|grant| {
        grant["creditUnitType"] = "METRIC".into();
        grant["metricId"] = metric.as_str().into();
        grant["amount"] = 50.into();
    });
    story.create(|body| body["phases"][0]["priceIds"] = json!(["calls"]));
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 80}));
    story.advance("2026-02-01");
    let draft = &story.invoices()[0];
    assert_eq!(
        story.lines(draft),
        [
            "calls: 80 × 0.10 = 8.00, 01-01 to 01-31",
            "Welcome: 1 × -5.00 = -5.00"
        ]
    );
    story.act(Operation::InvoiceFinalize, draft);
    assert_eq!(story.balances(), ["0"]);
    story.act(Operation::InvoiceVoid, draft);
    assert_eq!(story.balances(), ["50"]);
}

#[test]
fn credit_that_lapsed_in_the_meantime_is_not_used() {
    let story = Story::new();
    story.grant(|grant| grant["expiryDate"] = "2026-01-10".into());
    story.create(|_| {});
    story.advance("2026-01-20");
    let draft = story.newest();
    assert_eq!(text(&draft, "netTotal"), "0.00");
    story.act(Operation::InvoiceFinalize, &draft);
    let issued = story.full(&draft);
    assert_eq!(
        (text(&issued, "netTotal"), text(&issued, "balance")),
        ("10.00", "10.00")
    );
    assert_eq!(story.lines(&issued).len(), 1);
    assert_eq!(credit(&issued, "appliedCreditGrants"), Vec::<String>::new());
}

#[test]
fn lines_of_credit_that_were_changed_by_a_person_are_booked_as_they_are() {
    for (change, net, balance) in [
        (Some("-12"), "-2.00", "3"),
        (Some("-20"), "-5.00", "0"),
        (None, "10.00", "15"),
    ] {
        let story = Story::new();
        story.grant(|_| {});
        story.create(|_| {});
        let draft = story.newest();
        let path = [("invoice", id(&draft))];
        let page = story
            .account
            .ok(Operation::InvoiceLineItemList, &path, "sortOrder=ASC", None);
        let line = &page["items"][1];
        let path = [("invoice", id(&draft)), ("id", id(line))];
        match change {
            Some(rate) => {
                let body = json!({"title": "Credit", "quantity": "1", "rate": rate, "taxRate": "0", "externalIds": []});
                story
                    .account
                    .ok(Operation::InvoiceLineItemUpdate, &path, "", Some(&body));
            }
            None => drop(
                story
                    .account
                    .ok(Operation::InvoiceLineItemDelete, &path, "", None),
            ),
        }
        let issued = story.act(Operation::InvoiceFinalize, &draft);
        assert_eq!(
            (text(&issued, "netTotal"), story.balances()),
            (net, vec![balance.to_owned()])
        );
    }
}

#[test]
fn only_invoices_of_schedules_use_credit() {
    let story = Story::new();
    story.grant(|_| {});
    let body = json!({"customerId": story.customer, "currency": "GBP"});
    let invoice = story.account.create(Operation::InvoiceCreate, &body);
    let line = json!({"title": "Work", "quantity": "1", "rate": "10", "taxRate": "0", "externalIds": []});
    story.account.ok(
        Operation::InvoiceLineItemCreate,
        &[("invoice", id(&invoice))],
        "",
        Some(&line),
    );
    let issued = story.act(Operation::InvoiceFinalize, &invoice);
    assert_eq!(
        (text(&issued, "netTotal"), story.balances()),
        ("10.00", vec!["15".to_owned()])
    );
}

fn monthly(amount: u32, rollover: &str) -> Value {
    json!([{
        "name": "Included", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": amount,
        "grantRefreshFrequency": "MONTHLY", "rolloverMode": rollover,
    }])
}

#[test]
fn the_grant_of_a_phase_is_for_its_prices_and_is_granted_again() {
    let story = Story::new();
    story.create(|body| {
        body["phases"][0]["creditGrants"] = monthly(4, "NONE");
        body["autoIssueInvoices"] = true.into();
    });
    story.create(|body| body["autoIssueInvoices"] = true.into());
    story.advance("2026-02-01");
    let expected = ["6.00", "10.00", "6.00", "10.00"];
    let nets: Vec<String> = story
        .invoices()
        .iter()
        .map(|one| text(one, "netTotal").to_owned())
        .collect();
    assert_eq!(nets, expected);
    let rows = story
        .account
        .world
        .store()
        .read(|state| state.all::<sequencehq_emulator::records::CreditTransaction>());
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {}", row.date, row.reason, row.amount))
        .collect();
    assert_eq!(
        rows,
        [
            "2026-01-01 Granted 4",
            "2026-01-01 Used 4.00",
            "2026-02-01 Granted again 4",
            "2026-02-01 Used 4.00"
        ]
    );
    assert_eq!(story.balances(), ["0"]);
}

#[test]
fn a_grant_that_rolls_over_is_for_the_phases_after_it() {
    for (rollover, expected) in [
        ("ON_GRANT_REFRESH", "10.00"),
        ("ON_GRANT_REFRESH_AND_PHASE", "0.00"),
    ] {
        let story = Story::new();
        story.price("other", |_| {});
        story.price("cheap", |price| price["structure"]["price"] = "1.00".into());
        story.create(|body| {
            body["phases"] = json!([
                {"priceIds": ["cheap"], "startDate": "2026-01-01", "endDate": "2026-01-31", "creditGrants": monthly(20, rollover)},
                {"priceIds": ["other"], "startDate": "2026-02-01"},
            ]);
            body["autoIssueInvoices"] = true.into();
        });
        story.advance("2026-02-01");
        assert_eq!(text(&story.newest(), "netTotal"), expected, "{rollover}");
    }
}

#[test]
fn credit_that_expires_with_a_period_in_arrears_does_not_pay_for_it() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "10.00"}));
    story.create(|body| {
        body["phases"][0] = json!({
            "priceIds": ["late"], "startDate": "2026-01-01", "endDate": "2026-02-28", "creditGrants": monthly(4, "NONE"),
        });
    });
    for (date, expected) in [
        ("2026-01-31", vec!["IN_PROGRESS 2026-02-01 6.00"]),
        // January is billed with the credit of February.
        (
            "2026-02-01",
            vec!["DRAFT 2026-02-01 6.00", "IN_PROGRESS 2026-03-01 10.00"],
        ),
        (
            "2026-03-01",
            vec!["DRAFT 2026-02-01 6.00", "DRAFT 2026-03-01 10.00"],
        ),
    ] {
        story.advance(date);
        assert_eq!(story.billed(), expected, "{date}");
    }
}

#[test]
fn a_grant_of_a_phase_pays_for_its_minimum() {
    let story = Story::new();
    story.create(|body| {
        body["phases"][0]["creditGrants"] = monthly(40, "NONE");
        body["phases"][0]["minimums"] = json!([{"amount": 30}]);
    });
    assert_eq!(text(&story.newest(), "netTotal"), "0.00");
}

#[test]
fn what_an_invoice_used_of_a_grant_that_is_deleted_stays_on_it() {
    let story = Story::new();
    let grant = story.grant(|_| {});
    story.create(|body| body["autoIssueInvoices"] = true.into());
    let issued = story.newest();
    let before = story.full(&issued);
    let path = [("id", id(&grant))];
    story.account.ok(Operation::CreditDelete, &path, "", None);
    assert_eq!(story.balances(), [""; 0]);
    let after = story.full(&issued);
    let applied = &after["appliedCreditGrants"][0];
    assert_eq!(
        (
            &after["grossTotal"],
            text(applied, "amount"),
            applied.get("creditGrantName")
        ),
        (&before["grossTotal"], "10.00", None)
    );
    // Nothing comes back to a grant that is gone.
    story.act(Operation::InvoiceVoid, &issued);
    assert_eq!(story.balances(), [""; 0]);
    story.advance("2026-02-01");
    assert_eq!(text(&story.newest(), "netTotal"), "10.00");
}

#[test]
fn a_grant_of_a_phase_does_not_pay_for_another_schedule_on_the_invoice() {
    let story = Story::new();
    story.price("other", |_| {});
    for (price, grants) in [("base", monthly(40, "NONE")), ("other", json!([]))] {
        story.create(|body| {
            body["rollUpBilling"] = true.into();
            body["startDate"] = "2026-01-05".into();
            body["phases"][0] =
                json!({"priceIds": [price], "startDate": "2026-01-05", "creditGrants": grants});
        });
    }
    story.advance("2026-01-05");
    assert_eq!(story.billed(), ["DRAFT 2026-01-05 10.00"]);
}

#[test]
fn a_draft_of_an_earlier_month_keeps_no_credit_from_a_later_one() {
    let story = Story::new();
    story.create(|body| body["phases"][0]["creditGrants"] = monthly(4, "NONE"));
    story.advance("2026-03-01");
    let drafts = story.invoices();
    let projected: Vec<_> = drafts
        .iter()
        .map(|draft| credit(&story.full(draft), "projectedCreditGrants"))
        .collect();
    assert_eq!(projected, [["Included 4.00"]; 3], "each month has its own credit");
    let nets: Vec<String> = drafts
        .iter()
        .map(|draft| text(&story.act(Operation::InvoiceFinalize, draft), "netTotal").to_owned())
        .collect();
    assert_eq!(nets, ["10.00", "10.00", "6.00"], "that of the first two lapsed");
    assert_eq!(story.balances(), ["0"]);
}

#[test]
fn a_merged_draft_keeps_what_has_not_lapsed() {
    for places in [[0, 1], [1, 0]] {
        let story = Story::new();
        story.create(|body| body["phases"][0]["creditGrants"] = monthly(4, "NONE"));
        story.advance("2026-02-01");
        let drafts = story.invoices();
        let ids = places.map(|place| id(&drafts[place]));
        let merge = Operation::InvoiceMerge;
        let merged = story.account.create(merge, &json!({"invoiceIds": ids}));
        assert_eq!(text(&merged, "netTotal"), "12.00");
        let issued = story.act(Operation::InvoiceFinalize, &merged);
        assert_eq!(text(&issued, "netTotal"), "16.00", "{places:?}");
        assert_eq!(story.balances(), ["0"]);
    }
}

#[test]
fn a_voided_invoice_does_not_give_back_what_has_lapsed_since() {
    for (rollover, expected) in [("NONE", ["2", "2"]), ("ON_GRANT_REFRESH", ["4", "14"])] {
        let story = Story::new();
        story.create(|body| {
            body["phases"][0]["creditGrants"] = monthly(12, rollover);
            body["autoIssueInvoices"] = true.into();
        });
        story.advance("2026-02-01");
        let before = story.balances();
        story.act(Operation::InvoiceVoid, &story.invoices()[0]);
        let after = story.balances();
        assert_eq!([&*before[0], &*after[0]], expected, "{rollover}");
    }
}

#[test]
fn a_draft_uses_nothing_of_a_grant_that_is_deleted() {
    let story = Story::new();
    let grant = story.grant(|_| {});
    story.create(|_| {});
    let path = [("id", id(&grant))];
    story.account.ok(Operation::CreditDelete, &path, "", None);
    let issued = story.act(Operation::InvoiceFinalize, &story.newest());
    assert_eq!(text(&issued, "netTotal"), "10.00");
    assert_eq!(story.lines(&issued).len(), 1);
}

#[test]
fn units_are_used_before_money_and_what_expires_first_before_the_rest() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    for (name, amount, expiry) in [
        ("open", 1, None),
        ("late", 2, Some("2026-06-30")),
        ("soon", 2, Some("2026-02-28")),
    ] {
        story.grant(|grant| {
            grant["name"] = name.into();
            grant["amount"] = amount.into();
            grant["expiryDate"] = expiry.into();
        });
    }
    story.grant(|grant| {
        grant["name"] = "units".into();
        grant["creditUnitType"] = "METRIC".into();
        grant["metricId"] = metric.as_str().into();
        grant["amount"] = 50.into();
    });
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["calls"]);
        body["autoIssueInvoices"] = true.into();
    });
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 85}));
    story.advance("2026-02-01");
    let issued = story.full(&story.invoices()[0]);
    // 8.50, of which the last 50 calls are 5.00.
    assert_eq!(
        credit(&issued, "appliedCreditGrants"),
        ["units 5.00", "soon 2.00", "late 1.50"]
    );
    assert_eq!(text(&issued, "netTotal"), "0.00");
}

#[test]
fn a_draft_keeps_the_tax_rate_that_it_was_made_with() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    story.create(|body| body["taxRates"] = json!([{"priceId": "base", "taxRateId": rate}]));
    let tax = |place: usize| {
        let invoice = story.full(&story.invoices()[place]);
        text(&invoice, "totalTax").to_owned()
    };
    assert_eq!(tax(0), "2.00");
    let body = json!({
        "id": rate, "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT",
        "description": "higher", "amount": "0.25", "country": "GB",
    });
    let path = [("id", rate.as_str())];
    story.account.ok(Operation::TaxRateUpdate, &path, "", Some(&body));
    story.advance("2026-02-01");
    assert_eq!((tax(0), tax(1)), ("2.00".to_owned(), "2.50".to_owned()));
}
