//! The common traits of small values: they are keys, are sorted, and are read from their text.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use sequencehq::rate_limit::Quota;
use sequencehq::types::*;
use sequencehq::{ApiVersion, Environment, ErrorKind, UnrecognizedValue};

/// A key of any map, which can be sent to another thread.
fn key<T: Clone + Debug + Eq + Ord + Hash + Send + Sync + Unpin + 'static>() {}

/// A key that is printed as the text from which it is parsed.
fn text<T: Clone + Debug + Eq + Ord + Hash + FromStr<Err: Error> + Display + Send + Sync + 'static>(
    values: &[T],
) {
    for value in values {
        let printed = value.to_string();
        assert_eq!(printed.parse().as_ref().ok(), Some(value), "{printed}");
    }
}

#[allow(deprecated, reason = "deprecated values have the traits too")]
#[test]
fn every_id_and_enum_is_a_key_and_is_parsed_from_its_text() {
    macro_rules! every_id {
        ($($name:ident),*) => { $( text(&[$name::new("a-1"), $name::new("")]); )* };
    }
    macro_rules! every_enum {
        ($($name:ident),*) => {
            $(
                text($name::KNOWN);
                text(&[$name::from("A_NEW_VALUE")]);
            )*
        };
    }
    include!(concat!(env!("OUT_DIR"), "/every_name.rs"));
}

#[test]
fn small_values_are_keys() {
    key::<ErrorKind>();
    key::<Quota>();
    key::<UnrecognizedValue>();
    key::<sequencehq::usage::EndReason>();
    key::<sequencehq::usage::Duplicates>();
    #[cfg(feature = "sqlx")]
    key::<sequencehq::DecimalText>();
    text(ApiVersion::ALL);
    text(&[Environment::Production, Environment::Sandbox]);
}

#[test]
fn objects_of_single_values_are_keys_with_their_unknown_fields() {
    use std::collections::HashSet;

    let range = |json: &str| -> DateRange { serde_json::from_str(json).expect("a date range") };
    let january = r#""startDate":"2026-01-01","endDate":"2026-02-01""#;
    let ranges: HashSet<DateRange> = [
        range(&format!("{{{january}}}")),
        range(r#"{"endDate":"2026-02-01","startDate":"2026-01-01"}"#),
        range(&format!(r#"{{{january},"a":1,"b":2}}"#)),
        range(&format!(r#"{{"b":2,"a":1,{january}}}"#)),
        range(&format!(r#"{{{january},"a":2,"b":2}}"#)),
    ]
    .into();
    assert_eq!(ranges.len(), 3, "{ranges:?}");
    fn is_key<T: Eq + Hash>() {}
    is_key::<Address>();
    is_key::<InclusiveDateRange>();
    is_key::<PriceTaxRate>();
}

#[test]
fn a_name_that_is_not_an_environment_is_refused_with_those_that_are() {
    let error = "Sandbox".parse::<Environment>().expect_err("capital").to_string();
    assert_eq!(
        error,
        "invalid setting `environment`: expected `production` or `sandbox`"
    );
}
