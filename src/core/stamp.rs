//! What events captured under the same circumstances share: identity, context and consent.

use crate::consent::Consent;
use crate::identity::Identity;
use crate::json::{at_path, members, push_member, valid};
use crate::text::{cut, push_replaced};
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
    /// Which visitor of this page it is: see [`Identity::epoch`].
    pub(crate) epoch: u32,
}

impl Stamp {
    /// Bytes that it adds to each event.
    pub(crate) fn bytes(&self) -> usize {
        // The frame is what the event and its delivery add around them.
        const FRAME: usize = 160;
        let ids = [&self.anonymous_id, &self.user_id].into_iter().flatten();
        ids.fold(self.context.len() + self.consent.len() + FRAME, |sum, id| sum + id.len())
    }
}

/// What the browser is, once a page: members of every event's `context`.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// `"userAgent":…,"locale":…,"timezone":…,"library":…`
    fixed: String,
    page: Rc<str>,
    /// The `utm_` parameters without the prefix: an object, or empty. `utm_campaign` is Segment's `campaign.name`.
    utm: String,
}

impl Surroundings {
    /// From the environment text of the shim: `userAgent`, `locale` and `timezone` are taken as they come.
    pub(crate) fn new(environment: &str) -> Self {
        let mut fixed = String::new();
        for key in ["userAgent", "userAgentData", "locale", "timezone"] {
            if let Some(raw) = at_path(environment, key).filter(|raw| *raw != "null") {
                push_member(&mut fixed, key, raw);
            }
        }
        let library = concat!("{\"name\":\"tidegate\",\"version\":\"", env!("CARGO_PKG_VERSION"), "\"}");
        push_member(&mut fixed, "library", library);
        Surroundings { fixed, page: "{}".into(), utm: String::new() }
    }

    /// Sets the page's facts; see [`crate::Input::Page`]. Returns whether they changed; a text that is no object changes
    /// nothing.
    pub(crate) fn set_page(&mut self, facts: &str) -> bool {
        let (page, utm) = cut(facts, "\n").unwrap_or((facts, ""));
        let (utm, _) = cut(utm, "\n").unwrap_or((utm, ""));
        let changed = page.starts_with('{') && valid(page) && (*page != *self.page || utm != self.utm);
        if changed {
            self.page = one_line(page).into();
            self.utm = one_line(utm);
        }
        changed
    }

    /// The stamp for events of this moment.
    pub(crate) fn stamp(&self, identity: &Identity, consent: &Consent) -> Rc<Stamp> {
        Rc::new(Stamp {
            anonymous_id: identity.anonymous_id().cloned(),
            user_id: identity.user_id().cloned(),
            page: self.page.clone(),
            context: self.context(&identity.known().referrer),
            consent: consent.stamp(),
            rev: consent.rev(),
            epoch: identity.epoch(),
        })
    }

    /// The members of `context`.
    fn context(&self, referrer: &str) -> Rc<str> {
        let mut out = String::with_capacity(self.fixed.len() + self.page.len() + 64);
        push_member(&mut out, "page", &self.page);
        out.push(',');
        out.push_str(&self.fixed);
        if !self.utm.is_empty() {
            push_member(&mut out, "campaign", "{");
            for (key, raw) in members(&self.utm) {
                push_member(&mut out, if key == "campaign" { "name" } else { &key }, raw);
            }
            out.push('}');
        }
        if !referrer.is_empty() {
            push_member(&mut out, "referrer", referrer);
        }
        out.into()
    }
}

/// Line breaks and tabs end journal entries; in JSON they only ever stand between tokens.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_replaced(&mut out, text, |byte| if matches!(byte, b'\n' | b'\r' | b'\t') { " " } else { "" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_holds_page_browser_library_and_campaign() {
        let mut surroundings = Surroundings::new(r#"{"userAgent":"UA","locale":"de-DE","timezone":null,"base":"x"}"#);
        assert!(surroundings.set_page("{\"path\":\"/a\"}\n{\"source\":\"news\",\"campaign\":\"a b\"}"));
        assert!(!surroundings.set_page("[1]") && !surroundings.set_page("{"));
        let context: serde_json::Value =
            serde_json::from_str(&format!("{{{}}}", surroundings.context(r#"{"id":"1","type":"dataxu"}"#))).unwrap();
        assert_eq!(context["campaign"], serde_json::json!({"source": "news", "name": "a b"}));
        assert_eq!((&context["userAgent"], &context["page"]["path"]), (&"UA".into(), &"/a".into()));
        assert_eq!((&context["library"]["name"], &context["referrer"]["type"]), (&"tidegate".into(), &"dataxu".into()));
        assert!(context.get("timezone").is_none());
    }
}
