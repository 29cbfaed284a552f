//! The shape of a document, as data: which keys there are and what they hold. One walk checks any document against its
//! shape, so that reading it afterwards cannot fail.

use super::{Faults, Place};
use crate::json::{Value, digits, whole};
use crate::text::join;

/// What a value must be.
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A text that is not empty.
    Name,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number from 1 to this.
    Number(u32),
    /// A list of one shape.
    List(&'static Shape),
    /// A list of the second shape, or else the first.
    OneOrList(&'static Shape, &'static Shape),
    /// An object with keys of the document's own choice.
    Map(&'static Shape),
    /// An object of these members.
    Object(&'static [Member]),
    /// An object whose `kind` says which members it has beside the common ones.
    Kinds(&'static [Member], &'static [(&'static str, &'static [Member])]),
}

/// A member of an object.
pub(crate) struct Member {
    key: &'static str,
    shape: Shape,
    required: bool,
}

/// A member that may be left out.
pub(crate) const fn may(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: false }
}

/// A member that must be there.
pub(crate) const fn must(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: true }
}

impl Shape {
    /// Notes everything that does not fit.
    pub(crate) fn check(&self, value: &Value, place: &Place<'_>, faults: &mut Faults) {
        match (self, value) {
            (Shape::Any, _) | (Shape::Text, Value::String(_)) | (Shape::Flag, Value::Bool(_)) => {}
            (Shape::Name, Value::String(text)) => {
                if text.is_empty() {
                    faults.add(place, &["must not be empty"]);
                }
            }
            (Shape::Word(words), Value::String(text)) => {
                if !words.contains(&text.as_str()) {
                    not_known(text, words, place, faults);
                }
            }
            (Shape::Number(max), _) => {
                let fits = matches!(value, Value::Number(text) if whole(text).is_some_and(|n| n > 0 && n <= u64::from(*max)));
                if !fits {
                    faults.add(place, &["must be a whole number from 1 to ", &digits((*max).into())]);
                }
            }
            (Shape::List(shape) | Shape::OneOrList(_, shape), Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    shape.check(item, &place.item(at), faults);
                }
            }
            (Shape::OneOrList(shape, _), _) => shape.check(value, place, faults),
            (Shape::Map(shape), Value::Object(members)) => {
                for (key, member) in members {
                    shape.check(member, &place.key(key), faults);
                }
            }
            (Shape::Object(shapes), Value::Object(members)) => check_members(members, [shapes, &[]], place, faults),
            (Shape::Kinds(common, kinds), Value::Object(members)) => {
                let kind = value.text("kind");
                let own = kinds.iter().find(|(known, _)| *known == kind);
                if own.is_none() && !kind.is_empty() {
                    let mut words = Vec::new();
                    for (word, _) in *kinds {
                        words.push(*word);
                    }
                    not_known(kind, &words, &place.key("kind"), faults);
                } else {
                    check_members(members, [common, own.map_or(&[], |(_, shapes)| shapes)], place, faults);
                }
            }
            (shape, _) => faults.add(place, &["must be ", shape.in_words()]),
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            Shape::Flag => "true or false",
            Shape::List(_) => "a list: [ … ]",
            Shape::Map(_) | Shape::Object(_) | Shape::Kinds(..) => "an object: { … }",
            Shape::Any => "a value",
            _ => "a text: \"…\"",
        }
    }
}

fn not_known(text: &str, words: &[&str], place: &Place<'_>, faults: &mut Faults) {
    faults.add(place, &["\"", text, "\" is not known: write one of ", &join(words, ", ")]);
}

fn check_members(members: &[(String, Value)], shapes: [&[Member]; 2], place: &Place<'_>, faults: &mut Faults) {
    let [common, own] = shapes;
    let find = |key: &str| common.iter().chain(own).find(|member| member.key == key);
    for (key, value) in members {
        match find(key) {
            Some(member) => member.shape.check(value, &place.key(key), faults),
            None => {
                let mut known = Vec::new();
                for member in common.iter().chain(own) {
                    known.push(member.key);
                }
                faults.add(&place.key(key), &["unknown key \"", key, "\": known here are ", &join(&known, ", ")]);
            }
        }
    }
    for member in common.iter().chain(own) {
        if member.required && members.iter().all(|(key, _)| key != member.key) {
            faults.add(place, &["\"", member.key, "\" is missing: add it, ", member.shape.in_words()]);
        }
    }
}
