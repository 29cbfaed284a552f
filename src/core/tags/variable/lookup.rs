//! A table: what a value stands for.

use super::{Variables, rows};
use crate::config::{Hear, Place};
use crate::json::{list, member, text, text_of};
use crate::tags::scene::Scene;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Lookup {
    input: usize,
    /// The text it equals, and the raw value, which may have references.
    rows: Vec<(String, String)>,
}

impl Lookup {
    pub(super) fn read(
        raw: &str,
        variables: &Variables,
        place: &Place<'_>,
        uses: &mut Vec<usize>,
        faults: &mut impl Hear,
    ) -> Self {
        let input = variables.named(&text(raw, "input"), &place.key("input"), faults);
        uses.push(input);
        refer(raw, variables, place, uses, faults);
        Lookup { input, rows: rows(raw, "is").map(|(is, value)| (is.into_owned(), value.to_owned())).collect() }
    }

    pub(super) fn value<'a>(&'a self, scene: &Scene<'a>) -> Option<Cow<'a, str>> {
        let input = scene.value(self.input);
        let input = text_of(&input);
        let (_, value) = self.rows.iter().find(|(is, _)| *is == input)?;
        Some(scene.filled(value))
    }
}

/// Notes what the rows of a table refer to.
pub(super) fn refer(raw: &str, variables: &Variables, place: &Place<'_>, uses: &mut Vec<usize>, faults: &mut impl Hear) {
    let place = &place.key("rows");
    for (at, row) in list(raw, "rows").enumerate() {
        uses.extend(variables.referred(member(row, "value").unwrap_or(""), &place.item(at).key("value"), faults));
    }
}
