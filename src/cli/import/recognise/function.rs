//! Custom JavaScript variables: the one-liners that most of them are, as variables of the config.

mod calls;
mod dom;
mod tests_of;

use super::js::{Expr, Reader};
use super::script::literal;
use super::statements::{Statement, statements};
use crate::import::report::Notes;
use crate::import::variables::{Made, Meaning, Variables};
use serde_json::{Value, json};
use std::collections::HashMap;

const NOT_RECOGNISED: &str = "its code is not recognised: push the value to the data layer, or write a variable that reads it";
const CALCULATES: &str = "it calculates, which variables do not: push the value as it is needed to the data layer";

/// The variable that does what a function does.
pub(crate) fn variable(variables: &mut Variables<'_>, code: &str, notes: &mut Notes) -> Result<Made, String> {
    let mut reader = Reader::new(code);
    let function = reader.expression();
    reader.take(";");
    reader.space();
    let Some(Expr::Function(_, body)) = function.filter(|_| reader.rest.is_empty()) else {
        return Err(NOT_RECOGNISED.into());
    };
    let mut left = MOST_STATEMENTS;
    let returned = result(&statements(&body), HashMap::new(), &mut left).ok_or(NOT_RECOGNISED)?;
    Recogniser { variables, notes }.made(&returned)
}

/// How much there may be to work out: functions that do more are none of the one-liners that are known.
const MOST_STATEMENTS: usize = 200;
const MOST_PARTS: usize = 500;

/// What a function returns, with its own names replaced by what they stand for.
fn result(list: &[Statement], mut values: HashMap<String, Expr>, left: &mut usize) -> Option<Expr> {
    for (at, statement) in list.iter().enumerate() {
        *left = left.checked_sub(1)?;
        match statement {
            Statement::Let(name, value) | Statement::Assign(Expr::Name(name), value) => {
                let value = value.with(&values);
                if value.size() > MOST_PARTS {
                    return None;
                }
                values.insert(name.clone(), value);
            }
            Statement::Return(value) => return Some(value.with(&values)).filter(|value| value.size() <= MOST_PARTS),
            Statement::If(condition, then, otherwise) => {
                let rest = list.get(at + 1..)?;
                let then = result(&[then, rest].concat(), values.clone(), left)?;
                let otherwise = result(&[otherwise, rest].concat(), values.clone(), left)?;
                return Some(Expr::Choice(Box::new(condition.with(&values)), Box::new(then), Box::new(otherwise)));
            }
            Statement::Do(Expr::Literal(_)) | Statement::Declare(..) => {}
            Statement::Do(Expr::Call(of, _)) if of.path().is_some_and(|path| path.starts_with("console.")) => {}
            _ => return None,
        }
    }
    Some(Expr::Undefined)
}

struct Recogniser<'r, 'v> {
    variables: &'r mut Variables<'v>,
    notes: &'r mut Notes,
}

impl Recogniser<'_, '_> {
    fn made(&mut self, expression: &Expr) -> Result<Made, String> {
        if let Expr::Reference(name) = expression {
            return match self.variables.meaning(name) {
                Meaning::Variable(id) => Ok(Made::Definition(json!({ "kind": "constant", "value": format!("{{{{{id}}}}}") }))),
                Meaning::Object(members, lost) => Ok(Made::Object(members, lost)),
                Meaning::Test(test) => Ok(Made::Test(test)),
                Meaning::Nothing(why) => Err(why),
            };
        }
        if let Some(test) = self.test(expression)? {
            return Ok(Made::Test(test));
        }
        self.definition(expression).map(Made::Definition)
    }

