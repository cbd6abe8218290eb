//! Scripted answers.

use clap::{Arg, ArgMatches, Command, value_parser};

use crate::body;
use crate::failure::Failure;
use crate::json::Json;

use super::command::{flag, number, verb};

const LONG: &str = "\
Adds an answer, which the next request of an operation gets in place of that of the emulator. It is for what the emulator cannot \
reach, such as the report of a payment provider.

The request still has to pass the checks of the API's document, and nothing in the account changes. The value is checked against \
the document, and may have more fields.";

/// Returns the command.
pub(super) fn command() -> Command {
    let add = Command::new("add")
        .about("Adds an answer for the next requests of an operation")
        .long_about(LONG)
        .args([
            Arg::new("operation")
                .value_name("OPERATION")
                .required(true)
                .help("Operation to answer, such as invoice_get"),
            Arg::new("value")
                .long("value")
                .value_name("JSON")
                .help("Body of the response: JSON, `@FILE`, or `-` for standard input; a list is answered as a page"),
            number("status", "STATUS")
                .value_parser(value_parser!(u64).range(200..=999))
                .help("Status of the response [default: that of success]"),
            number("times", "NUMBER")
                .value_parser(value_parser!(u64).range(1..=1_000_000))
                .conflicts_with("always")
                .help("Number of requests that are answered [default: 1]"),
            flag("always", "Answers every request, until `clear` or `reset`"),
            Arg::new("only-for")
                .long("only-for")
                .value_name("PATH")
                .help("Answers only requests of this path and query, such as `/invoices?invoiceStatus=DRAFT`"),
            Arg::new("only-in")
                .long("only-in")
                .value_name("VERSION")
                .help("Answers only requests in this version of the API, such as 2024-05-09"),
            flag("unchecked", "Permits a value that the API's document does not allow"),
        ]);
    verb("respond", "Lists the scripted answers, adds one, or removes all")
        .disable_help_subcommand(true)
        .subcommands([add, Command::new("clear").about("Removes all scripted answers")])
}

/// Returns the body of a request that adds an answer.
pub(super) fn script(matches: &ArgMatches) -> Result<String, Failure> {
    let text = |name: &str| Some(Json::Text(matches.get_one::<String>(name)?.clone()));
    let number = |name: &str| Some(Json::Number(matches.get_one::<u64>(name)?.to_string()));
    let flag = |name: &str| matches.get_flag(name).then_some(Json::Bool(true));
    let value = matches.get_one::<String>("value");
    let value = value.map(|source| body::given("--value", source)).transpose();
    let value = value.map_err(Failure::Input)?;
    let fields = [
        ("operation", text("operation")),
        ("value", value),
        ("status", number("status")),
        ("times", number("times")),
        ("always", flag("always")),
        ("onlyFor", text("only-for")),
        ("version", text("only-in")),
        ("unchecked", flag("unchecked")),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Ok(Json::Object(fields.collect()).to_string())
}
