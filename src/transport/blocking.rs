//! The runtime of a client for code without async.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, Failure};

/// A runtime that is started by the first wait, and stops with its client.
///
/// It has a thread of its own, so that connections are closed and pages are fetched while the caller does something else.
#[derive(Debug, Default)]
pub(crate) struct OwnRuntime(OnceLock<Runtime>);

impl OwnRuntime {
    /// Runs a future to its end. Returns an error, and runs nothing, inside async code.
    pub(crate) fn wait<T>(
        &self,
        operation: &'static str,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::new(Failure::InsideAsync, operation));
        }
        let runtime = match self.0.get() {
            Some(runtime) => runtime,
            None => {
                let new = Builder::new_multi_thread()
                    .worker_threads(1)
                    .thread_name("sequencehq")
                    .enable_all()
                    .build()
                    .map_err(|error| Error::new(Failure::Runtime, operation).with_source(error))?;
                // Another thread may have started one in the meantime.
                self.0.get_or_init(|| new)
            }
        };
        Ok(runtime.block_on(future))
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        // Dropping a runtime waits for its tasks, which panics in async code.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
