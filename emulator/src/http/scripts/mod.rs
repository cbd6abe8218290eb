//! Answers that a test writes, in place of those of the emulator.
//!
//! Use them for what the emulator cannot reach: states that only persons or other systems cause, such as the report of a payment provider,
//! and fields that the API has yet to add. Everything else is better tested against the behavior of the emulator, which
//! notices a request that the API would refuse and an order of calls that cannot work.
//!
//! A scripted answer comes after the checks that every request passes: credentials, version, query and body. It changes
//! nothing in the account. Of several that fit a request, the one scripted first is used.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq_emulator::{Emulator, Scripted};
//! use serde_json::json;
//!
//! let emulator = Emulator::builder().start().await?;
//! let product = json!({"id": "p1", "name": "API", "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z", "color": "green"});
//! emulator.respond("product_get", &product)?; // the next call
//! emulator.respond("product_list", Scripted::new([&product]).always())?; // a page
//!
//! let error = emulator.respond("product_get", json!({"name": 7})).unwrap_err();
//! assert!(error.to_string().contains("value.name: expected a text, got the number 7."));
//! # Ok(())
//! # }
//! ```
//!
//! An endpoint that the document does not describe is named by its method and path. Nothing is known of its answer, so the value is
//! not checked.

mod error;
mod queue;
mod target;
mod unlisted;

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

pub use error::ScriptError;
pub(super) use queue::Queue;

/// An answer that a test writes, for [`Emulator::respond`](crate::Emulator::respond).
///
/// A plain value answers the next call with the status of success. This type sets how often, with which status, and in which
/// version.
///
/// ```
/// use sequencehq_emulator::Scripted;
/// use serde_json::json;
///
/// let refused = json!({"error": {"type": "Locked", "message": "An import is running."}});
/// let twice = Scripted::new(refused).status(423).times(2);
/// # let _ = twice;
/// ```
#[derive(Clone)]
#[must_use = "it answers nothing unless it is passed to `Emulator::respond`"]
pub struct Scripted<V> {
    script: Script,
    value: PhantomData<fn() -> V>,
}

/// A scripted answer before its operation is known.
#[derive(Clone)]
pub(super) struct Script {
    content: Content,
    status: Option<u16>,
    version: Option<String>,
    /// The path and query that a request has to have.
    target: Option<String>,
    is_checked: bool,
    /// How often it answers; `None` is always.
    times: Option<u32>,
}

#[derive(Clone)]
enum Content {
    /// The text of the value.
    Json(String),
    File(Bytes),
    /// The value cannot be JSON.
    Invalid(String),
}

impl<V: Serialize> Scripted<V> {
    /// Answers with this value as JSON, with all digits of its numbers.
    ///
    /// A list of values answers an operation that returns pages with one page. `()` and `null` are no body.
    pub fn new(value: V) -> Self {
        let text = serde_json::to_string(&value);
        Self::of(text.map_or_else(|error| Content::Invalid(error.to_string()), Content::Json))
    }
}

impl Scripted<Bytes> {
    /// Answers with a PDF, for operations that download one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sequencehq_emulator::{Emulator, Scripted};
    /// # let emulator = Emulator::builder().start().await?;
    /// emulator.respond("invoice_download", Scripted::file("%PDF-1.7 an odd one"))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn file(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::File(bytes.into()))
    }
}

impl<V> Scripted<V> {
    fn of(content: Content) -> Self {
        Self {
            script: Script {
                content,
                status: None,
                version: None,
                target: None,
                is_checked: true,
                times: Some(1),
            },
            value: PhantomData,
        }
    }

    /// Sets the status. Default: that of the operation's success.
    ///
    /// The value is checked against what the document declares for the status, such as the details of a 409.
    pub fn status(mut self, code: u16) -> Self {
        self.script.status = Some(code);
        self
    }

    /// Answers this many calls. Default: one.
    pub fn times(mut self, count: u32) -> Self {
        self.script.times = Some(count);
        self
    }

    /// Answers every call, until [`Emulator::stop_responding`](crate::Emulator::stop_responding).
    pub fn always(mut self) -> Self {
        self.script.times = None;
        self
    }

    /// Answers only calls in this API version, such as `2024-05-09`, whose form the value has. Default: calls in any version.
    ///
    /// Without it, the value has the form of the newest version that has the operation, and is answered in others if it fits.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.script.version = Some(version.into());
        self
    }

    /// Answers only calls of this path, with these parameters in the query. Others may be in the query too.
    ///
    /// ```
    /// # use sequencehq_emulator::Scripted;
    /// # let page = serde_json::json!({"items": []});
    /// let drafts = Scripted::new(&page).only_for("/invoices?invoiceStatus=DRAFT");
    /// # let _ = drafts;
    /// ```
    pub fn only_for(mut self, path_and_query: impl Into<String>) -> Self {
        self.script.target = Some(path_and_query.into());
        self
    }

    /// Leaves out the check against the document, for answers that it does not allow, such as a new value of an enum.
    pub fn unchecked(mut self) -> Self {
        self.script.is_checked = false;
        self
    }
}

impl<V> fmt::Debug for Scripted<V> {
    /// Shows the size of the value instead of the value, in which there may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Script {
            content,
            status,
            version,
            target,
            is_checked,
            times,
        } = &self.script;
        let bytes = match content {
            Content::Json(text) => text.len(),
            Content::File(bytes) => bytes.len(),
            Content::Invalid(_) => 0,
        };
        f.debug_struct("Scripted")
            .field("value", &format_args!("{bytes} bytes"))
            .field("status", status)
            .field("version", version)
            .field("only_for", target)
            .field("is_checked", is_checked)
            .field("times", times)
            .finish()
    }
}

/// What [`Emulator::respond`](crate::Emulator::respond) accepts: a value that encodes as JSON, or a [`Scripted`].
pub trait IntoScripted: private::Sealed {
    /// The type of the value.
    type Value;

    /// Returns the answer.
    fn into_scripted(self) -> Scripted<Self::Value>;
}

impl<V: Serialize> IntoScripted for V {
    type Value = V;

    fn into_scripted(self) -> Scripted<V> {
        Scripted::new(self)
    }
}

impl<V> IntoScripted for Scripted<V> {
    type Value = V;

    fn into_scripted(self) -> Self {
        self
    }
}

impl<V> Scripted<V> {
    pub(super) fn into_script(self) -> Script {
        self.script
    }
}

mod private {
    pub trait Sealed {}

    impl<V: serde::Serialize> Sealed for V {}

    impl<V> Sealed for super::Scripted<V> {}
}
