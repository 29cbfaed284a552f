//! Conditions on variables: `{ "var": "total", "op": ">", "value": 0 }`, and `all`, `any` and `not` of others.

use super::regex::{Regex, folded};
use super::scene::Scene;
use super::variable::Variables;
use crate::config::{Hear, Place};
use crate::json::{Kind, at_path, elements, f64_of, flag, kind, list, member, text, text_of};
use crate::mapping;
use crate::text::{concat, contains};
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
}

/// One variable beside one value.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Test {
    variable: usize,
    op: Op,
    value: Operand,
    ignore_case: bool,
}

/// What a variable is compared with.
#[derive(Clone, PartialEq, Debug)]
enum Operand {
    Text {
        text: String,
        number: Option<f64>,
    },
    /// With references: raw.
    Filled(String),
    Expression(Regex),
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
    StartsWith,
    EndsWith,
    Matches,
    MatchesSelector,
    Exists,
}

/// The operator of a word, which the shape has checked.
fn op_of(word: &str) -> Op {
    match word {
        "!=" => Op::Differs,
        ">" => Op::Greater,
        ">=" => Op::AtLeast,
        "<" => Op::Less,
        "<=" => Op::AtMost,
        "contains" => Op::Contains,
        "starts-with" => Op::StartsWith,
        "ends-with" => Op::EndsWith,
        "matches" => Op::Matches,
        "matches-selector" => Op::MatchesSelector,
        "exists" => Op::Exists,
        _ => Op::Equals,
    }
}

/// The shape of a condition.
pub(crate) const CONDITION: &str = r##"{"var":"name","op":["==","!=",">",">=","<","<=","contains","starts-with","ends-with",
"matches","matches-selector","exists"],"value":"any","ignoreCase":"flag","all":"#conditions","any":"#conditions","not":"#condition"}"##;

/// The shape of one or several, all of which must hold.
pub(crate) const CONDITIONS: &str = r##"{"[]":"#condition","or":"#condition"}"##;

/// What conditions need beside the event.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) variables: Vec<usize>,
    /// CSS selectors that elements are held against.
    pub(super) selectors: Vec<String>,
}

impl Condition {
    /// Reads and checks one, or a list that must hold as a whole. Its shape was checked.
    pub(super) fn read(raw: &str, variables: &Variables, place: &Place<'_>, needs: &mut Needs, faults: &mut impl Hear) -> Self {
        if kind(raw) == Kind::Array {
            return Condition::All(Self::read_all(raw, variables, place, needs, faults));
        }
        let mut forms = Vec::new();
        for key in ["all", "any", "not", "var"] {
            let Some(inner) = member(raw, key) else { continue };
            let place = &place.key(key);
            forms.push(match key {
                "not" => Condition::Not(Box::new(Self::read(inner, variables, place, needs, faults))),
                "var" => Condition::Test(Test::read(raw, variables, place, needs, faults)),
                _ => {
                    let all = match kind(inner) {
                        Kind::Array => Self::read_all(inner, variables, place, needs, faults),
                        _ => vec![Self::read(inner, variables, place, needs, faults)],
                    };
                    if key == "all" { Condition::All(all) } else { Condition::Any(all) }
                }
            });
        }
        match forms.pop() {
            Some(form) if forms.is_empty() => form,
            _ => {
                faults.add(place, || "must have one of \"var\", \"all\", \"any\" and \"not\"".into());
                Condition::Any(Vec::new())
            }
        }
    }

    fn read_all(
        raw: &str,
        variables: &Variables,
        place: &Place<'_>,
        needs: &mut Needs,
        faults: &mut impl Hear,
    ) -> Vec<Condition> {
        let mut all = Vec::new();
        for (at, item) in elements(raw).enumerate() {
            all.push(Self::read(item, variables, &place.item(at), needs, faults));
        }
        all
    }

    /// Whether it holds whatever happens.
    pub(super) fn always(&self) -> bool {
        match self {
            Condition::All(all) => all.iter().all(Condition::always),
            Condition::Any(all) => all.iter().any(Condition::always),
            Condition::Not(condition) => condition.never(),
            Condition::Test(_) => false,
        }
    }

