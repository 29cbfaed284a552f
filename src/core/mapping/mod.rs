//! Values made of an event and of what else has a name: references, and the functions of `made.rs`. Tag templates are written in it;
//! `src/core/tags/README.md` has the language. Destinations have functions of their own beside these: `functions.rs`, described in
//! `src/core/mapping/README.md`.

mod digest;
mod functions;
mod made;
mod references;
mod reshape;
mod texts;

pub(crate) use digest::share_of;
pub(crate) use functions::{Work, is_wire_function};
pub(crate) use made::is_function;
pub(crate) use references::{fill_path, fill_text, fill_url, has_literal_host, references};

use crate::json::{Kind, at_path, digits, elements, kind, member, members, pairs, push_member, push_string, text_of};
use made::made;
use references::whole_reference;
use std::borrow::Cow;

/// Who maps: which functions there are beside those of `made.rs`, and how much may be made.
pub(crate) trait Language: Copy {
    /// The value of a function that only this language has; of what no language has, nothing.
    fn made(key: &str, of: &str, raw: &str, scope: &Scope<'_, Self>) -> Option<String>;

    /// Accounts for a value of so many bytes. Returns whether it may be.
    fn may_make(self, bytes: usize) -> bool;

    /// Hears of a function that gave nothing.
    fn missed(self, _raw: &str, _scope: &Scope<'_, Self>) {}
}

/// Tag templates. What only the page can put in, `$global` and `$cookie`, stays as it is: a template's permissions were checked.
#[derive(Clone, Copy)]
pub(crate) struct OnPage;

impl Language for OnPage {
    fn made(_: &str, _: &str, raw: &str, _: &Scope<'_, Self>) -> Option<String> {
        Some(raw.to_owned())
    }

    fn may_make(self, _: usize) -> bool {
        true
    }
}

/// Where references are looked up.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a, L = OnPage> {
    /// The finished event, for `event.…`.
    event: &'a str,
    /// What the other names stand for: an object.
    names: &'a str,
    /// The element at hand.
    item: Option<Item<'a>>,
    language: L,
}

/// An element of a list, or a member of an object.
#[derive(Clone, Copy)]
struct Item<'a> {
    raw: &'a str,
    index: usize,
    /// Of a member its name.
    key: &'a str,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(event: &'a str, names: &'a str) -> Self {
        Scope { event, names, item: None, language: OnPage }
    }
}

impl<'a, L: Language> Scope<'a, L> {
    pub(crate) fn of(event: &'a str, names: &'a str, language: L) -> Self {
        Scope { event, names, item: None, language }
    }

    /// The same at an element.
    pub(crate) fn at(&self, raw: &'a str, index: usize, key: &'a str) -> Self {
        Scope { item: Some(Item { raw, index, key }), ..*self }
    }

    /// The value of a reference, raw, or nothing.
    fn value(&self, reference: &str) -> Option<Cow<'a, str>> {
        let value = if let Some(path) = reference.strip_prefix("event.") {
            at_path(self.event, path).map(Cow::Borrowed)
        } else if let Some(item) = self.item
            && let Some(value) = of_item(reference, item)
        {
            value
        } else {
            member(self.names, reference).or_else(|| at_path(self.names, reference)).map(Cow::Borrowed)
        };
        value.filter(|raw| kind(raw) != Kind::Null)
    }
}

/// `item`, `item.path`, `index` and `key`; nothing where the reference is to something else.
fn of_item<'a>(reference: &str, item: Item<'a>) -> Option<Option<Cow<'a, str>>> {
    match reference {
        "item" => Some(Some(Cow::Borrowed(item.raw))),
        "index" => Some(Some(Cow::Owned(digits(item.index as u64)))),
        "key" => {
            let mut key = String::new();
            push_string(&mut key, item.key);
            Some(Some(Cow::Owned(key)))
        }
        _ => reference.strip_prefix("item.").map(|path| at_path(item.raw, path).map(Cow::Borrowed)),
    }
}

