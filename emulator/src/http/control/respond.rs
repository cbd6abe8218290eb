//! Scripted answers.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::contract::Version;
use crate::http::scripts::{ScriptError, Scripted};
use crate::operations::Problem;

use super::{Call, Outcome, body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    operation: String,
    value: Option<Box<RawValue>>,
    status: Option<u16>,
    version: Option<String>,
    only_for: Option<String>,
    /// One, unless `always` is sent.
    times: Option<u32>,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    unchecked: bool,
}

pub(super) fn list(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    Ok(shape(call))
}

pub(super) fn respond(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let wanted: Wanted = body::body(call)?;
    let name = wanted.operation.clone();
    let script = wanted.script()?.into_script();
    let added = call.shared.scripts().add(&name, script);
    added.map_err(refused)?;
    Ok(shape(call))
}

pub(super) fn clear(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    call.shared.scripts().clear();
    Ok(shape(call))
}

fn shape(call: &Call<'_>) -> Value {
    let scripts = call.shared.scripts();
    let items = scripts.waiting().map(|waiting| {
        json!({
            "operation": waiting.name,
            "status": waiting.status,
            "left": waiting.left,
            "version": waiting.version.map(Version::name),
            "onlyFor": waiting.only_for,
        })
    });
    json!({"items": items.collect::<Vec<_>>()})
}

impl Wanted {
    fn script(self) -> Result<Scripted<Option<Box<RawValue>>>, Problem> {
        if self.always && self.times.is_some() {
            return Err(Problem::invalid(
                "body.times: has no effect with `always`. Leave one of them out.",
            ));
        }
        if self.times == Some(0) {
            return Err(Problem::invalid(
                "body.times: an answer is used at least once. Send a number from 1.",
            ));
        }
        let mut script = Scripted::new(self.value);
        if let Some(status) = self.status {
            script = script.status(status);
        }
        if let Some(version) = self.version {
            script = script.version(version);
        }
        if let Some(target) = self.only_for {
            script = script.only_for(target);
        }
        if self.unchecked {
            script = script.unchecked();
        }
        Ok(match (self.always, self.times) {
            (true, _) => script.always(),
            (false, times) => script.times(times.unwrap_or(1)),
        })
    }
}

/// The error in the words of the control.
fn refused(error: ScriptError) -> Problem {
    Problem::invalid(match error {
        ScriptError::UnknownOperation { name, near } => body::unknown_operation(&name, &near),
        ScriptError::Described { .. } => format!("body.operation: {error}."),
        ScriptError::Version { .. } => format!("body.version: {error}."),
        ScriptError::Path { .. } => format!("body.onlyFor: {error}."),
        ScriptError::Status(_) => format!("body.status: {error}."),
        ScriptError::Value { problems, .. } => {
            let problems = problems.iter().map(|problem| format!("body.{problem}"));
            let problems: Vec<String> = problems.collect();
            format!("{} `unchecked` leaves out this check.", problems.join(" "))
        }
        ScriptError::Encode(_) | ScriptError::Call(_) => format!("body.value: {error}."),
    })
}
