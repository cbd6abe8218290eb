//! Saves a download in a file, which exists only once it is complete.

use std::fmt;
use std::future::IntoFuture;
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::download::stream::Download;
use crate::error::{Error, Failure};

/// A download that is saved in a file when it is awaited. Returned by [`Download::save`].
#[must_use = "nothing is saved until it is awaited"]
pub struct Save {
    download: Download,
    path: PathBuf,
    on_progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(DownloadProgress) + Send>;

/// How much of a file was written, passed to the function of [`Save::on_progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// The number of bytes written so far.
    pub bytes: u64,
    /// The size of the file in bytes, if the response has a `Content-Length`.
    pub total: Option<u64>,
}

/// The future of a [`Save`], which returns the number of bytes of the file.
pub type SaveFuture = std::pin::Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

impl Download {
    /// Saves the file at a path, and returns its size in bytes.
    ///
    /// The chunks are written to a new file beside it, `.NAME.….part`, which is synced and then renamed. So the path has a
    /// complete file or is unchanged, also after a crash. An existing file is replaced. If the download fails or the
    /// future is dropped, the new file is removed.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let pdf = client.invoices().download("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await?;
    /// let bytes = pdf
    ///     .save("invoice.pdf")
    ///     .on_progress(|progress| println!("{} of {:?} bytes", progress.bytes, progress.total))
    ///     .await?;
    /// println!("{bytes} bytes");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Same as [`chunk`](Self::chunk). Also returns an error if the file cannot be written
    /// ([`ErrorKind::File`](crate::ErrorKind::File)); its message names the path.
    pub fn save(self, path: impl Into<PathBuf>) -> Save {
        Save {
            download: self,
            path: path.into(),
            on_progress: None,
        }
    }
}

impl Save {
    /// Sets a function that is called after each chunk that was written.
    pub fn on_progress(mut self, function: impl FnMut(DownloadProgress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(function));
        self
    }

    /// Returns what a wait for it needs.
    #[cfg(feature = "blocking")]
    pub(super) fn runtime(&self) -> (std::sync::Arc<crate::transport::OwnRuntime>, &'static str) {
        (
            std::sync::Arc::clone(&self.download.runtime),
            self.download.operation,
        )
    }

    async fn run(mut self) -> Result<u64, Error> {
        let total = self.download.content_length();
        let part = match Part::beside(&self.path) {
            Ok(part) => part,
            Err(error) => return Err(self.failed(error)),
        };
        let mut file = match File::options()
            .write(true)
            .create_new(true)
            .open(&part.path)
            .await
        {
            Ok(file) => file,
            Err(error) => return Err(self.failed(error)),
        };
        let mut bytes = 0;
        while let Some(chunk) = self.download.chunk().await? {
            if let Err(error) = file.write_all(&chunk).await {
                return Err(self.failed(error));
            }
            bytes += chunk.len() as u64;
            if let Some(on_progress) = &mut self.on_progress {
                on_progress(DownloadProgress { bytes, total });
            }
        }
        match part.complete(file, &self.path).await {
            Ok(()) => Ok(bytes),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn failed(&self, error: std::io::Error) -> Error {
        let path = self.path.display().to_string();
        self.download.failed(Failure::File { path }).with_source(error)
    }
}

impl IntoFuture for Save {
    type Output = Result<u64, Error>;
    type IntoFuture = SaveFuture;

    fn into_future(self) -> SaveFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save")
            .field("download", &self.download)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The path of an incomplete file, which is removed when it is dropped.
struct Part {
    path: PathBuf,
}

impl Part {
    fn beside(path: &Path) -> std::io::Result<Self> {
        let Some(name) = path.file_name() else {
            let problem = "the path has no file name";
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, problem));
        };
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{:016x}.part", fastrand::u64(..)));
        Ok(Self {
            path: path.with_file_name(part),
        })
    }

    /// Gives the file its name once all of it is on disk.
    async fn complete(self, mut file: File, path: &Path) -> std::io::Result<()> {
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        tokio::fs::rename(&self.path, path).await
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing to remove.
        let _ = std::fs::remove_file(&self.path);
    }
}
