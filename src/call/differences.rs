//! What a request may contain in the API version that it is sent in.
//!
//! The build generates a [`Schema`] for each body that differs between versions, with nothing in it but the differences.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::data::InvalidInput;
use crate::version::ApiVersion;

/// The differences of a type between versions.
#[allow(dead_code, reason = "the document need not use every kind")]
pub(crate) enum Schema {
    Object(&'static [Property]),
    /// A union, as the name of its discriminator and the members by their tags.
    Union(&'static str, &'static [(&'static str, &'static Schema)]),
    /// An object whose entries have this schema.
    Map(&'static Schema),
    /// The values of an enum that not every version has, with the versions that have them.
    Values(&'static [(&'static str, Versions)]),
}

/// A property that not every version has or requires, or with differences inside of it.
pub(crate) struct Property {
    pub(crate) name: &'static str,
    /// The name of its setter.
    pub(crate) setter: &'static str,
    /// The versions that have it; `None` if all do.
    pub(crate) exists_in: Option<Versions>,
    /// The versions that require it. Those in which every value has it, because its type does, are not listed.
    pub(crate) required_in: Versions,
    pub(crate) schema: Option<&'static Schema>,
}

pub(crate) type Versions = &'static [ApiVersion];

/// Checks that a body has what the version requires, and nothing that the version lacks: it could be ignored.
pub(crate) fn check_body<T: Serialize>(
    version: ApiVersion,
    schema: &Schema,
    body: &T,
) -> Result<(), InvalidInput> {
    let value = serde_json::to_value(body).map_err(|error| InvalidInput::new("body", error.to_string()))?;
    check(version, schema, &value, &mut String::new()).map_err(|problem| InvalidInput::new("body", problem))
}

/// Checks that the version has a parameter that is sent. A filter that the API does not know would be ignored, and the
/// list would have the wrong items.
pub(crate) fn check_parameter(
    version: ApiVersion,
    name: &'static str,
    is_sent: bool,
    versions: Versions,
) -> Result<(), InvalidInput> {
    if is_sent && !versions.contains(&version) {
        return Err(InvalidInput::new(name, lacks("the parameter", version, versions)));
    }
    Ok(())
}

/// Checks that the version has the values of a parameter.
pub(crate) fn check_values<'v>(
    version: ApiVersion,
    name: &'static str,
    sent: impl IntoIterator<Item = &'v str>,
    values: &[(&'static str, Versions)],
) -> Result<(), InvalidInput> {
    for value in sent {
        check_value(version, value, values).map_err(|problem| InvalidInput::new(name, problem))?;
    }
    Ok(())
}

fn check(version: ApiVersion, schema: &Schema, value: &Value, path: &mut String) -> Result<(), String> {
    match (schema, value) {
        (_, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                within(path, &format!("[{index}]"), |path| {
                    check(version, schema, item, path)
                })?;
            }
            Ok(())
        }
        (Schema::Object(properties), Value::Object(_)) => properties
            .iter()
            .try_for_each(|property| check_property(version, property, value, path)),
        (Schema::Union(tag, members), Value::Object(map)) => {
            let tag = map.get(*tag).and_then(Value::as_str);
            let member = members.iter().find(|(name, _)| Some(*name) == tag);
            member.map_or(Ok(()), |(_, schema)| check(version, schema, value, path))
        }
        (Schema::Map(schema), Value::Object(map)) => map.iter().try_for_each(|(key, entry)| {
            within(path, &format!("[{key:?}]"), |path| {
                check(version, schema, entry, path)
            })
        }),
        (Schema::Values(values), Value::String(text)) => {
            check_value(version, text, values).map_err(|problem| format!("`{path}`: {problem}"))
        }
        _ => Ok(()),
    }
}

fn check_property(
    version: ApiVersion,
    property: &Property,
    parent: &Value,
    path: &mut String,
) -> Result<(), String> {
    let value = parent.get(property.name).filter(|value| !value.is_null());
    let separator = if path.is_empty() { "" } else { "." };
    within(path, &format!("{separator}{}", property.setter), |path| {
        let Some(value) = value else {
            if property.required_in.contains(&version) {
                return Err(format!("`{path}` is required in API version {version}"));
            }
            return Ok(());
        };
        if let Some(versions) = property.exists_in
            && !versions.contains(&version)
        {
            return Err(lacks(&format!("`{path}`"), version, versions));
        }
        property
            .schema
            .map_or(Ok(()), |schema| check(version, schema, value, path))
    })
}

fn check_value(version: ApiVersion, value: &str, values: &[(&str, Versions)]) -> Result<(), String> {
    match values.iter().find(|(name, _)| *name == value) {
        Some((_, versions)) if !versions.contains(&version) => {
            Err(lacks(&format!("the value `{value}`"), version, versions))
        }
        _ => Ok(()),
    }
}

