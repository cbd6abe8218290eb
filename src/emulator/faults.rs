//! Trouble on demand: what networks, proxies and servers do on a bad day.
//!
//! A fault hits the next request of its operation, or of any operation unless
//! `on` names one, and then it is used up unless `times` says otherwise. Of several
//! that fit, the one injected first goes first. Faults strike before credentials are
//! looked at, as a proxy would.
//!
//! ```no_run
//! # async fn story() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq::emulator::{Emulator, Fault};
//!
//! let emulator = Emulator::start().await?;
//! emulator.inject(Fault::status(503).on("invoice_create").times(2));
//! emulator.inject(Fault::drop_connection_after_acting().on("invoice_finalize"));
//! # Ok(())
//! # }
//! ```

use std::time::Duration;

use super::document::Document;

/// One kind of trouble, for [`Emulator::inject`](super::Emulator::inject).
#[derive(Debug, Clone)]
pub struct Fault {
    kind: Kind,
    operation_id: Option<String>,
    left: u32,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Status {
        code: u16,
        retry_after: Option<Duration>,
        body: Option<String>,
    },
    Html502,
    DropBefore,
    DropAfter,
    TruncateBody,
    Delay(Duration),
    WrongShape,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation_id: None,
            left: 1,
        }
    }

    /// Answers with this status instead of acting.
    ///
    /// # Panics
    ///
    /// Panics if `code` is not the status of a final response, from 200 to 999.
    pub fn status(code: u16) -> Self {
        assert!(
            (200..=999).contains(&code),
            "{code} is not the HTTP status of a final response"
        );
        Self::new(Kind::Status {
            code,
            retry_after: None,
            body: None,
        })
    }

    /// Answers 502 with a page of HTML, as a proxy in front of the API does.
    pub fn html_502() -> Self {
        Self::new(Kind::Html502)
    }

    /// Closes the connection without an answer; nothing has happened.
    pub fn drop_connection_before_acting() -> Self {
        Self::new(Kind::DropBefore)
    }

    /// Does what was asked, then closes the connection without an answer.
    pub fn drop_connection_after_acting() -> Self {
        Self::new(Kind::DropAfter)
    }

    /// Does what was asked, announces the whole answer, and closes the connection halfway through its body.
    pub fn truncate_body() -> Self {
        Self::new(Kind::TruncateBody)
    }

    /// Waits before acting, by the clock of the emulator (see [`EmulatorBuilder::clock`](super::EmulatorBuilder::clock)).
    /// That of the system waits with `tokio`, whose time a test can pause.
    pub fn delay(duration: Duration) -> Self {
        Self::new(Kind::Delay(duration))
    }

    /// Does what was asked, and answers with its status but JSON of another shape.
    pub fn wrong_shape() -> Self {
        Self::new(Kind::WrongShape)
    }

    /// Sends `Retry-After` along, in whole seconds rounded up, at most `u64::MAX`. Only for [`Fault::status`]; others ignore it.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        if let Kind::Status { retry_after, .. } = &mut self.kind {
            *retry_after = Some(delay);
        }
        self
    }

    /// Replaces the JSON body of [`Fault::status`]; others ignore it.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let Kind::Status { body, .. } = &mut self.kind {
            *body = Some(text.into());
        }
        self
    }

    /// Hits only this operation, named by its resource and method in this crate, such as `invoice_create`, or by the
    /// vendor's own id, such as `postInvoices`. The documentation of each call has both.
    ///
    /// ```
    /// use sequencehq::emulator::Fault;
    ///
    /// let ours = Fault::status(503).on("invoice_create");
    /// let theirs = Fault::status(503).on("postInvoices");
    /// # let _ = (ours, theirs);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if no operation has this name, and suggests names that are nearly the same: such a fault would
    /// never strike, and the test would pass for the wrong reason. Operations of a resource whose feature is not enabled
    /// are not known.
    #[must_use]
    #[track_caller]
    pub fn on(mut self, operation_id: impl AsRef<str>) -> Self {
        match Document::get().operation_id(operation_id.as_ref()) {
            Ok(id) => self.operation_id = Some(id.to_owned()),
            Err(near) => panic!("{}", unknown(operation_id.as_ref(), &near)),
        }
        self
    }

    /// Hits this many requests; one unless set.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.left = count;
        self
    }

    pub(super) fn operation_id(&self) -> Option<&str> {
        self.operation_id.as_deref()
    }
}

fn unknown(operation_id: &str, near: &[&str]) -> String {
    let mut message = format!("no operation is called `{operation_id}`");
    if !near.is_empty() {
        message += &format!("; perhaps `{}` is meant", near.join("` or `"));
    }
    message
}

/// Uses up one hit of the first fault that fits.
pub(super) fn take(faults: &mut Vec<Fault>, operation_id: Option<&str>) -> Option<Kind> {
    faults.retain(|fault| fault.left > 0);
    let fits = |fault: &&mut Fault| match fault.operation_id() {
        Some(wanted) => operation_id == Some(wanted),
        None => true,
    };
    let fault = faults.iter_mut().find(fits)?;
    fault.left -= 1;
    Some(fault.kind.clone())
}

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, take};

    #[test]
    fn a_fault_hits_its_operation_as_often_as_it_says() {
        let mut faults = vec![
            Fault::html_502().on("invoice_get").times(2),
            Fault::status(500).times(0),
        ];
        assert!(take(&mut faults, Some("invoice_list")).is_none());
        assert!(take(&mut faults, None).is_none());
        for _ in 0..2 {
            assert!(matches!(
                take(&mut faults, Some("invoice_get")),
                Some(Kind::Html502)
            ));
        }
        assert!(take(&mut faults, Some("invoice_get")).is_none());
    }

    #[test]
    fn both_names_of_an_operation_mean_the_same() {
        for name in ["invoice_create", "postInvoices"] {
            assert_eq!(
                Fault::html_502().on(name).operation_id(),
                Some("invoice_create"),
                "{name}"
            );
        }
    }

    #[test]
    fn an_unknown_operation_is_refused_with_names_that_are_near() {
        for (typo, wanted) in [
            ("invoice_creat", "`invoice_create`"),
            ("create_invoice", "`invoice_create`"),
            ("invoice.create", "`invoice_create`"),
            ("postInvoice", "`postInvoices`"),
            ("invoicefinalize", "`invoice_finalize`"),
        ] {
            let panic = std::panic::catch_unwind(|| Fault::html_502().on(typo)).expect_err("a typo");
            let message = panic.downcast_ref::<String>().expect("a message");
            assert!(
                message.contains(&format!("no operation is called `{typo}`")) && message.contains(wanted),
                "{message}"
            );
        }
        let panic = std::panic::catch_unwind(|| Fault::html_502().on("")).expect_err("nothing");
        let message = panic.downcast_ref::<String>().expect("a message");
        assert_eq!(message, "no operation is called ``");
    }

    #[test]
    fn a_fault_without_an_operation_hits_whatever_comes() {
        let mut faults = vec![Fault::truncate_body()];
        assert!(matches!(take(&mut faults, None), Some(Kind::TruncateBody)));
    }
}
