//! Updates of a field: keep, clear or set.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The update of a field: keep, clear or set.
///
/// An omitted field keeps its value, `null` clears it, and a value replaces it. The builders of updates have two
/// setters for such a field, such as `memo("Thanks")` and `clear_memo()`; if neither is called, the field is kept.
///
/// ```
/// use sequencehq::Patch;
///
/// let keep: Patch<String> = Patch::default();
/// assert!(keep.is_keep());
/// assert_eq!(Patch::Set("Thanks").set(), Some(&"Thanks"));
/// assert_eq!(Patch::<String>::Clear.set(), None);
/// assert_eq!(Patch::from("Thanks"), Patch::Set("Thanks"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Keeps the field: nothing is sent.
    #[default]
    Keep,
    /// Clears the field: `null` is sent.
    Clear,
    /// Sets the field: the value is sent.
    Set(T),
}

impl<T> Patch<T> {
    /// Returns `true` if the field is kept.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Returns `true` if the field is cleared.
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// Returns the new value, or `None` if the field is kept or cleared.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Sets the field to a value that was read, or keeps it if there was none: `null` could be refused, and would clear
    /// what another program has set in the meantime.
    #[allow(
        dead_code,
        reason = "some groups of resources have no nullable field to carry over"
    )]
    pub(crate) fn carry(read: Option<T>) -> Self {
        read.map_or(Self::Keep, Self::Set)
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.serialize(serializer),
            Self::Keep | Self::Clear => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(deserializer)? {
            Some(value) => Self::Set(value),
            None => Self::Clear,
        })
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Patch_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Update {
        #[serde(default, skip_serializing_if = "Patch::is_keep")]
        memo: Patch<String>,
    }

    #[test]
    fn each_question_has_its_answer_for_keep_clear_and_set() {
        let set = Patch::from("x");
        assert_eq!(set, Patch::Set("x"));
        for (patch, keep, clear, value) in [
            (Patch::Keep, true, false, None),
            (Patch::Clear, false, true, None),
            (set, false, false, Some(&"x")),
        ] {
            assert_eq!(
                (patch.is_keep(), patch.is_clear(), patch.set()),
                (keep, clear, value),
                "{patch:?}"
            );
        }
    }

    #[cfg(feature = "schemars")]
    #[test]
    fn the_schema_is_that_of_a_value_or_null_in_place() {
        #[derive(schemars::JsonSchema)]
        #[allow(dead_code, reason = "only its schema counts")]
        struct Described {
            memo: Patch<String>,
        }
        let schema = serde_json::to_value(schemars::schema_for!(Described)).expect("schemas encode");
        assert_eq!(schema["properties"]["memo"]["type"], json!(["string", "null"]));
        assert_eq!(schema.get("$defs"), None);
        let name = <Patch<String> as schemars::JsonSchema>::schema_name();
        assert_eq!(name, "Patch_of_string");
    }

    #[test]
    fn keep_clear_and_set_are_three_different_documents() {
        for (patch, json) in [
            (Patch::Keep, json!({})),
            (Patch::Clear, json!({"memo": null})),
            (Patch::Set("x".to_owned()), json!({"memo": "x"})),
        ] {
            let update = Update { memo: patch };
            assert_eq!(serde_json::to_value(&update).expect("encodes"), json);
            assert_eq!(serde_json::from_value::<Update>(json).expect("decodes"), update);
        }
    }
}