    fn definition(&mut self, expression: &Expr) -> Result<Value, String> {
        if let Some(definition) = dom::element(expression) {
            return Ok(definition);
        }
        if let Some(path) = expression.path() {
            return self.global(&path);
        }
        if let Some(definition) = self.of_text(expression)? {
            return Ok(definition);
        }
        match expression {
            _ if is_test(expression) => self.flags(expression),
            Expr::Reference(name) => Ok(json!({ "kind": "constant", "value": self.variables.fill(&format!("{{{{{name}}}}}"))? })),
            Expr::Literal(_) | Expr::Undefined | Expr::List(_) | Expr::Object(_) => {
                let written = literal(expression)?;
                let value = self.variables.fill_all(&written, self.notes).ok_or(NOT_RECOGNISED)?;
                Ok(json!({ "kind": "constant", "value": value }))
            }
            Expr::Binary("+", ..) => match literal(expression) {
                Ok(Value::String(text)) => Ok(json!({ "kind": "constant", "value": self.variables.fill(&text)? })),
                _ => Err(CALCULATES.into()),
            },
            Expr::Binary("-" | "*" | "/" | "%", ..) => Err(CALCULATES.into()),
            Expr::Binary("||" | "??", of, otherwise) => self.with_default(of, otherwise),
            Expr::Choice(condition, then, otherwise) => self.choice(condition, then, otherwise),
            Expr::Member(..) | Expr::Index(..) => self.part_of(expression),
            Expr::Call(of, arguments) => self.call(of, arguments),
            _ => Err(NOT_RECOGNISED.into()),
        }
    }

    /// A value of the browser's, or of the page's own.
    fn global(&mut self, path: &str) -> Result<Value, String> {
        let path = path.strip_prefix("document.location").map_or_else(|| path.to_owned(), |rest| format!("location{rest}"));
        Ok(match path.as_str() {
            "document.title" => json!({ "kind": "event", "path": "context.page.title" }),
            "document.referrer" => json!({ "kind": "referrer" }),
            "document.URL" | "location" | "location.href" => json!({ "kind": "url" }),
            "location.pathname" => json!({ "kind": "url", "part": "path" }),
            "location.hostname" | "location.host" => json!({ "kind": "url", "part": "host" }),
            "location.port" => json!({ "kind": "url", "part": "port" }),
            "location.search" => self.part("query", "?"),
            "location.hash" => self.part("fragment", "#"),
            "location.protocol" => self.part("protocol", ":"),
            "navigator.userAgent" => json!({ "kind": "device", "fact": "userAgent" }),
            "navigator.language" => json!({ "kind": "device", "fact": "language" }),
            "navigator.onLine" => json!({ "kind": "device", "fact": "online" }),
            "screen.width" => json!({ "kind": "device", "fact": "screenWidth" }),
            "screen.height" => json!({ "kind": "device", "fact": "screenHeight" }),
            "innerWidth" | "document.documentElement.clientWidth" => json!({ "kind": "device", "fact": "viewportWidth" }),
            "innerHeight" | "document.documentElement.clientHeight" => json!({ "kind": "device", "fact": "viewportHeight" }),
            "devicePixelRatio" => json!({ "kind": "device", "fact": "pixelRatio" }),
            _ if ["document", "location", "navigator", "history", "localStorage", "sessionStorage", "dataLayer"]
                .contains(&path.split('.').next().unwrap_or("")) =>
            {
                return Err(format!("it reads {path}, for which there is no variable: push the value to the data layer"));
            }
            _ => json!({ "kind": "global", "path": path }),
        })
    }

    fn part(&mut self, part: &str, mark: &str) -> Value {
        self.notes.change(format!("the value comes without its {mark}"));
        json!({ "kind": "url", "part": part })
    }

    fn part_of(&mut self, expression: &Expr) -> Result<Value, String> {
        let found = match expression {
            Expr::Index(of, at) => self.piece(of, at)?,
            Expr::Member(of, name) => match name.as_str() {
                "hostname" => self.address(of, "host")?,
                "pathname" => self.address(of, "path")?,
                _ => None,
            },
            _ => None,
        };
        found.map_or_else(|| self.member(expression), Ok)
    }

    /// `{{Object}}.a[0]`: further into what a variable holds.
    fn member(&mut self, expression: &Expr) -> Result<Value, String> {
        let (name, path) = below(expression).ok_or(NOT_RECOGNISED)?;
        let Meaning::Variable(id) = self.variables.meaning(&name) else {
            return Err(format!("it reads a member of {{{{{name}}}}}, which is no plain variable"));
        };
        let mut definition = self.variables.definition(&id).cloned().ok_or(NOT_RECOGNISED)?;
        let kind = definition.get("kind").and_then(Value::as_str).unwrap_or("").to_owned();
        let of = definition.get("path").and_then(Value::as_str).unwrap_or("").to_owned();
        let is_plain = matches!(kind.as_str(), "data" | "property" | "event" | "global") && definition.get("format").is_none();
        if !is_plain || path.split('.').any(|step| step == "length") {
            return Err(NOT_RECOGNISED.into());
        }
        let path = if kind == "property" && of == "element" { dom::fact(&path)? } else { format!("{of}.{path}") };
        if let Some(members) = definition.as_object_mut() {
            members.remove("id");
            members.remove("default");
            members.insert("path".into(), path.into());
        }
        Ok(definition)
    }

