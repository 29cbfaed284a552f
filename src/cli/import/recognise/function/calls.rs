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

    pub(super) fn call(&mut self, of: &Expr, arguments: &[Expr]) -> Result<Value, String> {
        if let Expr::Member(date, function) = of
            && matches!(&**date, Expr::New(class) if class.path().as_deref() == Some("Date"))
        {
            return match function.as_str() {
                "toISOString" => Ok(json!({ "kind": "event", "path": "timestamp" })),
                _ => Err("it tells the time in its own way: use {{event.timestamp}}, which is ISO 8601".into()),
            };
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
