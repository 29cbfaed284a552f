//! The shape of a document, as data: which keys there are and what they hold. One walk checks any document against its
//! shape, so that reading it afterwards cannot fail.

use super::{Faults, Place};
use crate::json::{Kind, digits, elements, kind, member, members, text, text_of, whole};
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
    /// Notes everything of a raw value that does not fit.
    pub(crate) fn check(&self, raw: &str, place: &Place<'_>, faults: &mut Faults) {
        match (self, kind(raw)) {
            (Shape::Any, _) | (Shape::Text, Kind::String) | (Shape::Flag, Kind::Bool) => {}
            (Shape::Name, Kind::String) => {
                if raw == "\"\"" {
                    faults.add(place, &["must not be empty"]);
                }
            }
            (Shape::Word(words), Kind::String) => {
                let text = text_of(raw);
                if !words.contains(&&*text) {
                    not_known(&text, words, place, faults);
                }
            }
            (Shape::Number(max), _) => {
                if !whole(raw).is_some_and(|n| n > 0 && n <= u64::from(*max)) {
                    faults.add(place, &["must be a whole number from 1 to ", &digits((*max).into())]);
                }
            }
            (Shape::List(shape) | Shape::OneOrList(_, shape), Kind::Array) => {
                for (at, item) in elements(raw).enumerate() {
                    shape.check(item, &place.item(at), faults);
                }
            }
            (Shape::OneOrList(shape, _), _) => shape.check(raw, place, faults),
            (Shape::Map(shape), Kind::Object) => {
                for (key, member) in members(raw) {
                    shape.check(member, &place.key(&key), faults);
                }
            }
            (Shape::Object(shapes), Kind::Object) => check_members(raw, [shapes, &[]], place, faults),
            (Shape::Kinds(common, kinds), Kind::Object) => {
                let kind = text(raw, "kind");
                let own = kinds.iter().find(|(known, _)| *known == kind);
                if own.is_none() && !kind.is_empty() {
                    let mut words = Vec::new();
                    for (word, _) in *kinds {
                        words.push(*word);
                    }
                    not_known(&kind, &words, &place.key("kind"), faults);
                } else {
                    check_members(raw, [common, own.map_or(&[], |(_, shapes)| shapes)], place, faults);
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

fn check_members(object: &str, shapes: [&[Member]; 2], place: &Place<'_>, faults: &mut Faults) {
    let [common, own] = shapes;
    let find = |key: &str| common.iter().chain(own).find(|member| member.key == key);
    for (key, value) in members(object) {
        match find(&key) {
            Some(member) => member.shape.check(value, &place.key(&key), faults),
            None => {
                let mut known = Vec::new();
                for member in common.iter().chain(own) {
                    known.push(member.key);
                }
                faults.add(&place.key(&key), &["unknown key \"", &key, "\": known here are ", &join(&known, ", ")]);
            }
        }
    }
    for required in common.iter().chain(own) {
        if required.required && member(object, required.key).is_none() {
            faults.add(place, &["\"", required.key, "\" is missing: add it, ", required.shape.in_words()]);
        }
    }
}
