//! What takes events over.

use crate::store::StoredEvent;
use std::pin::Pin;
use std::time::Duration;

/// A hand-over under way: a verdict for each event, in order.
pub type HandingOver<'a> = Pin<Box<dyn Future<Output = Vec<Verdict>> + Send + 'a>>;

/// What takes events over: a broker, or a destination over HTTP.
///
/// Events come in the order they were stored, and one hand-over at a time. After a crash, or where an acknowledgement
/// was lost, some come again: delivery is at least once, and [`StoredEvent::write_key`] with
/// [`StoredEvent::message_id`] tells a copy.
pub trait Sink: Send + Sync {
    /// The name of its cursor, unique among the sinks of a store. It should outlive a change of address.
    fn name(&self) -> &str;

    /// How many events it takes at a time, at most.
    fn at_once(&self) -> usize;

    /// How long a hand-over may take; one that takes longer is dropped, and its events are tried again.
    fn patience(&self) -> Duration {
        Duration::from_secs(60)
    }

    /// Hands events over, at least one. What it gives no verdict on is tried again.
    fn hand_over<'a>(&'a self, events: &'a [StoredEvent]) -> HandingOver<'a>;
}

/// What a sink says of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is safe there.
    Acknowledged,
    /// It is not for this sink, and nothing was sent.
    Skipped,
    /// It will never be taken, for this reason: it becomes a dead letter.
    Refused(String),
    /// Not now, for this reason; nothing before `after` has gone by, if the sink asked for that.
    Again {
        /// What went wrong, and what to do about it where that is known.
        reason: String,
        /// How long the sink asked to be left alone.
        after: Option<Duration>,
    },
}

impl Verdict {
    /// To be tried again, whenever.
    pub fn again(reason: impl Into<String>) -> Self {
        Verdict::Again { reason: reason.into(), after: None }
    }
}
