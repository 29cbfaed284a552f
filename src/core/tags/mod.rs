//! Tags: what may load on the page, when, and with which calls.

mod interpolate;
mod part;
mod runner;
mod tag;
mod template;
mod trigger;
mod variable;

pub use tag::{Fire, Tag, TemplateRef};
pub use template::Template;
pub use trigger::Trigger;
pub use variable::Variable;

pub(crate) use part::{Captured, Standing};
pub(crate) use template::CALLS;

use crate::config::{Faults, Place, check_ids};
use crate::input::Verb;
use crate::json::{Kind, kind, list, members, push_member, push_string, text_of};
use interpolate::{Names, Scope};
use runner::{Firing, Runner};
use std::borrow::Cow;

/// The tags of a page: the rules they follow, and how far each one is.
#[derive(Debug)]
pub struct Tags {
    /// Named values that triggers and tags read.
    variables: Vec<Variable>,
    /// What makes a tag fire.
    triggers: Vec<Trigger>,
    /// What may load, in the config's order.
    tags: Vec<Tag>,
    runners: Vec<Runner>,
    /// Whether one of them has something to do on the page, which it may once consent was read again.
    pub(crate) is_due: bool,
}

impl Tags {
    /// What may load, in the order of [`crate::config::Config::tags`].
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Whether an event fires a tag, by the tag's position.
    pub(crate) fn fires(&self, tag: usize, occasion: &Occasion<'_>) -> bool {
        self.tags.get(tag).is_some_and(|tag| tag.is_fired_by(&self.triggers, &self.variables, occasion))
    }

    fn of(rules: &str, root: &Place<'_>, faults: &mut Faults) -> Self {
        let mut all = Tags { variables: Vec::new(), triggers: Vec::new(), tags: Vec::new(), runners: Vec::new(), is_due: false };
        for key in ["variables", "triggers", "tags"] {
            check_ids(rules, key, faults);
        }
        for (at, item) in list(rules, "variables").enumerate() {
            all.variables.push(Variable::read(item, &root.key("variables").item(at), faults));
        }
        for (at, item) in list(rules, "triggers").enumerate() {
            let trigger = Trigger::read(item, &all.variables, &root.key("triggers").item(at), faults);
            all.triggers.push(trigger);
        }
        for (at, item) in list(rules, "tags").enumerate() {
            all.tags.push(Tag::read(item, &all.triggers, &all.variables, &root.key("tags").item(at), faults));
        }
        all
    }
}

/// An event as triggers and variables look at it.
pub(crate) struct Occasion<'a> {
    pub(crate) verb: Verb,
    /// The event's name: of a track call its event, of a page or screen its name.
    pub(crate) name: Cow<'a, str>,
    /// Raw properties or traits.
    pub(crate) properties: &'a str,
    /// The data layer, raw.
    pub(crate) data: &'a str,
}

/// A tag's parameters as a JSON object, with variables and event paths filled as they are now. The address of a
/// `custom-script` or `custom-pixel` takes them encoded.
fn resolve(tag: &Tag, event: &str, variables: &[Variable], occasion: &Occasion<'_>) -> String {
    let scope = Scope { event, names: Names::Variables(variables, occasion) };
    let mut out = String::from("{");
    for (name, raw) in members(&tag.params) {
        push_member(&mut out, &name, "");
        match &tag.template {
            TemplateRef::Element(_) if name == "src" && kind(raw) == Kind::String => {
                push_string(&mut out, &interpolate::fill_url(&text_of(raw), &scope));
            }
            _ => interpolate::push_filled(&mut out, raw, &scope),
        }
    }
    out.push('}');
    out
}
