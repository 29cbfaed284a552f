//! A path into the data layer.

use crate::config::{Member, Shape, must};
use crate::json::Value;
use crate::tags::Occasion;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Data {
    path: String,
}

pub(super) const MEMBERS: &[Member] = &[must("path", Shape::Name)];

impl Data {
    pub(super) fn read(value: &Value) -> Self {
        Data { path: value.text("path").to_owned() }
    }

    pub(super) fn value<'a>(&self, occasion: &Occasion<'a>) -> Option<Cow<'a, str>> {
        occasion.data.at_path(&self.path).map(|value| Cow::Owned(value.to_text()))
    }
}
