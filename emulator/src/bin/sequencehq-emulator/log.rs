//! The lines that the program writes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::str::FromStr;

use chrono::SecondsFormat;
use sequencehq_emulator::Exchange;
use serde_json::{Value, json};

/// The format of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON object in each line, for programs.
    Json,
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// What a client needs to call the emulator.
#[derive(Debug)]
pub(crate) struct Ready<'r> {
    pub(crate) url: &'r str,
    /// Where the control is, if it can be reached at the address of the emulator.
    pub(crate) control: Option<String>,
    pub(crate) client_id: &'r str,
    pub(crate) client_secret: &'r str,
}

impl Format {
    /// Writes the line for standard output: the emulator answers requests.
    pub(crate) fn ready(self, ready: &Ready<'_>) {
        let Ready {
            url,
            control,
            client_id,
            client_secret,
        } = ready;
        let line = match self {
            Self::Text => {
                let control = control.as_ref().map(|url| format!(", page and control: {url}"));
                let control = control.unwrap_or_default();
                format!("Ready: {url} (client id: {client_id}, client secret: {client_secret}{control})")
            }
            Self::Json => {
                let mut ready = json!({"event": "ready", "url": url, "control": control});
                ready["clientId"] = (*client_id).into();
                ready["clientSecret"] = (*client_secret).into();
                ready.to_string()
            }
        };
        // A closed standard output is not a reason to stop.
        let _ = writeln!(std::io::stdout(), "{line}");
    }

    /// Writes a line for a request.
    pub(crate) fn request(self, exchange: &Exchange<'_>) {
        self.write(match self {
            Self::Text => text(exchange),
            Self::Json => object(exchange).to_string(),
        });
    }

    /// Writes something that was done.
    pub(crate) fn note(self, message: &str) {
        self.message("note", message);
    }

    /// Writes something that a person should know.
    pub(crate) fn warning(self, message: &str) {
        self.message("warning", message);
    }

    /// Writes why the emulator does not start, or stops.
    pub(crate) fn error(self, message: &str) {
        self.message("error", message);
    }

    fn message(self, kind: &str, message: &str) {
        self.write(match self {
            Self::Text => printable(&format!("{kind}: {message}")),
            Self::Json => json!({"event": kind, "message": message}).to_string(),
        });
    }

    fn write(self, mut line: String) {
        line.push('\n');
        // One call, so that lines of several threads do not mix. A closed standard error is not a reason to stop.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

fn text(exchange: &Exchange<'_>) -> String {
    let request = exchange.request;
    let mut line = format!(
        "{} {:<6} {}",
        request.at.format("%H:%M:%S"),
        request.method,
        request.path
    );
    if let Some(query) = &request.query {
        let _ = write!(line, "?{query}");
    }
    match request.status {
        Some(status) => {
            let _ = write!(line, " {status}");
        }
        None => line.push_str(" ---"),
    }
    if let Some(operation) = request.operation_id {
        let _ = write!(line, " {operation}");
    }
    let _ = write!(line, " {:.1} ms", request.took.as_secs_f64() * 1_000.0);
    if !request.assumed.is_empty() {
        let _ = write!(line, " [{}]", request.assumed);
    }
    if let Some(refusal) = &request.refusal {
        let _ = write!(line, " {refusal}");
    }
    for note in &request.notes {
        let _ = write!(line, " {note}");
    }
    printable(&line)
}

fn object(exchange: &Exchange<'_>) -> Value {
    let request = exchange.request;
    let assumed: Vec<String> = request.assumed.iter().map(|one| one.to_string()).collect();
    let refusal = request.refusal.as_ref();
    json!({
        "event": "request",
        "at": request.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "operation": request.operation_id,
        "status": request.status,
        "refusal": refusal.map(|refusal| json!({"type": refusal.kind, "message": refusal.message})),
        "assumptions": assumed,
        "notes": request.notes,
        "requestId": request.request_id,
        "milliseconds": request.took.as_secs_f64() * 1_000.0,
    })
}

/// Escapes what could control a terminal: messages repeat parts of requests.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_line_cannot_control_a_terminal() {
        assert_eq!(printable("ü \u{1b}[2J\r\n\u{9b}x"), "ü \\u{1b}[2J\\r\\n\\u{9b}x");
    }
}
