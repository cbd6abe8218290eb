//! Prices as schedules bill them.

use serde_json::{Map, Value};

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

impl Price {
    pub(super) fn read(state: &State, id: &str) -> Option<Self> {
        let mut record = state.map(Kind::Price, id)?;
        let structure = record.remove("structure").unwrap_or_default();
        let overages = structure["overagesBillingFrequency"].as_str();
        Some(Self {
            id: id.to_owned(),
            name: text(&record, "name").unwrap_or_default(),
            product_id: text(&record, "productId"),
            currency: text(&record, "currency").unwrap_or_default(),
            usage_calculation_period: record.remove("usageCalculationPeriod").unwrap_or_default(),
            frequency: text(&record, "billingFrequency").and_then(|name| Frequency::named(&name)),
            overage_frequency: overages.and_then(Frequency::named),
            is_in_advance: record
                .get("billingType")
                .is_some_and(|value| value == "IN_ADVANCE"),
            structure,
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

    /// A text of the structure.
    pub(super) fn term(&self, name: &str) -> Option<&str> {
        self.structure.get(name)?.as_str()
    }
}

fn text(record: &Map<String, Value>, name: &str) -> Option<String> {
    record.get(name).and_then(Value::as_str).map(str::to_owned)
}
