//! An emulated account, without HTTP.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::assumptions::Assumed;
use crate::contract::{Operation, Query, Version};
use crate::records::{Generic, Kind};
use crate::store::{Commit, Journal, Settings, Store, Tx};

use super::answer::Answer;
use super::billing_runs::stale;
use super::call::Call;
use super::checks;
use super::finish::{Cause, finish};
use super::idempotency::Key;
use super::problem::Problem;
use super::strict;
use super::table::entry;

/// An emulated account: everything but the network.
///
/// ```
/// use sequencehq_emulator::contract::{Operation, Version};
/// use sequencehq_emulator::operations::World;
/// use serde_json::json;
///
/// let world = World::new(Default::default());
/// let product = json!({"name": "API calls"});
/// let created = world.call(Operation::ProductCreate, Version::LATEST, &[], "", Some(&product));
/// assert_eq!(created.status, 201);
/// assert_eq!(created.json_body()["name"], "API calls");
/// ```
pub struct World {
    store: Store,
    /// The assumptions that responses may depend on; any if `None`.
    accepted: Option<Assumed>,
}

/// A request with a known operation.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// The operation.
    pub operation: Operation,
    /// The version.
    pub version: Version,
    /// The decoded parameters of the path.
    pub path: &'r BTreeMap<&'static str, String>,
    /// The text after the question mark.
    pub query: &'r str,
    /// The body.
    pub body: &'r [u8],
    /// The header `Idempotency-Key`.
    pub key: Option<&'r str>,
}

/// A response before it is HTTP.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The body.
    pub content: Content,
    /// What the response depends on.
    pub assumed: Assumed,
    /// Seconds for the header `Retry-After`.
    pub retry_after: Option<u64>,
    /// What the log of requests has beside the response.
    pub notes: Vec<String>,
}

/// The body of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json(String),
    /// Nothing.
    Empty,
    /// A PDF.
    Pdf {
        /// The name of the file.
        file_name: String,
        /// The document.
        bytes: Vec<u8>,
    },
}

impl Request<'_> {
    /// Checks query and body against the document.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        Query::parse(self.operation, self.version, self.query).map_err(Problem::invalid)?;
        checks::body(self.operation, self.version, self.body)?;
        Ok(())
    }
}

impl World {
    /// Returns an account with one user and nothing else.
    pub fn new(settings: Settings) -> Self {
        Self::seeded(Store::new(settings))
    }

    /// Returns such an account, and records every commit in `journal`, including the first.
    pub fn recorded(settings: Settings, journal: Journal) -> Self {
        let store = Store::new(settings);
        store.set_journal(journal);
        Self::seeded(store)
    }

