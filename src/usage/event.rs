//! What can be sent in bulk, and what can become it.

use std::fmt;

use serde::Serialize;

use crate::call::CallFuture;
use crate::client::Client;
use crate::data::BuildError;
use crate::types::{
    SeatEventCreate, SeatEventCreateBuilder, SeatEventId, UsageEventCreate, UsageEventCreateBuilder,
    UsageEventId,
};
use crate::usage::{LineError, Refusal, parse_line, parse_seat_line};

/// An event that can be sent in bulk: [`UsageEventCreate`] or [`SeatEventCreate`].
pub trait Event: sealed::Event + Clone + fmt::Debug + Serialize + Send + Sync + Unpin + 'static {
    /// The id that the server gives to an accepted event.
    type Id: Clone + fmt::Debug + fmt::Display + Send + Sync + Unpin + 'static;

    /// Your id of the event. There is one on every event that an outcome holds.
    fn customer_event_id(&self) -> Option<&str>;

    #[doc(hidden)]
    fn create(self, client: &Client) -> CallFuture<Self::Id>;
}

/// What an input may consist of: events, builders of events, and results of both.
///
/// An `Err` in the input, such as a line that is no event, is told as [`Refused`](crate::usage::Refused) at its
/// position.
pub trait IntoEvent: sealed::IntoEvent {
    /// What it becomes.
    type Event: Event;

    #[doc(hidden)]
    fn into_event(self) -> Result<Self::Event, Refusal>;
}

/// The kinds of events. Each has ids of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Usage,
    Seat,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Seat => "seat",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Usage, Self::Seat]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

pub(super) mod sealed {
    use super::{Kind, LineError};

    /// What the sender does with an event.
    pub trait Event: Sized {
        const OPERATION: &'static str;
        const KIND: Kind;

        /// Reads a line of a user's file.
        fn parse(line: &str) -> Result<Self, LineError>;

        /// Reads what was written by `Serialize`.
        fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error>;

        fn id_slot(&mut self) -> &mut Option<String>;

        /// Texts that the API needs and that must not be blank.
        fn texts(&self) -> [(&'static str, &str); 2];

        /// What is wrong besides.
        fn problem(&self) -> Option<(&'static str, String)> {
            None
        }
    }

    pub trait IntoEvent {}
}

impl sealed::Event for UsageEventCreate {
    const OPERATION: &'static str = "usage_event_create";
    const KIND: Kind = Kind::Usage;

    fn parse(line: &str) -> Result<Self, LineError> {
        parse_line(line)
    }

    fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(json)
    }

    fn id_slot(&mut self) -> &mut Option<String> {
        &mut self.customer_event_id
    }

    fn texts(&self) -> [(&'static str, &str); 2] {
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
    const KIND: Kind = Kind::Seat;

    fn parse(line: &str) -> Result<Self, LineError> {
        parse_seat_line(line)
    }

    fn from_json(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(json)
    }

    fn id_slot(&mut self) -> &mut Option<String> {
        &mut self.customer_event_id
    }

    fn texts(&self) -> [(&'static str, &str); 2] {
        [
            ("customerAlias", &self.customer_alias),
            ("seatType", &self.seat_type),
        ]
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        (self.total < 0).then(|| {
            let problem = format!(
                "{} seats cannot be; it is the number from then on, not the change",
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

/// What is wrong with an event, before anything is sent.
pub(super) fn check(event: &impl Event) -> Result<(), (&'static str, String)> {
    for (field, text) in event.texts() {
        if text.trim().is_empty() {
            return Err((field, "it is blank".to_owned()));
        }
    }
    if event.customer_event_id().is_some_and(|id| id.trim().is_empty()) {
        return Err((
            "customerEventId",
            "it is blank; leave it out to have one made".to_owned(),
        ));
    }
    event.problem().map_or(Ok(()), Err)
}

impl<E: Event> sealed::IntoEvent for E {}

impl<E: Event> IntoEvent for E {
    type Event = E;

    fn into_event(self) -> Result<E, Refusal> {
        Ok(self)
    }
}

macro_rules! from_builder {
    ($($builder:ty => $event:ty),*) => {$(
        impl sealed::IntoEvent for $builder {}

        impl IntoEvent for $builder {
            type Event = $event;

            fn into_event(self) -> Result<$event, Refusal> {
                self.build().map_err(|error: BuildError| Refusal::Incomplete(error))
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

    fn into_event(self) -> Result<T::Event, Refusal> {
        self.map_err(|error| Refusal::Input(error.into()))?.into_event()
    }
}
