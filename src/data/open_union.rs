//! Open unions. A discriminator selects the variant, and unknown variants are preserved.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::data::codec::JsonText;
use crate::data::object::{self, Object};
use crate::data::place::{self, Place, Undecodable};

/// A union variant that is unknown to this version of the crate, with all its fields.
///
/// It serializes exactly as received.
#[derive(Clone, PartialEq)]
pub struct UnrecognizedVariant {
    tag: Box<str>,
    fields: Map<String, Value>,
    /// The JSON as received, which preserves the notation of numbers.
    json: Option<Box<str>>,
}

impl UnrecognizedVariant {
    /// Returns the value of the discriminator.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Returns the whole JSON object, including the discriminator.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }
}

impl fmt::Debug for UnrecognizedVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnrecognizedVariant").field(&self.fields).finish()
    }
}

/// A union before its variant is decoded: the discriminator and the object, as text if available.
pub(crate) struct Incoming {
    pub(crate) tag: String,
    fields: Map<String, Value>,
    json: Option<Box<str>>,
    place: Place,
}

/// Reads the object and its discriminator.
pub(crate) fn open<'de, D: Deserializer<'de>>(deserializer: D, tag: &str) -> Result<Incoming, D::Error> {
    let json = crate::data::codec::json_text(deserializer)?;
    let place = Place::last_read();
    Incoming::read(json, tag, place).map_err(|problem| {
        place.fails();
        D::Error::custom(problem)
    })
}

impl Incoming {
    fn read(json: JsonText, tag: &str, place: Place) -> Result<Self, String> {
        let (fields, json) = match json {
            JsonText::Text(text) => (serde_json::from_str(&text).ok(), Some(text)),
            JsonText::Value(Value::Object(fields)) => (Some(fields), None),
            JsonText::Value(_) => (None, None),
        };
        let fields: Map<String, Value> = fields.ok_or("expected an object")?;
        match fields.get(tag) {
            Some(Value::String(value)) => Ok(Self {
                tag: value.clone(),
                fields,
                json,
                place,
            }),
            Some(_) => Err(format!("discriminator `{tag}` is not a string")),
            None => Err(format!("missing discriminator `{tag}`")),
        }
    }

    /// Decodes a known member. Errors name the field inside it.
    pub(crate) fn member<T: Object, E: serde::de::Error>(self, name: &'static str) -> Result<T, E> {
        let Self {
            tag,
            fields,
            json,
            place,
        } = self;
        // Text in every case, so that there is one decoder for each member.
        let json = json.unwrap_or_else(|| Value::Object(fields).to_string().into());
        let member = place::decode_by(json.as_bytes(), |deserializer| {
            object::decode(deserializer, Some(name))
        });
        member.map_err(|Undecodable { path, error }| {
            place.fails();
            E::custom(format_args!("{tag}: {path}: {error}"))
        })
    }

    /// Converts an unknown member, preserving its fields.
    pub(crate) fn unrecognized(self) -> UnrecognizedVariant {
        UnrecognizedVariant {
            tag: self.tag.into(),
            fields: self.fields,
            json: self.json,
        }
    }
}

impl Serialize for UnrecognizedVariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.json {
            Some(json) => RawValue::from_string(json.to_string())
                .expect("the text was received as JSON")
                .serialize(serializer),
            None => self.fields.serialize(serializer),
        }
    }
}

/// Defines a union of structs with a discriminator.
macro_rules! open_union {
    (
        $(#[$about:meta])*
        pub enum $name:ident by $tag:literal {
            $( $(#[$about_member:meta])* $variant:ident($member:ident) = $value:literal, )*
        }
    ) => {
        $(#[$about])*
        ///
        /// The API may add variants at any time. An unknown variant deserializes to `Unrecognized` with all its fields and
        /// serializes unchanged. Match with a `_` arm.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$about_member])* $variant($member), )*
            /// A variant that is unknown to this version of the crate.
            Unrecognized($crate::data::UnrecognizedVariant),
        }

        impl $name {
            /// Returns the value of the discriminator.
            #[inline]
            pub fn kind(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $value, )*
                    Self::Unrecognized(unknown) => unknown.tag(),
                }
            }
        }

        $(
            impl From<$member> for $name {
                #[inline]
                fn from(member: $member) -> Self {
                    Self::$variant(member)
                }
            }
        )*

        impl From<&$name> for $name {
            #[inline]
            fn from(union: &$name) -> Self {
                union.clone()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(member) => $crate::data::object::encode(member, Some(($tag, $value)), serializer), )*
                    Self::Unrecognized(unknown) => ::serde::Serialize::serialize(unknown, serializer),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let incoming = $crate::data::open_union::open(deserializer, $tag)?;
                match incoming.tag.as_str() {
                    $( $value => incoming.member($tag).map(Self::$variant), )*
                    _ => Ok(Self::Unrecognized(incoming.unrecognized())),
                }
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({
                    "type": "object",
                    "required": [$tag],
                    "properties": { $tag: { "type": "string" } },
                    "anyOf": [ $( generator.subschema_for::<$member>(), )* true ],
                })
            }
        }
    };
}

