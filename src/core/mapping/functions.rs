//! The language of destinations: functions that only they have, and how much one event may be made into.

use super::digest::{base64, hmac, sha256, uuid};
use super::reshape::{flat, limited, listed, object};
use super::texts::{format, identifier, replaced, url_part};
use super::{Language, Scope, filled, is_met};
use crate::json::{Kind, elements, f64_of, flag, kind, member, push_string, text_of, whole};
use crate::tags::folded;
use std::cell::Cell;

/// What one event may be made into, in bytes of all values on the way.
const MOST_BYTES: usize = 1 << 20;

/// What is still to be had for one event, and the first function that could do nothing with what it was given.
pub(crate) struct Work {
    left: Cell<Option<usize>>,
    failed: Cell<Option<&'static str>>,
}

impl Work {
    pub(crate) fn new() -> Self {
        Work { left: Cell::new(Some(MOST_BYTES)), failed: Cell::new(None) }
    }

    /// For a request of events that were within their bounds.
    pub(crate) fn unbounded() -> Self {
        Work { left: Cell::new(Some(usize::MAX)), failed: Cell::new(None) }
    }

    /// Whether the event would be made into more than it may.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get().is_none()
    }

    pub(crate) fn failed(&self) -> Option<&'static str> {
        self.failed.get()
    }
}

impl Language for &Work {
    fn made(key: &str, of: &str, raw: &str, scope: &Scope<'_, Self>) -> Option<String> {
        let own = |key: &str| member(raw, key);
        let text = || filled(of, scope).map(|value| text_of(&value).into_owned());
        let number = |key| own(key).and_then(whole).map(|number| number as usize);
        let word = |is: bool| Some(String::from(if is { "true" } else { "false" }));
        let made = match key {
            "$bool" => return word(is_met(of, None, scope)),
            "$not" => return word(!is_met(of, None, scope)),
            "$all" => return word(elements(of).all(|item| is_met(item, None, scope))),
            "$any" => return word(elements(of).any(|item| is_met(item, None, scope))),
            "$in" => {
                let (value, list) = (text()?, filled(own("list")?, scope)?);
                return word(elements(&list).any(|item| text_of(item) == value));
            }
            "$starts" => {
                let (value, list) = (text()?, filled(own("list")?, scope)?);
                return word(elements(&list).any(|item| value.starts_with(&*text_of(item))));
            }
            "$greater" => {
                let mut sides = elements(of).map(|side| f64_of(&text_of(&filled(side, scope)?)));
                let (left, right) = (sides.next().flatten()?, sides.next().flatten()?);
                return word(left > right);
            }
            "$object" => return object(&filled(of, scope)?, own("key"), own("value"), scope),
            "$list" => return listed(&filled(of, scope)?, own("to"), scope),
            "$flat" => {
                return flat(&filled(of, scope)?, own("with").map(text_of).as_deref().unwrap_or("_"), flag(raw, "lists", false));
            }
            "$limit" => return limited(&filled(of, scope)?, [number("members"), number("names"), number("texts")]),
            "$format" => return format(&text()?, own("as").map(text_of).as_deref().unwrap_or("")),
            "$get" => return member(&filled(of, scope)?, &text_of(&filled(own("key")?, scope)?)).map(str::to_owned),
            "$json" => filled(of, scope)?,
            "$uuid" => uuid(&sha256(&text()?))?,
            "$lower" => text()?.chars().map(folded).collect(),
            "$upper" => text()?.to_ascii_uppercase(),
            "$trim" => text()?.trim().to_owned(),
            "$replace" => replaced(&text()?, &text_of(own("all")?), &text_of(own("with")?)),
            "$name" => identifier(&text()?, own("letters").is_some_and(|letters| text_of(letters) == "any"))?,
            "$url" => url_part(&text()?, &own("part").map(text_of).unwrap_or_default())?,
            "$sha256" => sha256(&text()?),
            "$hmac" => hmac(&text_of(&filled(own("key")?, scope)?), &text()?),
            "$base64" => base64(text()?.as_bytes()),
            _ => return None,
        };
        let mut out = String::new();
        push_string(&mut out, &made);
        Some(out)
    }

    fn may_make(self, bytes: usize) -> bool {
        let left = self.left.get().and_then(|left| left.checked_sub(bytes + 1));
        self.left.set(left);
        left.is_some()
    }

