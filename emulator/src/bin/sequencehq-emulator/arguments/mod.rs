//! The arguments of the program.

mod help;
mod options;

use std::ffi::OsString;
use std::str::FromStr;

use lexopt::{Arg, Parser};
use sequencehq_emulator::assumptions::{Assumed, Assumption};

pub(crate) use help::HELP;
pub(crate) use options::Options;

/// Options with a value, for messages about those that do not exist.
const OPTIONS: [&str; 14] = [
    "assume",
    "client-id",
    "client-secret",
    "data",
    "date",
    "demo",
    "help",
    "host",
    "log",
    "port",
    "record",
    "seed",
    "strict",
    "version",
];

/// What the program is asked to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Emulate.
    Run(Options),
}

/// Reads the arguments, without the name of the program.
///
/// # Errors
///
/// A message that names the argument, what is wrong with it, and what to do.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_args(arguments);
    let mut options = Options::default();
    let mut seen = Vec::new();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let name = match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Command::Version),
            Arg::Long(name) => name.to_owned(),
            Arg::Short(letter) => return Err(unknown(&format!("-{letter}"))),
            Arg::Value(value) => {
                return Err(format!(
                    "{value:?} is not an option. All settings are options, such as `--port 4010`."
                ));
            }
        };
        if seen.contains(&name) {
            return Err(format!("--{name} occurs twice. Keep one of them."));
        }
        set(&mut options, &name, &mut parser)?;
        seen.push(name);
    }
    if options.accepted.is_some() && !options.is_strict {
        return Err(
            "--assume has no effect without --strict. Add --strict, or leave --assume out.".to_owned(),
        );
    }
    if options.is_demo && options.seed.is_some() {
        return Err("--demo and --seed both describe the account. Keep one of them.".to_owned());
    }
    Ok(Command::Run(options))
}

fn set(options: &mut Options, name: &str, parser: &mut Parser) -> Result<(), String> {
    match name {
        "port" => {
            let expected = "a port. Use a number from 0 to 65535";
            options.port = parsed(name, &text(name, parser)?, expected)?;
        }
        "host" => {
            let value = text(name, parser)?;
            // Never resolved: a resolver could return another machine.
            let value = if value == "localhost" { "127.0.0.1" } else { &value };
            options.host = parsed(
                name,
                value,
                "an IP address. Use one such as 127.0.0.1 or 0.0.0.0, or `localhost`",
            )?;
        }
        "client-id" => options.client_id = text(name, parser)?,
        "client-secret" => options.client_secret = text(name, parser)?,
        "date" => {
            let expected = "a date. Use one such as 2026-01-31";
            options.date = Some(parsed(name, &text(name, parser)?, expected)?);
        }
        "record" => options.record = Some(value(name, parser)?.into()),
        "strict" => options.is_strict = true,
        "assume" => options.accepted = Some(assumptions(name, &text(name, parser)?)?),
        "seed" => options.seed = Some(value(name, parser)?.into()),
        "demo" => options.is_demo = true,
        "data" => options.data = Some(value(name, parser)?.into()),
        "log" => options.log = parsed(name, &text(name, parser)?, "a format. Use `text` or `json`")?,
        _ => return Err(unknown(&format!("--{name}"))),
    }
    Ok(())
}

/// The value of an option.
fn text(name: &str, parser: &mut Parser) -> Result<String, String> {
    let value = value(name, parser)?.into_string();
    value.map_err(|value| format!("--{name}: {value:?} is not UTF-8."))
}

fn value(name: &str, parser: &mut Parser) -> Result<OsString, String> {
    let missing = |_| format!("--{name} needs a value. Write `--{name} VALUE`.");
    parser.value().map_err(missing)
}

fn parsed<T: FromStr>(name: &str, value: &str, expected: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("--{name}: {value:?} is not {expected}."))
}

/// Names of assumptions, such as `A19,A48`.
fn assumptions(name: &str, value: &str) -> Result<Assumed, String> {
    value.split(',').try_fold(Assumed::NONE, |assumed, one| {
        let number = one
            .trim()
            .strip_prefix('A')
            .and_then(|number| number.parse().ok());
        let assumption = number.and_then(Assumption::from_number);
        assumption.map(|assumption| assumed | assumption).ok_or_else(|| {
            format!("--{name}: {one:?} is not an assumption. Use names such as A19, separated by commas.")
        })
    })
}

