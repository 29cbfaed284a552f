//! Tags: what each of the export becomes, when it fires, and what it needs.

mod ads;
mod custom;
mod floodlight;
mod ga4;
mod gtag;
mod html;
mod linker;
mod scope;
mod vendors;

use super::consent::Purposes;
use super::parse::{Sequel, Tag, Version};
use super::report::{Entry, Notes};
use super::triggers::Triggers;
use super::variables::Variables;
use super::words::{Ids, word};
use scope::{Made, Result, Scope, Without};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use tidegate_core::time::push_iso;

pub(super) struct Tags<'a> {
    version: &'a Version,
    ids: Ids,
    list: Vec<Value>,
    entries: Vec<Entry>,
    /// By name, those of the config that are the same on every page.
    carried: HashMap<&'a str, Vec<String>>,
}

/// One tag of the export on its way, before it is known which others are carried.
struct Draft<'a> {
    tag: &'a Tag,
    notes: Notes,
    made: Result<(Vec<Made>, Firing)>,
}

struct Firing {
    fire_on: Vec<String>,
    except_on: Vec<String>,
}

pub(super) fn tags(
    version: &Version,
    variables: &mut Variables<'_>,
    triggers: &mut Triggers<'_>,
    purposes: &mut Purposes,
) -> (Vec<Value>, Vec<Entry>) {
    let mut tags = Tags { version, ids: Ids::default(), list: Vec::new(), entries: Vec::new(), carried: HashMap::new() };
    let mut drafts: Vec<Draft<'_>> = version.tag.iter().map(|tag| draft(version, tag, variables, triggers)).collect();
    behind_gates(&mut drafts);
    let ids: Vec<Vec<String>> = drafts.iter().map(|draft| tags.reserve(draft)).collect();
    for (draft, ids) in drafts.into_iter().zip(ids) {
        tags.finish(draft, ids, triggers, purposes);
    }
    (tags.list, tags.entries)
}

fn draft<'a>(version: &'a Version, tag: &'a Tag, variables: &mut Variables<'_>, triggers: &mut Triggers<'_>) -> Draft<'a> {
    let mut notes = Notes::default();
    let made = translate(version, tag, variables, triggers, &mut notes);
    Draft { tag, notes, made }
}

