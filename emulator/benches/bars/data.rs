//! The data file of 100,000 invoices: its size, what a commit costs, and the start from it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::bar::{above, below};
use super::server::Connection;

const INVOICES: usize = 100_000;
const CONNECTIONS: usize = 4;

/// The program with a data file.
struct Program {
    child: Child,
    base_url: String,
}

impl Program {
    /// Starts it, and returns it with the seconds until it was ready.
    fn start(file: &Path) -> (Self, f64) {
        let start = Instant::now();
        let mut program = Command::new(env!("CARGO_BIN_EXE_sequencehq-emulator"));
        program
            .args(["--port", "0", "--date", "2026-01-01", "--data"])
            .arg(file);
        // A line for each request would cost more than the request.
        let mut child = program
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut ready = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut ready).expect("a line");
        let base_url = ready
            .strip_prefix("Ready: ")
            .and_then(|line| line.split(' ').next());
        let base_url = base_url.expect("an address").to_owned();
        (Self { child, base_url }, start.elapsed().as_secs_f64())
    }

    fn connection(&self) -> Connection {
        Connection::to(&self.base_url, ("emulator-client", "emulator-secret"))
    }

    /// The seconds that its threads spent on a core, where the system shows them.
    fn cpu(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name of the program is in parentheses; ticks are hundredths of a second.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
        Some((ticks(11)? + ticks(12)?) / 100.0)
    }

    /// Kills it, which loses nothing.
    fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

pub(crate) fn data() {
    let folder = std::env::temp_dir().join(format!("sequencehq-emulator-bars-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("account.data");
    let size = || std::fs::metadata(&file).map_or(0, |file| file.len()) as f64 / 1e6;

    let (program, _) = Program::start(&file);
    let customer = json!({
        "legalName": "Customer Ltd", "taxStatus": "TAXED",
        "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
        "contacts": [{"name": "Ada", "email": "billing@customer.example", "billingPreference": "PRIMARY"}],
    });
    let customer = id(&program
        .connection()
        .send("POST", "/customers", &customer.to_string()));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| add(&mut program.connection(), &customer, INVOICES / CONNECTIONS));
        }
    });
    // An invoice is created, has a line, and is sent: three commits.
    let commits = (INVOICES * 3) as f64 / start.elapsed().as_secs_f64();
    above("data, commits over HTTP", commits, 1_000.0, "a second");
    program.kill();
    println!(
        "       the file has {:.0} MB, {:.0} bytes a commit",
        size(),
        size() * 1e6 / (INVOICES * 3) as f64
    );

    let (program, seconds) = Program::start(&file);
    below("data, start from each commit", seconds, 5.0, "s");
    println!(
        "       it spent {:.1} s on cores",
        program.cpu().unwrap_or_default()
    );
    program.kill();
    let _ = std::fs::remove_dir_all(&folder);
}

fn add(connection: &mut Connection, customer: &str, count: usize) {
    for number in 0..count {
        let invoice =
            json!({"customerId": customer, "currency": "GBP", "purchaseOrderNumber": format!("PO-{number}")});
        let invoice = id(&connection.send("POST", "/invoices", &invoice.to_string()));
        let line = json!({"title": "Service", "quantity": "3", "rate": "12.50", "taxRate": "0.2", "externalIds": []});
        connection.send(
            "POST",
            &format!("/invoices/{invoice}/line-items"),
            &line.to_string(),
        );
        connection.send("POST", &format!("/invoices/{invoice}/finalize-and-send"), "{}");
    }
}

fn id(created: &[u8]) -> String {
    let created: Value = serde_json::from_slice(created).expect("JSON");
    created["id"].as_str().unwrap_or_default().to_owned()
}
