//! A fixed value.

use crate::config::{Faults, Reader};
use crate::json::Value;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Constant {
    raw: String,
}

impl Constant {
    pub(super) fn read(reader: &mut Reader<'_>, faults: &mut Faults) -> Self {
        let value = reader.value("value");
        if value.is_none() {
            faults.add(&reader.pointer("value"), "is missing: write the constant here");
        }
        Constant { raw: value.map_or_else(String::new, Value::to_text) }
    }

    pub(super) fn value(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.raw)
    }
}
