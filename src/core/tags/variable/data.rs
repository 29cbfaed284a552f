//! A path into the data layer.

use crate::json::{at_path, text};
use crate::tags::Occasion;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Data {
    path: String,
}

impl Data {
    pub(super) fn read(raw: &str) -> Self {
        Data { path: text(raw, "path").into_owned() }
    }

    pub(super) fn value<'a>(&self, occasion: &Occasion<'a>) -> Option<Cow<'a, str>> {
        at_path(occasion.data, &self.path).map(Cow::Borrowed)
    }
}
