//! Downloads for code without async.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::Buf as _;

use crate::download::save::Save;
use crate::download::stream::Download;
use crate::error::Error;

impl Read for Download {
    /// Reads from the file, for code without async.
    ///
    /// An error of the download is the inner error of the `io::Error`. Bytes that were read in part are not returned by
    /// [`chunk`](Download::chunk) again.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !buffer.is_empty() {
            let runtime = Arc::clone(&self.runtime);
            let chunk = runtime.wait(self.operation, self.chunk()).flatten();
            match chunk.map_err(into_io)? {
                Some(chunk) => self.rest = chunk,
                None => break,
            }
        }
        let length = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}

fn into_io(error: Error) -> io::Error {
    let kind = if error.is_timeout() {
        io::ErrorKind::TimedOut
    } else if error.is_interrupted() {
        io::ErrorKind::UnexpectedEof
    } else {
        io::ErrorKind::Other
    };
    io::Error::new(kind, error)
}

impl Save {
    /// Saves the file and blocks the thread until it is complete, for code without async.
    ///
    /// # Errors
    ///
    /// Same as awaiting it. Also returns an error inside async code.
    pub fn wait(self) -> Result<u64, Error> {
        let (runtime, operation) = self.runtime();
        runtime.wait(operation, self.into_future()).flatten()
    }
}
