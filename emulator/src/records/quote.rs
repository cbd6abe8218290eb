//! Quotes.

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, time};

/// A quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The id.
    pub id: String,
    /// The number for people.
    pub quote_number: String,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The status.
    pub status: QuoteStatus,
    /// The user that owns the quote.
    pub created_by: String,
    /// The customer, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The currency of the prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `NEW_BUSINESS` or `RENEWAL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal_type: Option<String>,
    /// The day on which billing is planned to start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preliminary_billing_start_date: Option<String>,
    /// How many days the quote is open after it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_days: Option<u32>,
    /// The last day on which it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// When it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<String>,
    /// When it was executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executed_at: Option<String>,
    /// The schedule that execution makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_schedule_id: Option<String>,
    /// Whether an approval is active. The API filters by it and never answers it.
    #[serde(default)]
    pub has_active_approval_workflow: bool,
    /// When it was created.
    pub created_at: String,
    /// When it was changed.
    pub updated_at: String,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
}

/// The status of a quote. A quote goes from each to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuoteStatus {
    /// Being prepared.
    Draft,
    /// Visible to the customer.
    Published,
    /// The request for signatures is being prepared.
    PreparingSignatureRequest,
    /// Waiting for signatures.
    ReadyToSign,
    /// Accepted by the customer.
    Accepted,
    /// Made into a billing schedule.
    Executed,
}

impl QuoteStatus {
    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Published => "PUBLISHED",
            Self::PreparingSignatureRequest => "PREPARING_SIGNATURE_REQUEST",
            Self::ReadyToSign => "READY_TO_SIGN",
            Self::Accepted => "ACCEPTED",
            Self::Executed => "EXECUTED",
        }
    }

    /// The status that follows, if there is one.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Draft => Some(Self::Published),
            Self::Published => Some(Self::PreparingSignatureRequest),
            Self::PreparingSignatureRequest => Some(Self::ReadyToSign),
            Self::ReadyToSign => Some(Self::Accepted),
            Self::Accepted => Some(Self::Executed),
            Self::Executed => None,
        }
    }
}

impl Record for Quote {
    const KIND: Kind = Kind::Quote;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.add(Facet::Status, self.status.name());
        facets.add(Facet::CreatedBy, &self.created_by);
        facets.add(
            Facet::ApprovalWorkflow,
            &self.has_active_approval_workflow.to_string(),
        );
        if let Some(title) = &self.title {
            facets.add(Facet::Title, title);
        }
        if let Some(customer) = &self.customer_id {
            facets.index(Facet::CustomerId, customer);
        }
        if let Some(at) = self.accepted_at.as_deref().and_then(time::parse) {
            facets.index(Facet::AcceptedAt, &time::instant_key(at));
        }
        if self.archived_at.is_some() {
            facets.index(Facet::Archived, "true");
        }
    }
}
