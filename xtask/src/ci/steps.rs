//! The steps. Each prints the commands that it runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

use super::command::{cargo, out_dir, output, run, succeeds};
use super::{Skipped, Step, browser, own_document, public, redis, rustdoc, tools};

pub(super) const ALL: &[Step] = &[
    Step {
        name: "format",
        title: "the code is formatted",
        run: format,
    },
    Step {
        name: "spelling",
        title: "words are spelled correctly",
        run: spelling,
    },
    Step {
        name: "tests",
        title: "tests, as in the README",
        run: tests,
    },
    Step {
        name: "surface",
        title: "the changelog names every breaking change of the public surface",
        run: |_| crate::surface::check(Path::new(".")),
    },
    Step {
        name: "example",
        title: "the main example, as in the README",
        run: example,
    },
    Step {
        name: "examples",
        title: "the other examples",
        run: examples,
    },
    Step {
        name: "redis",
        title: "processes share a rate limit, with a real Redis",
        run: redis::prove,
    },
    Step {
        name: "browser",
        title: "the page of the emulator in a real browser",
        run: browser,
    },
    Step {
        name: "clippy",
        title: "lints, all targets with all features",
        run: clippy,
    },
    Step {
        name: "features",
        title: "lints, with each feature alone and with none",
        run: features,
    },
    Step {
        name: "docs",
        title: "documentation without warnings",
        run: docs,
    },
    Step {
        name: "public",
        title: "the public dependencies are those of the reviewed listing",
        run: public_dependencies,
    },
    Step {
        name: "compile-fail",
        title: "what must not compile fails with the expected error codes",
        run: compile_fail,
    },
    Step {
        name: "build-only",
        title: "dependencies of the build stay out of programs",
        run: build_only,
    },
    Step {
        name: "reproducible",
        title: "the build is reproducible, also with a given document",
        run: reproducible,
    },
    Step {
        name: "own-document",
        title: "a project builds from a document of its own, and calls its operation",
        run: own_document,
    },
    Step {
        name: "fuzz",
        title: "the fuzz targets compile",
        run: fuzz,
    },
    Step {
        name: "msrv",
        title: "builds with the minimum supported Rust version",
        run: msrv,
    },
    Step {
        name: "package",
        title: "each member packages and builds from its package, offline",
        run: package,
    },
    Step {
        name: "policy",
        title: "dependency policy",
        run: policy,
    },
    Step {
        name: "semver",
        title: "no breaking change since the last release, unless the version permits it",
        run: semver,
    },
];

fn format(_: &mut Skipped) -> Result<(), String> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    for apart in [
        "fuzz/Cargo.toml",
        "tests/own_document/Cargo.toml",
        browser::MANIFEST,
    ] {
        run(&mut cargo(&["fmt", "--manifest-path", apart, "--check"]))?;
    }
    Ok(())
}

fn spelling(skipped: &mut Skipped) -> Result<(), String> {
    with_tool(&tools::TYPOS, &[], skipped, run)
}

fn tests(_: &mut Skipped) -> Result<(), String> {
    run(&mut cargo(&["test", "--workspace", "--features", "full"]))
}

fn browser(skipped: &mut Skipped) -> Result<(), String> {
    browser::test(skipped, &Manifest::read()?.target())
}

const MAIN_EXAMPLE: &str = "invoice_lifecycle";

fn example(_: &mut Skipped) -> Result<(), String> {
    run(&mut cargo(&[
        "run",
        "--features",
        "emulator",
        "--example",
        MAIN_EXAMPLE,
    ]))
}

fn examples(_: &mut Skipped) -> Result<(), String> {
    let manifest = Manifest::read()?;
    for name in manifest
        .examples()
        .filter(|name| ![MAIN_EXAMPLE, redis::EXAMPLE].contains(name))
    {
        run(&mut cargo(&["run", "--features", "full", "--example", name]))?;
    }
    Ok(())
}

fn clippy(skipped: &mut Skipped) -> Result<(), String> {
    let features: &[&str] = if has_native_tls(skipped) {
        &["--all-features"]
    } else {
        &["--features", "full"]
    };
    let mut clippy = cargo(&["clippy", "--workspace", "--all-targets"]);
    run(clippy.args(features).args(["--", "-D", "warnings"]))
}

