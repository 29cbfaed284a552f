//! Calls within functions: of texts, of numbers, of Google Tag Manager itself.

use super::{CALCULATES, Expr, NOT_RECOGNISED, Recogniser};
use serde_json::{Value, json};

impl Recogniser<'_, '_> {
    /// Functions of texts that a variable's format has.
    pub(super) fn of_text(&mut self, expression: &Expr) -> Result<Option<Value>, String> {
        let Expr::Call(of, _) = expression else { return Ok(None) };
        let Expr::Member(text, function) = &**of else { return Ok(None) };
        let (key, value) = match function.as_str() {
            "toLowerCase" | "toLocaleLowerCase" => ("case", json!("lower")),
            "toUpperCase" | "toLocaleUpperCase" => ("case", json!("upper")),
            "trim" => ("trim", json!(true)),
            "toString" => return self.definition(text).map(Some),
            _ => return Ok(None),
        };
        let mut definition = self.definition(text)?;
        if let Some(members) = definition.as_object_mut() {
            let format = members.entry("format").or_insert_with(|| json!({}));
            if let Some(format) = format.as_object_mut() {
                format.insert(key.into(), value);
            }
        }
        Ok(Some(definition))
    }

    /// `new URLSearchParams(location.search).get('key')`, and the `searchParams` of an address.
    fn query(&mut self, of: &Expr, key: &str) -> Result<Option<Value>, String> {
        let definition = match of {
            Expr::New(class, arguments) if class.path().as_deref() == Some("URLSearchParams") => {
                let asked = arguments.first().and_then(Expr::path);
                let is_of_page = matches!(asked.as_deref(), Some("location.search" | "document.location.search"));
                is_of_page.then(|| json!({ "kind": "url", "part": "query" }))
            }
            Expr::Member(address, name) if name == "searchParams" => self.address(address, "query")?,
            _ => None,
        };
        Ok(definition.map(|mut definition| {
            if let Some(members) = definition.as_object_mut() {
                members.insert("key".into(), key.into());
            }
            definition
        }))
    }

    /// A part of `new URL(…)`.
    pub(super) fn address(&mut self, of: &Expr, part: &str) -> Result<Option<Value>, String> {
        let Expr::New(class, arguments) = of else { return Ok(None) };
        let (Some("URL"), [address]) = (class.path().as_deref(), arguments.as_slice()) else { return Ok(None) };
        if matches!(address.path().as_deref(), Some("location" | "location.href" | "document.location.href" | "document.URL")) {
            return Ok(Some(json!({ "kind": "url", "part": part })));
        }
        Ok(Some(json!({ "kind": "url", "part": part, "of": self.id_of(address)? })))
    }

    /// `text.split('/')[1]`: the part of a text at a place.
    pub(super) fn piece(&mut self, of: &Expr, at: &Expr) -> Result<Option<Value>, String> {
        let (Some((text, mark)), Expr::Literal(at)) = (split(of), at) else { return Ok(None) };
        let Some(at) = at.as_u64().filter(|at| *at < 20) else { return Ok(None) };
        self.group(text, &format!("^(?:[^{mark}]*[{mark}]){{{at}}}([^{mark}]*)")).map(Some)
    }

    /// The last part of such a text, or an address's part without its mark.
    fn cut(&mut self, of: &Expr, function: &str, arguments: &[Expr]) -> Result<Option<Value>, String> {
        if let (Some((text, mark)), "pop") = (split(of), function) {
            return self.group(text, &format!("([^{mark}]*)$")).map(Some);
        }
        let part = match of.path().as_deref() {
            Some("location.hash" | "document.location.hash") => "fragment",
            Some("location.search" | "document.location.search") => "query",
            _ => return Ok(None),
        };
        let is_without_mark = match (function, arguments) {
            ("substring" | "substr" | "slice", [from]) => *from == Expr::Literal(1.into()),
            ("replace", [mark, nothing]) => matches!(mark.text(), Some("#" | "?")) && nothing.text() == Some(""),
            _ => false,
        };
        Ok(is_without_mark.then(|| json!({ "kind": "url", "part": part })))
    }

    /// What the first group of an expression holds.
    fn group(&mut self, text: &Expr, expression: &str) -> Result<Value, String> {
        let input = self.id_of(text)?;
        let rows = json!([{ "matches": expression, "value": "$1" }]);
        Ok(json!({ "kind": "regex-table", "input": input, "rows": rows, "ignoreCase": false, "full": false }))
    }

    pub(super) fn call(&mut self, of: &Expr, arguments: &[Expr]) -> Result<Value, String> {
        if let Expr::Member(date, function) = of
            && matches!(&**date, Expr::New(class, _) if class.path().as_deref() == Some("Date"))
        {
            return match function.as_str() {
                "toISOString" => Ok(json!({ "kind": "event", "path": "timestamp" })),
                _ => Err("it tells the time in its own way: use {{event.timestamp}}, which is ISO 8601".into()),
            };
        }
        if let Expr::Member(query, function) = of
            && function == "get"
            && let Some(key) = arguments.first().and_then(Expr::text)
            && let Some(definition) = self.query(query, key)?
        {
            return Ok(definition);
        }
        if let Expr::Member(parts, function) = of
            && let Some(definition) = self.cut(parts, function, arguments)?
        {
            return Ok(definition);
        }
        // `google_tag_manager['GTM-X'].dataLayer.get('path')`
        if let Expr::Member(layer, function) = of
            && function == "get"
            && matches!(&**layer, Expr::Member(_, name) if name == "dataLayer")
            && let Some(path) = arguments.first().and_then(Expr::text)
        {
            return Ok(json!({ "kind": "data", "path": path }));
        }
        // `{{Click Element}}.getAttribute('data-x')`
        if let Expr::Member(element, function) = of
            && function == "getAttribute"
            && let Expr::Reference(_) = &**element
            && let Some(name) = arguments.first().and_then(Expr::text)
        {
            let attributes = Expr::Member(element.clone(), "attributes".into());
            let attribute = Expr::Member(Box::new(attributes), name.to_lowercase());
            return self.member(&Expr::Member(Box::new(attribute), "value".into()));
        }
        match of.path().as_deref() {
            Some("String") => self.definition(arguments.first().ok_or(NOT_RECOGNISED)?),
            Some("Date.now") => Err("it tells the time in its own way: use {{event.timestamp}}, which is ISO 8601".into()),
            Some("Number" | "parseInt" | "parseFloat") => {
                self.notes.change("the value is not made a number of");
                self.definition(arguments.first().ok_or(NOT_RECOGNISED)?)
            }
            Some(path) if path.starts_with("Math.") => Err(CALCULATES.into()),
            _ => match of {
                Expr::Member(_, function)
                    if matches!(function.as_str(), "join" | "map" | "filter" | "reduce" | "split" | "replace") =>
                {
                    Err(format!("it works on a value with {function}(), which variables do not: push it as it is needed"))
                }
                _ => Err(NOT_RECOGNISED.into()),
            },
        }
    }
}

/// `text.split('/')`, with one mark: the text, and the mark as a class of an expression has it.
fn split(of: &Expr) -> Option<(&Expr, String)> {
    let Expr::Call(call, arguments) = of else { return None };
    let Expr::Member(text, function) = &**call else { return None };
    let mark = arguments.first()?.text().filter(|_| arguments.len() == 1 && function == "split")?;
    let is_plain = mark.len() == 1 && mark.starts_with(|letter: char| letter == ' ' || letter.is_ascii_punctuation());
    is_plain.then(|| (&**text, if mark == " " { mark.to_owned() } else { format!("\\{mark}") }))
}
