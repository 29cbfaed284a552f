//! Functions that test a value: for `true` and `false`, or to choose between texts.

use super::{Expr, NOT_RECOGNISED, Recogniser, literal};
use crate::import::conditions::negated;
use crate::import::regex::{Regex, escaped};
use serde_json::{Value, json};

/// A row of a table: an exact text, or an expression.
enum Row {
    Is(Value),
    Matches(String),
}

impl Recogniser<'_, '_> {
    /// A comparison with another variable, which only conditions can make.
    pub(super) fn test(&mut self, expression: &Expr) -> Result<Option<Value>, String> {
        let (op, left, right, not) = match expression {
            Expr::Unary("!", inner) => return Ok(self.test(inner)?.map(negated)),
            Expr::Binary("&&", left, right) => {
                let sides = [self.test(left)?, self.test(right)?];
                return Ok(match sides {
                    [Some(left), Some(right)] => Some(json!({ "all": [left, right] })),
                    _ => None,
                });
            }
            Expr::Binary(op @ ("==" | "===" | "!=" | "!=="), left, right) => match (found(left), minus_one(right)) {
                (Some((of, part)), true) => ("contains", of, part, op.starts_with('=')),
                _ => ("==", &**left, &**right, op.starts_with('!')),
            },
            Expr::Binary(op @ (">" | ">=" | "<" | "<="), left, right) => {
                let Some((of, part)) = found(left) else {
                    let Expr::Literal(number @ Value::Number(_)) = &**right else { return Ok(None) };
                    return Ok(Some(json!({ "var": self.id_of(left)?, "op": op, "value": number })));
                };
                match (*op, &**right) {
                    (">", right) if minus_one(right) => ("contains", of, part, false),
                    (">=", Expr::Literal(zero)) if *zero == json!(0) => ("contains", of, part, false),
                    ("<", Expr::Literal(zero)) if *zero == json!(0) => ("contains", of, part, true),
                    _ => return Ok(None),
                }
            }
            Expr::Call(of, arguments) => match (&**of, arguments.as_slice()) {
                (Expr::Member(of, name), [part]) if name == "includes" => ("contains", &**of, part, false),
                (Expr::Member(of, name), [part]) if name == "startsWith" => ("starts-with", &**of, part, false),
                (Expr::Member(of, name), [part]) if name == "endsWith" => ("ends-with", &**of, part, false),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        // What is compared with a text that is written out is a table.
        if matches!(right, Expr::Literal(_) | Expr::Undefined) || matches!(left, Expr::Unary("typeof", _)) {
            return Ok(None);
        }
        let [left, right] = [self.id_of(left)?, self.id_of(right)?];
        let test = json!({ "var": left, "op": op, "value": format!("{{{{{right}}}}}") });
        Ok(Some(if not { negated(test) } else { test }))
    }

    /// `x == 'a' || x == 'b' ? 'c' : …` as a table.
    pub(super) fn table(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Result<Value, String> {
        let (subject, asked, not) = rows(condition).ok_or(NOT_RECOGNISED)?;
        let (then, otherwise) = if not { (otherwise, then) } else { (then, otherwise) };
        let value = self.written(then)?;
        let further = match otherwise {
            Expr::Choice(condition, then, last) => Some(self.table(condition, then, last)?),
            _ => None,
        };
        let further_is_exact = further.iter().all(|table| table.get("kind") == Some(&json!("lookup")));
        let is_exact = further_is_exact && asked.iter().all(|row| matches!(row, Row::Is(_)));
        let mut list = Vec::new();
        for row in asked {
            list.push(match row {
                Row::Is(text) if is_exact => json!({ "is": text, "value": value }),
                Row::Is(text) => json!({ "matches": exactly(&text), "value": value }),
                Row::Matches(expression) => {
                    Regex::parse(&expression, false).map_err(|why| format!("the expression {expression} has {why}"))?;
                    json!({ "matches": expression, "value": value })
                }
            });
        }
        let mut definition = if is_exact {
            json!({ "kind": "lookup" })
        } else {
            json!({ "kind": "regex-table", "ignoreCase": false, "full": false })
        };
        let mut default = None;
        match otherwise {
            Expr::Choice(..) => {
                let further = further.unwrap_or_default();
                let input = self.id_of(subject)?;
                if further.get("input") != Some(&json!(input)) {
                    return Err(NOT_RECOGNISED.into());
                }
                for row in further.get("rows").and_then(Value::as_array).into_iter().flatten() {
                    list.push(match row.get("is") {
                        Some(text) if !is_exact => json!({ "matches": exactly(text), "value": row.get("value") }),
                        _ => row.clone(),
                    });
                }
                default = further.get("default").cloned();
            }
            other => {
                let value = self.written(other)?;
                if !value.is_null() {
                    default = Some(value);
                }
            }
        }
        let input = self.id_of(subject)?;
        if let Some(members) = definition.as_object_mut() {
            members.insert("input".into(), input.into());
            members.insert("rows".into(), list.into());
            members.extend(default.map(|default| ("default".to_owned(), default)));
        }
        Ok(definition)
    }

    /// A test of a variable with texts that are written out, as a table of `true` and `false`.
    pub(super) fn flags(&mut self, expression: &Expr) -> Result<Value, String> {
        self.table(expression, &Expr::Literal(true.into()), &Expr::Literal(false.into()))
    }

    fn written(&mut self, expression: &Expr) -> Result<Value, String> {
        let written = literal(expression).map_err(|_| NOT_RECOGNISED)?;
        match &written {
            Value::String(text) if text.contains("{{") => self.variables.fill(text),
            _ => Ok(written),
        }
    }
}

/// The expression that matches one text and no other.
fn exactly(text: &Value) -> String {
    format!("^{}$", escaped(text.as_str().unwrap_or("")))
}

/// `x.indexOf(y)`: what is looked in, and for what.
fn found(expression: &Expr) -> Option<(&Expr, &Expr)> {
    let Expr::Call(of, arguments) = expression else { return None };
    match (&**of, arguments.as_slice()) {
        (Expr::Member(of, name), [part]) if name == "indexOf" => Some((of, part)),
        _ => None,
    }
}

fn minus_one(expression: &Expr) -> bool {
    matches!(expression, Expr::Unary("-", one) if **one == Expr::Literal(1.into()))
}

/// What a condition asks of one subject, and whether it asks that it is not so.
fn rows(condition: &Expr) -> Option<(&Expr, Vec<Row>, bool)> {
    match condition {
        Expr::Unary("!", inner) => rows(inner).map(|(subject, rows, not)| (subject, rows, !not)),
        Expr::Binary("||", left, right) => {
            let ((subject, mut all, false), (same, more, false)) = (rows(left)?, rows(right)?) else { return None };
            all.extend(more);
            (subject == same).then_some((subject, all, false))
        }
        Expr::Binary(op @ ("==" | "===" | "!=" | "!=="), left, right) => {
            if let (Some((of, part)), true) = (found(left), minus_one(right)) {
                return Some((of, vec![Row::Matches(escaped(part.text()?))], op.starts_with('=')));
            }
            let Expr::Literal(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) = &**right else { return None };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((left, vec![Row::Is(text.into())], op.starts_with('!')))
        }
        Expr::Binary(op @ (">" | ">=" | "<"), left, right) => {
            let (of, part) = found(left)?;
            let from_zero = **right == Expr::Literal(0.into());
            let is = match *op {
                ">" => minus_one(right),
                _ => from_zero,
            };
            is.then_some(())?;
            Some((of, vec![Row::Matches(escaped(part.text()?))], *op == "<"))
        }
        Expr::Call(of, arguments) => match (&**of, arguments.as_slice()) {
            (Expr::Member(of, name), [part]) if name == "includes" => {
                Some((of, vec![Row::Matches(escaped(part.text()?))], false))
            }
            (Expr::Member(of, name), [part]) if name == "startsWith" => {
                Some((of, vec![Row::Matches(format!("^{}", escaped(part.text()?)))], false))
            }
            (Expr::Member(regex, name), [subject]) if name == "test" => match &**regex {
                Expr::Pattern { source, flags } if flags.is_empty() => Some((subject, vec![Row::Matches(source.clone())], false)),
                _ => None,
            },
            (Expr::Member(of, name), [Expr::Pattern { source, flags }]) if name == "match" && flags.is_empty() => {
                Some((of, vec![Row::Matches(source.clone())], false))
            }
            _ => None,
        },
        _ => None,
    }
}
