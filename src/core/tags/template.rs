//! A tag template: what to put on the page and which calls to make. A JSON file a vendor, `js/templates/<name>.json`;
//! `src/core/tags/README.md` describes it.

use super::step;
use crate::config::{Fault, Faults, Hear, Place, check, is_web_url};
use crate::json::{self, Kind, flag, kind, list, member, members, push_member, push_merged, text, text_of};
use crate::mapping::{Scope, fill_text, has_literal_host, is_function};
use crate::text::{concat, cut};
use std::borrow::Cow;

/// A checked template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template(String);

const TEMPLATE: &str = r##"{"$schema":"any","id!":"name","docs!":{"[]":"name","or":"name"},
"params":{"{}":{"required":"flag","default":"any"}},
"permissions":{"scripts":"#texts","pixels":"#texts","globals":"#texts","cookies":"#texts"},
"stub":"#steps","load":{"script!":"name","attributes":{"{}":"text"},"module":"flag"},"init":"#steps",
"on":{"track":"#stepsByName","page":"#stepsByName","screen":"#stepsByName","identify":"#stepsByName","group":"#stepsByName",
"alias":"#stepsByName","*":"#stepsByName"},"withdraw":"#steps","regrant":"#steps"}"##;

/// The shape of the steps for one type of event.
pub(crate) const STEPS_BY_NAME: &str = r##"{"[]":"#step","or":{"{}":"#steps"}}"##;

/// Whether a template may set an attribute of a script element, beside those that begin with `data-`.
fn is_attribute(name: &str) -> bool {
    name.starts_with("data-") || matches!(name, "async" | "defer" | "crossorigin" | "id" | "referrerpolicy")
}

/// Whether a name leads out of a vendor's own objects, or to what runs text as code.
fn leads_out(name: &str) -> bool {
    matches!(
        name,
        "" | "__proto__"
            | "constructor"
            | "prototype"
            | "eval"
            | "Function"
            | "setTimeout"
            | "setInterval"
            | "document"
            | "location"
            | "window"
            | "self"
            | "globalThis"
            | "frames"
            | "top"
            | "parent"
            | "opener"
            | "localStorage"
            | "sessionStorage"
    )
}

