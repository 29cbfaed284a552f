//! The shape of a document, as a JSON text: which keys there are and what they hold. One walk checks any document against
//! its shape, so that reading it afterwards cannot fail. As text a shape is small; as a table of Rust values it is pointers.
//!
//! | a shape | is met by |
//! |---|---|
//! | `"any"`, `"text"`, `"name"`, `"flag"` | anything; a text; a text that is not empty; `true` or `false` |
//! | a number | a whole number from 1 to it |
//! | `["a", "b"]` | one of these texts |
//! | `{"[]": shape}` | a list of one shape; with `"or": shape` beside it that instead of a list, too |
//! | `{"{}": shape}` | an object with keys of the document's own choice |
//! | `{"key": shape, "other!": shape}` | an object of these members; those with `!` must be there |
//! | `{"kind!": {"a": {…}, "b": {…}}, …}` | an object whose `kind` says which members it has beside the common ones |
//! | `"#name"` | a shape kept elsewhere: [`named`] |

use super::{Faults, Hear, Place};
use crate::json::{Kind, elements, kind, member, pairs, text_of, whole};
use crate::text::concat;

/// A shape by its name.
fn named<H: Hear>(name: &str) -> &'static str {
    match name {
        "#texts" => r#"{"[]":"name"}"#,
        "#consent" => super::consent::CONSENT,
        "#requirement" => super::consent::REQUIREMENT,
        "#destination" => super::destination::DESTINATION,
        name if H::READS_TAGS => tags_named(name),
        _ => "",
    }
}

fn named_for<H: Hear>(_: &H, name: &str) -> &'static str {
    named::<H>(name)
}

/// Those of tags, which only their part of the core checks.
fn tags_named(name: &str) -> &'static str {
    match name {
        "#condition" => crate::tags::CONDITION,
        "#conditions" => crate::tags::CONDITIONS,
        "#step" => crate::tags::STEP,
        "#steps" => crate::tags::STEPS,
        "#stepsByName" => crate::tags::STEPS_BY_NAME,
        _ => crate::tags::CALLS,
    }
}

/// Notes everything of a raw value that does not fit a shape. Keys and words are compared as they are written: one with
/// escapes is not known.
pub(crate) fn check(shape: &str, raw: &str, place: &Place<'_>, faults: &mut impl Hear) {
    let is = kind(raw);
    let fits = match kind(shape) {
        Kind::Number => {
            if !whole(raw).zip(whole(shape)).is_some_and(|(number, most)| number > 0 && number <= most) {
                faults.add(place, || concat(&["must be ", &in_words(shape)]));
            }
            true
        }
        Kind::Array => {
            if is == Kind::String && !elements(shape).any(|word| word == raw) {
                faults.add(place, || {
                    let mut words = String::new();
                    for word in elements(shape) {
                        push_word(&mut words, word);
                    }
                    not_known(raw, &words)
                });
            }
            is == Kind::String
        }
        Kind::Object => match pairs(shape).next() {
            Some(("\"[]\"", item)) => {
                if is != Kind::Array
                    && let Some(or) = member(shape, "or")
                {
                    return check(or, raw, place, faults);
                }
                for (at, raw) in elements(raw).enumerate() {
                    check(item, raw, &place.item(at), faults);
                }
                is == Kind::Array
            }
            Some(("\"{}\"", item)) => {
                check_twice(raw, place, faults);
                for (key, raw) in pairs(raw) {
                    check(item, raw, &place.key(inside(key)), faults);
                }
                is == Kind::Object
            }
            _ => {
                if is == Kind::Object {
                    check_members(shape, raw, place, faults);
                }
                is == Kind::Object
            }
        },
        _ => match inside(shape) {
            "any" => true,
            "flag" => is == Kind::Bool,
            "text" => is == Kind::String,
            "name" => {
                if raw == "\"\"" {
                    faults.add(place, || "must not be empty".into());
                }
                is == Kind::String
            }
            name => return check(named_for(faults, name), raw, place, faults),
        },
    };
    if !fits {
        faults.add(place, || concat(&["must be ", &in_words(shape)]));
    }
}

