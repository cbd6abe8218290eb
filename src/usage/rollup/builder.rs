//! The settings of a rollup.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::usage::rollup::error::RollupError;
use crate::usage::rollup::file::StateFile;
use crate::usage::rollup::settings::Settings;
use crate::usage::rollup::totals::Rollup;

const DAY: u64 = 86_400;

/// Builder for [`Rollup`].
///
/// | setting | default |
/// | --- | --- |
/// | [`sum`](Self::sum) | none: no property is added up |
/// | [`count_as`](Self::count_as) | none: the number of facts is not sent |
/// | [`keep_for`](Self::keep_for) | a day |
/// | [`max_groups`](Self::max_groups) | 1,048,576 |
/// | [`journal`](Self::journal) | none |
///
/// ```
/// use std::time::Duration;
///
/// use sequencehq::usage::Rollup;
///
/// let minute = Duration::from_secs(60);
/// let rollup = Rollup::builder("gateway-1", minute).sum("bytes").sum("seconds").count_as("requests").build()?;
/// assert_eq!(rollup.groups(), 0);
///
/// let error = Rollup::builder("gateway-1", Duration::from_secs(7)).sum("bytes").build().unwrap_err();
/// assert_eq!(error.to_string(), "invalid setting `window`: 7s does not divide a day; use 1, 5 or 15 minutes, or an hour");
/// # Ok::<(), sequencehq::usage::RollupError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RollupBuilder {
    name: String,
    window: Duration,
    sums: Vec<String>,
    count_as: Option<String>,
    keep_for: Duration,
    max_groups: usize,
    journal: Option<PathBuf>,
}

impl Rollup {
    /// Returns a builder for a rollup with the given name and length of the windows. See [`RollupBuilder`].
    pub fn builder(name: impl Into<String>, window: Duration) -> RollupBuilder {
        RollupBuilder::new(name.into(), window)
    }
}

impl RollupBuilder {
    fn new(name: String, window: Duration) -> Self {
        Self {
            name,
            window,
            sums: Vec::new(),
            count_as: None,
            keep_for: Duration::from_secs(DAY),
            max_groups: 1 << 20,
            journal: None,
        }
    }

    /// Adds up a property. All properties that are not added up, and are not the count, are parts of the group.
    pub fn sum(mut self, property: impl Into<String>) -> Self {
        self.sums.push(property.into());
        self
    }

    /// Sends the number of facts as this property.
    pub fn count_as(mut self, property: impl Into<String>) -> Self {
        self.count_as = Some(property.into());
        self
    }

    /// Sets how long sums are kept after the end of their window, for late facts. Default: a day.
    pub fn keep_for(mut self, duration: Duration) -> Self {
        self.keep_for = duration;
        self
    }

    /// Sets the maximum number of groups in all windows that are kept. Default: 1,048,576.
    pub fn max_groups(mut self, groups: usize) -> Self {
        self.max_groups = groups;
        self
    }

    /// Sets the file that keeps the sums across a crash. It is created if it does not exist.
    ///
    /// While the rollup exists, the file is locked with an empty file whose name ends in `.lock`.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.journal = Some(path.into());
        self
    }

    /// Creates the rollup, with the sums in the journal.
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is invalid ([`RollupError::Setting`]), or if the journal is open elsewhere, was not
    /// written by a rollup with the same name, window and properties, or cannot be read.
    pub fn build(self) -> Result<Rollup, RollupError> {
        let settings = Settings {
            window_seconds: self.window_seconds()?,
            keep_seconds: i64::try_from(self.keep_for.as_secs()).unwrap_or(i64::MAX),
            name: self.name,
            sums: self.sums,
            count_as: self.count_as,
            max_groups: self.max_groups,
        };
        settings.check()?;
        let mut rollup = Rollup {
            settings,
            groups: HashMap::new(),
            closed_before: i64::MIN,
            position: None,
            file: None,
            is_changed: false,
            scratch: Vec::new(),
        };
        if let Some(path) = &self.journal {
            let (file, content) = StateFile::open(path)?;
            if let Some(content) = content {
                rollup.restore(&file, &content)?;
            }
            rollup.file = Some(file);
        }
        Ok(rollup)
    }

    fn window_seconds(&self) -> Result<i64, RollupError> {
        let seconds = self.window.as_secs();
        let is_whole = self.window.subsec_nanos() == 0 && seconds > 0;
        if !is_whole || !DAY.is_multiple_of(seconds) {
            return Err(RollupError::Setting {
                setting: "window",
                problem: format!(
                    "{:?} does not divide a day; use 1, 5 or 15 minutes, or an hour",
                    self.window
                ),
            });
        }
        Ok(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}
