//! Conditions of triggers.

use super::parse::Condition;
use super::references::{Piece, only, pieces};
use super::regex::{Regex, escaped};
use super::variables::{Subject, Variables};
use super::words::word;
use serde_json::{Value, json};

/// An event of GTM's own.
pub(super) struct OwnEvent {
    pub(super) name: &'static str,
    /// The type of triggers that bring it about.
    pub(super) trigger: &'static str,
    /// What Tidegate calls it.
    kind: &'static str,
    /// Whether every page has it, with or without such a trigger.
    pub(super) is_of_pages: bool,
}

const fn own(name: &'static str, trigger: &'static str, kind: &'static str, is_of_pages: bool) -> OwnEvent {
    OwnEvent { name, trigger, kind, is_of_pages }
}

pub(super) const OWN_EVENTS: [OwnEvent; 14] = [
    own("gtm.init_consent", "CONSENT_INIT", "consent-initialization", true),
    own("gtm.init", "INIT", "initialization", true),
    own("gtm.js", "PAGEVIEW", "page-view", true),
    own("gtm.dom", "DOM_READY", "dom-ready", true),
    own("gtm.load", "WINDOW_LOADED", "window-loaded", true),
    own("gtm.click", "CLICK", "click", false),
    own("gtm.linkClick", "LINK_CLICK", "click", false),
    own("gtm.formSubmit", "FORM_SUBMISSION", "form-submit", false),
    own("gtm.elementVisibility", "ELEMENT_VISIBILITY", "visibility", false),
    own("gtm.scrollDepth", "SCROLL_DEPTH", "scroll", false),
    own("gtm.timer", "TIMER", "timer", false),
    own("gtm.historyChange", "HISTORY_CHANGE", "history", false),
    own("gtm.pageError", "JS_ERROR", "error", false),
    own("gtm.video", "YOU_TUBE_VIDEO", "media", false),
];

/// The name that an event has in Tidegate.
pub(super) fn event_name(name: &str) -> &str {
    OWN_EVENTS.iter().find(|own| own.name == name).map_or(name, |own| own.kind)
}

/// Whether a variable is the event's name.
pub(super) fn is_event(variables: &Variables<'_>, id: &str) -> bool {
    variables.definition(id).is_some_and(|definition| {
        definition.get("kind").and_then(Value::as_str) == Some("event")
            && definition.get("path").and_then(Value::as_str) == Some("event")
    })
}

/// What GTM calls the event that brings a trigger of the config about; nothing for events of the site's own.
fn own_name(kind: &str, on: &str) -> Option<&'static str> {
    match (kind, on) {
        ("event", _) => None,
        ("group", _) => Some("gtm.triggerGroup"),
        ("click", "links") => Some("gtm.linkClick"),
        _ => OWN_EVENTS.iter().find(|own| own.kind == kind).map(|own| own.name),
    }
}

/// Whether a condition asks for the event's name.
pub(super) fn asks_for_event(variables: &mut Variables<'_>, condition: &Condition) -> bool {
    let subject = condition.params.text("arg0");
    only(subject).is_some() && matches!(variables.subject(subject), Ok(Subject::Variable(id)) if is_event(variables, &id))
}

/// Whether the conditions on the event's name hold for a trigger of the config; nothing where only the page knows. Of GTM's own events it
/// is known here, and the page knows them by other names.
pub(super) fn holds_for(kind: &str, on: &str, conditions: &[&Condition]) -> Result<Option<bool>, String> {
    let Some(name) = own_name(kind, on) else { return Ok(None) };
    let mut holds = true;
    for condition in conditions {
        let matches = matcher(condition)?;
        let matches = matches.ok_or("it compares the event's name with what only the page knows: write it out")?;
        holds &= matches(name);
    }
    Ok(Some(holds))
}

pub(super) type Matcher = Box<dyn Fn(&str) -> bool>;

/// Whether a condition on the event's name holds for a name; nothing where that is known on the page only.
pub(super) fn matcher(condition: &Condition) -> Result<Option<Matcher>, String> {
    let wanted = condition.params.text("arg1").to_owned();
    let not = condition.params.is_true("negate");
    if wanted.contains("{{") {
        return Ok(None);
    }
    Ok(Some(match word(&condition.kind).as_str() {
        "equals" => Box::new(move |name| (name == wanted) != not),
        "contains" => Box::new(move |name| name.contains(&wanted) != not),
        "startswith" => Box::new(move |name| name.starts_with(&wanted) != not),
        "endswith" => Box::new(move |name| name.ends_with(&wanted) != not),
        "matchregex" => {
            let ignore_case = condition.params.is_true("ignore_case");
            let regex = Regex::parse(&wanted, ignore_case).map_err(|why| format!("the expression {wanted} has {why}"))?;
            Box::new(move |name| regex.is_match(name) != not)
        }
        _ => return Ok(None),
    }))
}

/// All conditions of a list; one that cannot be kept spoils them all.
pub(super) fn all(variables: &mut Variables<'_>, conditions: &[&Condition]) -> Result<Vec<Value>, String> {
    conditions.iter().map(|condition| one(variables, condition)).collect()
}

