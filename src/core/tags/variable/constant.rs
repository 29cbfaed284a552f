//! A fixed value.

use crate::config::{Member, Shape, must};
use crate::json::member;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Constant {
    raw: String,
}

pub(super) const MEMBERS: &[Member] = &[must("value", Shape::Any)];

impl Constant {
    pub(super) fn read(raw: &str) -> Self {
        Constant { raw: member(raw, "value").unwrap_or("null").to_owned() }
    }

    pub(super) fn value(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.raw)
    }
}
