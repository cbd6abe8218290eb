//! Terms of a schedule that were replaced, and by which what ended before is still billed.
//!
//! A price that is left out keeps its tax rate, and the discounts and minimums that were for such prices only. A phase that is
//! gone keeps all of its discounts and minimums.

use crate::records::{BillingRun, BillingSchedule, Discount, Facet, FormerTerms, Phase, PriceTaxRate};
use crate::store::{State, Tx};

/// The terms of a schedule that is about to be changed.
pub(in super::super) fn of(state: &State, schedule: &BillingSchedule) -> FormerTerms {
    FormerTerms {
        tax_rates: schedule.tax_rates.clone(),
        phases: schedule.phases.clone(),
        discounts: state.all_with(Facet::BillingScheduleId, &schedule.id),
    }
}

/// Those of the terms before a change, and of the ones that the run has from earlier changes, that its items are billed by.
pub(super) fn still_used(
    tx: &Tx<'_>,
    before: &FormerTerms,
    run: &BillingRun,
    schedule: &BillingSchedule,
) -> FormerTerms {
    let now = Now {
        run,
        schedule,
        discounts: tx.all_with(Facet::BillingScheduleId, &schedule.id),
    };
    let mut used = FormerTerms::default();
    for terms in [&run.former, before] {
        for tax in terms.tax_rates.iter().filter(|tax| now.has_lost_price(tax)) {
            if used.tax_rates.iter().all(|known| known.price_id != tax.price_id) {
                used.tax_rates.push(tax.clone());
            }
        }
        let discounts = terms.discounts.iter().filter(|discount| {
            let phase = discount.phase_id.as_deref();
            phase.is_some_and(|phase| now.has_lost(phase, &discount.price_ids))
        });
        used.discounts.extend(discounts.cloned());
        for phase in &terms.phases {
            let mut phase = phase.clone();
            phase
                .minimums
                .retain(|minimum| now.has_lost(&phase.id, &minimum.restrict_to_prices));
            // What a discount comes with depends on the prices of its phase.
            let of_phase = |discount: &Discount| discount.phase_id.as_ref() == Some(&phase.id);
            let is_used = now.has_lost(&phase.id, &[])
                || !phase.minimums.is_empty()
                || used.discounts.iter().any(of_phase);
            match used.phases.iter_mut().find(|known| known.id == phase.id) {
                Some(known) => known.minimums.append(&mut phase.minimums),
                None if is_used => used.phases.push(phase),
                None => {}
            }
        }
    }
    used
}

/// What is billed, and the terms after the change.
struct Now<'a> {
    run: &'a BillingRun,
    schedule: &'a BillingSchedule,
    discounts: Vec<Discount>,
}

impl Now<'_> {
    /// Whether the run bills a price that the schedule does not have any more.
    fn has_lost_price(&self, tax: &PriceTaxRate) -> bool {
        let mut items = self.run.items.iter();
        let mut phases = self.schedule.phases.iter();
        items.any(|item| item.price_id == tax.price_id)
            && !phases.any(|phase| phase.price_ids.contains(&tax.price_id))
    }

    /// Whether the run bills a phase that is gone, or that names none of these prices any more.
    fn has_lost(&self, phase: &str, prices: &[String]) -> bool {
        let mut phases = self.schedule.phases.iter();
        let is_lost = match phases.find(|now| now.id == phase) {
            Some(now) => !prices.is_empty() && !prices.iter().any(|price| self.names(now, price)),
            None => true,
        };
        is_lost && self.run.items.iter().any(|item| item.phase_id == phase)
    }

    /// Whether a phase has a price, or a discount or minimum for it.
    fn names(&self, phase: &Phase, price: &str) -> bool {
        let of_phase = self
            .discounts
            .iter()
            .filter(|one| one.phase_id.as_ref() == Some(&phase.id));
        let restrictions = of_phase.map(|discount| &discount.price_ids);
        let minimums = phase.minimums.iter().map(|minimum| &minimum.restrict_to_prices);
        let mut prices = restrictions.chain(minimums).chain([&phase.price_ids]);
        prices.any(|prices| prices.iter().any(|one| one == price))
    }
}
