//! A command for each resource and each of its operations.

use clap::{Arg, ArgAction, Command, value_parser};
use sequencehq_document::model::{self, List, Operation, Parameter, ParameterType, Success};

use crate::catalog::{Catalog, Resource, kebab, line, plain};
use crate::command::fields;
use crate::command::values::Offered;

/// Begins the ids of arguments that are parameters of the operation, so that none is one of our own.
pub(crate) const ARGUMENT: &str = "parameter:";

/// Returns the command of a resource.
pub(crate) fn resource(catalog: &Catalog, resource: &Resource) -> Command {
    let about = line(&resource.tag.description);
    let operations = resource
        .operations
        .iter()
        .map(|(name, operation)| command(catalog, name, operation));
    Command::new(kebab(&resource.tag.name))
        .about(about)
        .long_about(plain(&resource.tag.description))
        .arg_required_else_help(true)
        .subcommand_required(true)
        .subcommands(operations)
}

fn command(catalog: &Catalog, name: &str, operation: &Operation) -> Command {
    let about = line(&operation.summary);
    let mut long = format!(
        "{}\n\n{}",
        plain(&operation.summary),
        plain(&operation.description)
    );
    long += &format!(
        "\n\nSends {} {}.",
        operation.method.to_uppercase(),
        operation.path
    );
    let mut command = Command::new(name.to_owned()).about(about).long_about(long);
    for parameter in &operation.path_params {
        command = command.arg(described(catalog, parameter, positional(parameter)));
    }
    for parameter in &operation.query {
        command = command.arg(described(catalog, parameter, option(parameter)));
    }
    if let Some(body) = &operation.body {
        command = command
            .args(body_arguments())
            .after_long_help(fields::listing(catalog, body));
    }
    if operation.paginated {
        command = command.arg(
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Prints the items of all pages, as they arrive"),
        );
    }
    if operation.success == Success::Pdf {
        command = command.arg(
            Arg::new("to")
                .long("to")
                .value_name("FILE")
                .help("File to write; `-` is standard output"),
        );
    }
    if operation.method != "get" {
        command = command.arg(
            Arg::new("idempotency-key")
                .long("idempotency-key")
                .value_name("KEY")
                .help("Key with which the API recognizes a repeated request, where it supports that"),
        );
    }
    command
}

fn positional(parameter: &Parameter) -> Arg {
    Arg::new(format!("{ARGUMENT}{}", parameter.name))
        .value_name(kebab(&parameter.name).to_uppercase())
        .required(true)
}

fn option(parameter: &Parameter) -> Arg {
    let argument = Arg::new(format!("{ARGUMENT}{}", parameter.name))
        .long(kebab(&parameter.name))
        .value_name(placeholder(parameter))
        .required(parameter.required)
        .allow_negative_numbers(true);
    match parameter.list {
        List::Single => argument,
        // A value may contain commas, so each has an option of its own.
        List::Commas if parameter.encode_items => argument.action(ArgAction::Append),
        List::Commas | List::Repeated => argument.action(ArgAction::Append).value_delimiter(','),
    }
}

fn placeholder(parameter: &Parameter) -> &'static str {
    match parameter.value_type {
        ParameterType::Named(_) | ParameterType::Text => "TEXT",
        ParameterType::Boolean => "BOOL",
        ParameterType::Int32 | ParameterType::Int64 => "NUMBER",
        ParameterType::Decimal => "DECIMAL",
        ParameterType::Date => "DATE",
        ParameterType::Instant => "TIMESTAMP",
    }
}

/// Adds the texts of the document and the values that it lists.
fn described(catalog: &Catalog, parameter: &Parameter, argument: Arg) -> Arg {
    let argument = argument
        .help(line(&parameter.description))
        .long_help(plain(&parameter.description));
    match &parameter.value_type {
        ParameterType::Named(name) => {
            let values = model::strings(&catalog.schema(name)["enum"]);
            if values.is_empty() {
                argument
            } else {
                argument
                    .hide_possible_values(values.len() > 12)
                    .value_parser(Offered(values))
            }
        }
        ParameterType::Boolean => argument.value_parser(Offered(vec!["true".to_owned(), "false".to_owned()])),
        _ => argument.value_parser(value_parser!(String)),
    }
}

fn body_arguments() -> [Arg; 2] {
    [
        Arg::new("body").long("body").short('d').value_name("JSON").help(
            "Body of the request: JSON, `@FILE`, or `-` for standard input",
        ),
        Arg::new("set")
            .long("set")
            .short('s')
            .value_name("FIELD=VALUE")
            .action(ArgAction::Append)
            .help("Sets a field of the body, such as `address.town=London` or `contacts[0].name=Ada`; `:=` sets JSON"),
    ]
}
