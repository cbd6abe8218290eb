//! The settings of a run.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use chrono::NaiveDate;
use sequencehq_emulator::assumptions::Assumed;

use crate::log::Format;

/// The default port.
const PORT: u16 = 4010;

/// The settings of a run.
#[derive(Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) host: IpAddr,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) date: Option<NaiveDate>,
    pub(crate) seed: Option<PathBuf>,
    pub(crate) is_demo: bool,
    pub(crate) data: Option<PathBuf>,
    pub(crate) record: Option<PathBuf>,
    pub(crate) is_strict: bool,
    /// What responses may depend on if it is strict.
    pub(crate) accepted: Option<Assumed>,
    pub(crate) log: Format,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: PORT,
            host: Ipv4Addr::LOCALHOST.into(),
            client_id: "emulator-client".to_owned(),
            client_secret: "emulator-secret".to_owned(),
            date: None,
            seed: None,
            is_demo: false,
            data: None,
            record: None,
            is_strict: false,
            accepted: None,
            log: Format::Text,
        }
    }
}

impl fmt::Debug for Options {
    /// Omits the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("host", &self.host)
            .field("client_id", &self.client_id)
            .field("date", &self.date)
            .field("seed", &self.seed)
            .field("is_demo", &self.is_demo)
            .field("data", &self.data)
            .field("record", &self.record)
            .field("is_strict", &self.is_strict)
            .field("accepted", &self.accepted)
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}
