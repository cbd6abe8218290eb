//! `sequencehq webhooks`: verifies, signs, sends and receives deliveries.

mod listen;
mod send;

use std::io::Read as _;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use sequencehq::webhook::{SIGNATURE_HEADER, Secret, Signer, Verifier};

use crate::connect::variable;
use crate::failure::Failure;
use crate::json::Json;
use crate::output;

const SECRET: &str = "SEQUENCE_WEBHOOK_SECRET";

pub(crate) fn command() -> Command {
    let secret = || {
        Arg::new("secret-env")
            .long("secret-env")
            .value_name("NAME")
            .default_value(SECRET)
            .help("Variable with the secret of the notification policy")
    };
    let body = || {
        Arg::new("body")
            .long("body")
            .value_name("FILE")
            .default_value("-")
            .help("File with the raw body; `-` is standard input")
    };
    let tolerance = || {
        Arg::new("tolerance")
            .long("tolerance")
            .value_name("SECONDS")
            .value_parser(value_parser!(u64))
            .default_value("300")
            .help("How old, or how far in the future, a signature may be")
    };
    Command::new("webhooks")
        .about("Webhooks: verify, sign, send and receive deliveries")
        .arg_required_else_help(true)
        .subcommand_required(true)
        .subcommand(
            Command::new("verify")
                .about("Verifies a delivery, and prints its event")
                .args([secret(), body(), tolerance()])
                .arg(
                    Arg::new("signature")
                        .long("signature")
                        .value_name("HEADER")
                        .required(true)
                        .help("Value of the header Sequence-Signature"),
                ),
        )
        .subcommand(
            Command::new("sign")
                .about("Prints the header Sequence-Signature for a body")
                .args([secret(), body()]),
        )
        .subcommand(
            Command::new("send")
                .about("Signs a body and sends it to a receiver on this machine")
                .args([secret(), body()])
                .arg(
                    Arg::new("url")
                        .value_name("URL")
                        .required(true)
                        .help("Receiver, such as http://localhost:3000/webhooks"),
                ),
        )
        .subcommand(
            Command::new("listen")
                .about("Receives deliveries on this machine, and prints the verified events")
                .args([secret(), tolerance()])
                .arg(
                    Arg::new("port")
                        .long("port")
                        .value_name("PORT")
                        .value_parser(value_parser!(u16))
                        .default_value("4020")
                        .help("Port to listen on; 0 is any that is free"),
                )
                .arg(
                    Arg::new("count")
                        .long("count")
                        .value_name("NUMBER")
                        .value_parser(value_parser!(u64).range(1..))
                        .action(ArgAction::Set)
                        .help("Ends after this many verified events"),
                ),
        )
}

pub(crate) async fn run(verb: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let secret = secret(matches)?;
    match verb {
        "verify" => verify(&verifier(secret, matches), matches),
        "sign" => {
            let signature = Signer::new(secret).sign(&body(matches)?);
            Ok(output::line(&format!("{SIGNATURE_HEADER}: {signature}"))?)
        }
        "send" => send::run(&Signer::new(secret), matches, body(matches)?).await,
        _ => listen::run(verifier(secret, matches), matches).await,
    }
}

fn secret(matches: &ArgMatches) -> Result<Secret, Failure> {
    let name = matches
        .get_one::<String>("secret-env")
        .map_or(SECRET, String::as_str);
    let text = variable(name).ok_or_else(|| {
        Failure::Configuration(format!(
            "{name} is not set. Set it to the secret of the notification policy."
        ))
    })?;
    Ok(Secret::new(text)?)
}

fn verifier(secret: Secret, matches: &ArgMatches) -> Verifier {
    let seconds = matches.get_one::<u64>("tolerance").copied().unwrap_or(300);
    Verifier::new(secret).tolerance(Duration::from_secs(seconds))
}

fn body(matches: &ArgMatches) -> Result<Vec<u8>, Failure> {
    let path = matches.get_one::<String>("body").map_or("-", String::as_str);
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    read.map_err(|error| Failure::Input(format!("{path}: {error}")))?;
    Ok(bytes)
}

fn verify(verifier: &Verifier, matches: &ArgMatches) -> Result<(), Failure> {
    let signature = matches.get_one::<String>("signature").map(String::as_str);
    // The whole header may have been copied.
    let signature = signature.map(|text| {
        let (name, value) = text.split_once(':').unwrap_or(("", text));
        if name.trim().eq_ignore_ascii_case(SIGNATURE_HEADER) {
            value.trim()
        } else {
            text
        }
    });
    let event = verifier
        .verify_and_parse(signature, &body(matches)?)
        .map_err(|error| Failure::Local(format!("the delivery is not valid: {error}")))?;
    Ok(output::line(&pretty(event.json()))?)
}

fn pretty(json: &str) -> String {
    Json::parse(json).map_or_else(|_| json.to_owned(), |json| json.pretty())
}
