//! The options that every command has.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, ColorChoice, value_parser};

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Ndjson,
    Csv,
    Yaml,
    /// Values alone, separated by tabs, for variables of a shell.
    Text,
}

const HEADING: &str = "Options of every command";

/// Returns the options that every command has.
pub(crate) fn arguments() -> Vec<Arg> {
    let option = |name: &'static str| Arg::new(name).long(name).global(true).help_heading(HEADING);
    vec![
        option("profile")
            .value_name("NAME")
            .help("Profile of the configuration file to use [env: SEQUENCE_PROFILE]"),
        option("environment")
            .value_name("NAME")
            .value_parser(PossibleValuesParser::new(["sandbox", "production"]))
            .help(
                "Environment of the API; the sandbox, unless production is named [env: SEQUENCE_ENVIRONMENT]",
            ),
        option("base-url")
            .value_name("URL")
            .help("Another server, such as an emulator [env: SEQUENCE_BASE_URL]"),
        option("api-version")
            .value_name("VERSION")
            .help("Pinned version of the API; by default the newest [env: SEQUENCE_API_VERSION]"),
        option("output")
            .short('o')
            .value_name("FORMAT")
            .value_parser(PossibleValuesParser::new([
                "table", "json", "ndjson", "csv", "yaml", "text",
            ]))
            .default_value("table")
            .help("Format of the result; `text` is the values alone, separated by tabs"),
        option("columns")
            .value_name("A,B.C")
            .value_delimiter(',')
            .help("Fields to print, in this order; `address.town` is a field of a field"),
        option("color")
            .value_name("WHEN")
            .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
            .default_value("auto")
            .help("Colors; `auto` uses them on a terminal, unless NO_COLOR is set"),
        option("timeout")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64).range(1..))
            .help("Time limit of a call with all its attempts [default: 120]"),
        option("dry-run")
            .action(ArgAction::SetTrue)
            .help("Prints the request, without credentials, instead of sending it"),
        option("yes")
            .short('y')
            .action(ArgAction::SetTrue)
            .help("Confirms what would be asked before it is done in production"),
    ]
}

pub(crate) fn output(matches: &ArgMatches) -> Format {
    match matches.get_one::<String>("output").map(String::as_str) {
        Some("json") => Format::Json,
        Some("ndjson") => Format::Ndjson,
        Some("csv") => Format::Csv,
        Some("yaml") => Format::Yaml,
        Some("text") => Format::Text,
        _ => Format::Table,
    }
}

/// Returns when output has colors.
pub(crate) fn color(matches: &ArgMatches) -> ColorChoice {
    match matches.get_one::<String>("color").map(String::as_str) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
