//! A table of expressions: what a text stands for that one of them matches.

use super::lookup::refer;
use super::{Variables, flag_on, raw_text, rows};
use crate::config::{Hear, Place};
use crate::json::{Kind, kind, text, text_of};
use crate::tags::regex::Regex;
use crate::tags::scene::Scene;
use crate::text::concat;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct RegexTable {
    input: usize,
    rows: Vec<(Regex, String)>,
    full: bool,
}

impl RegexTable {
    pub(super) fn read(
        raw: &str,
        variables: &Variables,
        place: &Place<'_>,
        uses: &mut Vec<usize>,
        faults: &mut impl Hear,
    ) -> Self {
        let input = variables.named(&text(raw, "input"), &place.key("input"), faults);
        uses.push(input);
        refer(raw, "value", variables, place, uses, faults);
        let mut table = RegexTable { input, rows: Vec::new(), full: flag_on(raw, "full") };
        for (at, (pattern, value)) in rows(raw, "matches").enumerate() {
            match Regex::new(&pattern, flag_on(raw, "ignoreCase")) {
                Ok(regex) => table.rows.push((regex, value.to_owned())),
                Err(wrong) => {
                    let place = &place.key("rows");
                    faults.add(&place.item(at).key("matches"), || concat(&["the expression ", wrong]));
                }
            }
        }
        table
    }

    pub(super) fn value<'a>(&'a self, scene: &Scene<'a>) -> Option<Cow<'a, str>> {
        let input = scene.value(self.input);
        let input = text_of(&input);
        for (regex, value) in &self.rows {
            let Some(found) = regex.find(&input, self.full) else { continue };
            let value = scene.filled(value);
            if kind(&value) != Kind::String {
                return Some(value);
            }
            return Some(raw_text(&found.expand(&text_of(&value))));
        }
        None
    }
}
