//! The client of a command: credentials, environment, version.

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

/// Returns the client that the arguments, the variables and the profile describe, in this order of precedence.
pub(crate) fn client(matches: &ArgMatches) -> Result<Connected, Failure> {
    let option = |name: &str| matches.get_one::<String>(name).cloned();
    let named = option("profile").or_else(|| variable("SEQUENCE_PROFILE"));
    let has_variables = variable("SEQUENCE_CLIENT_ID").is_some();
    let profile = if named.is_none() && has_variables {
        None
    } else {
        profile::read(named.as_deref())?
    };
    let setting = |name: &str, variable_name: &str, of_profile: fn(&Profile) -> Option<&String>| {
        let of_profile = profile.as_ref().and_then(of_profile).cloned();
        // A profile that was named wins over variables, which may be left over from something else.
        option(name).or_else(|| match named.is_some() {
            true => of_profile.clone().or_else(|| variable(variable_name)),
            false => variable(variable_name).or(of_profile.clone()),
        })
    };
    let base_url = setting("base-url", "SEQUENCE_BASE_URL", |profile| {
        profile.base_url.as_ref()
    });
    let environment = setting("environment", "SEQUENCE_ENVIRONMENT", |profile| {
        profile.environment.as_ref()
    });
    let version = setting("api-version", "SEQUENCE_API_VERSION", |profile| {
        profile.api_version.as_ref()
    });
    let environment = match environment.as_deref() {
        None | Some("sandbox") => Environment::Sandbox,
        Some("production") => Environment::Production,
        Some(other) => {
            return Err(Failure::Configuration(format!(
                "the environment `{other}` is unknown. Use `sandbox` or `production`, or --base-url for another server."
            )));
        }
    };
    let (credentials, source) = match credentials(profile.as_ref()) {
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
    let host = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let is_sandbox = base_url.starts_with(Environment::Sandbox.base_url());
    // The client accepts plain HTTP on this machine only.
    let is_local = base_url.starts_with("http://") || host == "localhost" || host.starts_with("127.");
    !is_sandbox && !is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_server_counts_as_production() {
        assert!(is_production(Environment::Production.base_url()));
        assert!(is_production("https://billing.example.com/api"));
        assert!(!is_production(Environment::Sandbox.base_url()));
        assert!(!is_production("http://127.0.0.1:4010/api"));
        assert!(!is_production("http://localhost:4010"));
    }
}
