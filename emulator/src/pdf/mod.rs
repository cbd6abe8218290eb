//! PDFs of invoices, credit notes and quotes.
//!
//! A [`Printout`] has what is printed, as texts; [`Printout::pdf`] lays it out on pages of A4. The layout is not the vendor's.
//! The same printout gives the same bytes. Fonts are not embedded, so characters beyond Windows-1252 are question marks.

mod font;
mod layout;
mod page;

/// What is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Printout {
    /// What it is, such as `Invoice`.
    pub(crate) title: String,
    /// Its number.
    pub(crate) number: String,
    /// A large mark, such as `VOID`.
    pub(crate) mark: Option<String>,
    /// Who issues it: name, address, e-mail.
    pub(crate) seller: Vec<String>,
    /// Who receives it.
    pub(crate) customer: Vec<String>,
    /// Dates and references, by their names.
    pub(crate) facts: Vec<(String, String)>,
    /// The table.
    pub(crate) rows: Vec<Row>,
    /// The sums, by their names. The last one is emphasized.
    pub(crate) totals: Vec<(String, String)>,
    /// A text below the sums.
    pub(crate) memo: String,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// The heading of the rows that follow.
    Heading(String),
    /// A line.
    Line {
        /// The title.
        title: String,
        /// More text below the title.
        description: String,
        /// How many units.
        quantity: String,
        /// The price of a unit.
        rate: String,
        /// The tax rate.
        tax: String,
        /// The amount before tax.
        amount: String,
    },
}

impl Printout {
    /// The name of the file: the number, with a hyphen for each character that is not safe in a name.
    pub(crate) fn file_name(&self) -> String {
        let is_safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let safe = |letter: char| if is_safe(letter) { letter } else { '-' };
        format!("{}.pdf", self.number.chars().map(safe).collect::<String>())
    }

    /// The document as the bytes of a PDF.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        page::pdf(&format!("{} {}", self.title, self.number), layout::pages(self))
    }
}

#[cfg(test)]
mod tests {
    use super::{Printout, Row};

    fn printout(lines: usize) -> Printout {
        let line = |number: usize| Row::Line {
            title: format!("Work {number}"),
            description: "in the cloud (".to_owned(),
            quantity: "2".to_owned(),
            rate: "50.00".to_owned(),
            tax: "20%".to_owned(),
            amount: "100.00".to_owned(),
        };
        Printout {
            title: "Invoice".to_owned(),
            number: "SEQ-00001".to_owned(),
            mark: Some("VOID".to_owned()),
            seller: vec!["Example Ltd".to_owned()],
            customer: vec!["Acme Ltd".to_owned(), "Zürich".to_owned()],
            facts: vec![("Issued".to_owned(), "2026-01-01".to_owned())],
            rows: (0..lines).map(line).collect(),
            totals: vec![("Total".to_owned(), "GBP 100.00".to_owned())],
            memo: "Thanks".to_owned(),
        }
    }

    fn text(pdf: &[u8]) -> String {
        // One character for each byte, so that offsets are those of the file.
        let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '?' };
        pdf.iter().map(ascii).collect()
    }

    #[test]
    fn every_object_is_where_the_table_of_the_file_has_it() {
        let pdf = printout(3).pdf();
        let text = text(&pdf);
        assert!(text.starts_with("%PDF-") && text.trim_end().ends_with("%%EOF"));
        let table = text.rsplit("startxref").next().expect("a pointer");
        let table: usize = table
            .trim()
            .lines()
            .next()
            .and_then(|line| line.parse().ok())
            .expect("an offset");
        let mut rows = text[table..].lines().skip(1);
        let count: usize = rows
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok())
            .expect("a count");
        for (number, row) in (0..count).zip(rows).skip(1) {
            let offset: usize = row[..10].parse().expect("ten digits");
            assert!(text[offset..].starts_with(&format!("{number} 0 obj")), "{row}");
        }
    }

    #[test]
    fn everything_is_printed_and_texts_cannot_leave_their_strings() {
        let text = text(&printout(1).pdf());
        for part in [
            "(Invoice)",
            "(SEQ-00001)",
            "(VOID)",
            "(Example Ltd)",
            "(Acme Ltd)",
            "(2026-01-01)",
            "(Work 0)",
            r"(in the cloud \()",
            "(20%)",
            "(GBP 100.00)",
            "(Thanks)",
            "(Page 1 of 1)",
        ] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn long_tables_go_on_to_further_pages_with_their_header() {
        let mut printout = printout(100);
        printout.totals.clear();
        printout.memo.clear();
        let text = text(&printout.pdf());
        let pages = text.matches("/Type /Page\n").count();
        assert!(pages > 2, "{pages} pages");
        assert_eq!(text.matches("(Description)").count(), pages);
        assert!(text.contains(&format!("(Page {pages} of {pages})")));
        for line in 0..100 {
            assert_eq!(text.matches(&format!("(Work {line})")).count(), 1, "line {line}");
        }
    }

    #[test]
    fn a_table_without_lines_and_texts_of_any_length_are_printed() {
        let endless = "x".repeat(20_000);
        let line = Row::Line {
            title: String::new(),
            description: endless.clone(),
            quantity: "9".repeat(28),
            rate: endless.clone(),
            tax: String::new(),
            amount: String::new(),
        };
        for rows in [Vec::new(), vec![line], vec![Row::Heading(endless.clone())]] {
            let printout = Printout {
                facts: vec![("Reference".to_owned(), endless.clone())],
                memo: endless.clone(),
                rows,
                ..printout(0)
            };
            assert!(printout.pdf().starts_with(b"%PDF-"));
        }
    }

    #[test]
    fn the_name_of_the_file_is_safe_in_a_header_and_a_folder() {
        let printout = Printout {
            number: "Q\"1/2 é".to_owned(),
            ..Printout::default()
        };
        assert_eq!(printout.file_name(), "Q-1-2--.pdf");
    }

    #[test]
    fn equal_printouts_are_equal_files() {
        assert_eq!(printout(5).pdf(), printout(5).pdf());
    }
}
