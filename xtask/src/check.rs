//! `cargo xtask check`: every fault of a document, without building the crate.

use std::path::Path;
use std::process::ExitCode;

use sequencehq_document::{Document, Faults, features, model};

const MANIFEST: &str = include_str!("../../Cargo.toml");
const USAGE: &str = "\
usage: cargo xtask check [FILE]

Lists every fault of FILE with its line, as the build does. Without FILE, checks openapi.yaml of the repository.
FILE is relative to the current folder.

exit status: 0 no fault, 1 faults, 2 wrong usage";

pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("openapi.yaml");
    let file = match arguments {
        [] => own.as_path(),
        [help] if help == "--help" || help == "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [file] if !file.starts_with('-') => Path::new(file),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match checked(file) {
        Ok(summary) => {
            println!("{}: {summary}", file.display());
            ExitCode::SUCCESS
        }
        Err(faults) => {
            println!("{faults}");
            ExitCode::FAILURE
        }
    }
}

fn checked(file: &Path) -> Result<String, Faults> {
    let document = features::check(Document::read(file)?, &features::declared(MANIFEST))?;
    let root = &document.root;
    Ok(format!(
        "no faults in {} operations and {} schemas",
        model::raw_operations(root).count(),
        model::schemas(root).count(),
    ))
}
