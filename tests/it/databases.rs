//! Values in a database: they are stored as text, and read as they were written.

use std::fmt::Debug;

use sequencehq::types::*;
use sequencehq::{Decimal, DecimalText, dec};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments as _, Connection as _, Decode, Encode, Row as _, Type};
use tokio::runtime::Runtime;

/// A database in memory, and the runtime that it needs.
struct Database(Runtime, SqliteConnection);

impl Database {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let connected = runtime.block_on(SqliteConnection::connect("sqlite::memory:"));
        Self(runtime, connected.expect("in memory"))
    }

    fn row(&mut self, query: &'static str, arguments: SqliteArguments<'static>) -> SqliteRow {
        let row = sqlx::query_with(query, arguments).fetch_one(&mut self.1);
        self.0.block_on(row).expect(query)
    }

    /// Stores a value as `text`, and reads it.
    fn check<T>(&mut self, value: T, text: &str)
    where
        T: Clone
            + Debug
            + PartialEq
            + Encode<'static, Sqlite>
            + for<'r> Decode<'r, Sqlite>
            + Type<Sqlite>
            + 'static,
    {
        let mut arguments = SqliteArguments::default();
        arguments.add(value.clone()).expect("encodes");
        let row = self.row("SELECT ?1, typeof(?1), ?1", arguments);
        let stored: (String, String) = (row.get(0), row.get(1));
        assert_eq!(stored, (text.to_owned(), "text".to_owned()));
        assert_eq!(row.get::<T, _>(2), value);
    }
}

#[allow(deprecated, reason = "deprecated values are stored too")]
#[test]
fn every_id_and_enum_is_read_as_it_was_stored() {
    let mut database = Database::new();
    macro_rules! every_id {
        ($($name:ident),*) => { $( database.check($name::new("a-1"), "a-1"); )* };
    }
    macro_rules! every_enum {
        ($($name:ident),*) => {
            $(
                for value in $name::KNOWN {
                    database.check(value.clone(), value.as_str());
                }
                database.check($name::from("A_NEW_VALUE"), "A_NEW_VALUE");
            )*
        };
    }
    include!(concat!(env!("OUT_DIR"), "/every_name.rs"));
}

#[test]
fn a_decimal_keeps_its_scale() {
    let mut database = Database::new();
    for (decimal, text) in [
        (dec!(19.90), "19.90"),
        (dec!(-0.0010), "-0.0010"),
        (dec!(100), "100"),
        (Decimal::MAX, "79228162514264337593543950335"),
        (
            dec!(0.0000000000000000000000000001),
            "0.0000000000000000000000000001",
        ),
    ] {
        database.check(DecimalText(decimal), text);
    }
    let mut arguments = SqliteArguments::default();
    arguments.add(DecimalText(dec!(19.90))).expect("encodes");
    let read: DecimalText = database.row("SELECT ?1", arguments).get(0);
    assert_eq!(read.to_string(), "19.90");
}

#[test]
fn a_text_that_is_not_an_exact_decimal_is_an_error() {
    let mut database = Database::new();
    for (text, problem) in [
        ("19,90", "`19,90` is not a decimal"),
        (
            "0.12345678901234567890123456789",
            "more digits than a decimal can represent exactly",
        ),
    ] {
        let mut arguments = SqliteArguments::default();
        arguments.add(text).expect("encodes");
        let row = database.row("SELECT ?1", arguments);
        let error = row.try_get::<DecimalText, _>(0).expect_err(text).to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn a_column_may_be_null() {
    let mut database = Database::new();
    let mut arguments = SqliteArguments::default();
    arguments.add(None::<InvoiceId>).expect("encodes");
    arguments.add(Some(InvoiceStatus::Draft)).expect("encodes");
    let row = database.row("SELECT ?1, ?2", arguments);
    let read: (Option<InvoiceId>, Option<InvoiceStatus>) = (row.get(0), row.get(1));
    assert_eq!(read, (None, Some(InvoiceStatus::Draft)));
}
