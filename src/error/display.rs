//! How an error is printed: on one line, without secrets and whole bodies.

use std::fmt;

use crate::data::InvalidInput;
use crate::error::cause;
use crate::error::details::{Details, Error, Failure, PRINTED_MESSAGE};
use crate::error::excerpt::excerpt;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            failure,
            operation,
            response,
            attempts,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        match failure {
            Failure::Config(error) => write!(f, "{error}")?,
            Failure::Input(InvalidInput { name, problem }) => {
                write!(f, "`{name}`: {problem}; nothing was sent")?
            }
            Failure::Version { pinned, has } => {
                let has: Vec<&str> = has.iter().map(|version| version.as_str()).collect();
                write!(
                    f,
                    "not available in API version {pinned}; pin one of {} (Client::with_api_version); nothing was sent",
                    has.join(", "),
                )?;
            }
            Failure::Credentials => f.write_str("the provider of credentials failed; nothing was sent")?,
            Failure::Hook => f.write_str("a hook failed before the attempt; nothing was sent")?,
            Failure::Connect { to } => write!(f, "could not connect to {to}")?,
            Failure::Interrupted => {
                f.write_str("the connection was lost before the response was complete")?
            }
            Failure::AttemptTimeout(limit) => write!(f, "the attempt did not complete within {limit:?}")?,
            Failure::Timeout(limit) => {
                write!(f, "the call did not complete within its timeout of {limit:?}")?;
                if *attempts == 0 {
                    f.write_str("; nothing was sent")?;
                }
            }
            Failure::Status => self.write_status(f)?,
            Failure::Redirect if response.status.is_none_or(|status| !status.is_redirection()) => f.write_str(
                "the HTTP client followed a redirect, which may forward the credentials; build it with `redirect(reqwest::redirect::Policy::none())`",
            )?,
            Failure::Redirect => write!(
                f,
                "the API responded with a redirect ({}), which is not followed because that would forward the credentials; check the base URL, or read `Location` from the error's headers",
                response.status.map_or(0, |status| status.as_u16()),
            )?,
            Failure::Decode { path } => self.write_mismatch(f, path)?,
            Failure::WebPage => self.write_other_content(f, self.content_type().unwrap_or_default(), "a PDF")?,
            Failure::TooLarge { limit } => write!(
                f,
                "the response exceeds the limit of {limit} bytes; raise `max_response_bytes`"
            )?,
            Failure::TooLargeDecoded { limit } => write!(
                f,
                "the decoded response exceeds the limit of {limit} bytes of memory; raise `max_response_bytes`"
            )?,
            Failure::File { path } => write!(f, "`{path}` cannot be written")?,
            #[cfg(feature = "blocking")]
            Failure::InsideAsync => f.write_str(
                "waiting inside async code would block its thread; await instead, or wait in a thread of your own (std::thread); nothing was sent",
            )?,
            #[cfg(feature = "blocking")]
            Failure::Runtime => f.write_str("the runtime for code without async cannot be started; nothing was sent")?,
            #[cfg(feature = "recording")]
            Failure::NotRecorded { message } => f.write_str(message)?,
            Failure::RepeatedCursor => {
                f.write_str("the list returned the same cursor twice and would never end")?
            }
        }
        if let Some(source) = &self.0.source {
            // After a 401, new credentials were asked for.
            let step = match failure {
                Failure::Status => "; the provider of credentials failed",
                _ => "",
            };
            write!(f, "{step}: {}", excerpt(&cause::of(&**source), PRINTED_MESSAGE))?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request id {}]", excerpt(id, 100))?;
        }
        if *attempts > 1 {
            write!(f, " [{attempts} attempts]")?;
        }
        Ok(())
    }
}

impl Error {
    fn write_mismatch(&self, f: &mut fmt::Formatter<'_>, path: &str) -> fmt::Result {
        if let Some(other) = self.content_type().filter(|content_type| !is_json(content_type)) {
            return self.write_other_content(f, other, "JSON");
        }
        let status = self.status().map_or(0, |status| status.as_u16());
        write!(f, "the response ({status}) does not match the API schema")?;
        if path != "." {
            write!(f, " at `{path}`")?;
        }
        Ok(())
    }

    fn write_other_content(&self, f: &mut fmt::Formatter<'_>, other: &str, expected: &str) -> fmt::Result {
        let status = self.status().map_or(0, |status| status.as_u16());
        let other = excerpt(other, 60);
        write!(
            f,
            "the response ({status}) is `{other}` and not {expected}; check the base URL, and any proxy or gateway before the API"
        )
    }

    fn write_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = &self.0.response;
        if let Some(status) = response.status {
            write!(
                f,
                "{} {}",
                status.as_u16(),
                status.canonical_reason().unwrap_or("unknown status")
            )?;
        }
        self.write_reason(f)?;
        if self.is_unauthorized() {
            f.write_str(
                " (check the client id, the client secret, and the environment that they belong to)",
            )?;
        }
        Ok(())
    }

    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = &self.0.response;
        match (&response.error_type, &response.message) {
            (Some(kind), Some(message)) => write!(
                f,
                ": {}: {}",
                excerpt(kind, 100),
                excerpt(message, PRINTED_MESSAGE)
            ),
            (None, Some(message)) => write!(f, ": {}", excerpt(message, PRINTED_MESSAGE)),
            (Some(kind), None) => write!(f, ": {}", excerpt(kind, 100)),
            (None, None) if response.body.is_empty() => Ok(()),
            (None, None) => {
                let content_type = self.content_type().unwrap_or("unknown type");
                write!(
                    f,
                    ": {} bytes of {}",
                    response.body.len(),
                    excerpt(content_type, 60)
                )?;
                if is_html(content_type) {
                    f.write_str(", which a proxy or a gateway before the API may have sent")?;
                }
                Ok(())
            }
        }
    }
}

/// Returns `true` for a web page, which the API never sends.
pub(crate) fn is_html(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("text/html")
}

/// Returns `true` for `application/json` and types such as `application/problem+json`, with or without parameters.
fn is_json(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    let name = name.to_ascii_lowercase();
    name.ends_with("/json") || name.ends_with("+json")
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            failure,
            operation,
            response,
            attempts,
            waited,
            may_have_acted,
            source,
        } = &*self.0;
        f.debug_struct("Error")
            .field("failure", failure)
            .field("operation", operation)
            .field("status", &response.status)
            .field("error_type", &response.error_type)
            .field(
                "message",
                &response
                    .message
                    .as_deref()
                    .map(|message| excerpt(message, PRINTED_MESSAGE)),
            )
            .field("request_id", &self.request_id())
            .field("body_bytes", &response.body.len())
            .field("attempts", attempts)
            .field("waited", waited)
            .field("may_have_acted", may_have_acted)
            .field("source", source)
            .finish()
    }
}
