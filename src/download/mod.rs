//! Files that are received in chunks.

#[cfg(feature = "blocking")]
mod blocking;
mod save;
mod stream;

pub use save::{DownloadProgress, Save, SaveFuture};
pub use stream::Download;
