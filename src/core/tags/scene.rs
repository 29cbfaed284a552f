//! One occasion as triggers, conditions and variables look at it: everything is found out when it is first asked for.

use super::variable::Variables;
use crate::event::finished;
use crate::input::Verb;
use crate::json::{at_path, push_member, text};
use crate::mapping::{Scope, filled, references};
use crate::stamp::Stamp;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

/// An event, or something that was seen on the page.
pub(crate) struct Occasion<'a> {
    pub(crate) verb: Verb,
    /// Of a track call its event, of a page or screen its name, of something seen its kind.
    pub(crate) name: Cow<'a, str>,
    /// Raw properties or traits.
    pub(crate) properties: &'a str,
    /// The data layer, raw.
    pub(crate) data: &'a str,
    /// Of something seen the triggers that it was seen for.
    pub(crate) seen_for: Option<&'a [usize]>,
}

/// An event as the journal has it.
#[derive(Clone, Copy)]
pub(crate) struct Captured<'a> {
    pub(crate) line: &'a str,
    pub(crate) stamp: &'a Rc<Stamp>,
}

/// What an occasion is looked at with.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// What the page answered, in the order of [`Variables::page`]; raw.
    pub(crate) page: &'a [&'a str],
    /// From 0 to 1.
    pub(crate) random: f64,
    /// Milliseconds since the Unix epoch.
    pub(crate) wall: u64,
}

type Found<'a> = OnceCell<Vec<Option<&'a str>>>;

/// One occasion.
pub(crate) struct Scene<'a> {
    pub(super) occasion: &'a Occasion<'a>,
    variables: &'a Variables,
    captured: Option<Captured<'a>>,
    circumstances: Circumstances<'a>,
    event: OnceCell<Rc<str>>,
    values: Vec<OnceCell<Cow<'a, str>>>,
    data: Found<'a>,
    properties: Found<'a>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        variables: &'a Variables,
        occasion: &'a Occasion<'a>,
        captured: Captured<'a>,
        circumstances: Circumstances<'a>,
    ) -> Self {
        Scene {
            occasion,
            variables,
            captured: Some(captured),
            circumstances,
            event: OnceCell::new(),
            values: vec![OnceCell::new(); variables.all.len()],
            data: OnceCell::new(),
            properties: OnceCell::new(),
        }
    }

    /// Of an event that is whole.
    pub(super) fn of(
        variables: &'a Variables,
        occasion: &'a Occasion<'a>,
        event: &str,
        circumstances: Circumstances<'a>,
    ) -> Self {
        Scene {
            occasion,
            variables,
            captured: None,
            circumstances,
            event: OnceCell::from(Rc::from(event)),
            values: vec![OnceCell::new(); variables.all.len()],
            data: OnceCell::new(),
            properties: OnceCell::new(),
        }
    }

    /// The finished event.
    pub(super) fn event(&self) -> Rc<str> {
        let finish = || self.captured.as_ref().map_or("{}".into(), |captured| finished(captured.line, captured.stamp).into());
        self.event.get_or_init(finish).clone()
    }

    /// The circumstances of a captured event of a visitor without an identifier.
    pub(super) fn unknown(&self) -> Option<Rc<Stamp>> {
        let stamp = self.captured.as_ref()?.stamp;
        stamp.anonymous_id.is_none().then(|| stamp.clone())
    }

    /// A variable's value, raw.
    pub(super) fn value(&self, at: usize) -> Cow<'a, str> {
        let (Some(variable), Some(cell)) = (self.variables.all.get(at), self.values.get(at)) else {
            return Cow::Borrowed("null");
        };
        cell.get_or_init(|| variable.value(self)).clone()
    }

    /// A raw value with its references filled; `null` where it is one that stands for nothing.
    pub(super) fn filled(&self, raw: &'a str) -> Cow<'a, str> {
        if references(raw).is_empty() {
            return Cow::Borrowed(raw);
        }
        Cow::Owned(self.fill(raw).unwrap_or_else(|| String::from("null")))
    }

    /// The same of any raw value.
    pub(super) fn fill(&self, raw: &str) -> Option<String> {
        filled(raw, &Scope::new(&self.event(), &self.named_in(raw)))
    }

    /// The variables that a raw value refers to: an object.
    pub(super) fn named_in(&self, raw: &str) -> String {
        let mut names = String::from("{");
        for reference in references(raw) {
            if let Some(at) = self.variables.find(&reference) {
                push_member(&mut names, &reference, &self.value(at));
            }
        }
        names.push('}');
        names
    }

    pub(super) fn data(&self, at: usize) -> Option<&'a str> {
        *self.data.get_or_init(|| self.variables.data.find(self.occasion.data)).get(at)?
    }

    pub(super) fn property(&self, at: usize) -> Option<&'a str> {
        *self.properties.get_or_init(|| self.variables.properties.find(self.occasion.properties)).get(at)?
    }

    pub(super) fn page(&self, at: usize) -> Option<&'a str> {
        self.circumstances.page.get(at).copied()
    }

    /// A number from 0 to 1, another for each `salt`, the same throughout the occasion.
    pub(super) fn random(&self, salt: usize) -> f64 {
        let moved = self.circumstances.random + 0.618_033_988_749_895 * salt as f64;
        moved - (moved as u64) as f64
    }

    pub(super) fn wall(&self) -> u64 {
        self.circumstances.wall
    }
}

impl<'a> Occasion<'a> {
    /// A finished event, in the data layer of its time.
    pub(crate) fn of(event: &'a str, data: &'a str) -> Self {
        let kind = text(event, "type");
        let verb = (0..6).filter_map(Verb::from_number).find(|verb| verb.word() == kind).unwrap_or(Verb::Track);
        let name = text(event, if verb == Verb::Track { "event" } else { "name" });
        let properties = at_path(event, "properties").or_else(|| at_path(event, "traits")).unwrap_or("{}");
        Occasion { verb, name, properties, data, seen_for: None }
    }
}
