//! What forms do: each calls an endpoint of the control, and redirects to the page that it was on.

use std::collections::BTreeMap;

use http::header::LOCATION;
use http::{HeaderValue, Method, StatusCode};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::operations::Problem;

use super::notices::Notice;
use super::{BASE, Reply, Shared, Shown, control, form};

/// An action.
struct Action {
    /// The path below the base; `{id}` is any segment.
    path: &'static str,
    /// The method of the endpoint.
    method: Method,
    /// The path of the endpoint; `{id}` is the id in the path.
    endpoint: &'static str,
    /// What the notice of a success states.
    done: fn(&Value) -> String,
}

const fn post(path: &'static str, done: fn(&Value) -> String) -> Action {
    Action {
        path,
        method: Method::POST,
        endpoint: path,
        done,
    }
}

const ACTIONS: &[Action] = &[
    post("advance", moved),
    post("schedules/{id}/bill", |answer| {
        let count = answer["invoices"].as_array().map_or(0, Vec::len);
        match count {
            0 => "Nothing is left to bill: the schedule has no such price, or its days through today are billed.".to_owned(),
            count => format!("Billed: {}.", counted(count as u64, "invoice")),
        }
    }),
    post("deliveries/{id}/resend", |_| {
        "The notification is sent again, signed anew.".to_owned()
    }),
    post("trigger", |answer| {
        let count = answer["deliveries"].as_array().map_or(0, Vec::len);
        format!("Announced to {}.", counted(count as u64, "recipient"))
    }),
    post("faults", |_| "The fault is waiting for requests.".to_owned()),
    post("respond", |_| "The answer is waiting for requests.".to_owned()),
    Action {
        path: "faults/clear",
        method: Method::DELETE,
        endpoint: "faults",
        done: |_| "All faults are removed.".to_owned(),
    },
    Action {
        path: "respond/clear",
        method: Method::DELETE,
        endpoint: "respond",
        done: |_| "All scripted answers are removed.".to_owned(),
    },
    post("snapshot", |_| "The account is kept as it is now.".to_owned()),
    post("restore", |_| {
        "The account is as it was when it was kept.".to_owned()
    }),
    post("reset", |_| "The account is as it was at the start.".to_owned()),
];

/// The fields of forms that are numbers in the bodies of the control.
const NUMBERS: [&str; 4] = ["status", "times", "retryAfter", "milliseconds"];
/// The fields of forms that are `true` if they are sent.
const FLAGS: [&str; 2] = ["always", "unchecked"];
/// The field of forms that is JSON.
const JSON: &str = "value";

/// Runs an action, and redirects to the page that the field `back` names.
pub(super) fn run(shared: &Shared, below: &str, body: &[u8]) -> Shown {
    let found = ACTIONS
        .iter()
        .find_map(|action| Some((action, control::fits(action.path, below)?)));
    let (action, id) = found.ok_or_else(|| {
        Problem::method_not_allowed(format!("`{BASE}/{below}` does not support POST. Use GET."))
    })?;
    let fields = std::str::from_utf8(body).ok().and_then(form::fields);
    let mut fields = fields.ok_or_else(|| Problem::invalid("body: the form is not UTF-8."))?;
    let back = fields.remove("back").unwrap_or_default();
    let endpoint = action.endpoint.replace("{id}", id);
    let outcome =
        json_of(&fields).and_then(|body| control::call(shared, &action.method, &endpoint, body.as_bytes()));
    let notice = match outcome {
        Ok(value) => Notice {
            text: (action.done)(&value),
            is_refusal: false,
            entered: None,
        },
        Err(problem) => Notice {
            text: problem.message,
            is_refusal: true,
            entered: Some((action.path, fields)),
        },
    };
    let number = shared.notices().push(notice);
    Ok(redirect(&back, number))
}

/// Whether a field of the form of faults belongs to the kind that was chosen. Without scripts, the form has all of them.
fn belongs(field: &str, kind: Option<&str>) -> bool {
    match field {
        "status" | "retryAfter" => kind.is_none_or(|kind| kind == "status"),
        "milliseconds" => kind.is_none_or(|kind| kind == "delay"),
        _ => true,
    }
}

