//! What is printed, in each format.

use crate::support::{Stage, ran};

fn drafts(stage: &Stage, count: usize) -> Vec<String> {
    let customer = stage.emulator.add_customer("Acme Ltd");
    let draft = |number| {
        let (customer, reference) = (format!("customerId={customer}"), format!("reference=r-{number}"));
        let arguments = [
            "invoices",
            "create",
            "-s",
            &customer,
            "-s",
            "currency=GBP",
            "-s",
            &reference,
        ];
        stage
            .printed(&[&arguments[..], &["--columns", "id", "-o", "text"]].concat())
            .trim()
            .to_owned()
    };
    (0..count).map(draft).collect()
}

#[test]
fn a_list_is_a_table_or_what_was_asked_for() {
    let stage = Stage::new();
    let ids = drafts(&stage, 3);
    let list = |arguments: &[&str]| {
        stage.printed(
            &[
                &[
                    "invoices",
                    "list",
                    "--sort-order",
                    "ASC",
                    "--columns",
                    "reference,status",
                ],
                arguments,
            ]
            .concat(),
        )
    };
    assert_eq!(
        list(&[]),
        "reference  status\nr-0        DRAFT\nr-1        DRAFT\nr-2        DRAFT\n"
    );
    assert_eq!(
        list(&["-o", "csv"]),
        "reference,status\nr-0,DRAFT\nr-1,DRAFT\nr-2,DRAFT\n"
    );
    assert_eq!(list(&["-o", "text"]), "r-0\tDRAFT\nr-1\tDRAFT\nr-2\tDRAFT\n");
    assert_eq!(
        list(&["-o", "ndjson"]).lines().next(),
        Some(r#"{"reference":"r-0","status":"DRAFT"}"#)
    );
    assert!(list(&["-o", "yaml"]).starts_with("- reference: r-0\n  status: DRAFT\n"));
    assert!(list(&["-o", "json"]).starts_with("[\n  {\n    \"reference\": \"r-0\",\n"));
    let whole = stage.printed(&["invoices", "get", &ids[0], "-o", "json"]);
    let value: serde_json::Value = serde_json::from_str(&whole).expect("JSON");
    assert_eq!(value["id"], ids[0].as_str());
}

#[test]
fn all_pages_are_printed_and_one_page_names_the_next() {
    let stage = Stage::new();
    drafts(&stage, 5);
    let one = stage.run(&[
        "invoices",
        "list",
        "--limit",
        "2",
        "--columns",
        "reference",
        "-o",
        "text",
    ]);
    assert_eq!(one.out.lines().count(), 2);
    assert!(
        one.err
            .starts_with("2 of 5 are shown; --all prints all of them, and --after "),
        "{}",
        one.err
    );
    let all = stage.run(&[
        "invoices",
        "list",
        "--limit",
        "2",
        "--all",
        "--columns",
        "reference",
        "-o",
        "text",
    ]);
    assert_eq!(all.out.lines().count(), 5);
    assert_eq!(all.err, "");
    let page = stage.printed(&["invoices", "list", "--limit", "2", "-o", "json"]);
    let page: serde_json::Value = serde_json::from_str(&page).expect("JSON");
    assert!(page["pagination"]["after"].is_string(), "{page}");
}

#[test]
fn a_dry_run_shows_the_request_without_the_secret_and_sends_nothing() {
    let stage = Stage::new();
    let shown = stage.printed(&[
        "invoices",
        "create",
        "-s",
        "customerId=c-1",
        "-s",
        "currency=GBP",
        "--dry-run",
    ]);
    let (agents, shown): (Vec<_>, Vec<_>) = shown
        .split_inclusive('\n')
        .partition(|line| line.starts_with("user-agent: "));
    assert!(
        agents.concat().starts_with("user-agent: sequencehq-cli/"),
        "{agents:?}"
    );
    assert_eq!(
        shown.concat(),
        format!(
            "POST {}/invoices\naccept: application/json\ncontent-type: application/json\nsequence-version: 2024-07-30\n\n\
             {{\n  \"customerId\": \"c-1\",\n  \"currency\": \"GBP\"\n}}\n",
            stage.emulator.base_url()
        )
    );
    assert!(stage.emulator.requests().is_empty());
    let without = ran(
        crate::support::program().args(["invoices", "get", "a", "--dry-run"]),
        "",
    );
    assert!(
        without
            .out
            .starts_with("GET https://sandbox.sequencehq.com/api/invoices/a\n"),
        "{without:#?}"
    );
}

#[test]
fn a_body_is_read_from_files_and_standard_input() {
    let stage = Stage::new();
    let folder = crate::support::Folder::new("body");
    let customer = stage.emulator.add_customer("Acme Ltd");
    let body = format!(r#"{{"customerId": "{customer}", "currency": "GBP"}}"#);
    let path = format!("@{}", folder.write("body.json", &body));
    assert!(
        stage
            .printed(&["invoices", "create", "--body", &path, "-s", "memo=a b"])
            .contains("a b")
    );
    let created = ran(stage.program().args(["invoices", "create", "--body", "-"]), &body);
    assert_eq!(created.status, 0, "{created:#?}");
}

#[test]
fn a_file_is_written_where_it_is_wanted() {
    let stage = Stage::new();
    let folder = crate::support::Folder::new("pdf");
    let id = drafts(&stage, 1).remove(0);
    stage.printed(&["invoices", "finalize", &id]);
    let path = folder.0.join("invoice.pdf").display().to_string();
    assert_eq!(stage.printed(&["invoices", "download", &id, "--to", &path]), "");
    assert!(std::fs::read(&path).expect("written").starts_with(b"%PDF"));
}

#[test]
fn a_misspelt_column_is_pointed_out_and_the_others_are_printed() {
    let stage = Stage::new();
    let ids = drafts(&stage, 1);
    let list = stage.run(&["invoices", "list", "--columns", "id,statsu", "-o", "csv"]);
    assert_eq!(list.out, format!("id,statsu\n{},\n", ids[0]));
    assert!(
        list.err
            .starts_with("warning: --columns: `statsu` is not a field"),
        "{}",
        list.err
    );
    assert!(list.err.contains("did you mean `status`?"), "{}", list.err);
}