/// Extends the path while `inner` runs.
fn within<R>(path: &mut String, piece: &str, inner: impl FnOnce(&mut String) -> R) -> R {
    let length = path.len();
    path.push_str(piece);
    let result = inner(path);
    path.truncate(length);
    result
}

fn lacks(what: &str, version: ApiVersion, versions: Versions) -> String {
    let mut text = format!("{what} does not exist in API version {version}; omit it, or use ");
    for (index, version) in versions.iter().enumerate() {
        let separator = if index == 0 { "" } else { " or " };
        let _ = write!(text, "{separator}{version}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    use ApiVersion::{V2024_01_01, V2024_05_09, V2024_07_30};

    const NEW: Versions = &[V2024_07_30];
    const OLD: Versions = &[V2024_01_01, V2024_05_09];

    static COLOR: Schema = Schema::Values(&[("MAUVE", NEW)]);
    static BOX: Schema = Schema::Object(&[
        property("lid", "lid", Some(NEW), None),
        property("colorOf", "color_of", None, Some(&COLOR)),
        // A box may contain boxes.
        property("inner", "inner", None, Some(&BOX)),
    ]);
    static PARCEL: Schema = Schema::Union("form", &[("BOX", &BOX)]);
    static ORDER: Schema = Schema::Object(&[
        Property {
            required_in: OLD,
            ..property("type", "type_", None, None)
        },
        property("parcels", "parcels", None, Some(&PARCEL)),
        property("byTown", "by_town", None, Some(&BY_TOWN)),
    ]);
    static BY_TOWN: Schema = Schema::Map(&BOX);

    const fn property(
        name: &'static str,
        setter: &'static str,
        exists_in: Option<Versions>,
        schema: Option<&'static Schema>,
    ) -> Property {
        Property {
            name,
            setter,
            exists_in,
            required_in: &[],
            schema,
        }
    }

    fn problem(version: ApiVersion, body: &Value) -> Option<String> {
        check_body(version, &ORDER, body).err().map(|input| input.problem)
    }

    #[test]
    fn what_a_version_lacks_is_named_by_its_path() {
        for (body, path) in [
            (
                json!({"type": "A", "parcels": [{"form": "BAG", "lid": 1}, {"form": "BOX", "lid": 1}]}),
                "parcels[1].lid",
            ),
            (
                json!({"type": "A", "parcels": [{"form": "BOX", "inner": {"inner": {"lid": 1}}}]}),
                "parcels[0].inner.inner.lid",
            ),
            (
                json!({"type": "A", "byTown": {"Rome": {"lid": true}}}),
                "by_town[\"Rome\"].lid",
            ),
        ] {
            let wanted =
                format!("`{path}` does not exist in API version 2024-01-01; omit it, or use 2024-07-30");
            assert_eq!(problem(V2024_01_01, &body), Some(wanted));
            assert_eq!(problem(V2024_07_30, &body), None);
        }
    }

    #[test]
    fn what_a_version_requires_is_missed_there_only() {
        for body in [json!({}), json!({"type": null})] {
            assert_eq!(
                problem(V2024_05_09, &body).as_deref(),
                Some("`type_` is required in API version 2024-05-09")
            );
            assert_eq!(problem(V2024_07_30, &body), None);
        }
    }

    #[test]
    fn absent_values_and_null_lack_nothing() {
        let body = json!({"type": "A", "parcels": [{"form": "BOX", "lid": null}], "byTown": {}});
        assert_eq!(problem(V2024_01_01, &body), None);
    }

    #[test]
    fn a_value_of_an_enum_has_versions() {
        let body = |color| json!({"type": "A", "parcels": [{"form": "BOX", "colorOf": color}]});
        assert_eq!(
            problem(V2024_05_09, &body("MAUVE")).as_deref(),
            Some(
                "`parcels[0].color_of`: the value `MAUVE` does not exist in API version 2024-05-09; omit it, or use 2024-07-30"
            )
        );
        assert_eq!(problem(V2024_05_09, &body("RED")), None);
        assert_eq!(problem(V2024_07_30, &body("MAUVE")), None);
    }

    #[test]
    fn a_parameter_and_its_values_have_versions() {
        assert!(check_parameter(V2024_01_01, "search", false, NEW).is_ok());
        assert!(check_parameter(V2024_07_30, "search", true, NEW).is_ok());
        let error = check_parameter(V2024_01_01, "search", true, NEW).expect_err("refused");
        assert_eq!(
            (error.name, error.problem.as_str()),
            (
                "search",
                "the parameter does not exist in API version 2024-01-01; omit it, or use 2024-07-30"
            )
        );
        let values: &[(&str, Versions)] = &[("FAILED", OLD)];
        assert!(check_values(V2024_01_01, "status", ["PAID", "FAILED"], values).is_ok());
        let error = check_values(V2024_07_30, "status", ["PAID", "FAILED"], values).expect_err("refused");
        assert!(
            error.problem.ends_with("2024-01-01 or 2024-05-09"),
            "{}",
            error.problem
        );
    }
}
