//! The events that can be sent in bulk, and the types that convert to them.

use std::fmt;

use serde::Serialize;

use crate::call::CallFuture;
use crate::client::Client;
use crate::data::BuildError;
use crate::types::{
    SeatEventCreate, SeatEventCreateBuilder, SeatEventId, UsageEventCreate, UsageEventCreateBuilder,
    UsageEventId,
};
use crate::usage::invalid::InvalidReason;

/// An event that can be sent in bulk: [`UsageEventCreate`] or [`SeatEventCreate`].
///
/// The trait is sealed. Use it to write code for both:
///
/// ```
/// use sequencehq::usage::{Event, Report};
///
/// fn summary<E: Event>(report: &Report<E>) -> String {
///     let ids = report.unknown.iter().filter_map(|it| it.event.customer_event_id());
///     format!("{report}; check {}", ids.collect::<Vec<_>>().join(", "))
/// }
/// ```
pub trait Event: sealed::Event + Clone + fmt::Debug + Serialize + Send + Sync + Unpin + 'static {
    /// The type of the id that the API assigns to an accepted event.
    type Id: Clone + fmt::Debug + fmt::Display + Send + Sync + Unpin + 'static;

    /// Returns your id of the event. Every event that was sent has one.
    ///
    /// ```
    /// use sequencehq::usage::{Event, parse_line};
    ///
    /// let event = parse_line(r#"{"customerEventId":"e-1","customerAlias":"acme","eventType":"api_call"}"#)?;
    /// assert_eq!(Event::customer_event_id(&event), Some("e-1"));
    /// # Ok::<(), sequencehq::usage::LineError>(())
    /// ```
    fn customer_event_id(&self) -> Option<&str>;

    #[doc(hidden)]
    fn create(self, client: &Client) -> CallFuture<Self::Id>;
}

/// An item of the input of a run: an event, a builder of an event, or a `Result` of either.
///
/// An `Err`, such as a line that cannot be parsed, is reported as [`Invalid`](crate::usage::Invalid) at its position. The
/// trait is sealed.
pub trait IntoEvent: sealed::IntoEvent {
    /// The event that the item converts to.
    type Event: Event;

    #[doc(hidden)]
    fn into_event(self) -> Result<Self::Event, InvalidReason>;
}

/// The kinds of events, each with its own ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    Usage,
    Seat,
}

impl EventKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Seat => "seat",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Usage, Self::Seat]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

pub(super) mod sealed {
    use super::EventKind;

    /// The parts of an event that the sender needs.
    pub trait Event: Sized {
        const OPERATION: &'static str;
        const KIND: EventKind;

        /// Decodes an event that was encoded by `Serialize`.
        fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error>;

        fn customer_event_id_mut(&mut self) -> &mut Option<String>;

        /// The required strings, which must not be blank, with their names.
        fn required_strings(&self) -> [(&'static str, &str); 2];

        /// Returns another problem, with the name of the field.
        fn problem(&self) -> Option<(&'static str, String)> {
            None
        }
    }

    pub trait IntoEvent {}
}

impl sealed::Event for UsageEventCreate {
    const OPERATION: &'static str = "usage_event_create";
    const KIND: EventKind = EventKind::Usage;

    fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(json)
    }

    fn customer_event_id_mut(&mut self) -> &mut Option<String> {
        &mut self.customer_event_id
    }

    fn required_strings(&self) -> [(&'static str, &str); 2] {
        [
            ("customerAlias", &self.customer_alias),
            ("eventType", &self.event_type),
        ]
    }
}

impl Event for UsageEventCreate {
    type Id = UsageEventId;

    fn customer_event_id(&self) -> Option<&str> {
        self.customer_event_id.as_deref()
    }

    fn create(self, client: &Client) -> CallFuture<UsageEventId> {
        let call = client.usage_events().create(self);
        Box::pin(async move { Ok(call.await?.id) })
    }
}

impl sealed::Event for SeatEventCreate {
    const OPERATION: &'static str = "seat_event_create";
    const KIND: EventKind = EventKind::Seat;

    fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(json)
    }

    fn customer_event_id_mut(&mut self) -> &mut Option<String> {
        &mut self.customer_event_id
    }

    fn required_strings(&self) -> [(&'static str, &str); 2] {
        [
            ("customerAlias", &self.customer_alias),
            ("seatType", &self.seat_type),
        ]
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        (self.total < 0).then(|| {
            let problem = format!(
                "is negative ({}); it is the number of seats, not the change",
                self.total
            );
            ("total", problem)
        })
    }
}

impl Event for SeatEventCreate {
    type Id = SeatEventId;

    fn customer_event_id(&self) -> Option<&str> {
        self.customer_event_id.as_deref()
    }

    fn create(self, client: &Client) -> CallFuture<SeatEventId> {
        let call = client.seat_events().create(self);
        Box::pin(async move { Ok(call.await?.id) })
    }
}

/// Encodes an event as one line of JSON.
pub(super) fn line(event: &impl Serialize) -> String {
    let json = serde_json::to_string(event).expect("an event has only fields that encode as JSON");
    // The values of fields that this crate does not know keep their text. A line break in it is space between two tokens,
    // since a string of JSON contains none.
    json.replace(['\n', '\r'], " ")
}

/// Returns the first invalid field of an event, with the problem.
pub(super) fn check(event: &impl Event) -> Result<(), (&'static str, String)> {
    for (field, text) in event.required_strings() {
        if text.trim().is_empty() {
            return Err((field, "is blank".to_owned()));
        }
    }
    if event.customer_event_id().is_some_and(|id| id.trim().is_empty()) {
        return Err((
            "customerEventId",
            "is blank; omit it to have one generated".to_owned(),
        ));
    }
    event.problem().map_or(Ok(()), Err)
}

impl<E: Event> sealed::IntoEvent for E {}

impl<E: Event> IntoEvent for E {
    type Event = E;

    fn into_event(self) -> Result<E, InvalidReason> {
        Ok(self)
    }
}

macro_rules! from_builder {
    ($($builder:ty => $event:ty),*) => {$(
        impl sealed::IntoEvent for $builder {}

        impl IntoEvent for $builder {
            type Event = $event;

            fn into_event(self) -> Result<$event, InvalidReason> {
                self.build().map_err(|error: BuildError| InvalidReason::Incomplete(error))
            }
        }
    )*};
}

from_builder!(UsageEventCreateBuilder => UsageEventCreate, SeatEventCreateBuilder => SeatEventCreate);

impl<T: IntoEvent, X> sealed::IntoEvent for Result<T, X> {}

impl<T, X> IntoEvent for Result<T, X>
where
    T: IntoEvent,
    X: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Event = T::Event;

    fn into_event(self) -> Result<T::Event, InvalidReason> {
        self.map_err(|error| InvalidReason::Input(error.into()))?
            .into_event()
    }
}
