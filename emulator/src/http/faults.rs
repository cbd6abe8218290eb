//! Injected failures of networks, proxies and servers.
//!
//! A fault hits the next request of its operation, or of any operation if it names none, and is then used up, unless
//! [`times`](Fault::times) sets how often it hits. Of several that fit, the one injected first is used. Faults come before
//! credentials are checked, as those of a proxy would.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq_emulator::{Emulator, Fault};
//!
//! let emulator = Emulator::builder().start().await?;
//! emulator.inject(Fault::status(503).on("invoice_create").times(2));
//! emulator.inject(Fault::drop_connection_after_acting().on("invoice_finalize"));
//! # Ok(())
//! # }
//! ```

use std::time::Duration;

use crate::contract::Operation;

/// An injected failure, for [`Emulator::inject`](crate::Emulator::inject).
#[derive(Debug, Clone)]
pub struct Fault {
    kind: Kind,
    operation: Option<Operation>,
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
            operation: None,
            left: 1,
        }
    }

    /// Returns this status without processing the request.
    ///
    /// # Panics
    ///
    /// If `code` is not a status of a final response, from 200 to 999.
    pub fn status(code: u16) -> Self {
        assert!(
            (200..=999).contains(&code),
            "{code} is not the status of a final response"
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

    /// Closes the connection without a response and without processing the request.
    pub fn drop_connection_before_acting() -> Self {
        Self::new(Kind::DropBefore)
    }

    /// Processes the request, and closes the connection without a response.
    pub fn drop_connection_after_acting() -> Self {
        Self::new(Kind::DropAfter)
    }

    /// Processes the request, and closes the connection halfway through the body of the response.
    pub fn truncate_body() -> Self {
        Self::new(Kind::TruncateBody)
    }

    /// Waits before processing the request. The system's clock waits with Tokio, so a test can pause its time.
    pub fn delay(duration: Duration) -> Self {
        Self::new(Kind::Delay(duration))
    }

    /// Processes the request, and returns the right status with JSON of another shape.
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

    /// Hits only this operation, by its `operationId`, such as `invoice_create`, or by the vendor's own id, such as
    /// `postInvoices`.
    ///
    /// ```
    /// use sequencehq_emulator::Fault;
    ///
    /// let ours = Fault::status(503).on("invoice_create");
    /// let theirs = Fault::status(503).on("postInvoices");
    /// # let _ = (ours, theirs);
    /// ```
    ///
    /// # Panics
    ///
    /// If no operation has this name, with suggestions: such a fault would never hit, and the test would pass for the
    /// wrong reason.
    #[must_use]
    #[track_caller]
    pub fn on(mut self, operation: impl AsRef<str>) -> Self {
        let name = operation.as_ref();
        match Operation::named(name) {
            Ok(operation) => self.operation = Some(operation),
            Err(near) => panic!("{}", unknown(name, &near)),
        }
        self
    }

    /// How many requests it still hits.
    pub(super) fn left(&self) -> u32 {
        self.left
    }

    /// The only operation that it hits.
    pub(super) fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// The kind, as the control names it.
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Status { .. } => "status",
            Kind::Html502 => "html502",
            Kind::DropBefore => "dropBefore",
            Kind::DropAfter => "dropAfter",
            Kind::TruncateBody => "truncateBody",
            Kind::Delay(_) => "delay",
            Kind::WrongShape => "wrongShape",
        }
    }

    /// Hits this many requests; one unless set.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.left = count;
        self
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
pub(super) fn take(faults: &mut Vec<Fault>, operation: Option<Operation>) -> Option<Kind> {
    faults.retain(|fault| fault.left > 0);
    let mut fitting = faults
        .iter_mut()
        .filter(|fault| fault.operation.is_none() || fault.operation == operation);
    let fault = fitting.next()?;
    fault.left -= 1;
    Some(fault.kind.clone())
}

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, Operation, take};

    #[test]
    fn a_fault_hits_its_operation_as_often_as_it_says() {
        let mut faults = vec![
            Fault::html_502().on("invoice_get").times(2),
            Fault::status(500).times(0),
        ];
        assert!(take(&mut faults, Some(Operation::InvoiceList)).is_none());
        assert!(take(&mut faults, None).is_none());
        for _ in 0..2 {
            assert!(matches!(
                take(&mut faults, Some(Operation::InvoiceGet)),
                Some(Kind::Html502)
            ));
        }
        assert!(take(&mut faults, Some(Operation::InvoiceGet)).is_none());
    }

    #[test]
    fn both_names_of_an_operation_mean_the_same() {
        for name in ["invoice_create", "postInvoices"] {
            assert_eq!(
                Fault::html_502().on(name).operation,
                Some(Operation::InvoiceCreate),
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
