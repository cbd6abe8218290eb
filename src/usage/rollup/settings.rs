//! The checked settings of a rollup.

use crate::usage::rollup::error::RollupError;

/// The checked settings.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) window_seconds: i64,
    pub(super) sums: Vec<String>,
    pub(super) count_as: Option<String>,
    pub(super) keep_seconds: i64,
    pub(super) max_groups: usize,
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), RollupError> {
        let invalid = |setting, problem: &str| {
            Err(RollupError::Setting {
                setting,
                problem: problem.to_owned(),
            })
        };
        if self.name.trim().is_empty() {
            return invalid(
                "name",
                "is blank; use a name that only this rollup has, such as that of its partition",
            );
        }
        let mut names: Vec<&String> = self.sums.iter().chain(&self.count_as).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return invalid("sum", "a property occurs twice, here or in `count_as`");
        }
        Ok(())
    }
}
