//! Whole invoices, with every field that the document knows and values of usual length.

use std::fmt::Write as _;

/// How many invoices a page has.
pub(crate) const ON_A_PAGE: usize = 100;

/// One invoice as compact JSON.
pub(crate) fn invoice(number: usize) -> String {
    let address = r#"{"line1":"12 Long Acre","line2":"Third floor","town":"Springfield","state":"CA","postcode":"WC2E 9LH","country":"GB"}"#;
    let id = |kind: usize| format!("6cedbb5e-4f77-4217-{kind:04x}-{number:012x}");
    let euros = 1_000 + number;
    let mut json = String::new();
    write!(
        json,
        r#"{{"id":"{invoice}","status":"SENT","paymentStatus":"PARTIALLY_PAID","invoiceNumber":"INV-{number:06}","customerId":"{customer}","customerLegalCompanyName":"Example Trading Company Ltd","customerEmails":["billing@example.com","finance@example.com"],"customerBillingAddress":{address},"customerShippingAddress":{address},"customerTaxId":"GB123456789","customerTaxStatus":"TAXED","isCustomerArchived":false,"accountingDate":"2026-02-28","issueDate":"2026-03-01","dueDate":"2026-03-31","dueDateSource":"CALCULATED","paymentTermDays":30,"billingPeriod":{{"start":"2026-02-01","endInclusive":"2026-02-28"}},"currency":"GBP","netTotal":"{euros}.50","totalTax":"200.10","grossTotal":"{euros}.60","balance":"500.00","balanceVersion":3,"#,
        invoice = id(1),
        customer = id(2),
    )
    .expect("text can be written to");
    write!(
        json,
        r#""appliedCreditNotes":[{{"id":"{note}","creditNoteNumber":"CN-{number:06}","netTotal":"10.00","totalTax":"2.00","grossTotal":"12.00","lineItems":[{{"name":"Platform fee","netTotal":"10.00","grossTotal":"12.00","invoiceLineItemIds":["{line}"]}}]}}],"appliedCreditGrants":[{{"creditGrantId":"{grant}","creditGrantName":"Welcome credit","amount":"25.00","taxAmount":"5.00","status":"APPLIED"}}],"projectedCreditGrants":[{{"creditGrantId":"{grant}","creditGrantName":"Welcome credit","amount":"25.00"}}],"paymentAllocations":[{{"paymentId":"{payment}","amount":"100.00","paidAt":"2026-03-05T09:30:00Z","allocatedAt":"2026-03-05T09:31:12.123Z","origin":"STRIPE"}}],"integrationPaymentStatuses":{{"stripe":"PENDING","goCardless":"PAID"}},"creditNoteIds":["{note}"],"creditBalances":"SHOW","paymentOptions":["BANK_TRANSFER","LINK"],"dunningStatus":"SCHEDULED","purchaseOrderNumber":"PO-7781","reference":"Contract 2026/17","memo":"Thank you for your business.","metadata":[{{"key":"region","value":"emea"}},{{"key":"owner","value":"team-7"}}],"attachmentAssets":[{{"id":"{asset}","createdBy":"{user}","type":"DOCUMENT","format":"PDF","fileName":"terms.pdf","fileSizeBytes":48213,"url":"https://files.example.com/terms.pdf","createdAt":"2026-02-28T09:30:00Z"}}],"#,
        note = id(3),
        line = id(4),
        grant = id(5),
        payment = id(6),
        asset = id(7),
        user = id(8),
    )
    .expect("text can be written to");
    write!(
        json,
        r#""billingScheduleId":"{schedule}","billingRunId":"{run}","linkedServices":[{{"externalId":"in_1Q2w3E4r","externalService":"Stripe","syncTime":"2026-03-01T00:00:10Z","externalUrl":"https://example.com/in_1Q2w3E4r"}}],"sequenceAccountId":"{account}","merchantDetails":{{"legalCompanyName":"Merchant Ltd","address":{address},"email":"accounts@example.com","phoneNumber":"+44 20 7946 0000","taxId":"GB987654321","customFields":[{{"key":"Company number","value":"01234567"}}],"logoUrl":"https://files.example.com/logo.png","primaryColour":"112233","includeBeneficiaryAddressInPaymentDetails":true,"iban":"GB33BUKB20201555555555","ukAccountDetails":{{"sortCode":"202015","accountNumber":"55555555"}},"usAchDetails":{{"accountNumber":"000123456","accountName":"Merchant Ltd","bankName":"First Bank","bankRoutingNumber":"110000000"}},"usWireDetails":{{"accountNumber":"000123456","accountName":"Merchant Ltd","bankName":"First Bank","bankRoutingNumber":"110000000","swiftCode":"FRSTUS33","bankAddress":{address}}},"caBankAccountDetails":{{"transitNumber":"00012","institutionNumber":"003","accountNumber":"1234567"}},"canadianInternationalDestination":{{"legalName":"Merchant Ltd","accountNumber":"1234567","transitNumber":"00012","institutionNumber":"003","swiftCode":"FRSTCATT","bankName":"First Bank","bankAddress":{address},"intermediaryBank":{{"bankName":"Between Bank","bankAddress":{address},"swiftCode":"BTWNUS33","routingNumber":"021000000"}}}},"australianDestination":{{"legalName":"Merchant Ltd","accountNumber":"12345678","swiftCode":"FRSTAU2S","bsb":"062000"}},"swedishBankgiroDestination":{{"bankgiroNumber":"5050-1055","accountName":"Merchant AB"}}}},"renderSettings":{{"paymentLinkDisplay":"SHOW_PAYMENT_LINK"}},"createdAt":"2026-02-28T09:30:00Z","updatedAt":"2026-03-01T00:00:00Z","calculatedAt":"2026-03-01T00:00:00.250Z"}}"#,
        schedule = id(9),
        run = id(10),
        account = id(11),
    )
    .expect("text can be written to");
    json
}

/// A page of 100 invoices.
pub(crate) fn page() -> String {
    page_without_end() + &end_of_page(Some(1))
}

/// A page up to where its cursor stands, so that a server need not make the invoices again.
pub(crate) fn page_without_end() -> String {
    let invoices: Vec<String> = (0..ON_A_PAGE).map(invoice).collect();
    format!(r#"{{"items":[{}],"pagination":"#, invoices.join(","))
}

/// The rest of a page, with the number of the next one for a cursor.
pub(crate) fn end_of_page(next: Option<usize>) -> String {
    match next {
        Some(next) => format!(r#"{{"after":"{next}","totalResultSize":100000}}}}"#),
        None => r#"{"totalResultSize":100000}}"#.to_owned(),
    }
}
