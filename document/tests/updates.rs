//! What the bodies of the shipped document are made of.

use sequencehq_document::updates::{self, Obstacle, Pair};
use sequencehq_document::{Document, model, shipped};

/// Every PUT and PATCH, with the resource of which its body can be made, or the reason why it cannot.
const OPERATIONS: &str = "\
invoice_update: InvoiceUpdate of Invoice
invoice_patch: it keeps what is not sent
invoice_update_payment_status: InvoiceUpdatePaymentStatus of Invoice
invoice_patch_sent: it keeps what is not sent
invoice_line_item_group_update: InvoiceLineItemGroupUpdate of InvoiceLineItemGroup
invoice_line_item_update: InvoiceLineItemUpdate of InvoiceLineItem
invoice_render_settings_update: InvoiceRenderSettingsUpdate of InvoiceRenderSettings
invoice_payment_settings_update: InvoicePaymentSettingsUpdate of InvoicePaymentSettings
customer_update: CustomerUpdate of Customer
contact_update: ContactUpdate of Contact
customer_alias_update: CustomerAliasUpdate of CustomerAlias
customer_organization_replace_members: CustomerOrganizationReplaceMembers of CustomerOrganization
customer_payment_settings_update: CustomerPaymentSettingsUpdate of CustomerPaymentSettings
tax_rate_update: TaxRateUpdate of TaxRate
tax_registration_update: TaxRegistrationUpdate of TaxRegistration
product_update: ProductUpdate of Product
list_price_update: ListPriceUpdate of ListPrice
price_update: PriceUpdate of Price
usage_metric_update: UsageMetricUpdate of UsageMetric
seat_metric_update: SeatMetricUpdate of SeatMetric
billing_schedule_update: BillingScheduleUpdate of BillingSchedule
billing_schedule_activate: it has no body
billing_schedule_payment_settings_update: BillingSchedulePaymentSettingsUpdate of BillingSchedulePaymentSettings
discount_update: DiscountUpdate of Discount
credit_note_update: CreditNoteUpdate of CreditNote
credit_note_line_item_update: CreditNoteLineItemUpdate of CreditNoteLineItem
credit_note_line_item_group_update: CreditNoteLineItemGroupUpdate of CreditNoteLineItemGroup
account_update: AccountUpdate of Account
account_payment_settings_update: AccountPaymentSettingsUpdate of AccountPaymentSettings
stripe_collection_settings_update: StripeCollectionSettingsUpdate of StripeCollectionSettings
";

/// The properties of bodies, and of the objects in them, that no resource has.
const MISSING: &str = "\
InvoiceLineItemGroupUpdate: revenueClassification, revenueRecognitionMethod, servicePeriod
CustomerUpdate: customerAliases, parentId, pushToIntegrations
BillingScheduleUpdate: effectiveFrom
PhaseInput: listPriceIds, phaseListPriceMetadata
";

/// The properties that a body, or an object in it, requires, and that the resource may lack.
const MAY_LACK: &str = "\
ContactUpdate: name, billingPreference
ListPriceUpdate: currency
BillingScheduleUpdate: taxRates
ContactInput: name, billingPreference
";

fn document() -> Document {
    Document::read(&shipped()).expect("the document is valid")
}

#[test]
fn every_put_has_a_body_that_can_be_made_or_a_reason() {
    let root = document().root;
    let operations = model::operations(&root);
    let lines = operations.iter().filter_map(|operation| {
        let what = match updates::outcome(&root, operation)? {
            Ok((body, resource)) => format!("{body} of {resource}"),
            Err(obstacle) => format!("it {obstacle}"),
        };
        Some(format!("{}: {what}\n", operation.id))
    });
    assert_eq!(lines.collect::<String>(), OPERATIONS);
}

