//! Reading expressions.

use super::brackets::{block, is_letter};
use super::js::Expr;
use serde_json::Value;

/// Binary operators, weakest first.
const OPERATORS: [&[&str]; 6] =
    [&["||", "??"], &["&&"], &["===", "!==", "==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// Deeper than this no snippet nests that somebody wrote.
pub(super) const DEEPEST: usize = 60;
/// Nor does one chain more members or operands.
const LONGEST: usize = 200;

/// Reads from the start of a text; what is left is in `rest`.
pub(crate) struct Reader<'a> {
    pub(crate) rest: &'a str,
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Reader { rest: text, depth: 0 }
    }

    pub(crate) fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(behind) = self.rest.strip_prefix("//") {
                self.rest = behind.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(behind) = self.rest.strip_prefix("/*") {
                self.rest = behind.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                return;
            }
        }
    }

    pub(crate) fn take(&mut self, mark: &str) -> bool {
        self.space();
        let Some(rest) = self.rest.strip_prefix(mark) else { return false };
        // A word ends where the next letter is none.
        if mark.ends_with(is_letter) && rest.starts_with(is_letter) {
            return false;
        }
        self.rest = rest;
        true
    }

    pub(crate) fn expression(&mut self) -> Option<Expr> {
        if self.depth > DEEPEST {
            return None;
        }
        self.depth += 1;
        let found = self.choice();
        self.depth -= 1;
        found
    }

    fn choice(&mut self) -> Option<Expr> {
        let condition = self.binary(0)?;
        self.space();
        if self.rest.starts_with("?.") || !self.take("?") {
            return Some(condition);
        }
        let then = self.expression()?;
        if !self.take(":") {
            return None;
        }
        Some(Expr::Choice(Box::new(condition), Box::new(then), Box::new(self.expression()?)))
    }

    fn binary(&mut self, level: usize) -> Option<Expr> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        for _ in 0..LONGEST {
            self.space();
            let Some(operator) = operators.iter().find(|operator| self.rest.starts_with(**operator)) else { return Some(left) };
            let rest = self.rest.get(operator.len()..)?;
            // `+=`, `++` and the like are none of these.
            if operator.len() == 1 && rest.starts_with(['=', *operator.as_bytes().first()? as char]) {
                return Some(left);
            }
            self.rest = rest;
            left = Expr::Binary(operator, Box::new(left), Box::new(self.binary(level + 1)?));
        }
        None
    }

    fn unary(&mut self) -> Option<Expr> {
        self.space();
        if self.rest.starts_with("++") || self.rest.starts_with("--") || self.depth > DEEPEST {
            return None;
        }
        for operator in ["!", "-", "+", "typeof", "void"] {
            if self.take(operator) {
                self.depth += 1;
                let of = self.unary();
                self.depth -= 1;
                return Some(Expr::Unary(operator, Box::new(of?)));
            }
        }
        if self.take("new") {
            let mut class = self.first()?;
            while self.take(".") {
                class = Expr::Member(Box::new(class), self.name()?);
            }
            let arguments = if self.take("(") { self.list(")")? } else { Vec::new() };
            return self.behind(Expr::New(Box::new(class), arguments));
        }
        let first = self.first()?;
        self.behind(first)
    }

    /// What follows an operand: members and calls.
    fn behind(&mut self, mut of: Expr) -> Option<Expr> {
        for _ in 0..LONGEST {
            self.space();
            // `a?.[0]` and `a?.()` go on with their bracket.
            let is_optional = self.take("?.");
            self.space();
            if is_optional && !self.rest.starts_with(['[', '(']) || self.take(".") {
                of = Expr::Member(Box::new(of), self.name()?);
            } else if self.take("[") {
                let key = self.expression()?;
                if !self.take("]") {
                    return None;
                }
                of = Expr::Index(Box::new(of), Box::new(key));
            } else if self.take("(") {
                of = Expr::Call(Box::new(of), self.list(")")?);
            } else {
                return Some(of);
            }
        }
        None
    }

    fn list(&mut self, end: &str) -> Option<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.take(end) {
            items.push(self.expression()?);
            if !self.take(",") {
                return self.take(end).then_some(items);
            }
        }
        Some(items)
    }

    fn first(&mut self) -> Option<Expr> {
        self.space();
        if self.take("{{") {
            let (name, rest) = self.rest.split_once("}}")?;
            self.rest = rest;
            return Some(Expr::Reference(name.trim().to_owned()));
        }
        if let Some(arrow) = self.arrow() {
            return Some(arrow);
        }
        if self.take("(") {
            let inner = self.expression()?;
            return self.take(")").then_some(inner);
        }
        if self.take("[") {
            return self.list("]").map(Expr::List);
        }
        if self.take("{") {
            return self.object();
        }
        match self.rest.chars().next()? {
            quote @ ('"' | '\'' | '`') => self.string(quote).map(|text| Expr::Literal(text.into())),
            '/' => self.pattern(),
            digit if digit.is_ascii_digit() || digit == '.' => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Option<Expr> {
        if self.take("function") {
            return self.function();
        }
        let name = self.name()?;
        Some(match name.as_str() {
            "true" => Expr::Literal(true.into()),
            "false" => Expr::Literal(false.into()),
            "null" => Expr::Literal(Value::Null),
            "undefined" => Expr::Undefined,
            "async" | "await" | "yield" | "class" | "delete" | "return" | "if" | "for" | "while" | "try" => return None,
            _ => Expr::Name(name),
        })
    }

    /// A function with a name, as a statement; what follows it is another.
    pub(super) fn declaration(&mut self) -> Option<(String, Expr)> {
        let start = self.rest;
        if self.take("function")
            && !self.take("(")
            && let Some(name) = Reader::new(self.rest).name()
            && let Some(declared) = self.function()
        {
            return Some((name, declared));
        }
        self.rest = start;
        None
    }

    fn function(&mut self) -> Option<Expr> {
        if !self.take("(") {
            self.name()?;
            if !self.take("(") {
                return None;
            }
        }
        let mut parameters = Vec::new();
        while !self.take(")") {
            parameters.push(self.name()?);
            self.take(",");
        }
        self.space();
        let length = block(self.rest)?;
        let body = self.rest.get(1..length - 1)?;
        self.rest = self.rest.get(length..)?;
        Some(Expr::Function(parameters, body.to_owned()))
    }

    /// `(a, b) => …`, with plain parameters.
    fn arrow(&mut self) -> Option<Expr> {
        let end = match self.rest.starts_with('(') {
            true => block(self.rest)?,
            false => self.rest.find(|letter| !is_letter(letter))?,
        };
        let (parameters, behind) = self.rest.split_at(end);
        let behind = behind.trim_start().strip_prefix("=>")?.trim_start();
        let names = parameters.trim_start_matches('(').trim_end_matches(')').split(',').map(str::trim);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if !names.iter().all(|name| name.chars().all(is_letter)) {
            return None;
        }
        if behind.starts_with('{') && !behind.starts_with("{{") {
            let length = block(behind)?;
            let body = behind.get(1..length - 1)?.to_owned();
            self.rest = behind.get(length..)?;
            return Some(Expr::Function(names, body));
        }
        let mut inner = Reader { rest: behind, depth: self.depth };
        inner.expression()?;
        let body = behind.get(..behind.len() - inner.rest.len())?;
        self.rest = inner.rest;
        Some(Expr::Function(names, format!("return {body}")))
    }

    fn object(&mut self) -> Option<Expr> {
        let mut members = Vec::new();
        while !self.take("}") {
            self.space();
            let key = match self.rest.chars().next()? {
                quote @ ('"' | '\'') => self.string(quote)?,
                digit if digit.is_ascii_digit() => match self.number()? {
                    Expr::Literal(number) => number.to_string(),
                    _ => return None,
                },
                _ => self.name()?,
            };
            let value = if self.take(":") { self.expression()? } else { Expr::Name(key.clone()) };
            members.push((key, value));
            if !self.take(",") {
                return self.take("}").then_some(Expr::Object(members));
            }
        }
        Some(Expr::Object(members))
    }

    pub(crate) fn name(&mut self) -> Option<String> {
        self.space();
        let end = self.rest.find(|letter| !is_letter(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }
}
