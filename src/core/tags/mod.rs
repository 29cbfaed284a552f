//! Tags: what may load on the page, when, and with which calls.

mod interpolate;
mod runner;
mod tag;
mod template;
mod trigger;
mod variable;

pub use tag::{Fire, Tag, TemplateRef};
pub use template::Template;
pub use trigger::Trigger;
pub use variable::Variable;

pub(crate) use runner::{Firing, Runner};
pub(crate) use tag::TAG;
pub(crate) use trigger::TRIGGER;
pub(crate) use variable::VARIABLE;

use crate::input::Verb;
use crate::json::{Value, push_member, push_string};
use std::borrow::Cow;

/// An event as triggers and variables look at it.
pub(crate) struct Occasion<'a> {
    pub(crate) verb: Verb,
    /// The event's name: of a track call its event, of a page or screen its name.
    pub(crate) name: Cow<'a, str>,
    /// Raw properties or traits.
    pub(crate) properties: &'a str,
    /// The data layer.
    pub(crate) data: &'a Value,
}

/// Variables and the event, where parameters look references up.
struct Page<'a> {
    event: &'a str,
    variables: &'a [Variable],
    occasion: &'a Occasion<'a>,
}

impl interpolate::Scope for Page<'_> {
    fn value(&self, reference: &str) -> Option<Cow<'_, str>> {
        if let Some(path) = reference.strip_prefix("event.") {
            return crate::json::at_path(self.event, path).map(Cow::Borrowed);
        }
        self.variables.iter().find(|variable| variable.id == reference).map(|variable| variable.value(self.occasion))
    }
}

/// A tag's parameters as a JSON object, with variables and event paths filled as they are now. The address of a
/// `custom-script` or `custom-pixel` takes them encoded.
pub(crate) fn resolve(tag: &Tag, event: &str, variables: &[Variable], occasion: &Occasion<'_>) -> String {
    let scope = Page { event, variables, occasion };
    let mut out = String::from("{");
    for (name, value) in tag.params.members() {
        push_member(&mut out, name, "");
        match (&tag.template, value) {
            (TemplateRef::Element(_), Value::String(url)) if name == "src" => {
                push_string(&mut out, &interpolate::fill_url(url, &scope));
            }
            _ => interpolate::push_filled(&mut out, value, &scope),
        }
    }
    out.push('}');
    out
}