#[test]
fn what_is_not_carried_over_is_known() {
    let pairs = updates::pairs(&document().root);
    let listed = |names: fn(&Pair) -> Vec<&str>| -> String {
        let lines = pairs.iter().filter(|pair| !names(pair).is_empty());
        lines
            .map(|pair| format!("{}: {}\n", pair.body, names(pair).join(", ")))
            .collect()
    };
    let missing = listed(|pair| pair.missing.iter().map(String::as_str).collect());
    assert_eq!(missing, MISSING);
    let may_lack = listed(|pair| {
        let lacking = pair.carried.iter().filter(|carried| carried.may_lack);
        lacking.map(|carried| carried.name.as_str()).collect()
    });
    assert_eq!(may_lack, MAY_LACK);
}

type Outcome = Option<Result<(String, String), Obstacle>>;

/// A document with one PUT, whose body is `To` and whose response is `From`.
fn pairs(schemas: &str) -> (Outcome, Vec<Pair>) {
    let text = format!(
        "paths:\n  /things:\n    put:\n      operationId: thing_update\n      requestBody:\n        \
         content: {{application/json: {{schema: {{$ref: '#/components/schemas/To'}}}}}}\n      responses:\n        \
         '200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/From'}}}}}}}}\ncomponents:\n  \
         schemas:\n{schemas}"
    );
    let root = Document::parse("x.yaml", &text)
        .expect("the document is YAML")
        .root;
    let operations = model::operations(&root);
    (updates::outcome(&root, &operations[0]), updates::pairs(&root))
}

#[test]
fn other_types_do_not_belong_together() {
    for (to, from) in [
        ("type: string", "type: boolean"),
        ("type: string", "type: string, format: date"),
        ("type: string", "type: array, items: {type: string}"),
        (
            "type: object, additionalProperties: {type: string}",
            "type: array, items: {type: string}",
        ),
        (
            "$ref: '#/components/schemas/Pace'",
            "$ref: '#/components/schemas/Speed'",
        ),
        (
            "$ref: '#/components/schemas/Way'",
            "$ref: '#/components/schemas/Road'",
        ),
        (
            "$ref: '#/components/schemas/Needy'",
            "$ref: '#/components/schemas/Poor'",
        ),
        ("type: string, x-from: other", "type: string"),
        (
            "type: string, x-from: same.name",
            "$ref: '#/components/schemas/Poor'",
        ),
    ] {
        let (outcome, pairs) = pairs(&format!(
            "    To: {{properties: {{same: {{{to}}}}}}}\n    From: {{properties: {{same: {{{from}}}}}}}
    Pace: {{type: string, enum: [A]}}
    Speed: {{type: string, enum: [A]}}
    Way: {{oneOf: []}}
    Road: {{oneOf: []}}
    Needy: {{required: [id], properties: {{id: {{type: string}}, name: {{type: string}}}}}}
    Poor: {{properties: {{name: {{type: string}}}}}}\n"
        ));
        assert_eq!(outcome, Some(Err(Obstacle::NothingInCommon)), "{to} of {from}");
        assert_eq!(pairs, [], "{to} of {from}");
    }
}

#[test]
fn objects_that_contain_themselves_are_made_of_each_other() {
    let (outcome, pairs) = pairs(
        "    To: {properties: {parts: {type: array, items: {$ref: '#/components/schemas/To'}}}}
    From: {properties: {parts: {type: array, items: {$ref: '#/components/schemas/From'}}}}\n",
    );
    assert_eq!(outcome, Some(Ok(("To".to_owned(), "From".to_owned()))));
    assert_eq!(pairs.len(), 1);
}

#[test]
fn a_body_that_is_no_object_is_not_made() {
    let to = |to: &str| pairs(&format!("    To: {{{to}}}\n    From: {{properties: {{}}}}\n")).0;
    assert_eq!(to("oneOf: []"), Some(Err(Obstacle::Union)));
    assert_eq!(to("properties: {}"), Some(Err(Obstacle::NothingInCommon)));
    let from = pairs("    To: {properties: {}}\n    From: {oneOf: []}\n").0;
    assert_eq!(from, Some(Err(Obstacle::NoResource)));
}
