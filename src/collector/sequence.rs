//! Where events stand in the sequence of the tab they come from, and what a tab says of those that will never come.

use crate::json::Object;
use serde::Deserialize;

const MAX_LANE_CHARS: usize = 200;
const MAX_REASON_CHARS: usize = 40;

/// What counts from 0: a tab, for each destination that it sends to. Kept as one text, the two with a `/` between.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "SaidLane")]
pub(crate) struct Lane(String);

#[derive(Deserialize)]
struct SaidLane {
    tab: String,
    #[serde(default)]
    destination: String,
}

impl From<SaidLane> for Lane {
    fn from(SaidLane { tab, destination }: SaidLane) -> Self {
        Lane(if destination.is_empty() { tab } else { format!("{tab}/{destination}") })
    }
}

impl Lane {
    pub(crate) fn stored(text: String) -> Self {
        Lane(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its tab, and its destination where the SDK said which.
    pub(crate) fn parts(&self) -> (&str, Option<&str>) {
        match self.0.split_once('/') {
            Some((tab, destination)) => (tab, Some(destination)),
            None => (&self.0, None),
        }
    }
}

/// An event's place: `context.tidegate`, as the SDK gives it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Place {
    #[serde(flatten)]
    pub(crate) lane: Lane,
    pub(crate) seq: u32,
}

/// Events of a lane that will never come, the first and the last: a member of a batch's `lost`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Loss {
    #[serde(flatten)]
    pub(crate) lane: Lane,
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// As `stats().dropped` names it.
    pub(crate) reason: String,
}

#[derive(Deserialize)]
struct Context {
    tidegate: Option<Place>,
}

impl Place {
    /// That of an event, by its members; an event of another SDK has none.
    pub(crate) fn of(members: &Object) -> Option<Self> {
        let context: Context = serde_json::from_str(members.get("context")?.get()).ok()?;
        context.tidegate.filter(|place| is_short(place.lane.as_str(), MAX_LANE_CHARS))
    }
}

impl Loss {
    /// Those of a batch, by its members; what is not of that shape tells of none.
    pub(crate) fn of(members: &Object) -> Vec<Self> {
        let told: Option<Vec<Loss>> = members.get("lost").and_then(|raw| serde_json::from_str(raw.get()).ok());
        let fits = |loss: &Loss| {
            loss.from <= loss.to && is_short(loss.lane.as_str(), MAX_LANE_CHARS) && is_short(&loss.reason, MAX_REASON_CHARS)
        };
        told.unwrap_or_default().into_iter().filter(fits).collect()
    }
}

fn is_short(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
}
