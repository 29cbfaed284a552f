//! A script as the steps it takes one after the other, and the values it takes them with.

use super::js::{Expr, is_letter};
use super::statements::{Statement, statements};
use crate::import::variables::GLOBAL;
use crate::import::words::shortened;
use serde_json::{Map, Value};
use std::collections::HashMap;

pub(crate) enum Step {
    Call(String, Vec<Expr>),
    Set(String, Expr),
    Let(String, Expr),
    Other(String),
}

/// What a script does.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    /// Calls within a vendor's own loader, and what it was called with.
    pub(crate) loader_calls: Vec<(String, Vec<Expr>)>,
    pub(crate) loader_arguments: Vec<Expr>,
    /// Whether a part of it waited for a time.
    pub(crate) is_delayed: bool,
    /// Whether a part of it asks for something of the site's own first, which may be consent.
    pub(crate) is_conditional: bool,
    values: HashMap<String, Expr>,
    depth: usize,
}

/// No snippet wraps its code in more functions.
const DEEPEST: usize = 20;

/// Why a tag is left out whose script is conditional.
pub(crate) const CONDITIONAL: &str = "its script asks for something first, which may be consent: make that a condition of its trigger, and leave it out of the script";

/// What tells the parts of a vendor's snippet.
#[derive(Clone, Copy)]
pub(crate) struct Own<'a> {
    /// What holds one of these is the vendor's loader, whose inside says nothing new.
    pub(crate) loaders: &'a [&'a str],
    /// Whether these are there is no question of the site's.
    pub(crate) globals: &'a [&'a str],
    /// What tells the loaders of other vendors in the same script, which say nothing of this one.
    pub(crate) others: &'a [&'a str],
}

/// The same for Google's own calls.
pub(crate) const OF_GOOGLE: Own<'static> = Own { loaders: &[], globals: &["dataLayer", "gtag"], others: &[] };

/// Reads a script.
pub(crate) fn read(code: &str, own: Own<'_>) -> Script {
    let mut script = Script::default();
    script.take(statements(code), own, false);
    // A loader that nothing here calls waits for somebody who does, as a banner.
    script.is_conditional |= script.values.values().any(|value| own.is_loader(value));
    script
}

impl Own<'_> {
    fn has_mark(&self, text: &str) -> bool {
        self.loaders.iter().any(|mark| text.contains(mark))
    }

    /// Whether a call runs the vendor's loader, or is to run it later.
    fn is_in_call(&self, call: &Expr) -> bool {
        match call {
            Expr::Unary(_, inner) => self.is_in_call(inner),
            Expr::Call(of, arguments) => {
                self.is_loader(of)
                    || arguments.iter().any(|argument| self.is_loader(argument))
                    || matches!(**of, Expr::Function(..))
                        && arguments.iter().filter_map(Expr::text).any(|text| self.has_mark(text))
            }
            _ => false,
        }
    }

    /// Whether a function has the loader in another, which it calls or hands on.
    fn is_wrapped(&self, body: &str) -> bool {
        statements(body).iter().any(|statement| match statement {
            Statement::Do(call) => self.is_in_call(call),
            Statement::Declare(_, function) | Statement::Let(_, function) => self.is_loader(function),
            _ => false,
        })
    }

    /// Whether a function holds the vendor's loader.
    fn is_loader(&self, value: &Expr) -> bool {
        matches!(value, Expr::Function(_, body) if self.has_mark(body))
    }
}

impl Script {
    /// The code within a function that is called.
    fn body(&mut self, body: &str, own: Own<'_>, in_loader: bool) {
        if self.depth >= DEEPEST {
            return self.steps.push(Step::Other(shortened(body)));
        }
        self.depth += 1;
        self.take(statements(body), own, in_loader);
        self.depth -= 1;
    }

