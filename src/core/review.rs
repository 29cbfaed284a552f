//! Checking an event afterwards: what the gate says, recomputed from the consent stamped on it.

use crate::config::{Config, Destination};
use crate::consent::{Model, Purposes, Verdict};
use crate::explain::{Gate, Question};
use crate::json::{at_path, members, push_member, text_of, whole};
use crate::tags::Tags;
use std::borrow::Cow;

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
    let mut integrations = members(event).filter(|(key, _)| key == "integrations").map(|(_, raw)| raw);
    let said = integrations.next().unwrap_or("{}");
    let is_off = [destination.id.as_str(), "All"].into_iter().find_map(|key| off(said, key)).unwrap_or(false);
    !is_off && integrations.next().is_none() && destination.consent.evaluate(purposes, model) == Verdict::Allow
}

/// Whether `integrations` keep something back, where they say; what is said twice does.
fn off(integrations: &str, key: &str) -> Option<bool> {
    let mut said = members(integrations).filter(|(known, raw)| known == key && *raw != "null").map(|(_, raw)| raw);
    let first = said.next()?;
    Some(matches!(first, "false" | "0" | "\"\"") || said.next().is_some())
}

/// An event as it goes on: with the consent that the gate reads in its stamp, so that no platform is told another. A preference is `true` or `false`; of one that is
/// said both ways the denial counts, and anything else is undecided, and left out.
pub fn with_plain_stamp(event: &str) -> Cow<'_, str> {
    let stamp = once(once(event, "context"), "consent");
    let said = once(stamp, "categoryPreferences");
    let is_plain = members(said)
        .enumerate()
        .all(|(at, (key, raw))| matches!(raw, "true" | "false") && members(said).take(at).all(|(other, _)| other != key));
    let is_once = |object, key| members(object).filter(|(known, _)| known == key).count() < 2;
    if is_plain
        && is_once(event, "context")
        && is_once(once(event, "context"), "consent")
        && is_once(stamp, "categoryPreferences")
    {
        return Cow::Borrowed(event);
    }
    let mut preferences = String::from("{");
    for (at, (key, raw)) in members(said).enumerate() {
        let is_denied = members(said).any(|(other, raw)| other == key && raw == "false");
        let is_first = members(said).take(at).all(|(other, raw)| other != key || !matches!(raw, "true" | "false"));
        if is_first && matches!(raw, "true" | "false") {
            push_member(&mut preferences, &key, if is_denied { "false" } else { "true" });
        }
    }
    preferences.push('}');
    let with = |object: &str, key: &str, value: &str| {
        let mut out = String::from("{");
        for (known, raw) in members(object).filter(|(known, _)| known != key) {
            push_member(&mut out, &known, raw);
        }
        push_member(&mut out, key, value);
        out.push('}');
        out
    };
    let stamp = with(stamp, "categoryPreferences", &preferences);
    Cow::Owned(with(event, "context", &with(once(event, "context"), "consent", &stamp)))
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

    #[test]
    fn what_is_kept_from_a_destination_twice_and_otherwise_stays_with_us() {
        let config = Config::parse(
            r#"{"version":1,"writeKey":"w","consent":{"purposes":{"a":{"always":true}}},"destinations":[{"id":"d","kind":"segment","url":"/d","consent":{"allOf":["a"]}}]}"#,
        )
        .unwrap();
        let may = |event: &str| may_go_on(&config, &config.destinations[0], event);
        for event in
            ["{}", r#"{"integrations":{"d":true}}"#, r#"{"integrations":{"All":false,"d":{}}}"#, r#"{"integrations":{"d":null}}"#]
        {
            assert!(may(event), "{event}");
        }
        for event in [
            r#"{"integrations":{"d":false}}"#,
            r#"{"integrations":{"All":false}}"#,
            r#"{"integrations":{"d":true,"d":false}}"#,
            r#"{"integrations":{"d":true},"integrations":{"d":false}}"#,
        ] {
            assert!(!may(event), "{event}");
        }
    }

    #[test]
    fn platforms_are_told_the_consent_that_the_gate_reads() {
        let stamped = |preferences: &str| {
            format!(r#"{{"event":"E","context":{{"page":{{}},"consent":{{"rev":1,"categoryPreferences":{preferences}}}}}}}"#)
        };
        let plain = stamped(r#"{"a":true,"b":false}"#);
        assert!(matches!(with_plain_stamp(&plain), Cow::Borrowed(_)));
        assert!(matches!(with_plain_stamp("{}"), Cow::Borrowed(_)));
        for (said, wanted) in [
            (r#"{"a":true,"b":"false","c":1,"d":null}"#, r#"{"a":true}"#),
            (r#"{"a":true,"b":true,"b":false}"#, r#"{"a":true,"b":false}"#),
            (r#"{"b":"x","b":false,"b":true,"a":true,"a":true}"#, r#"{"b":false,"a":true}"#),
        ] {
            let wanted =
                format!(r#"{{"event":"E","context":{{"page":{{}},"consent":{{"rev":1,"categoryPreferences":{wanted}}}}}}}"#);
            assert_eq!(with_plain_stamp(&stamped(said)), wanted, "{said}");
        }
        let twice = r#"{"context":{"consent":{"categoryPreferences":{"a":true}}},"context":{"consent":{"categoryPreferences":{"a":false}}}}"#;
        assert_eq!(with_plain_stamp(twice), r#"{"context":{"consent":{"categoryPreferences":{}}}}"#);
    }
}
