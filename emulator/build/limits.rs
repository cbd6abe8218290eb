//! Differences between versions that only descriptions in the document state.
//!
//! A member or value that is not listed exists in every version.

/// The versions of which each bit of a mask is one, the oldest in the lowest bit.
pub(crate) const VERSIONS: [&str; 3] = ["2024-01-01", "2024-05-09", "2024-07-30"];

const FIRST: u8 = 0b001;
const SECOND: u8 = 0b010;
const LATEST: u8 = 0b100;
const FORMER: u8 = FIRST | SECOND;
const NOT_FIRST: u8 = SECOND | LATEST;

/// A schema, names in it, and the versions that they belong to.
pub(crate) type Limit = (&'static str, &'static [&'static str], u8);

/// The versions that have a value of an enum.
pub(crate) const VALUES: &[Limit] = &[
    ("InvoicePaymentStatus", &["FAILED"], FIRST),
    ("InvoiceSortBy", &["DUE_DATE", "ISSUE_DATE"], LATEST),
    ("UsageCalculationFrequency", &["HALF_YEARLY"], LATEST),
    ("SeatProrationStrategy", &["USE_FIRST"], FIRST),
    ("CustomParameterType", &["NUMBER", "POSITIVE_NUMBER"], LATEST),
    ("CreditNoteStatus", &["IN_PROGRESS"], LATEST),
    (
        "NotificationType",
        &[
            "CUSTOMER_DELETED",
            "BILLING_SCHEDULE_DELETED",
            "NOTIFICATION_SENT",
            "MERCHANT_CUSTOM_FIELDS_CREATED",
            "MERCHANT_CUSTOM_FIELDS_UPDATED",
            "MERCHANT_CUSTOM_FIELDS_DELETED",
        ],
        FORMER,
    ),
    (
        "AssetFormat",
        &[
            "JPG", "CSV", "TXT", "RTF", "MD", "XLS", "XLSX", "XLSM", "DOC", "DOCX", "ZIP", "ODT", "ODS",
        ],
        LATEST,
    ),
];

/// The versions that have a property.
pub(crate) const PROPERTIES: &[Limit] = &[
    ("IntegrationId", &["isPending"], LATEST),
    ("Invoice", &["isCustomerArchived"], NOT_FIRST),
    ("Invoice", &["updatedAt"], LATEST),
    ("InvoiceCreate", &["attachmentAssetIds"], LATEST),
    ("InvoiceUpdate", &["currency", "attachmentAssetIds"], LATEST),
    ("InvoicePatch", &["attachmentAssetIds"], LATEST),
    (
        "InvoiceLineItem",
        &["productId", "revenueRecognitionMethod"],
        LATEST,
    ),
    ("InvoiceLineItemCreate", &["revenueRecognitionMethod"], LATEST),
    ("InvoiceLineItemUpdate", &["revenueRecognitionMethod"], LATEST),
    ("InvoiceLineItemGroup", &["taxCategory"], NOT_FIRST),
    ("InvoiceLineItemGroupCreate", &["taxCategoryId"], NOT_FIRST),
    (
        "InvoiceLineItemGroupCreate",
        &[
            "revenueClassification",
            "revenueRecognitionMethod",
            "servicePeriod",
        ],
        LATEST,
    ),
    ("InvoiceLineItemGroupUpdate", &["taxCategoryId"], NOT_FIRST),
    (
        "InvoiceLineItemGroupUpdate",
        &[
            "index",
            "revenueClassification",
            "revenueRecognitionMethod",
            "servicePeriod",
        ],
        LATEST,
    ),
    (
        "Customer",
        &["domain", "organizations", "contacts", "customProperties"],
        LATEST,
    ),
    ("Customer", &["integrationIds"], NOT_FIRST),
    ("Customer", &["email", "billingEmails"], FORMER),
    ("Customer", &["sequenceAccountId", "externalIds"], FIRST),
    (
        "CustomerAliasCreate",
        &["sequenceAccountId", "archivedAt", "deletedAt"],
        FORMER,
    ),
    ("TaxRate", &["updatedAt"], LATEST),
    ("TaxRateCreate", &["subRates"], FIRST),
    ("TaxRateUpdate", &["subRates"], FIRST),
    ("Product", &["taxCategoryId"], LATEST),
    ("Product", &["sequenceAccountId"], FIRST),
    ("ProductCreate", &["taxCategoryId"], LATEST),
    ("ProductUpdate", &["taxCategoryId"], LATEST),
    ("Price", &["status"], LATEST),
    ("Price", &["integrationIds", "customMetricParameters"], NOT_FIRST),
    ("Price", &["externalIds", "parameters"], FIRST),
    ("Price", &["sequenceAccountId"], FORMER),
    ("Price", &["deletedAt"], SECOND),
    (
        "PriceCreate",
        &["integrationIds", "customMetricParameters"],
        NOT_FIRST,
    ),
    ("PriceCreate", &["externalIds", "parameters"], FIRST),
    ("PriceUpdate", &["status"], LATEST),
    (
        "BillingProduct",
        &["taxCategoryName", "recognitionMethod"],
        LATEST,
    ),
    ("SeatBasedPricing", &["prorateFlatFees"], LATEST),
    (
        "SeatBasedPricing",
        &["seatTypeId", "includedSeats", "chargeMethod"],
        FIRST,
    ),
    ("SeatTier", &["isPricePercentage"], FIRST),
    (
        "BillingSchedule",
        &[
            "sequenceAccountId",
            "type",
            "planId",
            "priceIds",
            "timeTravellerId",
        ],
        FORMER,
    ),
    (
        "BillingSchedule",
        &["integrationIds", "attachmentAssets"],
        NOT_FIRST,
    ),
    ("BillingScheduleUpdate", &["attachmentAssetIds"], NOT_FIRST),
    (
        "BillingScheduleUpdate",
        &["type", "effectiveFrom", "priceIds"],
        FORMER,
    ),
    (
        "Phase",
        &["name", "recurrencePreference", "phasePriceMetadata"],
        LATEST,
    ),
    (
        "PhaseInput",
        &[
            "name",
            "externalContractRef",
            "creditGrants",
            "listPriceIds",
            "recurrencePreference",
            "phasePriceMetadata",
            "phaseListPriceMetadata",
        ],
        LATEST,
    ),
    ("EmbeddedDiscount", &["id", "seatDiscountType"], LATEST),
    ("DiscountInput", &["seatDiscountType"], LATEST),
    ("Discount", &["seatDiscountType"], LATEST),
    ("BillingSchedulePaymentSettings", &["autoCharge"], LATEST),
    ("BillingSchedulePaymentSettingsCreate", &["autoCharge"], LATEST),
    ("BillingSchedulePaymentSettingsUpdate", &["autoCharge"], LATEST),
    ("CreditGrant", &["creditNoteId", "integrationIds"], LATEST),
    ("CreditCreate", &["createInvoice"], LATEST),
    (
        "CreditNote",
        &["accountingDate", "applicationStatus", "balance", "settings"],
        LATEST,
    ),
    ("CreditNoteCreate", &["accountingDate"], LATEST),
    ("CreditNoteUpdate", &["accountingDate", "settings"], LATEST),
    (
        "CreditNoteLineItem",
        &[
            "productId",
            "servicePeriod",
            "revenueRecognitionMethod",
            "revenueClassification",
        ],
        LATEST,
    ),
    (
        "CreditNoteLineItemCreate",
        &[
            "invoiceLineItemIds",
            "servicePeriod",
            "revenueClassification",
            "productId",
        ],
        LATEST,
    ),
    (
        "CreditNoteLineItemUpdate",
        &["servicePeriod", "revenueClassification", "productId"],
        LATEST,
    ),
    (
        "AccountUpdate",
        &[
            "companyName",
            "companyNumber",
            "country",
            "sendCustomerNotifications",
        ],
        LATEST,
    ),
    ("User", &["roles"], LATEST),
];

/// The versions that require a property in requests, where that differs from `required`.
pub(crate) const REQUIRED_IN_REQUESTS: &[Limit] = &[
    ("CustomerAliasCreate", &["sequenceAccountId"], FORMER),
    ("PriceCreate", &["externalIds"], FIRST),
    (
        "SeatBasedPricing",
        &["seatMetricId", "contractedMinimumSeats"],
        NOT_FIRST,
    ),
    ("BillingScheduleUpdate", &["type"], FORMER),
    // Older versions accept `priceIds` instead.
    ("BillingScheduleUpdate", &["phases"], LATEST),
    ("AccountUpdate", &["alertEmailAddresses"], FORMER),
];
