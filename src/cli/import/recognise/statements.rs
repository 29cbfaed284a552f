//! Statements of a script, one after the other; what is not of these few kinds is `Other`.

use super::brackets::{block, is_letter, quoted};
use super::js::{Expr, Reader};
use super::reader::DEEPEST;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Statement {
    Return(Expr),
    Let(String, Expr),
    /// A function that does nothing until somebody calls it.
    Declare(String, Expr),
    Assign(Expr, Expr),
    If(Expr, Vec<Statement>, Vec<Statement>),
    Do(Expr),
    Other(String),
}

/// A script without its comments, as statements.
pub(crate) fn statements(code: &str) -> Vec<Statement> {
    within(code, 0)
}

fn within(code: &str, depth: usize) -> Vec<Statement> {
    let mut reader = Reader::new(code);
    reader.depth = depth;
    let mut found = Vec::new();
    loop {
        while reader.take(";") || reader.take(",") {}
        if reader.rest.is_empty() {
            return found;
        }
        let before = reader.rest;
        if !statement(&mut reader, &mut found) || reader.rest.len() == before.len() {
            let length = other(before);
            let (text, rest) = before.split_at(length);
            found.push(Statement::Other(text.trim().to_owned()));
            reader.rest = rest;
        }
    }
}

/// Reads one, or the several of a `var`. Nothing is added where it cannot be read.
fn statement(reader: &mut Reader<'_>, found: &mut Vec<Statement>) -> bool {
    if reader.take("if") {
        return conditional(reader).map(|statement| found.push(statement)).is_some();
    }
    if reader.take("try") {
        return attempt(reader).map(|inner| found.extend(inner)).is_some();
    }
    let start = reader.rest;
    let mut read = Vec::new();
    if let Some((name, declared)) = reader.declaration() {
        found.push(Statement::Declare(name, declared));
        return true;
    }
    if reader.take("return") {
        reader.space();
        let value = if reader.rest.starts_with([';', '}']) || reader.rest.is_empty() {
            Some(Expr::Undefined)
        } else {
            reader.expression()
        };
        let Some(value) = value else { return false };
        read.push(Statement::Return(value));
    } else if reader.take("var") || reader.take("let") || reader.take("const") {
        loop {
            let Some(name) = reader.name() else { return false };
            let value = if reader.take("=") { reader.expression() } else { Some(Expr::Undefined) };
            let Some(value) = value else { return false };
            read.push(Statement::Let(name, value));
            if !reader.take(",") {
                break;
            }
        }
    } else {
        let Some(expression) = reader.expression() else { return false };
        if reader.take("=") {
            let Some(mut value) = reader.expression() else { return false };
            let mut targets = vec![expression];
            // `a = b = 1`
            while reader.take("=") {
                let Some(next) = reader.expression() else { return false };
                targets.push(std::mem::replace(&mut value, next));
            }
            read.extend(targets.into_iter().map(|target| Statement::Assign(target, value.clone())));
        } else {
            read.push(Statement::Do(expression));
        }
    }
    if !ends(start, reader) {
        return false;
    }
    found.append(&mut read);
    true
}

/// A statement ends at a mark, at a line's end or at the end of it all.
fn ends(start: &str, reader: &mut Reader<'_>) -> bool {
    reader.space();
    let read = start.get(..start.len() - reader.rest.len()).unwrap_or("");
    let space = read.get(read.trim_end().len()..).unwrap_or("");
    space.contains('\n') || reader.rest.is_empty() || reader.rest.starts_with([';', ',', '}'])
}

fn conditional(reader: &mut Reader<'_>) -> Option<Statement> {
    if reader.depth > DEEPEST {
        return None;
    }
    reader.depth += 1;
    let found = condition_and_branches(reader);
    reader.depth -= 1;
    found
}

fn condition_and_branches(reader: &mut Reader<'_>) -> Option<Statement> {
    let mut inner = Reader::new(inside(reader)?);
    let condition = inner.expression()?;
    inner.space();
    if !inner.rest.is_empty() {
        return None;
    }
    let then = branch(reader)?;
    reader.take(";");
    let otherwise = if reader.take("else") { branch(reader)? } else { Vec::new() };
    Some(Statement::If(condition, then, otherwise))
}

/// What stands between the brackets that come next.
fn inside<'a>(reader: &mut Reader<'a>) -> Option<&'a str> {
    reader.space();
    let length = block(reader.rest)?;
    let (whole, rest) = reader.rest.split_at(length);
    reader.rest = rest;
    whole.get(1..length - 1)
}

/// What is tried, where nothing is done when it fails.
fn attempt(reader: &mut Reader<'_>) -> Option<Vec<Statement>> {
    if reader.depth > DEEPEST {
        return None;
    }
    let tried = inside(reader)?;
    if reader.take("catch") {
        reader.space();
        if reader.rest.starts_with('(') {
            inside(reader)?;
        }
        let failed = within(inside(reader)?, reader.depth + 1);
        if !failed.iter().all(does_nothing) {
            return None;
        }
    }
    if reader.take("finally") && !within(inside(reader)?, reader.depth + 1).iter().all(does_nothing) {
        return None;
    }
    Some(within(tried, reader.depth + 1))
}

/// Whether a statement leaves no trace but in the console, and gives no value.
fn does_nothing(statement: &Statement) -> bool {
    match statement {
        Statement::Do(Expr::Call(of, _)) => of.path().is_some_and(|path| path.starts_with("console.")),
        Statement::Return(value) => match value {
            Expr::Undefined => true,
            Expr::Literal(value) => value.is_null() || value.as_str() == Some(""),
            _ => false,
        },
        _ => false,
    }
}

fn branch(reader: &mut Reader<'_>) -> Option<Vec<Statement>> {
    reader.space();
    if reader.rest.starts_with('{') {
        let body = inside(reader)?;
        return Some(within(body, reader.depth));
    }
    let mut found = Vec::new();
    if reader.take("if") {
        return conditional(reader).map(|statement| vec![statement]);
    }
    statement(reader, &mut found).then_some(found)
}

/// How long a statement is that cannot be read: to a semicolon or a line's end outside brackets, behind which no bracket goes on.
fn other(text: &str) -> usize {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '{' | '(' | '[' => block(rest).unwrap_or(rest.len()),
            '"' | '\'' | '`' => quoted(rest, letter),
            _ => letter.len_utf8(),
        };
        let closes_block = letter == '{';
        rest = rest.get(length..).unwrap_or("");
        let at = text.len() - rest.len();
        let next = rest.trim_start();
        let goes_on =
            next.starts_with(['{', '(', '[', '.', '?', ':', '+', '-', '*', '/', '=', '&', '|', ')']) || next.starts_with("else");
        if letter == ';' || (letter == '\n' || closes_block && next.starts_with(is_letter)) && !goes_on {
            return at;
        }
    }
    text.len()
}
