//! Credit grants: balances, refreshes, expiry, and the order in which grants are used.
//!
//! A [`GrantAccount`] is one grant with its balance. Every change returns the ledger [`Entry`]s that
//! explain it; the sum of all entries is the balance. A balance is never below 0 and never above what was
//! granted.
//!
//! ```
//! use chrono::NaiveDate;
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::billing::Currency;
//! use sequencehq_emulator::billing::credit::{Grant, GrantAccount, Unit};
//! use sequencehq_emulator::billing::period::Frequency;
//!
//! let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
//! let mut grant = Grant::new("grant", Unit::Cash(Currency::Eur), Decimal::from(100), "2026-01-31T08:00:00Z".parse().unwrap());
//! grant.refresh = Some(Frequency::Monthly);
//! let (mut account, _) = GrantAccount::open(grant)?;
//! account.debit(Decimal::from(30), day(2, 1))?;
//! assert_eq!(account.balance(), Decimal::from(70));
//! account.advance_to(day(2, 28))?; // The month has no 31st day.
//! assert_eq!(account.balance(), Decimal::from(100));
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::{difference, sum, total};
use super::money::Currency;
use super::period::{Frequency, Recurrence};
use super::price::not_negative;
use crate::assumptions::{A56, A58, Assumed};

/// What a grant counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// `CASH`: money.
    Cash(Currency),
    /// `USAGE`: units of the usage metric with this id.
    Usage(String),
}

/// What becomes of unused credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RolloverMode {
    /// `NONE`: it lapses at each refresh and with the phase.
    #[default]
    None,
    /// `ON_GRANT_REFRESH`: it is kept at a refresh and lapses with the phase.
    OnGrantRefresh,
    /// `ON_GRANT_REFRESH_AND_PHASE`: it is kept at a refresh and after the phase.
    OnGrantRefreshAndPhase,
}

/// The terms of a credit grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Id of the grant.
    pub id: String,
    /// What it counts.
    pub unit: Unit,
    /// Money or units, granted once and again at each refresh.
    pub amount: Decimal,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// First day on which it can be used. The day of creation if absent.
    pub effective_date: Option<NaiveDate>,
    /// Last day on which it can be used, included.
    pub expiry_date: Option<NaiveDate>,
    /// How often it is granted again, counted from its first day. `None` for never.
    pub refresh: Option<Frequency>,
    /// What becomes of unused credit.
    pub rollover: RolloverMode,
    /// Last day of its phase, if it has one that ends.
    pub phase_end: Option<NaiveDate>,
    /// The prices that it can be used for. Empty means all.
    pub restrict_to_prices: Vec<String>,
}

impl Grant {
    /// A grant for all prices that is usable at once, does not expire and does not refresh.
    pub fn new(id: impl Into<String>, unit: Unit, amount: Decimal, created_at: DateTime<Utc>) -> Self {
        Self {
            id: id.into(),
            unit,
            amount,
            created_at,
            effective_date: None,
            expiry_date: None,
            refresh: None,
            rollover: RolloverMode::None,
            phase_end: None,
            restrict_to_prices: Vec::new(),
        }
    }

    /// First day on which the grant can be used.
    pub fn first_day(&self) -> NaiveDate {
        self.effective_date
            .unwrap_or_else(|| self.created_at.date_naive())
    }

    /// Last day on which the grant can be used, by its expiry or the end of its phase [A58].
    pub fn last_day(&self) -> Option<NaiveDate> {
        let phase_end = match self.rollover {
            RolloverMode::None | RolloverMode::OnGrantRefresh => self.phase_end,
            RolloverMode::OnGrantRefreshAndPhase => None,
        };
        earliest(self.expiry_date, phase_end)
    }

