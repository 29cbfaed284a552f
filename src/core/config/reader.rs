//! Reading a JSON tree while keeping the way to every fault.

use crate::json::Value;

/// What is wrong with a configuration, and where.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Fault {
    /// JSON pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Collects faults, so that a person sees all of them at once.
#[derive(Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes one fault.
    pub fn add(&mut self, pointer: &str, message: impl Into<String>) {
        self.0.push(Fault { pointer: pointer.to_owned(), message: message.into() });
    }

    /// All of them, in the order found.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// An object being read: every member must be asked for, what was not is an unknown key.
pub struct Reader<'a> {
    members: &'a [(String, Value)],
    pointer: String,
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Begins with a value that must be an object.
    pub fn new(value: &'a Value, pointer: &str, faults: &mut Faults) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Reader { members, pointer: pointer.to_owned(), known: Vec::new() }),
            _ => {
                faults.add(pointer, "must be an object: { … }");
                None
            }
        }
    }

    /// The pointer to a member.
    pub fn pointer(&self, key: &str) -> String {
        join(&self.pointer, key)
    }

    /// A member as it is.
    pub fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.members.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// A text; a fault if it is something else.
    pub fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a str> {
        let value = self.value(key)?;
        if value.as_str().is_none() {
            faults.add(&self.pointer(key), "must be a text: \"…\"");
        }
        value.as_str()
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&mut self, key: &'static str, faults: &mut Faults) -> String {
        match self.text(key, faults) {
            Some(text) if !text.is_empty() => text.to_owned(),
            Some(_) => {
                faults.add(&self.pointer(key), "must not be empty");
                String::new()
            }
            None => {
                if self.members.iter().all(|(known, _)| known != key) {
                    faults.add(&self.pointer, ["\"", key, "\" is missing: add it"].concat());
                }
                String::new()
            }
        }
    }

    /// A whole number within bounds, or the default.
    pub fn number(&mut self, key: &'static str, default: u32, max: u32, faults: &mut Faults) -> u32 {
        let Some(value) = self.value(key) else { return default };
        let number = match value {
            Value::Number(text) => text.parse::<u32>().ok().filter(|n| (1..=max).contains(n)),
            _ => None,
        };
        number.unwrap_or_else(|| {
            faults.add(&self.pointer(key), ["must be a whole number from 1 to ", &max.to_string()].concat());
            default
        })
    }

    /// `true` or `false`, or the default.
    pub fn flag(&mut self, key: &'static str, default: bool, faults: &mut Faults) -> bool {
        match self.value(key) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                faults.add(&self.pointer(key), "must be true or false");
                default
            }
        }
    }

    /// A list; empty if it is not there.
    pub fn list(&mut self, key: &'static str, faults: &mut Faults) -> &'a [Value] {
        match self.value(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                faults.add(&self.pointer(key), "must be a list: [ … ]");
                &[]
            }
        }
    }

    /// A list of texts; empty if it is not there.
    pub fn texts(&mut self, key: &'static str, faults: &mut Faults) -> Vec<String> {
        let items = self.list(key, faults);
        let texts: Vec<String> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
        if texts.len() < items.len() {
            faults.add(&self.pointer(key), "must hold texts only: [\"…\", \"…\"]");
        }
        texts
    }

    /// One of the known words, or the default.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], default: T, faults: &mut Faults) -> T {
        let Some(text) = self.text(key, faults) else { return default };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, found)) => *found,
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                faults.add(&self.pointer(key), ["\"", text, "\" is not known: write one of ", &known.join(", ")].concat());
                default
            }
        }
    }

    /// Ends the object: names every member that nobody asked for.
    pub fn finish(self, faults: &mut Faults) {
        for (key, _) in self.members {
            if !self.known.contains(&key.as_str()) {
                let known = self.known.join(", ");
                faults.add(&join(&self.pointer, key), ["unknown key \"", key, "\": known here are ", &known].concat());
            }
        }
    }
}

/// The pointer to a member or element below a pointer, escaped as RFC 6901 asks.
pub fn join(pointer: &str, key: &str) -> String {
    [pointer, "/", &key.replace('~', "~0").replace('/', "~1")].concat()
}
