//! Checking an event afterwards: what the gate says, recomputed from the consent stamped on it.

use crate::config::Config;
use crate::consent::PurposeState;
use crate::explain::{Decision, Ground};
use crate::input::Verb;
use crate::json::{Value, at_path, f64_of, text_of};
use crate::tags::Occasion;
use std::borrow::Cow;

/// What the gate says of a delivered event, for each destination and tag of a config. A purpose that the stamp does not
/// mention counts as undecided; for tags the event's triggers are checked too, with an empty data layer.
pub fn review(config: &Config, event: &str) -> Vec<Decision> {
    let preference = |id: &str| {
        let preferences = at_path(event, "context.consent.categoryPreferences")?;
        crate::json::members(preferences).find(|(key, _)| key == id).map(|(_, raw)| raw)
    };
    let states: Vec<PurposeState> = config
        .consent
        .purposes
        .iter()
        .map(|purpose| match preference(&purpose.id) {
            _ if purpose.always => PurposeState::Granted,
            Some("true") => PurposeState::Granted,
            Some("false") => PurposeState::Denied,
            _ => PurposeState::Unknown,
        })
        .collect();
    let rev = at_path(event, "context.consent.rev").and_then(f64_of).unwrap_or(0.0) as u32;
    let source = at_path(event, "context.consent.source").map_or(Cow::Borrowed("no stamp"), text_of);
    let reason = |_| source.clone().into_owned();
    let ground = Ground { states: &states, model: config.consent.model, reason: &reason, rev, at: 0 };
    let mut decisions = ground.decisions(config);
    let at = at_path(event, "timestamp").map_or(Cow::Borrowed(""), text_of);
    for decision in &mut decisions {
        decision.at = at.clone().into_owned();
    }
    note_triggers(config, event, &mut decisions);
    decisions
}

fn note_triggers(config: &Config, event: &str, decisions: &mut [Decision]) {
    let kind = at_path(event, "type").map_or(Cow::Borrowed(""), text_of);
    let verb = (0..6).filter_map(Verb::from_number).find(|verb| verb.word() == kind).unwrap_or(Verb::Track);
    let name = at_path(event, if verb == Verb::Track { "event" } else { "name" }).map_or(Cow::Borrowed(""), text_of);
    let properties = at_path(event, "properties").or_else(|| at_path(event, "traits")).unwrap_or("{}");
    let occasion = Occasion { verb, name, properties, data: &Value::Null };
    for (tag, decision) in config.tags.iter().zip(decisions.iter_mut().skip(config.destinations.len())) {
        let triggers = tag.fire_on.iter().filter_map(|at| config.triggers.get(*at));
        let fired = triggers.into_iter().any(|trigger| trigger.fires(&occasion, &config.variables));
        decision.because.push(String::from(if fired { "a trigger fired" } else { "no trigger fired" }));
    }
}