    /// The day of the `k`th refresh, from 1, if there is one.
    fn refresh_day(&self, k: u32) -> Result<Option<NaiveDate>> {
        let Some(months) = self.refresh.and_then(Frequency::months) else {
            return Ok(None);
        };
        let day = match Recurrence::starting(self.first_day(), None)?.date(months, k.into()) {
            Err(Error::DateOutOfRange) => return Ok(None),
            day => day?,
        };
        // A grant that outlives its phase is not granted again after it.
        let last = earliest(self.expiry_date, self.phase_end);
        Ok(last.is_none_or(|last| day <= last).then_some(day))
    }

    fn assumed(&self) -> Assumed {
        let mut assumed = Assumed::NONE;
        assumed.add_if(self.refresh.is_some() || self.phase_end.is_some(), A58);
        assumed
    }
}

fn earliest(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    a.into_iter().chain(b).min()
}

/// Direction of a ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryType {
    /// `CREDIT`: adds to the grant.
    Credit,
    /// `DEBIT`: takes from it.
    Debit,
}

/// Why a ledger entry was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The grant was made.
    Granted,
    /// It was granted again.
    Refreshed,
    /// What was left lapsed at a refresh.
    LapsedAtRefresh,
    /// What was left lapsed after the last day.
    Expired,
    /// It was used on an invoice.
    Used,
    /// The invoice was voided.
    Returned,
}

/// A row of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Direction.
    pub entry_type: EntryType,
    /// Amount, above 0.
    pub amount: Decimal,
    /// Day of the booking.
    pub date: NaiveDate,
    /// Why it was booked.
    pub reason: Reason,
}

impl Entry {
    /// The amount with the sign of its direction.
    pub fn signed(&self) -> Decimal {
        match self.entry_type {
            EntryType::Credit => self.amount,
            EntryType::Debit => -self.amount,
        }
    }
}

/// The part of a [`GrantAccount`] that changes, to be stored beside the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantState {
    /// What is left.
    pub balance: Decimal,
    /// What was granted since credit last lapsed at a refresh: the most that the balance can be.
    pub granted: Decimal,
    /// Number of refreshes so far.
    pub refreshes: u32,
    /// Whether the last day is over.
    pub ended: bool,
    /// The last day that was reached.
    pub reached: Option<NaiveDate>,
}

/// What came back to a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The entries, those of refreshes and expiry first.
    pub entries: Vec<Entry>,
    /// What did not come back, because the credit would have lapsed in the meantime.
    pub lapsed: Decimal,
}

/// A grant with its balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantAccount {
    grant: Grant,
    state: GrantState,
}

impl GrantAccount {
    /// Opens the account, with the entry over the amount on the first day.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeAmount`]; [`Error::ReversedPeriod`] if the grant expires before its first day.
    pub fn open(grant: Grant) -> Result<(Self, Vec<Entry>)> {
        not_negative("amount", grant.amount)?;
        let start = grant.first_day();
        if let Some(end) = grant.expiry_date.filter(|end| *end < start) {
            return Err(Error::ReversedPeriod { start, end });
        }
        let state = GrantState {
            balance: Decimal::ZERO,
            granted: Decimal::ZERO,
            refreshes: 0,
            ended: false,
            reached: None,
        };
        let mut account = Self { grant, state };
        let mut entries = Vec::new();
        account.credit(account.grant.amount, start, Reason::Granted, &mut entries)?;
        account.state.granted = account.grant.amount;
        Ok((account, entries))
    }

    /// Restores an account from what was stored.
    ///
    /// # Errors
    ///
    /// [`Error::GrantState`] unless `0 ≤ balance ≤ granted`.
    pub fn restore(grant: Grant, state: GrantState) -> Result<Self> {
        let account = Self { grant, state };
        if account.state.balance < Decimal::ZERO || account.state.balance > account.state.granted {
            return Err(Error::GrantState);
        }
        Ok(account)
    }

    /// The terms.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// What is to be stored.
    pub fn state(&self) -> GrantState {
        self.state
    }

    /// What is left.
    pub fn balance(&self) -> Decimal {
        self.state.balance
    }

    /// What the balance depends on.
    pub fn assumed(&self) -> Assumed {
        self.grant.assumed()
    }

