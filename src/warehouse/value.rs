//! Values of columns, and the types that can hold them without loss.

use serde::Serialize;
use std::borrow::Cow;

/// The type of a column.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// True or false.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A double.
    Double,
    /// Text; what was an array is its JSON.
    Text,
    /// Microseconds since the Unix epoch, in UTC.
    Timestamp,
}

/// The types that hold every value seen so far without loss. Values may come in any order: the outcome is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fits {
    boolean: bool,
    integer: bool,
    double: bool,
}

impl Fits {
    /// The types that hold a value of JSON. Text holds everything.
    pub(crate) fn of(json: &str) -> Self {
        let number = json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        Fits {
            boolean: json == "true" || json == "false",
            integer: number && integer(json).is_some(),
            double: number && double(json).is_some(),
        }
    }

    /// The types that hold both.
    pub(crate) fn and(self, other: Self) -> Self {
        Fits {
            boolean: self.boolean && other.boolean,
            integer: self.integer && other.integer,
            double: self.double && other.double,
        }
    }

    /// The narrowest of them.
    pub(crate) fn narrowest(self) -> Type {
        match self {
            Fits { boolean: true, .. } => Type::Boolean,
            Fits { integer: true, .. } => Type::Integer,
            Fits { double: true, .. } => Type::Double,
            _ => Type::Text,
        }
    }
}

/// What a cell holds.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value<'a> {
    /// A value of JSON that is neither null nor an object.
    Json(&'a str),
    /// A text of the store's own.
    Text(Cow<'a, str>),
    /// Microseconds since the Unix epoch.
    Time(i64),
}

impl<'a> Value<'a> {
    /// As a truth value.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self {
            Value::Json("true") => Some(true),
            Value::Json("false") => Some(false),
            _ => None,
        }
    }

    /// As a whole number, or a time.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Value::Json(json) => integer(json),
            Value::Time(micros) => Some(*micros),
            Value::Text(_) => None,
        }
    }

    /// As a double.
    pub(crate) fn double(&self) -> Option<f64> {
        match self {
            Value::Json(json) => double(json),
            _ => None,
        }
    }

    /// As text: a string's own, and the JSON of everything else.
    pub(crate) fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Value::Json(json) if json.starts_with('"') => serde_json::from_str(json).ok().map(Cow::Owned),
            Value::Json(json) => Some(Cow::Borrowed(json)),
            Value::Text(text) => Some(text.clone()),
            Value::Time(_) => None,
        }
    }
}

/// A number of JSON as a whole number, where it is written as one is.
fn integer(json: &str) -> Option<i64> {
    let number: i64 = json.parse().ok()?;
    (json != "-0").then_some(number)
}

/// A number of JSON as a double that is written the same again, in digits and in size.
fn double(json: &str) -> Option<f64> {
    let number: f64 = json.parse().ok()?;
    (number.is_finite() && Decimal::of(json)? == Decimal::of(&format!("{number:e}"))?).then_some(number)
}

/// A decimal number without the noughts at its ends.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    /// Of the digit behind the last one.
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let dropped = all.len() - digits.len();
        let exponent = exponent.parse::<i64>().ok()?.checked_sub(fraction.len() as i64)?.checked_add(dropped as i64)?;
        let digits = digits.trim_start_matches('0').to_owned();
        let exponent = if digits.is_empty() { 0 } else { exponent };
        Some(Decimal { negative, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowest(values: &[&str]) -> Type {
        values.iter().map(|json| Fits::of(json)).reduce(Fits::and).unwrap().narrowest()
    }

    #[test]
    fn a_column_takes_the_narrowest_type_that_loses_nothing() {
        for (values, wanted) in [
            (&["true", "false"][..], Type::Boolean),
            (&["true", "1"], Type::Text),
            (&["1", "-9223372036854775808", "9223372036854775807"], Type::Integer),
            (&["9223372036854775808"], Type::Text),
            (&["18446744073709551616"], Type::Text),
            (&["1", "1.5"], Type::Double),
            (&["9007199254740992", "0.5"], Type::Double),
            (&["9007199254740993", "0.5"], Type::Text),
            (&["0.1", "1e3", "-2.5E-7", "5e-324", "1.7976931348623157e308"], Type::Double),
            (&["1.0", "2.50", "0.0", "-0"], Type::Double),
            (&["0.1000000000000000055"], Type::Text),
            (&["12345678901234567890123"], Type::Text),
            (&["1e400"], Type::Text),
            (&["1e-400"], Type::Text),
            (&["1e99999999999999999999"], Type::Text),
            (&["1", "\"1\""], Type::Text),
            (&["[1]"], Type::Text),
        ] {
            assert_eq!(narrowest(values), wanted, "{values:?}");
            let reversed: Vec<&str> = values.iter().rev().copied().collect();
            assert_eq!(narrowest(&reversed), wanted, "{values:?}");
        }
    }

    #[test]
    fn text_is_a_strings_own_and_the_json_of_the_rest() {
        for (json, text) in [(r#""a\u00e9\n""#, "aé\n"), ("1.10", "1.10"), ("[1, {}]", "[1, {}]"), ("true", "true")] {
            assert_eq!(Value::Json(json).text().as_deref(), Some(text));
        }
    }
}
