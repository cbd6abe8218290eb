//! Adds what a seed describes.

use serde_json::{Map, Value, json};

use crate::operations::Problem;
use crate::seed::{Seed, SeedError};

use super::{Call, Outcome, body};

pub(super) fn seed(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let text = std::str::from_utf8(call.body)
        .map_err(|_| Problem::invalid("body: it is not UTF-8. Send a seed in YAML or JSON."))?;
    let refused = |error: SeedError| Problem::invalid(error.lines().join(" "));
    let seed = Seed::parse("body", text).map_err(refused)?;
    let today = call.shared.world.store().read(|state| state.today());
    if seed.date().is_some_and(|date| date != today) {
        return Err(Problem::invalid(format!(
            "body: `date` sets the clock only at the start of the emulator, and today is {today}. Leave it out, and move the clock with \
             POST /_emulator/advance."
        )));
    }
    let seeded = seed.apply(&call.shared.world).map_err(refused)?;
    let created = seeded
        .created
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count.into()));
    Ok(json!({"created": created.collect::<Map<String, Value>>(), "ids": seeded.ids}))
}
