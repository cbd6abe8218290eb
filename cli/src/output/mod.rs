//! Prints results: as a table for people, and as JSON, NDJSON, CSV, YAML or text for programs.

mod columns;
mod request;
mod table;
mod terminal;
mod yaml;

use std::io::{self, Write};

use crate::command::Format;
use crate::json::Json;

pub(crate) use columns::{of_schema, warnings};
pub(crate) use request::request;
pub(crate) use table::Look;
pub(crate) use terminal::{has_color, line, note, printer, shown};

/// How results are printed, and where.
pub(crate) struct Printer<W> {
    pub(crate) out: W,
    pub(crate) format: Format,
    /// The fields that were asked for; all if it is empty.
    pub(crate) columns: Vec<String>,
    pub(crate) look: Look,
}

impl<W: Write> Printer<W> {
    /// Prints a value that is not a list of items.
    pub(crate) fn one(mut self, value: &Json) -> io::Result<()> {
        let chosen = self.chosen(value);
        match self.format {
            Format::Table => table::fields(&mut self.out, &chosen, &self.look)?,
            Format::Json => writeln!(self.out, "{}", chosen.pretty())?,
            Format::Ndjson => writeln!(self.out, "{chosen}")?,
            Format::Yaml => self.out.write_all(yaml::document(&chosen).as_bytes())?,
            Format::Csv | Format::Text => {
                let (columns, row): (Vec<String>, Vec<String>) = match &chosen {
                    Json::Object(fields) => fields
                        .iter()
                        .map(|(name, value)| (name.clone(), value.cell()))
                        .unzip(),
                    other => (vec!["value".to_owned()], vec![other.cell()]),
                };
                if self.format == Format::Csv {
                    self.out.write_all(&csv_line(&columns)?)?;
                    self.out.write_all(&csv_line(&row)?)?;
                } else {
                    writeln!(self.out, "{}", text_line(&row))?;
                }
            }
        }
        self.out.flush()
    }

    /// Starts a list of items. `defaults` are the columns of tables and CSV, unless others were asked for.
    pub(crate) fn rows(self, defaults: Vec<String>) -> Rows<W> {
        let columns = if self.columns.is_empty() {
            defaults
        } else {
            self.columns.clone()
        };
        let table = table::Table::new(columns.clone(), !self.columns.is_empty(), self.look.clone());
        Rows {
            printer: self,
            columns,
            table,
            count: 0,
        }
    }

    /// Returns the fields that were asked for, with their paths as names.
    fn chosen(&self, value: &Json) -> Json {
        if self.columns.is_empty() {
            return value.clone();
        }
        let fields = self.columns.iter().map(|path| {
            let value = value.at(path).cloned().unwrap_or(Json::Null);
            (path.clone(), value)
        });
        Json::Object(fields.collect())
    }
}

/// A list of items that is printed as the items arrive.
pub(crate) struct Rows<W> {
    printer: Printer<W>,
    columns: Vec<String>,
    table: table::Table,
    count: u64,
}

impl<W: Write> Rows<W> {
    pub(crate) fn row(&mut self, item: &Json) -> io::Result<()> {
        let is_first = self.count == 0;
        self.count += 1;
        if self.columns.is_empty() {
            self.columns = names(item);
            self.table = table::Table::new(self.columns.clone(), false, self.printer.look.clone());
        }
        let printer = &mut self.printer;
        let cells = || cells(&self.columns, item);
        match printer.format {
            Format::Table => self.table.row(&mut printer.out, cells()),
            Format::Csv => {
                if is_first {
                    printer.out.write_all(&csv_line(&self.columns)?)?;
                }
                printer.out.write_all(&csv_line(&cells())?)
            }
            Format::Text => writeln!(printer.out, "{}", text_line(&cells())),
            Format::Ndjson => writeln!(printer.out, "{}", printer.chosen(item)),
            Format::Yaml => {
                let item = yaml::item(&printer.chosen(item));
                printer.out.write_all(item.as_bytes())
            }
            Format::Json => {
                let item = printer.chosen(item).pretty().replace('\n', "\n  ");
                let start = if is_first { "[" } else { "," };
                write!(printer.out, "{start}\n  {item}")
            }
        }
    }

    /// Prints what a list needs at its end, and returns the number of items.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        let out = &mut self.printer.out;
        match (self.printer.format, self.count) {
            (Format::Table, _) => self.table.finish(out)?,
            (Format::Csv, 0) if !self.columns.is_empty() => out.write_all(&csv_line(&self.columns)?)?,
            (Format::Json, 0) => writeln!(out, "[]")?,
            (Format::Json, _) => writeln!(out, "\n]")?,
            (Format::Yaml, 0) => writeln!(out, "[]")?,
            (Format::Csv | Format::Ndjson | Format::Yaml | Format::Text, _) => {}
        }
        out.flush()?;
        Ok(self.count)
    }
}

