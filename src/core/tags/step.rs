//! Steps of a template: what is done on the page, with everything filled in.

use crate::json::{elements, flag, member, members, pairs, push_member, push_string, push_text, text, text_of};
use crate::mapping::{Scope, arguments, fill_path, fill_url, filled, is_met};

/// The shape of a list of steps.
pub(crate) const STEPS: &str = r##"{"[]":"#step"}"##;

/// The shape of one step. Which members belong together [`what`] says.
pub(crate) const STEP: &str = r##"{"call":"name","new":"name","args":{"[]":"any"},"to":"name","once":"flag","set":"name","value":"any","ifMissing":"flag",
"list":"name","queue":"name","into":"name","forward":"name","as":["arguments","array","callbacks"],"methods":"#texts","push":"name",
"pixel":"name","data":"any","each":"any","do":"#steps","if":"any","is":"any","then":"#steps","else":"#steps"}"##;

/// What kinds of steps there are: the member that names each, and the others that it has. As text, since a table would be in the first load.
const KINDS: &str = r#"{"call":["args","to","once"],"new":["args","to"],"set":["value","ifMissing"],"list":[],"queue":["into","forward","as","methods"],
"push":["value"],"pixel":[],"data":[],"each":["do"],"if":["is","then","else"]}"#;

/// Whether a member is a path to something of the page's.
fn is_path(key: &str) -> bool {
    matches!(key, "call" | "new" | "to" | "set" | "list" | "queue" | "into" | "push")
}

/// What a step does, and the first of its members that does not belong to that, if there is one. Nothing for a step that does nothing.
pub(super) fn what(step: &str) -> Option<(&'static str, Option<String>)> {
    let named = |(kind, own): (&'static str, &'static str)| Some((kind.strip_prefix('"')?.strip_suffix('"')?, own));
    let (kind, own) = pairs(KINDS).filter_map(named).find(|(kind, _)| member(step, kind).is_some())?;
    let is_own = |key: &str| key == kind || elements(own).any(|raw| text_of(raw) == key);
    let stray = members(step).find(|(key, _)| !is_own(key)).map(|(key, _)| key.into_owned());
    Some((kind, stray))
}

/// Names of the page's that a step sets or calls.
pub(super) fn touched(step: &str) -> Vec<String> {
    members(step).filter(|(key, _)| is_path(key)).map(|(_, raw)| text_of(raw).into_owned()).collect()
}

/// A step that is to be done.
pub(super) struct Filled {
    /// A JSON object without references.
    pub(super) step: String,
    /// Not where the vendor was told the very same.
    pub(super) once: bool,
}

/// The steps that are to be done.
pub(super) fn filled_steps(steps: &str, scope: &Scope<'_>) -> Vec<Filled> {
    let mut all = Vec::new();
    push_steps(&mut all, steps, scope);
    all
}

fn push_steps(all: &mut Vec<Filled>, steps: &str, scope: &Scope<'_>) {
    for step in elements(steps) {
        if let Some(about) = member(step, "if") {
            let branch = if is_met(about, member(step, "is"), scope) { "then" } else { "else" };
            push_steps(all, member(step, branch).unwrap_or("[]"), scope);
            continue;
        }
        if let Some(of) = member(step, "each") {
            let (list, steps) = (filled(of, scope).unwrap_or_default(), member(step, "do").unwrap_or("[]"));
            for (index, item) in elements(&list).enumerate() {
                push_steps(all, steps, &scope.at(item, index, ""));
            }
            for (index, (key, item)) in members(&list).enumerate() {
                push_steps(all, steps, &scope.at(item, index, &key));
            }
            continue;
        }
        let mut out = String::from("{");
        for (key, raw) in members(step) {
            match &*key {
                "once" => {}
                "args" => push_member(&mut out, &key, &arguments(raw, scope)),
                "value" | "data" => push_member(&mut out, &key, filled(raw, scope).as_deref().unwrap_or("null")),
                "pixel" => {
                    push_member(&mut out, &key, "");
                    push_string(&mut out, &fill_url(&text(step, "pixel"), scope));
                }
                _ if is_path(&key) => push_text(&mut out, &key, &fill_path(&text_of(raw), scope)),
                _ => push_member(&mut out, &key, raw),
            }
        }
        out.push('}');
        all.push(Filled { step: out, once: flag(step, "once", false) });
    }
}

/// Appends all steps of a list, those of branches included.
pub(super) fn push_all<'a>(all: &mut Vec<&'a str>, steps: &'a str) {
    for step in elements(steps) {
        all.push(step);
        for branch in ["then", "else", "do"] {
            push_all(all, member(step, branch).unwrap_or(""));
        }
    }
}
