//! Credit grants, their ledgers, and the balances of customers.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::{CreditGrant, CreditTransaction, GrantBooked, GrantPhase, Kind};
use serde_json::{Value, json};

use super::{Account, billing_schedules, id, text};

fn customer(account: &Account) -> String {
    billing_schedules::customer(account, "Acme")
}

fn body(account: &Account, customer: &str, amount: Value) -> Value {
    let merchant = account.ids(Operation::AccountList, "").remove(0);
    json!({
        "sequenceAccountId": merchant, "customerId": customer, "name": "Welcome", "creditUnitType": "CURRENCY",
        "currency": "GBP", "amount": amount,
    })
}

fn grant(account: &Account, customer: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut body = body(account, customer, json!(100));
    change(&mut body);
    account.create(Operation::CreditCreate, &body)
}

fn balances(account: &Account, customer: &str) -> Value {
    let path = [("customerId", customer)];
    account.ok(Operation::CreditBalanceList, &path, "", None)["items"].clone()
}

fn outstanding(account: &Account, customer: &str) -> Value {
    let path = [("customerId", customer)];
    account.ok(Operation::CreditGrantList, &path, "", None)["items"].clone()
}

/// The rows of a balance as date, signed amount and reason.
fn rows(balance: &Value) -> Vec<String> {
    let rows = balance["transactions"].as_array().expect("rows");
    let shown = rows.iter().map(|row| {
        let sign = if text(row, "type") == "CREDIT" { "+" } else { "-" };
        format!(
            "{} {sign}{} {}",
            text(row, "date"),
            text(row, "amount"),
            text(row, "reason")
        )
    });
    shown.collect()
}

fn advance(account: &Account, date: &str) {
    let date = date.parse().expect("a date");
    account.world.advance_to(date).expect("forward");
}

/// A grant of a phase, which no operation creates yet.
fn phase_grant(account: &Account, customer: &str, rollover: &str, end: Option<&str>) -> String {
    refreshed_grant(account, customer, "MONTHLY", rollover, end)
}

/// A grant of a phase that is granted again with this frequency.
fn refreshed_grant(
    account: &Account,
    customer: &str,
    frequency: &str,
    rollover: &str,
    end: Option<&str>,
) -> String {
    let put = account.world.control(|tx| {
        let amount = "10".parse().expect("a decimal");
        let grant = CreditGrant {
            id: tx.new_id(),
            sequence_account_id: "account".to_owned(),
            customer_id: customer.to_owned(),
            name: "Monthly".to_owned(),
            credit_unit_type: "CURRENCY".to_owned(),
            currency: "GBP".to_owned(),
            metric_id: None,
            amount,
            cost_of_credit: "0".parse().expect("a decimal"),
            tax_rate_id: Some("rate".to_owned()),
            effective_date: Some("2026-01-31".to_owned()),
            expiry_date: None,
            created_at: tx.now_text(),
            credit_note_id: None,
            phase: Some(GrantPhase {
                billing_schedule_id: "schedule".to_owned(),
                phase_id: "phase".to_owned(),
                end_date: end.map(str::to_owned),
                grant_refresh_frequency: frequency.to_owned(),
                rollover_mode: rollover.to_owned(),
                restrict_to_prices: Vec::new(),
            }),
            booked: GrantBooked {
                balance: amount,
                granted: amount,
                ..GrantBooked::default()
            },
            next_day: None,
        };
        tx.put(&grant);
        put_row(tx, &grant.id, "CREDIT", "10", None);
        Ok::<_, ()>(grant.id)
    });
    put.expect("nothing refuses it")
}

fn put_row(
    tx: &mut sequencehq_emulator::store::Tx<'_>,
    grant: &str,
    kind: &str,
    amount: &str,
    invoice: Option<&str>,
) {
    let row = CreditTransaction {
        id: tx.new_id(),
        grant_id: grant.to_owned(),
        reason: "Seeded".to_owned(),
        invoice_id: invoice.map(str::to_owned),
        billing_run_id: None,
        transaction_type: kind.to_owned(),
        amount: amount.to_owned(),
        date: "2026-01-31".to_owned(),
    };
    tx.put(&row);
}

