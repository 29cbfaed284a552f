//! Variables: each of the export becomes a variable of the config, an object that is put where it is used, or a test that conditions take up.

mod auto_event;
mod builtin;
mod data_layer;
mod fill;
mod format;
mod google;
mod page;
mod tables;

use super::parse::{Variable, Version};
use super::recognise::function;
use super::references;
use super::report::{Entry, Notes};
use super::words::{Ids, word};
pub(super) use data_layer::{data_attribute, fact as element_fact};
pub(super) use fill::{GLOBAL, Subject};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// What a reference stands for.
#[derive(Clone)]
pub(super) enum Meaning {
    /// A variable of the config, by id.
    Variable(String),
    /// Members that are put where the reference is, and what is missing of them.
    Object(Map<String, Value>, Vec<String>),
    /// `true` or `false` by a condition.
    Test(Value),
    /// It is left out: why.
    Nothing(String),
}

/// What a variable of the export is made into.
pub(super) enum Made {
    Definition(Value),
    Object(Map<String, Value>, Vec<String>),
    Test(Value),
}

/// All variables, each translated when it is first asked for.
pub(super) struct Variables<'a> {
    version: &'a Version,
    ids: Ids,
    /// Of the export's own, by place: the id, and what became of it.
    own: Vec<(String, State)>,
    /// Of Google's own and the page's globals, by what they are.
    others: HashMap<String, Meaning>,
    built_in: Vec<Entry>,
    list: Vec<Value>,
    /// The value that a table is taken to have, by its id.
    assumed: Option<(String, String)>,
    /// How many are on the way, each for the one before.
    depth: usize,
}

/// No container that somebody made refers further.
const DEEPEST: usize = 100;

enum State {
    New,
    Running,
    Done(Meaning, Notes),
}

impl<'a> Variables<'a> {
    pub(super) fn new(version: &'a Version) -> Self {
        let mut ids = Ids::default();
        let otherwise = |variable: &Variable| format!("variable-{}", variable.variable_id);
        let own = version.variable.iter().map(|one| (ids.take(&one.name, &otherwise(one)), State::New)).collect();
        Variables { version, ids, own, others: HashMap::new(), built_in: Vec::new(), list: Vec::new(), assumed: None, depth: 0 }
    }

