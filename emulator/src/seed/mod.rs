//! Accounts that are described in a readable file: customers, products, prices, schedules.
//!
//! A seed is YAML, or JSON, which is YAML too. Each entry is the body of the operation that creates it, in the newest
//! version; what an entry leaves out has the defaults of its section. A `key` names an entry, and `$key` is its id in
//! later ones. A number without quotes is a text where the API wants a text.
//!
//! ```
//! use sequencehq_emulator::operations::World;
//! use sequencehq_emulator::seed::Seed;
//!
//! let seed = Seed::parse("company.yaml", "
//! date: 2026-01-01
//! products:
//!   - {key: platform, name: Platform}
//! prices:
//!   - productId: $platform
//!     name: Base fee
//!     currency: GBP
//!     billingFrequency: MONTHLY
//!     billingType: IN_ADVANCE
//!     structure: {pricingType: FIXED, price: 99.50}
//! ")?;
//! let world = World::new(Default::default());
//! let seeded = seed.apply(&world)?;
//! assert_eq!(seeded.created["products"], 1);
//! assert!(seeded.ids.contains_key("platform"));
//! # Ok::<(), sequencehq_emulator::seed::SeedError>(())
//! ```

mod apply;
mod body;
mod error;
mod node;
mod sections;
mod yaml;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::operations::World;
use crate::store::{Settings, State};

use apply::Run;
pub use error::SeedError;
use error::{Fault, Faults};
use node::{Node, Value};
use sections::Section;

/// A company that ships with the emulator.
const DEMO: &str = include_str!("demo.yaml");

/// A description of an account.
#[derive(Clone, Debug)]
pub struct Seed {
    file: String,
    date: Option<NaiveDate>,
    /// The sections with their entries, in the order in which they are created.
    sections: Vec<(&'static Section, Vec<Node>)>,
}

/// What a seed created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// How many entries of each section.
    pub created: BTreeMap<&'static str, usize>,
    /// The ids of the entries with a key.
    pub ids: BTreeMap<String, String>,
}

impl Seed {
    /// Reads a seed. `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// If the text is not YAML, or has other sections. Entries are checked when they are created.
    pub fn parse(file: &str, text: &str) -> Result<Self, SeedError> {
        Self::try_parse(file, text).map_err(|faults| SeedError::new(file, faults))
    }

    fn try_parse(file: &str, text: &str) -> Result<Self, Faults> {
        let root = yaml::parse(text)?;
        let mut entries: BTreeMap<&'static str, Vec<Node>> = BTreeMap::new();
        let (mut date, mut faults) = (None, Vec::new());
        for (name, node) in root.into_members("the seed")? {
            if name == "date" {
                date = Some(day(&node)?);
            } else if let Some(section) = sections::named(&name) {
                entries.insert(section.name, node.into_items(&name)?);
            } else {
                faults.push(sections::unknown(&name, node.line));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let sections = sections::ALL
            .iter()
            .filter_map(|section| Some((section, entries.remove(section.name)?)));
        Ok(Self {
            file: file.to_owned(),
            date,
            sections: sections.collect(),
        })
    }

    /// Returns the company that ships with the emulator.
    ///
    /// # Errors
    ///
    /// None: it is tested.
    pub fn demo() -> Result<Self, SeedError> {
        Self::parse("demo.yaml", DEMO)
    }

    /// The day on which the clock of a new account stands.
    pub fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// Creates everything, or nothing.
    ///
    /// # Errors
    ///
    /// The faults of the first entry that cannot be created, with their lines.
    pub fn apply(&self, world: &World) -> Result<Seeded, SeedError> {
        // Tried on a copy, so that a fault leaves nothing behind.
        let copy = World::new(Settings {
            source: world.store().read(State::source),
            ..Settings::default()
        });
        let copied = copy.store().restore(&world.store().whole());
        debug_assert!(copied.is_ok(), "the store wrote the records itself");
        self.create(&copy)?;
        self.create(world)
    }

    fn create(&self, world: &World) -> Result<Seeded, SeedError> {
        let mut run = Run::new(world);
        for (section, entries) in &self.sections {
            for (index, entry) in entries.iter().enumerate() {
                let created = run.create(section, index, entry);
                created.map_err(|faults| SeedError::new(&self.file, faults))?;
            }
        }
        Ok(run.seeded)
    }
}

fn day(node: &Node) -> Result<NaiveDate, Faults> {
    let day = match &node.value {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    };
    day.ok_or_else(|| {
        vec![Fault::new(
            node.line,
            "date",
            "it is not a date. Use one such as 2026-01-31.",
        )]
    })
}
