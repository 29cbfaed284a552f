//! A script as the steps it takes one after the other, and the values it takes them with.

use super::js::Expr;
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
    values: HashMap<String, Expr>,
    depth: usize,
}

/// No snippet wraps its code in more functions.
const DEEPEST: usize = 20;

/// Reads a script. What holds one of the marks is a vendor's loader, whose inside says nothing new.
pub(crate) fn read(code: &str, marks: &[&str]) -> Script {
    let mut script = Script::default();
    script.take(statements(code), marks, false);
    script
}

impl Script {
    /// The code within a function that is called.
    fn body(&mut self, body: &str, marks: &[&str], in_loader: bool) {
        if self.depth >= DEEPEST {
            return self.steps.push(Step::Other(shortened(body)));
        }
        self.depth += 1;
        self.take(statements(body), marks, in_loader);
        self.depth -= 1;
    }

    fn take(&mut self, list: Vec<Statement>, marks: &[&str], in_loader: bool) {
        for statement in list {
            match statement {
                Statement::Do(expression) => self.expression(expression, marks, in_loader),
                Statement::Let(name, value) => {
                    self.values.insert(name.clone(), value.clone());
                    if !in_loader {
                        self.steps.push(Step::Let(name, value));
                    }
                }
                Statement::Assign(target, value) if !in_loader => match target.path() {
                    Some(path) => self.steps.push(Step::Set(path, value)),
                    None => self.steps.push(Step::Other("a value that is set".into())),
                },
                Statement::If(condition, then, otherwise) if in_loader || is_guard(&condition) && otherwise.is_empty() => {
                    self.take(then, marks, in_loader);
                }
                Statement::If(..) if !in_loader => self.steps.push(Step::Other("if (…)".into())),
                Statement::Other(text) if !in_loader && !marks.iter().any(|mark| text.contains(mark)) => {
                    self.steps.push(Step::Other(shortened(&text)));
                }
                _ => {}
            }
        }
    }

    fn expression(&mut self, expression: Expr, marks: &[&str], in_loader: bool) {
        let call = match expression {
            Expr::Unary(_, inner) => *inner,
            other => other,
        };
        match call {
            Expr::Call(of, arguments) => match *of {
                Expr::Function(parameters, body) => {
                    let has_mark = |text: &str| marks.iter().any(|mark| text.contains(mark));
                    let is_loader = has_mark(&body) || arguments.iter().filter_map(Expr::text).any(has_mark);
                    if is_loader {
                        self.loader_arguments.clone_from(&arguments);
                    }
                    self.values.extend(parameters.into_iter().zip(arguments));
                    self.body(&body, marks, in_loader || is_loader);
                }
                of => self.call(&of, arguments, marks, in_loader),
            },
            // A function that is only declared, a directive.
            Expr::Function(..) | Expr::Literal(_) | Expr::Name(_) => {}
            _ if in_loader => {}
            _ => self.steps.push(Step::Other("an expression".into())),
        }
    }

    fn call(&mut self, of: &Expr, mut arguments: Vec<Expr>, marks: &[&str], in_loader: bool) {
        let name = match (of.path(), of) {
            (Some(path), _) => path,
            (None, Expr::Member(_, name)) => format!("….{name}"),
            _ => "…".to_owned(),
        };
        if name == "setTimeout"
            && let Some(Expr::Function(_, body)) = arguments.first()
        {
            self.is_delayed = true;
            return self.body(&body.clone(), marks, in_loader);
        }
        if in_loader {
            self.loader_calls.push((name, arguments));
        } else {
            arguments.iter_mut().for_each(|argument| *argument = argument.with(&self.values));
            self.steps.push(Step::Call(name, arguments));
        }
    }
}

/// Whether a condition asks no more than whether something is there.
fn is_guard(condition: &Expr) -> bool {
    match condition {
        Expr::Name(_) | Expr::Member(..) => condition.path().is_some(),
        Expr::Binary("&&", left, right) => is_guard(left) && is_guard(right),
        Expr::Binary("!=" | "!==" | "==" | "===", left, right) => {
            matches!(**left, Expr::Unary("typeof", _)) && matches!(right.text(), Some("undefined" | "function" | "object"))
        }
        _ => false,
    }
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