    /// Whether nothing makes it hold.
    pub(super) fn never(&self) -> bool {
        match self {
            Condition::All(all) => all.iter().any(Condition::never),
            Condition::Any(all) => all.iter().all(Condition::never),
            Condition::Not(condition) => condition.always(),
            Condition::Test(_) => false,
        }
    }

    pub(super) fn holds(&self, scene: &Scene<'_>) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|condition| condition.holds(scene)),
            Condition::Any(all) => all.iter().any(|condition| condition.holds(scene)),
            Condition::Not(condition) => !condition.holds(scene),
            Condition::Test(test) => test.holds(scene),
        }
    }
}

impl Test {
    fn read(raw: &str, variables: &Variables, place: &Place<'_>, needs: &mut Needs, faults: &mut impl Hear) -> Self {
        let op = op_of(&text(raw, "op"));
        if member(raw, "op").is_none() {
            faults.add(place, || "needs an \"op\" beside it, such as \"==\"".into());
        }
        let value = member(raw, "value").unwrap_or("");
        let ignore_case = flag(raw, "ignoreCase", false);
        let variable = variables.named(&text(raw, "var"), place, faults);
        needs.variables.push(variable);
        if matches!(op, Op::Matches | Op::MatchesSelector) && !mapping::references(value).is_empty() {
            faults.add(place, || "is matched with a value that must be written out, without references".into());
        }
        let value = match op {
            Op::Matches => match Regex::new(&text_of(value), ignore_case) {
                Ok(regex) => Operand::Expression(regex),
                Err(wrong) => {
                    faults.add(place, || concat(&["is matched with an expression that ", wrong]));
                    Operand::Filled(String::new())
                }
            },
            _ if mapping::references(value).is_empty() => {
                let text = text_of(value).into_owned();
                if op == Op::MatchesSelector && !needs.selectors.contains(&text) {
                    needs.selectors.push(text.clone());
                }
                Operand::Text { number: f64_of(&text), text }
            }
            _ => {
                needs.variables.extend(variables.referred(value, place, faults));
                Operand::Filled(value.to_owned())
            }
        };
        Test { variable, op, value, ignore_case }
    }

    fn holds(&self, scene: &Scene<'_>) -> bool {
        let raw = scene.value(self.variable);
        let left = text_of(&raw);
        let (right, number) = match &self.value {
            Operand::Expression(regex) => return regex.is_in(&left),
            Operand::Text { text, number } => (Cow::Borrowed(text.as_str()), *number),
            Operand::Filled(raw) => {
                let filled = scene.fill(raw).unwrap_or_default();
                let text = text_of(&filled).into_owned();
                let number = f64_of(&text);
                (Cow::Owned(text), number)
            }
        };
        match self.op {
            Op::Exists => return kind(&raw) != Kind::Null,
            Op::MatchesSelector => {
                return list(at_path(scene.occasion.properties, "element").unwrap_or(""), "matches")
                    .any(|raw| text_of(raw) == right);
            }
            _ => {}
        }
        let numbers = number.and_then(|right| Some((f64_of(&left)?, right)));
        let fold = |text: Cow<'_, str>| -> String { text.chars().map(folded).collect() };
        let (left, right) = if self.ignore_case { (fold(left).into(), fold(right).into()) } else { (left, right) };
        match (self.op, numbers) {
            (Op::Equals, Some((a, b))) => a == b,
            (Op::Equals, None) => left == right,
            (Op::Differs, Some((a, b))) => a != b,
            (Op::Differs, None) => left != right,
            (Op::Contains, _) => contains(&left, &right),
            (Op::StartsWith, _) => left.starts_with(&*right),
            (Op::EndsWith, _) => left.ends_with(&*right),
            (Op::Greater, Some((a, b))) => a > b,
            (Op::AtLeast, Some((a, b))) => a >= b,
            (Op::Less, Some((a, b))) => a < b,
            (Op::AtMost, Some((a, b))) => a <= b,
            _ => false,
        }
    }
}
