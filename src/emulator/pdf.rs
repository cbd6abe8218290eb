//! The PDF of an invoice: one page, one built-in font, written by hand.
//!
//! It is a real document that any reader opens, with number, customer, lines and
//! totals. The layout is not that of Sequence. Characters beyond Latin-1 are
//! printed as a question mark, since the built-in fonts lack them.

use super::invoices::{Invoice, Status};
use super::money;

/// Who the emulated invoices come from.
pub(super) const MERCHANT: &str = "Emulated Merchant Ltd";

/// Lines of text that fit on the page.
const PAGE_LINES: usize = 48;

/// Draws an invoice that has been finalized or voided.
pub(super) fn of_invoice(invoice: &Invoice) -> Vec<u8> {
    document(&rows(invoice))
}

fn rows(invoice: &Invoice) -> Vec<String> {
    let amount = |value| format!("{} {}", money::text(value, &invoice.currency), invoice.currency);
    let totals = invoice.totals();
    let mut rows = vec![
        format!("Invoice {}", invoice.number.as_deref().unwrap_or_default()),
        format!("From: {MERCHANT}"),
        format!(
            "To: {}",
            invoice.text("customerLegalCompanyName").unwrap_or_default()
        ),
    ];
    let dates = [("Issued", invoice.issue_date()), ("Due", invoice.due_date)];
    rows.extend(
        dates
            .iter()
            .filter_map(|(name, date)| Some(format!("{name}: {}", (*date)?))),
    );
    if invoice.status == Status::Voided {
        rows.push("VOID".to_owned());
    }
    rows.push(String::new());

    let sum = [
        format!("Net: {}", amount(totals.net)),
        format!("Tax: {}", amount(totals.tax)),
        format!("Total: {}", amount(totals.gross())),
    ];
    let room = PAGE_LINES - rows.len() - sum.len() - 2;
    let hidden = invoice.lines.len().saturating_sub(room);
    for line in invoice.lines.iter().take(room) {
        let net = invoice.totals_of(std::iter::once(line)).net;
        rows.push(format!("{} x {}: {}", line.quantity, line.title(), amount(net)));
    }
    if hidden > 0 {
        rows.push(format!("... and {hidden} more lines"));
    }
    rows.push(String::new());
    rows.extend(sum);
    rows
}

fn document(rows: &[String]) -> Vec<u8> {
    let mut content = b"BT /F1 11 Tf 14 TL 56 786 Td\n".to_vec();
    for row in rows {
        content.push(b'(');
        content.extend(escaped(row));
        content.extend(b") Tj T*\n");
    }
    content.extend(b"ET");

    let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    stream.extend(content);
    stream.extend(b"\nendstream");
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
            .to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        stream,
    ];

    // The comment of high bytes tells transfer programs that the file is binary.
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    // Entries have exactly 20 bytes, with the space before the line feed.
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    for offset in &offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = offsets.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

fn escaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => out.extend([b'\\', c as u8]),
            ' '..='~' | '\u{a0}'..='\u{ff}' => out.push(c as u8),
            _ => out.push(b'?'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{document, escaped};

    #[test]
    fn text_cannot_leave_its_string() {
        assert_eq!(escaped(r"a(b)\"), br"a\(b\)\\");
        assert_eq!(escaped("é\n€"), b"\xe9??");
    }

    #[test]
    fn every_object_stands_where_the_table_says() {
        let pdf = document(&["Invoice (1)".to_owned()]);
        let text: String = pdf.iter().map(|&b| char::from(b)).collect();
        let table = text.split("xref\n0 6\n").nth(1).expect("a table of six");
        for (number, entry) in table.lines().take(6).enumerate().skip(1) {
            let offset: usize = entry[..10].parse().expect("ten digits");
            assert!(
                pdf[offset..].starts_with(format!("{number} 0 obj").as_bytes()),
                "{entry}"
            );
        }
    }
}
