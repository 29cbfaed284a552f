//! Conditions of one trigger that never hold together.

use serde_json::Value;

/// Why a trigger's `where` never holds; nothing where it may. Only what is written out is compared.
pub(crate) fn of(condition: &Value) -> Option<String> {
    let mut all = Vec::new();
    push_all(&mut all, condition);
    let pairs = all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (*one, *other)));
    let mut found = pairs.filter(|(one, other)| exclude(one, other) || exclude(other, one));
    found.next().map(|(one, other)| format!("{one} and {other} exclude each other"))
}

/// What must hold at once.
fn push_all<'v>(into: &mut Vec<&'v Value>, condition: &'v Value) {
    match (condition, condition.get("all")) {
        (Value::Array(list), _) | (_, Some(Value::Array(list))) => list.iter().for_each(|one| push_all(into, one)),
        _ => into.push(condition),
    }
}

fn exclude(one: &Value, other: &Value) -> bool {
    if let Some(inner) = one.get("not") {
        return inner == other;
    }
    let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    if text(one, "var").is_empty() || text(one, "var") != text(other, "var") {
        return false;
    }
    let (Some(left), Some(right)) = (one.get("value"), other.get("value")) else { return false };
    if let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) {
        return match (text(one, "op").as_str(), text(other, "op").as_str()) {
            ("==", "==") => left != right,
            ("==", "!=") => left == right,
            (">", "<" | "<=" | "==") | (">=", "<") => left >= right,
            (">=", "<=" | "==") => left > right,
            ("<", "==") => left <= right,
            ("<=", "==") => left < right,
            _ => false,
        };
    }
    let (Some(left), Some(right)) = (plain(one, left), plain(other, right)) else { return false };
    match (text(one, "op").as_str(), text(other, "op").as_str()) {
        ("==", "==") => left != right,
        ("==", "!=") => left == right,
        ("==", "starts-with") => !left.starts_with(right),
        ("==", "ends-with") => !left.ends_with(right),
        ("==", "contains") => !left.contains(right),
        _ => false,
    }
}

/// A text that is the same on every page, and no number, of which there are several spellings.
fn plain<'v>(condition: &Value, value: &'v Value) -> Option<&'v str> {
    let is_exact = condition.get("ignoreCase").and_then(Value::as_bool) != Some(true);
    value.as_str().filter(|text| is_exact && !text.contains("{{") && text.trim().parse::<f64>().is_err())
}
