//! A fixed value.

use crate::json::member;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Constant {
    raw: String,
}

impl Constant {
    pub(super) fn read(raw: &str) -> Self {
        Constant { raw: member(raw, "value").unwrap_or("null").to_owned() }
    }

    pub(super) fn value(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.raw)
    }
}
