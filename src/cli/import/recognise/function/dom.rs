//! What a function reads from an element of the page.

use super::Expr;
use crate::import::variables::element_fact;
use crate::import::words::selector_of;
use serde_json::{Value, json};

/// A variable for the text of an element, or for one of its attributes.
pub(super) fn element(expression: &Expr) -> Option<Value> {
    let (of, attribute) = match expression {
        Expr::Member(of, name) => match name.as_str() {
            "innerText" | "textContent" | "value" => (&**of, None),
            "href" | "src" | "content" | "id" | "name" | "title" | "alt" | "lang" => (&**of, Some(name.clone())),
            "className" => (&**of, Some("class".to_owned())),
            name => match &**of {
                Expr::Member(of, dataset) if dataset == "dataset" => {
                    (&**of, Some(crate::import::variables::data_attribute(name)))
                }
                _ => return None,
            },
        },
        Expr::Call(of, arguments) => match &**of {
            Expr::Member(of, name) if of_jquery(of) => match (name.as_str(), arguments.as_slice()) {
                ("val" | "text", []) => (&**of, None),
                ("attr", [name]) => (&**of, Some(name.text()?.to_owned())),
                _ => return None,
            },
            Expr::Member(of, name) if name == "getAttribute" => (&**of, Some(arguments.first()?.text()?.to_owned())),
            _ => return None,
        },
        _ => return None,
    };
    let mut definition = json!({ "kind": "element", "selector": selector(of)? });
    if let (Some(attribute), Some(members)) = (attribute, definition.as_object_mut()) {
        members.insert("attribute".into(), attribute.into());
    }
    Some(definition)
}

/// `$('selector')`
fn of_jquery(expression: &Expr) -> bool {
    matches!(expression, Expr::Call(of, _) if matches!(of.path().as_deref(), Some("$" | "jQuery")))
}

/// A selector that means the same to jQuery and to the page, and one element: jQuery's `text()` is that of all.
fn plain_selector(text: &str) -> Option<String> {
    let is_id =
        text.strip_prefix('#').is_some_and(|id| id.chars().all(|letter| letter.is_alphanumeric() || "-_".contains(letter)));
    (is_id || text == "h1" || text == "title").then(|| text.to_owned())
}

/// The selector of the first element that a call finds.
fn selector(expression: &Expr) -> Option<String> {
    match expression.path().as_deref() {
        Some("document.documentElement") => return Some("html".to_owned()),
        Some("document.body") => return Some("body".to_owned()),
        _ => {}
    }
    let call = match expression {
        Expr::Index(of, at) if **at == Expr::Literal(0.into()) => of,
        other => other,
    };
    let is_first = !std::ptr::eq(call, expression);
    let Expr::Call(of, arguments) = call else { return None };
    let text = arguments.first()?.text()?;
    match (of.path()?.as_str(), is_first) {
        ("$" | "jQuery", false) => plain_selector(text),
        ("document.querySelector", false) | ("document.querySelectorAll", true) => Some(text.to_owned()),
        ("document.getElementById", false) => Some(selector_of(text)),
        ("document.getElementsByTagName", true) => Some(text.to_owned()),
        ("document.getElementsByClassName", true) => Some(format!(".{}", text.split_whitespace().collect::<Vec<_>>().join("."))),
        ("document.getElementsByName", true) => Some(format!("[name=\"{text}\"]")),
        _ => None,
    }
}

/// The fact of the element that was seen, by the path that a function takes into it.
pub(super) fn fact(path: &str) -> Result<String, String> {
    element_fact(&format!("element.{path}"))
        .map_err(|_| format!("it reads {path} of the element that was seen, for which there is no fact"))
}