/// The fields of a form as a body of the control. Empty ones are left out.
fn json_of(fields: &BTreeMap<String, String>) -> Result<String, Problem> {
    let kind = fields.get("kind").map(String::as_str);
    let sent = fields
        .iter()
        .filter(|(name, value)| !value.trim().is_empty() && belongs(name, kind));
    let members =
        sent.map(|(name, value)| Ok(format!("{}:{}", Value::from(name.as_str()), typed(name, value)?)));
    let members: Result<Vec<String>, Problem> = members.collect();
    Ok(format!("{{{}}}", members?.join(",")))
}

/// A field as the control reads it. What is not a number stays a text, and is refused there with a reason. JSON stays as it was
/// entered, with all digits of its numbers.
fn typed(name: &str, value: &str) -> Result<String, Problem> {
    if name == JSON {
        let json: Result<Box<RawValue>, _> = serde_json::from_str(value);
        return json.map(|json| json.get().to_owned()).map_err(|error| {
            Problem::invalid(format!(
                "The body is not JSON: {error}. A text needs quotes, such as \"a text\"."
            ))
        });
    }
    let number = value.parse::<u64>().ok().filter(|_| NUMBERS.contains(&name));
    let flag = (value == "true" && FLAGS.contains(&name)).then_some(true);
    let typed = number.map(Value::from).or(flag.map(Value::from));
    Ok(typed.unwrap_or_else(|| Value::from(value)).to_string())
}

/// Redirects to a page of ours, and to the overview from any other address.
fn redirect(back: &str, notice: usize) -> Reply {
    let own = back.strip_prefix(BASE).filter(|rest| {
        rest.starts_with('/')
            && rest
                .bytes()
                .all(|byte| b"-._~/".contains(&byte) || byte.is_ascii_alphanumeric())
    });
    let target = format!("{BASE}{}?notice={notice}", own.unwrap_or("/"));
    let mut reply = Reply::empty();
    reply.status = StatusCode::SEE_OTHER;
    if let Ok(target) = HeaderValue::from_str(&target) {
        reply.headers.insert(LOCATION, target);
    }
    reply
}

/// Describes a move of the clock.
fn moved(answer: &Value) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or_default().replace('T', " ");
    // What an invoice consists of goes without saying.
    let wanted = ["invoice", "delivery", "credit transaction"];
    let created = wanted.into_iter().filter_map(|kind| {
        let count = answer["created"].get(kind)?.as_u64()?;
        Some(counted(count, kind))
    });
    let created: Vec<String> = created.collect();
    let created = match &created[..] {
        [] => "Nothing was billed.".to_owned(),
        created => format!("New: {}.", created.join(", ")),
    };
    format!(
        "The clock moved from {} to {}. {created}",
        text("before"),
        text("now")
    )
}

/// A count with its noun.
fn counted(count: u64, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_own_pages_are_redirected_to() {
        for (back, target) in [
            ("/_emulator/page/invoices", "/_emulator/page/invoices?notice=7"),
            ("/_emulator/page/", "/_emulator/page/?notice=7"),
            ("//evil.example/", "/_emulator/page/?notice=7"),
            (
                "https://evil.example/_emulator/page/",
                "/_emulator/page/?notice=7",
            ),
            ("/_emulator/pages", "/_emulator/page/?notice=7"),
            ("/_emulator/page/\r\nx: y", "/_emulator/page/?notice=7"),
            ("", "/_emulator/page/?notice=7"),
        ] {
            let reply = redirect(back, 7);
            assert_eq!(reply.headers[LOCATION], target, "{back}");
        }
    }

    #[test]
    fn a_move_of_the_clock_is_described() {
        let answer = json!({
            "before": "2026-01-01T12:00:00Z", "now": "2026-02-01T12:00:00Z",
            "created": {"invoice": 2, "invoice line item": 6, "delivery": 1},
        });
        assert_eq!(
            moved(&answer),
            "The clock moved from 2026-01-01 12:00:00Z to 2026-02-01 12:00:00Z. New: 2 invoices, 1 delivery."
        );
        assert_eq!(counted(2, "delivery"), "2 deliveries");
    }
}
