//! One tag of the config.

use super::trigger;
use super::variable::Variables;
use crate::config::{Hear, Place, check, is_web_url};
use crate::json::{Kind, flag, kind, list, member, members, number, text, text_of};
use crate::mapping::has_literal_host;
use crate::text::concat;

/// What one tag does, and when. What it needs is in [`crate::config::GatedTag`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Its name.
    pub id: String,
    /// What it does.
    pub template: TemplateRef,
    /// Values for the template, a JSON object; may hold `{{variable}}` and `{{event.path}}`.
    pub params: String,
    /// Positions of the triggers that fire it, and of those at which it does not fire.
    pub fire_on: Vec<usize>,
    pub(super) except_on: Vec<usize>,
    /// How often.
    pub fire: Fire,
    pub(super) priority: i32,
    /// Tags that run before it, and after it.
    pub(super) setup: Vec<Beside>,
    pub(super) cleanup: Vec<Beside>,
    /// How long others wait for it.
    pub(super) timeout_ms: u64,
    /// What a withdrawal does, once it ran: a script cannot be unloaded. An object of `calls`, `deleteCookies` (also
    /// what earlier pages left) and `offerReload`.
    pub on_withdraw: String,
    /// Whether its parameters need what only the page knows.
    pub(super) reads_page: bool,
}

/// A tag that runs with another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Beside {
    pub(super) tag: usize,
    /// Of one before: the other does not run without it. Of one after: it does not run where the other failed.
    pub(super) strict: bool,
}

/// What a tag does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateRef {
    /// `custom-script`: puts the script `params.src` on the page at each firing.
    Script,
    /// `custom-pixel`: requests the image `params.src`.
    Pixel,
    /// `custom-html`: shows `params.html` in a frame of an opaque origin.
    Html,
    /// A template file, `templates/<name>.json` beside the script.
    Named(String),
}

/// How often a tag fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fire {
    /// Once an occasion that a trigger names.
    PerEvent,
    /// On the first one only.
    PerPage,
    /// Once for each trigger that fires.
    Unlimited,
}

/// The shape of a tag.
const TAG: &str = r##"{"id!":"name","template!":"name","params":{"{}":"any"},"consent":"#requirement","fireOn":"#texts","exceptOn":"#texts",
"fire":["per-event","per-page","unlimited"],"priority":"any","timeoutMs":600000,
"setup":{"[]":{"tag!":"name","stopOnFailure":"flag"}},"cleanup":{"[]":{"tag!":"name","onlyOnSuccess":"flag"}},
"onWithdraw":{"calls":"#calls","deleteCookies":"#texts","offerReload":"flag"}}"##;

/// The shape of a list of calls.
pub(crate) const CALLS: &str = r#"{"[]":{"call!":"name","args":{"[]":"any"}}}"#;

impl Tag {
    /// Reads and checks one.
    pub(super) fn read(raw: &str, document: &str, variables: &Variables, place: &Place<'_>, faults: &mut impl Hear) -> Self {
        check(TAG, raw, place, faults);
        let params = member(raw, "params").unwrap_or("{}").to_owned();
        let template = match &*text(raw, "template") {
            "custom-script" => TemplateRef::Script,
            "custom-pixel" => TemplateRef::Pixel,
            "custom-html" => TemplateRef::Html,
            name => {
                if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                    faults.add(&place.key("template"), || "must be a template's name: letters, digits and dashes".into());
                }
                TemplateRef::Named(name.to_owned())
            }
        };
        check_built_in(&template, &params, &place.key("params"), faults);
        let mut uses = Vec::new();
        for (name, raw) in members(&params) {
            let params = &place.key("params");
            uses.extend(variables.referred(raw, &params.key(&name), faults));
        }
        let mut beside = |key: &str, strict: &str| {
            let mut found = Vec::new();
            for (at, other) in list(raw, key).enumerate() {
                let id = text(other, "tag");
                match list(document, "tags").position(|tag| text(tag, "id") == id) {
                    Some(tag) => found.push(Beside { tag, strict: flag(other, strict, false) }),
                    None => faults.add(&place.key(key).item(at).key("tag"), || {
                        concat(&["\"", &id, "\" is not a tag of this config: add it under \"tags\""])
                    }),
                }
            }
            found
        };
        let (setup, cleanup) = (beside("setup", "stopOnFailure"), beside("cleanup", "onlyOnSuccess"));
        Tag {
            id: text(raw, "id").into_owned(),
            template,
            fire_on: trigger::named(raw, "fireOn", document, place, faults),
            except_on: trigger::named(raw, "exceptOn", document, place, faults),
            fire: match &*text(raw, "fire") {
                "per-page" => Fire::PerPage,
                "unlimited" => Fire::Unlimited,
                _ => Fire::PerEvent,
            },
            priority: member(raw, "priority").map_or(0, |raw| {
                whole_number(raw).unwrap_or_else(|| {
                    faults.add(&place.key("priority"), || "must be a whole number from -1000000 to 1000000".into());
                    0
                })
            }),
            setup,
            cleanup,
            timeout_ms: number(raw, "timeoutMs", 2_000).into(),
            params,
            on_withdraw: member(raw, "onWithdraw").unwrap_or("{}").to_owned(),
            reads_page: variables.read_page(&uses),
        }
    }

    /// A parameter's raw value as the config has it.
    pub fn param(&self, name: &str) -> Option<&str> {
        member(&self.params, name)
    }
}

fn whole_number(raw: &str) -> Option<i32> {
    let (sign, digits) = raw.strip_prefix('-').map_or((1, raw), |digits| (-1, digits));
    let number = crate::json::whole(digits).filter(|number| *number <= 1_000_000)?;
    Some(sign * number as i32)
}

fn check_built_in(template: &TemplateRef, params: &str, place: &Place<'_>, faults: &mut impl Hear) {
    let wanted = match template {
        TemplateRef::Script | TemplateRef::Pixel => "src",
        TemplateRef::Html => "html",
        TemplateRef::Named(_) => return,
    };
    match member(params, wanted) {
        None => faults.add(place, || concat(&["\"", wanted, "\" is missing: what the tag puts on the page"])),
        Some(raw) if kind(raw) != Kind::String => faults.add(&place.key(wanted), || "must be a text: \"…\"".into()),
        Some(raw) if wanted == "src" && !(is_web_url(&text_of(raw)) && has_literal_host(&text_of(raw))) => faults
            .add(&place.key("src"), || {
                "must be an http(s) URL or path whose host is written out; {{variables}} may follow it".into()
            }),
        Some(_) => {}
    }
    for (name, _) in members(params).filter(|(name, _)| name != wanted) {
        faults.add(&place.key(&name), || concat(&["\"", &name, "\" is no parameter: there is \"", wanted, "\""]));
    }
}
