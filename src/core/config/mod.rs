//! The configuration, `tidegate.json` (CONTRACT, section 4): data only, every unknown key a fault with its place.

mod consent;
mod destination;
mod fault;
mod shape;

pub(crate) use consent::requirement;
pub(crate) use destination::is_web_url;
pub use destination::{Ack, BatchLimits, Destination};
pub use fault::Fault;
pub(crate) use fault::{AnyFault, AnyFaultOfTags, Faults, Hear, Place};
pub(crate) use shape::check;

use crate::consent::{ConsentConfig, Requirement};
use crate::json::{self, list, member, number, text};
use crate::tags::Tags;
use crate::text::concat;
use std::rc::Rc;

const HOUR_MS: u64 = 3_600_000;
/// As many as a set of destinations has bits.
const MAX_DESTINATIONS: usize = 64;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Names the source; public by nature.
    pub write_key: String,
    /// Purposes, model and consent platforms.
    pub consent: Rc<ConsentConfig>,
    /// What storing identifiers needs; `None`: as soon as some destination is allowed.
    pub identity: Option<Requirement>,
    /// Whether a visitor whom Segment's analytics.js knew goes on under the same identifiers.
    pub migrates: bool,
    /// Bounds of the queue.
    pub queue: QueueLimits,
    /// Where events go.
    pub destinations: Vec<Destination>,
    /// What may load.
    pub tags: Vec<GatedTag>,
    /// The document, of which [`Tags::read`] reads variables, triggers and tags.
    pub(crate) rules: String,
}

/// Why [`Config::parse`] refuses a configuration: every fault, each with a JSON pointer and what to write instead.
///
/// In the browser this is a file of its own, loaded only where it is needed.
#[inline(never)]
pub fn explain(text: &str) -> Vec<Fault> {
    Config::check(text).map_or_else(|faults| faults, |_| Vec::new())
}

/// A tag as the gate sees it. What fires it and what it does is read where tags run, by [`Tags`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GatedTag {
    /// Its name in reports.
    pub id: String,
    /// What it needs. Naming nothing denies it.
    pub consent: Requirement,
}

/// Bounds of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueLimits {
    /// Characters of local storage the journal may hold.
    pub max_bytes: usize,
    /// Bytes held beyond that.
    pub max_overflow_bytes: usize,
    /// How long an undelivered event is kept, in milliseconds.
    pub max_age_ms: u64,
}

impl Config {
    /// Reads a configuration and checks it as far as the gate and the queue rest on it; nothing where it is at fault, which
    /// [`explain`] puts into words. [`Config::check`] checks all of it.
    pub fn parse(text: &str) -> Option<Config> {
        let mut fault = AnyFault::default();
        Config::read(text, &mut fault).filter(|_| !fault.0)
    }

    /// Reads and checks all of a configuration.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn check(text: &str) -> Result<(Config, Tags), Vec<Fault>> {
        let mut faults = Faults::default();
        let read = Config::read(text, &mut faults).map(|config| {
            let tags = Tags::read(&config.rules, &mut faults);
            if let Some(facades) = member(&config.rules, "facades") {
                check(FACADES, facades, &Place::ROOT.key("facades"), &mut faults);
            }
            for (at, raw) in list(&config.rules, "destinations").enumerate() {
                crate::destinations::check(raw, &config.consent, &Place::ROOT.key("destinations").item(at), &mut faults);
            }
            consent::check_google(&config.consent, &Place::ROOT.key("consent"), &mut faults);
            for (at, plugin) in list(&config.rules, "plugins").enumerate() {
                requirement(plugin, &config.consent, &Place::ROOT.key("plugins").item(at), &mut faults);
            }
            (config, tags)
        });
        match read {
            Some(read) if faults.0.is_empty() => Ok(read),
            _ => Err(faults.0),
        }
    }

    fn read(text: &str, faults: &mut impl Hear) -> Option<Config> {
        let document = match json::document(text) {
            Ok(document) => document,
            Err(error) => {
                faults.add(&Place::ROOT, || {
                    let (line, column) = (json::digits(error.line as u64), json::digits(error.column as u64));
                    let advice = " (a missing comma or quote, or nesting that is too deep)";
                    concat(&["the config is not JSON: see line ", &line, ", column ", &column, advice])
                });
                return None;
            }
        };
        if member(document, "version") != Some("1") {
            faults.add(&Place::ROOT.key("version"), || "must be 1, the version this SDK reads".into());
        }
        check(CONFIG, document, &Place::ROOT, faults);
        Some(read(document, faults))
    }

    /// Puts another write key in place of the config's; destinations with one of their own keep it.
    pub(crate) fn use_write_key(&mut self, key: &str) {
        let old = std::mem::replace(&mut self.write_key, key.to_owned());
        for destination in self.destinations.iter_mut().filter(|destination| destination.write_key == old) {
            key.clone_into(&mut destination.write_key);
        }
    }
}

/// The shape of the whole, without that of variables, triggers and tags, which [`Tags::read`] checks: a page whose tags are at fault goes on
/// without them. The version is checked before all else. The plan passes through for now; audiences and privacy rules
/// must be empty, so that nobody relies on a rule that does not run.
const CONFIG: &str = r##"{"$schema":"any","version":"any","writeKey":"text","consent!":"#consent",
"identity":{"consent":"#requirement","migrateFrom":{"[]":["segment"]},"queryString":"flag"},"queue":{"maxBytes":4000000,"maxOverflowBytes":500000000,"maxAgeHours":8760},
"destinations":{"[]":"#destination"},"variables":{"[]":"any"},"triggers":{"[]":"any"},"tags":{"[]":"any"},
"plugins":{"[]":{"name!":"name","consent":"#requirement"}},"facades":"any",
"plan":{"mode":["annotate","drop","quarantine"],"events":{"{}":{"schema":"any"}}},"audiences":{"[]":"any"},"privacy":{}}"##;