#[test]
fn a_grant_is_answered_as_it_was_created_and_its_balance_apart() {
    let account = Account::new();
    let customer = customer(&account);
    let created = grant(&account, &customer, |body| {
        body["amount"] = json!(500.50);
        body["costOfCredit"] = json!(450);
        body["expiryDate"] = "2026-12-31".into();
    });
    assert_eq!(
        (&created["amount"], &created["costOfCredit"]),
        (&json!(500.5), &json!(450))
    );
    assert_eq!(created["integrationIds"], json!([]));
    assert_eq!(account.get(Operation::CreditGet, id(&created)), created);
    let page = account.ok(Operation::CreditList, &[], "", None);
    assert_eq!(page["items"], json!([created]));

    let balances = balances(&account, &customer);
    let balance = &balances[0];
    for (field, expected) in [
        ("id", "GBP"),
        ("type", "CASH"),
        ("name", "GBP"),
        ("balance", "500.5"),
    ] {
        assert_eq!(text(balance, field), expected);
    }
    let shown = &balance["grants"][0];
    for (field, expected) in [
        ("id", id(&created)),
        ("type", "CASH"),
        ("name", "GBP"),
        ("originalAmount", "500.5"),
        ("currentBalance", "500.5"),
        ("costOfCredit", "450"),
        ("expiryDate", "2026-12-31"),
    ] {
        assert_eq!(text(shown, field), expected);
    }
    assert_eq!(rows(balance), ["2026-01-01 +500.5 Granted"]);
    assert_eq!(text(&balance["transactions"][0], "grantId"), id(&created));
    let left = json!([{
        "id": id(&created), "name": "Welcome", "grantAmount": 500.5, "balance": 500.5, "issueDate": "2026-01-01",
        "expiryDate": "2026-12-31",
    }]);
    assert_eq!(outstanding(&account, &customer), left);
}

