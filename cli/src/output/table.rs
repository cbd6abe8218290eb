//! Tables: columns for a list, and a line for each field of a single value.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::json::Json;

/// The number of rows from which the widths of the columns are taken. Later rows are printed as they arrive.
const MEASURED: usize = 100;
const GAP: &str = "  ";
/// The narrowest column that is shown for people.
const NARROW: usize = 6;

/// What a terminal allows.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) has_color: bool,
    /// The width of the terminal, or `None` if the output is not one. Columns that do not fit are dropped.
    pub(crate) width: Option<usize>,
}

impl Look {
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self {
            has_color: false,
            width: None,
        }
    }

    fn bold(&self, text: &str) -> String {
        if self.has_color {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A table that is printed in constant memory.
pub(crate) struct Table {
    columns: Vec<String>,
    look: Look,
    first: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
    /// Whether columns without any value are shown, because they were asked for.
    has_empty: bool,
    kept: Vec<bool>,
}

impl Table {
    pub(crate) fn new(columns: Vec<String>, has_empty: bool, look: Look) -> Self {
        Self {
            kept: vec![true; columns.len()],
            has_empty,
            columns,
            look,
            first: Vec::new(),
            widths: None,
        }
    }

    pub(crate) fn row(&mut self, out: &mut impl Write, cells: Vec<String>) -> io::Result<()> {
        let cells: Vec<String> = cells.iter().map(|cell| printable(cell)).collect();
        match &self.widths {
            Some(widths) => line(out, &self.kept_of(cells), widths, &self.look, false),
            None => {
                self.first.push(cells);
                if self.first.len() < MEASURED {
                    Ok(())
                } else {
                    self.begin(out)
                }
            }
        }
    }

    /// Drops the columns in which no row has a value.
    fn drop_empty(&mut self) {
        if !self.has_empty {
            let has_value = |column: usize| {
                self.first
                    .iter()
                    .any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
            };
            self.kept = (0..self.columns.len()).map(has_value).collect();
        }
        let columns = std::mem::take(&mut self.columns);
        self.columns = self.kept_of(columns);
        let rows = std::mem::take(&mut self.first);
        self.first = rows.into_iter().map(|row| self.kept_of(row)).collect();
    }

    fn kept_of(&self, cells: Vec<String>) -> Vec<String> {
        let kept = cells.into_iter().zip(&self.kept).filter(|(_, is_kept)| **is_kept);
        kept.map(|(cell, _)| cell).collect()
    }

    /// Prints the header and the first rows.
    fn begin(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.drop_empty();
        let mut widths: Vec<usize> = self.columns.iter().map(|name| name.width()).collect();
        for row in &self.first {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(all) = self.look.width {
            fit(&mut widths, all);
        }
        line(out, &self.columns, &widths, &self.look, true)?;
        for row in std::mem::take(&mut self.first) {
            line(out, &row, &widths, &self.look, false)?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    pub(crate) fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        match (&self.widths, self.first.is_empty()) {
            (Some(_), _) => Ok(()),
            (None, true) => writeln!(out, "no items"),
            (None, false) => self.begin(out),
        }
    }
}

/// Drops the last columns until the others fit into `all`. The last one that is left may be cut.
fn fit(widths: &mut Vec<usize>, all: usize) {
    let mut used = 0;
    let mut kept = 0;
    for width in widths.iter_mut() {
        let gap = if kept == 0 { 0 } else { GAP.len() };
        if used + gap + *width > all {
            if used + gap + NARROW <= all {
                *width = all - used - gap;
                kept += 1;
            }
            break;
        }
        used += gap + *width;
        kept += 1;
    }
    widths.truncate(kept.max(1));
}

fn line(
    out: &mut impl Write,
    cells: &[String],
    widths: &[usize],
    look: &Look,
    is_header: bool,
) -> io::Result<()> {
    let mut text = String::new();
    let mut owed = 0;
    for (cell, width) in cells.iter().zip(widths) {
        text.extend(std::iter::repeat_n(' ', owed));
        // A file has every character; a terminal has lines.
        let cell = if look.width.is_some() {
            cut(cell, *width)
        } else {
            cell.clone()
        };
        owed = width.saturating_sub(cell.width()) + GAP.len();
        let is_amount = !is_header && cell.parse::<f64>().is_ok();
        if is_amount {
            // Digits are aligned at the right.
            text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
            owed = GAP.len();
        }
        text += &if is_header { look.bold(&cell) } else { cell };
    }
    writeln!(out, "{}", text.trim_end())
}

/// Returns a text of at most `width` columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(character);
    }
    out + "…"
}

/// Escapes what would move the cursor of a terminal or change its state.
pub(super) fn printable(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let escape = |character: char| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    text.chars().map(escape).collect()
}

/// Prints a line for each field of a value; the fields of its objects have paths.
pub(crate) fn fields(out: &mut impl Write, value: &Json, look: &Look) -> io::Result<()> {
    let mut lines = Vec::new();
    flatten("", value, &mut lines);
    let width = lines.iter().map(|(path, _)| path.width()).max().unwrap_or(0);
    for (path, cell) in lines {
        if path.is_empty() {
            writeln!(out, "{}", printable(&cell))?;
        } else {
            let padding = " ".repeat(width - path.width());
            let text = format!("{}{padding}{GAP}{}", look.bold(&path), printable(&cell));
            writeln!(out, "{}", text.trim_end())?;
        }
    }
    Ok(())
}

fn flatten(path: &str, value: &Json, lines: &mut Vec<(String, String)>) {
    match value {
        Json::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                flatten(&path, value, lines);
            }
        }
        Json::List(items) if items.iter().any(|item| matches!(item, Json::Object(_))) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), item, lines);
            }
        }
        Json::Null => {}
        other => lines.push((path.to_owned(), other.cell())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_do_not_fit_are_dropped_and_the_last_one_is_cut() {
        let mut widths = vec![10, 10, 10];
        fit(&mut widths, 34);
        assert_eq!(widths, [10, 10, 10]);
        fit(&mut widths, 33);
        assert_eq!(widths, [10, 10, 9]);
        fit(&mut widths, 27);
        assert_eq!(widths, [10, 10]);
        fit(&mut widths, 4);
        assert_eq!(widths, [10], "one column is always shown");
        assert_eq!(cut("Zürich-West", 7), "Zürich…");
    }

    #[test]
    fn a_terminal_is_not_moved_by_names() {
        assert_eq!(printable("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
    }

    #[test]
    fn fields_of_fields_have_paths() {
        let json = Json::parse(r#"{"id":"a","to":{"town":"B"},"lines":[{"n":1}],"tags":["x"],"none":null}"#);
        let mut out = Vec::new();
        fields(&mut out, &json.expect("JSON"), &Look::plain()).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(
            text,
            "id          a\nto.town     B\nlines[0].n  1\ntags        [\"x\"]\n"
        );
    }
}
