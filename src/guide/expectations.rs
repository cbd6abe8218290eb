//! What one expects of an SDK: where each thing is shown, and the test that proves it.
//!
//! The last column has the names of tests in the repository, and `ci …` for steps of `cargo xtask ci`. A test checks that all of
//! them exist. What is [missing](#what-is-missing) has a way around.
//!
//! # Calls
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | every operation, typed | [`calls`](crate::calls) | `every_argument_goes_out_in_its_own_place_and_the_answer_comes_back_whole` |
//! | documentation with parameters, errors and an example for each | [`calls::InvoiceCreateCall`](crate::calls::InvoiceCreateCall) | `the_page_of_each_call_has_its_facts_and_an_example_worth_copying` |
//! | options for a single call | [`calls::InvoiceGetCall`](crate::calls::InvoiceGetCall) | `a_call_may_have_a_policy_of_its_own`, `unset_limits_are_those_of_the_client` |
//! | status, headers and request id of a response | [`Response`](crate::Response) | `the_answered_version_and_the_request_id_are_on_the_response` |
//! | additional headers | [`ClientBuilder::default_header`](crate::ClientBuilder::default_header), `header` on a call | `headers_can_be_added_but_not_replaced`, `default_headers_are_sent_with_every_request_unless_the_call_has_them` |
//! | additional query parameters and body fields | [`extra_query`](crate::calls::InvoiceCreateCall::extra_query) and [`extra_field`](crate::calls::InvoiceCreateCall::extra_field) on a call | `additions_are_sent_in_every_attempt_of_a_typed_call` |
//! | endpoints that the crate does not know | [`Client::request`](crate::Client::request) | `a_request_is_sent_as_it_is_written_with_what_every_call_has` |
//! | calls by name, with JSON in and out | [`Client::operation`](crate::Client::operation) | `every_operation_by_name_is_the_typed_call_in_every_version` |
//! | a preview of a request that is not sent | [`UntypedCall::preview`](crate::UntypedCall::preview) | `a_preview_is_the_request_without_credentials` |
//! | pinned API versions, also for one call | [`ApiVersion`](crate::ApiVersion) | `a_call_is_refused_exactly_where_the_document_limits_a_part_of_it`, `renamed_operations_go_to_their_old_place` |
//! | cancellation by dropping | [`CallFuture`](crate::CallFuture) | `a_dropped_call_is_not_attempted_again`, `a_dropped_stream_takes_its_task_along` |
//! | code without async | [`Iter`](crate::Iter), `wait` on a call | `calls_lists_and_downloads_need_no_runtime_of_the_caller` |
//! | clients and calls in other tasks and threads | [`Client`](crate::Client) | `every_public_type_can_cross_threads`, `calls_can_move_to_other_tasks` |
//!
//! # Lists and files
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | pagination as a stream of items or pages | [`Items`](crate::Items), [`Pages`](crate::Pages) | `items_come_from_every_page_and_an_empty_page_is_not_the_end` |
//! | the next page is fetched in the meantime | [`Items::prefetch`](crate::Items::prefetch) | `the_next_page_is_fetched_while_the_caller_works` |
//! | resuming from a cursor | [`Page::next_cursor`](crate::Page::next_cursor) | `a_saved_cursor_goes_on_where_it_was` |
//! | downloads as streams, in constant memory | [`Download`](crate::Download) | `a_download_is_a_stream`, `a_collected_download_is_bounded` |
//! | saving a file whole or not at all, with progress | [`Download::save`](crate::Download::save) | `a_saved_download_replaces_the_file_and_reports_progress`, `a_download_that_fails_or_is_dropped_leaves_the_file_as_it_was` |
//! | bulk sending with an outcome for each item | [`usage::Sender`](crate::usage::Sender) | `of_ten_thousand_events_the_server_counts_those_that_are_accepted` |
//! | bulk sending that survives a crash | [`usage::Journal`](crate::usage::Journal) | `a_killed_process_is_resumed_and_each_fact_counts_once` |
//!
//! # Failures
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | one error type with a kind to match on | [`Error`](crate::Error), [`ErrorKind`](crate::ErrorKind) | `failures_of_the_connection_tell_whether_anything_was_sent` |
//! | status, type, message and request id of the API | [`Error::message`](crate::Error::message) | `every_operation_explains_every_error_status`, `every_shape_of_an_error_body_is_understood` |
//! | details of a documented conflict, typed | [`Error::conflict`](crate::Error::conflict) | `the_details_of_a_conflict_are_decoded_for_the_operation_that_documents_them` |
//! | the cause of a failed connection | [`ErrorKind::Connect`](crate::ErrorKind::Connect) | `the_cause_is_that_of_the_step_that_failed`, `a_certificate_for_another_name_is_named` |
//! | the place of what cannot be decoded | [`Error::path`](crate::Error::path) | `decoding_failures_have_a_json_path` |
//! | all mistakes of an input at once, before it is sent | [`BuildError`](crate::BuildError) | `missing_fields_are_all_named_and_nothing_is_sent` |
//! | retries with backoff, jitter and `Retry-After` | [`RetryPolicy`](crate::RetryPolicy) | `a_safe_call_is_attempted_again_and_says_so`, `the_delay_that_the_api_requests_is_the_wait_up_to_its_maximum` |
//! | no retry that could act twice | [`Error::may_have_acted`](crate::Error::may_have_acted) | `no_schedule_of_faults_makes_a_call_act_twice`, `every_operation_is_repeated_exactly_where_its_document_allows_it` |
//! | idempotency keys | [`calls::CustomerAliasCreateCall`](crate::calls::CustomerAliasCreateCall) | `aliases_carry_one_idempotency_key_in_every_attempt`, `usage_events_carry_one_id_in_every_attempt` |
//! | time limits of connection, attempt and call | [`ClientBuilder::timeout`](crate::ClientBuilder::timeout) | `a_server_that_swallows_everything_holds_no_call_beyond_its_deadline`, `the_time_limit_of_a_call_bounds_its_download` |
//! | bounded responses | [`ClientBuilder::max_response_bytes`](crate::ClientBuilder::max_response_bytes) | `answers_are_bounded`, `a_hostile_response_takes_a_small_multiple_of_its_limit` |
//! | rate limits on the side of the client | [`RateLimit`](crate::RateLimit) | `three_thousand_calls_at_once_keep_the_limit_and_use_it` |
//! | one rate limit for several processes | [`shared_limit`](crate::shared_limit) | `no_minute_exceeds_the_limit_even_with_a_burst_and_late_slots`, `ci redis` |
//!
//! # Data
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | exact decimals, never floats | [`Decimal`](crate::Decimal), [`dec!`](crate::dec) | `every_decimal_keeps_its_digits_and_its_scale`, `a_decimal_is_set_from_text_integers_and_literals_and_nothing_is_rounded` |
//! | builders, also nested | [`types::InvoiceCreate`](crate::types::InvoiceCreate) | `a_builder_is_accepted_wherever_its_value_is` |
//! | a type for the ids of each resource | [`types::InvoiceId`](crate::types::InvoiceId) | `ids_of_different_resources_are_different_types` |
//! | enums that accept new values | [`types::Currency`](crate::types::Currency) | `an_unknown_value_survives_unchanged` |
//! | unions that accept new members | [`types::PricingStructure`](crate::types::PricingStructure) | `an_unknown_member_is_kept_whole` |
//! | responses of former and of later versions decode | [`types`](crate::types) | `answers_of_yesterday_and_tomorrow_decode_and_lose_nothing` |
//! | updates that distinguish absent, null and a value | [`Patch`](crate::Patch) | `a_patch_tells_unchanged_from_clear_and_from_null` |
//! | JSON Schema of every type | feature `schemars` | `the_schema_of_a_type_fits_what_the_type_encodes_to` |
//! | a build from a document of your own | the section "Build from another document" of the README | `the_private_operation_is_called_with_its_own_types`, `ci own-document` |
//!
//! # Connections and credentials
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | configuration from the environment | [`Client::from_env`](crate::Client::from_env) | `the_environment_sets_everything`, `what_is_missing_or_wrong_is_named` |
//! | credentials from a provider, and rotation | [`CredentialsProvider`](crate::CredentialsProvider) | `a_provider_is_asked_once_and_again_after_a_401`, `calls_that_are_refused_together_ask_once` |
//! | secrets are never printed | [`Credentials`](crate::Credentials) | `debug_shows_no_secret_of_any_type_builder_or_call`, `a_secret_that_serde_escapes_is_not_printed` |
//! | sandbox, production and other servers | [`Environment`](crate::Environment), [`ClientBuilder::base_url`](crate::ClientBuilder::base_url) | `an_environment_has_a_name_and_a_base_url`, `plain_http_is_for_loopback_only` |
//! | proxies | [`ClientBuilder::proxy`](crate::ClientBuilder::proxy) | `requests_go_through_the_proxy_with_its_password`, `the_environment_sets_roots_and_proxy_unless_the_builder_does` |
//! | own root certificates, or bundled ones | [`ClientBuilder::root_certificate`](crate::ClientBuilder::root_certificate) | `an_own_authority_is_trusted_once_its_root_is_added`, `bundled_roots_replace_those_of_the_system_and_not_the_added_ones` |
//! | client certificates | [`ClientBuilder::client_certificate`](crate::ClientBuilder::client_certificate) | `a_server_that_requests_a_client_certificate_gets_it` |
//! | an HTTP client of your own | [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) | `requests_are_sent_with_the_client_that_was_set` |
//! | hooks around each attempt | [`Hook`](crate::Hook) | `hooks_run_around_each_attempt_and_set_headers` |
//! | the name of your program in `User-Agent` | [`ClientBuilder::user_agent`](crate::ClientBuilder::user_agent) | `default_headers_are_sent_with_every_request_unless_the_call_has_them` |
//!
//! # Operation
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | defaults with reasons | [`guide::in_production`](crate::guide::in_production) | `the_page_about_production_states_every_default` |
//! | traces by the conventions of OpenTelemetry | [`observability`](crate::observability#spans) | `a_call_and_its_attempts_are_spans_by_the_conventions` |
//! | `traceparent` on every attempt | [`observability`](crate::observability#propagation) | `a_call_and_its_attempts_are_spans_by_the_conventions` |
//! | logs without secrets or bodies | [`observability`](crate::observability#logs) | `a_span_tells_what_happened_without_secrets_or_bodies` |
//! | metrics | [`observability`](crate::observability#metrics) | `calls_attempts_waits_and_429s_are_counted`, `the_page_lists_every_metric_and_every_field` |
//! | webhooks: signatures, age, rotation | [`webhook::Verifier`](crate::webhook::Verifier) | `nothing_is_parsed_before_it_is_verified`, `every_secret_is_tried_and_the_one_that_matched_is_told` |
//! | webhooks: typed events that queue without loss | [`webhook::Event`](crate::webhook::Event) | `an_event_that_waited_in_a_queue_is_the_same` |
//! | webhooks: an extractor for `axum` | [`webhook::Rejection`](crate::webhook::Rejection) | `a_delivery_becomes_an_event_or_a_refusal_without_details` |
//! | a command line | the program `sequencehq` (crate `sequencehq-cli`) | `every_operation_reaches_its_endpoint` |
//! | recipes that run | [`guide::cookbook`](crate::guide::cookbook) | `ci tests` |
//!
//! # Tests of your program
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | a server in the process that behaves like the API | [`emulator`](crate::emulator) | `every_request_passes_the_checks_of_the_emulator`, `an_invoice_lives_its_whole_life` |
//! | faults of networks and servers | [`emulator::Fault`](crate::emulator::Fault) | `an_invoice_is_created_once_whatever_the_network_does` |
//! | time that tests move | [`clock::ManualClock`](crate::clock::ManualClock) | `a_delay_and_the_rate_limit_wait_for_the_clock` |
//! | deliveries of webhooks | [`emulator::Delivery`](crate::emulator::Delivery), [`webhook::Signer`](crate::webhook::Signer) | `webhooks_of_the_emulator_are_signed_typed_and_in_order` |
//! | a server for other languages | the program `sequencehq-emulator` | `a_python_program_bills_a_month` |
//!
//! # The crate
//!
//! | what | shown at | test |
//! | --- | --- | --- |
//! | features, each of which compiles alone | [features](crate#features) | `the_readme_lists_the_groups_with_their_accessors_and_operations`, `ci features` |
//! | the minimum supported Rust version, 1.89 | the README | `ci msrv` |
//! | no `unsafe` code | `unsafe_code = "forbid"` in the manifest | `ci clippy` |
//! | a reviewed public surface, and a changelog that names breaking changes | `CHANGELOG.md` | `the_surface_is_the_reviewed_one`, `ci surface` |
//! | public dependencies that are known | `DESIGN.md` | `ci public` |
//! | licences and advisories of dependencies | `SECURITY.md` | `ci policy` |
//! | builds that are reproducible | `DESIGN.md` | `equal_input_gives_equal_bytes`, `ci reproducible` |
//! | builds without network | `CONTRIBUTING.md` | `ci package` |
//! | nothing is installed for the whole process | [features](crate#features) | `a_client_installs_no_crypto_provider_for_the_process` |
//!
//! # What is missing
//!
//! | what | the way around |
//! | --- | --- |
//! | fields of responses that the types lack | they are ignored; [`Client::operation`](crate::Client::operation) returns the JSON with all fields |
//! | the raw body of a successful response | [`UntypedCall`](crate::UntypedCall) returns JSON or bytes; an [`Error`](crate::Error::body) has the body |
//! | an update from the value that was read | set the fields in the builder of the update, or use a patch where there is one |
//! | conversions for `jiff` and `sqlx` | texts: ids, enums and decimals implement `Display` and `FromStr` |
//! | values of responses in tests | decode them from JSON, or let the emulator return them |
//! | recordings of real traffic | [`emulator::EmulatorBuilder::observe`](crate::emulator::EmulatorBuilder::observe) sees the traffic with the emulator |
//! | uploads of files | the API has none; attachments are ids of assets |
//! | HTTP/2 and compressed responses | enable the features `http2` and `gzip` of `reqwest` in your manifest, and set [`http_client`](crate::ClientBuilder::http_client) |
//! | runtimes other than Tokio | the feature `blocking`, which has its own runtime |
//! | WebAssembly | call the API from a service |
//! | a circuit breaker, which refuses calls after many failures | [`RetryPolicy::none`](crate::RetryPolicy::none) for calls with a queue behind them; a shared limit and `max_consecutive_failures` bound bulk runs |
