//! The configuration, `tidegate.json` (CONTRACT, section 4): data only, every unknown key a fault with its place.

mod consent;
mod destination;
mod reader;

pub(crate) use consent::requirement;
pub(crate) use destination::is_web_url;
pub use destination::{Ack, BatchLimits, Destination, Kind};
pub use reader::{Fault, Faults, Reader, join};

use crate::consent::{ConsentConfig, Requirement};
use crate::json::{self, Value};
use crate::tags::{Tag, Trigger, Variable};
use std::rc::Rc;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Names the source; public by nature.
    pub write_key: String,
    /// Purposes, model and consent platforms.
    pub consent: Rc<ConsentConfig>,
    /// What storing identifiers needs; `None`: as soon as some destination is allowed.
    pub identity: Option<Requirement>,
    /// Bounds of the queue.
    pub queue: QueueLimits,
    /// Where events go.
    pub destinations: Vec<Destination>,
    /// Named values that triggers and tags read.
    pub variables: Vec<Variable>,
    /// What makes a tag fire.
    pub triggers: Vec<Trigger>,
    /// What may load.
    pub tags: Vec<Tag>,
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
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn parse(text: &str) -> Result<Config, Vec<Fault>> {
        let value = json::parse(text).map_err(|error| {
            let place = ["line ", &error.line.to_string(), ", column ", &error.column.to_string()].concat();
            let message =
                ["the config is not JSON: see ", &place, " (a missing comma or quote, or nesting that is too deep)"].concat();
            vec![Fault { pointer: String::new(), message }]
        })?;
        let mut faults = Faults::default();
        let config = read(&value, &mut faults);
        let faults = faults.into_vec();
        match config {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(faults),
        }
    }

    /// Puts another write key in place of the config's; destinations with one of their own keep it.
    pub(crate) fn use_write_key(&mut self, key: &str) {
        let old = std::mem::replace(&mut self.write_key, key.to_owned());
        for destination in self.destinations.iter_mut().filter(|destination| destination.write_key == old) {
            key.clone_into(&mut destination.write_key);
        }
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Config> {
    let mut reader = Reader::new(value, "", faults)?;
    reader.value("$schema");
    match reader.value("version") {
        Some(Value::Number(text)) if text == "1" => {}
        _ => faults.add("/version", "must be 1, the version this SDK reads"),
    }
    let write_key = reader.text("writeKey", faults).unwrap_or_default().to_owned();
    let consent = consent::read(reader.value("consent"), faults);
    let purposes = &consent.purposes;
    let identity = reader.value("identity").and_then(|value| {
        let mut reader = Reader::new(value, "/identity", faults)?;
        let requirement = reader.value("consent").map(|value| consent::requirement(value, "/identity/consent", purposes, faults));
        reader.finish(faults);
        requirement
    });
    let queue = read_queue(reader.value("queue"), faults);
    let destinations = each(&mut reader, "destinations", faults, |value, pointer, faults| {
        Destination::read(value, pointer, purposes, &write_key, faults)
    });
    if destinations.len() > 64 {
        faults.add("/destinations", "holds more than 64 destinations: remove some");
    }
    let variables = each(&mut reader, "variables", faults, Variable::read);
    let triggers =
        each(&mut reader, "triggers", faults, |value, pointer, faults| Trigger::read(value, pointer, &variables, faults));
    let tags = each(&mut reader, "tags", faults, |value, pointer, faults| Tag::read(value, pointer, purposes, &triggers, faults));
    read_later_parts(&mut reader, faults);
    reader.finish(faults);
    unique(faults, "/destinations", destinations.iter().map(|d| d.id.as_str()));
    unique(faults, "/variables", variables.iter().map(|v| v.id.as_str()));
    unique(faults, "/triggers", triggers.iter().map(|t| t.id.as_str()));
    unique(faults, "/tags", tags.iter().map(|t| t.id.as_str()));
    Some(Config { write_key, consent: Rc::new(consent), identity, queue, destinations, variables, triggers, tags })
}

fn each<T>(
    reader: &mut Reader<'_>,
    key: &'static str,
    faults: &mut Faults,
    read: impl Fn(&Value, &str, &mut Faults) -> Option<T>,
) -> Vec<T> {
    let pointer = reader.pointer(key);
    let items = reader.list(key, faults).iter().enumerate();
    items.filter_map(|(i, item)| read(item, &join(&pointer, &i.to_string()), faults)).collect()
}

fn unique<'a>(faults: &mut Faults, pointer: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen: Vec<&str> = Vec::new();
    for (i, id) in ids.enumerate() {
        if seen.contains(&id) {
            faults
                .add(&join(&join(pointer, &i.to_string()), "id"), ["\"", id, "\" is used twice: give each its own id"].concat());
        }
        seen.push(id);
    }
}

fn read_queue(value: Option<&Value>, faults: &mut Faults) -> QueueLimits {
    const HOUR_MS: u64 = 3_600_000;
    let mut limits = QueueLimits { max_bytes: 1_000_000, max_overflow_bytes: 20_000_000, max_age_ms: 168 * HOUR_MS };
    if let Some(mut reader) = value.and_then(|value| Reader::new(value, "/queue", faults)) {
        limits.max_bytes = reader.number("maxBytes", 1_000_000, 4_000_000, faults) as usize;
        limits.max_overflow_bytes = reader.number("maxOverflowBytes", 20_000_000, 500_000_000, faults) as usize;
        limits.max_age_ms = u64::from(reader.number("maxAgeHours", 168, 8760, faults)) * HOUR_MS;
        reader.finish(faults);
    }
    limits
}

/// The tracking plan passes through for now; audiences and privacy rules must be empty, so that nobody relies on a
/// rule that does not run.
fn read_later_parts(reader: &mut Reader<'_>, faults: &mut Faults) {
    if let Some(mut plan) = reader.value("plan").and_then(|value| Reader::new(value, "/plan", faults)) {
        plan.word("mode", &[("annotate", ()), ("drop", ()), ("quarantine", ())], (), faults);
        plan.value("events");
        plan.finish(faults);
    }
    if !reader.list("audiences", faults).is_empty() {
        faults.add("/audiences", "must be empty: this version does not evaluate audiences");
    }
    if let Some(privacy) = reader.value("privacy").and_then(|value| Reader::new(value, "/privacy", faults)) {
        privacy.finish(faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, String)> {
        Config::parse(text).map_or_else(|faults| faults.into_iter().map(|f| (f.pointer, f.message)).collect(), |_| Vec::new())
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
        assert!(config.consent.purposes[2].opt_out && !config.consent.purposes[1].opt_out);
    }
}