/// `full` with all targets is a part of `clippy`.
fn features(skipped: &mut Skipped) -> Result<(), String> {
    let mut excluded = vec!["full"];
    if has_native_tls(skipped) {
        // With a resource, since calls are what connects.
        let only = ["--no-default-features", "--features", "native-tls,invoices"];
        run(cargo(&["check", "--package", "sequencehq"]).args(only))?;
    } else {
        excluded.push("native-tls");
    }
    let excluded = excluded.join(",");
    let arguments = [
        "clippy",
        "--package",
        "sequencehq",
        "--each-feature",
        "--exclude-all-features",
        "--exclude-features",
        &excluded,
        "--",
        "-D",
        "warnings",
    ];
    with_tool(&tools::HACK, &arguments, skipped, run)
}

fn docs(_: &mut Skipped) -> Result<(), String> {
    for packages in [
        &["--features", "full"][..],
        &[
            "--package",
            "sequencehq-document",
            "--package",
            "sequencehq-emulator",
        ],
    ] {
        let mut doc = cargo(&["doc", "--no-deps"]);
        run(doc.args(packages).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(())
}

fn public_dependencies(_: &mut Skipped) -> Result<(), String> {
    public::check(&Manifest::read()?.target())
}

/// The tests check on stable Rust that compilation fails, and the error codes only with unstable options.
fn compile_fail(_: &mut Skipped) -> Result<(), String> {
    let mut test = cargo(&["test", "--features", "full", "--doc", "--", "MustNotCompile"]);
    run(rustdoc::with_unstable_options(&mut test)?)
}

/// `preserve_order` of `serde_json` would change the behavior of users' programs.
fn build_only(_: &mut Skipped) -> Result<(), String> {
    let tree = output(&mut cargo(&[
        "tree",
        "--edges",
        "normal,features",
        "--features",
        "full",
    ]))?;
    let found: Vec<&str> = tree
        .lines()
        .filter(|line| {
            ["sequencehq-document", "preserve_order"]
                .iter()
                .any(|word| line.contains(word))
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(format!(
        "a dependency of the build is one of programs too:\n{}",
        found.join("\n")
    ))
}

/// Builds without a given document and then with one, which are two runs of the build script, and compares its output.
fn reproducible(_: &mut Skipped) -> Result<(), String> {
    let document = std::env::current_dir()
        .map_err(|error| error.to_string())?
        .join("openapi.yaml");
    let check = [
        "check",
        "--no-default-features",
        "--features",
        "invoices",
        "--message-format",
        "json",
    ];
    let without = output(cargo(&check).env_remove("SEQUENCEHQ_OPENAPI"))?;
    let without = contents(&out_dir(&without)?)?;
    let with = output(cargo(&check).env("SEQUENCEHQ_OPENAPI", &document))?;
    let with = contents(&out_dir(&with)?)?;
    if without.is_empty() {
        return Err("the build script wrote no files".to_owned());
    }
    let names: Vec<&PathBuf> = without.keys().chain(with.keys()).collect();
    match names
        .into_iter()
        .find(|name| without.get(*name) != with.get(*name))
    {
        None => Ok(()),
        Some(name) => Err(format!("two builds wrote different bytes to {}", name.display())),
    }
}

fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
    let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(problem)? {
        let path = entry.map_err(problem)?.path();
        let bytes = std::fs::read(&path).map_err(problem)?;
        files.insert(path, bytes);
    }
    Ok(files)
}

fn own_document(_: &mut Skipped) -> Result<(), String> {
    own_document::check(&Manifest::read()?.target())
}

/// Nightly Rust is required to run them and not to compile them.
fn fuzz(skipped: &mut Skipped) -> Result<(), String> {
    if !succeeds(Command::new("c++").arg("--version")) {
        skipped.because("libFuzzer needs a C++ compiler");
        return Ok(());
    }
    let target = Manifest::read()?.target();
    // Its lockfile does not follow that of the workspace by itself.
    let check = [
        "check",
        "--locked",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--bins",
    ];
    run(cargo(&check).env("CARGO_TARGET_DIR", target))
}

fn msrv(skipped: &mut Skipped) -> Result<(), String> {
    let manifest = Manifest::read()?;
    let version = manifest.rust_version()?;
    let is_installed = || succeeds(Command::new("rustup").args(["run", version, "cargo", "--version"]));
    let install = [
        "toolchain",
        "install",
        "--profile",
        "minimal",
        "--no-self-update",
        version,
    ];
    if !is_installed() && (run(Command::new("rustup").args(install)).is_err() || !is_installed()) {
        skipped.because(format!("rustup cannot install Rust {version}"));
        return Ok(());
    }
    let mut check = Command::new("rustup");
    check.args([
        "run",
        version,
        "cargo",
        "check",
        "--package",
        "sequencehq",
        "--features",
        "full",
    ]);
    // Cargo sets these for this program; they name the other toolchain.
    check
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .env_remove("RUSTDOC");
    run(check.args(["--target-dir", "target/msrv"]))
}

fn package(_: &mut Skipped) -> Result<(), String> {
    remove_unpacked()?;
    run(&mut cargo(&["fetch"]))?;
    let arguments = [
        "package",
        "--workspace",
        "--exclude",
        "xtask",
        "--exclude",
        "acme-billing",
        "--allow-dirty",
        "--offline",
    ];
    run(&mut cargo(&arguments))
}

/// Removes the members that an earlier run unpacked.
///
/// Cargo unpacks a packaged member once for each version and directory, and then builds from that copy, even if the
/// member has changed since.
fn remove_unpacked() -> Result<(), String> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir().unwrap_or_default().join(".cargo"),
    };
    for registry in entries(&home.join("registry/src"))? {
        // The sources of a registry have its host before the dash, those of packaged members nothing.
        if !file_name(&registry).starts_with('-') {
            continue;
        }
        for unpacked in entries(&registry)? {
            if file_name(&unpacked).starts_with("sequencehq") {
                let removed = fs::remove_dir_all(&unpacked);
                removed.map_err(|e| format!("{} cannot be removed: {e}", unpacked.display()))?;
            }
        }
    }
    Ok(())
}

/// The paths in a directory, none if it does not exist.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |e: io::Error| format!("{} cannot be read: {e}", directory.display());
    match fs::read_dir(directory) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable))
            .collect(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(unreadable(e)),
    }
}

