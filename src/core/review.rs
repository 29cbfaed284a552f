//! Checking an event afterwards: what the gate says, recomputed from the consent stamped on it.

use crate::config::{Config, Destination};
use crate::consent::{Model, Purposes, Verdict};
use crate::explain::{Gate, Question};
use crate::json::{at_path, member, members, text_of, whole};
use crate::tags::Tags;

/// What the gate says of a delivered event, for each destination and tag of a config: a JSON list as `explain()` gives
/// it. A purpose that the stamp does not mention counts as undecided; for tags the event's triggers are checked too,
/// with an empty data layer.
pub fn review(config: &Config, tags: &Tags, event: &str) -> String {
    let text = |path: &str| at_path(event, path).map(text_of);
    let (purposes, model) = stamped(config, event);
    let source = text("context.consent.source").map_or_else(|| String::from("no stamp"), |source| source.into_owned());
    let rev = at_path(event, "context.consent.rev").and_then(whole).unwrap_or(0);
    let at = text("timestamp").unwrap_or_default().into_owned();
    let reasons = vec![source; config.consent.purposes.len() + config.consent.vendors.len()];
    let gate = Gate { rev: rev as u32, at, purposes, model, reasons };
    let fired: Vec<usize> = (0..config.tags.len()).filter(|tag| tags.fires(*tag, event)).collect();
    let mut out = String::from("[");
    gate.push_decisions(&mut out, config, &Question { fired: Some(&fired), later: &[], refused: None, kept_from: (0, "") });
    out.push(']');
    out
}

/// Whether an event may go on to a destination of a config, by the consent stamped on it and by its `integrations`. What was undecided then does not go,
/// also where silence is yes: what was waited for the stamp does not say. Without a consent regime only a denial counts.
pub fn may_go_on(config: &Config, destination: &Destination, event: &str) -> bool {
    let (purposes, model) = stamped(config, event);
    let model = if model == Model::None { model } else { Model::OptIn };
    let integrations = member(event, "integrations").unwrap_or("{}");
    let own = member(integrations, &destination.id).filter(|raw| *raw != "null");
    let is_off = own.or(member(integrations, "All")).is_some_and(|raw| matches!(raw, "false" | "0" | "\"\""));
    !is_off && destination.consent.evaluate(purposes, model) == Verdict::Allow
}

/// The consent stamped on an event, in a config's purposes and vendors. What the stamp does not mention is undecided.
fn stamped(config: &Config, event: &str) -> (Purposes, Model) {
    let mut purposes = Purposes::default();
    for (id, raw) in members(at_path(event, "context.consent.categoryPreferences").unwrap_or("")) {
        let purpose = config.consent.purpose(&id).unwrap_or(0);
        match raw {
            "true" => purposes.granted |= purpose,
            "false" => purposes.denied |= purpose,
            _ => {}
        }
    }
    for (at, vendor) in config.consent.vendors.iter().enumerate() {
        match member(at_path(event, "context.consent.vendors").unwrap_or(""), &vendor.id) {
            Some("true") => purposes.granted |= config.consent.vendor_set(at),
            Some("false") => purposes.denied |= config.consent.vendor_set(at),
            _ => {}
        }
    }
    let model = at_path(event, "context.consent.model").map(text_of).and_then(|word| Model::from_word(&word)).unwrap_or_default();
    purposes.granted |= config.consent.always;
    purposes.denied &= !config.consent.always;
    (purposes, model)
}
