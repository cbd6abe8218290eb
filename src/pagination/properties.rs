//! Properties of streams that hold for any list.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::response::Meta;
use crate::version::ApiVersion;

/// A page that the API returns for one cursor.
#[derive(Clone, Debug)]
enum Reply {
    /// Items, and the number of the page that the cursor leads to.
    Page {
        items: usize,
        next: Option<usize>,
    },
    Failure,
}

/// Lists of up to eight pages. Pages may be empty, and a cursor may lead to any page, also to an earlier one.
fn lists() -> impl Strategy<Value = Vec<Reply>> {
    (1_usize..8).prop_flat_map(|count| {
        let any_page = (0_usize..4, proptest::option::weighted(0.9, 1..=count));
        let reply = prop_oneof![
            12 => any_page.prop_map(|(items, next)| Reply::Page { items, next }),
            1 => Just(Reply::Failure),
        ];
        vec(reply, count + 1)
    })
}

/// Lists whose pages follow each other to the end.
fn straight_lists() -> impl Strategy<Value = Vec<Reply>> {
    vec(0_usize..4, 1..8).prop_map(|pages| {
        let count = pages.len();
        let replies = pages.into_iter().enumerate();
        replies
            .map(|(page, items)| Reply::Page {
                items,
                next: (page + 1 < count).then_some(page + 1),
            })
            .collect()
    })
}

/// The ways to run a stream.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Ahead,
    NotAhead,
    WithoutRuntime,
}

const MODES: [Mode; 3] = [Mode::Ahead, Mode::NotAhead, Mode::WithoutRuntime];

/// What a stream yields up to its end.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// Each item as its page and its number on it.
    items: Vec<(usize, usize)>,
    error: Option<&'static str>,
    /// The pages in the order in which they were requested.
    requested: Vec<usize>,
}

/// Follows the cursors of `list` as a stream should.
fn expected(list: &[Reply]) -> Outcome {
    let mut outcome = Outcome {
        items: Vec::new(),
        error: None,
        requested: vec![0],
    };
    loop {
        let page = *outcome.requested.last().expect("it has the first page");
        match list[page] {
            Reply::Failure => {
                outcome.error = Some("failure");
                return outcome;
            }
            Reply::Page { items, next } => {
                outcome.items.extend((0..items).map(|item| (page, item)));
                match next {
                    None => return outcome,
                    // The first page has no cursor of its own, and no cursor leads to it.
                    Some(next) if outcome.requested.contains(&next) => {
                        outcome.error = Some("repeated cursor");
                        return outcome;
                    }
                    Some(next) => outcome.requested.push(next),
                }
            }
        }
    }
}

fn actual(list: &[Reply], mode: Mode) -> Outcome {
    let requested = Arc::new(Mutex::new(Vec::new()));
    let (log, replies) = (Arc::clone(&requested), list.to_vec());
    let fetch = move |cursor: Option<String>| -> CallFuture<Fetched<(usize, usize)>> {
        let page = cursor.map_or(0, |cursor| cursor.parse().expect("a cursor is a page number"));
        {
            let mut log = log.lock().expect("no panic");
            assert!(log.len() < replies.len(), "pages are requested without end");
            log.push(page);
        }
        let reply = match replies[page] {
            Reply::Failure => Err(Error::new(Failure::Interrupted, "test")),
            Reply::Page { items, next } => Ok(response(
                (0..items).map(|item| (page, item)).collect(),
                next.map(|next| next.to_string()),
            )),
        };
        Box::pin(async move { reply })
    };
    let items = Items::new(Pages::new("test", None, fetch)).prefetch(!matches!(mode, Mode::NotAhead));
    let (items, error) = match mode {
        Mode::WithoutRuntime => ready(drain(items)),
        Mode::Ahead | Mode::NotAhead => tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime without a driver can be built")
            .block_on(drain(items)),
    };
    let requested = requested.lock().expect("no panic").clone();
    Outcome {
        items,
        error,
        requested,
    }
}

/// Reads a stream to its end, also beyond its error.
async fn drain(mut items: Items<(usize, usize)>) -> (Vec<(usize, usize)>, Option<&'static str>) {
    let (mut all, mut error) = (Vec::new(), None);
    loop {
        match items.try_next().await {
            Ok(Some(item)) => {
                assert_eq!(error, None, "an item follows an error");
                all.push(item);
            }
            Ok(None) => return (all, error),
            Err(first) => {
                assert_eq!(error, None, "an error follows an error");
                error = Some(match first.failure() {
                    Failure::RepeatedCursor => "repeated cursor",
                    _ => "failure",
                });
            }
        }
    }
}

/// Runs a future that never waits.
fn ready<F: Future>(future: F) -> F::Output {
    let waker = std::task::Waker::noop();
    match std::pin::pin!(future).poll(&mut Context::from_waker(waker)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the replies are ready"),
    }
}

fn response<T>(items: Vec<T>, next: Option<String>) -> Fetched<T> {
    let meta = Meta {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        requested: ApiVersion::default(),
        attempts: 1,
        waited: Duration::ZERO,
        body: None,
    };
    Response::new((items, next, None), meta)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_stream_follows_the_cursors_and_ends_after_an_error_or_a_repeated_cursor(list in lists()) {
        for mode in MODES {
            prop_assert_eq!(actual(&list, mode), expected(&list), "{:?}", mode);
        }
    }

    #[test]
    fn each_item_comes_once_and_in_order_and_each_page_is_requested_once(list in straight_lists()) {
        for mode in MODES {
            let outcome = actual(&list, mode);
            prop_assert_eq!(outcome.error, None);
            prop_assert!(outcome.items.is_sorted_by(|one, next| one < next), "{:?}", outcome.items);
            let sizes = list.iter().map(|reply| match reply {
                Reply::Page { items, .. } => *items,
                Reply::Failure => 0,
            });
            prop_assert_eq!(outcome.items.len(), sizes.sum::<usize>());
            prop_assert_eq!(outcome.requested, (0..list.len()).collect::<Vec<_>>());
        }
    }
}
