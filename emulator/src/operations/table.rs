//! The emulation of each operation, on one line each, sorted by group.
//!
//! The match is exhaustive, so that an operation that is added to the document does not compile before it is classified.

use crate::contract::Operation;

use super::accounts;
use super::activity_logs;
use super::billing_products;
use super::billing_schedules;
use super::credit_notes;
use super::credits;
use super::customers;
use super::discounts;
use super::entry::Entry;
use super::events;
use super::invoices;
use super::list_prices;
use super::notification_policies;
use super::prices;
use super::products;
use super::quotes;
use super::seat_balances;
use super::seat_metrics;
use super::settings;
use super::tax_rates;
use super::tax_registrations;
use super::usage_metrics;
use super::users;

/// The row of an operation.
#[rustfmt::skip]
pub fn entry(operation: Operation) -> Entry {
    match operation {
        // Account payment settings.
        Operation::AccountPaymentSettingsGet => settings::PAYMENTS_GET,
        Operation::AccountPaymentSettingsUpdate => settings::PAYMENTS_UPDATE,
        // Accounts.
        Operation::AccountGet => accounts::GET,
        Operation::AccountList => accounts::LIST,
        Operation::AccountUpdate => accounts::UPDATE,
        // Activity logs.
        Operation::ActivityLogGet => activity_logs::GET,
        Operation::ActivityLogList => activity_logs::LIST,
        // Billing products.
        Operation::BillingProductList => billing_products::LIST,
        // Billing schedule payment settings.
        Operation::BillingSchedulePaymentSettingsCreate => billing_schedules::payment_settings::CREATE,
        Operation::BillingSchedulePaymentSettingsDelete => billing_schedules::payment_settings::DELETE,
        Operation::BillingSchedulePaymentSettingsGet => billing_schedules::payment_settings::GET,
        Operation::BillingSchedulePaymentSettingsGetForBillingSchedule => billing_schedules::payment_settings::GET_FOR_BILLING_SCHEDULE,
        Operation::BillingSchedulePaymentSettingsUpdate => billing_schedules::payment_settings::UPDATE,
        // Billing schedules.
        Operation::BillingScheduleActivate => billing_schedules::ACTIVATE,
        Operation::BillingScheduleArchive => billing_schedules::ARCHIVE,
        Operation::BillingScheduleCreate => billing_schedules::CREATE,
        Operation::BillingScheduleCustomFieldKeyList => billing_schedules::KEYS,
        Operation::BillingScheduleDuplicate => billing_schedules::DUPLICATE,
        Operation::BillingScheduleGet => billing_schedules::GET,
        Operation::BillingScheduleList => billing_schedules::LIST,
        Operation::BillingScheduleUpdate => billing_schedules::UPDATE,
        Operation::BillingScheduleValidateTaxes => billing_schedules::VALIDATE_TAXES,
        // Contacts.
        Operation::ContactArchive => customers::contacts::ARCHIVE,
        Operation::ContactCreate => customers::contacts::CREATE,
        Operation::ContactList => customers::contacts::LIST,
        Operation::ContactUpdate => customers::contacts::UPDATE,
        // Credit note applications.
        Operation::CreditNoteApplicationCreate => credit_notes::applications::CREATE,
        // Credit note line item groups.
        Operation::CreditNoteLineItemGroupCreate => credit_notes::line_item_groups::CREATE,
        Operation::CreditNoteLineItemGroupDelete => credit_notes::line_item_groups::DELETE,
        Operation::CreditNoteLineItemGroupList => credit_notes::line_item_groups::LIST,
        Operation::CreditNoteLineItemGroupUpdate => credit_notes::line_item_groups::UPDATE,
        // Credit note line items.
        Operation::CreditNoteLineItemCreate => credit_notes::line_items::CREATE,
        Operation::CreditNoteLineItemDelete => credit_notes::line_items::DELETE,
        Operation::CreditNoteLineItemList => credit_notes::line_items::LIST,
        Operation::CreditNoteLineItemUpdate => credit_notes::line_items::UPDATE,
        // Credit notes.
        Operation::CreditNoteCreate => credit_notes::CREATE,
        Operation::CreditNoteDelete => credit_notes::DELETE,
        Operation::CreditNoteDownload => credit_notes::DOWNLOAD,
        Operation::CreditNoteFinalize => credit_notes::life_cycle::FINALIZE,
        Operation::CreditNoteFinalizeAndSend => credit_notes::life_cycle::FINALIZE_AND_SEND,
        Operation::CreditNoteGet => credit_notes::GET,
        Operation::CreditNoteList => credit_notes::LIST,
        Operation::CreditNoteMarkAsSent => credit_notes::life_cycle::MARK_AS_SENT,
        Operation::CreditNoteSend => credit_notes::life_cycle::SEND,
        Operation::CreditNoteUpdate => credit_notes::UPDATE,
        Operation::CreditNoteVoid => credit_notes::life_cycle::VOID,
        // Credits.
        Operation::CreditBalanceList => credits::BALANCES,
        Operation::CreditCreate => credits::CREATE,
        Operation::CreditDelete => credits::DELETE,
        Operation::CreditGet => credits::GET,
        Operation::CreditGrantList => credits::OUTSTANDING,
        Operation::CreditList => credits::LIST,
        // Customer aliases.
        Operation::CustomerAliasCreate => customers::aliases::CREATE,
        Operation::CustomerAliasDelete => customers::aliases::DELETE,
        Operation::CustomerAliasList => customers::aliases::LIST,
        Operation::CustomerAliasListForCustomer => customers::aliases::LIST_FOR_CUSTOMER,
        Operation::CustomerAliasUpdate => customers::aliases::UPDATE,
        // Customer organizations.
        Operation::CustomerOrganizationAddMembers => customers::organizations::ADD_MEMBERS,
        Operation::CustomerOrganizationCreate => customers::organizations::CREATE,
        Operation::CustomerOrganizationReplaceMembers => customers::organizations::REPLACE_MEMBERS,
        // Customer payment settings.
        Operation::CustomerPaymentSettingsCreate => customers::payment_settings::CREATE,
        Operation::CustomerPaymentSettingsDelete => customers::payment_settings::DELETE,
        Operation::CustomerPaymentSettingsGet => customers::payment_settings::GET,
        Operation::CustomerPaymentSettingsUpdate => customers::payment_settings::UPDATE,
        // Customers.
        Operation::CustomerArchive => customers::ARCHIVE,
        Operation::CustomerCreate => customers::CREATE,
        Operation::CustomerCustomPropertyKeyList => customers::KEYS,
        Operation::CustomerGet => customers::GET,
        Operation::CustomerGetByAlias => customers::GET_BY_ALIAS,
        Operation::CustomerList => customers::LIST,
        Operation::CustomerUpdate => customers::UPDATE,
        // Discounts.
        Operation::DiscountDelete => discounts::DELETE,
        Operation::DiscountGet => discounts::GET,
        Operation::DiscountList => discounts::LIST,
        Operation::DiscountUpdate => discounts::UPDATE,
        // Invoice line item groups.
        Operation::InvoiceLineItemGroupCreate => invoices::line_item_groups::CREATE,
        Operation::InvoiceLineItemGroupDelete => invoices::line_item_groups::DELETE,
        Operation::InvoiceLineItemGroupList => invoices::line_item_groups::LIST,
        Operation::InvoiceLineItemGroupUpdate => invoices::line_item_groups::UPDATE,
        // Invoice line items.
        Operation::InvoiceLineItemCreate => invoices::line_items::CREATE,
        Operation::InvoiceLineItemDelete => invoices::line_items::DELETE,
        Operation::InvoiceLineItemList => invoices::line_items::LIST,
        Operation::InvoiceLineItemUpdate => invoices::line_items::UPDATE,
        // Invoice payment settings.
        Operation::InvoicePaymentSettingsCreate => invoices::payment_settings::CREATE,
        Operation::InvoicePaymentSettingsDelete => invoices::payment_settings::DELETE,
        Operation::InvoicePaymentSettingsGet => invoices::payment_settings::GET,
        Operation::InvoicePaymentSettingsGetForInvoice => invoices::payment_settings::GET_FOR_INVOICE,
        Operation::InvoicePaymentSettingsUpdate => invoices::payment_settings::UPDATE,
        // Invoice render settings.
        Operation::InvoiceRenderSettingsGet => settings::RENDER_GET,
        Operation::InvoiceRenderSettingsUpdate => settings::RENDER_UPDATE,
        // Invoices.
        Operation::InvoiceCreate => invoices::CREATE,
        Operation::InvoiceCurrencyConversionList => invoices::CURRENCY_CONVERSIONS,
        Operation::InvoiceDelete => invoices::DELETE,
        Operation::InvoiceDownload => invoices::DOWNLOAD,
        Operation::InvoiceDraft => invoices::life_cycle::DRAFT,
        Operation::InvoiceFinalize => invoices::life_cycle::FINALIZE,
        Operation::InvoiceFinalizeAndSend => invoices::life_cycle::FINALIZE_AND_SEND,
        Operation::InvoiceFixBillingRuns => invoices::FIX_BILLING_RUNS,
        Operation::InvoiceGet => invoices::GET,
        Operation::InvoiceList => invoices::LIST,
        Operation::InvoiceListSummary => invoices::LIST_SUMMARY,
        Operation::InvoiceMarkAsSent => invoices::life_cycle::MARK_AS_SENT,
        Operation::InvoiceMerge => invoices::MERGE,
        Operation::InvoicePatch => invoices::PATCH,
        Operation::InvoicePatchSent => invoices::PATCH_SENT,
        Operation::InvoiceReconcile => invoices::RECONCILE,
        Operation::InvoiceSend => invoices::life_cycle::SEND,
        Operation::InvoiceSendPaymentReminder => invoices::life_cycle::REMIND,
        Operation::InvoiceSummary => invoices::SUMMARY,
        Operation::InvoiceUpdate => invoices::UPDATE,
        Operation::InvoiceUpdatePaymentStatus => invoices::payments::UPDATE_STATUS,
        Operation::InvoiceVoid => invoices::life_cycle::VOID,
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
        Operation::PriceCreate => prices::CREATE,
        Operation::PriceDelete => prices::DELETE,
        Operation::PriceGet => prices::GET,
        Operation::PriceList => prices::LIST,
        Operation::PriceUpdate => prices::UPDATE,
        // Products.
        Operation::ProductArchive => products::ARCHIVE,
        Operation::ProductCreate => products::CREATE,
        Operation::ProductGet => products::GET,
        Operation::ProductList => products::LIST,
        Operation::ProductUpdate => products::UPDATE,
        // Quotes.
        Operation::QuoteAnalytics => quotes::ANALYTICS,
        Operation::QuoteDownload => quotes::DOWNLOAD,
        Operation::QuoteList => quotes::LIST,
        // Seat balances.
        Operation::SeatBalanceList => seat_balances::LIST,
        // Seat events.
        Operation::SeatEventCreate => events::seats::CREATE,
        Operation::SeatEventGet => events::seats::GET,
        Operation::SeatEventList => events::seats::LIST,
        // Seat metrics.
        Operation::SeatMetricCreate => seat_metrics::CREATE,
        Operation::SeatMetricDelete => seat_metrics::DELETE,
        Operation::SeatMetricGet => seat_metrics::GET,
        Operation::SeatMetricList => seat_metrics::LIST,
        Operation::SeatMetricUpdate => seat_metrics::UPDATE,
        // Stripe collection settings.
        Operation::StripeCollectionSettingsGet => settings::STRIPE_GET,
        Operation::StripeCollectionSettingsUpdate => settings::STRIPE_UPDATE,
        // Tax rates.
        Operation::TaxRateArchive => tax_rates::ARCHIVE,
        Operation::TaxRateCreate => tax_rates::CREATE,
        Operation::TaxRateDelete => tax_rates::DELETE,
        Operation::TaxRateGet => tax_rates::GET,
        Operation::TaxRateList => tax_rates::LIST,
        Operation::TaxRateUpdate => tax_rates::UPDATE,
        // Tax registrations.
        Operation::TaxRegistrationCreate => tax_registrations::CREATE,
        Operation::TaxRegistrationDelete => tax_registrations::DELETE,
        Operation::TaxRegistrationGet => tax_registrations::GET,
        Operation::TaxRegistrationList => tax_registrations::LIST,
        Operation::TaxRegistrationListForCustomer => tax_registrations::LIST_FOR_CUSTOMER,
        Operation::TaxRegistrationListForMerchant => tax_registrations::LIST_FOR_MERCHANT,
        Operation::TaxRegistrationUpdate => tax_registrations::UPDATE,
        // Usage events.
        Operation::UsageEventCreate => events::usage::CREATE,
        Operation::UsageEventList => events::usage::LIST,
        // Usage metrics.
        Operation::UsageMetricCalculate => usage_metrics::CALCULATE,
        Operation::UsageMetricCreate => usage_metrics::CREATE,
        Operation::UsageMetricDelete => usage_metrics::DELETE,
        Operation::UsageMetricGet => usage_metrics::GET,
        Operation::UsageMetricList => usage_metrics::LIST,
        Operation::UsageMetricUpdate => usage_metrics::UPDATE,
        // Users.
        Operation::UserDelete => users::DELETE,
        Operation::UserGet => users::GET,
        Operation::UserList => users::LIST,
    }
}
