//! What the emulator does about each operation: one line each, sorted by group.
//!
//! The match is exhaustive, so that an operation that is added to the document does not compile before it is classified.

use crate::contract::Operation;

use super::entry::Entry;
use super::{
    accounts, activity_logs, list_prices, notification_policies, products, tax_registrations, users,
};

/// The row of an operation.
#[rustfmt::skip]
pub fn entry(operation: Operation) -> Entry {
    match operation {
        // Account payment settings.
        Operation::AccountPaymentSettingsGet => Entry::PENDING,
        Operation::AccountPaymentSettingsUpdate => Entry::PENDING,
        // Accounts.
        Operation::AccountGet => accounts::GET,
        Operation::AccountList => accounts::LIST,
        Operation::AccountUpdate => accounts::UPDATE,
        // Activity logs.
        Operation::ActivityLogGet => activity_logs::GET,
        Operation::ActivityLogList => activity_logs::LIST,
        // Billing products.
        Operation::BillingProductList => Entry::PENDING,
        // Billing schedule payment settings.
        Operation::BillingSchedulePaymentSettingsCreate => Entry::PENDING,
        Operation::BillingSchedulePaymentSettingsDelete => Entry::PENDING,
        Operation::BillingSchedulePaymentSettingsGet => Entry::PENDING,
        Operation::BillingSchedulePaymentSettingsGetForBillingSchedule => Entry::PENDING,
        Operation::BillingSchedulePaymentSettingsUpdate => Entry::PENDING,
        // Billing schedules.
        Operation::BillingScheduleActivate => Entry::PENDING,
        Operation::BillingScheduleArchive => Entry::PENDING,
        Operation::BillingScheduleCreate => Entry::PENDING,
        Operation::BillingScheduleCustomFieldKeyList => Entry::PENDING,
        Operation::BillingScheduleDuplicate => Entry::PENDING,
        Operation::BillingScheduleGet => Entry::PENDING,
        Operation::BillingScheduleList => Entry::PENDING,
        Operation::BillingScheduleUpdate => Entry::PENDING,
        Operation::BillingScheduleValidateTaxes => Entry::PENDING,
        // Contacts.
        Operation::ContactArchive => Entry::PENDING,
        Operation::ContactCreate => Entry::PENDING,
        Operation::ContactList => Entry::PENDING,
        Operation::ContactUpdate => Entry::PENDING,
        // Credit note applications.
        Operation::CreditNoteApplicationCreate => Entry::PENDING,
        // Credit note line item groups.
        Operation::CreditNoteLineItemGroupCreate => Entry::PENDING,
        Operation::CreditNoteLineItemGroupDelete => Entry::PENDING,
        Operation::CreditNoteLineItemGroupList => Entry::PENDING,
        Operation::CreditNoteLineItemGroupUpdate => Entry::PENDING,
        // Credit note line items.
        Operation::CreditNoteLineItemCreate => Entry::PENDING,
        Operation::CreditNoteLineItemDelete => Entry::PENDING,
        Operation::CreditNoteLineItemList => Entry::PENDING,
        Operation::CreditNoteLineItemUpdate => Entry::PENDING,
        // Credit notes.
        Operation::CreditNoteCreate => Entry::PENDING,
        Operation::CreditNoteDelete => Entry::PENDING,
        Operation::CreditNoteDownload => Entry::PENDING,
        Operation::CreditNoteFinalize => Entry::PENDING,
        Operation::CreditNoteFinalizeAndSend => Entry::PENDING,
        Operation::CreditNoteGet => Entry::PENDING,
        Operation::CreditNoteList => Entry::PENDING,
        Operation::CreditNoteMarkAsSent => Entry::PENDING,
        Operation::CreditNoteSend => Entry::PENDING,
        Operation::CreditNoteUpdate => Entry::PENDING,
        Operation::CreditNoteVoid => Entry::PENDING,
        // Credits.
        Operation::CreditBalanceList => Entry::PENDING,
        Operation::CreditCreate => Entry::PENDING,
        Operation::CreditDelete => Entry::PENDING,
        Operation::CreditGet => Entry::PENDING,
        Operation::CreditGrantList => Entry::PENDING,
        Operation::CreditList => Entry::PENDING,
        // Customer aliases.
        Operation::CustomerAliasCreate => Entry::PENDING,
        Operation::CustomerAliasDelete => Entry::PENDING,
        Operation::CustomerAliasList => Entry::PENDING,
        Operation::CustomerAliasListForCustomer => Entry::PENDING,
        Operation::CustomerAliasUpdate => Entry::PENDING,
        // Customer organizations.
        Operation::CustomerOrganizationAddMembers => Entry::PENDING,
        Operation::CustomerOrganizationCreate => Entry::PENDING,
        Operation::CustomerOrganizationReplaceMembers => Entry::PENDING,
        // Customer payment settings.
        Operation::CustomerPaymentSettingsCreate => Entry::PENDING,
        Operation::CustomerPaymentSettingsDelete => Entry::PENDING,
        Operation::CustomerPaymentSettingsGet => Entry::PENDING,
        Operation::CustomerPaymentSettingsUpdate => Entry::PENDING,
        // Customers.
        Operation::CustomerArchive => Entry::PENDING,
        Operation::CustomerCreate => Entry::PENDING,
        Operation::CustomerCustomPropertyKeyList => Entry::PENDING,
        Operation::CustomerGet => Entry::PENDING,
        Operation::CustomerGetByAlias => Entry::PENDING,
        Operation::CustomerList => Entry::PENDING,
        Operation::CustomerUpdate => Entry::PENDING,
        // Discounts.
        Operation::DiscountDelete => Entry::PENDING,
        Operation::DiscountGet => Entry::PENDING,
        Operation::DiscountList => Entry::PENDING,
        Operation::DiscountUpdate => Entry::PENDING,
        // Invoice line item groups.
        Operation::InvoiceLineItemGroupCreate => Entry::PENDING,
        Operation::InvoiceLineItemGroupDelete => Entry::PENDING,
        Operation::InvoiceLineItemGroupList => Entry::PENDING,
        Operation::InvoiceLineItemGroupUpdate => Entry::PENDING,
        // Invoice line items.
        Operation::InvoiceLineItemCreate => Entry::PENDING,
        Operation::InvoiceLineItemDelete => Entry::PENDING,
        Operation::InvoiceLineItemList => Entry::PENDING,
        Operation::InvoiceLineItemUpdate => Entry::PENDING,
        // Invoice payment settings.
        Operation::InvoicePaymentSettingsCreate => Entry::PENDING,
        Operation::InvoicePaymentSettingsDelete => Entry::PENDING,
        Operation::InvoicePaymentSettingsGet => Entry::PENDING,
        Operation::InvoicePaymentSettingsGetForInvoice => Entry::PENDING,
        Operation::InvoicePaymentSettingsUpdate => Entry::PENDING,
        // Invoice render settings.
        Operation::InvoiceRenderSettingsGet => Entry::PENDING,
        Operation::InvoiceRenderSettingsUpdate => Entry::PENDING,
        // Invoices.
        Operation::InvoiceCreate => Entry::PENDING,
        Operation::InvoiceCurrencyConversionList => Entry::PENDING,
        Operation::InvoiceDelete => Entry::PENDING,
        Operation::InvoiceDownload => Entry::PENDING,
        Operation::InvoiceDraft => Entry::PENDING,
        Operation::InvoiceFinalize => Entry::PENDING,
        Operation::InvoiceFinalizeAndSend => Entry::PENDING,
        Operation::InvoiceFixBillingRuns => Entry::PENDING,
        Operation::InvoiceGet => Entry::PENDING,
        Operation::InvoiceList => Entry::PENDING,
        Operation::InvoiceListSummary => Entry::PENDING,
        Operation::InvoiceMarkAsSent => Entry::PENDING,
        Operation::InvoiceMerge => Entry::PENDING,
        Operation::InvoicePatch => Entry::PENDING,
        Operation::InvoicePatchSent => Entry::PENDING,
        Operation::InvoiceReconcile => Entry::PENDING,
        Operation::InvoiceSend => Entry::PENDING,
        Operation::InvoiceSendPaymentReminder => Entry::PENDING,
        Operation::InvoiceSummary => Entry::PENDING,
        Operation::InvoiceUpdate => Entry::PENDING,
        Operation::InvoiceUpdatePaymentStatus => Entry::PENDING,
        Operation::InvoiceVoid => Entry::PENDING,
        // List prices.
        Operation::ListPriceArchive => list_prices::ARCHIVE,
        Operation::ListPriceCreate => list_prices::CREATE,
        Operation::ListPriceGet => list_prices::GET,
        Operation::ListPriceList => list_prices::LIST,
        Operation::ListPriceUpdate => list_prices::UPDATE,
        // Notification policies.
        Operation::NotificationPolicyAddNotificationTypes => notification_policies::ADD_NOTIFICATION_TYPES,
        Operation::NotificationPolicyAddRecipients => notification_policies::ADD_RECIPIENTS,
        Operation::NotificationPolicyCreate => notification_policies::CREATE,
        Operation::NotificationPolicyDelete => notification_policies::DELETE,
        Operation::NotificationPolicyGet => notification_policies::GET,
        Operation::NotificationPolicyList => notification_policies::LIST,
        Operation::NotificationPolicyRemoveNotificationType => notification_policies::REMOVE_NOTIFICATION_TYPE,
        Operation::NotificationPolicyRemoveRecipient => notification_policies::REMOVE_RECIPIENT,
        // Prices.
        Operation::PriceCreate => Entry::PENDING,
        Operation::PriceDelete => Entry::PENDING,
        Operation::PriceGet => Entry::PENDING,
        Operation::PriceList => Entry::PENDING,
        Operation::PriceUpdate => Entry::PENDING,
        // Products.
        Operation::ProductArchive => products::ARCHIVE,
        Operation::ProductCreate => products::CREATE,
        Operation::ProductGet => products::GET,
        Operation::ProductList => products::LIST,
        Operation::ProductUpdate => products::UPDATE,
        // Quotes.
        Operation::QuoteAnalytics => Entry::PENDING,
        Operation::QuoteDownload => Entry::PENDING,
        Operation::QuoteList => Entry::PENDING,
        // Seat balances.
        Operation::SeatBalanceList => Entry::PENDING,
        // Seat events.
        Operation::SeatEventCreate => Entry::PENDING,
        Operation::SeatEventGet => Entry::PENDING,
        Operation::SeatEventList => Entry::PENDING,
        // Seat metrics.
        Operation::SeatMetricCreate => Entry::PENDING,
        Operation::SeatMetricDelete => Entry::PENDING,
        Operation::SeatMetricGet => Entry::PENDING,
        Operation::SeatMetricList => Entry::PENDING,
        Operation::SeatMetricUpdate => Entry::PENDING,
        // Stripe collection settings.
        Operation::StripeCollectionSettingsGet => Entry::PENDING,
        Operation::StripeCollectionSettingsUpdate => Entry::PENDING,
        // Tax rates.
        Operation::TaxRateArchive => Entry::PENDING,
        Operation::TaxRateCreate => Entry::PENDING,
        Operation::TaxRateDelete => Entry::PENDING,
        Operation::TaxRateGet => Entry::PENDING,
        Operation::TaxRateList => Entry::PENDING,
        Operation::TaxRateUpdate => Entry::PENDING,
        // Tax registrations.
        Operation::TaxRegistrationCreate => tax_registrations::CREATE,
        Operation::TaxRegistrationDelete => tax_registrations::DELETE,
        Operation::TaxRegistrationGet => tax_registrations::GET,
        Operation::TaxRegistrationList => tax_registrations::LIST,
        Operation::TaxRegistrationListForCustomer => tax_registrations::LIST_FOR_CUSTOMER,
        Operation::TaxRegistrationListForMerchant => tax_registrations::LIST_FOR_MERCHANT,
        Operation::TaxRegistrationUpdate => tax_registrations::UPDATE,
        // Usage events.
        Operation::UsageEventCreate => Entry::PENDING,
        Operation::UsageEventList => Entry::PENDING,
        // Usage metrics.
        Operation::UsageMetricCalculate => Entry::PENDING,
        Operation::UsageMetricCreate => Entry::PENDING,
        Operation::UsageMetricDelete => Entry::PENDING,
        Operation::UsageMetricGet => Entry::PENDING,
        Operation::UsageMetricList => Entry::PENDING,
        Operation::UsageMetricUpdate => Entry::PENDING,
        // Users.
        Operation::UserDelete => users::DELETE,
        Operation::UserGet => users::GET,
        Operation::UserList => users::LIST,
    }
}
