//! What `tidegate check`, and the words for a faulty config, say of a destination's settings and mapping.

use super::is_wired;
use super::kinds::kind;
use crate::config::{Hear, Place};
use crate::consent::ConsentConfig;
use crate::json::{Kind, elements, f64_of, kind as kind_of, member, members, text, text_of};
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

/// What a function takes beside its first member, and of each what it may be where that is fixed.
fn arguments(function: &str) -> &'static str {
    match function {
        "$if" => r#"{"is":[],"then":[],"else":[]}"#,
        "$lookup" => r#"{"in":[],"else":[]}"#,
        "$get" | "$hmac" => r#"{"key":[]}"#,
        "$pick" | "$omit" => r#"{"keys":[]}"#,
        "$each" | "$list" | "$sum" => r#"{"to":[]}"#,
        "$join" => r#"{"with":[],"to":[]}"#,
        "$object" => r#"{"key":[],"value":[]}"#,
        "$flat" => r#"{"with":[],"lists":[true,false]}"#,
        "$limit" => r#"{"members":[],"names":[],"texts":[]}"#,
        "$replace" => r#"{"all":[],"with":[]}"#,
        "$url" => r#"{"part":["host","hostname","page"]}"#,
        "$format" => r#"{"as":["ms","s","us","date"]}"#,
        "$in" | "$starts" => r#"{"list":[]}"#,
        "$name" => r#"{"letters":["any"]}"#,
        _ => "{}",
    }
}

fn check_argument(function: &str, key: &str, value: &str, place: &Place<'_>, faults: &mut impl Hear) {
    if !is_wire_function(function) {
        return;
    }
    let known = arguments(function);
    let Some(values) = member(known, key) else {
        let words: Vec<_> = members(known).map(|(name, _)| concat(&["\"", &name, "\""])).collect();
        return faults.add(place, || match words.is_empty() {
            true => concat(&["is not taken by ", function, ", which has no further members"]),
            false => concat(&["is not taken by ", function, ": it takes ", &words.join(", ")]),
        });
    };
    if elements(values).next().is_some() && !elements(values).any(|one| one == value) {
        faults.add(place, || concat(&["must be one of ", values]));
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
            let function = members(raw).next().map(|(key, _)| key).filter(|key| key.starts_with('$'));
            for (at, (key, value)) in members(raw).enumerate() {
                let place = &place.key(&key);
                match function.as_deref() {
                    Some(function) if at == 0 && !is_wire_function(function) => {
                        faults.add(place, || "is no function of mappings: src/core/mapping/README.md lists them".into());
                    }
                    Some(function) if at > 0 => check_argument(function, &key, value, place, faults),
                    _ if at > 0 && is_wire_function(&key) => {
                        faults.add(place, || "is a function only as the first key of its object: write it there".into());
                    }
                    _ => {}
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Fault};

    /// What is said of a mapping, with the end of the pointer.
    fn said(mapping: &str) -> Vec<(String, String)> {
        let config = format!(
            r#"{{"version":1,"consent":{{"purposes":{{"analytics":{{}}}}}},"destinations":[{{"id":"d","kind":"webhook","url":"https://hooks.example/",
                "consent":{{"allOf":["analytics"]}},"map":{mapping}}}]}}"#
        );
        let faults = Config::check(&config).err().unwrap_or_default();
        let below = |fault: Fault| Some((fault.pointer.strip_prefix("/destinations/0/map")?.to_owned(), fault.message));
        faults.into_iter().filter_map(below).collect()
    }

    #[test]
    fn a_function_s_members_are_those_it_takes() {
        let only = |mapping: &str| match said(mapping).as_slice() {
            [(pointer, message)] => (pointer.clone(), message.clone()),
            others => panic!("{others:?}"),
        };
        let (pointer, message) = only(r#"{"a":{"$if":"{{event.type}}","than":1}}"#);
        assert_eq!(pointer, "/a/than");
        assert_eq!(message, r#"is not taken by $if: it takes "is", "then", "else""#);
        let (pointer, message) = only(r#"{"$upper":"x","then":1}"#);
        assert_eq!((pointer.as_str(), message.as_str()), ("/then", "is not taken by $upper, which has no further members"));
        let (pointer, message) = only(r#"{"$format":"{{event.timestamp}}","as":"iso"}"#);
        assert_eq!((pointer.as_str(), message.as_str()), ("/as", r#"must be one of ["ms","s","us","date"]"#));
        let (pointer, _) = only(r#"{"then":1,"$if":"{{event.userId}}"}"#);
        assert_eq!(pointer, "/$if");
        let (pointer, _) = only(r#"{"$sun":"x","to":1}"#);
        assert_eq!(pointer, "/$sun");
    }

    #[test]
    fn what_the_specification_shows_and_the_kinds_use_is_sound() {
        let readme = include_str!("../mapping/README.md");
        let examples = readme.lines().filter_map(|line| Some(line.strip_prefix("| `{ \"$")?.split_once("` | `")?.0));
        let mut count = 0;
        for example in examples {
            let mapping = format!("{{ \"${example}");
            assert_eq!(said(&mapping), [], "{mapping}");
            count += 1;
        }
        assert!(count > 30);
        for id in ["amplitude", "ga4", "mparticle", "snowplow", "tealium", "webhook"] {
            for part in ["item", "names", "shared", "query", "headers", "body"] {
                let Some(mapping) = member(kind(id), part) else { continue };
                // References to names and settings of its own are no fault of a kind.
                let faults: Vec<_> = said(mapping).into_iter().filter(|(_, said)| !said.starts_with("refers to")).collect();
                assert_eq!(faults, [], "{part} of {id}");
            }
        }
    }
}
