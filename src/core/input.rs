//! What the world tells the core.

use crate::effect::Part;

/// A call of one of the event verbs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// `track`
    Track,
    /// `page`
    Page,
    /// `screen`
    Screen,
    /// `identify`
    Identify,
    /// `group`
    Group,
    /// `alias`
    Alias,
}

impl Verb {
    /// By the number the shim uses: 0 track, 1 page, 2 screen, 3 identify, 4 group, 5 alias.
    pub fn from_number(number: u8) -> Option<Verb> {
        [Verb::Track, Verb::Page, Verb::Screen, Verb::Identify, Verb::Group, Verb::Alias].get(usize::from(number)).copied()
    }

    /// The event's `type` on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Verb::Track => "track",
            Verb::Page => "page",
            Verb::Screen => "screen",
            Verb::Identify => "identify",
            Verb::Group => "group",
            Verb::Alias => "alias",
        }
    }
}

/// One input.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// What local storage and cookies hold under our names, once, before any call.
    Restore {
        /// The visitor's identity as stored, if any.
        identity: Option<&'a str>,
        /// The values of [`crate::keys::COOKIES`].
        cookies: [Option<&'a str>; 3],
        /// The remembered decision, if any.
        consent: Option<&'a str>,
        /// What the last page left of the gate, if any.
        gate: Option<&'a str>,
        /// Whether Web Locks exist.
        locks: bool,
    },
    /// A call of an event verb.
    Call {
        /// Which.
        verb: Verb,
        /// Its arguments, a JSON list.
        args: &'a str,
        /// When the page called, in milliseconds since the Unix epoch.
        at: u64,
    },
    /// The page's facts, Segment's `context.page`; where it has a query a line break and its `utm_` parameters, an object without
    /// the prefix; and where an ad network left its ID there another line break and Segment's `context.referrer`. They hold for the
    /// calls that follow.
    Page(&'a str),
    /// `consent.set`.
    ConsentSet {
        /// An object of purposes and true or false.
        purposes: &'a str,
        /// A decision, or a default.
        explicit: bool,
    },
    /// A consent platform's reading; see [`crate::consent::Reading::from_signal`].
    Signal {
        /// The platform.
        source: &'a str,
        /// Its reading.
        text: &'a str,
    },
    /// `data.push`.
    Data(&'a str),
    /// `setAnonymousId` and the setters of `user()` and `group()`: an object of `id`, `anonymousId`, `traits`, `groupId` and
    /// `groupTraits`, as far as they are set. `null` clears.
    Identity(&'a str),
    /// `user().identify` and `group().identify`: as the verb, without an event.
    Identify {
        /// Identify or group.
        verb: Verb,
        /// The arguments, a JSON list.
        args: &'a str,
    },
    /// `reset`.
    Reset,
    /// End of the microtask that [`crate::Effect::CommitSoon`] asked for.
    Commit,
    /// The time [`crate::Runtime::deadline`] named has come.
    Wake,
    /// How a request ended.
    Response {
        /// Its number.
        request: u32,
        /// How.
        outcome: Outcome<'a>,
    },
    /// A key of local storage was read.
    Stored {
        /// The key.
        key: &'a str,
        /// Its text, or nothing.
        value: Option<&'a str>,
    },
    /// A key of local storage could not be written.
    WriteFailed {
        /// The key.
        key: &'a str,
    },
    /// The keys that were listed.
    Keys(&'a [String]),
    /// Whether a lock was taken.
    Lock {
        /// Its name.
        name: &'a str,
        /// Taken, or held by another tab.
        taken: bool,
    },
    /// A part of the core came, or did not.
    Part {
        /// Which.
        part: Part,
        /// Whether it is there.
        ok: bool,
    },
    /// What the page says to tags: a JSON list, a word first; see `src/core/tags/hear.rs`.
    Tags(&'a str),
    /// A plugin or middleware was added or taken away: events captured from here on are held until [`Input::Plugins`] says
    /// which it is, and it has let them go.
    ///
    /// The text is the method that was called and the types of what it was given.
    Hold(&'a str),
    /// What the page's plugins are and what they did, a JSON list: see `src/core/runtime/plugins/part.rs`.
    Plugins(&'a str),
    /// The page's life.
    Lifecycle(Lifecycle),
    /// From another tab of this site.
    Message(&'a str),
    /// `flush`.
    Flush,
    /// `forget`.
    Forget,
    /// A problem seen by the bindings or the shim: counted and told.
    Report {
        /// A fixed word to count by.
        code: &'a str,
        /// What happened, where, and what to do.
        message: &'a str,
    },
}

/// How a request ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome<'a> {
    /// With an answer.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body's text.
        body: &'a str,
        /// The `Retry-After` header, if readable: seconds or an HTTP date already turned into milliseconds from now.
        retry_after_ms: Option<u64>,
    },
    /// Without one: no network, refused, blocked, redirected.
    Failed,
    /// Handed to the browser without any way to hear of its end.
    Unknown,
}

/// A change in the page's life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lifecycle {
    /// Not visible, or going away.
    Hidden,
    /// Visible (again).
    Visible,
    /// The network is back.
    Online,
}
