//! Where events stand in the sequence of the tab they come from, and what a tab says of those that will never come.

use crate::json::Object;
use serde::Deserialize;

const MAX_TAB_CHARS: usize = 100;
const MAX_REASON_CHARS: usize = 40;

/// An event's place: `context.tidegate`, as the SDK gives it. Each tab counts from 0 for each destination.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Place {
    pub(crate) tab: String,
    pub(crate) seq: u32,
}

/// Events of a tab that will never come, the first and the last: a member of a batch's `lost`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Loss {
    pub(crate) tab: String,
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
        context.tidegate.filter(|place| is_short(&place.tab, MAX_TAB_CHARS))
    }
}

impl Loss {
    /// Those of a batch, by its members; what is not of that shape tells of none.
    pub(crate) fn of(members: &Object) -> Vec<Self> {
        let told: Option<Vec<Loss>> = members.get("lost").and_then(|raw| serde_json::from_str(raw.get()).ok());
        let fits =
            |loss: &Loss| loss.from <= loss.to && is_short(&loss.tab, MAX_TAB_CHARS) && is_short(&loss.reason, MAX_REASON_CHARS);
        told.unwrap_or_default().into_iter().filter(fits).collect()
    }
}

fn is_short(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
}