    /// Returns the account that is recorded in a journal, with the same answers.
    ///
    /// # Errors
    ///
    /// If a text is not a record of its kind.
    pub fn replayed<'c>(
        settings: Settings,
        commits: impl IntoIterator<Item = &'c Commit>,
    ) -> Result<Self, serde_json::Error> {
        let store = Store::new(settings);
        commits.into_iter().try_for_each(|commit| store.apply(commit))?;
        Ok(Self::of(store))
    }

    fn seeded(store: Store) -> Self {
        let world = Self::of(store);
        let seeded = world.store.write(|tx| {
            seed(tx);
            Ok::<_, ()>(())
        });
        debug_assert!(seeded.is_ok(), "a seed is not refused");
        world
    }

    fn of(store: Store) -> Self {
        Self {
            store,
            accepted: None,
        }
    }

    /// Refuses requests whose responses depend on other assumptions than those with 501. They change nothing.
    pub fn refuse_assumed(&mut self, except: Assumed) {
        self.accepted = Some(except);
    }

    /// Returns the contents of the account.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Answers a request.
    pub fn respond(&self, request: &Request<'_>) -> Response {
        self.catch_up();
        let refused = |problem: Problem| self.check_assumed(problem.assumed).err().unwrap_or(problem);
        let response = self.try_respond(request);
        response.unwrap_or_else(|problem| {
            let problem = refused(problem);
            let body = problem.body_of(request.operation);
            Response {
                content: Content::Json(body.to_string()),
                ..Response::from(problem)
            }
        })
    }

    /// Does what is due before something is read: begins the days that the clock passed by itself, and calculates the upcoming
    /// invoices that changed. Every request does that too.
    #[cfg(feature = "page")]
    pub(crate) fn settle(&self) {
        self.catch_up();
        if self.store.read(stale::is_any) {
            let settled = self.control(|tx| {
                stale::settle(tx);
                tx.leave_out_of_log();
                Ok::<_, std::convert::Infallible>(())
            });
            let Ok(()) = settled;
        }
    }

    fn check_assumed(&self, assumed: Assumed) -> Result<(), Problem> {
        self.accepted
            .map_or(Ok(()), |accepted| strict::check(assumed, accepted))
    }

    fn try_respond(&self, request: &Request<'_>) -> Result<Response, Problem> {
        let (operation, version) = (request.operation, request.version);
        let query = Query::parse(operation, version, request.query).map_err(Problem::invalid)?;
        let body = checks::body(operation, version, request.body)?;
        let key = Key::new(operation, request.key, request.body)?;
        self.store.write(|tx| {
            if let Some((response, assumed)) = key.as_ref().map_or(Ok(None), |key| key.first_response(tx))? {
                self.check_assumed(assumed)?;
                return Ok(Response {
                    assumed,
                    ..Response::json(operation.data().status, response)
                });
            }
            // Events only mark what they change, so that many of them cost little.
            if !matches!(
                operation,
                Operation::UsageEventCreate | Operation::SeatEventCreate
            ) && stale::is_any(tx)
            {
                stale::settle(tx);
                tx.leave_out_of_log();
            }
            let mut call = Call::new((operation, version), request, query, body, tx);
            let outcome = (entry(operation).run)(&mut call);
            let (assumed, notes) = (call.assumed(), call.take_notes());
            let response = Response::of(
                operation,
                version,
                outcome.map_err(|problem| problem.assuming(assumed))?,
            );
            self.check_assumed(assumed)?;
            let response = Response {
                assumed,
                notes,
                ..response
            };
            if let (Some(key), Content::Json(text)) = (key, &response.content) {
                key.remember(tx, text, assumed);
            }
            let cause = Cause {
                name: operation.id(),
                version: Some(version),
            };
            finish(tx, &cause);
            Ok(response)
        })
    }

    /// Answers a request that is given by its parts, for tests.
    pub fn call(
        &self,
        operation: Operation,
        version: Version,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> Response {
        let path = path
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let body = body.map(Value::to_string).unwrap_or_default();
        self.respond(&Request {
            operation,
            version,
            path: &path,
            query,
            body: body.as_bytes(),
            key: None,
        })
    }

    /// Makes a change that no operation of the API makes, as one commit.
    ///
    /// # Errors
    ///
    /// The error of `change`. Then nothing was changed.
    pub fn control<T, E>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.store.write(|tx| {
            let value = change(tx)?;
            finish(
                tx,
                &Cause {
                    name: "control",
                    version: None,
                },
            );
            Ok(value)
        })
    }
}

impl Response {
    fn json(status: u16, text: String) -> Self {
        Self {
            status,
            content: Content::Json(text),
            assumed: Assumed::NONE,
            retry_after: None,
            notes: Vec::new(),
        }
    }

    fn of(operation: Operation, version: Version, answer: Answer) -> Self {
        let status = operation.data().status;
        let bare = |content| Self {
            status,
            content,
            assumed: Assumed::NONE,
            retry_after: None,
            notes: Vec::new(),
        };
        match answer {
            Answer::Json(mut value) => {
                checks::keep(operation, version, &mut value);
                Self::json(status, operation.enclosed(version, value).to_string())
            }
            Answer::Text(text) => Self::json(status, text),
            Answer::Other(status, text) => Self::json(status, text),
            Answer::Empty => bare(Content::Empty),
            Answer::Pdf { file_name, bytes } => bare(Content::Pdf { file_name, bytes }),
        }
    }

    /// The body as JSON; `null` if it is not JSON.
    pub fn json_body(&self) -> Value {
        match &self.content {
            Content::Json(text) => serde_json::from_str(text).unwrap_or_default(),
            Content::Empty | Content::Pdf { .. } => Value::Null,
        }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        Self {
            assumed: problem.assumed,
            retry_after: problem.retry_after,
            ..Self::json(problem.status, problem.body().to_string())
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("store", &self.store).finish()
    }
}

/// The account and its first user.
fn seed(tx: &mut Tx<'_>) {
    let (account, organisation, user) = (tx.new_id(), tx.new_id(), tx.new_id());
    let records = [
        (
            Kind::Account,
            json!({
                "id": account,
                "sequenceOrganisationId": organisation,
                "companyName": "Example Ltd",
                "companyNumber": "01234567",
                "country": "GB",
                "sendCustomerNotifications": true,
                "alertEmailAddresses": ["alerts@example.com"],
                "createdAt": tx.now_text(),
            }),
        ),
        (
            Kind::User,
            json!({
                "id": user,
                "email": "admin@example.com",
                "state": "active",
                "sequenceAccountIds": [account],
                "roles": [{"roleName": "admin", "permissions": []}],
            }),
        ),
    ];
    for (kind, value) in records {
        tx.put_generic(kind, &Generic(value.as_object().cloned().unwrap_or_default()));
    }
}