fn unknown(option: &str) -> String {
    let near = sequencehq_emulator::contract::near_names(option.trim_start_matches('-'), OPTIONS);
    match near.first() {
        Some(near) => format!("There is no option {option}. Perhaps --{near} is meant."),
        None => format!("There is no option {option}."),
    }
}

#[cfg(test)]
mod tests {
    use sequencehq_emulator::assumptions::{A19, A48};

    use super::*;
    use crate::log::Format;

    fn parse(arguments: &str) -> Result<Command, String> {
        super::parse(arguments.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn every_option_is_read() {
        let expected = Options {
            port: 0,
            host: "0.0.0.0".parse().expect("an address"),
            client_id: "me".to_owned(),
            client_secret: "hush".to_owned(),
            date: Some("2026-01-31".parse().expect("a date")),
            seed: Some("d".into()),
            is_demo: false,
            data: Some("a b".into()),
            record: Some("c".into()),
            is_strict: true,
            accepted: Some(Assumed::from(A19) | A48),
            log: Format::Json,
        };
        let arguments = "--port 0 --host 0.0.0.0 --client-id me --client-secret=hush --date 2026-01-31 --log json --record c --strict --assume A19,A48 --seed d --data";
        let arguments = arguments.split(' ').chain(["a b"]).map(OsString::from).collect();
        assert_eq!(super::parse(arguments), Ok(Command::Run(expected.clone())));
        assert!(!format!("{expected:?}").contains("hush"));
    }

    #[test]
    fn without_arguments_the_defaults_hold() {
        assert_eq!(parse(""), Ok(Command::Run(Options::default())));
        assert_eq!(parse("--host localhost"), Ok(Command::Run(Options::default())));
    }

    #[test]
    fn help_and_version_need_nothing_else() {
        assert_eq!(parse("--port 1 --help"), Ok(Command::Help));
        assert_eq!(parse("-V"), Ok(Command::Version));
    }

    #[test]
    fn messages_name_the_argument_and_what_to_do() {
        for (arguments, expected) in [
            (
                "--port 70000",
                "--port: \"70000\" is not a port. Use a number from 0 to 65535.",
            ),
            ("--port", "--port needs a value. Write `--port VALUE`."),
            ("--port 1 --port 2", "--port occurs twice. Keep one of them."),
            (
                "--host example.com",
                "--host: \"example.com\" is not an IP address. Use one such as 127.0.0.1 or 0.0.0.0, or `localhost`.",
            ),
            (
                "--date 31.1.2026",
                "--date: \"31.1.2026\" is not a date. Use one such as 2026-01-31.",
            ),
            (
                "--log xml",
                "--log: \"xml\" is not a format. Use `text` or `json`.",
            ),
            (
                "--strict --assume A19,B2",
                "--assume: \"B2\" is not an assumption. Use names such as A19, separated by commas.",
            ),
            (
                "--strict --assume A0",
                "--assume: \"A0\" is not an assumption. Use names such as A19, separated by commas.",
            ),
            (
                "--assume A19",
                "--assume has no effect without --strict. Add --strict, or leave --assume out.",
            ),
            (
                "--strict=yes",
                "unexpected argument for option '--strict': \"yes\"",
            ),
            (
                "--demo --seed x",
                "--demo and --seed both describe the account. Keep one of them.",
            ),
            ("--prot 1", "There is no option --prot. Perhaps --port is meant."),
            ("-x", "There is no option -x."),
            (
                "serve",
                "\"serve\" is not an option. All settings are options, such as `--port 4010`.",
            ),
        ] {
            assert_eq!(parse(arguments), Err(expected.to_owned()), "{arguments}");
        }
    }

    #[test]
    fn the_help_lists_every_option() {
        for option in OPTIONS {
            assert!(HELP.contains(&format!("--{option}")), "{option}");
        }
        assert!(HELP.lines().all(|line| line.len() <= 90));
    }
}
