//! The client: cheap to clone, safe to share, pinned to one API version.

mod accessors;
mod builder;
mod environment;
mod handle;
mod http_client;
mod http_setters;
#[cfg(feature = "recording")]
mod recording;
mod tls;

pub use builder::ClientBuilder;
pub use environment::Environment;
pub use handle::Client;