    /// What a name stands for.
    pub(super) fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(path) = name.strip_prefix(GLOBAL) {
            return Meaning::Variable(self.shared(&format!("global {path}"), json!({ "kind": "global", "path": path })));
        }
        if let Some(at) = self.version.variable.iter().position(|variable| variable.name == name) {
            return self.own(at);
        }
        if name == "_event" {
            return self.other("EVENT", "Event", Ok(json!({ "kind": "event", "path": "event" })));
        }
        let enabled = self.version.built_in_variable.iter().find(|one| one.name == name).map(|one| one.kind.as_str());
        match enabled.or_else(|| builtin::by_name(name)) {
            Some(kind) => self.built_in(kind, name),
            None => Meaning::Nothing(format!("{{{{{name}}}}} is not in the export")),
        }
    }

    /// Translates all that are in the export, whether something uses them or not, and those built in that something names.
    pub(super) fn all(&mut self) {
        for at in 0..self.own.len() {
            self.own(at);
        }
        let version = self.version;
        let mut named = HashSet::new();
        version.each_text(&mut |text| {
            for piece in references::pieces(text) {
                if let references::Piece::Reference(name) = piece {
                    named.insert(name.to_owned());
                }
            }
        });
        for built_in in version.built_in_variable.iter().filter(|one| named.contains(&one.name)) {
            self.meaning(&built_in.name);
        }
    }

    fn own(&mut self, at: usize) -> Meaning {
        let version = self.version;
        let (Some(variable), Some((id, state))) = (version.variable.get(at), self.own.get_mut(at)) else {
            return Meaning::Nothing("it is not in the export".into());
        };
        match state {
            State::Done(meaning, _) => return meaning.clone(),
            State::Running => return Meaning::Nothing(format!("{{{{{}}}}} refers to itself", variable.name)),
            State::New if self.depth > DEEPEST => {
                return Meaning::Nothing(format!("{{{{{}}}}} is reached through too many others", variable.name));
            }
            State::New => *state = State::Running,
        }
        self.depth += 1;
        let id = id.clone();
        let mut notes = Notes::default();
        let made = self.make(variable, &mut notes).and_then(|made| match made {
            Made::Definition(definition) => self.finish(variable, &id, definition, &mut notes).map(Meaning::Variable),
            Made::Object(members, lost) => {
                for what in &lost {
                    notes.change(what.as_str());
                }
                notes.remark("its members stand in the tags that use it");
                Ok(Meaning::Object(members, lost))
            }
            Made::Test(test) => {
                notes.remark("it is a condition now, in the triggers that ask for it");
                Ok(Meaning::Test(test))
            }
        });
        let meaning = made.unwrap_or_else(|why| Meaning::Nothing(format!("{{{{{}}}}} is left out: {why}", variable.name)));
        self.depth -= 1;
        if let Some((_, state)) = self.own.get_mut(at) {
            *state = State::Done(meaning.clone(), notes);
        }
        meaning
    }

    fn make(&mut self, variable: &Variable, notes: &mut Notes) -> Result<Made, String> {
        let params = &variable.params;
        let kind = word(&variable.kind);
        let definition = match kind.as_str() {
            "v" => data_layer::layer(params, notes)?,
            "c" => json!({ "kind": "constant", "value": self.fill(params.text("value"))? }),
            "jsm" => return function::variable(self, params.text("javascript"), notes),
            "u" => page::url(self, "url", params, notes)?,
            "f" => page::url(self, "referrer", params, notes)?,
            "k" => page::cookie(params)?,
            "j" => page::global(params)?,
            "d" => page::element(params)?,
            "r" => page::random(params)?,
            "e" => json!({ "kind": "event", "path": "event" }),
            "uv" => json!({ "kind": "constant", "value": null }),
            "smm" => tables::lookup(self, params)?,
            "remm" => tables::regex(self, params)?,
            "aev" => return auto_event::variable(self, params),
            "gtes" => return Ok(google::settings(self, params, "eventSettingsTable")),
            "gtcs" => return Ok(google::settings(self, params, "configSettingsTable")),
            "awec" => return google::user_data(self, params),
            "gas" => return Err("settings of Universal Analytics, which Google has shut down".into()),
            "dbg" | "ctv" | "cid" | "hid" => return self.of_container(&kind),
            _ if variable.kind.starts_with("cvt_") => google::from_gallery(self.version, variable, notes)?,
            _ => return Err(format!("the importer does not know variables of the type {}", variable.kind)),
        };
        Ok(Made::Definition(definition))
    }

    fn of_container(&self, kind: &str) -> Result<Made, String> {
        let built_in = match kind {
            "dbg" => "DEBUG_MODE",
            "ctv" => "CONTAINER_VERSION",
            "cid" => "CONTAINER_ID",
            _ => "HTML_ID",
        };
        builtin::definition(built_in, self.version).map(Made::Definition).map_err(Into::into)
    }

    /// Adds the default and the format, and the whole of it to the config.
    fn finish(&mut self, variable: &Variable, id: &str, mut definition: Value, notes: &mut Notes) -> Result<String, String> {
        let params = &variable.params;
        if params.is_true("setDefaultValue") && definition.get("default").is_none() {
            let default = self.fill(params.text("defaultValue"))?;
            let has_reference = default.as_str().is_none_or(|text| text.contains("{{"));
            if has_reference {
                // A default is taken as it is written; a table's row is filled.
                let inner = self.add(definition, &format!("{} value", variable.name));
                let rows = json!([{ "matches": "^$", "value": default }, { "matches": "^[\\s\\S]*$", "value": format!("{{{{{inner}}}}}") }]);
                definition = json!({ "kind": "regex-table", "input": inner, "rows": rows });
                notes.change("an empty text takes the default too");
            } else {
                set(&mut definition, "default", default);
            }
        }
        if let Some(format) = format::format(&variable.format_value, notes)? {
            set(&mut definition, "format", format);
        }
        self.push(id, definition);
        Ok(id.to_owned())
    }

    fn built_in(&mut self, kind: &str, name: &str) -> Meaning {
        let definition = builtin::definition(kind, self.version).map_err(str::to_owned);
        self.other(&kind.to_uppercase(), name, definition)
    }

    /// One of those that the export does not describe; it is listed when it is first asked for.
    fn other(&mut self, key: &str, name: &str, definition: Result<Value, String>) -> Meaning {
        if let Some(meaning) = self.others.get(key) {
            return meaning.clone();
        }
        let mut notes = Notes::default();
        let (meaning, left_out) = match definition {
            Ok(definition) => (Meaning::Variable(self.add(definition, name)), None),
            Err(why) => (Meaning::Nothing(format!("{{{{{name}}}}} is left out: {why}")), Some(why)),
        };
        if key == "ENVIRONMENT_NAME" {
            notes.change("it is \"Live\" always: Tidegate has no environments");
        }
        self.built_in.push(notes.entry("variable", name, key, left_out));
        self.others.insert(key.to_owned(), meaning.clone());
        meaning
    }

    /// A variable that no container has and several things may need: there is one of it.
    pub(super) fn shared(&mut self, name: &str, definition: Value) -> String {
        let key = format!("{GLOBAL}{name}");
        if let Some(Meaning::Variable(id)) = self.others.get(&key) {
            return id.clone();
        }
        let id = self.add(definition, name);
        self.others.insert(key, Meaning::Variable(id.clone()));
        id
    }

    /// Adds a variable under a name of its own.
    pub(super) fn add(&mut self, definition: Value, name: &str) -> String {
        let id = self.ids.take(name, "variable");
        self.push(&id, definition);
        id
    }

    fn push(&mut self, id: &str, mut definition: Value) {
        let mut whole = Map::from_iter([("id".to_owned(), Value::from(id))]);
        if let Some(members) = definition.as_object_mut() {
            whole.append(members);
        }
        self.list.push(Value::Object(whole));
    }

    /// The definition of a variable of the config.
    pub(super) fn definition(&self, id: &str) -> Option<&Value> {
        self.list.iter().find(|variable| variable.get("id").and_then(Value::as_str) == Some(id))
    }

    /// The config's variables, and what became of the export's.
    pub(super) fn into_parts(self) -> (Vec<Value>, Vec<Entry>) {
        let mut entries = Vec::new();
        for (variable, (_, state)) in self.version.variable.iter().zip(self.own) {
            if let State::Done(meaning, notes) = state {
                let left_out = match meaning {
                    Meaning::Nothing(why) => {
                        Some(why.split_once(" is left out: ").map_or(why.clone(), |(_, why)| why.to_owned()))
                    }
                    _ => None,
                };
                entries.push(notes.entry("variable", &variable.name, &variable.variable_id, left_out));
            }
        }
        entries.extend(self.built_in);
        (self.list, entries)
    }
}

fn set(definition: &mut Value, key: &str, value: Value) {
    if let Some(members) = definition.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}