    /// Returns whether the grant can be used on the day.
    pub fn is_usable_on(&self, day: NaiveDate) -> bool {
        self.grant.first_day() <= day && self.grant.last_day().is_none_or(|last| day <= last)
    }

    /// The next day after `day` on which the credit changes by itself: it begins, is granted again or expires. `None` if
    /// there is none. Refreshes and expiry through `day` have to be booked.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`].
    pub fn next_day(&self, day: NaiveDate) -> Result<Option<NaiveDate>> {
        let next = self.state.refreshes.checked_add(1).ok_or(Error::DateOutOfRange)?;
        let over = self.grant.last_day().filter(|_| !self.state.ended);
        let days = [
            Some(self.grant.first_day()),
            self.grant.refresh_day(next)?,
            over.and_then(|last| last.succ_opt()),
        ];
        Ok(days.into_iter().flatten().filter(|one| *one > day).min())
    }

    /// What can be used on a day that is not before the one reached: after the refreshes and the expiry due
    /// by then.
    ///
    /// # Errors
    ///
    /// As [`advance_to`](Self::advance_to).
    pub fn available_on(&self, day: NaiveDate) -> Result<Decimal> {
        if !self.is_usable_on(day) {
            return Ok(Decimal::ZERO);
        }
        let mut then = self.clone();
        then.advance_to(day)?;
        Ok(then.balance())
    }

    /// Returns whether a refresh or the expiry has taken what was left on the day. Those that are due have to be booked.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`].
    pub fn has_lapsed_since(&self, day: NaiveDate) -> Result<bool> {
        if self.state.ended || self.grant.rollover != RolloverMode::None || self.state.refreshes == 0 {
            return Ok(self.state.ended);
        }
        let last = self.grant.refresh_day(self.state.refreshes)?;
        Ok(last.is_some_and(|last| day < last))
    }

    /// Runs the refreshes and the expiry that are due through the day, in order. One jump books the
    /// same entries as daily steps.
    ///
    /// # Errors
    ///
    /// [`Error::BackInTime`] for a day before one that was reached; [`Error::TooManyDigits`].
    pub fn advance_to(&mut self, day: NaiveDate) -> Result<Vec<Entry>> {
        if let Some(reached) = self.state.reached.filter(|reached| day < *reached) {
            return Err(Error::BackInTime { reached, asked: day });
        }
        let before = self.state;
        let entries = self.run_to(day);
        if entries.is_err() {
            self.state = before;
        }
        entries
    }

