//! What the core asks the world to do. The bindings carry effects out in order and decide nothing.

/// One thing to do.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Effect {
    /// Store a text under a key of local storage. Failure comes back as [`crate::Input::WriteFailed`].
    Write {
        /// The key.
        key: String,
        /// The text.
        value: String,
    },
    /// Remove a key of local storage.
    Remove {
        /// The key.
        key: String,
    },
    /// Remove every key of local storage with a prefix.
    RemoveAll {
        /// The prefix.
        prefix: String,
    },
    /// Read a key of local storage; answered by [`crate::Input::Stored`] before anything else happens.
    Read {
        /// The key.
        key: String,
    },
    /// Read the consent platforms; answered by an [`crate::Input::Signal`] for each that says something new, before
    /// anything else happens.
    ReadSignals,
    /// List the keys of local storage with a prefix; answered by [`crate::Input::Keys`] before anything else happens.
    List {
        /// The prefix.
        prefix: String,
    },
    /// Set a first-party cookie on this host: path `/`, `SameSite=Lax`, `Secure` on https.
    SetCookie {
        /// The name.
        name: String,
        /// The value; it is percent-encoded.
        value: String,
        /// Lifetime in seconds; 0 deletes.
        max_age_s: u32,
    },
    /// Take a Web Lock, or let go of all; answered by [`crate::Input::Lock`].
    Lock {
        /// The name.
        name: String,
        /// How.
        hold: Hold,
    },
    /// Send a request; answered by [`crate::Input::Response`].
    Send(Request),
    /// Abort a request. No answer is expected any more.
    Abort {
        /// Its number.
        request: u32,
    },
    /// Load a part of the core, and what comes with it; answered by [`crate::Input::Part`].
    LoadPart {
        /// Which.
        part: Part,
    },
    /// Have the page do something for tags, or tell it something: a JSON list, a word first; see `js/tags.ts`. What it answers at once
    /// and what it has to say later are [`crate::Input::Tags`].
    Page {
        /// What.
        what: String,
    },
    /// Tell listeners.
    Notify(Notice),
    /// Tell other tabs; arrives there as [`crate::Input::Message`].
    Post {
        /// The message.
        message: String,
    },
    /// Call back with [`crate::Input::Commit`] at the end of the running microtask.
    CommitSoon,
}

/// The effects of one input, in order.
#[derive(Default)]
pub(crate) struct Effects(pub(crate) Vec<Effect>);

impl Effects {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }

    pub(crate) fn write(&mut self, key: &str, value: String) {
        self.push(Effect::Write { key: key.to_owned(), value });
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.push(Effect::Remove { key: key.to_owned() });
    }

    pub(crate) fn read(&mut self, key: &str) {
        self.push(Effect::Read { key: key.to_owned() });
    }

    pub(crate) fn list(&mut self, prefix: String) {
        self.push(Effect::List { prefix });
    }

    /// Sets a cookie; a lifetime of 0 deletes it.
    pub(crate) fn cookie(&mut self, name: &str, value: &str, max_age_s: u32) {
        self.push(Effect::SetCookie { name: name.to_owned(), value: value.to_owned(), max_age_s });
    }

    pub(crate) fn lock(&mut self, name: [&str; 2], hold: Hold) {
        self.push(Effect::Lock { name: crate::text::concat(&name), hold });
    }

    pub(crate) fn abort(&mut self, request: u32) {
        self.push(Effect::Abort { request });
    }

    pub(crate) fn notify(&mut self, notice: Notice) {
        self.push(Effect::Notify(notice));
    }

    pub(crate) fn post(&mut self, message: String) {
        self.push(Effect::Post { message });
    }

    pub(crate) fn page(&mut self, what: String) {
        self.push(Effect::Page { what });
    }
}

/// How a Web Lock is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Hold {
    /// Not at all: all that are held are let go of.
    None,
    /// Waited for, and held while the page lives.
    Own,
    /// Let go of again, if it is to be had.
    Probe,
    /// Held while the page lives, if it is to be had.
    Take,
}

/// A part of the core that comes when it is needed, in a file of its own: `tidegate_tags_bg.wasm` and so on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// What tags need.
    Tags,
    /// What sends events and takes over those of other tabs.
    Delivery,
    /// What reads TC, GPP and US Privacy strings.
    Strings,
    /// What maps events for other platforms.
    Wires,
}

/// A request to a destination.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Its number, unique on this page.
    pub id: u32,
    /// The destination's position in the config.
    pub destination: usize,
    /// Where to; relative to the page. Behind a line break what `fetch` is told beside the rest, JSON: `headers`, or `mode` and `redirect`.
    pub url: String,
    /// Without other headers it is sent as `text/plain;charset=UTF-8`, which needs no preflight. Redirects are errors, no credentials go along.
    pub body: String,
    /// How.
    pub transport: Transport,
}

/// How a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Transport {
    /// `fetch`.
    Fetch,
    /// `fetch` with `keepalive`, which outlives the page; `sendBeacon` where that is missing.
    Keepalive,
}

/// What goes of the journal's copy and of calls that no core came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Erasure {
    /// Everything, where there is anything: no destination was ever allowed here.
    IfAny,
    /// Everything.
    Everything,
    /// What is for a destination that is denied; others are allowed.
    WhatIsDenied,
}

/// News for listeners.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Notice {
    /// A problem, counted in the statistics: `{"code":…,"message":…}`. The code is a fixed word to count and search by,
    /// the message says what happened, where, and what to do. Where there is `said` in place of it, it is what the message
    /// is about, and `js/words.ts` has the rest.
    Error(String),
    /// Consent changed: the state as `consent.get()` gives it, JSON.
    Consent(String),
    /// Another tab changed consent: adapters read again.
    ConsentHint,
    /// A grant ended, or something is denied: what waits outside of the core's own pages is to be erased.
    Erase(Erasure),
    /// A plugin is to see an event, or plugins have let it go: see `src/core/runtime/plugins/part.rs`. JSON.
    Plugins(String),
    /// A tag ran that may not any more, and only a reload of the page ends it: its ID, JSON.
    Reload(String),
    /// The queue is empty, or every destination is backing off.
    Flushed,
    /// Everything is forgotten; no further call does anything.
    Forgotten,
}