fn check_members(shape: &str, object: &str, place: &Place<'_>, faults: &mut impl Hear) {
    let kinds = member(shape, "kind!").filter(|shape| kind(shape) == Kind::Object).unwrap_or("");
    let mut shapes = [shape, ""];
    if let (false, Some(kind)) = (kinds.is_empty(), member(object, "kind")) {
        let Some((_, own)) = pairs(kinds).find(|(known, _)| *known == kind) else {
            return faults.add(&place.key("kind"), || {
                let mut words = String::new();
                push_keys(&mut words, kinds);
                not_known(kind, &words)
            });
        };
        shapes = [shape, own];
    }
    check_twice(object, place, faults);
    // Without its kind nobody knows which keys the rest may have.
    let is_open = !kinds.is_empty() && member(object, "kind").is_none();
    for (key, raw) in pairs(object) {
        let find = |shape| pairs(shape).find(|(known, _)| bare(known) == inside(key)).map(|(_, shape)| shape);
        let [common, own] = shapes;
        if let Some(shape) = find(common).or_else(|| find(own)) {
            if shape != kinds {
                check(shape, raw, &place.key(inside(key)), faults);
            }
        } else if !is_open {
            faults.add(&place.key(inside(key)), || {
                let mut known = String::new();
                for shape in shapes {
                    push_keys(&mut known, shape);
                }
                if known.is_empty() {
                    known.push_str("none");
                }
                concat(&["unknown key ", key, ": known here are ", &known])
            });
        }
    }
    for shape in shapes {
        for (key, shape) in pairs(shape) {
            if key.ends_with("!\"") && member(object, bare(key)).is_none() {
                let shape = if shape == kinds { "" } else { shape };
                faults.add(place, || concat(&["\"", bare(key), "\" is missing: add it, ", &in_words(shape)]));
            }
        }
    }
}

/// Notes keys that stand twice, of which one would silently count for nothing.
fn check_twice(object: &str, place: &Place<'_>, faults: &mut impl Hear) {
    for (at, (key, _)) in pairs(object).enumerate() {
        if pairs(object).take(at).any(|(earlier, _)| text_of(earlier) == text_of(key)) {
            faults.add(&place.key(inside(key)), || concat(&[key, " is written twice: keep one"]));
        }
    }
}

/// A raw string without its quotes.
fn inside(raw: &str) -> &str {
    raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")
}

/// A key of a shape without the mark that it must be there.
fn bare(key: &str) -> &str {
    let key = inside(key);
    key.strip_suffix('!').unwrap_or(key)
}

fn not_known(raw: &str, words: &str) -> String {
    concat(&[raw, " is not known: write one of ", words])
}

fn push_keys(words: &mut String, shape: &str) {
    for (key, _) in pairs(shape) {
        push_word(words, key);
    }
}

fn push_word(words: &mut String, raw: &str) {
    if !words.is_empty() {
        words.push_str(", ");
    }
    words.push_str(bare(raw));
}

fn in_words(shape: &str) -> String {
    let words = match kind(shape) {
        Kind::Object if shape.starts_with("{\"[]") => match member(shape, "or") {
            Some(or) => return concat(&[&in_words(or), ", or a list: [ … ]"]),
            None => "a list: [ … ]",
        },
        Kind::Object => "an object: { … }",
        Kind::Array => {
            let mut words = String::new();
            for word in elements(shape) {
                push_word(&mut words, word);
            }
            return concat(&["one of the texts ", &words]);
        }
        Kind::Number => return concat(&["a whole number from 1 to ", shape, ", in plain digits"]),
        _ => match inside(shape) {
            "flag" => "true or false",
            "any" => "a value",
            "text" | "name" | "" => "a text: \"…\"",
            name => return in_words(named::<Faults>(name)),
        },
    };
    words.to_owned()
}
