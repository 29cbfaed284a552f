//! The file behind `--forward`: a config like a site's, of which the purposes and destinations count. A page never sees it, so secrets may stand in it;
//! better they come from the environment: `{ "$env": "GA4_SECRET" }` stands for a variable.

use super::Http;
use super::client::Client;
use hyper::Uri;
use serde_json::value::RawValue;
use std::fmt;
use std::sync::Arc;
use tidegate_collector::Sink;
use tidegate_core::config::Config;
use tidegate_core::destinations::addresses;
use tidegate_core::json::{Kind, elements, kind, members, push_member, push_string, text_of};

/// What is wrong with the file: JSON pointers, each with what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<(String, String)>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|(pointer, message)| format!("{pointer}: {message}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// A sink for each destination of a config's text. Variables come from `environment`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn destinations(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Box<dyn Sink>>, Faults> {
    let fault = |pointer: &str, message: String| Faults(vec![(pointer.to_owned(), message)]);
    let document: &RawValue = serde_json::from_str(text).map_err(|error| fault("", format!("it is not JSON: {error}")))?;
    let mut faults = Vec::new();
    let text = with_variables(document.get(), "", environment, &mut faults);
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let (config, _) = Config::check(&text)
        .map_err(|faults| Faults(faults.into_iter().map(|fault| (fault.pointer, fault.message)).collect()))?;
    for (at, destination) in config.destinations.iter().enumerate() {
        let place = format!("/destinations/{at}");
        if let Err(why) = check_url(&destination.url) {
            faults.push((format!("{place}/url"), why.into()));
        }
        for (name, url) in addresses(destination) {
            if let Err(why) = check_url(&url) {
                faults.push((format!("{place}/settings/{name}"), why.into()));
            }
        }
        if destination.consent.is_empty() {
            faults.push((format!("{place}/consent"), "names no purpose, so it would get nothing: name what it needs".into()));
        }
    }
    if config.destinations.is_empty() {
        faults.push(("/destinations".into(), "names no destination to forward to".into()));
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let client = Client::new().map_err(|error| fault("", format!("no certificates of this machine can be read: {error}")))?;
    let text: Arc<str> = text.into();
    let sink = |to| Box::new(Http::new(to, text.clone(), client.clone())) as Box<dyn Sink>;
    Ok(config.destinations.iter().map(sink).collect())
}

/// Whether requests can be made to it.
fn check_url(url: &str) -> Result<(), &'static str> {
    const RELATIVE: &str = "must be an absolute http(s) URL: here is no page that it could be relative to";
    let url: Uri = url.parse().map_err(|_| "is no URL: characters such as spaces are written as %20")?;
    let authority = url.authority().filter(|_| matches!(url.scheme_str(), Some("http" | "https"))).ok_or(RELATIVE)?;
    if authority.as_str().contains('@') {
        return Err("has a name or password in it, which is not sent: use header fields, such as a webhook's");
    }
    if authority.host().is_empty() { Err(RELATIVE) } else { Ok(()) }
}

