//! The account at the start: new, or the one of a data file.

use std::error::Error;

use chrono::{NaiveDate, NaiveTime};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::time;
use sequencehq_emulator::seed::Seed;
use sequencehq_emulator::store::clock::Clock;
use sequencehq_emulator::store::{Commit, Settings};

use crate::FAILED;
use crate::arguments::Options;
use crate::data::Data;

/// An account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) world: World,
    /// A new account, to which a reset returns.
    pub(crate) origin: Commit,
    pub(crate) data: Option<Data>,
}

impl Account {
    /// Makes a new account, or opens the one of the data file.
    pub(crate) fn open(options: &Options) -> Result<Self, Box<dyn Error>> {
        let seed = seed(options)?;
        let date = options.date.or(seed.as_ref().and_then(Seed::date));
        let world = World::new(settings(date));
        if let Some(seed) = seed {
            seed.apply(&world)?;
        }
        let origin = world.store().whole();
        let data = match &options.data {
            Some(path) => Some(Data::open(path, &world, |part| {
                options.log.note(&format!("{}: {part}.", path.display()));
            })?),
            None => None,
        };
        if let Some(data) = &data {
            announce(options, data, &world);
            let log = options.log;
            world.store().set_journal(data.journal(move |problem| {
                log.error(&format!(
                    "{problem}. The emulator stops, so that nothing is answered that is not kept."
                ));
                // Before the request is answered.
                std::process::exit(FAILED.into());
            })?);
        }
        Ok(Self { world, origin, data })
    }
}

/// Reads the seed.
fn seed(options: &Options) -> Result<Option<Seed>, Box<dyn Error>> {
    let Some(path) = &options.seed else {
        return Ok(options.is_demo.then(Seed::demo).transpose()?);
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("--seed: {name}: {error}"))?;
    Ok(Some(Seed::parse(&name, &text)?))
}

fn settings(date: Option<NaiveDate>) -> Settings {
    let mut settings = Settings::default();
    if let Some(date) = date {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
        settings.clock = Clock::standing(date.and_time(noon).and_utc());
    }
    settings
}

/// Writes what was found in the data file.
fn announce(options: &Options, data: &Data, world: &World) {
    let path = options.data.as_deref().unwrap_or_else(|| "".as_ref()).display();
    if data.torn > 0 {
        options.log.warning(&format!(
            "{path}: {} bytes of a last line without an end were removed. Its request was never answered.",
            data.torn
        ));
    }
    let Some(commits) = data.commits else { return };
    let now = time::instant(world.store().read(|state| state.now()));
    options.log.note(&format!(
        "{path}: the account of {commits} commits is restored, on {now}."
    ));
    for (name, is_set) in [
        ("date", options.date.is_some()),
        ("seed", options.seed.is_some()),
        ("demo", options.is_demo),
    ] {
        if is_set {
            options.log.warning(&format!(
                "{path} has an account already, so --{name} has no effect on it. POST /_emulator/reset returns to a new account, with --{name}."
            ));
        }
    }
}
