//! A tag template: what to load and which calls to make. A JSON file a vendor, `js/templates/<name>.json`.

use crate::config::{Fault, Faults, Place, check};
use crate::json::{self, Elements, list, member, members, text};
use std::borrow::Cow;

/// A checked template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template(String);

/// The shape of a list of calls.
pub(crate) const CALLS: &str = r#"{"[]":{"call!":"name","args":{"[]":"any"}}}"#;

const TEMPLATE: &str = r##"{"id!":"name","docs!":"name","params":{"{}":{"required":"flag","default":"any"}},
"load!":{"script!":"name"},"init":"#calls","on":{"{}":"#calls"},"withdraw":"#calls","regrant":"#calls"}"##;

impl Template {
    /// Reads and checks a template.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn parse(text: &str) -> Result<Template, Vec<Fault>> {
        let mut faults = Faults::default();
        let document = json::document(text).unwrap_or("");
        check(TEMPLATE, document, &Place::ROOT, &mut faults);
        if faults.0.is_empty() { Ok(Template(document.to_owned())) } else { Err(faults.0) }
    }

    /// The script to load; may refer to literal parameters.
    pub(super) fn script(&self) -> Cow<'_, str> {
        text(member(&self.0, "load").unwrap_or(""), "script")
    }

    /// The parameters: names with their defaults. One without a default must be given.
    pub fn params(&self) -> impl Iterator<Item = (Cow<'_, str>, Option<&str>)> {
        members(member(&self.0, "params").unwrap_or("")).map(|(name, raw)| (name, member(raw, "default")))
    }

    /// Its name.
    pub fn id(&self) -> Cow<'_, str> {
        text(&self.0, "id")
    }

    /// The calls at one moment of the tag's life: `init`, `withdraw` or `regrant`.
    pub(super) fn calls(&self, moment: &str) -> Elements<'_> {
        list(&self.0, moment)
    }

    /// The calls for a kind of event; `*` stands for the kinds that are not named.
    pub(super) fn calls_on(&self, verb: &str) -> Elements<'_> {
        let on = member(&self.0, "on").unwrap_or("");
        list(on, if member(on, verb).is_some() { verb } else { "*" })
    }
}