    fn missed(self, raw: &str, scope: &Scope<'_, Self>) {
        // What functions within gave is not asked for again: they tell of themselves.
        let is_there = |of: &str| kind(of) != Kind::String || filled(of, scope).is_some_and(|value| value != "\"\"");
        let is_given = |of: &str| kind(of) != Kind::Object && is_there(of) && elements(of).all(is_there);
        for key in ["$number", "$sum", "$times", "$format", "$greater", "$flat", "$object", "$list", "$each", "$join"] {
            if let Some(of) = member(raw, key)
                && self.failed.get().is_none()
                && is_given(of)
            {
                self.failed.set(Some(key));
            }
        }
    }
}

/// Whether a key says how a destination's value is made of others.
pub(crate) fn is_wire_function(key: &str) -> bool {
    let own = "$bool $not $all $any $in $starts $greater $object $list $flat $limit $format $get $json $uuid $lower $upper $trim $replace $name $url $sha256 $hmac $base64";
    own.split(' ').any(|known| known == key) || !matches!(key, "$cookie" | "$global") && super::is_function(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVENT: &str = r#"{"messageId":"m","timestamp":"2026-01-02T03:04:05.678Z","properties":{"email":" Ann@Example.com ","total":"12.5",
        "deep":{"a":{"b":1},"list":[1,{"x":2}]},"no":false,"long":"abcdefgh"}}"#;

    const FUNCTIONS: &str = "$bool $not $all $any $in $starts $greater $object $list $flat $limit $format $get $json $uuid $lower $upper $trim $replace $name $url $sha256 \
        $hmac $base64 $first $each $join $sum $times $number $text $snake $date $lookup $if $merge $pick $omit";

    #[test]
    fn every_function_is_known_to_the_check() {
        let schema = include_str!("../../../js/tidegate.schema.json");
        for function in FUNCTIONS.split_whitespace() {
            assert!(is_wire_function(function), "{function}");
            let word = function.trim_start_matches('$');
            assert!(
                ["(", "|"].iter().any(|before| ["|", ")"].iter().any(|after| schema.contains(&format!("{before}{word}{after}")))),
                "{function}"
            );
        }
        for other in ["$cookie", "$global", "$", "$none", "$bool $not"] {
            assert!(!is_wire_function(other), "{other}");
        }
    }

    fn made(raw: &str) -> Option<String> {
        let work = Work::new();
        filled(raw, &Scope::of(EVENT, r#"{"secret":"key"}"#, &work))
    }

    #[test]
    fn destinations_have_functions_of_their_own() {
        for (raw, wanted) in [
            (r#"{"$bool":"{{event.properties.no}}"}"#, Some("false")),
            (r#"{"$not":"{{event.properties.gone}}"}"#, Some("true")),
            (r#"{"$all":["{{event.messageId}}",{"$not":"{{event.properties.no}}"}]}"#, Some("true")),
            (r#"{"$any":["{{event.properties.no}}","{{event.gone}}"]}"#, Some("false")),
            (r#"{"$in":"{{event.messageId}}","list":["a","m"]}"#, Some("true")),
            (r#"{"$in":"{{event.gone}}","list":["a"]}"#, None),
            (r#"{"$starts":"{{event.properties.long}}","list":["x","abc"]}"#, Some("true")),
            (r#"{"$starts":"{{event.properties.long}}","list":["bc"]}"#, Some("false")),
            (r#"{"$starts":"{{event.gone}}","list":[""]}"#, None),
            (r#"{"$greater":["{{event.properties.total}}",12]}"#, Some("true")),
            (r#"{"$greater":["{{event.messageId}}",12]}"#, None),
            (
                r#"{"$object":"{{event.properties.deep.a}}","key":"x_{{key}}","value":{"$text":"{{item}}"}}"#,
                Some(r#"{"x_b":"1"}"#),
            ),
            (r#"{"$object":"{{event.properties.deep.list}}","key":"{{index}}"}"#, Some(r#"{"0":1,"1":{"x":2}}"#)),
            (r#"{"$list":"{{event.properties.deep.a}}","to":["{{key}}","{{item}}"]}"#, Some(r#"[["b",1]]"#)),
            (r#"{"$flat":"{{event.properties.deep}}"}"#, Some(r#"{"a_b":1,"list":"[1,{\"x\":2}]"}"#)),
            (r#"{"$flat":"{{event.properties.deep}}","with":".","lists":true}"#, Some(r#"{"a.b":1,"list":[1,{"x":2}]}"#)),
            (r#"{"$limit":"{{event.properties.long}}","texts":3}"#, Some(r#""abc""#)),
            (r#"{"$limit":{"long":"abcdé","b":1},"members":1,"names":2,"texts":5}"#, Some(r#"{"lo":"abcdé"}"#)),
            (r#"{"$limit":[1,"abc",3],"members":2,"texts":1}"#, Some(r#"[1,"a"]"#)),
            (r#"{"$format":"{{event.timestamp}}","as":"ms"}"#, Some("1767323045678")),
            (r#"{"$format":"{{event.timestamp}}","as":"s"}"#, Some("1767323045")),
            (r#"{"$format":"{{event.timestamp}}","as":"us"}"#, Some("1767323045678000")),
            (r#"{"$format":"{{event.timestamp}}","as":"date"}"#, Some(r#""2026-01-02""#)),
            (r#"{"$format":"yesterday","as":"ms"}"#, None),
            (r#"{"$json":{"a":"{{event.messageId}}"}}"#, Some(r#""{\"a\":\"m\"}""#)),
            (r#"{"$get":"{{event.properties.deep}}","key":"a"}"#, Some(r#"{"b":1}"#)),
            (r#"{"$get":"{{event.properties.deep}}","key":"{{event.messageId}}"}"#, None),
            (r#"{"$uuid":"abc"}"#, Some(r#""ba7816bf-8f01-8fea-8141-40de5dae2223""#)),
            (r#"{"$lower":{"$trim":"{{event.properties.email}}"}}"#, Some(r#""ann@example.com""#)),
            (r#"{"$upper":"eur"}"#, Some(r#""EUR""#)),
            (r#"{"$replace":"a b c","all":" ","with":"--"}"#, Some(r#""a--b--c""#)),
            (r#"{"$name":"größe in cm!"}"#, Some(r#""gr_e_in_cm""#)),
            (r#"{"$name":"größe in cm!","letters":"any"}"#, Some(r#""größe_in_cm""#)),
            (r#"{"$name":"价格","letters":"any"}"#, Some(r#""价格""#)),
            (r#"{"$name":"2→价格（元）🛒Ёлка","letters":"any"}"#, Some(r#""x2_价格_元_Ёлка""#)),
            (r#"{"$name":"価格・東京؟","letters":"any"}"#, Some(r#""価格_東京""#)),
            (r#"{"$name":"价格"}"#, None),
            (r#"{"$name":"🛒","letters":"any"}"#, None),
            (r#"{"$name":""}"#, None),
            (r#"{"$url":"https://u:p@shop.example:8443/a/b?c=/#d","part":"host"}"#, Some(r#""shop.example:8443""#)),
            (r#"{"$url":"https://u:p@shop.example:8443/a/b?c=/#d","part":"hostname"}"#, Some(r#""shop.example""#)),
            (r#"{"$url":"https://shop.example:8443/a/b?c=/#d","part":"page"}"#, Some(r#""https://shop.example:8443/a/b""#)),
            (r#"{"$url":"https://shop.example#d","part":"page"}"#, Some(r#""https://shop.example""#)),
            (r#"{"$url":"http://[::1]:80?c","part":"hostname"}"#, Some(r#""[::1]""#)),
            (r#"{"$url":"http://[::1]","part":"host"}"#, Some(r#""[::1]""#)),
            (r#"{"$url":"/a/b","part":"host"}"#, None),
            (r#"{"$url":"https://shop.example/","part":"none"}"#, None),
            (r#"{"$base64":"key:secret"}"#, Some(r#""a2V5OnNlY3JldA==""#)),
            (r#"{"$sha256":"abc"}"#, Some(r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#)),
            (
                r#"{"$hmac":"The quick brown fox jumps over the lazy dog","key":"{{secret}}"}"#,
                Some(r#""f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8""#),
            ),
            (r#"{"$cookie":"x"}"#, None),
        ] {
            assert_eq!(made(raw).as_deref(), wanted, "{raw}");
        }
    }

    /// An object whose first key begins with `$` is a function, also where a platform has such keys of its own.
    #[test]
    fn kinds_use_no_function_that_there_is_not() {
        fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
            match value {
                serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
                serde_json::Value::Object(members) => members.iter().for_each(|(key, value)| {
                    found.push(key.clone());
                    keys(value, found);
                }),
                _ => {}
            }
        }
        for kind in [
            include_str!("../destinations/kinds/amplitude.json"),
            include_str!("../destinations/kinds/ga4.json"),
            include_str!("../destinations/kinds/mparticle.json"),
            include_str!("../destinations/kinds/segment.json"),
            include_str!("../destinations/kinds/snowplow.json"),
            include_str!("../destinations/kinds/tealium.json"),
            include_str!("../destinations/kinds/webhook.json"),
        ] {
            let mut found = Vec::new();
            keys(&serde_json::from_str(kind).unwrap(), &mut found);
            assert!(found.len() > 3, "{kind}");
            for key in found.iter().filter(|key| key.starts_with('$')) {
                assert!(is_wire_function(key), "{key} in {kind}");
            }
        }
    }

    /// The specification's examples.
    #[test]
    fn the_examples_of_the_readme_give_what_it_says() {
        let readme = include_str!("README.md");
        let event = readme.split("```json event\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let event = serde_json::from_str::<serde_json::Value>(event).unwrap().to_string();
        let mut run = 0;
        let mut wrong = Vec::new();
        let mut seen = String::new();
        for line in readme.lines() {
            let Some((mapping, wanted)) = line.strip_prefix("| `{ \"$").and_then(|rest| rest.split_once("` | `")) else {
                continue;
            };
            let (mapping, wanted) = (format!("{{ \"${mapping}"), wanted.strip_suffix("` |").unwrap());
            assert!(crate::json::valid(&mapping), "{mapping}");
            let work = Work::new();
            let value = filled(&mapping, &Scope::of(&event, "{}", &work));
            if value.as_deref() != Some(wanted) {
                wrong.push((mapping.clone(), value));
            }
            run += 1;
            seen.push_str(&mapping);
        }
        assert!(run > 30 && wrong.is_empty(), "{run} examples, {wrong:#?}");
        for function in FUNCTIONS.split_whitespace().filter(|function| *function != "$date") {
            assert!(seen.contains(&format!("\"{function}\"")), "{function} has no example");
        }
    }

    #[test]
    fn the_first_function_that_could_do_nothing_with_a_value_is_told() {
        for (raw, wanted) in [
            (r#"{"$number":"{{event.properties.email}}"}"#, Some("$number")),
            (r#"{"a":{"$format":"{{event.messageId}}","as":"ms"}}"#, Some("$format")),
            (r#"{"$number":"{{event.properties.gone}}"}"#, None),
            (r#"{"$number":"{{event.properties.total}}"}"#, None),
            (r#"{"$times":["{{event.properties.total}}","{{event.properties.email}}"]}"#, Some("$times")),
            (r#"{"$times":["{{event.properties.gone}}",2]}"#, None),
            (r#"{"$greater":["{{event.properties.gone}}",2]}"#, None),
        ] {
            let work = Work::new();
            filled(raw, &Scope::of(EVENT, "{}", &work));
            assert_eq!(work.failed(), wanted, "{raw}");
        }
    }

    #[test]
    fn functions_in_functions_are_not_tried_over_and_over() {
        let mut raw = r#""{{event.gone}}""#.to_owned();
        for _ in 0..40 {
            raw = format!(r#"{{"$number":{raw}}}"#);
        }
        let work = Work::new();
        assert_eq!(filled(&raw, &Scope::of(EVENT, "{}", &work)), None);
    }

    #[test]
    fn an_event_is_made_into_no_more_than_it_may() {
        let mut raw = r#""{{event.properties}}""#.to_owned();
        for _ in 0..12 {
            raw = format!("[{raw},{raw}]");
        }
        let work = Work::new();
        filled(&raw, &Scope::of(EVENT, "{}", &work));
        assert!(work.is_spent());
    }

    /// Any JSON, with functions and references here and there.
    fn expression() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<i32>().prop_map(|number| number.to_string()),
            prop::sample::select(vec![
                r#""{{event.properties}}""#,
                r#""{{event}}""#,
                r#""{{item}}""#,
                r#""{{key}}-{{index}}""#,
                r#""{{gone}}""#,
                r#""€ {{event.timestamp}}""#,
                r#""ms""#
            ])
            .prop_map(str::to_owned),
            ".{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        ];
        leaf.prop_recursive(5, 60, 4, |inner| {
            let keys = prop::sample::select(
                FUNCTIONS
                    .split_whitespace()
                    .chain(["key", "value", "to", "with", "as", "list", "all", "in", "then"])
                    .collect::<Vec<_>>(),
            );
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
                prop::collection::vec((keys, inner), 0..4).prop_map(|all| {
                    let members: Vec<String> = all.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        /// Invariant of mappings: total, deterministic, JSON, and bounded in what is made.
        #[test]
        fn whatever_is_mapped_gives_the_same_json_within_the_bound(raw in expression(), event in expression()) {
            let make = || {
                let work = Work::new();
                (filled(&raw, &Scope::of(&event, r#"{"event":{"a":1}}"#, &work)), work.is_spent())
            };
            let (value, is_spent) = make();
            prop_assert_eq!(&(value.clone(), is_spent), &make());
            if let Some(value) = value {
                prop_assert!(crate::json::valid(&value), "{}", value);
                prop_assert!(value.len() <= MOST_BYTES);
            }
        }
    }
}
