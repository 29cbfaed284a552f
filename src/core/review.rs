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
    let stamp = once(once(event, "context"), "consent");
    let mut purposes = Purposes::default();
    for (id, raw) in members(once(stamp, "categoryPreferences")) {
        let purpose = config.consent.purpose(&id).unwrap_or(0);
        match raw {
            "true" => purposes.granted |= purpose,
            "false" => purposes.denied |= purpose,
            _ => {}
        }
    }
    for (at, vendor) in config.consent.vendors.iter().enumerate() {
        match once(once(stamp, "vendors"), &vendor.id) {
            "true" => purposes.granted |= config.consent.vendor_set(at),
            "false" => purposes.denied |= config.consent.vendor_set(at),
            _ => {}
        }
    }
    let model = Model::from_word(&text_of(once(stamp, "model"))).unwrap_or_default();
    purposes.granted |= config.consent.always;
    purposes.granted &= !purposes.denied | config.consent.always;
    purposes.denied &= !config.consent.always;
    (purposes, model)
}

/// A member that is there once: of one that is said twice, whoever reads the event next may take the other.
fn once<'a>(object: &'a str, key: &str) -> &'a str {
    let mut found = members(object).filter(|(known, _)| known == key).map(|(_, raw)| raw);
    match (found.next(), found.next()) {
        (Some(raw), None) => raw,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_says_its_consent_twice_goes_nowhere() {
        let config = Config::parse(
            r#"{"version":1,"writeKey":"w","consent":{"purposes":{"a":{}}},"destinations":[{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["a"]}}]}"#,
        )
        .unwrap();
        let may = |event: &str| may_go_on(&config, &config.destinations[0], event);
        let context =
            |state: &str| format!(r#""context":{{"consent":{{"model":"opt-in","categoryPreferences":{{"a":{state}}}}}}}"#);
        assert!(may(&format!("{{{}}}", context("true"))));
        assert!(!may(&format!("{{{}}}", context("false"))));
        assert!(!may(&format!("{{{},{}}}", context("true"), context("false"))));
        assert!(!may(
            r#"{"context":{"consent":{"model":"opt-in","categoryPreferences":{"a":true},"categoryPreferences":{"a":false}}}}"#
        ));
        assert!(!may(r#"{"context":{"consent":{"model":"opt-in","categoryPreferences":{"a":true,"a":false}}}}"#));
    }
}