pub(crate) use open_union;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public types")]
mod tests {
    use serde_json::json;

    use crate::data::Extra;

    #[derive(Clone, Debug, Default, PartialEq)]
    pub(super) struct Circle {
        radius: i32,
        extra: Extra,
    }

    crate::data::object! { Circle { 0 radius "radius" required Plain, } }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub(super) struct Square {
        side: i32,
        extra: Extra,
    }

    crate::data::object! { Square { 0 side "side" required Plain, } }

    #[cfg(feature = "schemars")]
    mod schemas {
        use super::{Circle, Square};
        impl schemars::JsonSchema for Circle {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Circle".into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "object"})
            }
        }
        impl schemars::JsonSchema for Square {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Square".into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "object"})
            }
        }
    }

    open_union! {
        /// A shape.
        pub enum Shape by "shapeType" {
            /// Round.
            Circle(Circle) = "CIRCLE",
            /// Not round.
            Square(Square) = "SQUARE",
        }
    }

    #[test]
    fn the_discriminator_tells_members_apart_and_is_written_back() {
        let json = json!({"shapeType": "SQUARE", "side": 2});
        let shape: Shape = serde_json::from_value(json.clone()).expect("a square");
        let square = Square {
            side: 2,
            ..Square::default()
        };
        assert_eq!(shape, Shape::Square(square));
        assert_eq!(serde_json::to_value(&shape).expect("encodes"), json);
    }

    #[test]
    fn unknown_fields_of_a_known_member_survive_and_the_discriminator_is_not_one_of_them() {
        let json = r#"{"shapeType":"SQUARE","side":2,"depth":0.50,"names":["a"]}"#;
        let shape: Shape = serde_json::from_str(json).expect("a square");
        assert_eq!(serde_json::to_string(&shape).expect("encodes"), json);
        let Shape::Square(square) = shape else {
            panic!("{shape:?}")
        };
        let extra: Vec<_> = square.extra.iter().collect();
        assert_eq!(extra, [("depth", "0.50"), ("names", r#"["a"]"#)]);
    }

    #[test]
    fn a_member_that_was_alone_writes_the_discriminator_of_its_union_once() {
        let square: Square = serde_json::from_str(r#"{"side":2,"shapeType":"?"}"#).expect("a square");
        assert_eq!(square.extra.text("shapeType"), Some(r#""?""#));
        let json = serde_json::to_string(&Shape::from(square)).expect("encodes");
        assert_eq!(json, r#"{"shapeType":"SQUARE","side":2}"#);
    }

    #[test]
    fn an_unknown_member_is_kept_whole() {
        let json = json!({"shapeType": "TORUS", "rings": [1, {"deep": null}]});
        let shape: Shape = serde_json::from_value(json.clone()).expect("anything tagged is a shape");
        assert_eq!(shape.kind(), "TORUS");
        assert_eq!(serde_json::to_value(&shape).expect("encodes"), json);
        let Shape::Unrecognized(unrecognized) = &shape else {
            panic!("{shape:?}")
        };
        assert_eq!(unrecognized.tag(), "TORUS");
        assert_eq!(Some(unrecognized.fields()), json.as_object());
        let shown = format!("{shape:?}");
        assert!(
            shown.starts_with("Unrecognized(UnrecognizedVariant({") && shown.contains(r#""rings": Array ["#),
            "{shown}"
        );
    }

    #[test]
    fn an_unknown_member_keeps_the_spelling_of_its_numbers() {
        let json = r#"{"shapeType":"TORUS","rate":2.50,"more":0.12345678901234567891}"#;
        let shape: Shape = serde_json::from_str(json).expect("anything tagged is a shape");
        assert_eq!(serde_json::to_string(&shape).expect("encodes"), json);
    }

    #[test]
    fn errors_name_the_kind_and_the_field() {
        let error =
            serde_json::from_value::<Shape>(json!({"shapeType": "CIRCLE", "radius": "x"})).unwrap_err();
        assert!(error.to_string().starts_with("CIRCLE: radius: "), "{error}");
        let error = serde_json::from_value::<Shape>(json!({"radius": 1})).unwrap_err();
        assert!(
            error.to_string().contains("missing discriminator `shapeType`"),
            "{error}"
        );
    }
}
