//! JSON of any shape whose numbers keep the digits that were sent.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Returns the value with sorted keys and without whitespace, so that equal values have equal texts.
///
/// Numbers stay as they are written.
pub fn normalized(value: &RawValue) -> Box<RawValue> {
    let mut text = String::with_capacity(value.get().len());
    write(value.get(), &mut text);
    // The parts are values, so that the whole is one.
    RawValue::from_string(text).unwrap_or_else(|_| value.to_owned())
}

fn write(value: &str, out: &mut String) {
    match value.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(value).unwrap_or_default();
            out.push('{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(key));
                out.push(':');
                write(member.get(), out);
            }
            out.push('}');
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(value).unwrap_or_default();
            out.push('[');
            for (i, item) in items.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item.get(), out);
            }
            out.push(']');
        }
        // The escapes of a text are a choice of the sender.
        Some(b'"') => match serde_json::from_str(value) {
            Ok(text) => out.push_str(&quoted(text)),
            Err(_) => out.push_str(value),
        },
        _ => out.push_str(value),
    }
}

fn quoted(text: String) -> String {
    serde_json::Value::String(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::normalized;

    #[test]
    fn equal_values_have_equal_texts_and_numbers_keep_their_digits() {
        for (sent, expected) in [
            (
                r#"{ "b" : [1.50, { "z":null,"a" : true }], "a":"A\/\n" }"#,
                r#"{"a":"A/\n","b":[1.50,{"a":true,"z":null}]}"#,
            ),
            ("12345678901234567890.123456789", "12345678901234567890.123456789"),
            ("[ ]", "[]"),
            (r#"{"a": 1, "a": 2}"#, r#"{"a":2}"#),
            (r#""} , {""#, r#""} , {""#),
        ] {
            let sent: Box<RawValue> = serde_json::from_str(sent).expect("JSON");
            assert_eq!(normalized(&sent).get(), expected);
        }
    }
}
