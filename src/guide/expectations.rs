//! What one expects of an SDK: where each thing is shown, and the test that proves it.
//!
//! The last column has the names of tests in the repository, with spaces instead of underscores, and `ci …` for steps of
//! `cargo xtask ci`. A test checks that all of them exist. What is [missing](#what-is-missing) has a way around.
//!
//! # Calls
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | every operation, typed | [`calls`](crate::calls) | every argument goes out in its own place and the answer comes back whole |
//! | documentation with parameters, errors and an example for each | [`calls::InvoiceCreateCall`](crate::calls::InvoiceCreateCall) | the page of each call has its facts and an example worth copying |
//! | options for a single call | [`calls::InvoiceGetCall`](crate::calls::InvoiceGetCall) | a call may have a policy of its own; unset limits are those of the client |
//! | status, headers and request id of a response | [`Response`](crate::Response) | the answered version and the request id are on the response |
//! | the bytes of a response | [`Response::body`](crate::Response::body) | the bytes of a body are kept if the call asks for them; a client keeps the bytes of all calls but those that do not want them |
//! | additional headers | [`ClientBuilder::default_header`](crate::ClientBuilder::default_header), `header` on a call | headers can be added but not replaced; default headers are sent with every request unless the call has them |
//! | additional query parameters and body fields | [`extra_query`](crate::calls::InvoiceCreateCall::extra_query) and [`extra_field`](crate::calls::InvoiceCreateCall::extra_field) on a call | additions are sent in every attempt of a typed call |
//! | endpoints that the crate does not know | [`Client::request`](crate::Client::request) | a request is sent as it is written with what every call has |
//! | calls by name, with JSON in and out | [`Client::operation`](crate::Client::operation) | every operation by name is the typed call in every version; a response by name has the form of the newest version in every version |
//! | a preview of a request that is not sent | [`preview`](crate::calls::InvoiceCreateCall::preview) on a call | a preview of a typed call is what it sends without credentials; a preview is the request without credentials |
//! | methods that are found by the vendor's name, such as `postInvoices` | the search of this documentation | the search of the documentation knows the names of the vendor |
//! | many calls at once | [the guide](crate::guide#make-many-calls-at-once) | three thousand calls at once keep the limit and use it |
//! | pinned API versions, also for one call | [`ApiVersion`](crate::ApiVersion) | a call is refused exactly where the document limits a part of it; renamed operations go to their old place |
//! | cancellation by dropping | [`CallFuture`](crate::CallFuture) | a dropped call is not attempted again; a dropped stream takes its task along |
//! | code without async | [`Iter`](crate::Iter), `wait` on a call, on downloads and on bulk sending | calls lists and downloads need no runtime of the caller |
//! | clients and calls in other tasks and threads | [`Client`](crate::Client) | every public type can cross threads; calls can move to other tasks |
//!
//! # Lists and files
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | pagination as a stream of items or pages | [`Items`](crate::Items), [`Pages`](crate::Pages) | items come from every page and an empty page is not the end |
//! | the next page is fetched in the meantime | [`Items::prefetch`](crate::Items::prefetch) | the next page is fetched while the caller works |
//! | finding one item, collecting all | [`Items::try_find`](crate::Items::try_find), [`Items::try_collect`](crate::Items::try_collect) | an item is found on any page and the search goes on behind it |
//! | resuming from a cursor | [`Page::next_cursor`](crate::Page::next_cursor) | a saved cursor goes on where it was |
//! | downloads as streams, in constant memory | [`Download`](crate::Download) | a download is a stream; a collected download is bounded |
//! | saving a file whole or not at all, with progress | [`Download::save`](crate::Download::save) | a saved download replaces the file and reports progress; a download that fails or is dropped leaves the file as it was |
//! | bulk sending with an outcome for each item | [`usage::Sender`](crate::usage::Sender) | of ten thousand events the server counts those that are accepted |
//! | bulk sending that survives a crash | [`usage::Journal`](crate::usage::Journal) | a killed process is resumed and each fact counts once |
//!
//! # Failures
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | one error type with a kind to match on | [`Error`](crate::Error), [`ErrorKind`](crate::ErrorKind) | failures of the connection state whether anything was sent |
//! | status, type, message and request id of the API | [`Error::message`](crate::Error::message) | every operation explains every error status; every shape of an error body is understood |
//! | details of a documented conflict, typed | [`Error::conflict`](crate::Error::conflict) | the details of a conflict are decoded for the operation that documents them |
//! | whether the same call may succeed later | [`Error::is_transient`](crate::Error::is_transient) | every operation explains every error status; failures of the connection state whether anything was sent |
//! | the cause of a failed connection, with what to check | [`ErrorKind::Connect`](crate::ErrorKind::Connect) | the cause is that of the step that failed; a certificate for another name is named |
//! | the place of what cannot be decoded | [`Error::path`](crate::Error::path) | decoding failures have a json path |
//! | all mistakes of an input at once, before it is sent | [`BuildError`](crate::BuildError) | missing fields are all named and nothing is sent |
//! | retries with backoff, jitter and `Retry-After` | [`RetryPolicy`](crate::RetryPolicy) | a safe call is retried and reports its attempts; the delay that the api requests is the wait up to its maximum |
//! | no retry that could act twice | [`Error::may_have_acted`](crate::Error::may_have_acted) | no schedule of faults makes a call act twice; every operation is repeated exactly where its document allows it |
//! | idempotency keys | [`calls::CustomerAliasCreateCall`](crate::calls::CustomerAliasCreateCall) | aliases carry one idempotency key in every attempt; usage events carry one id in every attempt |
//! | time limits of connection, attempt and call | [`ClientBuilder::timeout`](crate::ClientBuilder::timeout) | a server that swallows everything holds no call beyond its deadline; the time limit of a call bounds its download |
//! | bounded responses | [`ClientBuilder::max_response_bytes`](crate::ClientBuilder::max_response_bytes) | answers are bounded; a hostile response takes a small multiple of its limit |
//! | rate limits on the side of the client | [`RateLimit`](crate::RateLimit) | three thousand calls at once keep the limit and use it |
//! | one rate limit for several processes | [`shared_limit`](crate::shared_limit) | no minute exceeds the limit even with a burst and late slots; `ci redis` |
//!
//! # Data
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | exact decimals, never floats | [`Decimal`](crate::Decimal), [`dec!`](crate::dec) | every decimal keeps its digits and its scale; a decimal is set from text integers and literals and nothing is rounded |
//! | builders, also nested | [`types::InvoiceCreate`](crate::types::InvoiceCreate) | a builder is accepted wherever its value is |
//! | a type for the ids of each resource | [`types::InvoiceId`](crate::types::InvoiceId) | ids of different resources are different types |
//! | ids, enums and small objects as keys of maps | [`types::DateRange`](crate::types::DateRange) | every id and enum is a key and is parsed from its text; objects of single values are keys with their unknown fields |
//! | enums that accept new values | [`types::Currency`](crate::types::Currency) | an unknown value survives unchanged |
//! | unions that accept new members | [`types::PricingStructure`](crate::types::PricingStructure) | an unknown member is kept whole |
//! | responses of former and of later versions decode | [`types`](crate::types) | answers of yesterday and tomorrow decode and lose nothing |
//! | fields that the types do not know | [`types::Invoice::extra`](crate::types::Invoice::extra) | what a response has survives read change and put; no unknown fields take eight bytes and no allocation |
//! | updates that distinguish absent, null and a value | [`Patch`](crate::Patch) | a patch distinguishes unchanged clear and null |
//! | an update made of what was read | [`types::CustomerUpdate`](crate::types::CustomerUpdate) | a body has all that it has in common with what was read; every body that can be made is made |
//! | dates and timestamps of `jiff` | [`ToJiff`](crate::ToJiff), [`IntoDate`](crate::IntoDate), feature `jiff` | a setter accepts the types of jiff; a timestamp is the same in both |
//! | ids, enums and decimals in a database | [`DecimalText`](crate::DecimalText), feature `sqlx` | every id and enum is read as it was stored; a decimal keeps its scale |
//! | JSON Schema of every type | feature `schemars` | the schema of a type fits what the type encodes to |
//! | a build from a document of your own | the section "Build from another document" of the README | the private operation is called with its own types; `ci own-document` |
//!
//! # Connections and credentials
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | configuration from the environment | [`Client::from_env`](crate::Client::from_env) | the environment sets everything; what is missing or wrong is named |
//! | credentials from a provider, and rotation | [`CredentialsProvider`](crate::CredentialsProvider) | a provider is asked once and again after a 401; calls that are refused together ask once; a provider that fails after a 401 is named |
//! | a check at the start of a program | [`guide::in_production`](crate::guide::in_production#starting-up) | `ci tests` |
//! | several accounts in one program | [`guide::in_production`](crate::guide::in_production#several-accounts) | `ci tests` |
//! | secrets are never printed | [`Credentials`](crate::Credentials) | debug shows no secret of any type builder or call; a secret that serde escapes is not printed |
//! | sandbox, production and other servers | [`Environment`](crate::Environment), [`ClientBuilder::base_url`](crate::ClientBuilder::base_url) | an environment has a name and a base url; plain http is for loopback only |
//! | proxies | [`ClientBuilder::proxy`](crate::ClientBuilder::proxy) | requests go through the proxy with its password; the environment sets roots and proxy unless the builder does |
//! | own root certificates, or bundled ones | [`ClientBuilder::root_certificate`](crate::ClientBuilder::root_certificate) | an own authority is trusted once its root is added; bundled roots replace those of the system and not the added ones |
//! | client certificates | [`ClientBuilder::client_certificate`](crate::ClientBuilder::client_certificate) | a server that requests a client certificate gets it |
//! | an HTTP client of your own | [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) | requests are sent with the client that was set |
//! | hooks around each attempt | [`Hook`](crate::Hook) | hooks run around each attempt and set headers |
//! | the name of your program in `User-Agent` | [`ClientBuilder::user_agent`](crate::ClientBuilder::user_agent) | default headers are sent with every request unless the call has them |
//!
//! # Operation
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | defaults with reasons | [`guide::in_production`](crate::guide::in_production) | the page about production states every default |
//! | traces by the conventions of OpenTelemetry | [`observability`](crate::observability#spans) | a call and its attempts are spans by the conventions |
//! | `traceparent` on every attempt | [`observability`](crate::observability#propagation) | a call and its attempts are spans by the conventions |
//! | logs without secrets or bodies | [`observability`](crate::observability#logs) | a span describes its call without secrets or bodies |
//! | metrics | [`observability`](crate::observability#metrics) | calls attempts waits and 429s are counted; the page lists every metric and every field |
//! | webhooks: signatures, age, rotation | [`webhook::Verifier`](crate::webhook::Verifier) | nothing is parsed before it is verified; every secret is tried and the one that matched is told |
//! | webhooks: typed events that queue without loss | [`webhook::Event`](crate::webhook::Event) | an event that waited in a queue is the same |
//! | webhooks: an extractor for `axum` | [`webhook::Rejection`](crate::webhook::Rejection) | a delivery becomes an event or a refusal without details |
//! | a command line | the program `sequencehq` (crate `sequencehq-cli`) | every operation reaches its endpoint |
//! | a service to start from | `examples/acme-billing` in the repository | a customer signs up uses the api and gets the invoice of the month; a lost response creates nothing twice |
//! | recipes that run | [`guide::cookbook`](crate::guide::cookbook) | `ci tests` |
//!
//! # Tests of your program
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | a server in the process that behaves like the API | [`emulator`](crate::emulator) | every request passes the checks of the emulator; an invoice lives its whole life |
//! | faults of networks and servers | [`emulator::Fault`](crate::emulator::Fault) | an invoice is created once whatever the network does |
//! | time that tests move | [`clock::ManualClock`](crate::clock::ManualClock) | a delay and the rate limit wait for the clock |
//! | responses of your choice, checked against the document | [`emulator::Emulator::respond`](crate::emulator::Emulator::respond) | a call is answered with the type that it returns; a download is answered with a file by call and by name; a call that the crate does not know is answered with any value; a value that the document does not allow is refused with its place |
//! | webhooks that arrive in the test, of every type | [`emulator::Emulator::receive_webhooks`](crate::emulator::Emulator::receive_webhooks), [`trigger`](crate::emulator::Emulator::trigger) | every type is triggered received verified and typed; a wait ends by the clock that was passed in and lists what arrived |
//! | values of requests, responses and webhooks, made without a server | [`types`](crate::types#samples) | every sample fits its schema; the sample of a body is accepted; every type of event has a sample that a receiver accepts |
//! | traffic that is recorded without credentials, and replayed | [`recording`](crate::recording) | a story with pages retries refusals and files replays the same; no secret is in a recording |
//! | deliveries that a test signs | [`webhook::Signer`](crate::webhook::Signer) | what is signed is verified |
//! | a server for other languages | the program `sequencehq-emulator` | a python program bills a month |
//!
//! # The crate
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | features, each of which compiles alone | [features](crate#features) | the readme lists the groups with their accessors and operations; `ci features` |
//! | the minimum supported Rust version, 1.89 | the README | `ci msrv` |
//! | no `unsafe` code | `unsafe_code = "forbid"` in the manifest | `ci clippy` |
//! | a reviewed public surface, and a changelog that names breaking changes | `CHANGELOG.md` | the surface is the reviewed one; `ci surface` |
//! | public dependencies that are known | `DESIGN.md` | `ci public` |
//! | licences and advisories of dependencies | `SECURITY.md` | `ci policy` |
//! | builds that are reproducible | `DESIGN.md` | equal input gives equal bytes; `ci reproducible` |
//! | builds without network | `CONTRIBUTING.md` | `ci package` |
//! | nothing is installed for the whole process | [features](crate#features) | a client installs no crypto provider for the process |
//!
//! # What is missing
//!
//! | what | the way around |
//! | --- | --- |
//! | uploads of files | the API has none; attachments are ids of assets |
//! | HTTP/2 and compressed responses | enable the features `http2` and `gzip` of `reqwest` in your manifest, and set [`http_client`](crate::ClientBuilder::http_client) |
//! | runtimes other than Tokio | the feature `blocking`, which has its own runtime |
//! | WebAssembly | call the API from a service |
//! | waiting until a resource has a state | [webhooks](crate::webhook) announce it |
//! | setters that accept an `Option` | `if let Some(id) = filter { call = call.customer_id(id) }` |
//! | retries of calls that could be processed twice | by design; read the resource, as [`Error::may_have_acted`](crate::Error::may_have_acted) describes |
//! | a circuit breaker, which refuses calls after many failures | [`RetryPolicy::none`](crate::RetryPolicy::none) for calls with a queue behind them; a shared limit and `max_consecutive_failures` bound bulk runs |