pub(super) fn one(variables: &mut Variables<'_>, condition: &Condition) -> Result<Value, String> {
    let params = &condition.params;
    let wanted = params.text("arg1");
    let not = params.is_true("negate");
    match variables.subject(params.text("arg0"))? {
        Subject::Test(test) => match word(wanted).as_str() {
            "true" => Ok(if not { negated(test) } else { test }),
            "false" => Ok(if not { test } else { negated(test) }),
            _ => Err(format!("a test is compared with {wanted}, which is neither true nor false")),
        },
        Subject::Variable(id) => {
            let asked = Asked { id: &id, kind: &word(&condition.kind), ignore_case: params.is_true("ignore_case") };
            let holds = asked.condition(variables, wanted)?;
            Ok(if not { negated(holds) } else { holds })
        }
    }
}

struct Asked<'a> {
    id: &'a str,
    kind: &'a str,
    ignore_case: bool,
}

impl Asked<'_> {
    fn condition(&self, variables: &mut Variables<'_>, wanted: &str) -> Result<Value, String> {
        let op = match self.kind {
            "equals" => "==",
            "contains" => "contains",
            "startswith" => "starts-with",
            "endswith" => "ends-with",
            "matchregex" => "matches",
            "cssselector" => "matches-selector",
            "greater" => ">",
            "greaterorequals" => ">=",
            "less" => "<",
            "lessorequals" => "<=",
            other => return Err(format!("the importer does not know conditions of the type {other}")),
        };
        if matches!(op, "matches" | "matches-selector") && wanted.contains("{{") {
            return Err(format!("{wanted} comes from a variable: write out the expression or selector"));
        }
        let regex = (op == "matches").then(|| Regex::parse(wanted, self.ignore_case));
        if let Some(Err(why)) = &regex {
            return Err(format!("the expression {wanted} has {why}"));
        }
        let value = match wanted.parse::<f64>() {
            Ok(number) if op.starts_with(['<', '>']) => match wanted.parse::<i64>() {
                Ok(whole) => json!(whole),
                Err(_) => json!(number),
            },
            _ => variables.fill(wanted)?,
        };
        let mut holds =
            if op == "==" { self.equals(variables, wanted, &value) } else { json!({ "var": self.id, "op": op, "value": value }) };
        if self.ignore_case
            && let Some(members) = holds.as_object_mut()
        {
            members.insert("ignoreCase".into(), true.into());
        }
        if wanted.contains("{{") || !may_be_missing(variables, self.id) {
            return Ok(holds);
        }
        let test = |text: &str| match (op, &regex) {
            ("==", _) => text == wanted,
            ("contains", _) => text.contains(wanted),
            ("starts-with", _) => text.starts_with(wanted),
            ("ends-with", _) => text.ends_with(wanted),
            (_, Some(Ok(regex))) => regex.is_match(text),
            _ => false,
        };
        // What is not there is the text "undefined" to GTM, and the empty text to Tidegate.
        let exists = json!({ "var": self.id, "op": "exists" });
        Ok(match (test("undefined"), test("")) {
            (true, false) if op == "==" => json!({ "not": exists }),
            (true, false) => json!({ "any": [{ "not": exists }, holds] }),
            (false, true) => json!({ "all": [exists, holds] }),
            _ => holds,
        })
    }
}

impl Asked<'_> {
    /// GTM compares texts, and `==` compares numbers where both sides are some: "007" is not "7.0".
    fn equals(&self, variables: &mut Variables<'_>, wanted: &str, value: &Value) -> Value {
        let written = pieces(wanted).into_iter().all(|piece| matches!(piece, Piece::Text(_)));
        if let (false, true, Some(text)) = (written, may_be_number(wanted), value.as_str()) {
            // No text that begins with a mark is a number.
            let marked = json!({ "kind": "constant", "value": format!("={{{{{}}}}}", self.id) });
            let compared = variables.shared(&format!("{} as text", self.id), marked);
            return json!({ "var": compared, "op": "==", "value": format!("={text}") });
        }
        if written && may_be_number(wanted) {
            return json!({ "var": self.id, "op": "matches", "value": format!("^{}$", escaped(wanted)) });
        }
        json!({ "var": self.id, "op": "==", "value": value })
    }
}

/// Whether a text may be taken for a number, whatever its references hold.
fn may_be_number(text: &str) -> bool {
    let is_of_number =
        |letter: char| letter.is_ascii_digit() || letter.is_whitespace() || matches!(letter, '.' | '-' | '+' | 'e' | 'E');
    !text.is_empty()
        && pieces(text).into_iter().all(|piece| !matches!(piece, Piece::Text(text) if !text.chars().all(is_of_number)))
}

/// Whether a variable may have no value where GTM's had none. Facts of elements are empty texts in both.
fn may_be_missing(variables: &Variables<'_>, id: &str) -> bool {
    let Some(definition) = variables.definition(id) else { return false };
    if definition.get("default").is_some() || definition.pointer("/format/null").is_some() {
        return false;
    }
    match definition.get("kind").and_then(Value::as_str) {
        Some("data" | "cookie" | "global" | "element" | "lookup" | "regex-table") => true,
        Some("url") => definition.get("key").is_some(),
        _ => false,
    }
}

/// The opposite, in as few words as there are.
pub(super) fn negated(condition: Value) -> Value {
    let opposite = match condition.get("op").and_then(Value::as_str) {
        Some("==") => Some("!="),
        Some("!=") => Some("=="),
        _ => None,
    };
    if let Some(inner) = condition.get("not") {
        return inner.clone();
    }
    match opposite {
        Some(op) => {
            let mut condition = condition;
            if let Some(members) = condition.as_object_mut() {
                members.insert("op".into(), op.into());
            }
            condition
        }
        None => json!({ "not": condition }),
    }
}
