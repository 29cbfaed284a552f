//! What the translation of a tag's product has at hand, and what it gives back.

use crate::import::consent::Product;
use crate::import::parse::{Tag, Version};
use crate::import::report::Notes;
use crate::import::variables::{GLOBAL, Variables};
use serde_json::{Map, Value};

/// What a tag becomes.
pub(super) struct Made {
    pub(super) template: &'static str,
    pub(super) params: Map<String, Value>,
    pub(super) product: Product,
    /// The condition under which it is this tag and not another, beside what fires it.
    pub(super) only: Option<Value>,
}

impl Made {
    pub(super) fn new(template: &'static str, params: Map<String, Value>, product: Product) -> Self {
        Made { template, params, product, only: None }
    }

    /// What it sends by itself, for a tag that names no event: the name and the members of what fires it are not its own.
    pub(super) fn sending(mut self, what: &str) -> Self {
        self.params.insert("sends".into(), what.into());
        self
    }
}

/// Why there is nothing of a tag in the config.
pub(super) enum Without {
    /// Nothing does what it did.
    LeftOut(String),
    /// Something else does it in another way.
    Elsewhere(String),
    /// Something else does just the same.
    Covered(String),
    /// It is another tag for each of the values that a variable of the config, a table, may have.
    OneOf(String, Vec<String>),
}

impl From<String> for Without {
    fn from(why: String) -> Self {
        Without::LeftOut(why)
    }
}

impl From<&str> for Without {
    fn from(why: &str) -> Self {
        Without::LeftOut(why.into())
    }
}

pub(super) type Result<T> = std::result::Result<T, Without>;

/// What the translation of one tag's product has at hand.
pub(super) struct Scope<'a, 'v> {
    pub(super) version: &'a Version,
    pub(super) tag: &'a Tag,
    pub(super) variables: &'a mut Variables<'v>,
    pub(super) notes: &'a mut Notes,
}

impl<'a> Scope<'a, '_> {
    /// A parameter of the tag by its key.
    pub(super) fn text(&self, key: &str) -> &'a str {
        self.tag.params.text(key)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.tag.params.is_true(key)
    }

    /// Puts a text of the export into an object, filled; one that cannot be filled is left out and noted.
    pub(super) fn put(&mut self, into: &mut Map<String, Value>, key: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut notes = Notes::default();
        match self.variables.fill_all(&Value::from(text), &mut notes) {
            Some(value) => {
                into.insert(key.to_owned(), value);
                notes.changes().iter().for_each(|what| self.notes.change(what.as_str()));
            }
            None => notes.changes().iter().for_each(|why| self.notes.change(format!("\"{key}\" is left out, since {why}"))),
        }
    }

    /// The same for several parameters, each by its own key.
    pub(super) fn put_all(&mut self, into: &mut Map<String, Value>, keys: &[(&str, &str)]) {
        for (own, key) in keys {
            self.put(into, key, self.text(own));
        }
    }

    /// A parameter without which the tag would be nothing.
    pub(super) fn required(&mut self, into: &mut Map<String, Value>, key: &str, text: &str) -> Result<()> {
        if text.is_empty() {
            return Err(format!("its {key} is missing").into());
        }
        let value = self.variables.fill(text).map_err(|why| format!("its {key} cannot be told, since {why}"))?;
        into.insert(key.to_owned(), value);
        Ok(())
    }

    /// An id, written out where it can be told. It has to be where it is part of the address of a script.
    pub(super) fn id(&mut self, into: &mut Map<String, Value>, key: &str, text: &str, in_address: bool) -> Result<()> {
        match self.variables.literal(text).filter(|id| !id.is_empty()) {
            Some(id) => {
                into.insert(key.to_owned(), id.into());
                Ok(())
            }
            None if in_address && text.contains("{{") => {
                if let Some((table, values)) = self.variables.table(text) {
                    return Err(Without::OneOf(table, values));
                }
                let text = text.replace(GLOBAL, "");
                Err(format!("its {key}, {text}, is known on the page only, and has to be written out: make a tag for each value")
                    .into())
            }
            None => self.required(into, key, text),
        }
    }

    /// The same for another tag of the export, about which nothing is said here.
    pub(super) fn of_other<T>(&mut self, tag: &Tag, work: impl FnOnce(&mut Scope<'_, '_>) -> T) -> T {
        work(&mut Scope { version: self.version, tag, variables: self.variables, notes: &mut Notes::default() })
    }

    /// An object with the rows of a table.
    pub(super) fn table(&mut self, key: &str, columns: [&str; 2]) -> Map<String, Value> {
        let mut members = Map::new();
        for (key, value) in self.tag.params.rows(key, columns) {
            match self.variables.literal(&key) {
                Some(key) => self.put(&mut members, &key, &value),
                None => {
                    self.notes.change(format!("the value {value} is left out, since its name, {key}, is known on the page only"))
                }
            }
        }
        members
    }
}
