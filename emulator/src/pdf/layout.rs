//! Where everything is on the pages.

use super::font::Font;
use super::page::{HEIGHT, Page, Style, WIDTH};
use super::{Printout, Row};

const LEFT: f32 = 50.0;
const RIGHT: f32 = WIDTH - 50.0;
const TOP: f32 = 64.0;
/// The lowest place of the table.
const BOTTOM: f32 = HEIGHT - 70.0;
const FOOTER: f32 = HEIGHT - 36.0;
/// From one line of text to the next.
const LEADING: f32 = 13.0;
/// Where the column of titles ends.
const TITLE_END: f32 = 300.0;
/// Where the columns of numbers end.
const QUANTITY: f32 = 365.0;
const RATE: f32 = 435.0;
const TAX: f32 = 475.0;
/// The space between two columns.
const GAP: f32 = 6.0;
/// Where the names of facts and sums begin.
const NAMES: f32 = 330.0;
/// The most lines of a fact.
const FACT_LINES: usize = 6;

const NORMAL: Style = style(Font::Regular, 9.5, 0.1);
const STRONG: Style = style(Font::Bold, 9.5, 0.1);
const PALE: Style = style(Font::Regular, 8.5, 0.45);
const TITLE: Style = style(Font::Bold, 22.0, 0.1);
const MARK: Style = style(Font::Bold, 22.0, 0.6);

const fn style(font: Font, size: f32, gray: f32) -> Style {
    Style { font, size, gray }
}

/// The pages so far, and the place on the last one.
struct Layout {
    pages: Vec<Page>,
    page: Page,
    y: f32,
}

pub(super) fn pages(printout: &Printout) -> Vec<Page> {
    let mut layout = Layout {
        pages: Vec::new(),
        page: Page::new(),
        y: TOP,
    };
    layout.head(printout);
    if !printout.rows.is_empty() {
        layout.header();
    }
    for row in &printout.rows {
        layout.row(row);
    }
    layout.totals(&printout.totals);
    layout.memo(&printout.memo);
    layout.finish(&format!("{} {}", printout.title, printout.number))
}

impl Layout {
    /// Title, number, seller, customer and facts.
    fn head(&mut self, printout: &Printout) {
        let page = &mut self.page;
        page.text(LEFT, TOP + 8.0, TITLE, &printout.title);
        if let Some(mark) = &printout.mark {
            let after = LEFT + TITLE.font.width(&format!("{}  ", printout.title), TITLE.size);
            page.text(after, TOP + 8.0, MARK, mark);
        }
        page.text(LEFT, TOP + 28.0, NORMAL, &printout.number);
        let mut seller_end = TOP;
        for (place, line) in printout.seller.iter().enumerate() {
            let style = if place == 0 { STRONG } else { NORMAL };
            for line in style.font.wrapped(line, style.size, RIGHT - NAMES) {
                page.text_before(RIGHT, seller_end, style, &line);
                seller_end += LEADING;
            }
        }
        let start = seller_end.max(TOP + 40.0) + 24.0;
        page.text(LEFT, start, PALE, "To");
        let mut customer_end = start + LEADING + 2.0;
        for (place, line) in printout.customer.iter().enumerate() {
            let style = if place == 0 { STRONG } else { NORMAL };
            for line in style.font.wrapped(line, style.size, TITLE_END - LEFT) {
                page.text(LEFT, customer_end, style, &line);
                customer_end += LEADING;
            }
        }
        let mut facts_end = start + LEADING + 2.0;
        for (name, value) in &printout.facts {
            page.text(NAMES, facts_end, PALE, name);
            let lines = NORMAL.font.wrapped(value, NORMAL.size, RIGHT - NAMES - 90.0);
            for line in lines.iter().take(FACT_LINES) {
                page.text_before(RIGHT, facts_end, NORMAL, line);
                facts_end += LEADING;
            }
        }
        self.y = customer_end.max(facts_end) + 24.0;
    }

