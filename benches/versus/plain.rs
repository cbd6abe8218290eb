//! The same page of invoices as a careful person writes it down: `serde` derived on plain structs with the same fields.
//!
//! Ids are plain text. Enums are closed and fail on what they do not know. Decimals are read by a visitor of a few lines,
//! which is what the feature `serde-str` of `rust_decimal` does; they have to be JSON strings. Absent and null decode alike.
//!
//! Countries, states and currencies are long lists, so they exist in two ways: [`text`] keeps them as text, as most people would;
//! [`closed`] has an enum with no more values than the payload needs, which is as fast as it can be made and of no use elsewhere.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{Deserializer, Error, Visitor};

fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    deserializer.deserialize_str(DecimalVisitor)
}

fn decimal_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    deserializer.deserialize_option(OptionVisitor)
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal in a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        Decimal::from_str(text).map_err(E::custom)
    }
}

struct OptionVisitor;

impl<'de> Visitor<'de> for OptionVisitor {
    type Value = Option<Decimal>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal in a string, or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        decimal(deserializer).map(Some)
    }
}

/// Both ways have the same structs over other types for the long lists.
macro_rules! invoices {
    ($(#[$about:meta])* mod $module:ident { $($long_lists:item)* }) => {
        $(#[$about])*
        #[allow(dead_code, reason = "the fields are there to be decoded")]
        pub(crate) mod $module {
            use rust_decimal::Decimal;
            use sequencehq::chrono::{DateTime, NaiveDate, Utc};
            use serde::Deserialize;

            use super::{decimal, decimal_option};

            $($long_lists)*

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Page {
                pub(crate) items: Vec<Invoice>,
                pub(crate) pagination: Pagination,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Invoice {
                pub(crate) id: String,
                pub(crate) status: InvoiceStatus,
                pub(crate) payment_status: InvoicePaymentStatus,
                pub(crate) invoice_number: Option<String>,
                pub(crate) customer_id: String,
                pub(crate) customer_legal_company_name: String,
                pub(crate) customer_emails: Option<Vec<String>>,
                pub(crate) customer_billing_address: Address,
                pub(crate) customer_shipping_address: Address,
                pub(crate) customer_tax_id: Option<String>,
                pub(crate) customer_tax_status: Option<TaxStatus>,
                pub(crate) is_customer_archived: Option<bool>,
                pub(crate) accounting_date: NaiveDate,
                pub(crate) issue_date: Option<NaiveDate>,
                pub(crate) due_date: Option<NaiveDate>,
                pub(crate) due_date_source: Option<DueDateSource>,
                pub(crate) payment_term_days: Option<i32>,
                pub(crate) billing_period: Option<InclusiveDateRange>,
                pub(crate) currency: Currency,
                #[serde(deserialize_with = "decimal")]
                pub(crate) net_total: Decimal,
                #[serde(deserialize_with = "decimal")]
                pub(crate) total_tax: Decimal,
                #[serde(deserialize_with = "decimal")]
                pub(crate) gross_total: Decimal,
                #[serde(default, deserialize_with = "decimal_option")]
                pub(crate) balance: Option<Decimal>,
                pub(crate) balance_version: Option<i64>,
                pub(crate) applied_credit_notes: Option<Vec<AppliedCreditNote>>,
                pub(crate) applied_credit_grants: Option<Vec<AppliedCreditGrant>>,
                pub(crate) projected_credit_grants: Option<Vec<ProjectedCreditGrant>>,
                pub(crate) payment_allocations: Option<Vec<PaymentAllocation>>,
                pub(crate) integration_payment_statuses: Option<IntegrationPaymentStatuses>,
                pub(crate) credit_note_ids: Vec<String>,
                pub(crate) credit_balances: Option<String>,
                pub(crate) payment_options: Option<Vec<InvoicePaymentOption>>,
                pub(crate) dunning_status: Option<InvoiceDunningStatus>,
                pub(crate) purchase_order_number: Option<String>,
                pub(crate) reference: Option<String>,
                pub(crate) memo: Option<String>,
                pub(crate) metadata: Vec<KeyValuePair>,
                pub(crate) attachment_assets: Option<Vec<Asset>>,
                pub(crate) billing_schedule_id: Option<String>,
                pub(crate) billing_run_id: Option<String>,
                pub(crate) linked_services: Vec<LinkInfo>,
                pub(crate) sequence_account_id: String,
                pub(crate) merchant_details: Option<MerchantDetails>,
                pub(crate) render_settings: Option<InvoiceRenderOptions>,
                pub(crate) created_at: DateTime<Utc>,
                pub(crate) updated_at: Option<DateTime<Utc>>,
                pub(crate) calculated_at: Option<DateTime<Utc>>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Pagination {
                pub(crate) after: Option<String>,
                pub(crate) before: Option<String>,
                pub(crate) total_result_size: Option<i64>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Address {
                pub(crate) line1: String,
                pub(crate) line2: Option<String>,
                pub(crate) town: String,
                pub(crate) state: Option<State>,
                pub(crate) postcode: String,
                pub(crate) country: Country,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct InclusiveDateRange {
                pub(crate) start: NaiveDate,
                pub(crate) end_inclusive: NaiveDate,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct AppliedCreditNote {
                pub(crate) id: String,
                pub(crate) credit_note_number: Option<String>,
                #[serde(deserialize_with = "decimal")]
                pub(crate) net_total: Decimal,
                #[serde(deserialize_with = "decimal")]
                pub(crate) total_tax: Decimal,
                #[serde(deserialize_with = "decimal")]
                pub(crate) gross_total: Decimal,
                pub(crate) line_items: Vec<AppliedCreditNoteLineItem>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct AppliedCreditGrant {
                pub(crate) credit_grant_id: Option<String>,
                pub(crate) credit_grant_name: Option<String>,
                #[serde(deserialize_with = "decimal")]
                pub(crate) amount: Decimal,
                #[serde(default, deserialize_with = "decimal_option")]
                pub(crate) tax_amount: Option<Decimal>,
                pub(crate) status: AppliedCreditGrantStatus,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct ProjectedCreditGrant {
                pub(crate) credit_grant_id: Option<String>,
                pub(crate) credit_grant_name: Option<String>,
                #[serde(deserialize_with = "decimal")]
                pub(crate) amount: Decimal,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct PaymentAllocation {
                pub(crate) payment_id: String,
                #[serde(deserialize_with = "decimal")]
                pub(crate) amount: Decimal,
                pub(crate) paid_at: DateTime<Utc>,
                pub(crate) allocated_at: DateTime<Utc>,
                pub(crate) origin: PaymentOrigin,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct IntegrationPaymentStatuses {
                pub(crate) stripe: Option<IntegrationPaymentStatus>,
                pub(crate) go_cardless: Option<IntegrationPaymentStatus>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct KeyValuePair {
                pub(crate) key: String,
                pub(crate) value: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Asset {
                pub(crate) id: String,
                pub(crate) created_by: String,
                #[serde(rename = "type")]
                pub(crate) kind: AssetType,
                pub(crate) format: AssetFormat,
                pub(crate) file_name: String,
                pub(crate) file_size_bytes: i32,
                pub(crate) url: String,
                pub(crate) created_at: DateTime<Utc>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct LinkInfo {
                pub(crate) external_id: String,
                pub(crate) external_service: IntegrationService,
                pub(crate) sync_time: DateTime<Utc>,
                pub(crate) external_url: Option<String>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct MerchantDetails {
                pub(crate) legal_company_name: String,
                pub(crate) address: Address,
                pub(crate) email: String,
                pub(crate) phone_number: Option<String>,
                pub(crate) tax_id: Option<String>,
                pub(crate) custom_fields: Option<Vec<KeyValuePair>>,
                pub(crate) logo_url: Option<String>,
                pub(crate) primary_colour: Option<String>,
                pub(crate) include_beneficiary_address_in_payment_details: Option<bool>,
                pub(crate) iban: Option<String>,
                pub(crate) uk_account_details: Option<UkBankAccount>,
                pub(crate) us_ach_details: Option<UsAchAccount>,
                pub(crate) us_wire_details: Option<UsWireAccount>,
                pub(crate) ca_bank_account_details: Option<CanadianBankAccount>,
                pub(crate) canadian_international_destination: Option<CanadianInternationalAccount>,
                pub(crate) australian_destination: Option<AustralianBankAccount>,
                pub(crate) swedish_bankgiro_destination: Option<SwedishBankgiroAccount>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct InvoiceRenderOptions {
                pub(crate) payment_link_display: PaymentLinkDisplayOption,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct AppliedCreditNoteLineItem {
                pub(crate) name: String,
                #[serde(deserialize_with = "decimal")]
                pub(crate) net_total: Decimal,
                #[serde(deserialize_with = "decimal")]
                pub(crate) gross_total: Decimal,
                pub(crate) invoice_line_item_ids: Vec<String>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct UkBankAccount {
                pub(crate) sort_code: String,
                pub(crate) account_number: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct UsAchAccount {
                pub(crate) account_number: String,
                pub(crate) account_name: String,
                pub(crate) bank_name: String,
                pub(crate) bank_routing_number: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct UsWireAccount {
                pub(crate) account_number: String,
                pub(crate) account_name: String,
                pub(crate) bank_name: String,
                pub(crate) bank_routing_number: String,
                pub(crate) swift_code: String,
                pub(crate) bank_address: Address,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct CanadianBankAccount {
                pub(crate) transit_number: String,
                pub(crate) institution_number: String,
                pub(crate) account_number: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct CanadianInternationalAccount {
                pub(crate) legal_name: String,
                pub(crate) account_number: String,
                pub(crate) transit_number: String,
                pub(crate) institution_number: String,
                pub(crate) swift_code: String,
                pub(crate) bank_name: String,
                pub(crate) bank_address: Address,
                pub(crate) intermediary_bank: Option<IntermediaryBank>,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct AustralianBankAccount {
                pub(crate) legal_name: String,
                pub(crate) account_number: String,
                pub(crate) swift_code: String,
                pub(crate) bsb: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct SwedishBankgiroAccount {
                pub(crate) bankgiro_number: String,
                pub(crate) account_name: String,
            }

            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct IntermediaryBank {
                pub(crate) bank_name: String,
                pub(crate) bank_address: Address,
                pub(crate) swift_code: String,
                pub(crate) routing_number: String,
            }

            #[derive(Deserialize)]
            pub(crate) enum InvoiceStatus {
                #[serde(rename = "IN_PROGRESS")]
                InProgress,
                #[serde(rename = "DRAFT")]
                Draft,
                #[serde(rename = "FINAL")]
                Final,
                #[serde(rename = "SENT")]
                Sent,
                #[serde(rename = "VOIDED")]
                Voided,
            }

            #[derive(Deserialize)]
            pub(crate) enum InvoicePaymentStatus {
                #[serde(rename = "UNPAID")]
                Unpaid,
                #[serde(rename = "PARTIALLY_PAID")]
                PartiallyPaid,
                #[serde(rename = "PAID")]
                Paid,
                #[serde(rename = "UNCOLLECTIBLE")]
                Uncollectible,
                #[serde(rename = "FAILED")]
                Failed,
            }

            #[derive(Deserialize)]
            pub(crate) enum TaxStatus {
                #[serde(rename = "TAXED")]
                Taxed,
                #[serde(rename = "TAX_EXEMPT")]
                TaxExempt,
                #[serde(rename = "REVERSE_CHARGED")]
                ReverseCharged,
            }

            #[derive(Deserialize)]
            pub(crate) enum DueDateSource {
                #[serde(rename = "MANUAL")]
                Manual,
                #[serde(rename = "CALCULATED")]
                Calculated,
            }

            #[derive(Deserialize)]
            pub(crate) enum InvoicePaymentOption {
                #[serde(rename = "BANK_TRANSFER")]
                BankTransfer,
                #[serde(rename = "LINK")]
                Link,
            }

            #[derive(Deserialize)]
            pub(crate) enum InvoiceDunningStatus {
                #[serde(rename = "SCHEDULED")]
                Scheduled,
                #[serde(rename = "OVERDUE_CHECK_SCHEDULED")]
                OverdueCheckScheduled,
                #[serde(rename = "COMPLETED")]
                Completed,
                #[serde(rename = "FAILED")]
                Failed,
                #[serde(rename = "NOT_REQUIRED")]
                NotRequired,
            }

            #[derive(Deserialize)]
            pub(crate) enum AppliedCreditGrantStatus {
                #[serde(rename = "APPLIED")]
                Applied,
                #[serde(rename = "PROJECTED")]
                Projected,
            }

            #[derive(Deserialize)]
            pub(crate) enum PaymentOrigin {
                #[serde(rename = "MANUAL")]
                Manual,
                #[serde(rename = "STRIPE")]
                Stripe,
            }

            #[derive(Deserialize)]
            pub(crate) enum IntegrationPaymentStatus {
                #[serde(rename = "PENDING")]
                Pending,
                #[serde(rename = "IN_PROGRESS")]
                InProgress,
                #[serde(rename = "PAID")]
                Paid,
                #[serde(rename = "FAILED")]
                Failed,
                #[serde(rename = "CANCELLED")]
                Cancelled,
                #[serde(rename = "REFUNDED")]
                Refunded,
            }

            #[derive(Deserialize)]
            pub(crate) enum AssetType {
                #[serde(rename = "IMAGE")]
                Image,
                #[serde(rename = "DOCUMENT")]
                Document,
                #[serde(rename = "BINARY")]
                Binary,
            }

            #[derive(Deserialize)]
            pub(crate) enum AssetFormat {
                #[serde(rename = "JPEG")]
                Jpeg,
                #[serde(rename = "JPG")]
                Jpg,
                #[serde(rename = "PNG")]
                Png,
                #[serde(rename = "PDF")]
                Pdf,
                #[serde(rename = "CSV")]
                Csv,
                #[serde(rename = "TXT")]
                Txt,
                #[serde(rename = "RTF")]
                Rtf,
                #[serde(rename = "MD")]
                Md,
                #[serde(rename = "XLS")]
                Xls,
                #[serde(rename = "XLSX")]
                Xlsx,
                #[serde(rename = "XLSM")]
                Xlsm,
                #[serde(rename = "DOC")]
                Doc,
                #[serde(rename = "DOCX")]
                Docx,
                #[serde(rename = "ZIP")]
                Zip,
                #[serde(rename = "ODT")]
                Odt,
                #[serde(rename = "ODS")]
                Ods,
            }

            #[derive(Deserialize)]
            pub(crate) enum IntegrationService {
                #[serde(rename = "Amazon_Redshift")]
                AmazonRedshift,
                GoCardless,
                #[serde(rename = "Google_BigQuery")]
                GoogleBigQuery,
                #[serde(rename = "Google_Sheets")]
                GoogleSheets,
                HubSpot,
                NetSuite,
                #[serde(rename = "QuickBooks_Online")]
                QuickBooksOnline,
                Salesforce,
                Slack,
                Snowflake,
                Stripe,
                Xero,
                Avalara,
                Anrok,
                Attio,
                Numeral,
                Rillet,
                Sphere,
            }

            #[derive(Deserialize)]
            pub(crate) enum PaymentLinkDisplayOption {
                #[serde(rename = "SHOW_PAYMENT_LINK")]
                ShowPaymentLink,
                #[serde(rename = "HIDE_PAYMENT_LINK")]
                HidePaymentLink,
            }
        }
    };
}

invoices! {
    /// Long lists are text.
    mod text {
        type Country = String;
        type State = String;
        type Currency = String;
    }
}

invoices! {
    /// Long lists are enums with the values of the payload.
    mod closed {
        #[derive(Deserialize)]
        #[serde(rename_all = "UPPERCASE")]
        pub(crate) enum Country {
            Gb,
            Us,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "UPPERCASE")]
        pub(crate) enum State {
            Ca,
            Ny,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "UPPERCASE")]
        pub(crate) enum Currency {
            Gbp,
            Usd,
        }
    }
}