/// The JSON text with variables in their places; everything else stays as it is written: in mappings the first key says which function is meant.
fn with_variables(
    raw: &str,
    pointer: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<(String, String)>,
) -> String {
    let below = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match kind(raw) {
        Kind::Object => {
            let mut only = members(raw);
            if let (Some((key, name)), None) = (only.next(), only.next())
                && key == "$env"
                && kind(name) == Kind::String
            {
                let name = text_of(name);
                let found = environment(&name);
                match &found {
                    None => faults.push((pointer.to_owned(), format!("the environment has no variable {name}: set it"))),
                    // What it holds is not for messages.
                    Some(text) if text.contains("{{") => {
                        faults.push((
                            pointer.to_owned(),
                            format!("the variable {name} has {{{{ in it, which would refer to something"),
                        ));
                    }
                    Some(_) => {}
                }
                let mut out = String::new();
                push_string(&mut out, &found.unwrap_or_default());
                return out;
            }
            let mut out = String::from("{");
            for (key, raw) in members(raw) {
                push_member(&mut out, &key, &with_variables(raw, &below(&key), environment, faults));
            }
            out + "}"
        }
        Kind::Array => {
            let items: Vec<_> = elements(raw)
                .enumerate()
                .map(|(at, item)| with_variables(item, &below(&at.to_string()), environment, faults))
                .collect();
            format!("[{}]", items.join(","))
        }
        _ => raw.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<Vec<String>, Vec<String>> {
        let environment = |name: &str| match name {
            "SECRET" => Some("s".to_owned()),
            "BRACES" => Some("a{{b.c}}".to_owned()),
            _ => None,
        };
        destinations(text, &environment)
            .map(|sinks| sinks.iter().map(|sink| sink.name().to_owned()).collect())
            .map_err(|faults| faults.0.into_iter().map(|(pointer, _)| pointer).collect())
    }

    #[test]
    fn the_file_stays_as_it_is_written_but_for_variables() {
        let environment = |name: &str| (name == "A\"").then(|| "v\"\n".to_owned());
        let put = |text: &str| with_variables(text, "", &environment, &mut Vec::new());
        assert_eq!(
            put(r#"{"b":1.10,"a":{"$env":"A\""},"c":[12345678901234567890123,{"$env":1}]}"#),
            r#"{"b":1.10,"a":"v\"\n","c":[12345678901234567890123,{"$env":1}]}"#
        );
    }

    #[test]
    fn every_destination_is_a_sink_and_faults_have_their_place() {
        let with = |destination: &str| {
            format!(r#"{{"version":1,"writeKey":"w","consent":{{"purposes":{{"a":{{}}}}}},"destinations":[{destination}]}}"#)
        };
        let ga4 = |url: &str, secret: &str, consent: &str| {
            with(&format!(
                r#"{{"id":"ga","kind":"ga4","url":"{url}","consent":{consent},"settings":{{"measurementId":"G","apiSecret":{secret}}}}}"#
            ))
        };
        let needs = r#"{"allOf":["a"]}"#;
        assert_eq!(open(&ga4("https://g.example/c", r#"{"$env":"SECRET"}"#, needs)), Ok(vec!["destination:ga".to_owned()]));
        assert_eq!(
            open(&ga4("https://g.example/c", r#"{"$env":"NONE"}"#, needs)),
            Err(vec!["/destinations/0/settings/apiSecret".to_owned()])
        );
        assert_eq!(
            open(&ga4("/c", "\"s\"", "{}")),
            Err(vec!["/destinations/0/url".to_owned(), "/destinations/0/consent".to_owned()])
        );
        for url in ["http://", "https://h ost.example/", "https://h.example/a b", "ftp://h.example/", "https://u:p@h.example/"] {
            assert_eq!(open(&ga4(url, "\"s\"", needs)), Err(vec!["/destinations/0/url".to_owned()]), "{url}");
        }
        assert_eq!(
            open(&ga4("https://g.example/c", r#"{"$env":"BRACES"}"#, needs)),
            Err(vec!["/destinations/0/settings/apiSecret".to_owned()])
        );
        let mparticle = |url: &str| {
            with(&format!(
                r#"{{"id":"mp","kind":"mparticle","url":"https://m.example/","consent":{needs},"settings":{{"key":"k","identityUrl":"{url}"}}}}"#
            ))
        };
        assert_eq!(open(&mparticle("https://i.example/")), Ok(vec!["destination:mp".to_owned()]));
        assert_eq!(open(&mparticle("/identify")), Err(vec!["/destinations/0/settings/identityUrl".to_owned()]));
        assert_eq!(open(&with("")), Err(vec!["/destinations".to_owned()]));
        assert_eq!(open("{"), Err(vec![String::new()]));
        assert_eq!(
            open(&with(r#"{"id":"x","kind":"fax","url":"https://x.example/"}"#)),
            Err(vec!["/destinations/0/kind".to_owned()])
        );
    }
}
