//! Triggers: each of the export becomes one of the config, or several where it names several events of GTM's own.

mod custom_event;
mod observed;

use super::conditions;
use super::parse::{Condition, Trigger, Version};
use super::report::{Entry, Notes};
use super::variables::Variables;
use super::words::{Ids, word};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Triggers that every container has and no export describes.
const BUILT_IN: [(&str, &str, &str); 3] = [
    ("2147479553", "All Pages", "page-view"),
    ("2147479573", "Initialization - All Pages", "initialization"),
    ("2147479572", "Consent Initialization - All Pages", "consent-initialization"),
];

/// The members of one trigger of the config, but for its id.
type Members = Map<String, Value>;

pub(super) struct Triggers<'a> {
    version: &'a Version,
    ids: Ids,
    list: Vec<Value>,
    /// By the export's ids: those of the config, or why there are none.
    made: HashMap<String, Result<Vec<String>, String>>,
    entries: Vec<Entry>,
}

impl<'a> Triggers<'a> {
    pub(super) fn new(version: &'a Version, variables: &mut Variables<'_>) -> Self {
        let mut triggers = Triggers { version, ids: Ids::default(), list: Vec::new(), made: HashMap::new(), entries: Vec::new() };
        // Groups name others.
        let (groups, plain): (Vec<_>, Vec<_>) = version.trigger.iter().partition(|trigger| word(&trigger.kind) == "triggergroup");
        for trigger in plain.into_iter().chain(groups) {
            triggers.translate(trigger, variables);
        }
        let place = |entry: &Entry| version.trigger.iter().position(|trigger| trigger.trigger_id == entry.id);
        triggers.entries.sort_by_key(place);
        for id in version.tag.iter().flat_map(|tag| tag.firing_trigger_id.iter().chain(&tag.blocking_trigger_id)) {
            if BUILT_IN.iter().any(|(own, ..)| own == id) {
                // It is listed by that, whatever becomes of the tag.
                let _ = triggers.ids_of(id);
            }
        }
        triggers
    }

    fn translate(&mut self, trigger: &Trigger, variables: &mut Variables<'_>) {
        let mut notes = Notes::default();
        let made = self.members(trigger, variables, &mut notes).and_then(|kinds| {
            let conditions = trigger.filter.iter().chain(&trigger.auto_event_filter);
            let (of_event, others): (Vec<_>, Vec<_>) =
                conditions.partition(|condition| conditions::asks_for_event(variables, condition));
            let kinds = of_events(kinds, &of_event, variables)?;
            let filters = conditions::all(variables, &others)?;
            let several = kinds.len() > 1;
            let ids = kinds.into_iter().map(|mut members| {
                where_also(&mut members, &filters);
                let kind = members.get("kind").and_then(Value::as_str).unwrap_or("").to_owned();
                let name = if several { format!("{} {kind}", trigger.name) } else { trigger.name.clone() };
                self.push(&name, &format!("trigger-{}", trigger.trigger_id), members)
            });
            Ok(ids.collect())
        });
        let left_out = made.as_ref().err().cloned();
        self.entries.push(notes.entry("trigger", &trigger.name, &trigger.trigger_id, left_out));
        self.made.insert(trigger.trigger_id.clone(), made);
    }

    fn push(&mut self, name: &str, otherwise: &str, mut members: Members) -> String {
        let id = self.ids.take(name, otherwise);
        let mut whole = Map::from_iter([("id".to_owned(), Value::from(id.as_str()))]);
        whole.append(&mut members);
        self.list.push(Value::Object(whole));
        id
    }

    fn members(&mut self, trigger: &Trigger, variables: &mut Variables<'_>, notes: &mut Notes) -> Result<Vec<Members>, String> {
        match word(&trigger.kind).as_str() {
            "customevent" => custom_event::members(self.version, trigger, variables, notes),
            "triggergroup" => self.group(trigger).map(|members| vec![members]),
            _ => observed::members(trigger, notes),
        }
    }

