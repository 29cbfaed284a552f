//! A tag template: what to load and which calls to make. A JSON file a vendor, `js/templates/<name>.json`.

use crate::config::{Fault, Faults, Reader, join};
use crate::json::{self, Value};

/// A checked template.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// The script to load; may refer to literal parameters.
    pub(super) script: String,
    /// Parameters with their defaults; `None` must be given.
    pub(super) params: Vec<(String, Option<Value>)>,
    pub(super) init: Vec<Call>,
    pub(super) on: Vec<(String, Vec<Call>)>,
    pub(super) withdraw: Vec<Call>,
    pub(super) regrant: Vec<Call>,
}

/// One call of a vendor's function.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) args: Value,
}

impl Template {
    /// Reads and checks a template.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn parse(text: &str) -> Result<Template, Vec<Fault>> {
        let mut faults = Faults::default();
        let value = json::parse(text).unwrap_or(Value::Null);
        let template = read(&value, &mut faults);
        let faults = faults.into_vec();
        template.filter(|_| faults.is_empty()).ok_or(faults)
    }

    /// The calls for a kind of event; `*` stands for the kinds that are not named.
    pub(super) fn calls(&self, verb: &str) -> &[Call] {
        let of = |wanted: &str| self.on.iter().find(|(name, _)| name == wanted).map(|(_, calls)| calls.as_slice());
        of(verb).or_else(|| of("*")).unwrap_or(&[])
    }
}

fn read(value: &Value, faults: &mut Faults) -> Option<Template> {
    let mut reader = Reader::new(value, "", faults)?;
    reader.required_text("id", faults);
    reader.required_text("docs", faults);
    let params = match reader.value("params") {
        Some(Value::Object(members)) => {
            members.iter().map(|(name, value)| (name.clone(), value.member("default").cloned())).collect()
        }
        _ => Vec::new(),
    };
    let script = reader.value("load").and_then(|load| {
        let mut load = Reader::new(load, "/load", faults)?;
        let script = load.required_text("script", faults);
        load.finish(faults);
        Some(script)
    });
    if script.is_none() {
        faults.add("", "\"load\" is missing: { \"script\": \"…\" }");
    }
    let on = match reader.value("on") {
        Some(Value::Object(members)) => {
            members.iter().map(|(verb, value)| (verb.clone(), read_calls(Some(value), &join("/on", verb), faults))).collect()
        }
        _ => Vec::new(),
    };
    let mut calls = |key| read_calls(reader.value(key), &join("", key), faults);
    let (init, withdraw, regrant) = (calls("init"), calls("withdraw"), calls("regrant"));
    reader.finish(faults);
    Some(Template { script: script?, params, init, on, withdraw, regrant })
}

fn read_calls(value: Option<&Value>, pointer: &str, faults: &mut Faults) -> Vec<Call> {
    let items = match value {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            faults.add(pointer, "must be a list of calls: [{ \"call\": \"vendor.track\", \"args\": [] }]");
            return Vec::new();
        }
    };
    let mut calls = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let Some(mut reader) = Reader::new(item, &join(pointer, &i.to_string()), faults) else { continue };
        let path = reader.required_text("call", faults);
        let args = Value::Array(reader.list("args", faults).to_vec());
        reader.finish(faults);
        calls.push(Call { path, args });
    }
    calls
}
