//! The client of a command: credentials, environment, version.

use std::net::IpAddr;
use std::time::Duration;

use clap::ArgMatches;
use sequencehq::{Client, Credentials, Environment};

use crate::failure::Failure;
use crate::profile::{self, Profile};

/// A client, and whether it is one of production.
pub(crate) struct Connected {
    pub(crate) client: Client,
    pub(crate) is_production: bool,
    /// Where the credentials come from, for people.
    pub(crate) source: String,
}

/// The settings of a command: its arguments, the variables and the profile, in this order of precedence.
struct Settings<'a> {
    matches: &'a ArgMatches,
    profile: Option<Profile>,
    /// Whether the profile is named. It is complete then: variables may be left over from something else, such as an emulator.
    is_named: bool,
}

impl<'a> Settings<'a> {
    fn read(matches: &'a ArgMatches) -> Result<Self, Failure> {
        let named = matches.get_one::<String>("profile").cloned();
        let named = named.or_else(|| variable("SEQUENCE_PROFILE"));
        let has_variables = variable("SEQUENCE_CLIENT_ID").is_some();
        let profile = if named.is_none() && has_variables {
            None
        } else {
            profile::read(named.as_deref())?
        };
        Ok(Self {
            matches,
            profile,
            is_named: named.is_some(),
        })
    }

    fn option(&self, name: &str) -> Option<String> {
        self.matches.get_one::<String>(name).cloned()
    }

    fn get(
        &self,
        name: &str,
        variable_name: &str,
        of_profile: fn(&Profile) -> Option<&String>,
    ) -> Option<String> {
        let of_profile = || self.profile.as_ref().and_then(of_profile).cloned();
        self.option(name).or_else(|| match self.is_named {
            true => of_profile(),
            false => variable(variable_name).or_else(of_profile),
        })
    }

    fn base_url(&self) -> Option<String> {
        self.get("base-url", "SEQUENCE_BASE_URL", |profile| {
            profile.base_url.as_ref()
        })
    }
}

/// Returns the base URL of a server that is neither the sandbox nor production, or `None` if none is named.
///
/// A profile that is named and has none is an error: another server would be called than the profile has.
pub(crate) fn base_url(matches: &ArgMatches) -> Result<Option<String>, Failure> {
    let settings = Settings::read(matches)?;
    match (settings.base_url(), &settings.profile) {
        (None, Some(profile)) if settings.is_named => Err(Failure::Configuration(format!(
            "the profile `{}` has no `base-url`, so it is not that of an emulator",
            profile.name
        ))),
        (base_url, _) => Ok(base_url),
    }
}

/// Returns the client that the arguments, the variables and the profile describe.
pub(crate) fn client(matches: &ArgMatches) -> Result<Connected, Failure> {
    let settings = Settings::read(matches)?;
    let environment = settings.get("environment", "SEQUENCE_ENVIRONMENT", |profile| {
        profile.environment.as_ref()
    });
    let version = settings.get("api-version", "SEQUENCE_API_VERSION", |profile| {
        profile.api_version.as_ref()
    });
    // An environment that is an argument is where the call goes.
    let base_url = match settings.option("environment") {
        Some(_) => settings.option("base-url"),
        None => settings.base_url(),
    };
    let environment = match environment.as_deref() {
        None | Some("sandbox") => Environment::Sandbox,
        Some("production") => Environment::Production,
        Some(other) => {
            return Err(Failure::Configuration(format!(
                "the environment `{other}` is unknown. Use `sandbox` or `production`, or --base-url for another server."
            )));
        }
    };
    let (credentials, source) = match credentials(settings.profile.as_ref()) {
        // Nothing is sent, so there is nothing that credentials would protect.
        Err(Failure::Configuration(_)) if matches.get_flag("dry-run") => {
            (Credentials::new("dry-run", "dry-run")?, "none".to_owned())
        }
        other => other?,
    };
    let mut builder = Client::builder(credentials)
        .environment(environment)
        .user_agent(concat!("sequencehq-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = base_url {
        builder = builder.base_url(url);
    }
    if let Some(version) = version {
        builder = builder.api_version(version.parse()?);
    }
    if let Some(seconds) = matches.get_one::<u64>("timeout") {
        builder = builder.timeout(Duration::from_secs(*seconds));
    }
    let client = builder.build()?;
    Ok(Connected {
        is_production: is_production(client.base_url()),
        client,
        source,
    })
}

/// Returns the value of a variable. An empty one counts as unset.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn credentials(profile: Option<&Profile>) -> Result<(Credentials, String), Failure> {
    if let Some(profile) = profile {
        let (id, secret) = profile.credentials()?;
        return Ok((
            Credentials::new(id, secret)?,
            format!("profile `{}`", profile.name),
        ));
    }
    let missing = |name: &str| {
        Failure::Configuration(format!(
            "{name} is not set. Set SEQUENCE_CLIENT_ID and SEQUENCE_CLIENT_SECRET, or add a profile to {}.",
            profile::path().map_or_else(
                || "the configuration file".to_owned(),
                |path| path.display().to_string()
            )
        ))
    };
    let id = variable("SEQUENCE_CLIENT_ID").ok_or_else(|| missing("SEQUENCE_CLIENT_ID"))?;
    let secret = variable("SEQUENCE_CLIENT_SECRET").ok_or_else(|| missing("SEQUENCE_CLIENT_SECRET"))?;
    Ok((Credentials::new(id, secret)?, "SEQUENCE_CLIENT_ID".to_owned()))
}

/// Everything that is neither the sandbox nor this machine counts as production.
fn is_production(base_url: &str) -> bool {
    let url: Option<http::Uri> = base_url.parse().ok();
    let host = url.as_ref().and_then(http::Uri::host).unwrap_or_default();
    !is_local(host) && base_url != Environment::Sandbox.base_url()
}

/// Whether the host of a URL is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_server_counts_as_production() {
        assert!(is_production(Environment::Production.base_url()));
        assert!(is_production("https://billing.example.com/api"));
        assert!(is_production("https://127.example.com/api"));
        assert!(is_production("https://sandbox.sequencehq.com.example.com/api"));
        assert!(!is_production(Environment::Sandbox.base_url()));
        assert!(!is_production("http://127.0.0.1:4010/api"));
        assert!(!is_production("http://localhost:4010"));
        assert!(!is_production("https://[::1]:4010/api"));
    }
}
