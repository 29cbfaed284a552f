//! What events captured under the same circumstances share: identity, context and consent.

use crate::consent::Consent;
use crate::identity::Identity;
use crate::json::{at_path, push_member, push_text, text_of, valid};
use crate::text::{cut, next_piece};
use std::rc::Rc;

/// Identity, context and consent as of the call. Events that share one share a journal page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) anonymous_id: Option<Rc<str>>,
    pub(crate) user_id: Option<Rc<str>>,
    /// The page's facts, an object.
    pub(crate) page: Rc<str>,
    /// Members of `context`, without the braces.
    pub(crate) context: Rc<str>,
    /// `context.consent` without its closing brace.
    pub(crate) consent: Rc<str>,
    /// The consent revision.
    pub(crate) rev: u32,
}

impl Stamp {
    /// Bytes that it adds to each event.
    pub(crate) fn bytes(&self) -> usize {
        self.context.len() + self.consent.len()
    }
}

/// What the browser is, once a page: members of every event's `context`.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// `"userAgent":…,"locale":…,"timezone":…,"library":…`
    fixed: String,
    page: Rc<str>,
}

impl Surroundings {
    /// From the environment text of the shim: `userAgent`, `locale` and `timezone` are taken as they come.
    pub(crate) fn new(environment: &str) -> Self {
        let mut fixed = String::new();
        for key in ["userAgent", "locale", "timezone"] {
            if let Some(raw) = at_path(environment, key).filter(|raw| *raw != "null") {
                push_member(&mut fixed, key, raw);
            }
        }
        let library = concat!("{\"name\":\"tidegate\",\"version\":\"", env!("CARGO_PKG_VERSION"), "\"}");
        push_member(&mut fixed, "library", library);
        Surroundings { fixed, page: "{}".into() }
    }

    /// Sets the page's facts. Returns whether they changed; a text that is no object changes nothing.
    pub(crate) fn set_page(&mut self, facts: &str) -> bool {
        let fits = facts.starts_with('{') && valid(facts) && *facts != *self.page;
        if fits {
            self.page = one_line(facts).into();
        }
        fits
    }

    /// The stamp for events of this moment.
    pub(crate) fn stamp(&self, identity: &Identity, consent: &Consent) -> Rc<Stamp> {
        Rc::new(Stamp {
            anonymous_id: identity.anonymous_id().cloned(),
            user_id: identity.user_id().cloned(),
            page: self.page.clone(),
            context: self.context(),
            consent: consent.stamp(),
            rev: consent.rev(),
        })
    }

    /// The members of `context`.
    fn context(&self) -> Rc<str> {
        let mut out = String::with_capacity(self.fixed.len() + self.page.len() + 64);
        push_member(&mut out, "page", &self.page);
        out.push(',');
        out.push_str(&self.fixed);
        if let Some(campaign) = campaign(&self.page) {
            push_member(&mut out, "campaign", &campaign);
        }
        out.into()
    }
}

/// Line breaks and tabs end journal entries; in JSON they only ever stand between tokens.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    }
    out
}

/// Segment's `context.campaign`: the `utm_` parameters of the page's query, `utm_campaign` as `name`.
fn campaign(page: &str) -> Option<String> {
    let search = text_of(at_path(page, "search")?);
    let mut out = String::from("{");
    let mut pairs = Some(search.strip_prefix('?').unwrap_or(&search));
    while let Some(pair) = next_piece(&mut pairs, "&") {
        let (key, value) = cut(pair, "=").unwrap_or((pair, ""));
        if let Some(name) = key.strip_prefix("utm_").filter(|name| !name.is_empty()) {
            push_text(&mut out, if name == "campaign" { "name" } else { name }, &percent_decode(value));
        }
    }
    out.push('}');
    (out.len() > 2).then_some(out)
}

/// As in an HTML form. What does not decode to UTF-8 stays as it is.
fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = |at| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        at += 1;
        decoded.push(match (byte, hex(at), hex(at + 1)) {
            (b'%', Some(high), Some(low)) => {
                at += 2;
                (high * 16 + low) as u8
            }
            (b'+', ..) => b' ',
            (plain, ..) => *plain,
        });
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_holds_page_browser_library_and_campaign() {
        let mut surroundings = Surroundings::new(r#"{"userAgent":"UA","locale":"de-DE","timezone":null,"base":"x"}"#);
        assert!(surroundings.set_page(r#"{"path":"/a","search":"?utm_source=news&utm_campaign=a%20b+c%&x=1"}"#));
        assert!(!surroundings.set_page("[1]") && !surroundings.set_page("{"));
        let context: serde_json::Value = serde_json::from_str(&format!("{{{}}}", surroundings.context())).unwrap();
        assert_eq!(context["campaign"], serde_json::json!({"source": "news", "name": "a b c%"}));
        assert_eq!((&context["userAgent"], &context["page"]["path"]), (&"UA".into(), &"/a".into()));
        assert_eq!(context["library"]["name"], "tidegate");
        assert!(context.get("timezone").is_none());
    }
}
