//! The rules that no published source states, numbered.
//!
//! The vendor publishes the names of structures and strategies, but little arithmetic. Each rule that
//! the emulator chose for itself has a number, one sentence and a place. Results carry the set of
//! rules that they depend on, so that a test can require that an amount depends on none.
//!
//! ```
//! use sequencehq_emulator::assumptions::{A19, A48, Assumed, table};
//!
//! assert_eq!(table().len(), 78);
//! let assumed = Assumed::from(A48) | A19;
//! assert_eq!(assumed.to_string(), "A19, A48");
//! assert!(A19.rule().contains("upper bound"));
//! ```

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// One rule of the emulator that no published source states.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assumption(u8);

impl Assumption {
    /// Returns the assumption with this number, from 1 to 78.
    pub fn from_number(number: u8) -> Option<Self> {
        table().iter().find(|known| known.0 == number).copied()
    }

    /// Number of the assumption, from 1.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The rule, in one sentence.
    pub fn rule(self) -> &'static str {
        self.row().0
    }

    /// Where the rule lives: a module of this crate, or the operations that it concerns.
    pub fn place(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        ROWS[usize::from(self.0) - 1]
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{}", self.0)
    }
}

impl fmt::Debug for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of assumptions: what a result depends on.
///
/// Its [`Display`](fmt::Display) form, `A19, A48`, is the value of the header `X-Emulator-Assumption`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Assumed(u128);

impl Assumed {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Returns whether the result depends on nothing assumed.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether the assumption is in the set.
    pub const fn contains(self, assumption: Assumption) -> bool {
        self.0 & (1 << assumption.0) != 0
    }

    /// The assumptions of the set, by number.
    pub fn iter(self) -> impl Iterator<Item = Assumption> {
        table()
            .iter()
            .copied()
            .filter(move |assumption| self.contains(*assumption))
    }

    /// The assumptions with these numbers, as records store them. Others are ignored.
    pub fn from_numbers(numbers: impl IntoIterator<Item = u8>) -> Self {
        let known = numbers.into_iter().filter_map(Assumption::from_number);
        known.fold(Self::NONE, |set, one| set | one)
    }

    /// The numbers of the assumptions, in order.
    pub fn numbers(self) -> Vec<u8> {
        self.iter().map(Assumption::number).collect()
    }

    /// Adds the assumption if `depends` is true.
    pub(crate) fn add_if(&mut self, depends: bool, assumption: Assumption) {
        if depends {
            *self |= assumption;
        }
    }
}

impl From<Assumption> for Assumed {
    fn from(assumption: Assumption) -> Self {
        Self(1 << assumption.0)
    }
}

impl<T: Into<Self>> BitOr<T> for Assumed {
    type Output = Self;

    fn bitor(self, other: T) -> Self {
        Self(self.0 | other.into().0)
    }
}

impl<T: Into<Self>> BitOrAssign<T> for Assumed {
    fn bitor_assign(&mut self, other: T) {
        self.0 |= other.into().0;
    }
}

impl fmt::Display for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, assumption) in self.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{assumption}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// All assumptions, by number.
pub fn table() -> &'static [Assumption] {
    &ALL
}

macro_rules! assumptions {
    ($($name:ident = $number:literal, $place:literal, $rule:literal;)*) => {
        $(
            #[doc = $rule]
            pub const $name: Assumption = Assumption($number);
        )*

        const ALL: [Assumption; 78] = [$($name),*];
        const ROWS: [(&str, &str); 78] = [$(($rule, $place)),*];
    };
}

