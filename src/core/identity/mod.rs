//! Who the visitor is. Nothing is minted or stored before consent allows it; what the page says lives in memory.

mod segment;

use crate::effect::Effects;
use crate::event::MAX_IDENTIFIER_BYTES;
use crate::ids::Ids;
use crate::json::{Kind, at_path, kind, member, members, push_member, push_merged, push_optional, text_of};
pub use segment::read_segment;
use std::rc::Rc;

/// The storage key.
pub const KEY: &str = "tg_identity";
/// The first-party cookies that hold the anonymous identifier, the user's and the group's: subdomains of a site share them.
pub const COOKIES: [&str; 3] = ["tg_anonymous_id", "tg_user_id", "tg_group_id"];
const COOKIE_MAX_AGE_S: u32 = 365 * 86_400;
const MAX_COOKIE_BYTES: usize = 256;

/// Leaves room in an event for the rest of it.
const MAX_TRAITS_BYTES: usize = 24 * 1024;

const NOTHING: &str = "{}";

/// What is known of the user and the group beside the user's identifiers.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// A JSON object.
    pub(crate) traits: String,
    pub(crate) group_id: Option<Rc<str>>,
    /// A JSON object.
    pub(crate) group_traits: String,
    /// Which ad network sent the visitor, and under what ID: a JSON object, or empty.
    pub(crate) referrer: String,
}

impl Default for Known {
    fn default() -> Self {
        Known { traits: NOTHING.into(), group_id: None, group_traits: NOTHING.into(), referrer: String::new() }
    }
}

/// Identifiers and traits.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    allowed: bool,
    /// Consent denies it: what another tab has not taken back yet is not heard.
    denied: bool,
    anonymous_id: Option<Rc<str>>,
    user_id: Option<Rc<str>>,
    known: Known,
    /// What an earlier page stored, until consent says whether it may be used.
    stored: Option<String>,
    /// Whether storage may hold an identifier of ours.
    has_stored: bool,
    /// What the cookies hold, as far as known, and whether this page wrote them.
    cookies: [Option<Rc<str>>; 3],
    cookies_are_ours: bool,
    /// analytics.js may hold identifiers that were taken over.
    migrates: bool,
    /// Grows whenever another visitor begins: `reset`, or another user.
    epoch: u32,
    /// The anonymous identifier was made on this page.
    minted: bool,
}

impl Identity {
    pub(crate) fn new(migrates: bool) -> Self {
        Identity {
            migrates,
            allowed: false,
            denied: false,
            anonymous_id: None,
            user_id: None,
            known: Known::default(),
            stored: None,
            has_stored: false,
            cookies: [const { None }; 3],
            cookies_are_ours: false,
            epoch: 0,
            minted: false,
        }
    }

    /// What an earlier page stored, and the values of [`COOKIES`].
    pub(crate) fn restore(&mut self, stored: Option<&str>, cookies: [Option<&str>; 3]) {
        self.has_stored = stored.is_some() || cookies.iter().any(Option::is_some);
        self.stored = stored.map(str::to_owned);
        self.cookies = cookies.map(|cookie| cookie.map(Rc::from));
    }

    /// What another tab stored. While nothing may be known here it waits, unless the visitor has begun anew; afterwards a
    /// change (`changed`) is taken over whole, and of two identifiers made at one time the smaller one. Returns whether
    /// anything was taken over.
    pub(crate) fn hear(&mut self, stored: Option<&str>, changed: bool, out: &mut Effects) -> bool {
        let Some(text) = stored else { return false };
        self.has_stored = true;
        if !self.allowed {
            if !self.denied && (changed || self.epoch == 0) {
                self.stored = Some(text.to_owned());
            }
            return false;
        }
        let other = stored_id(text, "anonymousId");
        let goes_first = self.minted && other.is_some() && other < self.anonymous_id;
        if !(changed || goes_first) {
            return false;
        }
        self.minted = false;
        if other.is_some() {
            self.anonymous_id = other;
        }
        if changed {
            self.clear();
            self.take_up(text);
        }
        // Writes of several processes may overtake each other: all write the same.
        self.save(out);
        true
    }

    /// Grows whenever another visitor begins.
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// From now on other tabs may store one that this tab never sees.
    pub(crate) fn share(&mut self) {
        self.has_stored = true;
    }

    pub(crate) fn anonymous_id(&self) -> Option<&Rc<str>> {
        self.anonymous_id.as_ref()
    }

