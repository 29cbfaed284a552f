//! A path into the data layer.

use crate::config::{Faults, Reader};
use crate::tags::Occasion;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Data {
    path: String,
}

impl Data {
    pub(super) fn read(reader: &mut Reader<'_>, faults: &mut Faults) -> Self {
        Data { path: reader.required_text("path", faults) }
    }

    pub(super) fn value<'a>(&self, occasion: &Occasion<'a>) -> Option<Cow<'a, str>> {
        occasion.data.at_path(&self.path).map(|value| Cow::Owned(value.to_text()))
    }
}
