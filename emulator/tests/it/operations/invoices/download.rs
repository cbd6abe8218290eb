//! The PDF of an invoice.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::Content;
use serde_json::json;

use super::{Story, line};

fn printed(story: &Story, invoice: &str) -> (String, String, String) {
    let path = [("id", invoice)];
    let response = story.account.call(Operation::InvoiceDownload, &path, "", None);
    let Content::Pdf { file_name, bytes } = response.content else {
        panic!("{:?}", response.content);
    };
    let text = bytes.iter().map(|byte| char::from(*byte)).collect();
    (file_name, text, response.assumed.to_string())
}

#[test]
fn a_final_invoice_is_printed_with_its_lines_and_sums() {
    let story = Story::new();
    let invoice = story.draft_with(json!({
        "memo": "Thanks", "purchaseOrderNumber": "PO 7", "reference": "R 1",
        "billingPeriod": {"start": "2026-01-01", "endInclusive": "2026-01-31"},
    }));
    let group = json!({"title": "Services"});
    let group = story.line(Operation::InvoiceLineItemGroupCreate, &invoice, &group);
    let mut grouped = line("2.50", "50.00", "20");
    grouped["groupId"] = group["id"].clone();
    grouped["title"] = "Support".into();
    grouped["servicePeriod"] = json!({"startDate": "2026-01-01", "endDate": "2026-01-31"});
    story.line(Operation::InvoiceLineItemCreate, &invoice, &grouped);
    let mut share = line("200", "0.025", "0");
    share["rateDisplay"] = "PERCENTAGE".into();
    story.line(Operation::InvoiceLineItemCreate, &invoice, &share);
    story.act(Operation::InvoiceFinalize, &invoice);
    let (file_name, text, assumed) = printed(&story, &invoice);
    assert_eq!((file_name.as_str(), assumed.as_str()), ("SEQ-00001.pdf", "A1"));
    for part in [
        "(Invoice)",
        "(SEQ-00001)",
        "(Example Ltd)",
        "(Acme Ltd)",
        "(London)",
        "(EC1A 1AA GB)",
        "(2026-01-31)",
        "(2026-01-01 to 2026-01-31)",
        "(PO 7)",
        "(R 1)",
        "(Services)",
        "(Support)",
        "(2.5)",
        "(50.00)",
        "(20%)",
        "(2.5%)",
        "(125.00)",
        "(130.00 GBP)",
        "(25.00 GBP)",
        "(155.00 GBP)",
        "(Thanks)",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("(VOID)"));
    let place = |part: &str| text.find(part).expect("it is printed");
    assert!(place("(Work)") < place("(Services)") && place("(Services)") < place("(Support)"));
}

#[test]
fn a_draft_has_no_pdf_and_a_void_invoice_is_marked() {
    let story = Story::new();
    for status in ["DRAFT", "IN_PROGRESS"] {
        let invoice = story.invoice_in(status);
        let path = [("id", invoice.as_str())];
        let refused = story.account.refused(Operation::InvoiceDownload, &path, "", None);
        assert_eq!(
            (refused.status, refused.kind.as_str(), refused.assumed.as_str()),
            (400, "IllegalState", "A1")
        );
    }
    let invoice = story.invoice_in("VOIDED");
    assert!(printed(&story, &invoice).1.contains("(VOID)"));
}
