//! A tag template: what to load and which calls to make. A JSON file a vendor, `js/templates/<name>.json`.

use crate::config::{Fault, Faults, Place, Shape, may, must};
use crate::json::{self, Value};

/// A checked template.
#[derive(Clone, PartialEq, Debug)]
pub struct Template(Value);

const CALLS: Shape = Shape::List(&Shape::Object(&[must("call", Shape::Name), may("args", Shape::List(&Shape::Any))]));

const TEMPLATE: Shape = Shape::Object(&[
    must("id", Shape::Name),
    must("docs", Shape::Name),
    may("params", Shape::Map(&Shape::Object(&[may("required", Shape::Flag), may("default", Shape::Any)]))),
    must("load", Shape::Object(&[must("script", Shape::Name)])),
    may("init", CALLS),
    may("on", Shape::Map(&CALLS)),
    may("withdraw", CALLS),
    may("regrant", CALLS),
]);

impl Template {
    /// Reads and checks a template.
    ///
    /// # Errors
    /// Every fault found, each with a JSON pointer and what to write instead.
    pub fn parse(text: &str) -> Result<Template, Vec<Fault>> {
        let mut faults = Faults::default();
        let value = json::parse(text).unwrap_or_default();
        TEMPLATE.check(&value, &Place::ROOT, &mut faults);
        if faults.0.is_empty() { Ok(Template(value)) } else { Err(faults.0) }
    }

    /// The script to load; may refer to literal parameters.
    pub(super) fn script(&self) -> &str {
        self.0.member("load").map_or("", |load| load.text("script"))
    }

    /// The parameters: names with their defaults. One without a default must be given.
    pub(super) fn params(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.0.object("params").iter().map(|(name, value)| (name.as_str(), value.member("default")))
    }

    /// The calls at one moment of the tag's life: `init`, `withdraw` or `regrant`.
    pub(super) fn calls(&self, moment: &str) -> &[Value] {
        self.0.list(moment)
    }

    /// The calls for a kind of event; `*` stands for the kinds that are not named.
    pub(super) fn calls_on(&self, verb: &str) -> &[Value] {
        let on = self.0.member("on").unwrap_or(&Value::Null);
        on.list(if on.member(verb).is_some() { verb } else { "*" })
    }
}
