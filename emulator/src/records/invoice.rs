//! Invoices.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{Amounts, Balance, Document, LineItem, LineItemGroup};
use super::{Facet, Facets, Kind, Record, time};

/// An invoice. Days are texts such as `2026-01-31`, which have the order of their days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// The id.
    pub id: String,
    /// The customer that is billed.
    pub customer_id: String,
    /// The stage of its life.
    pub status: InvoiceStatus,
    /// `UNPAID`, `PARTIALLY_PAID`, `PAID`, `UNCOLLECTIBLE` or, in the oldest version, `FAILED`.
    pub payment_status: String,
    /// The code of the currency.
    pub currency: String,
    /// The number, once it is final or voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
    /// The name of the customer, as printed.
    pub customer_legal_company_name: String,
    /// The schedule that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_schedule_id: Option<String>,
    /// The other schedules of the customer that it bills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rolled_up: Vec<String>,
    /// The day in the books.
    pub accounting_date: String,
    /// The day on which it became final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_date: Option<String>,
    /// The day by which it has to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// Whether the due date was set, and not calculated from the payment term.
    pub is_due_date_manual: bool,
    /// The payment term of its schedule, in days; `None` for that of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_term_days: Option<u32>,
    /// The state of the reminders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_status: Option<Dunning>,
    /// The day through which no more reminders are due: that of sending, or of the last reminder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_through: Option<String>,
    /// When it was created.
    pub created_at: String,
    /// When it was changed.
    pub updated_at: String,
    /// When a schedule calculated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calculated_at: Option<String>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// Whether no line has a quantity other than zero.
    pub is_zero_quantity: bool,
    /// The numbers of the assumptions that the amounts depend on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<u8>,
    /// What is to be paid, once it is final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance>,
    /// What was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// The credit that its lines use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<InvoiceCredit>,
    /// The sums of the lines.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// What is only stored, under the names of the API.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// The stage of an invoice's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceStatus {
    /// The invoice of a running billing period.
    InProgress,
    /// Editable.
    Draft,
    /// Locked, with a number.
    Final,
    /// Sent to the customer.
    Sent,
    /// Cancelled.
    Voided,
}

/// The state of the reminders of a sent invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Dunning {
    /// Reminders follow.
    Scheduled,
    /// The last reminder was sent.
    OverdueCheckScheduled,
    /// The invoice was paid, or is overdue.
    Completed,
    /// There are none.
    NotRequired,
}

/// A payment that is allocated to an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The id.
    pub payment_id: String,
    /// The amount.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    /// When it was paid and allocated.
    pub paid_at: String,
}

/// Credit of a grant on an invoice. It is booked once the invoice is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceCredit {
    /// The grant.
    pub grant_id: String,
    /// The units of a metric; `None` for money.
    #[serde(
        default,
        with = "rust_decimal::serde::str_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub units: Option<Decimal>,
    /// The money before tax.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    /// The tax on it.
    #[serde(with = "rust_decimal::serde::str")]
    pub tax_amount: Decimal,
    /// The lines of the credit; none if it is worth nothing.
    pub line_ids: Vec<String>,
    /// The day on which it was calculated. What the grant had then may have lapsed.
    pub calculated_on: NaiveDate,
}

impl InvoiceCredit {
    /// What is taken from the grant: units, or money before tax.
    pub fn debit(&self) -> Decimal {
        self.units.unwrap_or(self.amount)
    }
}

/// A line of an invoice.
pub type InvoiceLineItem = LineItem<Invoice>;
/// A group of lines of an invoice.
pub type InvoiceLineItemGroup = LineItemGroup<Invoice>;

impl InvoiceStatus {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Draft => "DRAFT",
            Self::Final => "FINAL",
            Self::Sent => "SENT",
            Self::Voided => "VOIDED",
        }
    }
}

impl Dunning {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::OverdueCheckScheduled => "OVERDUE_CHECK_SCHEDULED",
            Self::Completed => "COMPLETED",
            Self::NotRequired => "NOT_REQUIRED",
        }
    }

    /// Returns whether the clock still has something to do.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Scheduled | Self::OverdueCheckScheduled)
    }
}

