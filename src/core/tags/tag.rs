//! One tag of the config.

use super::Trigger;
use super::interpolate::has_literal_host;
use crate::config::{Faults, Reader, is_web_url, join, requirement};
use crate::consent::{Purpose, Requirement};
use crate::effect::Element;
use crate::json::Value;

/// What may load on the page.
#[derive(Clone, PartialEq, Debug)]
pub struct Tag {
    /// Its name in reports.
    pub id: String,
    /// What it does.
    pub template: TemplateRef,
    /// Values for the template; may hold `{{variable}}` and `{{event.path}}`.
    pub params: Vec<(String, Value)>,
    /// What it needs. Naming nothing denies it.
    pub consent: Requirement,
    /// Positions of the triggers that fire it.
    pub fire_on: Vec<usize>,
    /// How often.
    pub fire: Fire,
}

/// What a tag does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateRef {
    /// `custom-script` and `custom-pixel`: puts `params.src` on the page at each firing.
    Element(Element),
    /// A template file, `templates/<name>.json` beside the script.
    Named(String),
}

/// How often a tag fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fire {
    /// On every event that a trigger names.
    PerEvent,
    /// On the first one only.
    PerPage,
}

impl Tag {
    pub(crate) fn read(
        value: &Value,
        pointer: &str,
        purposes: &[Purpose],
        triggers: &[Trigger],
        faults: &mut Faults,
    ) -> Option<Self> {
        let mut reader = Reader::new(value, pointer, faults)?;
        let id = reader.required_text("id", faults);
        let template = match reader.required_text("template", faults).as_str() {
            "custom-script" => TemplateRef::Element(Element::Script),
            "custom-pixel" => TemplateRef::Element(Element::Pixel),
            name => TemplateRef::Named(name.to_owned()),
        };
        if let TemplateRef::Named(name) = &template
            && !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            faults.add(&reader.pointer("template"), "must be a template's name: letters, digits and dashes");
        }
        let params = match reader.value("params") {
            None => Vec::new(),
            Some(Value::Object(members)) => members.clone(),
            Some(_) => {
                faults.add(&reader.pointer("params"), "must be an object: { … }");
                Vec::new()
            }
        };
        let tag_params = join(pointer, "params");
        check_source(&template, &params, &tag_params, faults);
        let consent_pointer = reader.pointer("consent");
        let consent = reader.value("consent").map(|value| requirement(value, &consent_pointer, purposes, faults));
        let fire_on = read_fire_on(&mut reader, triggers, faults);
        let fire = reader.word("fire", &[("per-event", Fire::PerEvent), ("per-page", Fire::PerPage)], Fire::PerEvent, faults);
        reader.finish(faults);
        Some(Tag { id, template, params, consent: consent.unwrap_or_default(), fire_on, fire })
    }

    /// A parameter's value as the config has it.
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

fn check_source(template: &TemplateRef, params: &[(String, Value)], pointer: &str, faults: &mut Faults) {
    if !matches!(template, TemplateRef::Element(_)) {
        return;
    }
    match params.iter().find(|(name, _)| name == "src") {
        Some((_, Value::String(src))) if is_web_url(src) && has_literal_host(src) => {}
        Some(_) => faults
            .add(&join(pointer, "src"), "must be an http(s) URL or path whose host is written out; {{variables}} may follow it"),
        None => faults.add(pointer, "\"src\" is missing: the address to load"),
    }
}

fn read_fire_on(reader: &mut Reader<'_>, triggers: &[Trigger], faults: &mut Faults) -> Vec<usize> {
    let pointer = reader.pointer("fireOn");
    let mut found = Vec::new();
    for (i, id) in reader.texts("fireOn", faults).iter().enumerate() {
        match triggers.iter().position(|trigger| trigger.id == *id) {
            Some(at) => found.push(at),
            None => faults.add(
                &join(&pointer, &i.to_string()),
                ["\"", id, "\" is not a trigger of this config: add it under \"triggers\""].concat(),
            ),
        }
    }
    found
}