    fn with_default(&mut self, of: &Expr, otherwise: &Expr) -> Result<Value, String> {
        let mut definition = self.definition(of)?;
        let default = literal(otherwise).map_err(|_| NOT_RECOGNISED)?;
        if default.is_null() {
            return Ok(definition);
        }
        if let Expr::Reference(_) = otherwise {
            let (first, second) = (self.variables.add(definition, "script value"), self.id_of(otherwise)?);
            self.notes.change("what is not there and an empty text take the other value, and 0 does not");
            let rows = json!([{ "matches": "^$", "value": format!("{{{{{second}}}}}") }, { "matches": "^[\\s\\S]*$", "value": format!("{{{{{first}}}}}") }]);
            return Ok(json!({ "kind": "regex-table", "input": first, "rows": rows }));
        }
        if default.as_str().is_some_and(|text| text.contains("{{"))
            || !matches!(default, Value::String(_) | Value::Number(_) | Value::Bool(_))
        {
            return Err("its default comes from another variable: write two variables, or push the value".into());
        }
        self.notes.change("only what is not there takes the default, and not an empty text or 0");
        if let Some(members) = definition.as_object_mut() {
            members.insert("default".into(), default);
        }
        Ok(definition)
    }

    fn choice(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Result<Value, String> {
        if asks_for(condition, then) {
            return match literal(otherwise) {
                Ok(Value::Null) => self.definition(then),
                Ok(Value::String(text)) if text.is_empty() => self.definition(then),
                _ => self.with_default(then, otherwise),
            };
        }
        self.table(condition, then, otherwise)
    }

    /// The id of the variable that an expression is.
    fn id_of(&mut self, expression: &Expr) -> Result<String, String> {
        if let Expr::Reference(name) = expression {
            return self.variables.input(&format!("{{{{{name}}}}}"));
        }
        let definition = self.definition(expression)?;
        Ok(self.variables.add(definition, "script value"))
    }
}

/// The name and path of what is read from a reference.
fn below(expression: &Expr) -> Option<(String, String)> {
    let (of, step) = match expression {
        Expr::Member(of, name) => (of, name.clone()),
        Expr::Index(of, key) => match &**key {
            Expr::Literal(Value::String(name)) => (of, name.clone()),
            Expr::Literal(Value::Number(at)) => (of, at.to_string()),
            _ => return None,
        },
        _ => return None,
    };
    match &**of {
        Expr::Reference(name) => Some((name.clone(), step)),
        of => below(of).map(|(name, path)| (name, format!("{path}.{step}"))),
    }
}

/// Whether a condition asks whether there is what is read then.
fn asks_for(condition: &Expr, then: &Expr) -> bool {
    match condition {
        Expr::Binary("!=" | "!==", left, right) => match (&**left, &**right) {
            (Expr::Unary("typeof", of), Expr::Literal(_)) => asks_for(of, then),
            (of, Expr::Undefined | Expr::Literal(Value::Null)) => asks_for(of, then),
            (of, Expr::Literal(Value::String(text))) if text.is_empty() => asks_for(of, then),
            _ => false,
        },
        Expr::Binary("&&", left, right) => asks_for(left, then) && asks_for(right, then),
        _ if condition == then => true,
        _ => match then {
            Expr::Member(of, _) | Expr::Index(of, _) | Expr::Call(of, _) => asks_for(condition, of),
            _ => false,
        },
    }
}

/// Whether an expression is a test, by its outermost part.
fn is_test(expression: &Expr) -> bool {
    match expression {
        Expr::Unary("!", _) | Expr::Binary("==" | "===" | "!=" | "!==" | "<" | ">" | "<=" | ">=", ..) => true,
        Expr::Binary("||", left, right) => is_test(left) && is_test(right),
        Expr::Call(of, _) => {
            matches!(&**of, Expr::Member(_, name) if matches!(name.as_str(), "includes" | "startsWith" | "test"))
        }
        _ => false,
    }
}
