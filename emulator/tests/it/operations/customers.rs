//! Customers, contacts, aliases, organizations and payment settings.

use std::collections::BTreeMap;

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::Request;
use sequencehq_emulator::records::{Delivery, NotificationPolicy};
use serde_json::{Value, json};

use super::{Account, id, text};

fn body(name: &str) -> Value {
    json!({
        "legalName": name, "taxStatus": "TAXED", "label": name.to_lowercase(), "url": "https://acme.example",
        "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
        "contacts": [
            {"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"},
            {"name": "Bob", "email": "bob@acme.example", "billingPreference": "STANDARD"},
        ],
    })
}

fn customer(account: &Account, name: &str) -> Value {
    account.create(Operation::CustomerCreate, &body(name))
}

fn alias(account: &Account, customer: &Value, value: &str) -> Value {
    account.create(
        Operation::CustomerAliasCreate,
        &json!({"customerId": id(customer), "value": value}),
    )
}

#[test]
fn a_customer_is_answered_complete_and_listed_short() {
    let account = Account::new();
    let created = customer(&account, "Acme");
    assert_eq!(
        (
            text(&created, "status"),
            created["contacts"].as_array().map(Vec::len)
        ),
        ("ACTIVE", Some(2))
    );
    assert_eq!(created["organizations"], json!([]));
    assert_eq!(account.get(Operation::CustomerGet, id(&created)), created);
    let page = account.ok(Operation::CustomerList, &[], "", None);
    let item = &page["items"][0];
    assert_eq!((item.get("contacts"), item.get("status")), (None, None));
    assert_eq!(text(item, "legalName"), "Acme");
}

#[test]
fn a_customer_added_by_name_is_like_one_that_was_created() {
    let account = Account::new();
    account.watch();
    let added = account.world.add_customer("Acme Ltd");
    let shown = account.get(Operation::CustomerGet, &added);
    assert_eq!(text(&shown, "legalName"), "Acme Ltd");
    assert_eq!(
        account.announced(),
        [("CUSTOMER_CREATED".to_owned(), added.clone())]
    );
    let created = customer(&account, "Other Ltd");
    for (name, value) in created.as_object().expect("an object") {
        let is_optional = matches!(name.as_str(), "label" | "url");
        assert!(is_optional || shown.get(name).is_some(), "{name}: {value}");
    }
    let bill = json!({"customerId": added, "currency": "GBP"});
    let invoice = account.create(Operation::InvoiceCreate, &bill);
    assert_eq!(invoice["customerEmails"], json!(["billing@customer.example"]));
}

#[test]
fn a_customer_needs_a_primary_contact() {
    let account = Account::new();
    let mut body = body("Acme");
    body["contacts"][0]["billingPreference"] = "STANDARD".into();
    let refused = account.refused(Operation::CustomerCreate, &[], "", Some(&body));
    assert!(
        refused.message.starts_with("body.contacts:"),
        "{}",
        refused.message
    );
}