    /// What is known beside the identifiers.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    pub(crate) fn user_id(&self) -> Option<&Rc<str>> {
        self.user_id.as_ref()
    }

    /// Consent changed: takes up or mints an identifier, or deletes every trace. `ids` gives a fresh one. What the page said while
    /// nothing was allowed stays: it may say it before the visitor has answered.
    pub(crate) fn allow(&mut self, allowed: bool, denied: bool, ids: &mut Ids, out: &mut Effects) {
        let was = std::mem::replace(&mut self.allowed, allowed);
        self.denied = denied;
        if allowed && !was {
            let stored = self.stored.take().unwrap_or_default();
            self.take_up(&stored);
            if self.anonymous_id.is_none() {
                self.anonymous_id = Some(ids.random().into());
                self.minted = true;
            }
            self.save(out);
        } else if !allowed && (was || denied) {
            if was {
                self.clear();
            }
            self.anonymous_id = None;
            self.stored = None;
            self.erase(out);
        }
    }

    /// Forgets everything but the anonymous identifier.
    #[inline(never)]
    fn clear(&mut self) {
        self.user_id = None;
        self.known = Known::default();
    }

    /// An ad network sent the visitor.
    pub(crate) fn refer(&mut self, referrer: &str, out: &mut Effects) {
        referrer.clone_into(&mut self.known.referrer);
        self.save(out);
    }

    /// `identify`: another user's arrival starts a new anonymous identity.
    pub(crate) fn identify(&mut self, id: Option<&str>, traits: &str, ids: &mut Ids, out: &mut Effects) {
        if let Some(id) = id
            && self.set_user_id(Some(text_of(id).into()), ids)
        {
            self.known.traits = NOTHING.into();
        }
        self.known.traits = merged(&self.known.traits, traits);
        self.save(out);
    }

    /// Returns whether another user was known before.
    fn set_user_id(&mut self, id: Option<Rc<str>>, ids: &mut Ids) -> bool {
        let other = id.is_some() && self.user_id.is_some() && self.user_id != id;
        if other {
            self.renew(ids);
        }
        self.user_id = id;
        other
    }

    pub(crate) fn group(&mut self, id: Option<&str>, traits: &str, out: &mut Effects) {
        let id = id.map(|raw| Rc::<str>::from(text_of(raw)));
        let known = &mut self.known;
        if id.is_some() && id != known.group_id {
            if known.group_id.is_some() {
                known.group_traits = NOTHING.into();
            }
            known.group_id = id;
        }
        known.group_traits = merged(&known.group_traits, traits);
        self.save(out);
    }

    /// The setters of `user()` and `group()`, and `setAnonymousId`: what the object holds is set, `null` clears it. Kept in
    /// memory until it may be stored. Returns false, and sets nothing, where something is too long.
    pub(crate) fn set(&mut self, given: &str, ids: &mut Ids, out: &mut Effects) -> bool {
        for (key, raw) in members(given) {
            let most = if key == "traits" || key == "groupTraits" { MAX_TRAITS_BYTES } else { MAX_IDENTIFIER_BYTES };
            if raw.len() > most {
                return false;
            }
        }
        let id = |key| member(given, key).map(|raw| Some(Rc::<str>::from(text_of(raw))).filter(|id| !id.is_empty()));
        let traits = |key| member(given, key).map(|raw| if kind(raw) == Kind::Object { raw } else { NOTHING }.to_owned());
        if let Some(id) = id("id") {
            self.set_user_id(id, ids);
        }
        match id("anonymousId") {
            Some(None) => self.renew(ids),
            Some(own) => {
                self.anonymous_id = own;
                self.minted = false;
            }
            None => {}
        }
        if let Some(traits) = traits("traits") {
            self.known.traits = traits;
        }
        if let Some(id) = id("groupId") {
            self.known.group_id = id;
        }
        if let Some(traits) = traits("groupTraits") {
            self.known.group_traits = traits;
        }
        self.save(out);
        true
    }

    pub(crate) fn reset(&mut self, ids: &mut Ids, out: &mut Effects) {
        self.stored = None;
        if !self.cookies_are_ours {
            self.cookies = [const { None }; 3];
        }
        self.erase_segment(out);
        let nothing = "{\"id\":null,\"anonymousId\":null,\"traits\":{},\"groupId\":null,\"groupTraits\":{}}";
        self.set(nothing, ids, out);
    }

    /// `analytics.user()` as JSON.
    pub(crate) fn user_text(&self) -> String {
        let mut out = String::from("{");
        push_optional(&mut out, "id", self.user_id.as_deref());
        push_optional(&mut out, "anonymousId", self.anonymous_id.as_deref());
        push_member(&mut out, "traits", &self.known.traits);
        out.push('}');
        out
    }

    /// `analytics.group()` as JSON.
    pub(crate) fn group_text(&self) -> String {
        let mut out = String::from("{");
        push_optional(&mut out, "id", self.known.group_id.as_deref());
        push_member(&mut out, "traits", &self.known.group_traits);
        out.push('}');
        out
    }

    fn renew(&mut self, ids: &mut Ids) {
        self.epoch += 1;
        self.minted = false;
        self.anonymous_id = self.allowed.then(|| ids.random().into());
    }

    /// What this page was told stands; what it was not told comes from the earlier page.
    fn take_up(&mut self, stored: &str) {
        // Cookies go before what this subdomain stored: another one may have heard more since.
        let [anonymous_id, user_id, group_id] = if self.cookies_are_ours { [const { None }; 3] } else { self.cookies.clone() };
        let stored_id = |key| stored_id(stored, key);
        let is_other = anonymous_id.is_some() && stored_id("anonymousId").is_some_and(|id| anonymous_id != Some(id));
        let id = |key| stored_id(key).filter(|_| !is_other);
        let traits = |key: &str, own: &str| merged(at_path(stored, key).unwrap_or(NOTHING), own);
        let user = user_id.or_else(|| id("userId"));
        let same_user = self.user_id.is_none() || user.is_none() || self.user_id == user;
        if self.anonymous_id.is_none() && same_user {
            self.anonymous_id = anonymous_id.or_else(|| id("anonymousId"));
        }
        let known = &mut self.known;
        if same_user && !is_other && (id("userId").is_none() || id("userId") == user) {
            known.traits = traits("traits", &known.traits);
        }
        self.user_id = self.user_id.take().or(user);
        if known.referrer.is_empty() {
            member(stored, "referrer").unwrap_or("").clone_into(&mut known.referrer);
        }
        let group = group_id.or_else(|| id("groupId"));
        if known.group_id.is_none() || known.group_id == group {
            if !is_other && id("groupId") == group {
                known.group_traits = traits("groupTraits", &known.group_traits);
            }
            known.group_id = group;
        }
    }

    fn save(&mut self, out: &mut Effects) {
        if !self.allowed {
            return;
        }
        self.has_stored = true;
        out.write(KEY, self.stored_text());
        // Each page renews them once.
        let renews = !std::mem::replace(&mut self.cookies_are_ours, true);
        let ids = [&self.anonymous_id, &self.user_id, &self.known.group_id];
        for ((name, had), id) in COOKIES.iter().zip(&mut self.cookies).zip(ids) {
            let id = id.as_ref().filter(|id| id.len() <= MAX_COOKIE_BYTES);
            if renews && id.is_some() || had.as_ref() != id {
                out.cookie(name, id.map_or("", |id| id), if id.is_some() { COOKIE_MAX_AGE_S } else { 0 });
            }
            *had = id.cloned();
        }
    }

    /// What storage may hold where consent allows it.
    pub(crate) fn stored_text(&self) -> String {
        let mut text = String::from("{\"v\":1");
        push_optional(&mut text, "anonymousId", self.anonymous_id.as_deref());
        push_optional(&mut text, "userId", self.user_id.as_deref());
        push_member(&mut text, "traits", &self.known.traits);
        push_optional(&mut text, "groupId", self.known.group_id.as_deref());
        push_member(&mut text, "groupTraits", &self.known.group_traits);
        if !self.known.referrer.is_empty() {
            push_member(&mut text, "referrer", &self.known.referrer);
        }
        text.push('}');
        text
    }

    /// Whether consent allows storing it.
    pub(crate) fn is_allowed(&self) -> bool {
        self.allowed
    }

    fn erase(&mut self, out: &mut Effects) {
        if self.has_stored {
            out.remove(KEY);
            self.cookies = [const { None }; 3];
            COOKIES.iter().for_each(|name| out.cookie(name, "", 0));
        }
        self.erase_segment(out);
    }

    /// What was taken over of analytics.js goes too: the next page would take it over again.
    pub(crate) fn erase_segment(&self, out: &mut Effects) {
        if self.migrates {
            segment::erase_segment(out);
        }
    }
}

/// Traits merge by key; a nested object is replaced whole, as analytics.js does. More than an event can hold is not kept: the new
/// ones stand alone.
fn merged(known: &str, new: &str) -> String {
    let mut out = String::from("{");
    push_merged(&mut out, &[known, new]);
    out.push('}');
    if out.len() > MAX_TRAITS_BYTES { new.to_owned() } else { out }
}

fn stored_id(stored: &str, key: &str) -> Option<Rc<str>> {
    let raw = member(stored, key).filter(|raw| kind(raw) == Kind::String && *raw != "\"\"")?;
    Some(text_of(raw).into())
}
