//! Facets: small texts extracted from a record, by which lists filter and sort.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

macro_rules! facets {
    ($($(#[doc = $doc:literal])+ $name:ident,)*) => {
        /// What a facet is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Facet {
            $($(#[doc = $doc])+ $name,)*
        }
    };
}

facets! {
    /// When a quote was accepted.
    AcceptedAt,
    /// The accounting date.
    AccountingDate,
    /// What a usage metric aggregates by.
    AggregationType,
    /// A name that identifies a customer in events.
    Alias,
    /// Whether an approval workflow is active.
    ApprovalWorkflow,
    /// `true` if the record is archived.
    Archived,
    /// Whether invoices are sent without a person.
    AutoSend,
    /// How often a price is billed.
    BillingFrequency,
    /// The schedule that a record belongs to.
    BillingScheduleId,
    /// Who created the record.
    CreatedBy,
    /// The credit note that a record belongs to.
    CreditNoteId,
    /// The currency.
    Currency,
    /// A custom field or property, as key, NUL and value.
    Custom,
    /// The client's own id of an event.
    CustomerEventId,
    /// The customer that a record belongs to.
    CustomerId,
    /// `true` if the record was deleted and is only readable by id.
    Deleted,
    /// When an invoice is due.
    DueDate,
    /// An e-mail address.
    Email,
    /// The last day.
    EndDate,
    /// The property that a metric aggregates.
    EventProperty,
    /// When an event happened.
    EventTimestamp,
    /// The type of an event.
    EventType,
    /// The credit grant that a record belongs to.
    GrantId,
    /// The gross total, as an ordered number.
    GrossTotal,
    /// The place in the printed order, as an ordered number.
    Index,
    /// The invoice that a record belongs to.
    InvoiceId,
    /// The invoice date.
    IssueDate,
    /// The label.
    Label,
    /// The legal name of the customer.
    LegalName,
    /// The list price that a price was made from.
    ListPriceId,
    /// The member of an organization.
    MemberId,
    /// The merchant that a record belongs to.
    MerchantId,
    /// The metric that a record belongs to.
    MetricId,
    /// The name.
    Name,
    /// The net total, as an ordered number.
    NetTotal,
    /// The next day on which the clock has something to do with the record.
    NextDay,
    /// A notification type.
    NotificationType,
    /// The number of an invoice or credit note.
    Number,
    /// The object that an activity is about.
    ObjectId,
    /// The owner of an organization.
    OwnerId,
    /// The payment status.
    PaymentStatus,
    /// The price that a record belongs to.
    PriceId,
    /// The product that a record belongs to.
    ProductId,
    /// How revenue is recognized.
    RecognitionMethod,
    /// The day of the month on which a schedule recurs.
    RecurrenceDay,
    /// A type of seats.
    SeatType,
    /// When it was sent.
    SentAt,
    /// `true` if something changed that the invoice of a billing run does not show yet.
    Stale,
    /// The first day.
    StartDate,
    /// The status.
    Status,
    /// The tax category.
    TaxCategoryId,
    /// The tax rate that a record uses.
    TaxRateId,
    /// A tax identifier.
    TaxIdentifier,
    /// The title.
    Title,
    /// A unique value.
    Value,
    /// Whether every quantity is zero.
    ZeroQuantity,
}

/// The facets of one record.
#[derive(Clone, Debug, Default)]
pub struct Facets(Vec<FacetValue>);

/// One facet of a record.
#[derive(Clone, Debug)]
pub(crate) struct FacetValue {
    pub(crate) facet: Facet,
    pub(crate) is_indexed: bool,
    pub(crate) value: Box<str>,
}

impl Facets {
    /// Adds a facet that is only filtered by. A record may have several values of one facet.
    pub fn add(&mut self, facet: Facet, value: &str) {
        self.push(facet, value, false);
    }

    /// Adds a facet with a kept index: one that lists sort by, or that selects few records of many.
    pub fn index(&mut self, facet: Facet, value: &str) {
        self.push(facet, value, true);
    }

    fn push(&mut self, facet: Facet, value: &str, is_indexed: bool) {
        self.0.push(FacetValue {
            facet,
            is_indexed,
            value: value.into(),
        });
    }

    pub(crate) fn into_values(self) -> Vec<FacetValue> {
        self.0
    }
}

/// A text with the order of an instant.
pub fn instant_key(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A text with the order of a number.
pub fn number_key(number: Decimal) -> String {
    let text = number.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole:0>29}.{fraction}");
    if number.is_sign_positive() || number.is_zero() {
        return format!("1{digits}");
    }
    // Below zero, larger digits are smaller numbers, and so are more digits.
    let complement = |digit: char| match digit.to_digit(10) {
        Some(digit) => char::from(b'9' - digit as u8),
        None => digit,
    };
    format!("0{}:", digits.chars().map(complement).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::number_key;
    use rust_decimal::Decimal;

    #[test]
    fn keys_of_numbers_have_their_order() {
        let numbers = [
            "-79228162514264337593543950335",
            "-10.5",
            "-10.25",
            "-10.2",
            "-10",
            "-9",
            "0",
            "0.0000000000000000000000000001",
            "1",
            "2.5",
            "10",
            "79228162514264337593543950335",
        ];
        let keys: Vec<String> = numbers
            .iter()
            .map(|text| number_key(text.parse::<Decimal>().expect(text)))
            .collect();
        assert!(keys.is_sorted(), "{keys:#?}");
        assert_eq!(number_key(Decimal::new(10, 1)), number_key(Decimal::ONE));
    }
}
