//! Prices as schedules bill them.

use serde::Deserialize;
use serde_json::Value;

use crate::billing::period::Frequency;
use crate::records::{Kind, RunPart};
use crate::store::State;

/// A price, as far as it decides on periods and lines.
pub(super) struct Price {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) product_id: Option<String>,
    pub(super) currency: String,
    pub(super) structure: Value,
    pub(super) usage_calculation_period: Value,
    frequency: Option<Frequency>,
    overage_frequency: Option<Frequency>,
    is_in_advance: bool,
}

/// What is read of a stored price.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Stored {
    name: String,
    product_id: Option<String>,
    currency: String,
    structure: Value,
    usage_calculation_period: Value,
    billing_frequency: String,
    billing_type: String,
}

impl Price {
    pub(super) fn read(state: &State, id: &str) -> Option<Self> {
        let row = state.row(Kind::Price, id)?;
        let stored: Stored = serde_json::from_str(&row.text()).ok()?;
        let overages = stored.structure["overagesBillingFrequency"].as_str();
        Some(Self {
            id: id.to_owned(),
            overage_frequency: overages.and_then(Frequency::named),
            name: stored.name,
            product_id: stored.product_id,
            currency: stored.currency,
            usage_calculation_period: stored.usage_calculation_period,
            frequency: Frequency::named(&stored.billing_frequency),
            is_in_advance: stored.billing_type == "IN_ADVANCE",
            structure: stored.structure,
        })
    }

    /// The parts that are billed apart from each other.
    pub(super) fn parts(&self) -> &'static [RunPart] {
        if self.overage_frequency.is_some() {
            &[RunPart::Committed, RunPart::Overage]
        } else {
            &[RunPart::All]
        }
    }

    /// How often a part is billed.
    pub(super) fn frequency(&self, part: RunPart) -> Option<Frequency> {
        match part {
            RunPart::Overage => self.overage_frequency,
            RunPart::All | RunPart::Committed => self.frequency,
        }
    }

    /// Whether a part is billed before its period is over. Overages never are (A38).
    pub(super) fn is_in_advance(&self, part: RunPart) -> bool {
        self.is_in_advance && part != RunPart::Overage
    }

    /// Whether a part is billed once in a phase.
    pub(super) fn is_once(&self, part: RunPart) -> bool {
        self.frequency(part) == Some(Frequency::OneTime) || self.structure["pricingType"] == "ONE_TIME"
    }

    /// Whether the charge for a period depends on which of its days are billed.
    pub(super) fn depends_on_days(&self) -> bool {
        match self.term("pricingType") {
            Some("FIXED" | "ONE_TIME") => false,
            Some("SEAT_BASED") => self.term("prorationStrategy") != Some("USE_MAXIMUM"),
            _ => true,
        }
    }

    /// A text of the structure.
    pub(super) fn term(&self, name: &str) -> Option<&str> {
        self.structure.get(name)?.as_str()
    }
}
