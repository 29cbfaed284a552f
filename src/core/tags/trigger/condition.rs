//! A condition on a variable: `{ "var": "orderValue", "op": ">", "value": 0 }`.

use crate::config::{Faults, Hear, Place, check};
use crate::json::{f64_of, member, text, text_of, word};
use crate::tags::{Occasion, Variable};
use crate::text::{concat, contains};

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Condition {
    variable: usize,
    op: Op,
    value: String,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Op {
    Equals,
    Differs,
    Greater,
    AtLeast,
    Less,
    AtMost,
    Contains,
}

const OPS: [Op; 7] = [Op::Equals, Op::Differs, Op::Greater, Op::AtLeast, Op::Less, Op::AtMost, Op::Contains];
const WORDS: [&str; OPS.len()] = ["==", "!=", ">", ">=", "<", "<=", "contains"];

/// The shape of a condition.
const CONDITION: &str = r#"{"var!":"name","op!":["==","!=",">",">=","<","<=","contains"],"value":"any"}"#;

impl Condition {
    /// Reads and checks one.
    pub(super) fn read(raw: &str, variables: &[Variable], place: &Place<'_>, faults: &mut Faults) -> Self {
        check(CONDITION, raw, place, faults);
        let id = text(raw, "var");
        let variable = variables.iter().position(|variable| variable.id == id);
        if variable.is_none() {
            faults.add(&place.key("var"), || {
                concat(&["\"", &id, "\" is not a variable of this config: add it under \"variables\""])
            });
        }
        Condition {
            variable: variable.unwrap_or(usize::MAX),
            op: OPS.get(word(raw, "op", &WORDS)).copied().unwrap_or(Op::Equals),
            value: member(raw, "value").unwrap_or("").to_owned(),
        }
    }

    /// Compares as numbers where both sides are numbers, otherwise as text. Ordering is defined for numbers only.
    pub(super) fn holds(&self, occasion: &Occasion<'_>, variables: &[Variable]) -> bool {
        let Some(variable) = variables.get(self.variable) else { return false };
        let raw = variable.value(occasion);
        let (left, right) = (text_of(&raw), text_of(&self.value));
        let numbers = f64_of(&left).zip(f64_of(&right));
        match (self.op, numbers) {
            (Op::Equals, Some((a, b))) => a == b,
            (Op::Equals, None) => left == right,
            (Op::Differs, Some((a, b))) => a != b,
            (Op::Differs, None) => left != right,
            (Op::Contains, _) => contains(&left, &right),
            (Op::Greater, Some((a, b))) => a > b,
            (Op::AtLeast, Some((a, b))) => a >= b,
            (Op::Less, Some((a, b))) => a < b,
            (Op::AtMost, Some((a, b))) => a <= b,
            (Op::Greater | Op::AtLeast | Op::Less | Op::AtMost, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_one_of_the_shape_s_words() {
        for word in WORDS {
            let mut faults = Faults::default();
            check(CONDITION, &format!(r#"{{"var":"v","op":"{word}"}}"#), &Place::ROOT, &mut faults);
            assert_eq!(faults.0, [], "{word}");
        }
    }
}
