//! The `consent` part of the config, and the requirements that name its purposes.

use super::{Faults, Reader, join};
use crate::consent::{ConsentConfig, Model, PLATFORMS, Purpose, Requirement, Sources};
use crate::json::Value;

pub(super) fn read(value: Option<&Value>, faults: &mut Faults) -> ConsentConfig {
    let mut config = ConsentConfig {
        model: Model::OptIn,
        sources: Sources::Auto,
        remember: true,
        policy_revision: 1,
        expiry_days: 395,
        purposes: Vec::new(),
    };
    let Some(value) = value else {
        faults.add("", "\"consent\" is missing: name the purposes that destinations and tags need");
        return config;
    };
    let Some(mut reader) = Reader::new(value, "/consent", faults) else { return config };
    let models = [("opt-in", Model::OptIn), ("opt-out", Model::OptOut), ("none", Model::None)];
    config.model = reader.word("model", &models, Model::OptIn, faults);
    config.sources = read_sources(reader.value("cmp"), faults);
    config.remember = reader.flag("remember", true, faults);
    config.policy_revision = reader.number("policyRevision", 1, u32::MAX, faults);
    config.expiry_days = reader.number("expiryDays", 395, 3650, faults);
    match reader.value("purposes") {
        Some(Value::Object(members)) => {
            config.purposes = members.iter().filter_map(|(id, value)| read_purpose(id, value, faults)).collect();
        }
        _ => faults.add("/consent/purposes", "must be an object of purposes: { \"analytics\": { … } }"),
    }
    reader.finish(faults);
    config
}

fn read_sources(value: Option<&Value>, faults: &mut Faults) -> Sources {
    match value {
        None => Sources::Auto,
        Some(Value::String(word)) if word == "auto" => Sources::Auto,
        Some(Value::String(word)) if word == "manual" => Sources::Manual,
        Some(Value::Array(items)) => {
            for (i, item) in items.iter().enumerate() {
                if !item.as_str().is_some_and(|name| PLATFORMS.contains(&name)) {
                    let message = ["is not a known consent platform: write one of ", &PLATFORMS.join(", ")].concat();
                    faults.add(&join("/consent/cmp", &i.to_string()), message);
                }
            }
            Sources::Listed(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        }
        Some(_) => {
            faults.add("/consent/cmp", "must be \"auto\", \"manual\" or a list of consent platforms");
            Sources::Auto
        }
    }
}

fn read_purpose(id: &str, value: &Value, faults: &mut Faults) -> Option<Purpose> {
    let pointer = join("/consent/purposes", id);
    let mut reader = Reader::new(value, &pointer, faults)?;
    let mut purpose = Purpose { id: id.to_owned(), always: reader.flag("always", false, faults), ..Purpose::default() };
    if let Some(mut tcf) = reader.value("tcf").and_then(|value| Reader::new(value, &join(&pointer, "tcf"), faults)) {
        tcf.list("purposes", faults);
        tcf.list("specialFeatures", faults);
        tcf.finish(faults);
    }
    for opt_out in reader.texts("gpp", faults) {
        purpose.opt_out = true;
        if !["sale", "sharing", "targeted"].contains(&opt_out.as_str()) {
            faults.add(&join(&pointer, "gpp"), "must hold \"sale\", \"sharing\" or \"targeted\"");
        }
    }
    for platform in PLATFORMS.into_iter().filter(|name| !["tcf", "gpp"].contains(name)) {
        let categories = reader.texts(platform, faults);
        if !categories.is_empty() {
            purpose.categories.push((platform.to_owned(), categories));
        }
    }
    reader.finish(faults);
    Some(purpose)
}

/// Reads `{ "allOf": [purpose …], "anyOf": [purpose …] }`.
pub(crate) fn requirement(value: &Value, pointer: &str, purposes: &[Purpose], faults: &mut Faults) -> Requirement {
    let Some(mut reader) = Reader::new(value, pointer, faults) else { return Requirement::default() };
    let mut named = |key, faults: &mut Faults| {
        let ids = reader.texts(key, faults);
        let mut found = Vec::new();
        for (i, id) in ids.iter().enumerate() {
            match purposes.iter().position(|purpose| purpose.id == *id) {
                Some(at) => found.push(at),
                None => {
                    let known: Vec<&str> = purposes.iter().map(|purpose| purpose.id.as_str()).collect();
                    let message = ["\"", id, "\" is not a purpose: write one of ", &known.join(", ")].concat();
                    faults.add(&join(&join(pointer, key), &i.to_string()), message);
                }
            }
        }
        found
    };
    let requirement = Requirement { all_of: named("allOf", faults), any_of: named("anyOf", faults) };
    reader.finish(faults);
    requirement
}
