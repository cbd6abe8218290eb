//! Pages with texts and rules, and how they become a file.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::font::{Font, encoded};

/// The size of a page of A4 in points.
pub(super) const WIDTH: f32 = 595.0;
pub(super) const HEIGHT: f32 = 842.0;

const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

/// A page. Places are in points from the upper left corner; those of texts are of their baseline.
pub(super) struct Page(Content);

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) font: Font,
    pub(super) size: f32,
    /// From 0, which is black, to 1, which is white.
    pub(super) gray: f32,
}

impl Page {
    pub(super) fn new() -> Self {
        Self(Content::new())
    }

    /// Prints a text that starts at `x`.
    pub(super) fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let font = match style.font {
            Font::Regular => REGULAR,
            Font::Bold => BOLD,
        };
        let content = &mut self.0;
        content.set_fill_gray(style.gray);
        content.begin_text();
        content.set_font(font, style.size);
        content.next_line(x, HEIGHT - y);
        content.show(Str(&encoded(text)));
        content.end_text();
    }

    /// Prints a text that ends at `x`.
    pub(super) fn text_before(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.text(x - style.font.width(text, style.size), y, style, text);
    }

    /// Prints a text that ends at `x`, small enough to be at most this wide.
    pub(super) fn number(&mut self, x: f32, y: f32, style: Style, text: &str, width: f32) {
        let wanted = style.font.width(text, style.size);
        let size = if wanted > width {
            style.size * width / wanted
        } else {
            style.size
        };
        self.text_before(x, y, Style { size, ..style }, text);
    }

    /// Draws a horizontal line.
    pub(super) fn rule(&mut self, from: f32, to: f32, y: f32, gray: f32) {
        let content = &mut self.0;
        content.set_stroke_gray(gray);
        content.set_line_width(0.7);
        content.move_to(from, HEIGHT - y);
        content.line_to(to, HEIGHT - y);
        content.stroke();
    }
}

/// Writes the file.
pub(super) fn pdf(title: &str, pages: Vec<Page>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut next = 0;
    let mut new_ref = || {
        next += 1;
        Ref::new(next)
    };
    let [catalog, tree, info, regular, bold] = std::array::from_fn(|_| new_ref());
    let refs: Vec<(Ref, Ref)> = pages.iter().map(|_| (new_ref(), new_ref())).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(TextStr(title));
    let count = i32::try_from(refs.len()).unwrap_or(i32::MAX);
    pdf.pages(tree)
        .kids(refs.iter().map(|(page, _)| *page))
        .count(count);
    for (name, font) in [(&b"Helvetica"[..], regular), (b"Helvetica-Bold", bold)] {
        let mut font = pdf.type1_font(font);
        font.base_font(Name(name));
        font.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for ((page_ref, content_ref), page) in refs.into_iter().zip(pages) {
        let mut written = pdf.page(page_ref);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        written.parent(tree);
        written.contents(content_ref);
        let mut resources = written.resources();
        resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
        resources.finish();
        written.finish();
        pdf.stream(content_ref, &page.0.finish());
    }
    pdf.finish()
}
