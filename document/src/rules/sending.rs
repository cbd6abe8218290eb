//! How parameters are sent: styles, lists and bounds.

use serde_json::Value;

use super::Checker;

impl Checker<'_> {
    pub(super) fn sending(&mut self, parameter: &Value, pointer: &str) {
        let schema = &parameter["schema"];
        let is_list = schema["type"] == "array";
        let (style, lists) = match parameter["in"].as_str() {
            Some("path") => ("simple", ""),
            _ => (
                "form",
                ", with lists separated by commas (`explode: false`) or repeated (`explode: true`)",
            ),
        };
        if let Some(other) = parameter["style"].as_str().filter(|other| *other != style) {
            self.fault(
                pointer,
                format!("`style: {other}` is not sent by the client: use `style: {style}`{lists}"),
            );
        }
        if parameter.get("explode").is_some() && !is_list {
            self.fault(pointer, "`explode` has an effect on lists only: remove it");
        }
        if parameter["x-encode-items"] == true && (!is_list || parameter["explode"] != false) {
            self.fault(
                pointer,
                "`x-encode-items` has an effect on lists with `explode: false` only: remove it",
            );
        }
        if parameter["deprecated"] == true && parameter["required"] == true {
            self.fault(
                pointer,
                "a required parameter cannot be deprecated, because every call has it: deprecate the operation, or make the \
                 parameter optional",
            );
        }
        self.bounds(schema, pointer);
    }

    /// The client checks bounds before it sends a number.
    fn bounds(&mut self, schema: &Value, pointer: &str) {
        let [low, high] = ["minimum", "maximum"].map(|key| schema.get(key));
        if low.or(high).is_none() {
            return;
        }
        if schema["type"] != "integer" {
            self.fault(
                pointer,
                "`minimum` and `maximum` are supported for integers only: remove them",
            );
            return;
        }
        let (Some(low), Some(high)) = (low, high) else {
            self.fault(
                pointer,
                "has only one of `minimum` and `maximum`, which the client checks together: add the other one",
            );
            return;
        };
        let limit = if schema["format"] == "int32" {
            i64::from(i32::MIN)..=i64::from(i32::MAX)
        } else {
            i64::MIN..=i64::MAX
        };
        let (Some(low), Some(high)) = (within(low, &limit), within(high, &limit)) else {
            let format = schema["format"].as_str().unwrap_or("int64");
            self.fault(
                pointer,
                format!("`minimum` or `maximum` is out of range for `{format}`: correct it"),
            );
            return;
        };
        if low > high {
            self.fault(
                pointer,
                format!("the minimum {low} is greater than the maximum {high}: swap or correct them"),
            );
        } else if let Some(example) = schema["example"]
            .as_i64()
            .filter(|value| !(low..=high).contains(value))
        {
            self.fault(
                pointer,
                format!("the example {example} is not between {low} and {high}: correct it"),
            );
        }
    }
}

fn within(value: &Value, limit: &std::ops::RangeInclusive<i64>) -> Option<i64> {
    value.as_i64().filter(|value| limit.contains(value))
}
