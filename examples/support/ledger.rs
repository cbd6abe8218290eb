//! A table with aligned columns and a line of totals.

/// The heading of a column, and on which side its cells are aligned.
pub(crate) enum Column {
    Left(&'static str),
    Right(&'static str),
}

impl Column {
    fn heading(&self) -> &'static str {
        match self {
            Self::Left(heading) | Self::Right(heading) => heading,
        }
    }

    fn align(&self, cell: &str, width: usize) -> String {
        match self {
            Self::Left(_) => format!("{cell:<width$}"),
            Self::Right(_) => format!("{cell:>width$}"),
        }
    }
}

/// Rows that are printed once all of them are known, so that the columns are as wide as they need to be.
pub(crate) struct Ledger<const N: usize> {
    title: String,
    columns: [Column; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Ledger<N> {
    pub(crate) fn new(title: impl Into<String>, columns: [Column; N]) -> Self {
        Self {
            title: title.into(),
            columns,
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    /// Prints the title, the headings, the rows, and the totals below them.
    pub(crate) fn print(&self, totals: [String; N]) {
        let headings = self.columns.each_ref().map(|column| column.heading().to_owned());
        let all = || self.rows.iter().chain([&headings, &totals]);
        let widths: [usize; N] =
            std::array::from_fn(|place| all().map(|row| row[place].chars().count()).max().unwrap_or(0));
        let line = |row: &[String; N]| {
            let cells = self.columns.iter().zip(row).zip(widths);
            let cells: Vec<String> = cells
                .map(|((column, cell), width)| column.align(cell, width))
                .collect();
            println!("  {}", cells.join("  ").trim_end());
        };
        let rule = || println!("  {}", widths.map(|width| "-".repeat(width)).join("  "));
        println!("\n{}\n", self.title);
        line(&headings);
        rule();
        self.rows.iter().for_each(&line);
        rule();
        line(&totals);
    }
}
