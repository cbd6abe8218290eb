//! Open enums. The API adds values about twice a month, without a new API version.

use std::fmt;

/// An enum value that is unknown to this version of the crate.
///
/// It compares, prints and serializes as received. It has no public constructor: converting text to the enum with
/// `From` returns the known value if there is one, so that equal texts are always equal values.
///
/// ```
/// # #[cfg(feature = "invoices")] {
/// use sequencehq::types::InvoiceStatus;
///
/// let status = InvoiceStatus::from("ON_HOLD");
/// assert!(matches!(&status, InvoiceStatus::Unrecognized(value) if value.as_str() == "ON_HOLD"));
/// assert_eq!(InvoiceStatus::from("DRAFT"), InvoiceStatus::Draft);
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnrecognizedValue(Box<str>);

impl UnrecognizedValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// Returns the value as sent on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Defines an enum with a variant for each known value and one for all others.
macro_rules! open_enum {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $( $(#[$about_value:meta])* $variant:ident = $value:literal, )* }
    ) => {
        $(#[$about])*
        ///
        /// The API may add values at any time. An unknown value deserializes to `Unrecognized` and serializes unchanged.
        /// Match with a `_` arm.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$about_value])* $variant, )*
            /// A value that is unknown to this version of the crate.
            Unrecognized($crate::data::UnrecognizedValue),
        }

        impl $name {
            /// All values known to this version of the crate, in the order of the API document.
            pub const KNOWN: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Returns the value as sent on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }

            /// Returns `true` if the value is known to this version of the crate.
            #[inline]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unrecognized(_))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $( $value => Self::$variant, )*
                    other => Self::Unrecognized($crate::data::UnrecognizedValue::new(other)),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl From<&$name> for $name {
            #[inline]
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl $crate::data::QueryValue for $name {
            #[inline]
            fn query_value(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::data::codec::text(deserializer, |value| Self::from(value))
            }
        }

        #[cfg(feature = "sqlx")]
        $crate::data::stored_as_text!($name, |value| value.as_str().to_owned(), |text| Ok(Self::from(text)));

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                let known: Vec<&str> = Self::KNOWN.iter().map(Self::as_str).collect();
                ::schemars::json_schema!({ "type": "string", "examples": known })
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public types")]
mod tests {
    open_enum! {
        /// A traffic light.
        pub enum Light {
            /// `GO`.
            Go = "GO",
            /// `STOP`.
            Stop = "STOP",
        }
    }

    #[test]
    fn an_unknown_value_survives_unchanged() {
        let blinking: Light = serde_json::from_str("\"BLINKING\"").expect("any text is a value");
        assert!(!blinking.is_known());
        assert_eq!(blinking, "BLINKING");
        assert_eq!(blinking, Light::from("BLINKING"));
        assert_eq!(format!("{blinking:>9}"), " BLINKING");
        assert_eq!(format!("{blinking:?}"), "Unrecognized(\"BLINKING\")");
        assert_eq!(
            serde_json::to_string(&blinking).expect("values encode"),
            "\"BLINKING\""
        );
    }

    #[test]
    fn text_of_a_known_value_is_never_unknown() {
        for light in Light::KNOWN {
            assert_eq!(Light::from(light.as_str()), *light);
        }
        assert_eq!(serde_json::from_str::<Light>("\"GO\"").expect("known"), Light::Go);
    }

    #[test]
    fn something_that_is_no_text_is_refused() {
        let error = serde_json::from_str::<Light>("3").expect_err("a number is not a value");
        assert!(error.to_string().contains("expected a string"), "{error}");
    }
}
