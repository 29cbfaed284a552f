//! A path into the event's properties or traits.

use crate::config::{Faults, Reader};
use crate::json::at_path;
use crate::tags::Occasion;
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Property {
    path: String,
}

impl Property {
    pub(super) fn read(reader: &mut Reader<'_>, faults: &mut Faults) -> Self {
        Property { path: reader.required_text("path", faults) }
    }

    pub(super) fn value<'a>(&self, occasion: &Occasion<'a>) -> Option<Cow<'a, str>> {
        at_path(occasion.properties, &self.path).map(Cow::Borrowed)
    }
}
