//! The kinds of records.

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)*) => {
        /// A kind of record; each has its own table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Kind {
            /// Every kind, in the order of the tables.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in journals and messages, such as `tax registration`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// An account.
    Account = "account",
    /// The payment settings of the account.
    AccountPaymentSettings = "account payment settings",
    /// An entry of the activity log.
    ActivityLog = "activity log",
    /// What a schedule bills on one day.
    BillingRun = "billing run",
    /// A billing schedule with its phases.
    BillingSchedule = "billing schedule",
    /// The payment settings of a schedule.
    BillingSchedulePaymentSettings = "billing schedule payment settings",
    /// A credit grant.
    CreditGrant = "credit grant",
    /// A credit note.
    CreditNote = "credit note",
    /// What a credit note settles on an invoice.
    CreditNoteApplication = "credit note application",
    /// A line of a credit note.
    CreditNoteLineItem = "credit note line item",
    /// A group of lines of a credit note.
    CreditNoteLineItemGroup = "credit note line item group",
    /// A row in the ledger of a credit grant.
    CreditTransaction = "credit transaction",
    /// A customer.
    Customer = "customer",
    /// A name that identifies a customer in events.
    CustomerAlias = "customer alias",
    /// An owner with its members.
    CustomerOrganization = "customer organization",
    /// The payment settings of a customer.
    CustomerPaymentSettings = "customer payment settings",
    /// A delivered or pending webhook.
    Delivery = "delivery",
    /// A discount of a schedule.
    Discount = "discount",
    /// The first response to an idempotency key.
    IdempotencyKey = "idempotency key",
    /// An invoice.
    Invoice = "invoice",
    /// A line of an invoice.
    InvoiceLineItem = "invoice line item",
    /// A group of lines of an invoice.
    InvoiceLineItemGroup = "invoice line item group",
    /// The payment settings of an invoice.
    InvoicePaymentSettings = "invoice payment settings",
    /// The render settings of invoices.
    InvoiceRenderSettings = "invoice render settings",
    /// A price of the catalogue.
    ListPrice = "list price",
    /// A notification policy.
    NotificationPolicy = "notification policy",
    /// A price.
    Price = "price",
    /// A product.
    Product = "product",
    /// A quote.
    Quote = "quote",
    /// The views of a quote.
    QuoteAnalytics = "quote analytics",
    /// A seat event.
    SeatEvent = "seat event",
    /// A seat metric.
    SeatMetric = "seat metric",
    /// Settings of the collection by Stripe.
    StripeCollectionSettings = "Stripe collection settings",
    /// A tax rate.
    TaxRate = "tax rate",
    /// A tax registration.
    TaxRegistration = "tax registration",
    /// A usage event.
    UsageEvent = "usage event",
    /// A usage metric.
    UsageMetric = "usage metric",
    /// A person with access to the account.
    User = "user",
}

impl Kind {
    /// Returns the kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
