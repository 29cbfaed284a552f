//! Filling `{{references}}`, and the values that are made of others: `src/core/tags/README.md` has their table.

use super::regex::folded;
use crate::json::{
    Kind, at_path, digits, elements, f64_of, kind, list, member, members, pairs, push_member, push_merged, push_string, text_of,
};
use crate::text::{concat, cut};
use crate::time::from_iso;
use std::borrow::Cow;

/// Where references are looked up.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The finished event, for `event.…`.
    pub(super) event: &'a str,
    /// What the other names stand for: an object.
    pub(super) names: &'a str,
    /// The element at hand.
    pub(super) item: Option<Item<'a>>,
}

/// An element of a list, or a member of an object.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) raw: &'a str,
    pub(super) index: usize,
    /// Of a member its name.
    pub(super) key: &'a str,
}

impl<'a> Scope<'a> {
    /// The value of a reference, raw, or nothing.
    fn value(&self, reference: &str) -> Option<Cow<'a, str>> {
        let value = if let Some(path) = reference.strip_prefix("event.") {
            at_path(self.event, path).map(Cow::Borrowed)
        } else if let Some(item) = self.item
            && let Some(value) = of_item(reference, item)
        {
            value
        } else {
            member(self.names, reference).map(Cow::Borrowed)
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
pub(super) fn filled(raw: &str, scope: &Scope<'_>) -> Option<String> {
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
pub(super) fn arguments(raw: &str, scope: &Scope<'_>) -> String {
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
pub(super) fn is_met(about: &str, is: Option<&str>, scope: &Scope<'_>) -> bool {
    let value = filled(about, scope);
    match is {
        Some(is) => filled(is, scope).is_some_and(|is| value.is_some_and(|value| text_of(&value) == text_of(&is))),
        None => value.is_some_and(|value| !matches!(&*value, "false" | "0" | "\"\"")),
    }
}

/// What values are made of others, by their first key.
pub(super) const MADE: [&str; 16] = [
    "$first", "$each", "$join", "$sum", "$times", "$number", "$text", "$snake", "$date", "$lookup", "$if", "$merge", "$pick",
    "$omit", "$cookie", "$global",
];

/// A value that is made of others. `raw` is an object whose first key says how.
fn made(raw: &str, scope: &Scope<'_>) -> Option<String> {
    let (key, of) = members(raw).next()?;
    let own = |key: &str| member(raw, key);
    match &*key {
        "$first" => elements(of).find_map(|item| filled(item, scope)),
        "$each" => {
            let mut out = String::from("[");
            for value in each(of, own("to"), scope)? {
                push_raw(&mut out, &value);
            }
            out.push(']');
            Some(out)
        }
        "$join" => {
            let with = own("with").map_or(Cow::Borrowed(","), text_of);
            let (mut text, mut is_first) = (String::new(), true);
            for value in each(of, own("to"), scope)? {
                if !std::mem::take(&mut is_first) {
                    text.push_str(&with);
                }
                text.push_str(&text_of(&value));
            }
            let mut out = String::new();
            push_string(&mut out, &text);
            Some(out)
        }
        "$sum" => {
            let mut sum = 0.0;
            for value in each(of, own("to"), scope)? {
                sum += f64_of(&text_of(&value)).unwrap_or(0.0);
            }
            Some(decimal(sum))
        }
        "$times" => {
            let mut product = 1.0;
            for factor in elements(of) {
                product *= f64_of(&text_of(&filled(factor, scope)?))?;
            }
            Some(decimal(product))
        }
        "$number" => {
            let value = filled(of, scope)?;
            if let Some(date) = member(&value, "$date") {
                return from_iso(&text_of(date)).map(digits);
            }
            let text = text_of(&value);
            f64_of(&text)?;
            // As it was written, so that nothing is rounded; a JSON number has a digit before its point.
            let text = text.trim_ascii();
            Some(if crate::json::valid(text) { text.to_owned() } else { decimal(f64_of(text)?) })
        }
        "$text" => {
            let mut out = String::new();
            push_string(&mut out, &text_of(&filled(of, scope)?));
            Some(out)
        }
        "$snake" => {
            let mut out = String::new();
            push_string(&mut out, &snake(&text_of(&filled(of, scope)?)));
            Some(out)
        }
        "$date" => Some(concat(&["{\"$date\":", &filled(of, scope)?, "}"])),
        "$lookup" => {
            let value = filled(of, scope).unwrap_or_default();
            let found = member(own("in").unwrap_or(""), &text_of(&value)).or(own("else"))?;
            filled(found, scope)
        }
        "$if" => {
            let branch = if is_met(of, own("is"), scope) { own("then") } else { own("else") };
            filled(branch?, scope)
        }
        "$merge" => {
            let mut objects = Vec::new();
            for item in elements(of) {
                objects.extend(filled(item, scope));
            }
            let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
            let mut out = String::from("{");
            push_merged(&mut out, &objects);
            out.push('}');
            Some(out)
        }
        "$pick" | "$omit" => {
            let (whole, value) = (raw, filled(of, scope)?);
            let mut out = String::from("{");
            for (name, raw) in members(&value) {
                let is_named = list(whole, "keys").any(|key| text_of(key) == name);
                if is_named == (key == "$pick") {
                    push_member(&mut out, &name, raw);
                }
            }
            out.push('}');
            Some(out)
        }
        // What only the page can put in, `$global` and `$cookie`: a template's permissions were checked.
        _ => Some(raw.to_owned()),
    }
}

/// What `to` makes of each element; the element itself where it is left out. Nothing where there is no list.
fn each(of: &str, to: Option<&str>, scope: &Scope<'_>) -> Option<Vec<String>> {
    let list = filled(of, scope).filter(|raw| kind(raw) == Kind::Array)?;
    let mut all = Vec::new();
    for (index, item) in elements(&list).enumerate() {
        let scope = Scope { item: Some(Item { raw: item, index, key: "" }), ..*scope };
        all.extend(filled(to.unwrap_or("\"{{item}}\""), &scope));
    }
    Some(all)
}

/// A name in small letters, with an underscore between its words.
fn snake(name: &str) -> String {
    let (mut out, mut was_small) = (String::new(), false);
    for char in name.chars() {
        let is_word = char.is_ascii_alphanumeric() || !char.is_ascii();
        let begins = was_small && char.is_ascii_uppercase();
        if (begins || !is_word) && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if is_word {
            out.push(folded(char));
        }
        was_small = char.is_ascii_lowercase() || char.is_ascii_digit();
    }
    out.trim_end_matches('_').to_owned()
}

/// A number in JSON with up to six decimals: sums of money.
fn decimal(number: f64) -> String {
    let scaled = (number.abs() * 1e6 + 0.5) as u64;
    let (whole, mut fraction) = (digits(scaled / 1_000_000), digits(scaled % 1_000_000 + 1_000_000));
    fraction.remove(0);
    let fraction = fraction.trim_end_matches('0');
    let sign = if number < 0.0 && scaled > 0 { "-" } else { "" };
    concat(&[sign, &whole, if fraction.is_empty() { "" } else { "." }, fraction])
}

fn push_raw(out: &mut String, raw: &str) {
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str(raw);
}

/// A URL with its references filled, each one percent-encoded so that it cannot leave its path segment or query part.
pub(super) fn fill_url(url: &str, scope: &Scope<'_>) -> String {
    fill_text(url, scope, true)
}

/// What a raw value refers to, in texts at any depth.
pub(super) fn references(raw: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = raw;
    while let Some((_, behind)) = cut(rest, "{{")
        && let Some((reference, tail)) = cut(behind, "}}")
    {
        found.push(text_of(&concat(&["\"", reference.trim_ascii(), "\""])).into_owned());
        rest = tail;
    }
    found
}

/// A path with its references filled; nothing where one stands for more than letters, digits, dashes and underscores.
pub(super) fn fill_path(path: &str, scope: &Scope<'_>) -> String {
    let is_plain = |reference: &String| {
        let value = scope.value(reference).unwrap_or_default();
        !value.is_empty() && text_of(&value).bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let raw = concat(&["\"", path, "\""]);
    if references(&raw).iter().all(is_plain) { fill_text(path, scope, false) } else { String::new() }
}

/// Whether scheme and host stand in the URL literally, before any reference.
pub(crate) fn has_literal_host(url: &str) -> bool {
    let (literal, is_whole) = cut(url, "{{").map_or((url, true), |(literal, _)| (literal, false));
    // Browsers drop tabs and line breaks and take a backslash for a slash, so that what looks like a path may be a host.
    if literal.bytes().any(|byte| byte <= b' ' || byte == b'\\') {
        return false;
    }
    let after_scheme = ["https://", "http://", "//"].iter().find_map(|scheme| literal.strip_prefix(scheme));
    match after_scheme {
        // An empty host is no host: browsers take the next part for one.
        Some(host) => is_whole || host.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).is_some_and(|end| end > 0),
        None => literal != "/" && !literal.is_empty() && cut(literal, ":").is_none() || is_whole,
    }
}

fn whole_reference(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?.strip_suffix("}}")?;
    cut(inside, "{{").is_none().then(|| inside.trim_ascii())
}

/// A text with its references replaced by the text of what they stand for; by nothing where that is nothing.
pub(super) fn fill_text(text: &str, scope: &Scope<'_>, encoded: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((plain, behind)) = cut(rest, "{{")
        && let Some((reference, tail)) = cut(behind, "}}")
    {
        out.push_str(plain);
        if let Some(raw) = scope.value(reference.trim_ascii()) {
            let value = text_of(&raw);
            if encoded {
                push_encoded(&mut out, &value);
            } else {
                out.push_str(&value);
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// As JavaScript's `encodeURIComponent`, and a dot as well: `..` must not climb out of a path.
fn push_encoded(out: &mut String, text: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    let only_dots = text.bytes().all(|byte| byte == b'.');
    for byte in text.bytes() {
        if plain(byte) || (byte == b'.' && !only_dots) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(nibble + if nibble < 10 { b'0' } else { b'A' - 10 }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str =
        r#"{"properties":{"products":[{"id":"a","price":1.1,"n":2},{"id":"b","price":"2.25"}],"total":"12.50","none":null}}"#;
    const FIXED: Scope<'static> = Scope {
        event: EVENT,
        names: (r#"{"n":12.50,"text":"a/b&c=\"d\" .é","object":{"a":1,"b":2},"up":"..","off":false,"nothing":""}"#),
        item: None,
    };

    #[test]
    fn a_whole_reference_keeps_its_type_and_what_is_not_there_is_left_out() {
        let raw = r#"["{{n}}","€ {{ n }}","{{object}}",{"k":"{{gone}}","l":null,"m":"{{n}}"},"x{{gone}}y","{{","{{gone}}"]"#;
        assert_eq!(filled(raw, &FIXED).as_deref(), Some(r#"[12.50,"€ 12.50",{"a":1,"b":2},{"m":12.50},"xy","{{",null]"#));
        assert_eq!(arguments(r#"["{{gone}}","{{n}}","{{gone}}",null]"#, &FIXED), "[null,12.50]");
    }

    #[test]
    fn values_are_made_of_others() {
        for (raw, wanted) in [
            (r#"{"$first":["{{gone}}","{{event.properties.none}}","{{n}}",1]}"#, Some("12.50")),
            (r#"{"$first":["{{gone}}"]}"#, None),
            (
                r#"{"$each":"{{event.properties.products}}","to":{"item_id":"{{item.id}}","index":"{{index}}","q":"{{item.n}}"}}"#,
                Some(r#"[{"item_id":"a","index":0,"q":2},{"item_id":"b","index":1}]"#),
            ),
            (r#"{"$each":"{{gone}}","to":1}"#, None),
            (r#"{"$sum":"{{gone}}"}"#, None),
            (r#"{"$times":["{{n}}",2]}"#, Some("25")),
            (r#"{"$times":["{{n}}","{{gone}}"]}"#, None),
            (r#"{"$snake":"Plan Upgraded: proPlan 2 "}"#, Some("\"plan_upgraded_pro_plan_2\"")),
            (r#"{"$date":"2026-01-01T00:00:00Z"}"#, Some(r#"{"$date":"2026-01-01T00:00:00Z"}"#)),
            (r#"{"$number":{"$date":"1970-01-01T00:00:01.5Z"}}"#, Some("1500")),
            (r#"{"$global":"fbq"}"#, Some(r#"{"$global":"fbq"}"#)),
            (r#"{"$each":["x","y"]}"#, Some(r#"["x","y"]"#)),
            (r#"{"$join":"{{event.properties.products}}","with":";","to":"{{item.id}}"}"#, Some(r#""a;b""#)),
            (r#"{"$sum":"{{event.properties.products}}","to":"{{item.price}}"}"#, Some("3.35")),
            (r#"{"$number":"{{event.properties.total}}"}"#, Some("12.50")),
            (r#"{"$number":".5"}"#, Some("0.5")),
            (r#"{"$number":"{{text}}"}"#, None),
            (r#"{"$text":"{{n}}"}"#, Some("\"12.50\"")),
            (r#"{"$lookup":"{{n}}","in":{"12.50":"found"},"else":"other"}"#, Some("\"found\"")),
            (r#"{"$lookup":"{{gone}}","in":{"x":1},"else":"{{n}}"}"#, Some("12.50")),
            (r#"{"$lookup":"{{gone}}","in":{"x":1}}"#, None),
            (r#"{"$if":"{{off}}","then":1,"else":2}"#, Some("2")),
            (r#"{"$if":"{{nothing}}","then":1}"#, None),
            (r#"{"$if":"{{n}}","is":"12.50","then":"{{n}}","else":2}"#, Some("12.50")),
            (r#"{"$merge":["{{object}}","{{gone}}",{"b":3,"c":"{{n}}"}]}"#, Some(r#"{"a":1,"b":3,"c":12.50}"#)),
            (r#"{"$pick":"{{object}}","keys":["b","x"]}"#, Some(r#"{"b":2}"#)),
            (r#"{"$omit":"{{object}}","keys":["b","x"]}"#, Some(r#"{"a":1}"#)),
        ] {
            assert_eq!(filled(raw, &FIXED).as_deref(), wanted, "{raw}");
        }
        assert_eq!([0.1 + 0.2, -1.5, 3.0, 0.000_000_1].map(decimal), ["0.3", "-1.5", "3", "0"]);
    }

    #[test]
    fn references_cannot_leave_their_part_of_a_url() {
        assert_eq!(
            fill_url("https://x.example/{{up}}/p?v={{text}}", &FIXED),
            "https://x.example/%2E%2E/p?v=a%2Fb%26c%3D%22d%22%20.%C3%A9"
        );
    }

    #[test]
    fn hosts_are_literal() {
        for url in ["https://a.example/x?y={{v}}", "/local/{{v}}", "https://a.example", "//cdn.example/{{v}}", "local.js?x={{v}}"]
        {
            assert!(has_literal_host(url), "{url}");
        }
        for url in [
            "https://{{v}}/x",
            "https://a.{{v}}/x",
            "{{v}}",
            "/{{v}}",
            "//{{v}}/x",
            "//a{{v}}/x",
            " https://{{v}}/a.js",
            "HTTPS://{{v}}/a.js",
            "///{{v}}/a.js",
            "https:///{{v}}/a.js",
            "http:////{{v}}/a.js",
            "\\{{v}}/a.js",
            "/\\{{v}}/a.js",
            "/\t/{{v}}/a.js",
        ] {
            assert!(!has_literal_host(url), "{url}");
        }
    }
}
