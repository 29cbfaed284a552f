//! Values that are made of others: `src/core/tags/README.md` has their table.

use super::{Language, Scope, filled, is_met, push_raw};
use crate::json::{Kind, digits, elements, f64_of, kind, list, member, members, push_member, push_merged, push_string, text_of};
use crate::tags::folded;
use crate::text::concat;
use crate::time::from_iso;
use std::borrow::Cow;

/// Whether a key says how a value is made of others. Written out, since a table would be in the first load.
pub(crate) fn is_function(key: &str) -> bool {
    matches!(
        key,
        "$first"
            | "$each"
            | "$join"
            | "$sum"
            | "$times"
            | "$number"
            | "$text"
            | "$snake"
            | "$date"
            | "$lookup"
            | "$if"
            | "$merge"
            | "$pick"
            | "$omit"
            | "$cookie"
            | "$global"
    )
}

/// A value that is made of others. `raw` is an object whose first key says how.
pub(super) fn made<L: Language>(raw: &str, scope: &Scope<'_, L>) -> Option<String> {
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
            decimal(sum)
        }
        "$times" => {
            let mut product = 1.0;
            for factor in elements(of) {
                product *= f64_of(&text_of(&filled(factor, scope)?))?;
            }
            decimal(product)
        }
        "$number" => {
            let value = filled(of, scope)?;
            if let Some(date) = member(&value, "$date") {
                return from_iso(&text_of(date)).map(digits);
            }
            let text = text_of(&value);
            let number = f64_of(&text).filter(|number| number.is_finite())?;
            // As it was written, so that nothing is rounded; a JSON number has a digit before its point.
            let text = text.trim_ascii();
            if crate::json::valid(text) { Some(text.to_owned()) } else { decimal(number) }
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
        _ => L::made(&key, of, raw, scope),
    }
}

/// What `to` makes of each element; the element itself where it is left out. Nothing where there is no list.
pub(super) fn each<L: Language>(of: &str, to: Option<&str>, scope: &Scope<'_, L>) -> Option<Vec<String>> {
    let list = filled(of, scope).filter(|raw| kind(raw) == Kind::Array)?;
    let mut all = Vec::new();
    for (index, item) in elements(&list).enumerate() {
        all.extend(filled(to.unwrap_or("\"{{item}}\""), &scope.at(item, index, "")));
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

/// A number in JSON with up to six decimals: sums of money. Nothing where it is too large for that.
fn decimal(number: f64) -> Option<String> {
    if number.is_nan() || number.abs() > 9e12 {
        return None;
    }
    let scaled = (number.abs() * 1e6 + 0.5) as u64;
    let (whole, mut fraction) = (digits(scaled / 1_000_000), digits(scaled % 1_000_000 + 1_000_000));
    fraction.remove(0);
    let fraction = fraction.trim_end_matches('0');
    let sign = if number < 0.0 && scaled > 0 { "-" } else { "" };
    Some(concat(&[sign, &whole, if fraction.is_empty() { "" } else { "." }, fraction]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::FIXED;
    use super::*;

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
        let decimals = [0.1 + 0.2, -1.5, 3.0, 0.000_000_1].map(|number| decimal(number).unwrap());
        assert_eq!(decimals, ["0.3", "-1.5", "3", "0"]);
        assert_eq!([1e13, f64::NAN, f64::INFINITY].map(decimal), [None, None, None]);
    }
}
