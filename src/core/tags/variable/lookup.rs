//! A table: what a value stands for.

use super::Variables;
use crate::config::{Hear, Place};
use crate::json::{list, member, text, text_of};
use crate::tags::scene::Scene;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Lookup {
    input: usize,
    /// What it equals, and the value: raw, both may have references.
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
        refer(raw, "is", variables, place, uses, faults);
        refer(raw, "value", variables, place, uses, faults);
        let owned = |row, key| member(row, key).unwrap_or("null").to_owned();
        Lookup { input, rows: list(raw, "rows").map(|row| (owned(row, "is"), owned(row, "value"))).collect() }
    }

    pub(super) fn value<'a>(&'a self, scene: &Scene<'a>) -> Option<Cow<'a, str>> {
        let input = scene.value(self.input);
        let input = text_of(&input);
        let (_, value) = self.rows.iter().find(|(is, _)| text_of(&scene.filled(is)) == input)?;
        Some(scene.filled(value))
    }
}

/// Notes what a member of a table's rows refers to.
pub(super) fn refer(
    raw: &str,
    key: &str,
    variables: &Variables,
    place: &Place<'_>,
    uses: &mut Vec<usize>,
    faults: &mut impl Hear,
) {
    let place = &place.key("rows");
    for (at, row) in list(raw, "rows").enumerate() {
        uses.extend(variables.referred(member(row, key).unwrap_or(""), &place.item(at).key(key), faults));
    }
}
