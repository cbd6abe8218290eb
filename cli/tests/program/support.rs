//! Runs the program against an emulator.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use sequencehq_emulator::Emulator;

/// An emulator with its runtime, and commands that call it.
pub struct Stage {
    pub emulator: Emulator,
    _runtime: tokio::runtime::Runtime,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Stage {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let date = "2026-01-31".parse().expect("a date");
        let emulator = runtime.block_on(Emulator::builder().date(date).start());
        Self {
            emulator: emulator.expect("a port is free"),
            _runtime: runtime,
        }
    }

    /// Returns the program with the credentials of the emulator.
    pub fn program(&self) -> Command {
        let mut program = program();
        program.envs(self.variables());
        program
    }

    pub fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("SEQUENCE_BASE_URL", self.emulator.base_url().to_owned()),
            ("SEQUENCE_CLIENT_ID", self.emulator.client_id().to_owned()),
            ("SEQUENCE_CLIENT_SECRET", self.emulator.client_secret().to_owned()),
        ]
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.program().args(arguments), "")
    }

    /// Runs a command that has to succeed, and returns what it prints.
    pub fn printed(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}: {ran:#?}");
        ran.out
    }
}

/// Returns the program without any variable of the machine.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sequencehq"));
    program.env_clear().env("SEQUENCEHQ_CONFIG", "/no/such/file.toml");
    program
}

pub fn ran(command: &mut Command, input: &str) -> Ran {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that does not read its input may have closed it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("the program ends");
    Ran {
        status: status.code().expect("no signal"),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

/// A folder that is removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sequencehq-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("a file can be written");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
