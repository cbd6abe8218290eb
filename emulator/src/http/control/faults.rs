//! Faults to come.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::Operation;
use crate::http::faults::Fault;
use crate::operations::Problem;

use super::{Call, Outcome, body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    kind: Name,
    operation: Option<String>,
    #[serde(default = "once")]
    times: u32,
    /// For `status`.
    status: Option<u16>,
    retry_after: Option<u64>,
    body: Option<String>,
    /// For `delay`.
    milliseconds: Option<u64>,
}

fn once() -> u32 {
    1
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Name {
    Status,
    Html502,
    DropBefore,
    DropAfter,
    TruncateBody,
    Delay,
    WrongShape,
}

pub(super) fn list(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    Ok(shape(call))
}

pub(super) fn inject(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let fault = body::body::<Wanted>(call)?.fault()?;
    call.shared.faults().push(fault);
    Ok(shape(call))
}

pub(super) fn clear(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    call.shared.faults().clear();
    Ok(shape(call))
}

fn shape(call: &Call<'_>) -> Value {
    let faults = call.shared.faults();
    let left = faults.iter().filter(|fault| fault.left() > 0);
    let items = left.map(|fault| {
        json!({
            "kind": fault.name(),
            "operation": fault.operation().map(Operation::id),
            "left": fault.left(),
        })
    });
    json!({"items": items.collect::<Vec<_>>()})
}

impl Wanted {
    fn fault(self) -> Result<Fault, Problem> {
        self.check_fields()?;
        let mut fault = match self.kind {
            Name::Status => self.status()?,
            Name::Html502 => Fault::html_502(),
            Name::DropBefore => Fault::drop_connection_before_acting(),
            Name::DropAfter => Fault::drop_connection_after_acting(),
            Name::TruncateBody => Fault::truncate_body(),
            Name::Delay => {
                let Some(milliseconds) = self.milliseconds else {
                    return Err(Problem::invalid(
                        "body.milliseconds: a delay needs it. Send a number such as 500.",
                    ));
                };
                Fault::delay(Duration::from_millis(milliseconds))
            }
            Name::WrongShape => Fault::wrong_shape(),
        };
        if let Some(name) = &self.operation {
            let operation = Operation::named(name)
                .map_err(|near| Problem::invalid(body::unknown_operation(name, &near)))?;
            fault = fault.on(operation.id());
        }
        Ok(fault.times(self.times))
    }

    fn status(&self) -> Result<Fault, Problem> {
        let Some(status) = self.status.filter(|status| (200..=999).contains(status)) else {
            return Err(Problem::invalid(
                "body.status: this kind of fault needs the status of a final response. Send a number from 200 to 999, such as 503.",
            ));
        };
        let mut fault = Fault::status(status);
        if let Some(seconds) = self.retry_after {
            fault = fault.retry_after(Duration::from_secs(seconds));
        }
        if let Some(body) = &self.body {
            fault = fault.body(body);
        }
        Ok(fault)
    }

    /// Refuses fields that would have no effect.
    fn check_fields(&self) -> Result<(), Problem> {
        let fields = [
            ("status", self.status.is_some(), Name::Status),
            ("retryAfter", self.retry_after.is_some(), Name::Status),
            ("body", self.body.is_some(), Name::Status),
            ("milliseconds", self.milliseconds.is_some(), Name::Delay),
        ];
        for (name, is_sent, kind) in fields {
            if is_sent && self.kind != kind {
                return Err(Problem::invalid(format!(
                    "body.{name}: this kind of fault does not have it. Leave it out."
                )));
            }
        }
        if self.times == 0 {
            return Err(Problem::invalid(
                "body.times: a fault hits at least once. Send a number from 1.",
            ));
        }
        Ok(())
    }
}
