//! Credit notes against invoices: how much can be credited, and what an application does.

use rust_decimal::Decimal;

use super::error::Result;
use super::exact::{difference, sum};
use super::money::Currency;
use crate::assumptions::{A64, A67, A68, Assumed};

/// One side of an application: an invoice or a credit note with its balance in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// What is left of it.
    pub balance: Decimal,
    /// Version of the balance, which rises by one with each change.
    pub version: i64,
    /// Its currency.
    pub currency: Currency,
}

/// Credit of a credit note that is to be applied to an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Application {
    /// Amount, gross.
    pub amount: Decimal,
    /// Currency of the amount.
    pub currency: Currency,
    /// The version of the invoice's balance that the caller saw.
    pub invoice_version: i64,
    /// The version of the credit note's balance that the caller saw.
    pub credit_note_version: i64,
}

/// Why an application is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The amount, the invoice and the credit note do not have one currency: 400.
    Currency,
    /// The amount is not above 0, or above one of the balances: 400.
    Amount,
    /// One of the versions is not the current one: 409 with both balances.
    Stale {
        /// The invoice as it stands.
        invoice: Side,
        /// The credit note as it stands.
        credit_note: Side,
    },
}

/// What both sides are after an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The invoice.
    pub invoice: Side,
    /// The credit note.
    pub credit_note: Side,
}

impl Application {
    /// What the order of the checks depends on.
    pub const ASSUMED: crate::assumptions::Assumption = A67;

    /// Applies credit, after checks in this order [A67]: currency, amount, versions. That both exist is
    /// for the caller to check first.
    ///
    /// # Errors
    ///
    /// The first check that fails.
    ///
    /// ```
    /// use rust_decimal::Decimal;
    /// use sequencehq_emulator::billing::{Currency, application::{Application, Side}};
    ///
    /// let side = |balance: i64| Side { balance: Decimal::from(balance), version: 1, currency: Currency::Eur };
    /// let application = Application {
    ///     amount: Decimal::from(30),
    ///     currency: Currency::Eur,
    ///     invoice_version: 1,
    ///     credit_note_version: 1,
    /// };
    /// let applied = application.apply(side(100), side(40)).unwrap();
    /// assert_eq!((applied.invoice.balance, applied.invoice.version), (Decimal::from(70), 2));
    /// assert_eq!((applied.credit_note.balance, applied.credit_note.version), (Decimal::from(10), 2));
    /// ```
    pub fn apply(&self, invoice: Side, credit_note: Side) -> Result<Applied, Refusal> {
        if self.currency != invoice.currency || self.currency != credit_note.currency {
            return Err(Refusal::Currency);
        }
        if self.amount <= Decimal::ZERO || self.amount > invoice.balance || self.amount > credit_note.balance
        {
            return Err(Refusal::Amount);
        }
        if self.invoice_version != invoice.version || self.credit_note_version != credit_note.version {
            return Err(Refusal::Stale { invoice, credit_note });
        }
        let lower = |side: Side| {
            let balance = difference(side.balance, self.amount).map_err(|_| Refusal::Amount)?;
            let version = side
                .version
                .checked_add(1)
                .ok_or(Refusal::Stale { invoice, credit_note })?;
            Ok(Side {
                balance,
                version,
                ..side
            })
        };
        Ok(Applied {
            invoice: lower(invoice)?,
            credit_note: lower(credit_note)?,
        })
    }
}

/// How much more can be credited on an invoice: its gross total less the gross totals of its credit
/// notes, and never below 0 [A64].
///
/// # Errors
///
/// [`Error::TooManyDigits`](super::Error::TooManyDigits).
pub fn creditable(
    invoice_gross: Decimal,
    credit_notes_gross: impl IntoIterator<Item = Decimal>,
) -> Result<(Decimal, Assumed)> {
    let credited = credit_notes_gross.into_iter().try_fold(Decimal::ZERO, sum)?;
    Ok((
        difference(invoice_gross, credited)?.max(Decimal::ZERO),
        A64.into(),
    ))
}

/// How much of a credit note was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationStatus {
    /// `UNAPPLIED`.
    Unapplied,
    /// `PARTIALLY_APPLIED`.
    PartiallyApplied,
    /// `FULLY_APPLIED`.
    FullyApplied,
}