    fn group(&mut self, trigger: &Trigger) -> Result<Members, String> {
        let named = trigger.params.find("triggerIds").map_or(&[][..], |param| &param.list);
        let mut of = Vec::new();
        for param in named {
            match self.ids_of(&param.value).as_deref() {
                Ok([id]) => of.push(Value::from(id.as_str())),
                Ok(_) => return Err("one of its triggers stands for several, of which a group would ask for all".into()),
                Err(why) => return Err(format!("one of its triggers is left out: {why}")),
            }
        }
        if of.is_empty() {
            return Err("it names no triggers".into());
        }
        Ok(Map::from_iter([("kind".to_owned(), "group".into()), ("of".to_owned(), of.into())]))
    }

    /// The config's triggers for one of the export's. A built-in one is listed when it is first asked for.
    pub(super) fn ids_of(&mut self, id: &str) -> Result<Vec<String>, String> {
        if let Some(made) = self.made.get(id) {
            return made.clone();
        }
        let Some((_, name, kind)) = BUILT_IN.iter().find(|(own, ..)| *own == id) else {
            return Err(format!("trigger {id} is not in the export"));
        };
        let members = Map::from_iter([("kind".to_owned(), Value::from(*kind))]);
        let made = Ok(vec![self.push(name, kind, members)]);
        self.entries.push(Notes::default().entry("trigger", name, id, None));
        self.made.insert(id.to_owned(), made.clone());
        made
    }

    /// What a trigger of the export is called.
    pub(super) fn name_of(&self, id: &str) -> String {
        let named = self.version.trigger.iter().find(|trigger| trigger.trigger_id == id);
        named.map_or_else(|| id.to_owned(), |trigger| trigger.name.clone())
    }

    /// The same triggers within a time, for one tag.
    pub(super) fn scheduled(&mut self, ids: &[String], schedule: &Value, tag: &str) -> Vec<String> {
        self.copies(ids, tag, |members| drop(members.insert("schedule".into(), schedule.clone())))
    }

    /// The same triggers under one more condition, for one tag.
    pub(super) fn narrowed(&mut self, ids: &[String], condition: &Value, tag: &str) -> Vec<String> {
        self.copies(ids, tag, |members| where_also(members, std::slice::from_ref(condition)))
    }

    fn copies(&mut self, ids: &[String], tag: &str, change: impl Fn(&mut Members)) -> Vec<String> {
        let copy = |id: &String| {
            let found = self.list.iter().find(|trigger| trigger.get("id").and_then(Value::as_str) == Some(id));
            let mut members = found.and_then(Value::as_object).cloned().unwrap_or_default();
            members.remove("id");
            change(&mut members);
            self.push(&format!("{id} {tag}"), "trigger", members)
        };
        ids.iter().map(copy).collect()
    }

    /// The config's triggers, and what became of the export's. One that is only used within a time has no use itself.
    pub(super) fn into_parts(self) -> (Vec<Value>, Vec<Entry>) {
        (self.list, self.entries)
    }
}

/// Those that the conditions on the event's name hold for, or may hold for.
fn of_events(kinds: Vec<Members>, of_event: &[&Condition], variables: &mut Variables<'_>) -> Result<Vec<Members>, String> {
    if of_event.is_empty() {
        return Ok(kinds);
    }
    let mut kept = Vec::new();
    for mut members in kinds {
        let member = |key: &str| members.get(key).and_then(Value::as_str).unwrap_or("");
        match conditions::holds_for(member("kind"), member("on"), of_event)? {
            Some(true) => kept.push(members),
            Some(false) => {}
            None => {
                where_also(&mut members, &conditions::all(variables, of_event)?);
                kept.push(members);
            }
        }
    }
    if kept.is_empty() { Err("its condition on the event's name never holds".into()) } else { Ok(kept) }
}

/// Adds conditions to those that there are.
fn where_also(members: &mut Members, conditions: &[Value]) {
    if conditions.is_empty() {
        return;
    }
    let own = members.entry("where").or_insert_with(|| json!([]));
    if let Some(own) = own.as_array_mut() {
        own.extend(conditions.iter().cloned());
    }
}