    /// The header of the table.
    fn header(&mut self) {
        let y = self.y;
        self.page.text(LEFT, y, PALE, "Description");
        for (x, name) in [
            (QUANTITY, "Quantity"),
            (RATE, "Rate"),
            (TAX, "Tax"),
            (RIGHT, "Amount"),
        ] {
            self.page.text_before(x, y, PALE, name);
        }
        self.page.rule(LEFT, RIGHT, y + 6.0, 0.2);
        self.y += 22.0;
    }

    /// Begins another page unless there is room.
    fn need(&mut self, height: f32) -> bool {
        let needs_page = self.y + height > BOTTOM && self.y > TOP;
        if needs_page {
            self.pages.push(std::mem::replace(&mut self.page, Page::new()));
            self.y = TOP;
        }
        needs_page
    }

    /// Begins another page of the table unless there is room.
    fn need_in_table(&mut self, height: f32) {
        if self.need(height) {
            self.header();
        }
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Heading(heading) => self.heading(heading),
            Row::Line {
                title,
                description,
                quantity,
                rate,
                tax,
                amount,
            } => self.line(title, description, [quantity, rate, tax, amount]),
        }
    }

    fn heading(&mut self, heading: &str) {
        // A heading is not the last of its page.
        self.need_in_table(3.0 * LEADING + 6.0);
        for line in STRONG.font.wrapped(heading, STRONG.size, RIGHT - LEFT) {
            self.need_in_table(LEADING);
            self.page.text(LEFT, self.y, STRONG, &line);
            self.y += LEADING;
        }
        self.y += 4.0;
    }

    fn line(&mut self, title: &str, description: &str, numbers: [&str; 4]) {
        self.need_in_table(LEADING);
        let columns = [TITLE_END, QUANTITY, RATE, TAX, RIGHT];
        for (ends, number) in columns.windows(2).zip(numbers) {
            let width = ends[1] - ends[0] - GAP;
            self.page.number(ends[1], self.y, NORMAL, number, width);
        }
        let cell = |style: Style, text: &str| {
            let lines = style.font.wrapped(text, style.size, TITLE_END - LEFT);
            lines.into_iter().map(move |line| (style, line))
        };
        let mut lines: Vec<_> = cell(NORMAL, title).chain(cell(PALE, description)).collect();
        if lines.is_empty() {
            lines.push((NORMAL, String::new()));
        }
        for (place, (style, line)) in lines.iter().enumerate() {
            if place > 0 {
                self.need_in_table(LEADING);
            }
            self.page.text(LEFT, self.y, *style, line);
            self.y += LEADING;
        }
        self.page.rule(LEFT, RIGHT, self.y - 6.0, 0.85);
        self.y += 7.0;
    }

    fn totals(&mut self, totals: &[(String, String)]) {
        self.need(totals.len() as f32 * 16.0 + 12.0);
        self.y += 8.0;
        for (place, (name, value)) in totals.iter().enumerate() {
            let is_last = place + 1 == totals.len();
            if is_last {
                self.page.rule(NAMES, RIGHT, self.y - 11.0, 0.2);
            }
            let style = if is_last { STRONG } else { NORMAL };
            self.page.text(NAMES, self.y, style, name);
            self.page
                .number(RIGHT, self.y, style, value, RIGHT - NAMES - 60.0);
            self.y += 16.0;
        }
    }

    fn memo(&mut self, memo: &str) {
        self.y += 14.0;
        for line in NORMAL.font.wrapped(memo, NORMAL.size, RIGHT - LEFT) {
            self.need(LEADING);
            self.page.text(LEFT, self.y, NORMAL, &line);
            self.y += LEADING;
        }
    }

    /// Adds the footers, which name the number of pages.
    fn finish(mut self, name: &str) -> Vec<Page> {
        self.pages.push(self.page);
        let count = self.pages.len();
        for (number, page) in (1..).zip(&mut self.pages) {
            page.text(LEFT, FOOTER, PALE, name);
            page.text_before(RIGHT, FOOTER, PALE, &format!("Page {number} of {count}"));
        }
        self.pages
    }
}
