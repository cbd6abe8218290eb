//! The program on a terminal.

use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Once;

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use tokio::signal::unix::{SignalKind, signal};

use crate::support::Stage;

/// A program that runs on a terminal, and what the terminal shows.
pub struct Terminal {
    pty: Pty,
    child: Child,
    shown: String,
}

/// What is left once the program has ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub shown: String,
    /// Standard output, if it is not the terminal.
    pub out: String,
}

impl Ended {
    /// Returns the exit status, or the number of the signal that ended the program, negated.
    pub fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| -self.status.signal().unwrap_or_default())
    }
}

/// How the program is started.
pub struct Start<'a> {
    stage: &'a Stage,
    columns: u16,
    variables: Vec<(&'a str, &'a str)>,
    is_piped: bool,
}

/// Returns a terminal of 80 columns.
pub fn terminal(stage: &Stage) -> Start<'_> {
    Start {
        stage,
        columns: 80,
        variables: Vec::new(),
        is_piped: false,
    }
}

impl<'a> Start<'a> {
    pub fn columns(mut self, columns: u16) -> Self {
        self.columns = columns;
        self
    }

    pub fn variable(mut self, name: &'a str, value: &'a str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Standard output goes to a pipe, as with `> FILE`.
    pub fn piped(mut self) -> Self {
        self.is_piped = true;
        self
    }

    pub fn run(self, arguments: &[&str]) -> Terminal {
        do_not_ignore_interrupts();
        let (pty, pts) = open().expect("a terminal");
        pty.resize(Size::new(24, self.columns)).expect("a size");
        let mut program = Command::new(env!("CARGO_BIN_EXE_sequencehq"))
            .env_clear()
            .env("SEQUENCEHQ_CONFIG", "/no/such/file.toml")
            .env("TERM", "xterm-256color")
            .envs(self.stage.variables())
            .envs(self.variables)
            .args(arguments);
        if self.is_piped {
            program = program.stdout(Stdio::piped());
        }
        Terminal {
            child: program.spawn(pts).expect("the program starts"),
            pty,
            shown: String::new(),
        }
    }
}

impl Terminal {
    /// Waits until the terminal shows a text.
    #[track_caller]
    pub fn see(&mut self, text: &str) {
        while !self.shown.contains(text) {
            assert!(
                self.read(),
                "the program ended without {text:?}: {:?}",
                self.shown
            );
        }
    }

    pub fn type_in(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).expect("typed");
    }

    /// Waits for the end of the program.
    pub fn end(mut self) -> Ended {
        let mut out = String::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            // A few lines of the terminal fit into its buffer.
            pipe.read_to_string(&mut out).expect("text");
        }
        while self.read() {}
        Ended {
            status: self.child.wait().expect("the program ends"),
            shown: self.shown,
            out,
        }
    }

    /// Reads more. At the end of the program, the terminal is closed, which is an error on Linux.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let count = self.pty.read(&mut bytes).unwrap_or_default();
        self.shown += &String::from_utf8_lossy(&bytes[..count]);
        count > 0
    }
}

/// A shell that starts the tests in the background lets them ignore Ctrl-C, and so everything that they start. What is
/// handled here instead is not ignored there.
fn do_not_ignore_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if !interrupts_are_ignored() {
            return;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let _runtime = runtime.enter();
        // The handler remains after what receives it, and after the runtime.
        drop(signal(SignalKind::interrupt()).expect("a handler"));
    });
}

/// Reads the mask of ignored signals, which only Linux has. Bit 1 is that of SIGINT.
fn interrupts_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 0b10 != 0)
}