assumptions! {
    A1 = 1, "operations: invoices, credit notes, quotes", "A draft invoice, credit note or unpublished quote has no PDF, and its download is refused; what no source describes gets a declared minimal answer.";
    A2 = 2, "operations: every list", "Archived items are left out of lists unless an `includeArchived…` filter is true.";
    A3 = 3, "operations: customer aliases, usage metrics", "A deleted item with a `deletedAt` field stays readable by id and frees its unique value.";
    A4 = 4, "operations: every create and replace", "A reference to an id that does not exist is refused with 400 and the name of the field.";
    A5 = 5, "operations: every delete and archive", "Deleting or archiving something that is in use is refused with 400.";
    A6 = 6, "operations: every list", "A filter of ids or statuses takes a comma list even where its text is in the singular.";
    A7 = 7, "operations: customers, billing schedules", "Items without the sorted custom key come last.";
    A8 = 8, "operations: invoices, billing schedules", "An archived customer gets no new invoices and schedules; existing ones run on.";
    A9 = 9, "operations: customers", "In the older shape of a customer, `email` is the primary contact's and `billingEmails` are those of the standard contacts, also in requests.";
    A10 = 10, "operations: contacts, customer aliases", "A change of a contact or an alias announces CUSTOMER_UPDATED.";
    A11 = 11, "operations: contacts", "A primary contact cannot be archived or demoted while no other contact is primary.";
    A12 = 12, "operations: customer aliases", "An idempotency key that comes with another body is refused with 400.";
    A13 = 13, "operations: organizations", "The owner of an organization is not a member of it.";
    A14 = 14, "operations: prices", "A price on an issued line can be renamed, but neither deleted nor given another structure.";
    A15 = 15, "operations: billing products", "Billing products are the products with at least one price in a live schedule.";
    A16 = 16, "operations: billing schedules", "All prices of a schedule have one currency, which is the schedule's.";
    A17 = 17, "billing::money", "A quantity that does not terminate is shown with 12 decimals, and the amount is computed from what is shown.";
    A18 = 18, "billing::price", "A package that was started is charged in full, and no usage is no package.";
    A19 = 19, "billing::price", "In graduated tiers, usage of exactly the upper bound belongs to the lower tier, and the fee of a tier is due once usage has entered it.";
    A20 = 20, "billing::price", "In volume tiers, usage of exactly the upper bound belongs to the lower tier, and no usage costs nothing.";
    A21 = 21, "billing::price", "Tiers of seats are graduated over the quantity of seats.";
    A22 = 22, "billing::price", "A percentage price is that share of the metric's value, which is an amount of money; 1 is 100 %.";
    A23 = 23, "billing::price", "The minimum and maximum price of a volume tier bound the charge of each event.";
    A24 = 24, "billing::usage", "Cumulative usage counts from the first day of the phase.";
    A25 = 25, "billing::usage", "Periodic usage is priced in each calculation period by itself, counted from the first day of the phase, and summed.";
    A26 = 26, "billing::usage", "A metric that is not case-sensitive compares the filtered values without regard to case.";
    A27 = 27, "billing::usage", "A negated filter keeps exactly the events that the filter would drop, also those without the property.";
    A28 = 28, "billing::usage", "Distinct values are told apart by JSON type: 1 and \"1\" are two values.";
    A29 = 29, "billing::usage", "A summed property that is missing or not a number counts as 0, and a calculation lists its events in the log of requests.";
    A30 = 30, "billing::usage", "The value of a grouped metric is the sum over its groups, and the invoice has one line for each group.";
    A31 = 31, "billing::usage", "Periods of usage are whole UTC days, and the last day is included.";
    A32 = 32, "billing::usage", "The lowest and highest event id are those of the first and last event by timestamp.";
    A33 = 33, "billing::seats", "A seat event with a negative total is refused.";
    A34 = 34, "billing::seats", "The seats of several aliases of one customer are summed.";
    A35 = 35, "billing::seats", "A daily balance below the contracted minimum counts as the contracted minimum.";
    A36 = 36, "billing::seats", "Under PRORATE_INCREMENTS, seats that are removed are charged to the end of the period.";
    A37 = 37, "billing::seats", "Under PRORATE_ALL_CHANGES, the average of the daily balances is charged.";
    A38 = 38, "billing::seats", "With an overage frequency, the contracted minimum is billed with the price and the seats above it on their own cadence, in arrears.";
    A39 = 39, "billing::seats", "Under USE_MAXIMUM, a period shorter than a whole one is charged by days only if flat fees are prorated.";
    A40 = 40, "operations: billing schedules", "The statuses of a schedule change along the arrows of the specification.";
    A41 = 41, "operations: billing schedules", "A duplicated schedule is a draft with new ids that has consumed no credit.";
    A42 = 42, "operations: billing schedules", "A credit grant that was consumed cannot be taken out of its phase.";
    A43 = 43, "billing::period", "Each phase starts on the day after the phase before it ends.";
    A44 = 44, "billing::period", "A phase that continues keeps the anchor of the phase before it, and one that resets is anchored at its first day.";
    A45 = 45, "billing::price", "A fixed price is charged in full for a period that is shorter than a whole one, unless it is prorated.";
    A46 = 46, "billing::period", "Prices on demand or per event are billed when triggered, never by the clock.";
    A47 = 47, "operations: billing schedules", "What is due on one date is combined per customer and currency, and with roll-up over the customer's schedules.";
    A48 = 48, "billing::invoice", "An invoice is computed in this order: price lines, discounts, minimums, metric credit, cash credit, tax.";
    A49 = 49, "billing::discount", "A nominal discount is due once in every billing period.";
    A50 = 50, "billing::invoice::section", "A discount without a line of its own lowers the rates of the lines, and the last line takes the remainder.";
    A51 = 51, "billing::invoice::section", "A minimum adds one line for the difference, with the tax rate of the largest line.";
    A52 = 52, "billing::minimum", "The minimum of a period that is not a whole one is prorated by days.";
    A53 = 53, "billing::tax", "Customers that are tax exempt or reverse charged pay no tax.";
    A54 = 54, "operations: tax registrations", "Tax registrations change no amount.";
    A55 = 55, "operations: invoices", "Without a payment term of the schedule or the account, an invoice is due after 30 days.";
    A56 = 56, "billing::credit", "Grants that expire on the same day are used by effective date, then by time of creation.";
    A57 = 57, "billing::invoice::grants", "Cash credit brings its share of the tax: its amount times the tax and divided by the net amount that it is used on.";
    A58 = 58, "billing::credit", "A refresh replaces what is left unless the grant rolls over; a grant ends with its phase unless it rolls over into the next.";
    A59 = 59, "operations: credits", "The invoice for a grant is a draft over `costOfCredit` with the tax of the grant.";
    A60 = 60, "operations: credits", "Deleting a grant takes what is left of it, and what invoices used stays on them.";
    A61 = 61, "operations: credit notes", "A final or sent credit note can be voided.";
    A62 = 62, "operations: credit notes", "A credit note that was applied in part cannot be voided.";
    A63 = 63, "operations: credit notes", "Only a draft credit note can be deleted.";
    A64 = 64, "billing::application", "The credit notes on an invoice are bounded by its gross total.";
    A65 = 65, "operations: credit notes", "A credit note has a balance from SENT on.";
    A66 = 66, "operations: credit notes", "A cash credit grant that is made from a credit note uses up its balance.";
    A67 = 67, "billing::application", "An application is checked in this order: existence, currency, amount, versions.";
    A68 = 68, "billing::application", "An invoice with a balance of 0 is PAID, and one with a balance below its gross total PARTIALLY_PAID.";
    A69 = 69, "operations: tax rates", "Replacing a tax rate keeps its id and makes a new version.";
    A70 = 70, "operations: tax rates", "A tax rate that was used can be archived, but not deleted.";
    A71 = 71, "billing::tax", "A tax rate of at most 1 is a fraction, and a larger one is a percentage.";
    A72 = 72, "operations: tax registrations", "A tax registration has one owner, a customer or the merchant.";
    A73 = 73, "operations: users", "Deleting a user sets its state.";
    A74 = 74, "operations: activity logs", "The spelling of activity types and verbs is ours.";
    A75 = 75, "operations: notifications", "A failing receiver is retried, five attempts in total, after 1, 4, 16 and 64 seconds.";
    A76 = 76, "operations: notifications", "A notification policy keeps at least one recipient.";
    A77 = 77, "operations: notifications", "Recipients of webhooks are http or https URLs, and recipients of e-mail are addresses.";
    A78 = 78, "operations: notifications", "INVOICE_ISSUED is announced once for an invoice.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_from_1_to_78_is_in_the_table_once_and_in_order() {
        let numbers: Vec<u8> = table().iter().map(|assumption| assumption.number()).collect();
        assert_eq!(numbers, (1..=78).collect::<Vec<u8>>());
        assert_eq!(Assumption::from_number(0), None);
        assert_eq!(Assumption::from_number(79), None);
        assert_eq!(Assumption::from_number(78), Some(A78));
    }

    #[test]
    fn every_rule_is_one_sentence() {
        for assumption in table() {
            let rule = assumption.rule();
            assert!(
                rule.ends_with('.') && rule.starts_with(char::is_uppercase),
                "{assumption}: {rule}"
            );
            assert!(!rule.trim_end_matches('.').contains(". "), "{assumption}: {rule}");
        }
    }

    #[test]
    fn rules_of_the_arithmetic_are_named_in_the_code_of_their_place() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/billing/");
        for assumption in table() {
            let Some(module) = assumption.place().strip_prefix("billing::") else {
                continue;
            };
            let module = module.replace("::", "/");
            let read = |module: &str| {
                std::fs::read_to_string(format!("{folder}{module}.rs")).expect("the module exists")
            };
            let module_code = read(&module);
            let module_code = module_code
                .split("mod tests {")
                .next()
                .expect("a split has a first part");
            // Refusals are named by the error.
            let code = format!("{module_code}{}", read("error"));
            assert!(
                module_code.contains(&assumption.to_string()),
                "{assumption} is not named in {module}"
            );
            let name = assumption.to_string();
            let uses = code
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| *word == name)
                .count();
            // Once where it is imported or documented, and once where the rule is applied.
            assert!(uses >= 2, "{assumption} is not applied in {module}");
        }
    }

    #[test]
    fn every_rule_is_named_in_the_code_that_applies_it() {
        let mut code = String::new();
        read_all(concat!(env!("CARGO_MANIFEST_DIR"), "/src").as_ref(), &mut code);
        let named: std::collections::HashSet<&str> =
            code.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let unnamed: Vec<&Assumption> = table()
            .iter()
            .filter(|assumption| !named.contains(assumption.to_string().as_str()))
            .collect();
        assert_eq!(unnamed, [&A1; 0]);
    }

    /// Reads the code in a folder, without this file.
    fn read_all(folder: &std::path::Path, code: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                read_all(&path, code);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("src/assumptions.rs")
            {
                *code += &std::fs::read_to_string(&path).expect("the file can be read");
            }
        }
    }

    #[test]
    fn sets_are_written_by_number_and_without_repetition() {
        let set = Assumed::from(A71) | A2 | A71 | Assumed::NONE;
        assert_eq!(set.to_string(), "A2, A71");
        assert_eq!(Assumed::NONE.to_string(), "");
        assert!(Assumed::NONE.is_empty() && !set.is_empty());
        assert!(set.contains(A2) && !set.contains(A3));
        assert_eq!(set.numbers(), [2, 71]);
        assert_eq!(Assumed::from_numbers([71, 0, 2, 200]), set);
    }
}
