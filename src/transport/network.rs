//! From a request to its response: over the network, or from a recording.

use std::time::Duration;

use reqwest::{Request, Response};

use crate::error::{Error, Failure};
use crate::operation::Operation;
use crate::redact::Redactor;
use crate::transport::connection::Connection;

impl Connection {
    /// Sends a request, and records it if the client records. A client that replays sends nothing.
    #[cfg(feature = "recording")]
    pub(super) async fn execute(
        &self,
        operation: &Operation,
        request: Request,
        redactor: &Redactor,
    ) -> Result<Response, Error> {
        if let Some(replayed) = self.tape.replayed(&request, redactor) {
            return replayed.map_err(|error| {
                let message = error.to_string();
                Error::new(Failure::NotRecorded { message }, operation.id)
            });
        }
        let open = self.tape.begin(operation.id, &request, redactor);
        let response = self.send_once(operation, request).await?;
        match open {
            None => Ok(response),
            Some(open) => open.complete(response, redactor).await.map_err(|error| {
                Error::new(Failure::Interrupted, operation.id).with_source(error.without_url())
            }),
        }
    }

    /// Sends a request.
    #[cfg(not(feature = "recording"))]
    pub(super) async fn execute(
        &self,
        operation: &Operation,
        request: Request,
        _: &Redactor,
    ) -> Result<Response, Error> {
        self.send_once(operation, request).await
    }

    async fn send_once(&self, operation: &Operation, request: Request) -> Result<Response, Error> {
        let sent = self.requests.client().execute(request).await;
        sent.map_err(|error| self.sending_failed(error, operation))
    }

    /// Distinguishes a failure to connect from a connection that was lost.
    fn sending_failed(&self, error: reqwest::Error, operation: &Operation) -> Error {
        let (kind, may_have_acted) = if error.is_redirect() {
            (Failure::Redirect, true)
        } else if error.is_connect() {
            let host = self.base_url.host_str().unwrap_or("the API");
            let port = self.base_url.port();
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            let to = format!("{host}{port}");
            // The failure may be that of the second request, after a server has processed the first and redirected.
            (Failure::Connect { to }, self.may_follow_redirects)
        } else {
            (Failure::Interrupted, true)
        };
        Error::new(kind, operation.id)
            .with_source(error.without_url())
            .after(0, Duration::ZERO, may_have_acted)
    }
}