/// The shape of `facades`, which only the shim reads.
const FACADES: &str = r#"{"dataLayer":{"name":"name"},"tealium":{},"mparticle":{}}"#;

fn read(document: &str, faults: &mut impl Hear) -> Config {
    let root = &Place::ROOT;
    if list(document, "audiences").next().is_some() {
        faults.add(&root.key("audiences"), || "must be empty: this version does not evaluate audiences".into());
    }
    check_ids(document, "destinations", faults);
    let consent = consent::read(of(document, "consent"), &root.key("consent"), faults);
    let queue = of(document, "queue");
    let identity = of(document, "identity");
    let mut config = Config {
        write_key: text(document, "writeKey").into_owned(),
        identity: member(identity, "consent").map(|_| requirement(identity, &consent, &root.key("identity"), faults)),
        migrates: list(identity, "migrateFrom").next().is_some(),
        queue: QueueLimits {
            max_bytes: number(queue, "maxBytes", 1_000_000) as usize,
            max_overflow_bytes: number(queue, "maxOverflowBytes", 20_000_000) as usize,
            max_age_ms: u64::from(number(queue, "maxAgeHours", 168)) * HOUR_MS,
        },
        consent: Rc::new(consent),
        destinations: Vec::new(),
        tags: Vec::new(),
        rules: document.to_owned(),
    };
    for (at, raw) in list(document, "destinations").enumerate() {
        let place = &root.key("destinations");
        let destination = Destination::read(raw, &config.write_key, &config.consent, &place.item(at), faults);
        config.destinations.push(destination);
    }
    if config.destinations.len() > MAX_DESTINATIONS {
        faults.add(&root.key("destinations"), || "holds more than 64 destinations: remove some".into());
    }
    for (at, raw) in list(document, "tags").enumerate() {
        let consent = requirement(raw, &config.consent, &root.key("tags").item(at), faults);
        config.tags.push(GatedTag { id: text(raw, "id").into_owned(), consent });
    }
    config
}

/// A member, or nothing in particular.
fn of<'a>(object: &'a str, key: &str) -> &'a str {
    member(object, key).unwrap_or("")
}

/// Notes what in a list of the document has the ID of another one before it.
pub(crate) fn check_ids(document: &str, key: &str, faults: &mut impl Hear) {
    for (at, item) in list(document, key).enumerate() {
        let id = text(item, "id");
        if !id.is_empty() && list(document, key).take(at).any(|earlier| text(earlier, "id") == id) {
            let place = Place::ROOT.key(key);
            faults.add(&place.item(at).key("id"), || concat(&["\"", &id, "\" is used twice: give each its own id"]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, String)> {
        Config::check(text).map_or_else(|faults| faults.into_iter().map(|f| (f.pointer, f.message)).collect(), |_| Vec::new())
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let found = faults(
            r#"{"version":1,"consent":{"purposes":{"a":{}}},"destinations":[{"id":"x","kind":"segment","url":"/b","consnt":{}}]}"#,
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "/destinations/0/consnt");
        assert!(found[0].1.contains("unknown key \"consnt\"") && found[0].1.contains("consent"), "{}", found[0].1);
    }

    #[test]
    fn a_key_that_is_written_twice_is_told() {
        let found = faults(r#"{"version":1,"consent":{"purposes":{"a":{"always":true,"always":false}}},"version":1}"#);
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/version", "/consent/purposes/a/always"]);
    }

    #[test]
    fn front_doors_are_checked_by_name() {
        let found = faults(
            r#"{"version":1,"consent":{"purposes":{"a":{}}},"facades":{"dataLayer":{"name":""},"tealium":{"x":1},"segment":{}}}"#,
        );
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/facades/dataLayer/name", "/facades/tealium/x", "/facades/segment"]);
    }

    #[test]
    fn a_text_that_is_not_json_is_told_with_line_and_column() {
        let found = faults("{\n\"version\": }");
        assert!(found[0].1.contains("line 2, column 12"), "{found:?}");
    }

    #[test]
    fn every_fault_is_found_in_one_go() {
        let found = faults(
            r#"{"version":2,"consent":{"model":"maybe","purposes":{"a":{"always":1}}},
               "destinations":[{"id":"","kind":"telegraph","url":"javascript:1","consent":{"allOf":["b"]},"batch":{"maxEvents":0}}],
               "triggers":[{"id":"t","kind":"event","event":"*","where":[{"var":"nope","op":"~","value":1}]}],
               "tags":[{"id":"t","template":"custom-script","params":{"src":"https://{{x}}/a.js"},"fireOn":["nope"]}]}"#,
        );
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        for wanted in [
            "/version",
            "/consent/model",
            "/consent/purposes/a/always",
            "/destinations/0/id",
            "/destinations/0/kind",
            "/destinations/0/url",
            "/destinations/0/consent/allOf/0",
            "/destinations/0/batch/maxEvents",
            "/triggers/0/where/0/var",
            "/triggers/0/where/0/op",
            "/tags/0/params/src",
            "/tags/0/fireOn/0",
        ] {
            assert!(pointers.contains(&wanted), "{wanted} is missing in {pointers:?}");
        }
    }

    #[test]
    fn the_contract_s_example_is_accepted() {
        let text = include_str!("../../../tests/vectors/config/contract.json");
        let config = Config::parse(text).unwrap();
        assert_eq!(config.destinations[0].batch, BatchLimits { max_events: 50, max_bytes: 60_000, max_wait_ms: 1000 });
        assert_eq!((config.consent.always, config.consent.opt_out), (0b001, 0b100));
    }
}
