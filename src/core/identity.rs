//! Who the visitor is. Nothing is minted or stored before consent allows it; what the page says lives in memory.

use crate::effect::Effects;
use crate::ids::Ids;
use crate::json::{self, Value, push_member, push_string};
use std::rc::Rc;

/// The storage key.
pub const KEY: &str = "tg_identity";
/// The first-party cookie that holds the anonymous identifier.
pub const COOKIE: &str = "tg_anonymous_id";
const COOKIE_MAX_AGE_S: u32 = 365 * 86_400;

/// Identifiers and traits.
#[derive(Debug)]
pub(crate) struct Identity {
    allowed: bool,
    anonymous_id: Option<Rc<str>>,
    user_id: Option<Rc<str>>,
    traits: Value,
    group_id: Option<Rc<str>>,
    group_traits: Value,
    /// What an earlier page stored, until consent says whether it may be used.
    stored: Option<Value>,
    /// Whether storage may hold an identifier of ours.
    has_stored: bool,
    cookie: Option<Rc<str>>,
}

impl Identity {
    pub(crate) fn new() -> Self {
        let none = || Value::Object(Vec::new());
        Identity {
            allowed: false,
            anonymous_id: None,
            user_id: None,
            traits: none(),
            group_id: None,
            group_traits: none(),
            stored: None,
            has_stored: false,
            cookie: None,
        }
    }

    pub(crate) fn restore(&mut self, stored: Option<&str>, cookie: Option<&str>) {
        self.has_stored = stored.is_some() || cookie.is_some();
        self.stored = stored.and_then(|text| json::parse(text).ok());
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
                self.traits = Value::Object(Vec::new());
                self.renew(ids);
            }
            self.user_id = Some(id);
        }
        merge_shallow(&mut self.traits, traits);
        self.save(out);
    }

    pub(crate) fn group(&mut self, id: Option<&str>, traits: &str, out: &mut Effects) {
        let id = id.map(|raw| Rc::<str>::from(json::text_of(raw)));
        if id.is_some() && id != self.group_id {
            self.group_traits = Value::Object(Vec::new());
            self.group_id = id;
        }
        merge_shallow(&mut self.group_traits, traits);
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
        self.traits = Value::Object(Vec::new());
        self.group_traits = Value::Object(Vec::new());
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
        push_member(&mut out, "traits", &self.traits.to_text());
        out.push('}');
        out
    }

    /// `analytics.group()` as JSON.
    pub(crate) fn group_text(&self) -> String {
        let mut out = String::from("{");
        push_optional(&mut out, "id", self.group_id.as_deref());
        push_member(&mut out, "traits", &self.group_traits.to_text());
        out.push('}');
        out
    }

    fn renew(&mut self, ids: &mut Ids) {
        self.anonymous_id = self.allowed.then(|| ids.random().into());
    }

    /// What this page was told stands; what it was not told comes from the earlier page.
    fn take_up_stored(&mut self) {
        let stored = self.stored.take().unwrap_or(Value::Null);
        let id = |key: &str| stored.member(key).and_then(Value::as_str).filter(|id| !id.is_empty()).map(Rc::<str>::from);
        let same_user = self.user_id.is_none() || id("userId").is_none() || self.user_id == id("userId");
        if self.anonymous_id.is_none() && same_user {
            self.anonymous_id = self.cookie.take().or_else(|| id("anonymousId"));
        }
        if same_user {
            let mut traits = stored.member("traits").cloned().unwrap_or(Value::Object(Vec::new()));
            merge_shallow(&mut traits, &self.traits.to_text());
            self.traits = traits;
        }
        self.user_id = self.user_id.take().or_else(|| id("userId"));
        if self.group_id.is_none() || self.group_id == id("groupId") {
            self.group_id = id("groupId");
            let mut traits = stored.member("groupTraits").cloned().unwrap_or(Value::Object(Vec::new()));
            merge_shallow(&mut traits, &self.group_traits.to_text());
            self.group_traits = traits;
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
        push_member(&mut text, "traits", &self.traits.to_text());
        push_optional(&mut text, "groupId", self.group_id.as_deref());
        push_member(&mut text, "groupTraits", &self.group_traits.to_text());
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
fn merge_shallow(into: &mut Value, raw: &str) {
    let Ok(Value::Object(new)) = json::parse(raw) else { return };
    if let Value::Object(known) = into {
        for (key, value) in new {
            match known.iter_mut().find(|(name, _)| *name == key) {
                Some((_, old)) => *old = value,
                None => known.push((key, value)),
            }
        }
    } else {
        *into = Value::Object(new);
    }
}

fn push_optional(out: &mut String, key: &str, id: Option<&str>) {
    let mut raw = String::new();
    match id {
        Some(id) => push_string(&mut raw, id),
        None => raw.push_str("null"),
    }
    push_member(out, key, &raw);
}
