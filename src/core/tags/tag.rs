//! One tag of the config.

use super::interpolate::has_literal_host;
use super::{Occasion, Trigger, Variable};
use crate::config::{Faults, Hear, Place, check, is_web_url};
use crate::effect::Element;
use crate::json::{Kind, kind, list, member, members, text, text_of};
use crate::text::{concat, cut};

/// What one tag does, and when. What it needs is in [`crate::config::GatedTag`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Its name.
    pub id: String,
    /// What it does.
    pub template: TemplateRef,
    /// Values for the template, a JSON object; may hold `{{variable}}` and `{{event.path}}`.
    pub params: String,
    /// Positions of the triggers that fire it.
    pub fire_on: Vec<usize>,
    /// How often.
    pub fire: Fire,
    /// What a withdrawal does, once it ran: a script cannot be unloaded. An object of `calls`, `deleteCookies` (also
    /// what earlier pages left) and `offerReload`.
    pub on_withdraw: String,
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

/// The shape of a tag.
const TAG: &str = r##"{"id!":"name","template!":"name","params":{"{}":"any"},"consent":"#requirement","fireOn":"#texts",
"fire":["per-event","per-page"],"onWithdraw":{"calls":"#calls","deleteCookies":"#texts","offerReload":"flag"}}"##;

impl Tag {
    /// Reads and checks one.
    pub(super) fn read(raw: &str, triggers: &[Trigger], variables: &[Variable], place: &Place<'_>, faults: &mut Faults) -> Self {
        check(TAG, raw, place, faults);
        let params = member(raw, "params").unwrap_or("{}").to_owned();
        let template = match &*text(raw, "template") {
            "custom-script" => TemplateRef::Element(Element::Script),
            "custom-pixel" => TemplateRef::Element(Element::Pixel),
            name => {
                if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                    faults.add(&place.key("template"), || "must be a template's name: letters, digits and dashes".into());
                }
                TemplateRef::Named(name.to_owned())
            }
        };
        if let TemplateRef::Element(_) = template {
            check_source(&params, &place.key("params"), faults);
        }
        for (name, raw) in members(&params) {
            for reference in references(raw) {
                let known = variables.iter().any(|variable| variable.id == reference);
                if !known && !reference.starts_with("event.") {
                    faults.add(&place.key("params").key(&name), || {
                        concat(&[
                            "{{",
                            &reference,
                            "}} is no variable of this config, and no {{event.…}}: add it under \"variables\"",
                        ])
                    });
                }
            }
        }
        let mut fire_on = Vec::new();
        for (at, id) in list(raw, "fireOn").enumerate() {
            let id = text_of(id);
            match triggers.iter().position(|trigger| trigger.id == id) {
                Some(trigger) => fire_on.push(trigger),
                None => faults.add(&place.key("fireOn").item(at), || {
                    concat(&["\"", &id, "\" is not a trigger of this config: add it under \"triggers\""])
                }),
            }
        }
        let fire = if text(raw, "fire") == "per-page" { Fire::PerPage } else { Fire::PerEvent };
        Tag {
            id: text(raw, "id").into_owned(),
            template,
            fire_on,
            fire,
            params,
            on_withdraw: member(raw, "onWithdraw").unwrap_or("{}").to_owned(),
        }
    }

    /// Whether one of its triggers fires.
    pub(super) fn is_fired_by(&self, triggers: &[Trigger], variables: &[Variable], occasion: &Occasion<'_>) -> bool {
        let fires = |trigger: &Trigger| trigger.fires(occasion, variables);
        self.fire_on.iter().any(|at| triggers.get(*at).is_some_and(fires))
    }

    /// A parameter's raw value as the config has it.
    pub fn param(&self, name: &str) -> Option<&str> {
        member(&self.params, name)
    }
}

/// What a parameter refers to, in texts at any depth.
fn references(raw: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = raw;
    while let Some((_, behind)) = cut(rest, "{{")
        && let Some((reference, tail)) = cut(behind, "}}")
    {
        found.push(text_of(&concat(&["\"", reference.trim_ascii(), "\""])).into_owned());
        rest = tail;
    }
    found
}

fn check_source(params: &str, place: &Place<'_>, faults: &mut Faults) {
    match member(params, "src") {
        Some(src) if kind(src) == Kind::String && is_web_url(&text_of(src)) && has_literal_host(&text_of(src)) => {}
        Some(_) => faults.add(&place.key("src"), || {
            "must be an http(s) URL or path whose host is written out; {{variables}} may follow it".into()
        }),
        None => faults.add(place, || "\"src\" is missing: the address to load".into()),
    }
    for (name, _) in members(params) {
        if name != "src" {
            faults.add(&place.key(&name), || concat(&["\"", &name, "\" is no parameter: there is \"src\""]));
        }
    }
}