impl Template {
    /// Reads and checks a template.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn parse(text: &str) -> Result<Template, Vec<Fault>> {
        let mut faults = Faults::default();
        let template = Template::read(text, &mut faults);
        if faults.0.is_empty() { Ok(template) } else { Err(faults.0) }
    }

    /// Reads a template, and notes what is wrong with it.
    pub(super) fn read(text: &str, faults: &mut impl Hear) -> Template {
        let document = json::document(text).unwrap_or("");
        check(TEMPLATE, document, &Place::ROOT, faults);
        let template = Template(document.to_owned());
        template.check_permissions(faults);
        template
    }

    /// What is wrong with the parameters that a tag sets: each by its name, with words that follow it.
    pub fn refused(&self, params: &str) -> Vec<(String, String)> {
        let mut refused = Vec::new();
        let mut known = String::new();
        for (name, raw) in self.declared() {
            let is_nothing = || member(params, &name).is_none_or(|raw| matches!(raw, "null" | "\"\""));
            if flag(raw, "required", false) && is_nothing() {
                refused.push((name.clone().into_owned(), String::from("is missing: the template needs it")));
            }
            known = concat(&[&known, if known.is_empty() { "" } else { ", " }, &name]);
        }
        if known.is_empty() {
            known.push_str("none");
        }
        for (name, _) in members(params) {
            if self.declared().all(|(known, _)| known != name) {
                refused.push((name.into_owned(), concat(&["is no parameter of the template: it has ", &known])));
            }
        }
        refused
    }

    /// Parameters of the script's element that a tag does not write out: each by its name, with words that follow it.
    pub fn unwritten(&self, params: &str) -> Vec<(String, &'static str)> {
        let mut found = Vec::new();
        for name in crate::mapping::references(self.of("load")) {
            let raw = member(params, &name).unwrap_or("");
            if !crate::mapping::references(raw).is_empty() && found.iter().all(|(known, _)| *known != *name) {
                found.push((name.to_string(), "is for the script's address, so it must be written out, without references"));
            }
        }
        found
    }

    /// Its name.
    pub fn id(&self) -> Cow<'_, str> {
        text(&self.0, "id")
    }

    fn declared(&self) -> json::Members<'_> {
        members(self.of("params"))
    }

    fn of(&self, key: &str) -> &str {
        member(&self.0, key).unwrap_or("")
    }

    /// A tag's parameters with the defaults of those it leaves out.
    pub(super) fn with_defaults(&self, params: &str) -> String {
        let mut defaults = String::from("{");
        for (name, raw) in self.declared() {
            if let Some(default) = member(raw, "default") {
                push_member(&mut defaults, &name, default);
            }
        }
        defaults.push('}');
        let mut out = String::from("{");
        push_merged(&mut out, &[&defaults, params]);
        out.push('}');
        out
    }

    /// What tells one use of the vendor from another: the required parameters, as the firing has them. The vendor is loaded and
    /// begun once for each.
    pub(super) fn instance(&self, params: &str) -> String {
        let mut out = String::new();
        for (name, _) in self.declared().filter(|(_, raw)| flag(raw, "required", false)) {
            push_member(&mut out, &name, member(params, &name).unwrap_or("null"));
        }
        out
    }

    /// What is put on the page: an object of `src`, `attributes` and `module`; nothing where there is no script. `literal` are the tag's parameters as
    /// the config has them: only those that are written out are filled in, so that no page can choose what is loaded.
    ///
    /// # Errors
    /// The address is not one that the template may load from.
    pub fn script(&self, literal: &str) -> Result<Option<String>, String> {
        let load = self.of("load");
        if load.is_empty() {
            return Ok(None);
        }
        let mut literals = String::from("{");
        for (name, raw) in members(&self.with_defaults(literal)) {
            if kind(raw) != Kind::String || cut(&text_of(raw), "{{").is_none() {
                push_member(&mut literals, &name, raw);
            }
        }
        literals.push('}');
        let scope = Scope::new("{}", &literals);
        let src = fill_text(&text(load, "script"), &scope, false);
        if !self.may("scripts", &src, &scope) {
            return Err(concat(&["may not load \"", &src, "\": its template's \"permissions\" do not name it"]));
        }
        let mut out = String::from("{");
        json::push_text(&mut out, "src", &src);
        let attributes = crate::mapping::filled(member(load, "attributes").unwrap_or("{}"), &scope);
        push_member(&mut out, "attributes", attributes.as_deref().unwrap_or("{}"));
        if flag(load, "module", false) {
            push_member(&mut out, "module", "true");
        }
        out.push('}');
        Ok(Some(out))
    }

    /// Whether an address begins as a permission says. One that is a reference stands for what the config writes out.
    fn may(&self, what: &str, address: &str, scope: &Scope<'_>) -> bool {
        let allowed = |raw| {
            let allowed = text_of(raw);
            let begin = fill_text(&allowed, scope, false);
            if begin == *allowed {
                address.starts_with(&begin)
            } else {
                !begin.is_empty() && address == begin && has_literal_host(&begin)
            }
        };
        is_web_url(address) && list(self.of("permissions"), what).any(allowed)
    }

    /// Whether a pixel's address is one that the template may ask for.
    pub(super) fn may_request(&self, address: &str) -> bool {
        self.may("pixels", address, &Scope::new("{}", "{}"))
    }

    /// The steps at one moment of the tag's life: `stub`, `init`, `withdraw` or `regrant`.
    pub(super) fn steps(&self, moment: &str) -> &str {
        self.of(moment)
    }

    /// The steps for an event.
    pub(super) fn steps_on(&self, verb: &str, name: &str) -> &str {
        let on = self.of("on");
        let steps = member(on, verb).or(member(on, "*")).unwrap_or("");
        match kind(steps) {
            Kind::Object => member(steps, name).or(member(steps, "*")).unwrap_or(""),
            _ => steps,
        }
    }

    fn check_permissions(&self, faults: &mut impl Hear) {
        let root = &Place::ROOT;
        let permissions = self.of("permissions");
        for what in ["scripts", "pixels"] {
            let place = &root.key("permissions");
            for (at, raw) in list(permissions, what).enumerate() {
                let begin = text_of(raw);
                let is_whole = begin.starts_with("{{") && begin.ends_with("}}");
                let has_host =
                    begin.strip_prefix("https://").is_some_and(|host| cut(host, "/").is_some_and(|(host, _)| !host.is_empty()));
                if !(is_whole && what == "scripts" || has_host && has_literal_host(&begin)) {
                    faults.add(&place.key(what).item(at), || "must begin with https://, a host and a slash".into());
                }
            }
        }
        for (at, raw) in list(permissions, "globals").enumerate() {
            if is_refused(&text_of(raw)) {
                let place = &root.key("permissions");
                faults.add(&place.key("globals").item(at), || "is not for a vendor to have: name one of its own".into());
            }
        }
        for (name, _) in members(member(self.of("load"), "attributes").unwrap_or("")) {
            if !is_attribute(&name) {
                let place = &root.key("load");
                let message = "is not an attribute that a template may set: those that begin with \"data-\" are, async, defer, crossorigin, id and referrerpolicy";
                faults.add(&place.key("attributes").key(&name), || message.into());
            }
        }
        self.check_references(self.of("load"), &root.key("load"), faults);
        for moment in ["stub", "init", "withdraw", "regrant"] {
            self.check_steps(self.of(moment), &root.key(moment), faults);
        }
        for (verb, steps) in members(self.of("on")) {
            let place = &root.key("on");
            let place = &place.key(&verb);
            match kind(steps) {
                Kind::Object => {
                    for (name, steps) in members(steps) {
                        self.check_steps(steps, &place.key(&name), faults);
                    }
                }
                _ => self.check_steps(steps, place, faults),
            }
        }
    }

    fn check_steps(&self, steps: &str, place: &Place<'_>, faults: &mut impl Hear) {
        let permissions = self.of("permissions");
        let mut all = Vec::new();
        step::push_all(&mut all, steps);
        for one in all {
            match step::what(one) {
                None => faults.add(place, || concat(&["has a step that does nothing: ", one])),
                Some((what, Some(stray))) => {
                    faults.add(place, || concat(&["has a step \"", what, "\" with \"", &stray, "\", which is not of that step"]));
                }
                Some(("pixel", None)) if !self.may_request(&text(one, "pixel")) => {
                    faults.add(place, || {
                        concat(&["requests ", &text(one, "pixel"), ", which \"permissions\" do not name under \"pixels\""])
                    });
                }
                Some(_) => {}
            }
            for path in step::touched(one) {
                if is_refused(&path) || !is_within(permissions, &path) {
                    faults
                        .add(place, || concat(&["touches \"", &path, "\", which \"permissions\" do not name under \"globals\""]));
                }
            }
        }
        self.check_references(steps, place, faults);
        check_reads(steps, permissions, place, faults);
    }

    fn check_references(&self, raw: &str, place: &Place<'_>, faults: &mut impl Hear) {
        for reference in crate::mapping::references(raw) {
            let root = cut(&reference, ".").map_or(&*reference, |(root, _)| root);
            let is_known = ["event", "item"].contains(&root) || ["index", "key"].contains(&&*reference);
            if !is_known && self.declared().all(|(name, _)| name != reference) {
                faults.add(place, || concat(&["refers to {{", &reference, "}}, which is no parameter of the template"]));
            }
        }
    }
}

