//! Faults of a seed, with their lines.

use sequencehq_emulator::operations::World;
use sequencehq_emulator::seed::Seed;

use super::super::operations::settings;

/// The faults of a text. A fault leaves the account as it is.
fn faults(text: &str) -> Vec<String> {
    let world = World::new(settings());
    let before = world.store().read(|state| state.dump());
    let applied = Seed::parse("company.yaml", text).and_then(|seed| seed.apply(&world));
    let faults = applied.expect_err("it is refused").lines();
    assert_eq!(world.store().read(|state| state.dump()), before);
    faults
}

#[test]
fn every_fault_of_an_entry_has_its_line() {
    let text = "
customers:
  - legalName: Acme Ltd
  - key: halden
    legalNames: Halden
    legalName: Halden GmbH
    taxStatus: SOMETIMES
    address:
      line1: 3
      town: Hamburg
      postcode: 20144
      country: Germany
      zip: 20144
";
    let faults = faults(text);
    let expected = [
        "company.yaml:5: customers[1].legalNames: version 2024-07-30 does not declare this member. Is it a misspelling of `legalName`?",
        "company.yaml:7: customers[1].taxStatus: expected one of TAXED, TAX_EXEMPT, REVERSE_CHARGED, got \"SOMETIMES\".",
        "company.yaml:12: customers[1].address.country: expected one of ",
        "company.yaml:13: customers[1].address.zip: version 2024-07-30 does not declare this member.",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn a_refusal_of_an_operation_has_the_line_of_its_field() {
    let text = "
customers:
  - {key: acme, legalName: Acme Ltd, customerAliases: [acme]}
products:
  - {key: platform, name: Platform}
prices:
  - key: base
    productId: $platform
    name: Base
    currency: GBP
    billingFrequency: MONTHLY
    billingType: IN_ADVANCE
    structure: {pricingType: FIXED, price: 9.90}
schedules:
  - customerId: $acme
    startDate: 2026-01-01
    phases:
      - startDate: 2026-01-01
        endDate: 2026-01-31
        priceIds: [$base]
      - startDate: 2026-03-01
        priceIds: [$base]
";
    let faults = faults(text);
    assert!(
        faults[0].starts_with("company.yaml:21: schedules[0].phases[1].startDate: "),
        "{faults:?}"
    );
}

#[test]
fn messages_name_what_is_wrong_and_what_to_do() {
    for (text, expected) in [
        (
            "customer:\n  - legalName: Acme\n",
            "company.yaml:1: customer: is not a section. Perhaps `customers` is meant.",
        ),
        (
            "\ncats: []\ndogs: []\n",
            "company.yaml:2: cats: is not a section. The sections are taxRates, products, ",
        ),
        (
            "customers:\n  legalName: Acme\n",
            "company.yaml:1: customers: it has to be a list. Begin each entry with `- `.",
        ),
        (
            "customers:\n  - Acme\n",
            "company.yaml:2: customers[0]: it has to be a map. Write `name: value` on each line.",
        ),
        ("- customers\n", "company.yaml:1: the seed: it has to be a map."),
        (
            "date: 31.1.2026\n",
            "company.yaml:1: date: it is not a date. Use one such as 2026-01-31.",
        ),
        (
            "products:\n  - {key: platform, name: P}\n  - {name: $platforms}\n",
            "company.yaml:3: products[1]: no entry before it has the key `platforms`. Perhaps `$platform` is meant.",
        ),
        (
            "products:\n  - {name: $5}\n",
            "company.yaml:2: products[0]: no entry before it has the key `5`. Write `$$5` for the text itself.",
        ),
        (
            "products:\n  - {key: a, name: A}\n  - name: B\n    key: a\n",
            "company.yaml:4: products[1].key: another entry has the key `a`. Use another one.",
        ),
        (
            "products:\n  - {key: 1, name: A}\n",
            "company.yaml:2: products[0].key: it is not a text. Use a name such as `acme`.",
        ),
        (
            "customers:\n  - {legalName: A, customerAliases: [a]}\n  - {legalName: B, customerAliases: [a]}\n",
            "company.yaml:3: customers[1].customerAliases",
        ),
        ("a: [\n", "company.yaml:2: it is not YAML: "),
    ] {
        let faults = faults(text);
        assert!(faults[0].starts_with(expected), "{faults:?}");
    }
}
