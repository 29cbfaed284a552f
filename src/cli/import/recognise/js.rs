//! A part of JavaScript, read and never run: what the short functions and snippets of a container are made of. What is beyond it is
//! told apart and passed over.

pub(crate) use super::brackets::is_letter;
pub(crate) use super::reader::Reader;
use serde_json::Value;
use std::collections::HashMap;

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Expr {
    Literal(Value),
    Undefined,
    Pattern {
        source: String,
        flags: String,
    },
    /// A `{{Name}}` of the export.
    Reference(String),
    Name(String),
    Member(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    Call(Box<Expr>, Vec<Expr>),
    New(Box<Expr>, Vec<Expr>),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Object(Vec<(String, Expr)>),
    /// Its parameters and the text of its body.
    Function(Vec<String>, String),
}

impl Expr {
    /// A text that is written out.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Expr::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The same with the values of names.
    pub(crate) fn with(&self, values: &HashMap<String, Expr>) -> Expr {
        let boxed = |of: &Expr| Box::new(of.with(values));
        let all = |list: &[Expr]| list.iter().map(|one| one.with(values)).collect();
        match self {
            Expr::Name(name) => values.get(name).filter(|value| *value != self).cloned().unwrap_or_else(|| self.clone()),
            Expr::Member(of, name) => Expr::Member(boxed(of), name.clone()),
            Expr::Index(of, key) => Expr::Index(boxed(of), boxed(key)),
            Expr::Call(of, arguments) => Expr::Call(boxed(of), all(arguments)),
            Expr::New(of, arguments) => Expr::New(boxed(of), all(arguments)),
            Expr::Unary(operator, of) => Expr::Unary(operator, boxed(of)),
            Expr::Binary(operator, left, right) => Expr::Binary(operator, boxed(left), boxed(right)),
            Expr::Choice(condition, then, otherwise) => Expr::Choice(boxed(condition), boxed(then), boxed(otherwise)),
            Expr::List(items) => Expr::List(all(items)),
            Expr::Object(members) => {
                Expr::Object(members.iter().map(|(key, member)| (key.clone(), member.with(values))).collect())
            }
            Expr::Literal(_) | Expr::Undefined | Expr::Pattern { .. } | Expr::Reference(_) | Expr::Function(..) => self.clone(),
        }
    }

    /// How many parts it is made of.
    pub(crate) fn size(&self) -> usize {
        1 + match self {
            Expr::Member(of, _) | Expr::Unary(_, of) => of.size(),
            Expr::Index(left, right) | Expr::Binary(_, left, right) => left.size() + right.size(),
            Expr::Call(of, arguments) | Expr::New(of, arguments) => of.size() + arguments.iter().map(Expr::size).sum::<usize>(),
            Expr::Choice(condition, then, otherwise) => condition.size() + then.size() + otherwise.size(),
            Expr::List(items) => items.iter().map(Expr::size).sum(),
            Expr::Object(members) => members.iter().map(|(_, member)| member.size()).sum(),
            Expr::Literal(_)
            | Expr::Undefined
            | Expr::Pattern { .. }
            | Expr::Reference(_)
            | Expr::Name(_)
            | Expr::Function(..) => 0,
        }
    }

    /// The element's name in `document.createElement('script')`.
    pub(crate) fn created_element(&self) -> Option<&str> {
        match self {
            Expr::Call(of, arguments) if of.path().as_deref() == Some("document.createElement") => arguments.first()?.text(),
            _ => None,
        }
    }

    /// `a.b.c` of plain names; `window.` before it says nothing.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            Expr::Name(name) => Some(name.clone()),
            Expr::Member(of, name) => match of.path()?.as_str() {
                "window" | "self" | "globalThis" => Some(name.clone()),
                of => Some(format!("{of}.{name}")),
            },
            Expr::Index(of, key) => match &**key {
                Expr::Literal(Value::String(name)) => Some(format!("{}.{name}", of.path()?)),
                Expr::Literal(Value::Number(at)) => Some(format!("{}.{at}", of.path()?)),
                _ => None,
            },
            _ => None,
        }
    }
}