impl Invoice {
    /// The names of the stored fields that are not answered as they are stored.
    pub(crate) const NOT_ANSWERED: [&str; 11] = [
        "assumed",
        "balance",
        "billingRunId",
        "credits",
        "isDueDateManual",
        "isZeroQuantity",
        "paymentTermDays",
        "payments",
        "remindedThrough",
        "rolledUp",
        "sentAt",
    ];

    /// How many days before the due date the first reminder is.
    const FIRST_REMINDER: Days = Days::new(7);

    /// Returns whether it bills a schedule.
    pub fn bills(&self, schedule: &str) -> bool {
        let mut schedules = self.billing_schedule_id.iter().chain(&self.rolled_up);
        schedules.any(|id| id == schedule)
    }

    /// The id of its first billing run.
    pub fn billing_run(&self) -> Option<&str> {
        self.rest.get("billingRunId").and_then(Value::as_str)
    }

    /// The day by which it has to be paid.
    pub fn due_day(&self) -> Option<NaiveDate> {
        self.due_date.as_deref()?.parse().ok()
    }

    /// The day on which a reminder or the check for being overdue is due.
    fn next_day(&self) -> Option<NaiveDate> {
        let owes = matches!(self.payment_status.as_str(), "UNPAID" | "PARTIALLY_PAID")
            && self.balance.is_none_or(|balance| !balance.amount.is_zero());
        let dunning = self.dunning_status.filter(|dunning| dunning.is_running())?;
        if self.status != InvoiceStatus::Sent || !owes {
            return None;
        }
        let due = self.due_day()?;
        let reminded: Option<NaiveDate> = self.reminded_through.as_deref().and_then(|day| day.parse().ok());
        let reminders = [due.checked_sub_days(Self::FIRST_REMINDER), Some(due)];
        let mut reminders = reminders.into_iter().flatten();
        let reminder = reminders.find(|day| dunning == Dunning::Scheduled && reminded < Some(*day));
        reminder.or_else(|| due.succ_opt())
    }
}

impl Record for Invoice {
    const KIND: Kind = Kind::Invoice;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        let name = self.customer_legal_company_name.to_lowercase();
        let gross = time::number_key(self.amounts.gross_total);
        for (facet, value) in [
            (Facet::Status, Some(self.status.name())),
            (Facet::CustomerId, Some(&*self.customer_id)),
            (Facet::BillingScheduleId, self.billing_schedule_id.as_deref()),
            (Facet::Number, self.invoice_number.as_deref()),
            (Facet::LegalName, Some(&name)),
            (Facet::GrossTotal, Some(&gross)),
            (Facet::AccountingDate, Some(&self.accounting_date)),
            (Facet::DueDate, self.due_date.as_deref()),
            (Facet::IssueDate, self.issue_date.as_deref()),
        ] {
            if let Some(value) = value {
                facets.index(facet, value);
            }
        }
        if self.status == InvoiceStatus::Draft {
            // Drafts reserve their credit.
            for credit in &self.credits {
                facets.index(Facet::GrantId, &credit.grant_id);
            }
        }
        for schedule in &self.rolled_up {
            facets.index(Facet::BillingScheduleId, schedule);
        }
        if let Some(day) = self.next_day().and_then(time::day_key) {
            facets.index(Facet::NextDay, &day);
        }
        facets.add(Facet::PaymentStatus, &self.payment_status);
        facets.add(Facet::Currency, &self.currency);
        facets.add(Facet::NetTotal, &time::number_key(self.amounts.net_total));
        if let Some((day, _)) = self.sent_at.as_deref().and_then(|at| at.split_once('T')) {
            facets.add(Facet::SentAt, day);
        }
        if self.is_zero_quantity {
            facets.add(Facet::ZeroQuantity, "true");
        }
    }
}

impl Document for Invoice {
    const LINE: Kind = Kind::InvoiceLineItem;
    const GROUP: Kind = Kind::InvoiceLineItemGroup;
    const PARENT: Facet = Facet::InvoiceId;
}
