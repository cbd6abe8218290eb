//! What commands print, as people reviewed it.
//!
//! A changed text is shown as a difference. `INSTA_UPDATE=always cargo test -p sequencehq-cli --test program reviewed` accepts it.

use std::fmt::Write as _;

use sequencehq_emulator::Fault;

use crate::support::{Ran, Stage, program, ran};

/// Commands with what they print, as in a session.
struct Session<'s> {
    stage: &'s Stage,
    text: String,
}

impl<'s> Session<'s> {
    fn new(stage: &'s Stage) -> Self {
        Self {
            stage,
            text: String::new(),
        }
    }

    /// Runs a command line, in which no word has a space.
    fn run(&mut self, line: &str) {
        let mut program = self.stage.program();
        let ran = ran(program.env("COLUMNS", "100").args(line.split(' ')), "");
        self.add(line, &ran);
    }

    fn add(&mut self, line: &str, ran: &Ran) {
        let shown = [ran.out.as_str(), ran.err.as_str()].concat();
        let _ = writeln!(self.text, "$ sequencehq {line}\n{}", shown.trim_end_matches('\n'));
        if ran.status != 0 {
            let _ = writeln!(self.text, "(status {})", ran.status);
        }
        self.text.push('\n');
    }

    /// The session, without what differs between runs.
    fn text(&self) -> String {
        let origin = self.stage.emulator.base_url().trim_end_matches("/api");
        let text = self.text.replace(origin, "http://127.0.0.1:4010");
        let agents = text.replace(
            concat!("sequencehq-cli/", env!("CARGO_PKG_VERSION")),
            "sequencehq-cli/VERSION",
        );
        let lines = agents
            .lines()
            .map(|line| match line.split_once(" sequencehq-rust/") {
                Some((start, _)) if line.starts_with("user-agent: ") => format!("{start} …"),
                _ => line.to_owned(),
            });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// An account with a customer, an invoice that was sent, and a draft.
fn account() -> (Stage, String, String) {
    let stage = Stage::new();
    let customer = stage.emulator.add_customer("Zürich & Söhne, Ltd");
    let invoice = |reference: &str| {
        let fields = [format!("customerId={customer}"), format!("reference={reference}")];
        let create = [
            "invoices",
            "create",
            "-s",
            &fields[0],
            "-s",
            "currency=GBP",
            "-s",
            &fields[1],
        ];
        let id = stage.printed(&[&create[..], &["--columns", "id", "-o", "text"]].concat());
        let id = id.trim().to_owned();
        let line = [
            "title=Seats",
            "quantity=12",
            "rate=19.90",
            "taxRate=0.2",
            "externalIds:=[]",
        ];
        let set = line.iter().flat_map(|field| ["-s", field]);
        let arguments: Vec<&str> = ["invoice-line-items", "create", &id]
            .into_iter()
            .chain(set)
            .collect();
        stage.printed(&arguments);
        id
    };
    let sent = invoice("r-1");
    stage.printed(&["invoices", "finalize-and-send", &sent]);
    invoice("r-2");
    (stage, customer, sent)
}

#[test]
fn a_list_and_one_object_in_each_format() {
    let (stage, customer, sent) = account();
    let mut lists = Session::new(&stage);
    for format in ["table", "csv", "text", "ndjson", "yaml", "json"] {
        lists.run(&format!(
            "invoices list -o {format} --columns id,status,customerLegalCompanyName,grossTotal,dueDate"
        ));
    }
    lists.run("invoices list");
    lists.run("invoices list --limit 1 --columns reference");
    lists.run("invoices list --invoice-status VOIDED");
    lists.run("products list -o json");
    insta::assert_snapshot!("lists", lists.text());
    let mut objects = Session::new(&stage);
    objects.run(&format!("customers get {customer}"));
    for format in ["csv", "text", "ndjson", "yaml", "json"] {
        objects.run(&format!(
            "customers get {customer} -o {format} --columns legalName,address.town,contacts,archivedAt"
        ));
    }
    objects.run(&format!(
        "invoices get {sent} --columns netTotal,totalTax,grossTotal"
    ));
    insta::assert_snapshot!("objects", objects.text());
}

#[test]
fn errors_of_the_usual_kinds() {
    let (stage, customer, sent) = account();
    let mut session = Session::new(&stage);
    for line in [
        "invoices",
        "invoces list",
        "invoices lits",
        "invoices get",
        "invoices get 7",
        "invoices get ..",
        "invoices list --limit many",
        "invoices list --due-before soon",
        "invoices list --invoice-stat SENT",
        "invoices list --nothing",
        "invoices create",
        "invoices create -s curency=GBP",
        "invoices create -s currency",
        "invoices create -s dueDate=tomorrow",
        "invoices create --body {",
        "invoices create --body @no-such-file.json",
        "invoices get a --profile sandbox",
        "products archive a --api-version 2024-01-01",
        "usage import no-such-file.ndjson",
        "webhooks sign",
    ] {
        session.run(line);
    }
    session.run(&format!("invoices delete {sent}"));
    session.run(&format!("customers update {customer} -s legalName="));
    stage.emulator.inject(Fault::status(503).on("invoice_void"));
    session.run(&format!("invoices void {sent}"));
    let mut wrong = stage.program();
    wrong
        .env("SEQUENCE_CLIENT_SECRET", "another")
        .args(["invoices", "list"]);
    session.add("invoices list # with another secret", &ran(&mut wrong, ""));
    session.add(
        "invoices list # without credentials",
        &ran(program().args(["invoices", "list"]), ""),
    );
    insta::assert_snapshot!("errors", session.text());
}

#[test]
fn dry_runs_show_requests() {
    let stage = Stage::new();
    let mut session = Session::new(&stage);
    for line in [
        "invoices list --invoice-status SENT --due-before 2026-03-01 --dry-run",
        "invoices create -s customerId=c-1 -s currency=GBP --idempotency-key k-1 --dry-run",
        "invoices void i-1 --dry-run",
        "invoices download i-1 --dry-run",
        "emulator advance --by P1M --dry-run",
        "emulator faults inject status --status 503 --times 2 --dry-run",
    ] {
        session.run(line);
    }
    insta::assert_snapshot!("dry_runs", session.text());
}

#[test]
fn an_emulator_and_its_control() {
    let (stage, _, sent) = account();
    let mut session = Session::new(&stage);
    for line in [
        "emulator status",
        "emulator advance --by P1M",
        "emulator advance --to 2026-01-01",
        "emulator advance",
        "emulator faults inject status --status 503 --operation invoice_create --times 2",
        "emulator faults inject sttus",
        "emulator faults inject delay",
        "emulator faults",
        "emulator faults clear",
        "emulator respond add product_list --value [] --times 2 --only-for /products?limit=5",
        "emulator respond add product_list --value []",
        "emulator respond add product_lst --value []",
        "emulator respond add product_list --value [{\"id\":7}]",
        "emulator respond clear",
        "emulator respond",
        "emulator snapshot before",
        "emulator restore never",
        "emulator requests --limit 2 --columns status,method,path",
        "emulator requests --refused",
        "emulator deliveries",
        "emulator trigger INVOICE_NOTHING",
        "emulator advnce",
        "emulator status --url https://sandbox.sequencehq.com/api",
        "emulator status --url http://127.0.0.1:1",
        "emulator status -o json",
    ] {
        session.run(line);
    }
    let text = session.text().replace(&sent, "ID");
    insta::assert_snapshot!("emulator", text);
}