    fn run_to(&mut self, day: NaiveDate) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.state.reached = Some(day);
        loop {
            let next = self.state.refreshes.checked_add(1).ok_or(Error::DateOutOfRange)?;
            let Some(due) = self.grant.refresh_day(next)?.filter(|due| *due <= day) else {
                break;
            };
            if self.grant.rollover == RolloverMode::None {
                self.take(self.state.balance, due, Reason::LapsedAtRefresh, &mut entries)?;
                self.state.granted = Decimal::ZERO;
            }
            self.state.granted = sum(self.state.granted, self.grant.amount)?;
            self.credit(self.grant.amount, due, Reason::Refreshed, &mut entries)?;
            self.state.refreshes = next;
        }
        let over = self
            .grant
            .last_day()
            .and_then(|last| last.succ_opt())
            .filter(|over| *over <= day);
        if let Some(over) = over.filter(|_| !self.state.ended) {
            self.take(self.state.balance, over, Reason::Expired, &mut entries)?;
            self.state.ended = true;
        }
        Ok(entries)
    }

    /// Takes credit that an invoice used, after the refreshes and the expiry due by that day.
    ///
    /// # Errors
    ///
    /// [`Error::GrantNotUsable`], [`Error::GrantOverdrawn`], [`Error::NegativeAmount`], and as
    /// [`advance_to`](Self::advance_to). Then the account is unchanged.
    pub fn debit(&mut self, amount: Decimal, day: NaiveDate) -> Result<Vec<Entry>> {
        not_negative("amount", amount)?;
        if !self.is_usable_on(day) {
            return Err(Error::GrantNotUsable(day));
        }
        let before = self.state;
        let mut entries = self.advance_to(day)?;
        if let Err(error) = self.take(amount, day, Reason::Used, &mut entries) {
            self.state = before;
            return Err(error);
        }
        Ok(entries)
    }

    /// Gives back credit that a voided invoice used on the day `used`, after the refreshes and the expiry due by `day`. What
    /// a refresh or the expiry would have taken in the meantime does not come back.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeAmount`], and as [`advance_to`](Self::advance_to).
    pub fn give_back(&mut self, amount: Decimal, used: NaiveDate, day: NaiveDate) -> Result<GivenBack> {
        not_negative("amount", amount)?;
        let mut entries = self.advance_to(day)?;
        let room = difference(self.state.granted, self.state.balance)?;
        let returned = if self.has_lapsed_since(used)? {
            Decimal::ZERO
        } else {
            amount.min(room)
        };
        self.credit(returned, day, Reason::Returned, &mut entries)?;
        Ok(GivenBack {
            entries,
            lapsed: difference(amount, returned)?,
        })
    }

    fn credit(
        &mut self,
        amount: Decimal,
        date: NaiveDate,
        reason: Reason,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        if !amount.is_zero() {
            self.state.balance = sum(self.state.balance, amount)?;
            entries.push(Entry {
                entry_type: EntryType::Credit,
                amount,
                date,
                reason,
            });
        }
        Ok(())
    }

    fn take(
        &mut self,
        amount: Decimal,
        date: NaiveDate,
        reason: Reason,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        if amount > self.state.balance {
            return Err(Error::GrantOverdrawn {
                wanted: amount,
                left: self.state.balance,
            });
        }
        if !amount.is_zero() {
            self.state.balance = difference(self.state.balance, amount)?;
            entries.push(Entry {
                entry_type: EntryType::Debit,
                amount,
                date,
                reason,
            });
        }
        Ok(())
    }
}

/// Balance over the grants of a unit.
///
/// # Errors
///
/// [`Error::TooManyDigits`].
pub fn balance(accounts: &[GrantAccount], unit: &Unit) -> Result<Decimal> {
    let of_unit = accounts.iter().filter(|account| account.grant.unit == *unit);
    total(of_unit.map(GrantAccount::balance))
}