    fn take(&mut self, list: Vec<Statement>, own: Own<'_>, in_loader: bool) {
        // What is declared may be called before.
        for statement in &list {
            if let Statement::Declare(name, function) = statement
                && own.is_loader(function)
                && !in_loader
            {
                self.values.insert(name.clone(), function.clone());
            }
        }
        for statement in list {
            match statement {
                Statement::Declare(..) => {}
                Statement::Do(expression) => self.expression(expression, own, in_loader),
                Statement::Let(name, value) => {
                    self.values.insert(name.clone(), value.clone());
                    if !in_loader {
                        self.steps.push(Step::Let(name, value));
                    }
                }
                Statement::Assign(target, value) if !in_loader && own.is_loader(&value) => {
                    self.values.extend(target.path().map(|path| (path, value)));
                }
                Statement::Assign(target, value) if !in_loader => match target.path() {
                    Some(path) => self.steps.push(Step::Set(path, value)),
                    None => self.steps.push(Step::Other("a value that is set".into())),
                },
                Statement::If(condition, then, otherwise) => self.condition(&condition, then, &otherwise, own, in_loader),
                Statement::Other(text) => {
                    self.is_conditional |= may_end(&text) || !in_loader && own.has_mark(&text);
                    if !in_loader {
                        self.steps.push(Step::Other(shortened(&text)));
                    }
                }
                // What follows never runs.
                Statement::Return(_) => return,
                Statement::Assign(..) => {}
            }
        }
    }

    fn condition(&mut self, condition: &Expr, then: Vec<Statement>, otherwise: &[Statement], own: Own<'_>, in_loader: bool) {
        let asked = condition.with(&self.values);
        let is_left = |statement: &Statement| matches!(statement, Statement::Return(_));
        if is_guard(&asked, own) && otherwise.is_empty() && !then.iter().any(is_left) {
            return self.take(then, own, in_loader);
        }
        let is_of_loader = |statement: &Statement| match statement {
            Statement::Do(_) | Statement::Return(_) => in_loader && is_of_own(&asked, own),
            Statement::Other(text) => in_loader && (is_of_own(&asked, own) || !may_end(text)),
            Statement::Assign(target, _) => in_loader || target.path().is_some_and(|path| own.globals.contains(&path.as_str())),
            Statement::Let(..) | Statement::Declare(..) | Statement::If(..) => in_loader,
        };
        if !then.iter().chain(otherwise).all(is_of_loader) {
            self.is_conditional = true;
            self.steps.push(Step::Other("if (…)".into()));
        }
    }

    fn expression(&mut self, expression: Expr, own: Own<'_>, in_loader: bool) {
        let call = match expression {
            Expr::Unary(_, inner) => *inner,
            other => other,
        };
        match call {
            Expr::Call(of, arguments) => match *of {
                Expr::Function(parameters, body) => {
                    self.function(parameters, &body, arguments, own, in_loader);
                }
                of => self.call(&of, arguments, own, in_loader),
            },
            Expr::Binary("&&", asked, then) if is_guard(&asked.with(&self.values), own) => self.expression(*then, own, in_loader),
            // A function that is only declared, a directive.
            Expr::Function(..) | Expr::Literal(_) | Expr::Name(_) => {}
            _ if in_loader => {}
            other => {
                self.is_conditional |= matches!(other, Expr::Binary("&&" | "||", ..) | Expr::Choice(..));
                self.steps.push(Step::Other("an expression".into()));
            }
        }
    }

    /// A function that is called where it stands, or by its name.
    fn function(&mut self, parameters: Vec<String>, body: &str, arguments: Vec<Expr>, own: Own<'_>, in_loader: bool) {
        let texts = || arguments.iter().filter_map(Expr::text);
        let is_loader = texts().any(|text| own.has_mark(text)) || own.has_mark(body) && !own.is_wrapped(body);
        let is_of_other = |text: &str| own.others.iter().any(|mark| text.contains(mark));
        if !own.has_mark(body) && !is_loader && (is_of_other(body) || texts().any(is_of_other)) {
            return;
        }
        if is_loader {
            self.loader_arguments.clone_from(&arguments);
        }
        self.values.extend(parameters.into_iter().zip(arguments));
        self.body(body, own, in_loader || is_loader);
    }

    fn call(&mut self, of: &Expr, mut arguments: Vec<Expr>, own: Own<'_>, in_loader: bool) {
        let name = match (of.path(), of) {
            (Some(path), _) => path,
            (None, Expr::Member(_, name)) => format!("….{name}"),
            _ => "…".to_owned(),
        };
        if let Some(Expr::Function(_, body)) = later(&name, &arguments).map(|function| function.with(&self.values)) {
            self.is_delayed = true;
            arguments.iter().filter_map(Expr::path).for_each(|name| drop(self.values.remove(&name)));
            return self.body(&body, own, in_loader);
        }
        if let Some(Expr::Function(parameters, body)) = self.values.get(&name).filter(|value| own.is_loader(value)).cloned() {
            self.values.remove(&name);
            return self.function(parameters, &body, arguments, own, in_loader);
        }
        // What comes when something else happens, as an answer to a banner, does not come at once.
        self.is_conditional |= !in_loader && arguments.iter().any(|argument| own.is_loader(&argument.with(&self.values)));
        if in_loader {
            self.loader_calls.push((name, arguments));
        } else {
            arguments.iter_mut().for_each(|argument| *argument = argument.with(&self.values));
            self.steps.push(Step::Call(name, arguments));
        }
    }
}

