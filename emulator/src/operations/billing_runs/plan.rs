//! The plan of a schedule: which days of which prices are billed, and when.
//!
//! The periods of a price tile its phases, as far as these lie between the first and the last day of the schedule. A price that
//! is charged once has one period in each phase. Prices on demand and per event have none (A46).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::billing::Period;
use crate::billing::period::{Frequency, Phase as Span, RecurrencePreference, Timeline};
use crate::records::{BillingSchedule, Phase, Progress, RunItem, RunPart, RunSegment};
use crate::store::State;

use super::price::Price;

/// The phases of a schedule with their rhythms, and its prices.
pub(in super::super) struct Plan<'s> {
    timeline: Timeline,
    phases: Vec<(&'s Phase, Span)>,
    prices: Vec<Price>,
}

/// Days of a price that are billed together.
pub(super) struct Planned {
    /// The name in the progress of the schedule.
    pub(super) key: String,
    pub(super) item: RunItem,
    /// The day of billing.
    pub(super) due: NaiveDate,
}

impl<'s> Plan<'s> {
    /// The plan; `None` if nothing is billed.
    pub(in super::super) fn of(state: &State, schedule: &'s BillingSchedule) -> Option<Self> {
        let phases: Vec<(&Phase, Span)> = schedule
            .phases
            .iter()
            .filter_map(|phase| Some((phase, span(schedule, phase)?)))
            .collect();
        let spans: Vec<Span> = phases.iter().map(|(_, span)| *span).collect();
        let timeline = Timeline::new(&spans, schedule.recurrence_day_of_month).ok()?;
        let mut seen = BTreeSet::new();
        let ids = phases.iter().flat_map(|(phase, _)| &phase.price_ids);
        let distinct = ids.filter(|id| seen.insert(id.as_str()));
        Some(Self {
            timeline,
            prices: distinct.filter_map(|id| Price::read(state, id)).collect(),
            phases,
        })
    }

    /// The first day on which something is billed.
    pub(in super::super) fn first_billing_date(&self) -> Option<NaiveDate> {
        let nothing = Progress::default();
        let firsts = self
            .parts()
            .filter_map(|(price, part)| self.next(price, part, &nothing));
        firsts.map(|planned| planned.due).min()
    }

    /// The currency of the prices (A16).
    pub(super) fn currency(&self) -> Option<&str> {
        self.prices.first().map(|price| price.currency.as_str())
    }

    /// A price of the schedule.
    pub(super) fn price(&self, id: &str) -> Option<&Price> {
        self.prices.iter().find(|price| price.id == id)
    }

    /// Takes everything whose days start by `today`, and notes that in the progress.
    pub(super) fn take(&self, progress: &mut Progress, today: NaiveDate) -> Vec<Planned> {
        let mut taken = Vec::new();
        progress.next_day = None;
        for (price, part) in self.parts() {
            while let Some(planned) = self.next(price, part, progress) {
                let start = planned.item.start();
                if start > today {
                    let earlier = progress.next_day.into_iter().chain([start]);
                    progress.next_day = earlier.min();
                    break;
                }
                let Some(next) = planned.item.end().succ_opt() else {
                    break;
                };
                progress.next.insert(planned.key.clone(), next);
                taken.push(planned);
            }
        }
        taken
    }

