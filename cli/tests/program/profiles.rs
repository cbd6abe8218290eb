//! Profiles, whose secrets are never printed.

use crate::support::{Folder, Ran, Stage, program, ran};

const SECRET: &str = "emulator-secret";

#[test]
fn a_secret_comes_from_a_variable_or_a_command() {
    let stage = Stage::new();
    let folder = Folder::new("profiles");
    let profile = |name: &str, secret: &str| {
        format!(
            "[profiles.{name}]\nclient-id = \"{}\"\nbase-url = \"{}\"\nclient-secret = {secret}\n",
            stage.emulator.client_id(),
            stage.emulator.base_url()
        )
    };
    assert_eq!(stage.emulator.client_secret(), SECRET);
    let config = folder.write(
        "config.toml",
        &[
            "default = \"by-command\"\n".to_owned(),
            profile("by-variable", "{ env = \"MY_SECRET\" }"),
            profile(
                "by-command",
                &format!("{{ command = [\"printf\", \"{SECRET}\\n\"] }}"),
            ),
            profile("broken", "{ command = [\"false\"] }"),
        ]
        .concat(),
    );
    let run = |arguments: &[&str]| {
        let mut program = program();
        program
            .env("SEQUENCEHQ_CONFIG", &config)
            .env("PATH", "/usr/bin:/bin")
            .env("MY_SECRET", SECRET);
        ran(program.args(arguments), "")
    };
    for arguments in [
        &["invoices", "list"][..],
        &["invoices", "list", "--profile", "by-variable"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.status, 0, "{ran:#?}");
    }
    let doctor = run(&["doctor"]);
    assert!(doctor.out.contains("profile `by-command`"), "{doctor:#?}");
    assert!(!format!("{doctor:?}").contains(SECRET));
    let broken = run(&["invoices", "list", "--profile", "broken"]);
    assert_eq!(broken.status, 3, "{broken:#?}");
    assert!(
        broken
            .err
            .contains("the secret of profile `broken`: `false` failed"),
        "{broken:#?}"
    );
    let unknown = run(&["invoices", "list", "--profile", "nope"]);
    assert!(
        unknown
            .err
            .contains("no profile `nope`. Use one of: broken, by-command, by-variable."),
        "{unknown:#?}"
    );
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let folder = Folder::new("plain-secret");
    let text = "[profiles.a]\nclient-id = \"c\"\nclient-secret = \"hush-hush-hush\"\n";
    let config = folder.write("config.toml", text);
    let ran = with_profile_a(&config);
    assert_eq!(ran.status, 3, "{ran:#?}");
    let problem = "line 3: this value is not valid here. A profile has `client-id`,";
    assert!(
        ran.err.contains(problem) && ran.err.contains("never in the file itself"),
        "{ran:#?}"
    );
    assert!(!ran.err.contains("hush-hush-hush"), "{ran:#?}");
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_line() {
    let folder = Folder::new("mistakes");
    let secret = "client-secret = { env = \"S\" }";
    for (text, problem) in [
        (
            format!("[profiles.a]\nclient_id = \"c\"\n{secret}\n"),
            "line 2: unknown field `client_id`. A profile has",
        ),
        (
            format!("[profiles.a]\n{secret}\n"),
            "missing field `client-id`. A profile has",
        ),
        (
            "default = \"b\"\n".to_owned(),
            "there is no profile `a`. Add a table `[profiles.a]`.",
        ),
        ("[profiles.a\n".to_owned(), "line 1: "),
    ] {
        let config = folder.write("config.toml", &text);
        let ran = with_profile_a(&config);
        assert_eq!(ran.status, 3, "{ran:#?}");
        assert!(ran.err.contains(problem), "{ran:#?}");
    }
}

#[test]
fn a_named_profile_or_environment_is_not_redirected_by_variables() {
    let folder = Folder::new("redirected");
    let text =
        "[profiles.live]\nenvironment = \"production\"\nclient-id = \"c\"\nclient-secret = { env = \"S\" }\n";
    let config = folder.write("config.toml", text);
    let run = |arguments: &[&str]| {
        let mut program = program();
        program.env("SEQUENCEHQ_CONFIG", &config).env("S", "hush-hush");
        program.env("SEQUENCE_BASE_URL", "http://127.0.0.1:1/api");
        ran(
            program
                .args(["invoices", "get", "a", "--dry-run"])
                .args(arguments),
            "",
        )
        .out
    };
    const PRODUCTION: &str = "GET https://eu.sequencehq.com/api/invoices/a\n";
    assert!(run(&["--profile", "live"]).starts_with(PRODUCTION));
    assert!(run(&["--environment", "production"]).starts_with(PRODUCTION));
    assert!(run(&[]).starts_with("GET http://127.0.0.1:1/api/invoices/a\n"));
    let named = [
        "--environment",
        "production",
        "--base-url",
        "http://127.0.0.1:2/api",
    ];
    assert!(run(&named).starts_with("GET http://127.0.0.1:2/api/invoices/a\n"));
}

/// Lists invoices with the profile `a` of a file.
fn with_profile_a(config: &str) -> Ran {
    let mut program = program();
    program
        .env("SEQUENCEHQ_CONFIG", config)
        .args(["invoices", "list", "--profile", "a"]);
    ran(&mut program, "")
}
