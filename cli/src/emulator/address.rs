//! Where the emulator is.

use clap::ArgMatches;
use hyper::Uri;

use crate::connect;
use crate::failure::Failure;
use crate::local;

/// The address at which the program `sequencehq-emulator` listens by default.
const DEFAULT: &str = "http://127.0.0.1:4010";

/// Returns the address of an emulator without a path, such as `http://127.0.0.1:4010`.
///
/// Nothing but this machine is addressed, whatever the settings of a profile are.
pub(super) fn of(matches: &ArgMatches) -> Result<String, Failure> {
    let given = matches.get_one::<String>("url").cloned();
    let url = match given {
        Some(url) => url,
        None => connect::base_url(matches)?.unwrap_or_else(|| DEFAULT.to_owned()),
    };
    origin(&url).ok_or_else(|| {
        Failure::Input(format!(
            "{url} is not on this machine, and an emulator is controlled only from its own. Use an address such as `--url {DEFAULT}`."
        ))
    })
}

/// Returns the origin of a URL of HTTP on this machine.
fn origin(url: &str) -> Option<String> {
    let uri: Uri = local::plain_url(url)?;
    connect::is_local(uri.host()?).then(|| format!("http://{}", uri.authority().map_or("", |it| it.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_addressed() {
        for (url, expected) in [
            ("http://127.0.0.1:4010", Some("http://127.0.0.1:4010")),
            ("http://127.0.0.1:4010/api", Some("http://127.0.0.1:4010")),
            ("http://localhost:80/_emulator/", Some("http://localhost:80")),
            ("http://[::1]:4010/api", Some("http://[::1]:4010")),
            ("https://127.0.0.1:4010", None),
            ("https://sandbox.sequencehq.com/api", None),
            ("http://127.0.0.1.example.com", None),
            ("http://me@example.com:4010", None),
            ("127.0.0.1:4010", None),
            ("", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }
}