fn file_name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

fn policy(skipped: &mut Skipped) -> Result<(), String> {
    let check = ["--all-features", "check"];
    let rules = ["--hide-inclusion-graph", "licenses", "bans", "sources"];
    with_tool(&tools::DENY, &[&check[..], &rules].concat(), skipped, run)?;
    let advisories = [&check[..], &["advisories"]].concat();
    let mut problem = Ok(());
    with_tool(&tools::DENY, &advisories, skipped, |command| {
        problem = run(command);
        Ok(())
    })?;
    // An advisory is published at any time, and does not depend on the change that is checked.
    if problem.is_err() {
        skipped.because("the advisories could not be fetched, or one applies: see above");
    }
    Ok(())
}

fn semver(skipped: &mut Skipped) -> Result<(), String> {
    let mut describe = Command::new("git");
    describe.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let tag = match describe.output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => {
            skipped.because("there is no release tag to compare with");
            return Ok(());
        }
    };
    let features = ["--only-explicit-features", "--features", "full"];
    let arguments = ["--package", "sequencehq", "--baseline-rev", &tag];
    let arguments = [&arguments[..], &features].concat();
    with_tool(&tools::SEMVER_CHECKS, &arguments, skipped, run)
}

/// Runs a published tool, or notes that it is missing.
fn with_tool(
    tool: &tools::Tool,
    arguments: &[&str],
    skipped: &mut Skipped,
    run: impl FnOnce(&mut Command) -> Result<(), String>,
) -> Result<(), String> {
    match tool.command(arguments)? {
        Some(mut command) => run(&mut command),
        None => {
            skipped.because(tool.missing());
            Ok(())
        }
    }
}

/// Returns `true` if the feature `native-tls` compiles. On Linux it needs the development files of OpenSSL.
fn has_native_tls(skipped: &mut Skipped) -> bool {
    let found =
        !cfg!(target_os = "linux") || succeeds(Command::new("pkg-config").args(["--exists", "openssl"]));
    if !found {
        skipped.because("the feature `native-tls` needs the development files of OpenSSL");
    }
    found
}

/// The manifest of the crate, as Cargo reads it.
struct Manifest {
    package: Value,
    target: PathBuf,
}

impl Manifest {
    fn read() -> Result<Self, String> {
        let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"])
            .output()
            .map_err(|error| error.to_string())?;
        let metadata: Value = serde_json::from_slice(&metadata.stdout).map_err(|error| error.to_string())?;
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        let package = packages.find(|package| package["name"] == "sequencehq");
        Ok(Self {
            package: package
                .ok_or("the workspace has no package `sequencehq`")?
                .clone(),
            target: metadata["target_directory"].as_str().unwrap_or("target").into(),
        })
    }

    fn target(&self) -> PathBuf {
        self.target.clone()
    }

    fn rust_version(&self) -> Result<&str, String> {
        let version = self.package["rust_version"].as_str();
        version.ok_or_else(|| "the manifest has no `rust-version`".to_owned())
    }

    fn examples(&self) -> impl Iterator<Item = &str> {
        let targets = self.package["targets"].as_array().into_iter().flatten();
        targets
            .filter(|target| target["kind"][0] == "example")
            .filter_map(|target| target["name"].as_str())
    }
}
