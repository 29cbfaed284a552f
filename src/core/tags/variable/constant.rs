//! A fixed value.

use crate::config::{Member, Shape, must};
use crate::json::Value;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Constant {
    raw: String,
}

pub(super) const MEMBERS: &[Member] = &[must("value", Shape::Any)];

impl Constant {
    pub(super) fn read(value: &Value) -> Self {
        Constant { raw: value.member("value").map_or_else(String::new, Value::to_text) }
    }

    pub(super) fn value(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.raw)
    }
}