/// Returns the columns for items whose schema has no fields.
fn names(item: &Json) -> Vec<String> {
    match item {
        Json::Object(fields) => fields.iter().map(|(name, _)| name.clone()).collect(),
        _ => vec!["value".to_owned()],
    }
}

fn cells(columns: &[String], item: &Json) -> Vec<String> {
    match item {
        Json::Object(_) => {
            let cell = |path: &String| item.at(path).map_or_else(String::new, Json::cell);
            columns.iter().map(cell).collect()
        }
        other => vec![other.cell()],
    }
}

/// Joins cells with tabs. A tab or a line break within a cell becomes a space.
fn text_line(cells: &[String]) -> String {
    let cells = cells.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " "));
    cells.collect::<Vec<_>>().join("\t")
}

fn csv_line(cells: &[String]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: Format, columns: &[&str], items: &[&str]) -> String {
        let mut out = Vec::new();
        let printer = Printer {
            out: &mut out,
            format,
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            look: Look::plain(),
        };
        let mut rows = printer.rows(vec!["id".to_owned(), "total".to_owned()]);
        for item in items {
            rows.row(&Json::parse(item).expect("JSON")).expect("written");
        }
        rows.finish().expect("written");
        String::from_utf8(out).expect("text")
    }

    const ITEMS: [&str; 2] = [
        r#"{"id":"a","total":1.50,"to":{"town":"Zürich"},"tags":["x",2]}"#,
        r#"{"id":"b, \"c\"","total":"20","to":null}"#,
    ];

    #[test]
    fn a_list_is_printed_in_each_format() {
        for (format, text) in [
            (Format::Table, "id      total\na        1.50\nb, \"c\"     20\n"),
            (Format::Csv, "id,total\na,1.50\n\"b, \"\"c\"\"\",20\n"),
            (Format::Text, "a\t1.50\nb, \"c\"\t20\n"),
            (Format::Ndjson, &*format!("{}\n{}\n", ITEMS[0], ITEMS[1])),
            (
                Format::Yaml,
                "- id: a\n  total: 1.50\n  to:\n    town: \"Zürich\"\n  tags:\n    - x\n    - 2\n- id: \"b, \\\"c\\\"\"\n  total: \"20\"\n  to: null\n",
            ),
        ] {
            assert_eq!(printed(format, &[], &ITEMS), text, "{format:?}");
        }
        let json = printed(Format::Json, &[], &ITEMS);
        assert!(
            json.starts_with("[\n  {\n    \"id\": \"a\",") && json.ends_with("}\n]\n"),
            "{json}"
        );
        assert_eq!(
            Json::parse(&json).expect("JSON").items().map(<[Json]>::len),
            Some(2)
        );
    }

    #[test]
    fn an_empty_list_is_complete() {
        for (format, text) in [
            (Format::Table, "no items\n"),
            (Format::Csv, "id,total\n"),
            (Format::Ndjson, ""),
            (Format::Text, ""),
            (Format::Yaml, "[]\n"),
            (Format::Json, "[]\n"),
        ] {
            assert_eq!(printed(format, &[], &[]), text, "{format:?}");
        }
    }

    #[test]
    fn a_column_without_any_value_is_shown_only_if_it_was_asked_for() {
        let items = [r#"{"id":"a"}"#];
        assert_eq!(printed(Format::Table, &[], &items), "id\na\n");
        assert_eq!(printed(Format::Table, &["id", "total"], &items), "id  total\na\n");
    }

    #[test]
    fn items_without_fields_are_values() {
        let mut out = Vec::new();
        let printer = Printer {
            out: &mut out,
            format: Format::Csv,
            columns: Vec::new(),
            look: Look::plain(),
        };
        let mut rows = printer.rows(Vec::new());
        for item in ["\"a\"", "\"b,c\""] {
            rows.row(&Json::parse(item).expect("JSON")).expect("written");
        }
        assert_eq!(rows.finish().expect("written"), 2);
        assert_eq!(String::from_utf8(out).expect("text"), "value\na\n\"b,c\"\n");
    }

    #[test]
    fn chosen_columns_are_printed_in_their_order() {
        assert_eq!(
            printed(Format::Csv, &["to.town", "id"], &ITEMS),
            "to.town,id\nZürich,a\n,\"b, \"\"c\"\"\"\n"
        );
        assert_eq!(
            printed(Format::Ndjson, &["to.town", "id"], &ITEMS[..1]),
            "{\"to.town\":\"Zürich\",\"id\":\"a\"}\n"
        );
    }
}
