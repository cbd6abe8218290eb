//! Answers that a test scripts.

use sequencehq_emulator::{IntoScripted, ScriptError};

use crate::call::returns::Returns;
use crate::emulator::embedded::Emulator;

impl Emulator {
    /// Answers the next call of an operation with this value, or as a [`Scripted`](crate::emulator::Scripted) sets.
    ///
    /// For what the emulator cannot reach: states that only persons or other systems cause, such as the report of a payment
    /// provider, and fields that the API has yet to add. Other tests need no script, and find more with the emulator's own
    /// behavior, which notices an order of calls that cannot work. The request still has to pass the checks of
    /// the document, and nothing in the account changes.
    ///
    /// `to` is a call, or the name of an operation. With a call, the value has the type that the call returns; it answers calls with
    /// the same path, the same API version and at least the same query. A list of items answers the call of a list with one page, and
    /// [`Scripted::file`](crate::emulator::Scripted::file) a download.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::emulator::{Emulator, Scripted};
    /// use sequencehq::types::{Currency, InvoiceCreate, InvoicePaymentStatus};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client();
    /// let acme = emulator.add_customer("Acme Ltd");
    /// let body = InvoiceCreate::builder().customer_id(acme).currency(Currency::Gbp);
    /// let mut invoice = client.invoices().create(body).await?;
    ///
    /// invoice.payment_status = InvoicePaymentStatus::Uncollectible;
    /// emulator.respond(client.invoices().get(&invoice.id), Scripted::new(&invoice).times(2))?;
    /// emulator.respond(client.invoices().list(), [invoice.clone()])?;
    /// emulator.respond(client.invoices().download(&invoice.id), Scripted::file("%PDF-1.7 an empty one"))?;
    ///
    /// let seen = client.invoices().get(&invoice.id).await?;
    /// assert_eq!(seen.payment_status, InvoicePaymentStatus::Uncollectible);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "invoices"))]
    /// # fn main() {}
    /// ```
    ///
    /// By name, the value is anything that encodes as JSON. It is checked against the document's schema of the response, and may
    /// have more fields:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sequencehq::emulator::{Emulator, Scripted};
    /// # let emulator = Emulator::start().await?;
    /// use serde_json::json;
    ///
    /// let locked = json!({"error": {"type": "Locked", "message": "An import is running."}});
    /// emulator.respond("customer_create", Scripted::new(locked).status(423))?;
    ///
    /// let error = emulator.respond("customer_get", json!({"id": 7})).unwrap_err();
    /// assert!(error.to_string().contains("value.id: expected an id, got the number 7."));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A call of an endpoint that the document does not describe is answered with any value, which is not checked. By name, it is its
    /// method and path: `GET /new-things/{id}`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sequencehq::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client();
    /// # use serde_json::json;
    /// use sequencehq::http::Method;
    ///
    /// let close = client.request(Method::POST, "/new-things/{id}/close").segment("id", "t-1");
    /// emulator.respond(close.clone(), json!({"status": "CLOSED"}))?;
    /// assert_eq!(close.await?["status"], "CLOSED");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no operation has the name, if the call could not be sent, or if the document does not allow the value.
    pub fn respond<A: IntoScripted>(
        &self,
        to: impl Answered<A::Value>,
        answer: A,
    ) -> Result<(), ScriptError> {
        to.answer(self, answer)
    }
}

/// What [`Emulator::respond`] answers with a `T`: a call that returns one, or the name of an operation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not answered with a `{T}`",
    label = "expected a call that returns a `{T}`, or the name of an operation",
    note = "by name, the value can be any JSON: `emulator.respond(\"invoice_void\", Scripted::new(json!({{…}})).status(409))`"
)]
pub trait Answered<T>: sealed::Sealed<T> {}

mod sealed {
    use super::{Emulator, IntoScripted, ScriptError};

    pub trait Sealed<T> {
        fn answer<A: IntoScripted<Value = T>>(
            self,
            emulator: &Emulator,
            answer: A,
        ) -> Result<(), ScriptError>;
    }
}

impl<T> Answered<T> for &str {}

impl<T> sealed::Sealed<T> for &str {
    fn answer<A: IntoScripted<Value = T>>(self, emulator: &Emulator, answer: A) -> Result<(), ScriptError> {
        emulator.0.respond(self, answer)
    }
}

impl<T, C: Returns<T>> Answered<T> for C {}

impl<T, C: Returns<T>> sealed::Sealed<T> for C {
    fn answer<A: IntoScripted<Value = T>>(self, emulator: &Emulator, answer: A) -> Result<(), ScriptError> {
        let target = self.target().map_err(|error| ScriptError::Call(error.into()))?;
        let answer = answer
            .into_scripted()
            .version(target.version.as_str())
            .only_for(target.path_and_query);
        emulator.0.respond(target.operation, answer)
    }
}
