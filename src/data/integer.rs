//! Conversion of integers from JSON.
//!
//! The API has swapped numbers and strings before, and some JSON libraries write integers as `7.0`. Every form of an
//! integer is accepted if it is exact.

use serde::de;

use crate::data::codec::Exact;
use crate::data::number::{self, Notation, Problem};

macro_rules! integers {
    ($($integer:ident)*) => {
        $(
            impl Exact for $integer {
                const EXPECTED: &'static str = "an integer, as a number or a string";

                fn parse<E: de::Error>(text: &str) -> Result<Self, E> {
                    let value = integer(text)?;
                    Self::try_from(value).map_err(|_| {
                        E::custom(format_args!("the integer {value} is out of range for `{}`", stringify!($integer)))
                    })
                }
            }
        )*
    };
}

integers!(i32 i64);

fn integer<E: de::Error>(text: &str) -> Result<i64, E> {
    if !text.starts_with('+')
        && let Ok(value) = text.parse()
    {
        return Ok(value);
    }
    let value = number::parse(text.as_bytes(), Notation::Json).map(|decimal| decimal.normalize());
    match value {
        Ok(value) if value.scale() == 0 => i64::try_from(value.mantissa())
            .map_err(|_| E::custom(format_args!("the integer {value} is out of range for `i64`"))),
        Err(Problem::TooLong) => Err(E::custom("the number is not an integer, or is out of range")),
        Ok(_) | Err(Problem::Notation) if text.len() <= 40 => {
            Err(E::custom(format_args!("`{text}` is not an integer")))
        }
        Ok(_) | Err(Problem::Notation) => Err(E::custom("not an integer")),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use crate::data::{Extra, object};

    #[derive(Debug, Default, PartialEq)]
    struct Counts {
        small: i32,
        large: i64,
        maybe: Option<i32>,
        list: Option<Vec<i32>>,
        extra: Extra,
    }

    object! {
        Counts {
            0 small "small" required Integer,
            1 large "large" required Integer,
            2 maybe "maybe" optional Integer,
            3 list "list" optional Integers,
        }
    }

    fn decode(small: &str) -> Result<i32, String> {
        serde_json::from_str::<Counts>(&format!(r#"{{"small":{small},"large":0}}"#))
            .map(|counts| counts.small)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_integer_decodes_from_every_exact_form() {
        for form in [
            "7", "7.0", "7.000", r#""7""#, r#""7.0""#, "7e0", "0.7e1", "70E-1", r#""007""#,
        ] {
            assert_eq!(decode(form), Ok(7), "{form}");
        }
        assert_eq!(decode("-0.0"), Ok(0));
        let counts: Counts = serde_json::from_str(
            r#"{"small":-1.0,"large":"9223372036854775807","maybe":"2","list":[1,"2",3.0]}"#,
        )
        .expect("every form is exact");
        let wanted = Counts {
            small: -1,
            large: i64::MAX,
            maybe: Some(2),
            list: Some(vec![1, 2, 3]),
            ..Counts::default()
        };
        assert_eq!(counts, wanted);
    }

    #[test]
    fn an_integer_decodes_from_a_value_tree_and_a_flattened_struct() {
        #[derive(Deserialize)]
        struct Outer {
            #[serde(flatten)]
            counts: Counts,
        }
        let value = json!({"small": 7.0, "large": "-8", "maybe": null, "list": null});
        let counts: Counts = serde_json::from_value(value.clone()).expect("from a tree");
        let outer: Outer = serde_json::from_value(value).expect("flattened");
        assert_eq!((counts.small, counts.large, counts.maybe), (7, -8, None));
        assert_eq!(outer.counts, counts);
    }

    #[test]
    fn nothing_is_rounded_to_an_integer() {
        for form in [
            "7.5",
            r#""7.5""#,
            "7.0000000000000000001",
            "1e-1",
            "1e-99",
            "2147483648",
            r#""-2147483649.0""#,
            "9223372036854775808",
            "1e30",
        ] {
            let error = decode(form).expect_err(form);
            assert!(
                ["is not an integer", "out of range"]
                    .iter()
                    .any(|part| error.contains(part)),
                "{form}: {error}"
            );
        }
    }

    #[test]
    fn what_is_not_an_integer_is_an_error_that_names_what_was_expected() {
        for form in ["true", "null", "[]", "{}"] {
            let error = decode(form).expect_err(form);
            assert!(
                error.contains("expected an integer, as a number or a string"),
                "{form}: {error}"
            );
        }
        for form in [r#""""#, r#""+7""#, r#""1_000""#, r#"" 7""#, r#""seven""#] {
            assert!(
                decode(form).expect_err(form).contains("is not an integer"),
                "{form}"
            );
        }
        let error = decode(&format!(r#""{}""#, "x".repeat(41))).expect_err("long");
        assert!(!error.contains("xx"), "{error}");
    }
}