/// The function that a call runs a little later, whatever happens.
fn later<'a>(name: &str, arguments: &'a [Expr]) -> Option<&'a Expr> {
    match (name, arguments) {
        ("setTimeout" | "requestIdleCallback" | "requestAnimationFrame", [function, ..]) => Some(function),
        ("addEventListener" | "document.addEventListener", [event, function, ..]) => {
            matches!(event.text(), Some("load" | "DOMContentLoaded")).then_some(function)
        }
        _ => None,
    }
}

/// Whether a condition asks no more than whether something of the vendor's own is there.
fn is_guard(condition: &Expr, own: Own<'_>) -> bool {
    match condition {
        Expr::Name(_) | Expr::Member(..) => condition.path().is_some_and(|path| own.globals.contains(&path.as_str())),
        Expr::Binary("&&", left, right) => is_guard(left, own) && is_guard(right, own),
        Expr::Binary(op, left, right) => match (&**left, *op, right.text()) {
            (Expr::Unary("typeof", of), "!=" | "!==", Some("undefined"))
            | (Expr::Unary("typeof", of), "==" | "===", Some("function" | "object")) => is_guard(of, own),
            _ => matches!((*op, &**right), ("!=" | "!==", Expr::Undefined | Expr::Literal(Value::Null))) && is_guard(left, own),
        },
        _ => false,
    }
}

/// Whether it asks that, or the opposite: a loader that is there does not load again.
fn is_of_own(condition: &Expr, own: Own<'_>) -> bool {
    match condition {
        Expr::Unary("!", inner) => is_guard(inner, own),
        Expr::Binary("==" | "===", left, right) => {
            matches!(&**left, Expr::Unary("typeof", of) if is_guard(of, own)) && right.text() == Some("undefined")
        }
        _ => is_guard(condition, own),
    }
}

/// Whether a statement that cannot be read may end the script, or choose what it does.
fn may_end(text: &str) -> bool {
    let mut words = text.split(|letter: char| !is_letter(letter));
    words.any(|word| matches!(word, "if" | "switch" | "return" | "throw"))
}

/// A value that is written out, with `{{references}}`; otherwise what it is instead.
pub(crate) fn literal(expression: &Expr) -> Result<Value, String> {
    Ok(match expression {
        Expr::Literal(value) => value.clone(),
        Expr::Undefined => Value::Null,
        Expr::Reference(name) => format!("{{{{{name}}}}}").into(),
        Expr::Name(_) | Expr::Member(..) | Expr::Index(..) => match expression.path() {
            Some(path) => format!("{{{{{GLOBAL}{path}}}}}").into(),
            None => return Err("a value is computed in its script".into()),
        },
        Expr::List(items) => items.iter().map(literal).collect::<Result<_, _>>()?,
        Expr::Object(members) => {
            let mut object = Map::new();
            for (key, member) in members {
                let value = literal(member)?;
                if !value.is_null() {
                    object.insert(key.clone(), value);
                }
            }
            Value::Object(object)
        }
        Expr::Unary("-", of) => match literal(of)? {
            Value::Number(number) => number.as_f64().map(|number| (-number).into()).ok_or("a value is computed in its script")?,
            _ => return Err("a value is computed in its script".into()),
        },
        // A number that was made of a text is taken for one by whoever it is sent to.
        Expr::Unary("+", of) => literal(of)?,
        Expr::Call(of, arguments) => match (of.path().as_deref(), arguments.as_slice()) {
            (Some("Number" | "parseFloat" | "String" | "parseInt"), [value, ..]) => literal(value)?,
            _ => return Err("a value is computed in its script".into()),
        },
        Expr::Binary("+", left, right) => match (literal(left)?, literal(right)?) {
            (Value::String(left), Value::String(right)) if !is_bare(&left) || !is_bare(&right) => (left + &right).into(),
            _ => return Err("a value is computed in its script".into()),
        },
        _ => return Err("a value is computed in its script".into()),
    })
}

/// Whether a text is a reference alone: two of them might be numbers that are added.
fn is_bare(text: &str) -> bool {
    crate::import::references::only(text).is_some()
}