/// Sorts grants into the order in which they are used: usage before cash, the soonest last day first, none
/// last; then by first day, time of creation and id [A56].
pub fn burn_down_order(accounts: &mut [&GrantAccount]) -> Assumed {
    let rank = |account: &GrantAccount| {
        let is_cash = matches!(account.grant.unit, Unit::Cash(_));
        (is_cash, account.grant.last_day().unwrap_or(NaiveDate::MAX))
    };
    accounts.sort_by(|a, b| {
        let tie = |account: &GrantAccount| (account.grant.first_day(), account.grant.created_at);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| tie(a).cmp(&tie(b)))
            .then_with(|| a.grant.id.cmp(&b.grant.id))
    });
    let mut assumed = Assumed::NONE;
    let tied =
        |pair: &[&GrantAccount]| rank(pair[0]) == rank(pair[1]) && pair[0].grant.unit == pair[1].grant.unit;
    assumed.add_if(accounts.windows(2).any(tied), A56);
    assumed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn grant(id: &str, amount: &str) -> Grant {
        Grant::new(
            id,
            Unit::Cash(Currency::Eur),
            d(amount),
            "2026-01-31T10:00:00Z".parse().unwrap(),
        )
    }

    fn rows(entries: &[Entry]) -> Vec<(String, String, Reason)> {
        entries
            .iter()
            .map(|e| (e.date.to_string(), e.signed().to_string(), e.reason))
            .collect()
    }

    fn row(date: &str, amount: &str, reason: Reason) -> (String, String, Reason) {
        (date.to_owned(), amount.to_owned(), reason)
    }

    #[test]
    fn a_refresh_without_rollover_resets_the_balance() {
        let terms = Grant {
            refresh: Some(Frequency::Monthly),
            ..grant("g", "100")
        };
        let (mut account, opening) = GrantAccount::open(terms).unwrap();
        assert_eq!(rows(&opening), [row("2026-01-31", "100", Reason::Granted)]);
        account.debit(d("30"), day(2, 1)).unwrap();
        let entries = account.advance_to(day(3, 31)).unwrap();
        assert_eq!(
            rows(&entries),
            [
                row("2026-02-28", "-70", Reason::LapsedAtRefresh),
                row("2026-02-28", "100", Reason::Refreshed),
                row("2026-03-31", "-100", Reason::LapsedAtRefresh),
                row("2026-03-31", "100", Reason::Refreshed),
            ]
        );
        assert_eq!((account.balance(), account.state().granted), (d("100"), d("100")));
        assert_eq!(account.assumed(), A58.into());
    }

    #[test]
    fn the_next_day_is_that_of_the_beginning_a_refresh_or_the_end() {
        let terms = Grant {
            effective_date: Some(day(2, 10)),
            refresh: Some(Frequency::Monthly),
            expiry_date: Some(day(4, 1)),
            ..grant("g", "100")
        };
        let (mut account, _) = GrantAccount::open(terms).unwrap();
        let mut days = vec![day(1, 31)];
        while let Some(next) = account.next_day(days[days.len() - 1]).unwrap() {
            account.advance_to(next).unwrap();
            days.push(next);
        }
        assert_eq!(days[1..], [day(2, 10), day(3, 10), day(4, 2)]);
        let (forever, _) = GrantAccount::open(grant("g", "100")).unwrap();
        assert_eq!(forever.next_day(day(2, 1)), Ok(None));
    }

    #[test]
    fn rollover_keeps_what_is_left_and_ends_with_the_phase_or_not() {
        let phase_end = Some(day(3, 15));
        let rolled = |rollover| {
            let terms = Grant {
                refresh: Some(Frequency::Monthly),
                rollover,
                phase_end,
                ..grant("g", "100")
            };
            let (mut account, _) = GrantAccount::open(terms).unwrap();
            account.debit(d("30"), day(2, 1)).unwrap();
            let entries = account.advance_to(day(12, 31)).unwrap();
            (
                rows(&entries),
                account.balance(),
                account.is_usable_on(day(3, 16)),
            )
        };
        let refreshed = row("2026-02-28", "100", Reason::Refreshed);
        assert_eq!(
            rolled(RolloverMode::OnGrantRefresh),
            (
                vec![refreshed.clone(), row("2026-03-16", "-170", Reason::Expired)],
                d("0"),
                false
            )
        );
        assert_eq!(
            rolled(RolloverMode::OnGrantRefreshAndPhase),
            (vec![refreshed], d("170"), true)
        );
    }

    #[test]
    fn first_and_last_day_can_be_used() {
        let terms = Grant {
            effective_date: Some(day(2, 10)),
            expiry_date: Some(day(2, 20)),
            ..grant("g", "10")
        };
        let (mut account, _) = GrantAccount::open(terms).unwrap();
        assert_eq!(
            account.debit(d("1"), day(2, 9)),
            Err(Error::GrantNotUsable(day(2, 9)))
        );
        assert_eq!(account.debit(d("1"), day(2, 10)).unwrap().len(), 1);
        assert_eq!(account.debit(d("1"), day(2, 20)).unwrap().len(), 1);
        assert_eq!(account.available_on(day(2, 20)), Ok(d("8")));
        assert_eq!(account.available_on(day(2, 21)), Ok(d("0")));
        assert_eq!(
            account.debit(d("1"), day(2, 21)),
            Err(Error::GrantNotUsable(day(2, 21)))
        );
        assert_eq!(
            rows(&account.advance_to(day(3, 1)).unwrap()),
            [row("2026-02-21", "-8", Reason::Expired)]
        );
        assert_eq!(account.advance_to(day(3, 1)), Ok(vec![]));
        let back = Error::BackInTime {
            reached: day(3, 1),
            asked: day(2, 28),
        };
        assert_eq!(account.advance_to(day(2, 28)), Err(back));
    }

    #[test]
    fn a_refresh_on_the_last_day_is_still_run() {
        for last in [day(2, 27), day(2, 28)] {
            let terms = Grant {
                refresh: Some(Frequency::Monthly),
                rollover: RolloverMode::OnGrantRefresh,
                expiry_date: Some(last),
                ..grant("g", "10")
            };
            let (mut account, _) = GrantAccount::open(terms).unwrap();
            let refreshed = account.advance_to(last).unwrap().len();
            assert_eq!(refreshed, usize::from(last == day(2, 28)));
        }
    }

    #[test]
    fn a_grant_is_never_overdrawn_and_never_above_what_was_granted() {
        let (mut account, _) = GrantAccount::open(grant("g", "10")).unwrap();
        let before = account.clone();
        assert_eq!(
            account.debit(d("10.01"), day(2, 1)),
            Err(Error::GrantOverdrawn {
                wanted: d("10.01"),
                left: d("10")
            })
        );
        assert!(matches!(
            account.debit(d("-1"), day(2, 1)),
            Err(Error::NegativeAmount { .. })
        ));
        assert_eq!(account, before, "a refused debit changes nothing");
        account.debit(d("4"), day(2, 1)).unwrap();
        let given = account.give_back(d("5"), day(2, 1), day(2, 2)).unwrap();
        assert_eq!(
            (rows(&given.entries), given.lapsed),
            (vec![row("2026-02-02", "4", Reason::Returned)], d("1"))
        );
        let state = GrantState {
            balance: d("11"),
            ..account.state()
        };
        assert_eq!(
            GrantAccount::restore(grant("g", "10"), state),
            Err(Error::GrantState)
        );
        assert_eq!(
            GrantAccount::restore(grant("g", "10"), account.state()).as_ref(),
            Ok(&account)
        );
        assert!(matches!(
            GrantAccount::open(grant("g", "-1")),
            Err(Error::NegativeAmount { .. })
        ));
        let reversed = Grant {
            expiry_date: Some(day(1, 30)),
            ..grant("g", "1")
        };
        assert!(matches!(
            GrantAccount::open(reversed),
            Err(Error::ReversedPeriod { .. })
        ));
    }

    #[test]
    fn credit_that_would_have_lapsed_does_not_come_back() {
        let terms = Grant {
            refresh: Some(Frequency::Monthly),
            expiry_date: Some(day(3, 20)),
            ..grant("g", "100")
        };
        let (mut account, _) = GrantAccount::open(terms).unwrap();
        account.debit(d("30"), day(2, 1)).unwrap();
        account.debit(d("40"), day(2, 28)).unwrap();
        // What is used of the new credit makes no room for the old.
        let given = account.give_back(d("30"), day(2, 1), day(3, 1)).unwrap();
        assert_eq!((given.entries.len(), given.lapsed), (0, d("30")));
        let given = account.give_back(d("40"), day(2, 28), day(3, 1)).unwrap();
        assert_eq!((account.balance(), given.lapsed), (d("100"), d("0")));
        account.debit(d("30"), day(3, 10)).unwrap();
        let given = account.give_back(d("30"), day(3, 10), day(4, 1)).unwrap();
        assert_eq!((account.balance(), given.lapsed), (d("0"), d("30")));
    }

    #[test]
    fn credit_that_rolls_over_comes_back_after_a_refresh() {
        let terms = Grant {
            refresh: Some(Frequency::Monthly),
            rollover: RolloverMode::OnGrantRefresh,
            ..grant("g", "100")
        };
        let (mut account, _) = GrantAccount::open(terms).unwrap();
        account.debit(d("30"), day(2, 1)).unwrap();
        let given = account.give_back(d("30"), day(2, 1), day(3, 1)).unwrap();
        assert_eq!((account.balance(), given.lapsed), (d("200"), d("0")));
    }

    #[test]
    fn usage_is_used_before_cash_and_the_soonest_expiry_first() {
        let expiring = |id: &str, date| Grant {
            expiry_date: date,
            ..grant(id, "1")
        };
        let usage = Grant {
            unit: Unit::Usage("metric".to_owned()),
            ..grant("usage", "1")
        };
        let effective = Grant {
            effective_date: Some(day(1, 1)),
            ..expiring("older", Some(day(5, 1)))
        };
        let later = Grant {
            created_at: "2026-01-31T11:00:00Z".parse().unwrap(),
            ..expiring("later", Some(day(5, 1)))
        };
        let with_phase = Grant {
            phase_end: Some(day(4, 1)),
            ..grant("phase", "1")
        };
        let terms = [
            grant("open", "1"),
            later,
            expiring("first", Some(day(5, 1))),
            effective,
            with_phase,
            usage,
        ];
        let accounts = terms.map(|terms| GrantAccount::open(terms).unwrap().0);
        let mut order: Vec<&GrantAccount> = accounts.iter().collect();
        assert_eq!(burn_down_order(&mut order), A56.into());
        let ids: Vec<_> = order.iter().map(|account| account.grant().id.as_str()).collect();
        assert_eq!(ids, ["usage", "phase", "older", "first", "later", "open"]);
        assert!(burn_down_order(&mut [&accounts[0], &accounts[1]]).is_empty());
    }

    proptest! {
        #[test]
        fn one_jump_equals_daily_steps(
            start in 0..400_u64, length in prop::option::of(0..500_u64), phase in prop::option::of(0..500_u64),
            steps in prop::sample::select(vec![None, Some(Frequency::Monthly), Some(Frequency::Quarterly), Some(Frequency::Yearly)]),
            rollover in prop::sample::select(vec![RolloverMode::None, RolloverMode::OnGrantRefresh, RolloverMode::OnGrantRefreshAndPhase]),
            uses in prop::collection::btree_map(0..800_u64, 1..400_u32, 0..6),
        ) {
            let base = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
            let after = |days: u64| base + chrono::Days::new(days);
            let terms = Grant {
                created_at: "2025-12-31T00:00:00Z".parse().unwrap(),
                effective_date: Some(after(start)),
                expiry_date: length.map(|n| after(start + n)),
                phase_end: phase.map(|n| after(start + n)),
                refresh: steps,
                rollover,
                ..grant("g", "250")
            };
            let (mut daily, opening) = GrantAccount::open(terms).unwrap();
            let mut jumping = daily.clone();
            let (mut daily_entries, mut jump_entries) = (opening.clone(), opening);
            for n in 0..=800 {
                daily_entries.extend(daily.advance_to(after(n)).unwrap());
                if let Some(wanted) = uses.get(&n) {
                    let amount = Decimal::from(*wanted).min(daily.balance());
                    let expected = daily.debit(amount, after(n));
                    let found = jumping.debit(amount, after(n));
                    prop_assert_eq!(expected.is_ok(), found.is_ok());
                    daily_entries.extend(expected.into_iter().flatten());
                    jump_entries.extend(found.into_iter().flatten());
                }
                let state = daily.state();
                prop_assert!(Decimal::ZERO <= state.balance && state.balance <= state.granted);
                prop_assert_eq!(jumping.available_on(after(n)).unwrap(), if daily.is_usable_on(after(n)) { state.balance } else { Decimal::ZERO });
            }
            jump_entries.extend(jumping.advance_to(after(800)).unwrap());
            prop_assert_eq!(&daily_entries, &jump_entries);
            prop_assert_eq!(&daily, &jumping);
            prop_assert_eq!(total(daily_entries.iter().map(Entry::signed)).unwrap(), daily.balance());
        }
    }
}