/// A cookie is read by `{"$cookie": "name"}` and a value of the page by `{"$global": "name"}`, of those that the template may read.
fn check_reads(raw: &str, permissions: &str, place: &Place<'_>, faults: &mut impl Hear) {
    match kind(raw) {
        Kind::Object => {
            if let Some((name, _)) = members(raw).next().filter(|(name, _)| name.starts_with('$') && !is_function(name)) {
                faults.add(place, || concat(&["has a value \"", &name, "\", which is none of those that are known"]));
            }
            if let Some(name) = member(raw, "$cookie")
                && !list(permissions, "cookies").any(|allowed| allowed == name)
            {
                faults
                    .add(place, || concat(&["reads the cookie ", name, ", which \"permissions\" do not name under \"cookies\""]));
            }
            if let Some(name) = member(raw, "$global")
                && !is_within(permissions, &text_of(name))
            {
                faults.add(place, || concat(&["reads ", name, ", which \"permissions\" do not name under \"globals\""]));
            }
            for (_, raw) in members(raw) {
                check_reads(raw, permissions, place, faults);
            }
        }
        Kind::Array => {
            for raw in json::elements(raw) {
                check_reads(raw, permissions, place, faults);
            }
        }
        _ => {}
    }
}

/// Whether a path is one of a template's globals, or below one.
fn is_within(permissions: &str, path: &str) -> bool {
    list(permissions, "globals")
        .any(|raw| path.strip_prefix(&*text_of(raw)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// Whether a path names what no vendor may touch.
fn is_refused(path: &str) -> bool {
    path.split('.').any(leads_out)
}