/// Leaves out what a script that is left out may have kept from firing: the pattern by which containers ask for consent before a tag.
fn behind_gates(drafts: &mut [Draft<'_>]) {
    let is_gate = |draft: &&Draft<'_>| draft.made.is_err() && draft.tag.params.text("html").contains("onHtmlFailure");
    let gates: Vec<&str> = drafts.iter().filter(is_gate).map(|draft| draft.tag.name.as_str()).collect();
    for draft in drafts.iter_mut().filter(|draft| draft.made.is_ok()) {
        let mut stops = draft.tag.setup_tag.iter().filter(|setup| setup.stop_on_setup_failure);
        if let Some(gate) = stops.find(|setup| gates.contains(&setup.tag_name.as_str())) {
            let name = &gate.tag_name;
            draft.made = Err(format!(
                "its setup \"{name}\" may keep it from firing, by a script that is left out: make what that asks for a condition of the trigger"
            )
            .into());
        }
    }
}

fn translate(
    version: &Version,
    tag: &Tag,
    variables: &mut Variables<'_>,
    triggers: &mut Triggers<'_>,
    notes: &mut Notes,
) -> Result<(Vec<Made>, Firing)> {
    if tag.paused {
        return Err("it is paused, and never fired: where it is wanted, resume it and import again".into());
    }
    let made = match product(&mut Scope { version, tag, variables, notes }) {
        Err(Without::OneOf(table, values)) => each_of(&table, &values, &mut Scope { version, tag, variables, notes })?,
        made => made?,
    };
    let firing = firing(version, tag, triggers, notes)?;
    if firing.fire_on.is_empty() && made.iter().any(|made| made.only.is_some()) {
        return Err("its id comes from a table, and only other tags run it: make a tag for each value".into());
    }
    Ok((made, firing))
}

/// A tag for each value of a table, which fires where the table has that value.
fn each_of(table: &str, values: &[String], scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    let mut all = Vec::new();
    for value in values {
        scope.variables.assume(Some((table, value)));
        let made = product(scope);
        scope.variables.assume(None);
        for mut made in made? {
            made.only = Some(json!({ "var": table, "op": "==", "value": value }));
            all.push(made);
        }
    }
    if all.is_empty() { Err("the table that its id comes from is empty".into()) } else { Ok(all) }
}

fn product(scope: &mut Scope<'_, '_>) -> Result<Vec<Made>> {
    let kind = word(&scope.tag.kind);
    let one = match kind.as_str() {
        "ua" | "ga" => return Err("dead: Google has shut down Universal Analytics; use GA4".into()),
        "opt" => return Err("dead: Google has shut down Optimize".into()),
        "gaawe" => ga4::event(scope)?,
        "googtag" | "gaawc" => ga4::google_tag(scope)?,
        "gclidw" => linker::linker(scope)?,
        "awct" => ads::conversion(scope)?,
        "awud" => ads::user_data(scope)?,
        "sp" => ads::remarketing(scope)?,
        "awcc" => ads::calls(scope)?,
        "fls" | "flc" => floodlight::activity(scope)?,
        "html" => return html::html(scope),
        "img" => custom::image(scope)?,
        "awj" => custom::awin(scope)?,
        kind if vendors::KINDS.contains(&kind) => vendors::vendor(scope, kind)?,
        _ if scope.tag.kind.starts_with("cvt_") => return custom::from_gallery(scope),
        _ => {
            let kind = &scope.tag.kind;
            return Err(format!(
                "there is no template for tags of the type {kind}: write one, or use its vendor's script in custom-script"
            )
            .into());
        }
    };
    Ok(vec![one])
}

/// Priorities go no further, to either side.
const HIGHEST: i64 = 1_000_000;

/// When it fires. What is not known of when it must not fire leaves it out.
fn firing(version: &Version, tag: &Tag, triggers: &mut Triggers<'_>, notes: &mut Notes) -> Result<Firing> {
    let (mut fire_on, mut except_on, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for id in &tag.firing_trigger_id {
        match triggers.ids_of(id) {
            Ok(ids) => fire_on.extend(ids),
            Err(why) => missing.push(format!("it does not fire on \"{}\": {why}", triggers.name_of(id))),
        }
    }
    for id in &tag.blocking_trigger_id {
        match triggers.ids_of(id) {
            Ok(ids) => except_on.extend(ids),
            Err(why) => {
                let name = triggers.name_of(id);
                return Err(
                    format!("it would fire where \"{name}\" kept it from firing: {why}. Write that exception by hand").into()
                );
            }
        }
    }
    if fire_on.is_empty() {
        let named = |sequels: &[Sequel]| sequels.iter().any(|sequel| sequel.tag_name == tag.name);
        let runs_with_another = version.tag.iter().any(|other| named(&other.setup_tag) || named(&other.teardown_tag));
        if !missing.is_empty() {
            return Err(format!("no trigger is left that fires it: {}", missing.join(". ")).into());
        }
        if !runs_with_another {
            return Err("no trigger fires it, and no other tag runs it".into());
        }
    }
    missing.into_iter().for_each(|what| notes.change(what));
    if let Some(schedule) = schedule(tag)? {
        fire_on = triggers.scheduled(&fire_on, &schedule, &tag.name);
    }
    Ok(Firing { fire_on, except_on })
}

fn schedule(tag: &Tag) -> Result<Option<Value>> {
    let mut members = Map::new();
    let time = |ms: &str| ms.parse::<u64>().ok().filter(|ms| *ms > 0);
    let [from, until] = [&tag.schedule_start_ms, &tag.schedule_end_ms].map(|ms| time(ms));
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        return Err("its schedule ends before it begins: it never fires".into());
    }
    for (key, ms) in [("from", from), ("until", until)] {
        if let Some(ms) = ms {
            let mut time = String::new();
            push_iso(&mut time, ms);
            members.insert(key.into(), time.into());
        }
    }
    Ok((!members.is_empty()).then_some(Value::Object(members)))
}

impl<'a> Tags<'a> {
    /// Ids for what a draft becomes.
    fn reserve(&mut self, draft: &Draft<'a>) -> Vec<String> {
        let Ok((made, _)) = &draft.made else { return Vec::new() };
        let ids: Vec<String> =
            made.iter().map(|_| self.ids.take(&draft.tag.name, &format!("tag-{}", draft.tag.tag_id))).collect();
        let always = made.iter().zip(&ids).filter(|(made, _)| made.only.is_none()).map(|(_, id)| id.clone());
        self.carried.entry(draft.tag.name.as_str()).or_insert_with(|| always.collect());
        ids
    }

    fn finish(&mut self, draft: Draft<'a>, ids: Vec<String>, triggers: &mut Triggers<'_>, purposes: &mut Purposes) {
        let Draft { tag, mut notes, made } = draft;
        let left_out = match made {
            Ok((made, firing)) => {
                if made.len() > 1 {
                    notes.remark(format!("it became {} tags: {}", made.len(), ids.join(", ")));
                }
                for (made, id) in made.into_iter().zip(ids) {
                    let fire_on = match &made.only {
                        Some(condition) => triggers.narrowed(&firing.fire_on, condition, &id),
                        None => firing.fire_on.clone(),
                    };
                    let firing = Firing { fire_on, except_on: firing.except_on.clone() };
                    let tag = self.tag(tag, made, &id, &firing, purposes, &mut notes);
                    self.list.push(tag);
                }
                None
            }
            Err(Without::Elsewhere(how)) => {
                notes.change(how);
                None
            }
            Err(Without::Covered(how)) => {
                notes.remark(how);
                None
            }
            Err(Without::OneOf(..)) => Some("its ids come from several tables: make a tag for each value".into()),
            Err(Without::LeftOut(why)) => Some(why),
        };
        self.entries.push(notes.entry("tag", &tag.name, &tag.tag_id, left_out));
    }

    fn tag(&self, tag: &Tag, made: Made, id: &str, firing: &Firing, purposes: &mut Purposes, notes: &mut Notes) -> Value {
        let mut config = json!({
            "id": id,
            "template": made.template,
            "params": made.params,
            "consent": purposes.requirement(tag, made.product, notes),
        });
        let mut put = |key: &str, value: Value| {
            if let Some(members) = config.as_object_mut() {
                members.insert(key.to_owned(), value);
            }
        };
        for (key, triggers) in [("fireOn", &firing.fire_on), ("exceptOn", &firing.except_on)] {
            if !triggers.is_empty() {
                put(key, json!(triggers));
            }
        }
        put(
            "fire",
            match word(&tag.tag_firing_option).as_str() {
                "onceperload" => "per-page",
                "unlimited" => "unlimited",
                _ => "per-event",
            }
            .into(),
        );
        if !tag.priority.value.is_empty() {
            match tag.priority.value.parse::<i64>() {
                Ok(priority) => {
                    let nearest = priority.clamp(-HIGHEST, HIGHEST);
                    if nearest != priority {
                        notes.change(format!("its priority is {nearest}, the nearest there is"));
                    }
                    put("priority", nearest.into());
                }
                Err(_) => notes.change("its priority is no whole number that is written out, and is left out"),
            }
        }
        let setup = self.sequels(tag, &tag.setup_tag, "setup", notes, |sequel| ("stopOnFailure", sequel.stop_on_setup_failure));
        let cleanup =
            self.sequels(tag, &tag.teardown_tag, "cleanup", notes, |sequel| ("onlyOnSuccess", sequel.stop_teardown_on_failure));
        for (key, list) in [("setup", setup), ("cleanup", cleanup)] {
            if !list.is_empty() {
                put(key, list.into());
            }
        }
        config
    }

    /// Whether a tag of the export runs another, itself or by those that it runs.
    fn runs(&self, name: &str, other: &str, seen: &mut Vec<String>) -> bool {
        if seen.iter().any(|known| known == name) {
            return false;
        }
        seen.push(name.to_owned());
        let Some(tag) = self.version.tag.iter().find(|tag| tag.name == name) else { return false };
        tag.setup_tag.iter().chain(&tag.teardown_tag).any(|next| next.tag_name == other || self.runs(&next.tag_name, other, seen))
    }

    fn sequels(
        &self,
        of: &Tag,
        named: &[Sequel],
        what: &str,
        notes: &mut Notes,
        flag: fn(&Sequel) -> (&'static str, bool),
    ) -> Vec<Value> {
        let mut list = Vec::new();
        for sequel in named {
            let name = &sequel.tag_name;
            if *name == of.name || self.runs(name, &of.name, &mut Vec::new()) {
                notes.change(format!("it runs without its {what} \"{name}\", which runs it in turn"));
                continue;
            }
            let ids = self.carried.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            if ids.is_empty() {
                let in_export = self.version.tag.iter().any(|tag| tag.name == *name);
                let why =
                    if in_export { "is left out, or another tag for each value of a table" } else { "is not in the export" };
                notes.change(format!("it runs without its {what} \"{name}\", which {why}"));
            }
            for id in ids {
                let mut step = Map::from_iter([("tag".to_owned(), Value::from(id.as_str()))]);
                let (key, is) = flag(sequel);
                if is {
                    step.insert(key.into(), true.into());
                }
                list.push(Value::Object(step));
            }
        }
        list
    }
}
