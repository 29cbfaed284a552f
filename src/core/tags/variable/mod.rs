//! Variables: named values that conditions and tag parameters read. A closed set, one file a kind.

mod constant;
mod data;
mod property;

use super::Occasion;
use crate::config::{Faults, Reader};
use crate::json::Value;
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

impl Variable {
    pub(crate) fn read(value: &Value, pointer: &str, faults: &mut Faults) -> Option<Self> {
        let mut reader = Reader::new(value, pointer, faults)?;
        let id = reader.required_text("id", faults);
        reader.required_text("kind", faults);
        let kind = match reader.word("kind", &[("data", 0), ("property", 1), ("constant", 2)], 0, faults) {
            0 => Kind::Data(data::Data::read(&mut reader, faults)),
            1 => Kind::Property(property::Property::read(&mut reader, faults)),
            _ => Kind::Constant(constant::Constant::read(&mut reader, faults)),
        };
        let default = reader.value("default").map_or_else(|| String::from("null"), Value::to_text);
        reader.finish(faults);
        Some(Variable { id, kind, default })
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