/// The application status of a credit note. One over nothing is fully applied.
pub fn application_status(balance: Decimal, gross: Decimal) -> ApplicationStatus {
    if balance <= Decimal::ZERO {
        ApplicationStatus::FullyApplied
    } else if balance < gross {
        ApplicationStatus::PartiallyApplied
    } else {
        ApplicationStatus::Unapplied
    }
}

/// The payment status that follows from the balance of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStatus {
    /// `UNPAID`.
    Unpaid,
    /// `PARTIALLY_PAID`.
    PartiallyPaid,
    /// `PAID`.
    Paid,
}

/// The payment status of an invoice by its balance [A68].
pub fn payment_status(balance: Decimal, gross: Decimal) -> (PaymentStatus, Assumed) {
    let status = if balance <= Decimal::ZERO {
        PaymentStatus::Paid
    } else if balance < gross {
        PaymentStatus::PartiallyPaid
    } else {
        PaymentStatus::Unpaid
    };
    (status, A68.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(balance: i64, version: i64) -> Side {
        Side {
            balance: Decimal::from(balance),
            version,
            currency: Currency::Gbp,
        }
    }

    fn application(amount: i64) -> Application {
        Application {
            amount: Decimal::from(amount),
            currency: Currency::Gbp,
            invoice_version: 3,
            credit_note_version: 7,
        }
    }

    #[test]
    fn checks_run_in_the_order_currency_amount_versions() {
        let (invoice, note) = (side(100, 3), side(40, 7));
        let stale = Refusal::Stale {
            invoice,
            credit_note: note,
        };
        let euros = Application {
            currency: Currency::Eur,
            invoice_version: 1,
            ..application(1000)
        };
        assert_eq!(euros.apply(invoice, note), Err(Refusal::Currency));
        let too_much = Application {
            invoice_version: 1,
            ..application(41)
        };
        assert_eq!(too_much.apply(invoice, note), Err(Refusal::Amount));
        for amount in [0, -1, 41, 101] {
            assert_eq!(
                application(amount).apply(invoice, note),
                Err(Refusal::Amount),
                "{amount}"
            );
        }
        assert_eq!(
            Application {
                invoice_version: 2,
                ..application(5)
            }
            .apply(invoice, note),
            Err(stale)
        );
        assert_eq!(
            Application {
                credit_note_version: 8,
                ..application(5)
            }
            .apply(invoice, note),
            Err(stale)
        );
        let applied = application(40).apply(invoice, note).unwrap();
        assert_eq!((applied.invoice, applied.credit_note), (side(60, 4), side(0, 8)));
        let other = Side {
            currency: Currency::Usd,
            ..note
        };
        assert_eq!(application(1).apply(invoice, other), Err(Refusal::Currency));
    }

    #[test]
    fn credit_notes_are_bounded_by_the_invoice() {
        let left = |gross, notes: &[i64]| {
            creditable(Decimal::from(gross), notes.iter().map(|n| Decimal::from(*n)))
                .unwrap()
                .0
        };
        assert_eq!(left(100, &[]), Decimal::from(100));
        assert_eq!(left(100, &[60, 40]), Decimal::ZERO);
        assert_eq!(left(100, &[60, 50]), Decimal::ZERO);
    }

    #[test]
    fn statuses_follow_from_balances() {
        let d = Decimal::from;
        assert_eq!(payment_status(d(100), d(100)).0, PaymentStatus::Unpaid);
        assert_eq!(payment_status(d(99), d(100)).0, PaymentStatus::PartiallyPaid);
        assert_eq!(payment_status(d(0), d(100)).0, PaymentStatus::Paid);
        assert_eq!(payment_status(d(0), d(0)).0, PaymentStatus::Paid);
        assert_eq!(application_status(d(100), d(100)), ApplicationStatus::Unapplied);
        assert_eq!(
            application_status(d(99), d(100)),
            ApplicationStatus::PartiallyApplied
        );
        assert_eq!(application_status(d(0), d(100)), ApplicationStatus::FullyApplied);
    }
}