    /// Takes the days through `today` of the prices without a rhythm (A46), and notes that in the progress.
    pub(super) fn take_on_demand(&self, progress: &mut Progress, today: NaiveDate) -> Vec<Planned> {
        let mut taken = Vec::new();
        for (price, part) in self.parts() {
            let frequency = price.frequency(part);
            if !matches!(frequency, Some(Frequency::OnDemand | Frequency::PerEvent)) {
                continue;
            }
            for (place, (phase, span)) in self.phases.iter().enumerate() {
                let key = part.key(&price.id);
                let next = progress.next.get(&key).copied();
                let is_over = price.is_once(part) && next.is_some_and(|next| next > span.start);
                if is_over || !phase.price_ids.contains(&price.id) {
                    continue;
                }
                let billed = next.or(progress.from).and_then(|day| day.pred_opt());
                let Ok(Some(days)) = self.timeline.on_demand(place, billed, today) else {
                    continue;
                };
                let segment = RunSegment {
                    start: days.start(),
                    end: days.end(),
                    full_days: days.days(),
                };
                let item = RunItem {
                    phase_id: phase.id.clone(),
                    phase_start: span.start,
                    price_id: price.id.clone(),
                    part,
                    is_in_advance: false,
                    segments: vec![segment],
                };
                progress
                    .next
                    .extend(days.end().succ_opt().map(|next| (key.clone(), next)));
                taken.push(Planned {
                    key,
                    item,
                    due: today,
                });
            }
        }
        taken
    }

    fn parts(&self) -> impl Iterator<Item = (&Price, RunPart)> {
        let parts = |price: &Price| price.parts().iter();
        self.prices
            .iter()
            .flat_map(move |price| parts(price).map(move |part| (price, *part)))
    }

    /// What is billed next of a price.
    pub(super) fn next(&self, price: &Price, part: RunPart, progress: &Progress) -> Option<Planned> {
        let key = part.key(&price.id);
        let next = progress.next.get(&key).copied();
        let places = self.phases.iter().enumerate();
        let mut places = places.filter(|(_, (phase, _))| phase.price_ids.contains(&price.id));
        let item = places.find_map(|(place, (phase, span))| {
            if price.is_once(part) && next.is_some_and(|next| next > span.start) {
                return None;
            }
            let first = next
                .or(progress.from)
                .map_or(span.start, |day| day.max(span.start));
            Some(RunItem {
                phase_id: phase.id.clone(),
                phase_start: span.start,
                price_id: price.id.clone(),
                part,
                is_in_advance: price.is_in_advance(part),
                segments: self.segments(place, price, part, first)?,
            })
        })?;
        let due = if item.is_in_advance {
            Some(item.start())
        } else {
            item.end().succ_opt()
        };
        Some(Planned { key, item, due: due? })
    }

    /// The days of a phase from `first` through the end of the billing period that it lies in.
    fn segments(
        &self,
        place: usize,
        price: &Price,
        part: RunPart,
        first: NaiveDate,
    ) -> Option<Vec<RunSegment>> {
        let frequency = match price.frequency(part)? {
            // The period has the length of a month, whenever it starts.
            Frequency::OneTime => Frequency::Monthly,
            other => other,
        };
        let period_on = |frequency, day| self.timeline.period_on(place, frequency, day).ok()?;
        let period = period_on(frequency, first)?;
        let last = period.service.end();
        let whole = match part {
            RunPart::Overage => price
                .frequency(RunPart::Committed)
                .filter(|own| own.months().is_some()),
            RunPart::All | RunPart::Committed => None,
        };
        let mut segments = Vec::new();
        let mut day = first;
        while day <= last {
            let period = whole.map_or(Some(period), |own| period_on(own, day))?;
            let end = period.service.end().min(last);
            segments.push(RunSegment {
                start: day,
                end,
                full_days: period.full.days(),
            });
            day = end.succ_opt()?;
        }
        Some(segments)
    }
}

/// The part of a phase between the first and the last day of the schedule.
fn span(schedule: &BillingSchedule, phase: &Phase) -> Option<Span> {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let start = day(&phase.start_date)?.max(day(&schedule.start_date)?);
    let ends = [&phase.end_date, &schedule.end_date];
    let end = ends.into_iter().flatten().filter_map(|end| day(end)).min();
    if let Some(end) = end {
        Period::new(start, end).ok()?;
    }
    Some(Span {
        start,
        end,
        recurrence: match phase.recurrence_preference.as_str() {
            "RESET" => RecurrencePreference::Reset,
            _ => RecurrencePreference::Continue,
        },
    })
}
