//! `cargo xtask cost`: the CPU time of a clean build, compared with a program without this crate.
//!
//! CPU time depends less on what else the machine does than the time that passes. It is that of all processes of the
//! build, which Linux counts for the one that waits for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask cost [--release] [plain] [plain-aws] [invoices] [default]

Builds programs from scratch, and prints the CPU seconds of each and their ratio to the first: a plain program with
reqwest, serde and tokio (and the same TLS), the same with the TLS that reqwest uses by default, one with the feature
`invoices`, and one with the default features.

exit status: 0 measured, 1 a build failed, 2 wrong usage";

const FOLDER: &str = "target/cost";

/// A program of a few lines.
struct Program {
    name: &'static str,
    dependencies: &'static str,
    main: &'static str,
}

const CALL: &str = r#"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = sequencehq::Client::from_env()?;
    println!("{:?}", client.invoices().get("1").await?);
    Ok(())
}
"#;

/// A program of a few lines without this crate. Its code is the same for each TLS, apart from the first line.
macro_rules! plain {
    ($first:literal) => {
        concat!(
            r#"
#[derive(Debug, serde::Deserialize)]
#[allow(dead_code)]
struct Invoice {
    id: String,
    status: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    "#,
            $first,
            r#"
    let call = reqwest::Client::new().get("https://eu.sequencehq.com/api/invoices/1");
    let response = call.basic_auth("id", Some("secret")).send().await?;
    println!("{:?}", response.error_for_status()?.json::<Invoice>().await?);
    Ok(())
}
"#
        )
    };
}

const PROGRAMS: [Program; 4] = [
    Program {
        name: "plain",
        dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream", "rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
rustls-platform-verifier = { version = "0.7", default-features = false }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#,
        main: plain!("rustls::crypto::ring::default_provider().install_default().ok();"),
    },
    Program {
        name: "plain-aws",
        dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream", "rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#,
        main: plain!(""),
    },
    Program {
        name: "invoices",
        dependencies: r#"sequencehq = { path = "../../..", default-features = false, features = ["rustls", "invoices"] }"#,
        main: CALL,
    },
    Program {
        name: "default",
        dependencies: r#"sequencehq = { path = "../../.." }"#,
        main: CALL,
    },
];

pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let (options, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|one| one.starts_with('-'));
    let is_known = |name: &&String| PROGRAMS.iter().any(|program| program.name == **name);
    let is_release = options.iter().all(|option| *option == "--release");
    if !is_release || !names.iter().all(is_known) {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let chosen = PROGRAMS
        .iter()
        .filter(|program| names.is_empty() || names.iter().any(|name| *name == program.name));
    println!("| program | CPU seconds | ratio |");
    println!("| --- | --- | --- |");
    let mut first = None;
    for program in chosen {
        match measured(&top, program, !options.is_empty()) {
            Ok(seconds) => {
                let ratio = seconds / *first.get_or_insert(seconds);
                println!("| `{}` | {seconds:.1} | {ratio:.2} |", program.name);
            }
            Err(problem) => {
                eprintln!("{}: {problem}", program.name);
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Builds the program from scratch, with the versions of the workspace, and returns the CPU seconds.
fn measured(top: &Path, program: &Program, is_release: bool) -> Result<f64, String> {
    let folder = written(top, program).map_err(|error| error.to_string())?;
    let mut fetch = Command::new("cargo");
    succeed(fetch.arg("fetch").current_dir(&folder))?;
    let mut build = Command::new("cargo");
    build.arg("build").args(is_release.then_some("--release"));
    build
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // As for a crate from a registry, and with the profiles as they are by default.
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("CARGO_PROFILE_DEV_DEBUG");
    let before = cpu_seconds()?;
    succeed(&mut build)?;
    Ok(cpu_seconds()? - before)
}

fn written(top: &Path, program: &Program) -> std::io::Result<PathBuf> {
    let folder = top.join(FOLDER).join(program.name);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(folder.join("src"))?,
    }
    let Program {
        name, dependencies, ..
    } = program;
    let manifest = format!(
        "[package]\nname = \"{name}-program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n{dependencies}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), program.main)?;
    fs::copy(top.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns the CPU seconds of the processes that have ended so far.
pub(crate) fn cpu_seconds() -> Result<f64, String> {
    let stat = fs::read_to_string("/proc/self/stat").map_err(|error| {
        format!("/proc/self/stat cannot be read: {error}. CPU time is measured on Linux only.")
    })?;
    children(&stat).ok_or_else(|| format!("/proc/self/stat has an unexpected form: {stat}"))
}

/// Reads the user and system time of ended children, which are counted in hundredths of seconds.
fn children(stat: &str) -> Option<f64> {
    // The second field is the name of the program, which may contain anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some((ticks(13)? + ticks(14)?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::children;

    #[test]
    fn the_time_of_children_is_read_behind_any_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 200 0 0 11 12 1350 250 20 0 1 0 5 6 7";
        assert_eq!(children(stat), Some(16.0));
        assert_eq!(children("7 (a) S 1"), None);
    }
}
