//! Starts the emulator, and stops it on a signal.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use sequencehq_emulator::store::clock::{Source as _, SystemSource};
use sequencehq_emulator::{Emulator, StartError};

use crate::FAILED;
use crate::account::Account;
use crate::arguments::Options;
use crate::log::Ready;
use crate::record::Folder;

/// The status after a second signal, as after one that is not handled.
const INTERRUPTED: u8 = 130;

/// How long running requests may take after the first signal.
const PATIENCE: Duration = Duration::from_secs(10);

/// Emulates until a signal, and returns the exit status.
pub(crate) fn run(options: &Options) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| {
        let done = runtime.block_on(emulate(options));
        // What a delayed response still waits for is not worth waiting for.
        runtime.shutdown_background();
        done
    });
    done.unwrap_or_else(|error| {
        // A seed has a line for each fault.
        for line in chain(&*error).lines() {
            options.log.error(line);
        }
        ExitCode::from(FAILED)
    })
}

async fn emulate(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let log = options.log;
    // A signal ends the program at once as long as nothing is answered. A large data file takes its time.
    let account = Account::open(options)?;
    // Before the line that announces readiness, so that a signal after it is never missed.
    let mut signals = Signals::new()?;
    let folder = options.record.as_deref().map(open_folder).transpose()?;
    let mut builder = Emulator::builder()
        .host(options.host)
        .port(options.port)
        .credentials(&options.client_id, &options.client_secret)
        .observe(move |exchange| {
            log.request(exchange);
            if let Some(Err(error)) = folder.as_ref().map(|folder| folder.record(exchange)) {
                log.error(&format!("--record: the last request is not recorded: {error}"));
            }
        });
    if options.is_strict {
        builder = builder.strict(options.accepted.unwrap_or_default());
    }
    let emulator = builder.start_with(account.world, account.origin).await;
    let emulator = emulator.map_err(|error| not_started(options, &error))?;
    let is_local = options.host.is_loopback() || options.host.is_unspecified();
    if !options.host.is_loopback() {
        log.warning(&format!(
            "{} is not a loopback address: other machines can reach the emulator, without encryption. Use it only in a network \
             that you trust, with credentials of its own. The control below /_emulator/ stays closed to them.",
            options.host
        ));
    }
    log.ready(&Ready {
        url: emulator.base_url(),
        control: is_local.then(|| emulator.control_url()),
        client_id: emulator.client_id(),
        client_secret: emulator.client_secret(),
    });
    signals.next().await;
    let status = tokio::select! {
        () = emulator.stop() => ExitCode::SUCCESS,
        () = signals.next() => ExitCode::from(INTERRUPTED),
        () = SystemSource.sleep(PATIENCE) => ExitCode::SUCCESS,
    };
    if let Some(data) = account.data {
        data.sync()?;
    }
    Ok(status)
}

fn open_folder(path: &Path) -> Result<Folder, String> {
    Folder::open(path).map_err(|error| {
        let reason = match path.is_file() {
            true => "it is a file. Name a folder, which is created if it does not exist".to_owned(),
            false => error.to_string(),
        };
        format!("--record: {}: {reason}", path.display())
    })
}

fn not_started(options: &Options, error: &StartError) -> String {
    match error {
        StartError::Bind(reason) => {
            let address = SocketAddr::new(options.host, options.port);
            let advice = match reason.kind() {
                io::ErrorKind::AddrInUse => {
                    "Another program listens there. Stop it, or use another --port, such as 0 for any that is free."
                }
                io::ErrorKind::AddrNotAvailable => "Use an address of this machine as --host.",
                io::ErrorKind::PermissionDenied => "Use a --port from 1024.",
                _ => "Use another --host or --port.",
            };
            format!("{address}: {reason}. {advice}")
        }
        other => format!("--client-id, --client-secret: {}", chain(other)),
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

/// The signals that stop a program.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next signal.
    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // There is no signal to wait for.
            std::future::pending::<()>().await;
        }
    }
}
