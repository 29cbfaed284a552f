//! The file behind `--forward`: a config like a site's, of which the purposes and destinations count. A page never sees it, so secrets may stand in it;
//! better they come from the environment: `{ "$env": "GA4_SECRET" }` stands for a variable.

use super::Http;
use super::client::Client;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use tidegate_collector::Sink;
use tidegate_core::config::Config;

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
    let mut document: Value = serde_json::from_str(text).map_err(|error| fault("", format!("it is not JSON: {error}")))?;
    let mut faults = Vec::new();
    put_variables(&mut document, "", environment, &mut faults);
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let (config, _) = Config::check(&document.to_string())
        .map_err(|faults| Faults(faults.into_iter().map(|fault| (fault.pointer, fault.message)).collect()))?;
    for (at, destination) in config.destinations.iter().enumerate() {
        let place = format!("/destinations/{at}");
        if !["https://", "http://"].iter().any(|scheme| destination.url.starts_with(scheme)) {
            faults.push((
                format!("{place}/url"),
                "must be an absolute http(s) URL: here is no page that it could be relative to".into(),
            ));
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
    let text: Arc<str> = document.to_string().into();
    let sink = |to| Box::new(Http::new(to, text.clone(), client.clone())) as Box<dyn Sink>;
    Ok(config.destinations.iter().map(sink).collect())
}

fn put_variables(
    value: &mut Value,
    pointer: &str,
    environment: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<(String, String)>,
) {
    let below = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => {
            if let (1, Some(Value::String(name))) = (members.len(), members.get("$env")) {
                match environment(name) {
                    Some(text) => *value = Value::String(text),
                    None => faults.push((pointer.to_owned(), format!("the environment has no variable {name}: set it"))),
                }
                return;
            }
            for (key, value) in members {
                put_variables(value, &below(key), environment, faults);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter_mut().enumerate() {
                put_variables(value, &below(&at.to_string()), environment, faults);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<Vec<String>, Vec<String>> {
        let environment = |name: &str| (name == "SECRET").then(|| "s".to_owned());
        destinations(text, &environment)
            .map(|sinks| sinks.iter().map(|sink| sink.name().to_owned()).collect())
            .map_err(|faults| faults.0.into_iter().map(|(pointer, _)| pointer).collect())
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
        assert_eq!(open(&with("")), Err(vec!["/destinations".to_owned()]));
        assert_eq!(open("{"), Err(vec![String::new()]));
        assert_eq!(
            open(&with(r#"{"id":"x","kind":"fax","url":"https://x.example/"}"#)),
            Err(vec!["/destinations/0/kind".to_owned()])
        );
    }
}