#[test]
fn a_replacement_replaces_contacts_and_keeps_properties_that_it_leaves_out() {
    let account = Account::new();
    let mut sent = body("Acme");
    sent["customProperties"] = json!({"tier": "gold"});
    let created = account.create(Operation::CustomerCreate, &sent);
    let mut sent = body("Acme 2");
    sent["contacts"] = json!([{"name": "Cem", "email": "cem@acme.example", "billingPreference": "PRIMARY"}]);
    sent["label"] = Value::Null;
    let path = [("id", id(&created))];
    let updated = account.ok(Operation::CustomerUpdate, &path, "", Some(&sent));
    assert_eq!(updated["customProperties"], json!({"tier": "gold"}));
    assert_eq!(updated["contacts"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (updated.get("label"), &updated["createdAt"]),
        (None, &created["createdAt"])
    );
    sent["customProperties"] = json!({"size": "XL"});
    let updated = account.ok(Operation::CustomerUpdate, &path, "", Some(&sent));
    assert_eq!(updated["customProperties"], json!({"size": "XL"}));
    assert_eq!(
        account.ok(Operation::CustomerCustomPropertyKeyList, &[], "", None)["items"],
        json!(["size"])
    );
}

#[test]
fn customers_are_filtered_and_sorted_by_a_property() {
    let account = Account::new();
    let create = |name: &str, tier: Option<&str>| {
        let mut body = body(name);
        if let Some(tier) = tier {
            body["customProperties"] = json!({"tier": tier});
        }
        id(&account.create(Operation::CustomerCreate, &body)).to_owned()
    };
    let (a, b, c) = (create("A", Some("1")), create("B", None), create("C", Some("2")));
    let ids = |query: &str| account.ids(Operation::CustomerList, query);
    assert_eq!(ids("sortBy=customProperties.tier&sortOrder=ASC"), [&*a, &*c, &*b]);
    assert_eq!(ids("sortBy=customProperties.tier"), [&*c, &*a, &*b]);
    assert_eq!(ids("legalName=B"), [&*b]);
    assert_eq!(ids("label=c"), [&*c]);
    assert_eq!(ids("email=bob@acme.example").len(), 3);
    assert_eq!(ids(&format!("alias={a}")), [&*a]);
    assert!(ids("alias=unknown").is_empty());
    assert!(ids("billingStatus=ACTIVE").is_empty());
    assert_eq!(ids("billingStatus=INACTIVE").len(), 3);
    assert_eq!(
        account
            .refused(Operation::CustomerList, &[], "sortBy=legalName", None)
            .status,
        400
    );
    account.ok(Operation::CustomerArchive, &[("id", &a)], "", None);
    assert_eq!(ids(""), [&*c, &*b]);
    assert_eq!(ids("includeArchived=true").len(), 3);
}

#[test]
fn older_versions_and_the_lookup_by_alias_are_flat() {
    let account = Account::new();
    let created = customer(&account, "Acme");
    let found = account.ok(
        Operation::CustomerGetByAlias,
        &[("alias", id(&created))],
        "",
        None,
    );
    assert_eq!(
        (text(&found, "email"), &found["billingEmails"]),
        ("ada@acme.example", &json!(["bob@acme.example"]))
    );
    for field in ["contacts", "status", "organizations", "customProperties"] {
        assert_eq!(found.get(field), None, "{field}");
    }
    let shape = |version: &str| {
        let version = Version::parse(version).expect("a version");
        let response = account
            .world
            .call(Operation::CustomerGet, version, &[("id", id(&created))], "", None);
        assert_eq!(response.assumed.to_string(), "A9");
        response.json_body()
    };
    assert_eq!(shape("2024-05-09"), found);
    let oldest = shape("2024-01-01");
    assert_eq!(oldest["externalIds"], json!([]));
    assert!(
        oldest.get("integrationIds").is_none() && oldest["sequenceAccountId"].is_string(),
        "{oldest}"
    );
}

#[test]
fn customers_of_older_versions_have_contacts_in_the_newest() {
    for (version, ids) in [
        (
            "2024-01-01",
            json!({"externalIds": [{"key": "Xero", "value": "42"}]}),
        ),
        (
            "2024-05-09",
            json!({"integrationIds": [{"service": "Xero", "id": "42"}]}),
        ),
    ] {
        let old = Account::in_version(Version::parse(version).expect("a version"));
        let mut body = json!({
            "legalName": "Acme", "taxStatus": "TAXED", "email": "ada@acme.example", "contactName": "Ada",
            "billingEmails": ["bob@acme.example"], "telephone": "123",
            "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        });
        for (key, value) in ids.as_object().expect("an object") {
            body[key] = value.clone();
        }
        let created = old
            .call(Operation::CustomerCreate, &[], "", Some(&body))
            .json_body();
        let created = created.get("customer").unwrap_or(&created);
        let path = [("id", id(created))];
        for field in ["email", "contactName", "billingEmails", "telephone"] {
            assert_eq!(created[field], body[field], "{version} {field}");
        }
        let contacts = || {
            let response = old.world.call(
                Operation::CustomerGet,
                Version::LATEST,
                &[("id", id(created))],
                "",
                None,
            );
            let customer = response.json_body();
            assert_eq!(customer["integrationIds"][0]["id"], "42", "{version}");
            let contacts = customer["contacts"].as_array().expect("contacts").clone();
            let one = |contact: &Value| {
                let text = |name| text(contact, name).to_owned();
                (text("name"), text("email"), text("billingPreference"))
            };
            contacts.iter().map(one).collect::<Vec<_>>()
        };
        let contact =
            |name: &str, email: &str, kind: &str| (name.to_owned(), email.to_owned(), kind.to_owned());
        let (ada, bob) = (
            contact("Ada", "ada@acme.example", "PRIMARY"),
            contact("", "bob@acme.example", "STANDARD"),
        );
        assert_eq!(contacts(), [ada.clone(), bob]);
        body["billingEmails"] = json!([]);
        old.ok(Operation::CustomerUpdate, &path, "", Some(&body));
        assert_eq!(contacts(), [ada], "{version}");
    }
}

#[test]
fn the_last_primary_contact_is_neither_archived_nor_demoted() {
    let account = Account::new();
    let created = customer(&account, "Acme");
    let (ada, bob) = (id(&created["contacts"][0]), id(&created["contacts"][1]));
    let path = |contact| [("customer", id(&created)), ("id", contact)];
    let contact =
        |preference: &str| json!({"name": "X", "email": "x@acme.example", "billingPreference": preference});
    let refused = account.refused(Operation::ContactArchive, &path(ada), "", None);
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A11"));
    let refused = account.refused(Operation::ContactUpdate, &path(ada), "", Some(&contact("NONE")));
    assert_eq!(refused.assumed, "A11");
    account.ok(
        Operation::ContactUpdate,
        &path(bob),
        "",
        Some(&contact("PRIMARY")),
    );
    account.ok(Operation::ContactArchive, &path(ada), "", None);
    let owner = [("customer", id(&created))];
    let count = |query: &str| {
        account.ok(Operation::ContactList, &owner, query, None)["items"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!((count(""), count("includeArchived=true")), (Some(1), Some(2)));
    let added = account.ok(Operation::ContactCreate, &owner, "", Some(&contact("STANDARD")));
    assert_eq!(added.get("archivedAt"), None);
    assert_eq!(count(""), Some(2));
    assert_eq!(
        account
            .refused(Operation::ContactArchive, &path("unknown"), "", None)
            .status,
        404
    );
}

#[test]
fn an_alias_means_one_customer_and_is_freed_by_deletion() {
    let account = Account::new();
    let (acme, other) = (customer(&account, "Acme"), customer(&account, "Other"));
    let created = alias(&account, &acme, "acme-1");
    for value in ["acme-1", id(&acme)] {
        let body = json!({"customerId": id(&other), "value": value});
        let refused = account.refused(Operation::CustomerAliasCreate, &[], "", Some(&body));
        assert!(refused.message.starts_with("body.value:"), "{}", refused.message);
    }
    alias(&account, &other, "ACME-1");
    // The id of a customer is an alias too.
    let found = account.ok(Operation::CustomerGetByAlias, &[("alias", id(&acme))], "", None);
    assert_eq!(id(&found), id(&acme));
    let found = account.ok(Operation::CustomerGetByAlias, &[("alias", "acme-1")], "", None);
    assert_eq!(id(&found), id(&acme));
    let path = [("id", id(&created))];
    let labelled = account.ok(
        Operation::CustomerAliasUpdate,
        &path,
        "",
        Some(&json!({"label": "main", "value": "x"})),
    );
    assert_eq!(
        (text(&labelled, "label"), text(&labelled, "value")),
        ("main", "acme-1")
    );
    let items = account.ok(
        Operation::CustomerAliasListForCustomer,
        &[("id", id(&acme))],
        "",
        None,
    );
    assert_eq!(items["items"][0].get("label"), None);
    let deleted = account.ok(Operation::CustomerAliasDelete, &path, "", None);
    assert!(deleted["deletedAt"].is_string());
    assert_eq!(
        account
            .refused(Operation::CustomerGetByAlias, &[("alias", "acme-1")], "", None)
            .status,
        404
    );
    assert_eq!(
        account
            .refused(Operation::CustomerAliasDelete, &path, "", None)
            .status,
        404
    );
    assert_eq!(
        account.ids(Operation::CustomerAliasList, "value=acme-1"),
        Vec::<String>::new()
    );
    alias(&account, &other, "acme-1");
}

#[test]
fn an_alias_of_a_new_customer_is_refused_if_it_is_taken() {
    let account = Account::new();
    let acme = customer(&account, "Acme");
    alias(&account, &acme, "acme-1");
    let mut sent = body("Other");
    sent["customerAliases"] = json!(["other-1", "acme-1"]);
    let refused = account.refused(Operation::CustomerCreate, &[], "", Some(&sent));
    assert!(refused.message.contains("\"acme-1\""), "{}", refused.message);
    sent["customerAliases"] = json!(["other-1", "other-1"]);
    let other = account.create(Operation::CustomerCreate, &sent);
    let items = account.ok(
        Operation::CustomerAliasListForCustomer,
        &[("id", id(&other))],
        "",
        None,
    );
    assert_eq!(items["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_idempotency_key_repeats_the_first_answer_for_a_day() {
    let account = Account::new();
    let acme = customer(&account, "Acme");
    let send = |value: &str, key: &str| {
        let body = json!({"customerId": id(&acme), "value": value}).to_string();
        account.world.respond(&Request {
            operation: Operation::CustomerAliasCreate,
            version: Version::LATEST,
            path: &BTreeMap::new(),
            query: "",
            body: body.as_bytes(),
            key: Some(key),
        })
    };
    let first = send("one", "key");
    assert_eq!(first.status, 201);
    assert_eq!(send("one", "key"), first);
    let other = send("two", "key");
    assert_eq!((other.status, other.assumed.to_string().as_str()), (400, "A12"));
    assert_eq!(send("one", "other").status, 400, "the alias is taken");
    assert_eq!(send("two", &"k".repeat(256)).status, 400);
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    assert_eq!(send("two", "key").status, 201);
}

#[test]
fn organizations_have_an_owner_and_members() {
    let account = Account::new();
    let (a, b, c) = (
        customer(&account, "A"),
        customer(&account, "B"),
        customer(&account, "C"),
    );
    let sent = json!({"ownerId": id(&a), "memberIds": [id(&b), id(&b)]});
    let created = account.create(Operation::CustomerOrganizationCreate, &sent);
    assert_eq!(created["members"], json!([{"id": id(&b), "name": "B"}]));
    assert_eq!(
        account.get(Operation::CustomerGet, id(&b))["organizations"],
        json!([created])
    );
    let path = [("id", id(&created))];
    let members = |ids: &[&str]| json!({"customerIds": ids});
    let added = account.ok(
        Operation::CustomerOrganizationAddMembers,
        &path,
        "",
        Some(&members(&[id(&c)])),
    );
    assert_eq!(added["members"].as_array().map(Vec::len), Some(2));
    let replaced = account.ok(
        Operation::CustomerOrganizationReplaceMembers,
        &path,
        "",
        Some(&members(&[id(&c)])),
    );
    assert_eq!(replaced["members"], json!([{"id": id(&c), "name": "C"}]));
    let owner = account.refused(
        Operation::CustomerOrganizationAddMembers,
        &path,
        "",
        Some(&members(&[id(&a)])),
    );
    assert_eq!(owner.assumed, "A13");
    let unknown = account.refused(
        Operation::CustomerOrganizationAddMembers,
        &path,
        "",
        Some(&members(&["x"])),
    );
    assert!(
        unknown.message.starts_with("body.customerIds:"),
        "{}",
        unknown.message
    );
    let mut child = body("D");
    child["parentId"] = id(&a).into();
    let child = account.create(Operation::CustomerCreate, &child);
    assert_eq!(id(&child["organizations"][0]), id(&created));
}

#[test]
fn a_change_of_an_organization_is_one_of_all_customers_that_are_or_were_in_it() {
    let account = Account::new();
    let [owner, left, joined] = ["Owner", "Left", "Joined"].map(|name| {
        let customer = customer(&account, name);
        id(&customer).to_owned()
    });
    account.watch();
    let announced = || {
        let all = account.announced().into_iter();
        all.map(|(notification_type, customer)| {
            assert_eq!(notification_type, "CUSTOMER_UPDATED");
            customer
        })
        .collect::<Vec<_>>()
    };
    let sent = json!({"ownerId": owner, "memberIds": [left]});
    let created = account.create(Operation::CustomerOrganizationCreate, &sent);
    assert_eq!(announced(), [&*owner, &*left]);
    let path = [("id", id(&created))];
    let members = json!({"customerIds": [joined]});
    let replace = Operation::CustomerOrganizationReplaceMembers;
    account.ok(replace, &path, "", Some(&members));
    assert_eq!(announced()[2..], [&*owner, &*joined, &*left]);
    account.ok(replace, &path, "", Some(&members));
    assert_eq!(announced().len(), 5, "nothing has changed");
}

#[test]
fn a_customer_has_one_record_of_payment_settings() {
    let account = Account::new();
    let acme = customer(&account, "Acme");
    let sent = json!({"customerId": id(&acme), "paymentProvider": "STRIPE"});
    let created = account.create(Operation::CustomerPaymentSettingsCreate, &sent);
    let refused = account.refused(Operation::CustomerPaymentSettingsCreate, &[], "", Some(&sent));
    assert!(refused.message.contains(id(&created)), "{}", refused.message);
    let path = [("id", id(&created))];
    let sent = json!({"paymentProvider": "NONE", "customerId": "other"});
    let updated = account.ok(Operation::CustomerPaymentSettingsUpdate, &path, "", Some(&sent));
    assert_eq!(
        (text(&updated, "customerId"), text(&updated, "paymentProvider")),
        (id(&acme), "NONE")
    );
    account.ok(Operation::CustomerPaymentSettingsDelete, &path, "", None);
    assert_eq!(
        account
            .refused(Operation::CustomerPaymentSettingsGet, &path, "", None)
            .status,
        404
    );
}

#[test]
fn changes_of_a_customer_are_announced_with_the_complete_customer() {
    let account = Account::new();
    let policy = json!({"name": "x", "channel": "WEBHOOK", "recipients": ["http://a.example"]});
    account.create(Operation::NotificationPolicyCreate, &policy);
    let acme = customer(&account, "Acme");
    alias(&account, &acme, "acme-1");
    let contact = json!({"name": "X", "email": "x@acme.example", "billingPreference": "NONE"});
    account.ok(
        Operation::ContactCreate,
        &[("customer", id(&acme))],
        "",
        Some(&contact),
    );
    for _ in 0..2 {
        account.ok(Operation::CustomerArchive, &[("id", id(&acme))], "", None);
    }
    let queued = account
        .world
        .store()
        .read(|state| (state.all::<Delivery>(), state.all::<NotificationPolicy>()));
    assert_eq!(queued.1.len(), 1);
    let types: Vec<_> = queued
        .0
        .iter()
        .map(|delivery| delivery.notification_type.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "CUSTOMER_CREATED",
            "CUSTOMER_UPDATED",
            "CUSTOMER_UPDATED",
            "CUSTOMER_ARCHIVED"
        ]
    );
    let first: Value = serde_json::from_str(&queued.0[0].body).expect("JSON");
    assert_eq!(
        (&first["resource"], text(&first, "resourceType")),
        (&acme, "CustomerResponse")
    );
}
