//! Objects and lists made of others: by member, without depth, within bounds.

use super::{Language, Scope, filled, push_raw};
use crate::json::{Kind, elements, kind, members, push_member, push_string, text_of};
use crate::text::concat;
use std::borrow::Cow;

/// An object of a member for each element of a list or member of an object. Without `key` it keeps its name, without `value` its value.
pub(super) fn object<L: Language>(of: &str, key: Option<&str>, value: Option<&str>, scope: &Scope<'_, L>) -> Option<String> {
    let mut out = String::from("{");
    let mut keys: Vec<String> = Vec::new();
    for (index, (name, item)) in items(of)?.into_iter().enumerate() {
        let scope = &scope.at(item, index, &name);
        let key = key.map_or_else(|| Some(String::from(&*name)), |key| Some(text_of(&filled(key, scope)?).into_owned()));
        if let (Some(key), Some(value)) = (key, filled(value.unwrap_or("\"{{item}}\""), scope)) {
            // The first of a name stays.
            if !keys.contains(&key) {
                push_member(&mut out, &key, &value);
                keys.push(key);
            }
        }
    }
    out.push('}');
    Some(out)
}

/// A list of what is made of each element of a list or member of an object.
pub(super) fn listed<L: Language>(of: &str, to: Option<&str>, scope: &Scope<'_, L>) -> Option<String> {
    let mut out = String::from("[");
    for (index, (name, item)) in items(of)?.into_iter().enumerate() {
        if let Some(value) = filled(to.unwrap_or("\"{{item}}\""), &scope.at(item, index, &name)) {
            push_raw(&mut out, &value);
        }
    }
    out.push(']');
    Some(out)
}

fn items(of: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    match kind(of) {
        Kind::Object => Some(members(of).collect()),
        Kind::Array => Some(elements(of).map(|item| (Cow::Borrowed(""), item)).collect()),
        _ => None,
    }
}

/// An object without objects in it: the names on the way to a value are joined. Lists become JSON texts, unless they are kept.
pub(super) fn flat(of: &str, separator: &str, keeps_lists: bool) -> Option<String> {
    let mut out = String::from("{");
    push_flat(&mut out, "", of, separator, keeps_lists);
    out.push('}');
    (kind(of) == Kind::Object).then_some(out)
}

fn push_flat(out: &mut String, before: &str, of: &str, separator: &str, keeps_lists: bool) {
    for (name, raw) in members(of) {
        let name = concat(&[before, &name]);
        match kind(raw) {
            Kind::Null => {}
            Kind::Object => push_flat(out, &concat(&[&name, separator]), raw, separator, keeps_lists),
            Kind::Array if !keeps_lists => {
                let mut text = String::new();
                push_string(&mut text, raw);
                push_member(out, &name, &text);
            }
            _ => push_member(out, &name, raw),
        }
    }
}

/// At most so many members or elements, characters a name, and characters a text, of a value and of what is directly in it.
pub(super) fn limited(of: &str, [members_most, names, texts]: [Option<usize>; 3]) -> Option<String> {
    let most = members_most.unwrap_or(usize::MAX);
    let short = |raw: &str| match kind(raw) {
        Kind::String => {
            let mut out = String::new();
            push_string(&mut out, first(&text_of(raw), texts));
            out
        }
        _ => raw.to_owned(),
    };
    Some(match kind(of) {
        Kind::Object => {
            let mut out = String::from("{");
            let mut taken: Vec<String> = Vec::new();
            for (name, raw) in members(of).take(most) {
                let name = first(&name, names).to_owned();
                // Of names that are alike once they are cut, the first stands.
                if !taken.contains(&name) {
                    push_member(&mut out, &name, &short(raw));
                    taken.push(name);
                }
            }
            out.push('}');
            out
        }
        Kind::Array => {
            let mut out = String::from("[");
            for raw in elements(of).take(most) {
                push_raw(&mut out, &short(raw));
            }
            out.push(']');
            out
        }
        _ => short(of),
    })
}

/// The first characters of a text.
fn first(text: &str, most: Option<usize>) -> &str {
    most.and_then(|most| text.char_indices().nth(most)).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
