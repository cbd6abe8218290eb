//! The identity of an event in a journal: hashes of its id and of its content.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::usage::event::Event;
use crate::usage::event::EventKind;

/// The first half of a SHA-256, in which collisions are infeasible, even deliberate ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Hash128([u8; 16]);

/// The hash of the kind and the id of an event. Ids may be long, and a journal remembers many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(Hash128);

/// The hash of the whole content of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content(Hash128);

/// The id and the content of an event, as hashes.
#[derive(Clone, Copy, Debug)]
pub(in crate::usage) struct Fingerprint {
    pub(super) key: Key,
    pub(super) content: Content,
}

impl Fingerprint {
    pub(in crate::usage) fn of<E: Event>(event: &E) -> Self {
        let id = event.customer_event_id().unwrap_or_default();
        Self {
            key: Key::of(E::KIND, id),
            content: Content::of(event),
        }
    }
}

impl Key {
    pub(super) fn of(kind: EventKind, id: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind.name());
        hash.update([0]);
        hash.update(id);
        Self(Hash128::from(hash))
    }
}

impl Content {
    fn of<E: Event>(event: &E) -> Self {
        let value = serde_json::to_value(event).expect("an event has only fields that encode as JSON");
        let mut hash = Sha256::new();
        write_sorted(&value, &mut HashWriter(&mut hash)).expect("hashing does not fail");
        Self(Hash128::from(hash))
    }
}

/// Writes JSON with sorted names: whether a map preserves the order of its text depends on features of `serde_json`,
/// which any crate of the program may enable.
fn write_sorted(value: &Value, out: &mut impl Write) -> io::Result<()> {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            out.write_all(b"{")?;
            for (name, value) in fields {
                serde_json::to_writer(&mut *out, name)?;
                out.write_all(b":")?;
                write_sorted(value, out)?;
                out.write_all(b",")?;
            }
            out.write_all(b"}")
        }
        Value::Array(items) => {
            out.write_all(b"[")?;
            for item in items {
                write_sorted(item, out)?;
                out.write_all(b",")?;
            }
            out.write_all(b"]")
        }
        other => Ok(serde_json::to_writer(out, other)?),
    }
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl From<Sha256> for Hash128 {
    fn from(hash: Sha256) -> Self {
        let digest: [u8; 32] = hash.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(half)
    }
}

impl fmt::Display for Hash128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Hash128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Hash128 {
    fn parse(text: &str) -> Option<Self> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
        Some(Self(number.to_be_bytes()))
    }
}

macro_rules! hex_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl $name {
            pub(super) fn parse(text: &str) -> Option<Self> {
                Hash128::parse(text).map(Self)
            }
        }
    )*};
}

hex_text!(Key, Content);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::parse_line;

    fn content(properties: &str) -> Content {
        let line = format!(
            r#"{{"customerEventId":"e","customerAlias":"a","eventType":"b","eventProperties":{properties}}}"#
        );
        Content::of(&parse_line(&line).expect("good"))
    }

    #[test]
    fn the_order_of_properties_makes_no_other_content() {
        assert_eq!(
            content(r#"{"a":1,"b":{"c":2,"d":[3]}}"#),
            content(r#"{"b":{"d":[3],"c":2},"a":1}"#)
        );
    }

    #[test]
    fn every_difference_makes_another_content() {
        let texts = [
            r#"{}"#,
            r#"{"a":1}"#,
            r#"{"a":"1"}"#,
            r#"{"a":[1]}"#,
            r#"{"a":[1,1]}"#,
            r#"{"a":[[1],1]}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":{},"b":1}"#,
        ];
        for (index, text) in texts.iter().enumerate() {
            for other in &texts[..index] {
                assert_ne!(content(text), content(other), "{text} {other}");
            }
        }
    }

    #[test]
    fn usage_and_seats_have_ids_of_their_own() {
        assert_ne!(Key::of(EventKind::Usage, "1"), Key::of(EventKind::Seat, "1"));
    }

    #[test]
    fn text_reads_back_and_nothing_else_does() {
        let key = Key::of(EventKind::Usage, "1");
        assert_eq!(Key::parse(&key.to_string()), Some(key));
        for bad in ["", "0", &"+".repeat(32), &"0".repeat(33), &"g".repeat(32)] {
            assert_eq!(Key::parse(bad), None, "{bad}");
        }
    }
}
