//! Files that are received in chunks.

mod save;
mod stream;

pub use save::{DownloadProgress, Save, SaveFuture};
pub use stream::Download;
