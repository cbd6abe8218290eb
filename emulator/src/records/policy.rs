//! Notification policies.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record};

/// A notification policy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationPolicy {
    /// The id.
    pub id: String,
    /// The account.
    pub sequence_account_id: String,
    /// The name.
    pub name: String,
    /// `WEBHOOK` or `EMAIL`.
    pub channel: String,
    /// URLs or addresses, without repetition.
    pub recipients: Vec<String>,
    /// The types that it announces, without repetition; `None` for all, also future ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_types: Option<Vec<String>>,
    /// The secret that signs webhooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,
    /// When it was created.
    pub created_at: String,
}

impl NotificationPolicy {
    /// The value of the facet of a policy that announces all types.
    pub const ALL_TYPES: &str = "*";

    /// Returns whether the policy announces a type.
    pub fn announces(&self, notification_type: &str) -> bool {
        let types = self.notification_types.as_ref();
        types.is_none_or(|types| types.iter().any(|one| one == notification_type))
    }
}

impl fmt::Debug for NotificationPolicy {
    /// Does not show the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotificationPolicy")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("channel", &self.channel)
            .field("recipients", &self.recipients)
            .field("notification_types", &self.notification_types)
            .finish_non_exhaustive()
    }
}

impl Record for NotificationPolicy {
    const KIND: Kind = Kind::NotificationPolicy;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        match &self.notification_types {
            None => facets.add(Facet::NotificationType, Self::ALL_TYPES),
            Some(types) => types
                .iter()
                .for_each(|one| facets.add(Facet::NotificationType, one)),
        }
    }
}
