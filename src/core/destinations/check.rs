//! What `tidegate check`, and the words for a faulty config, say of a destination's settings and mapping.

use super::is_wired;
use super::kinds::kind;
use crate::config::{Hear, Place};
use crate::consent::ConsentConfig;
use crate::json::{Kind, elements, f64_of, kind as kind_of, member, members, pairs, text, text_of};
use crate::mapping::{is_wire_function, references};
use crate::text::concat;

/// Notes every fault of a destination, whose shape was checked.
pub(crate) fn check(raw: &str, consent: &ConsentConfig, place: &Place<'_>, faults: &mut impl Hear) {
    if !is_wired(raw) {
        return;
    }
    let kind = kind(&text(raw, "kind"));
    let known = member(kind, "settings").unwrap_or("");
    let set = member(raw, "settings").unwrap_or("");
    let settings = &place.key("settings");
    for (name, value) in members(set) {
        if name != "opaque" && member(known, &name).is_none() {
            let mut words = String::from("\"opaque\"");
            for (name, _) in members(known) {
                words.push_str(&concat(&[", \"", &name, "\""]));
            }
            faults.add(&settings.key(&name), || concat(&["is no setting of this kind: those are ", &words]));
        }
        let about = member(known, &name).unwrap_or("");
        let said = text_of(value);
        if member(about, "purpose") == Some("true") && consent.purpose(&said).is_none() {
            faults.add(&settings.key(&name), || concat(&["\"", &said, "\" is no purpose of this config"]));
        }
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if member(about, "header") == Some("true") && !said.bytes().all(is_token) {
            faults.add(&settings.key(&name), || "is no name of a header field: letters, digits and dashes".into());
        }
        if name == "opaque" && !matches!(value, "true" | "false") {
            faults.add(&settings.key(&name), || "must be true or false".into());
        }
        if name == "opaque" && value == "true" && member(set, "secret").is_some() {
            faults.add(&settings.key(&name), || "sends no header fields, so none with the secret: leave one of them out".into());
        }
        check_mapping(value, &settings.key(&name), faults);
    }
    for (name, about) in members(known) {
        if member(about, "required") == Some("true") && member(set, &name).is_none_or(|raw| matches!(raw, "null" | "\"\"")) {
            faults.add(&settings.key(&name), || "is missing: destinations of this kind need it".into());
        }
    }
    if let Some(share) = member(raw, "sample")
        && !f64_of(share).is_some_and(|share| (0.0..=100.0).contains(&share))
    {
        faults.add(&place.key("sample"), || "must be a share in percent, from 0 to 100".into());
    }
    for key in ["filter", "map"] {
        if let Some(mapping) = member(raw, key) {
            check_mapping(mapping, &place.key(key), faults);
        }
    }
}

/// Functions that there are not, and references to what nobody has.
fn check_mapping(raw: &str, place: &Place<'_>, faults: &mut impl Hear) {
    match kind_of(raw) {
        Kind::Array => {
            for (at, item) in elements(raw).enumerate() {
                check_mapping(item, &place.item(at), faults);
            }
        }
        Kind::Object => {
            let is_made = pairs(raw).next().is_some_and(|(key, _)| key.starts_with("\"$"));
            for (at, (key, value)) in members(raw).enumerate() {
                let place = &place.key(&key);
                if at == 0 && is_made && !is_wire_function(&key) {
                    faults.add(place, || "is no function of mappings: src/core/mapping/README.md lists them".into());
                }
                check_mapping(value, place, faults);
            }
        }
        Kind::String => {
            for reference in references(raw) {
                let root = reference.split('.').next().unwrap_or("");
                let is_known = matches!(
                    root,
                    "event"
                        | "item"
                        | "index"
                        | "key"
                        | "items"
                        | "first"
                        | "shared"
                        | "sentAt"
                        | "batchId"
                        | "body"
                        | "writeKey"
                );
                if !is_known {
                    faults.add(place, || concat(&["refers to \"", &reference, "\", which is not there: events are {{event.…}}"]));
                }
            }
        }
        _ => {}
    }
}
