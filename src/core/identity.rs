//! Who the visitor is. Nothing is minted or stored before consent allows it; what the page says lives in memory.

use crate::effect::Effects;
use crate::ids::Ids;
use crate::json::{self, Kind, at_path, kind, push_member, push_merged, push_text, text_of};
use std::rc::Rc;

/// The storage key.
pub const KEY: &str = "tg_identity";
/// The first-party cookie that holds the anonymous identifier.
pub const COOKIE: &str = "tg_anonymous_id";
const COOKIE_MAX_AGE_S: u32 = 365 * 86_400;

const NOTHING: &str = "{}";

/// Identifiers and traits.
#[derive(Debug)]
pub(crate) struct Identity {
    allowed: bool,
    anonymous_id: Option<Rc<str>>,
    user_id: Option<Rc<str>>,
    /// A JSON object.
    traits: String,
    group_id: Option<Rc<str>>,
    /// A JSON object.
    group_traits: String,
    /// What an earlier page stored, until consent says whether it may be used.
    stored: Option<String>,
    /// Whether storage may hold an identifier of ours.
    has_stored: bool,
    cookie: Option<Rc<str>>,
}

impl Identity {
    pub(crate) fn new() -> Self {
        Identity {
            allowed: false,
            anonymous_id: None,
            user_id: None,
            traits: String::from(NOTHING),
            group_id: None,
            group_traits: String::from(NOTHING),
            stored: None,
            has_stored: false,
            cookie: None,
        }
    }

    pub(crate) fn restore(&mut self, stored: Option<&str>, cookie: Option<&str>) {
        self.has_stored = stored.is_some() || cookie.is_some();
        self.stored = stored.map(str::to_owned);
        self.cookie = cookie.filter(|id| !id.is_empty()).map(Rc::from);
    }

    /// From now on other tabs may store one that this tab never sees.
    pub(crate) fn share(&mut self) {
        self.has_stored = true;
    }

    pub(crate) fn anonymous_id(&self) -> Option<&Rc<str>> {
        self.anonymous_id.as_ref()
    }

    pub(crate) fn user_id(&self) -> Option<&Rc<str>> {
        self.user_id.as_ref()
    }

    /// Consent changed: takes up or mints an identifier, or deletes every trace. `ids` gives a fresh one.
    pub(crate) fn allow(&mut self, allowed: bool, denied: bool, ids: &mut Ids, out: &mut Effects) {
        let was = std::mem::replace(&mut self.allowed, allowed);
        if allowed && !was {
            self.take_up_stored();
            if self.anonymous_id.is_none() {
                self.anonymous_id = Some(ids.random().into());
            }
            self.save(out);
        } else if !allowed && (was || denied) {
            self.anonymous_id = None;
            self.stored = None;
            self.cookie = None;
            self.erase(out);
        }
    }

    /// `identify`: another user's arrival starts a new anonymous identity.
    pub(crate) fn identify(&mut self, id: Option<&str>, traits: &str, ids: &mut Ids, out: &mut Effects) {
        let id = id.map(|raw| Rc::<str>::from(json::text_of(raw)));
        if let Some(id) = id {
            let other = self.user_id.as_ref().is_some_and(|known| *known != id);
            if other {
                self.traits = String::from(NOTHING);
                self.renew(ids);
            }
            self.user_id = Some(id);
        }
        self.traits = merged(&self.traits, traits);
        self.save(out);
    }

    pub(crate) fn group(&mut self, id: Option<&str>, traits: &str, out: &mut Effects) {
        let id = id.map(|raw| Rc::<str>::from(json::text_of(raw)));
        if id.is_some() && id != self.group_id {
            self.group_traits = String::from(NOTHING);
            self.group_id = id;
        }
        self.group_traits = merged(&self.group_traits, traits);
        self.save(out);
    }

    /// `setAnonymousId`: the page's own identifier, kept in memory until it may be stored.
    pub(crate) fn set_anonymous_id(&mut self, id: &str, out: &mut Effects) {
        self.anonymous_id = (!id.is_empty()).then(|| id.into());
        self.save(out);
    }

    pub(crate) fn reset(&mut self, ids: &mut Ids, out: &mut Effects) {
        self.user_id = None;
        self.group_id = None;
        self.traits = String::from(NOTHING);
        self.group_traits = String::from(NOTHING);
        self.stored = None;
        self.cookie = None;
        self.renew(ids);
        self.save(out);
    }

    /// `analytics.user()` as JSON.
    pub(crate) fn user_text(&self) -> String {
        let mut out = String::from("{");
        push_optional(&mut out, "id", self.user_id.as_deref());
        push_optional(&mut out, "anonymousId", self.anonymous_id.as_deref());
        push_member(&mut out, "traits", &self.traits);
        out.push('}');
        out
    }

    /// `analytics.group()` as JSON.
    pub(crate) fn group_text(&self) -> String {
        let mut out = String::from("{");
        push_optional(&mut out, "id", self.group_id.as_deref());
        push_member(&mut out, "traits", &self.group_traits);
        out.push('}');
        out
    }

    fn renew(&mut self, ids: &mut Ids) {
        self.anonymous_id = self.allowed.then(|| ids.random().into());
    }

    /// What this page was told stands; what it was not told comes from the earlier page.
    fn take_up_stored(&mut self) {
        let stored = self.stored.take().unwrap_or_default();
        let id = |key: &str| {
            let raw = at_path(&stored, key).filter(|raw| kind(raw) == Kind::String && *raw != "\"\"")?;
            Some(Rc::<str>::from(text_of(raw)))
        };
        let traits = |key: &str, own: &str| merged(at_path(&stored, key).unwrap_or(NOTHING), own);
        let same_user = self.user_id.is_none() || id("userId").is_none() || self.user_id == id("userId");
        if self.anonymous_id.is_none() && same_user {
            self.anonymous_id = self.cookie.take().or_else(|| id("anonymousId"));
        }
        if same_user {
            self.traits = traits("traits", &self.traits);
        }
        self.user_id = self.user_id.take().or_else(|| id("userId"));
        if self.group_id.is_none() || self.group_id == id("groupId") {
            self.group_id = id("groupId");
            self.group_traits = traits("groupTraits", &self.group_traits);
        }
    }

    fn save(&mut self, out: &mut Effects) {
        if !self.allowed {
            return;
        }
        self.has_stored = true;
        let mut text = String::from("{\"v\":1");
        push_optional(&mut text, "anonymousId", self.anonymous_id.as_deref());
        push_optional(&mut text, "userId", self.user_id.as_deref());
        push_member(&mut text, "traits", &self.traits);
        push_optional(&mut text, "groupId", self.group_id.as_deref());
        push_member(&mut text, "groupTraits", &self.group_traits);
        text.push('}');
        out.write(KEY, text);
        let cookie_safe =
            |id: &&Rc<str>| id.len() <= 256 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
        if let Some(id) = self.anonymous_id.as_ref().filter(cookie_safe) {
            out.cookie(id, COOKIE_MAX_AGE_S);
        }
    }

    fn erase(&mut self, out: &mut Effects) {
        if self.has_stored {
            out.remove(KEY);
            out.cookie("", 0);
        }
    }
}

/// Traits merge by key; a nested object is replaced whole, as analytics.js does.
fn merged(known: &str, new: &str) -> String {
    let mut out = String::from("{");
    push_merged(&mut out, &[known, new]);
    out.push('}');
    out
}

fn push_optional(out: &mut String, key: &str, id: Option<&str>) {
    match id {
        Some(id) => push_text(out, key, id),
        None => push_member(out, key, "null"),
    }
}
