//! A path into the event's properties or traits.

use crate::json::{at_path, text};
use crate::tags::Occasion;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Property {
    path: String,
}

impl Property {
    pub(super) fn read(raw: &str) -> Self {
        Property { path: text(raw, "path").into_owned() }
    }

    pub(super) fn value<'a>(&self, occasion: &Occasion<'a>) -> Option<Cow<'a, str>> {
        at_path(occasion.properties, &self.path).map(Cow::Borrowed)
    }
}