/// A raw value with its references filled. A text that is exactly one reference takes the value's type. Nothing where the value
/// is not there: it is left out of objects, and `null` in lists.
pub(crate) fn filled<L: Language>(raw: &str, scope: &Scope<'_, L>) -> Option<String> {
    if !scope.language.may_make(0) {
        return None;
    }
    let value = value_of(raw, scope);
    if value.is_none() {
        scope.language.missed(raw, scope);
    }
    value.filter(|value| scope.language.may_make(value.len()))
}

fn value_of<L: Language>(raw: &str, scope: &Scope<'_, L>) -> Option<String> {
    match kind(raw) {
        Kind::Null => None,
        Kind::String => {
            let text = text_of(raw);
            if let Some(reference) = whole_reference(&text) {
                return scope.value(reference).map(Cow::into_owned);
            }
            let mut out = String::new();
            push_string(&mut out, &fill_text(&text, scope, false));
            Some(out)
        }
        Kind::Array => {
            let mut out = String::from("[");
            for item in elements(raw) {
                push_raw(&mut out, filled(item, scope).as_deref().unwrap_or("null"));
            }
            out.push(']');
            Some(out)
        }
        Kind::Object if pairs(raw).next().is_some_and(|(key, _)| key.starts_with("\"$")) => made(raw, scope),
        Kind::Object => {
            let mut out = String::from("{");
            for (key, member) in members(raw) {
                if let Some(value) = filled(member, scope) {
                    push_member(&mut out, &key, &value);
                }
            }
            out.push('}');
            Some(out)
        }
        _ => Some(raw.to_owned()),
    }
}

/// The arguments of a call: those at the end that are not there are left out.
pub(crate) fn arguments(raw: &str, scope: &Scope<'_>) -> String {
    let mut values: Vec<Option<String>> = Vec::new();
    for item in elements(raw) {
        values.push(filled(item, scope));
    }
    while let Some(None) = values.last() {
        values.pop();
    }
    let mut out = String::from("[");
    for value in &values {
        push_raw(&mut out, value.as_deref().unwrap_or("null"));
    }
    out.push(']');
    out
}

/// Whether a condition of a step or value holds: what it is about is there and is neither `false`, 0 nor empty; with `is` it is that text.
pub(crate) fn is_met<L: Language>(about: &str, is: Option<&str>, scope: &Scope<'_, L>) -> bool {
    let value = filled(about, scope);
    match is {
        Some(is) => filled(is, scope).is_some_and(|is| value.is_some_and(|value| text_of(&value) == text_of(&is))),
        None => value.is_some_and(|value| !matches!(&*value, "false" | "0" | "\"\"")),
    }
}

fn push_raw(out: &mut String, raw: &str) {
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str(raw);
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str =
        r#"{"properties":{"products":[{"id":"a","price":1.1,"n":2},{"id":"b","price":"2.25"}],"total":"12.50","none":null}}"#;
    pub(super) const FIXED: Scope<'static> = Scope {
        event: EVENT,
        names: (r#"{"n":12.50,"text":"a/b&c=\"d\" .é","object":{"a":1,"b":2},"up":"..","off":false,"nothing":""}"#),
        item: None,
        language: OnPage,
    };

    #[test]
    fn a_whole_reference_keeps_its_type_and_what_is_not_there_is_left_out() {
        let raw = r#"["{{n}}","€ {{ n }}","{{object}}",{"k":"{{gone}}","l":null,"m":"{{n}}"},"x{{gone}}y","{{","{{gone}}"]"#;
        assert_eq!(filled(raw, &FIXED).as_deref(), Some(r#"[12.50,"€ 12.50",{"a":1,"b":2},{"m":12.50},"xy","{{",null]"#));
        assert_eq!(arguments(r#"["{{gone}}","{{n}}","{{gone}}",null]"#, &FIXED), "[null,12.50]");
    }
}
