//! Id types, one for each resource, so that the id of a customer cannot be passed as that of an invoice.

/// Defines an id type.
macro_rules! id_type {
    ($(#[$about:meta])* pub struct $name:ident;) => {
        $(#[$about])*
        ///
        /// Any text is accepted. The API's ids look like lower-case UUIDs, but their format is not documented.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Creates an id from its text.
            #[inline]
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// Returns the id as sent on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Converts the id into a `String`.
            #[inline]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(id: &str) -> Result<Self, Self::Err> {
                Ok(Self(id.to_owned()))
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&String> for $name {
            #[inline]
            fn from(id: &String) -> Self {
                Self(id.clone())
            }
        }

        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }

        #[cfg(feature = "sqlx")]
        $crate::data::stored_as_text!($name, |id| id.0.clone(), |text| Ok(Self(text)));

        impl $crate::data::QueryValue for $name {
            #[inline]
            fn query_value(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

pub(crate) use id_type;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes public types")]
mod tests {
    id_type! {
        /// Names a test.
        pub struct ProbeId;
    }

    #[test]
    fn an_id_reads_and_writes_as_plain_text() {
        let id: ProbeId = serde_json::from_str("\"a-1\"").expect("text is an id");
        assert_eq!(id, "a-1");
        assert_eq!(serde_json::to_string(&id).expect("ids encode"), "\"a-1\"");
        assert_eq!(format!("{id} {id:?}"), "a-1 ProbeId(\"a-1\")");
    }
}