#[test]
fn each_currency_and_metric_has_a_balance() {
    let account = Account::new();
    let customer = customer(&account);
    let metric =
        json!({"name": "API calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "COUNT"});
    let metric = account.create(Operation::UsageMetricCreate, &metric);
    grant(&account, &customer, |_| {});
    grant(&account, &customer, |body| {
        body["creditUnitType"] = "METRIC".into();
        body["metricId"] = id(&metric).into();
    });
    grant(&account, &customer, |body| body["currency"] = "EUR".into());
    grant(&account, &customer, |body| body["amount"] = json!(0.5));
    let balances = balances(&account, &customer);
    let shown = balances.as_array().expect("balances").iter();
    let shown: Vec<_> = shown
        .map(|balance| ["id", "type", "name", "balance"].map(|field| text(balance, field)))
        .collect();
    assert_eq!(
        shown,
        [
            ["GBP", "CASH", "GBP", "100.5"],
            [id(&metric), "USAGE", "API calls", "100"],
            ["EUR", "CASH", "EUR", "100"]
        ]
    );
    let metered = &balances[1]["grants"][0];
    assert_eq!(
        (text(metered, "metricId"), text(metered, "currency")),
        (id(&metric), "GBP")
    );
    assert_eq!(balances[0]["grants"].as_array().map(Vec::len), Some(2));
    let path = [("id", id(&metric))];
    let refused = account.refused(Operation::UsageMetricDelete, &path, "", None);
    assert!(refused.message.contains(id(metered)), "{}", refused.message);
}

#[test]
fn what_cannot_be_granted_is_refused() {
    let account = Account::new();
    let customer = customer(&account);
    for (field, value, assumed) in [
        ("sequenceAccountId", json!("other"), "A4"),
        ("customerId", json!("unknown"), "A4"),
        ("amount", json!(-1), ""),
        ("costOfCredit", json!(-0.01), ""),
        ("metricId", json!("calls"), ""),
        ("expiryDate", json!("2025-12-31"), ""),
    ] {
        let mut body = body(&account, &customer, json!(1));
        body[field] = value;
        let refused = account.refused(Operation::CreditCreate, &[], "", Some(&body));
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{field}"
        );
        assert!(
            refused.message.starts_with(&format!("body.{field}:")),
            "{}",
            refused.message
        );
    }
    for metric in [Value::Null, "unknown".into()] {
        let mut body = body(&account, &customer, json!(1));
        body["creditUnitType"] = "METRIC".into();
        body["metricId"] = metric;
        let refused = account.refused(Operation::CreditCreate, &[], "", Some(&body));
        assert!(
            refused.message.starts_with("body.metricId:"),
            "{}",
            refused.message
        );
    }
    for operation in [Operation::CreditBalanceList, Operation::CreditGrantList] {
        let refused = account.refused(operation, &[("customerId", "unknown")], "", None);
        assert_eq!(refused.status, 404);
    }
}

#[test]
fn credit_is_left_through_its_last_day_and_expires_after_it() {
    let account = Account::new();
    let customer = customer(&account);
    grant(&account, &customer, |body| {
        body["expiryDate"] = "2026-01-10".into()
    });
    advance(&account, "2026-01-10");
    assert_eq!(outstanding(&account, &customer)[0]["balance"], 100);
    advance(&account, "2026-03-01");
    let before = account.world.store().read(|state| state.dump());
    assert_eq!(outstanding(&account, &customer), json!([]));
    let first = balances(&account, &customer);
    assert_eq!(
        (text(&first[0], "balance"), rows(&first[0])),
        (
            "0",
            vec![
                "2026-01-01 +100 Granted".to_owned(),
                "2026-01-11 -100 Expired".to_owned()
            ]
        )
    );
    let row = |number: usize| id(&first[0]["transactions"][number]);
    assert_ne!(row(0), row(1));
    advance(&account, "2026-03-02");
    assert_eq!(balances(&account, &customer), first, "rows keep their ids");
    let after = account.world.store().read(|state| state.dump());
    assert_eq!(after.lines().count(), before.lines().count());
}

#[test]
fn a_grant_of_a_phase_is_refreshed_and_ends_with_it() {
    for (rollover, end, expected) in [
        (
            "NONE",
            Some("2026-03-15"),
            &[
                "2026-01-31 +10 Seeded",
                "2026-02-28 -10 Lapsed at refresh",
                "2026-02-28 +10 Granted again",
                "2026-03-16 -10 Expired",
            ][..],
        ),
        (
            "ON_GRANT_REFRESH",
            None,
            &[
                "2026-01-31 +10 Seeded",
                "2026-02-28 +10 Granted again",
                "2026-03-31 +10 Granted again",
            ],
        ),
        (
            "ON_GRANT_REFRESH_AND_PHASE",
            Some("2026-03-15"),
            &["2026-01-31 +10 Seeded", "2026-02-28 +10 Granted again"],
        ),
    ] {
        let account = Account::new();
        let customer = customer(&account);
        phase_grant(&account, &customer, rollover, end);
        advance(&account, "2026-04-01");
        let path = [("customerId", customer.as_str())];
        let response = account.call(Operation::CreditBalanceList, &path, "", None);
        assert_eq!(response.assumed.to_string(), "A58");
        assert_eq!(
            rows(&response.json_body()["items"][0]),
            expected,
            "{rollover} {end:?}"
        );
    }
}

#[test]
fn the_balance_is_the_sum_of_its_rows_and_of_its_grants_every_day() {
    let (daily, jumping) = (Account::new(), Account::new());
    let customers = [&daily, &jumping].map(|account| {
        let customer = customer(account);
        for (rollover, end) in [
            ("NONE", None),
            ("ON_GRANT_REFRESH", Some("2026-04-10")),
            ("ON_GRANT_REFRESH_AND_PHASE", Some("2026-04-10")),
        ] {
            phase_grant(account, &customer, rollover, end);
        }
        grant(account, &customer, |body| {
            body["expiryDate"] = "2026-02-20".into()
        });
        customer
    });
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().expect("a decimal");
    for day in 2..200 {
        let date = chrono::NaiveDate::from_yo_opt(2026, day).expect("a date");
        advance(&daily, &date.to_string());
        let balances = balances(&daily, &customers[0]);
        let balance = &balances[0];
        let items = |field: &str| balance[field].as_array().expect("a list").clone();
        let granted: rust_decimal::Decimal = items("grants")
            .iter()
            .map(|grant| number(text(grant, "currentBalance")))
            .sum();
        let booked: rust_decimal::Decimal = items("transactions")
            .iter()
            .map(|row| {
                let amount = number(text(row, "amount"));
                if text(row, "type") == "CREDIT" {
                    amount
                } else {
                    -amount
                }
            })
            .sum();
        assert_eq!(
            (granted, booked),
            (number(text(balance, "balance")), granted),
            "{date}"
        );
    }
    advance(&jumping, "2026-07-18");
    assert_eq!(balances(&jumping, &customers[1]), balances(&daily, &customers[0]));
}

#[test]
fn a_grant_is_deleted_with_its_ledger_whether_or_not_an_invoice_used_it() {
    let account = Account::new();
    let customer = customer(&account);
    let created = grant(&account, &customer, |_| {});
    let used = account.world.control(|tx| {
        put_row(tx, id(&created), "DEBIT", "30", Some("invoice"));
        Ok::<_, ()>(())
    });
    assert_eq!(used, Ok(()));
    let grant = id(&created).to_owned();
    let path = [("id", grant.as_str())];
    let deleted = account.call(Operation::CreditDelete, &path, "", None);
    assert_eq!(
        (deleted.json_body(), deleted.assumed.to_string().as_str()),
        (created, "A60")
    );
    assert_eq!(balances(&account, &customer), json!([]));
    let rows = account
        .world
        .store()
        .read(|state| state.count(Kind::CreditTransaction));
    assert_eq!(rows, 0);
    for operation in [Operation::CreditGet, Operation::CreditDelete] {
        assert_eq!(account.refused(operation, &path, "", None).status, 404);
    }
}

#[test]
fn what_is_left_keeps_all_of_its_digits() {
    let account = Account::new();
    let customer = customer(&account);
    let grant = phase_grant(&account, &customer, "NONE", None);
    let large = "12345678901234567890.12";
    let changed = account.world.control(|tx| {
        tx.update(&grant, |grant: &mut CreditGrant| {
            grant.amount = large.parse().expect("a decimal");
            grant.booked.balance = grant.amount;
            grant.booked.granted = grant.amount;
        })
        .ok_or(())
    });
    assert!(changed.is_ok());
    let path = [("customerId", customer.as_str())];
    let response = account.call(Operation::CreditGrantList, &path, "", None);
    assert!(
        format!("{:?}", response.content).contains(&format!(r#"\"balance\":{large},"#)),
        "{:?}",
        response.content
    );
}

#[test]
fn older_versions_do_not_link_grants_to_other_services() {
    let account = Account::in_version(Version::parse("2024-05-09").expect("a version"));
    let customer = customer(&account);
    let created = grant(&account, &customer, |_| {});
    assert_eq!(created.get("integrationIds"), None);
    assert_eq!(account.get(Operation::CreditGet, id(&created)), created);
    assert_eq!(text(&balances(&account, &customer)[0], "balance"), "100");
}

#[test]
fn a_grant_is_invoiced_at_its_cost() {
    let account = Account::new();
    account.watch();
    let customer = customer(&account);
    let mut body = body(&account, &customer, json!(500));
    body["costOfCredit"] = json!(450.005);
    account.create(Operation::CreditCreate, &body);
    assert!(account.ids(Operation::InvoiceList, "").is_empty());

    body["createInvoice"] = true.into();
    let response = account.call(Operation::CreditCreate, &[], "", Some(&body));
    assert_eq!(response.assumed.to_string(), "A59");
    let invoice = account.ids(Operation::InvoiceList, "").remove(0);
    let read = account.get(Operation::InvoiceGet, &invoice);
    for (field, expected) in [
        ("status", "DRAFT"),
        ("customerId", &*customer),
        ("customerLegalCompanyName", "Acme"),
        ("accountingDate", "2026-01-01"),
        ("currency", "GBP"),
        ("netTotal", "450.01"),
        ("grossTotal", "450.01"),
    ] {
        assert_eq!(text(&read, field), expected);
    }
    let lines = account.ok(Operation::InvoiceLineItemList, &[("invoice", &invoice)], "", None);
    let line = &lines["items"][0];
    for (field, expected) in [
        ("title", "Welcome"),
        ("quantity", "1"),
        ("rate", "450.005"),
        ("taxRate", "0"),
        ("creditGrantId", id(&response.json_body())),
    ] {
        assert_eq!(text(line, field), expected);
    }
    let announced = account.announced();
    assert_eq!(announced.last(), Some(&("INVOICE_CREATED".to_owned(), invoice)));

    account.ok(Operation::CustomerArchive, &[("id", &customer)], "", None);
    let refused = account.refused(Operation::CreditCreate, &[], "", Some(&body));
    assert_eq!(
        (refused.kind.as_str(), refused.assumed.as_str()),
        ("IllegalState", "A8")
    );
}

#[test]
fn a_grant_is_granted_again_with_its_frequency_from_its_first_day() {
    for (frequency, expected) in [
        ("NONE", &[][..]),
        (
            "QUARTERLY",
            &["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"],
        ),
        ("HALF_YEARLY", &["2026-07-31", "2027-01-31"]),
        ("YEARLY", &["2027-01-31"]),
    ] {
        let account = Account::new();
        let customer = customer(&account);
        refreshed_grant(&account, &customer, frequency, "ON_GRANT_REFRESH", None);
        advance(&account, "2027-02-01");
        let rows = rows(&balances(&account, &customer)[0]);
        let again: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.strip_suffix(" +10 Granted again"))
            .collect();
        assert_eq!(again, expected, "{frequency}");
    }
}
