//! Filling references in, and what else a text may be asked for.

use super::{Meaning, Variables};
use crate::import::references::{Piece, only, pieces};
use crate::import::report::Notes;
use serde_json::{Map, Value, json};

/// Begins the name of a global of the page, as scripts mention them; no name of an export begins so.
pub(crate) const GLOBAL: char = '\u{e000}';

/// What a condition looks at.
pub(crate) enum Subject {
    Variable(String),
    Test(Value),
}

impl Variables<'_> {
    /// A text with the ids of the config for the names of the export.
    pub(crate) fn fill(&mut self, text: &str) -> Result<Value, String> {
        if let Some(name) = only(text) {
            return match self.meaning(name) {
                Meaning::Variable(id) => Ok(format!("{{{{{id}}}}}").into()),
                Meaning::Object(members, _) => Ok(Value::Object(members)),
                Meaning::Test(_) => Err(format!("{{{{{name}}}}} is a test, which only conditions take")),
                Meaning::Nothing(why) => Err(why),
            };
        }
        let mut filled = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Reference(name) => match self.meaning(name) {
                    Meaning::Variable(id) => filled.push_str(&format!("{{{{{id}}}}}")),
                    Meaning::Nothing(why) => return Err(why),
                    Meaning::Object(..) | Meaning::Test(_) => {
                        return Err(format!("{{{{{name}}}}} is no text, and stands within one"));
                    }
                },
            }
        }
        Ok(filled.into())
    }

    /// The same at any depth; members that cannot be filled are left out and noted.
    pub(crate) fn fill_all(&mut self, value: &Value, notes: &mut Notes) -> Option<Value> {
        match value {
            Value::String(text) => {
                if let Some(name) = only(text)
                    && let Meaning::Object(_, lost) = self.meaning(name)
                {
                    lost.iter().for_each(|what| notes.change(what.as_str()));
                }
                match self.fill(text) {
                    Ok(filled) => Some(filled),
                    Err(why) => {
                        notes.change(why);
                        None
                    }
                }
            }
            Value::Array(items) => Some(items.iter().filter_map(|item| self.fill_all(item, notes)).collect()),
            Value::Object(members) => {
                let mut filled = Map::new();
                for (key, member) in members {
                    if let Some(member) = self.fill_all(member, notes) {
                        filled.insert(key.clone(), member);
                    }
                }
                Some(Value::Object(filled))
            }
            other => Some(other.clone()),
        }
    }

    /// A text with constants in the place of their references; nothing where it is known on the page only.
    pub(crate) fn literal(&mut self, text: &str) -> Option<String> {
        let mut found = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => found.push_str(text),
                Piece::Reference(name) => {
                    let Meaning::Variable(id) = self.meaning(name) else { return None };
                    if let Some((assumed, value)) = &self.assumed
                        && *assumed == id
                    {
                        found.push_str(value);
                        continue;
                    }
                    let definition = self.definition(&id)?;
                    let value = definition.get("value").and_then(Value::as_str)?;
                    if definition.get("kind") != Some(&json!("constant")) || value.contains("{{") {
                        return None;
                    }
                    found.push_str(value);
                }
            }
        }
        Some(found)
    }

    /// The table that a text refers to and the values it may have, where all of them are written out.
    pub(crate) fn table(&mut self, text: &str) -> Option<(String, Vec<String>)> {
        let name = pieces(text).into_iter().find_map(|piece| match piece {
            Piece::Reference(name) => Some(name),
            Piece::Text(_) => None,
        })?;
        let Meaning::Variable(id) = self.meaning(name) else { return None };
        let definition = self.definition(&id)?;
        let rows = definition.get("rows")?.as_array()?.iter().map(|row| row.get("value"));
        let default = definition.get("default").into_iter().map(Some);
        let mut values: Vec<String> = Vec::new();
        for value in rows.chain(default) {
            let value = value?.as_str().filter(|text| !text.contains(['{', '$']))?.to_owned();
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        Some((id, values))
    }

    /// Takes a table to have one of its values, for what is asked until it is taken to have another.
    pub(crate) fn assume(&mut self, table: Option<(&str, &str)>) {
        self.assumed = table.map(|(id, value)| (id.to_owned(), value.to_owned()));
    }

    /// What a condition or a table looks at; a longer text becomes a variable.
    pub(crate) fn subject(&mut self, text: &str) -> Result<Subject, String> {
        if let Some(name) = only(text) {
            return match self.meaning(name) {
                Meaning::Variable(id) => Ok(Subject::Variable(id)),
                Meaning::Test(test) => Ok(Subject::Test(test)),
                Meaning::Object(..) => Err(format!("{{{{{name}}}}} is an object, with which nothing can be compared")),
                Meaning::Nothing(why) => Err(why),
            };
        }
        let value = self.fill(text)?;
        Ok(Subject::Variable(self.add(json!({ "kind": "constant", "value": value }), "compared text")))
    }

    /// The variable that a text is.
    pub(crate) fn input(&mut self, text: &str) -> Result<String, String> {
        match self.subject(text)? {
            Subject::Variable(id) => Ok(id),
            Subject::Test(_) => Err(format!("{text} is a test, which only conditions take")),
        }
    }
}
