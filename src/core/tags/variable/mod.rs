//! Variables: named values that conditions and tag parameters read. A closed set, one file a kind.

mod constant;
mod data;
mod property;

use super::Occasion;
use crate::config::{Faults, Place, check};
use crate::json::{member, text};
use std::borrow::Cow;

/// A named value.
#[derive(Clone, PartialEq, Debug)]
pub struct Variable {
    /// Its name.
    pub id: String,
    kind: Kind,
    default: String,
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    Data(data::Data),
    Property(property::Property),
    Constant(constant::Constant),
}

/// The shape of a variable.
const VARIABLE: &str = r#"{"id!":"name","kind!":{"data":{"path!":"name"},"property":{"path!":"name"},
"constant":{"value!":"any"}},"default":"any"}"#;

impl Variable {
    /// Reads and checks one.
    pub(crate) fn read(raw: &str, place: &Place<'_>, faults: &mut Faults) -> Self {
        check(VARIABLE, raw, place, faults);
        Variable {
            id: text(raw, "id").into_owned(),
            kind: match &*text(raw, "kind") {
                "data" => Kind::Data(data::Data::read(raw)),
                "property" => Kind::Property(property::Property::read(raw)),
                _ => Kind::Constant(constant::Constant::read(raw)),
            },
            default: member(raw, "default").unwrap_or("null").to_owned(),
        }
    }

    /// The value as raw JSON; the default where there is none.
    pub(crate) fn value<'a>(&'a self, occasion: &Occasion<'a>) -> Cow<'a, str> {
        let found = match &self.kind {
            Kind::Data(data) => data.value(occasion),
            Kind::Property(property) => property.value(occasion),
            Kind::Constant(constant) => Some(constant.value()),
        };
        found.filter(|raw| raw != "null").unwrap_or(Cow::Borrowed(&self.default))
    }
}
