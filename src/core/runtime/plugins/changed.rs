//! An event as plugins left it, turned back into what the journal keeps.

use crate::event::{Line, MAX_EVENT_BYTES};
use crate::json::{Kind, kind, member, members, push_member, push_string, text_of, valid};
use crate::stamp::{Stamp, one_line};
use std::rc::Rc;

/// What the journal keeps of a changed event.
pub(super) struct Changed {
    pub(super) line: String,
    pub(super) stamp: Rc<Stamp>,
}

impl Changed {
    /// Nothing where the text is no event any more, or too large. `line` is what the journal would have kept of it unchanged: its
    /// identifier is used where the event's own is none.
    pub(super) fn of(event: &str, line: &str, stamp: &Rc<Stamp>) -> Option<Self> {
        if !valid(event) || kind(event) != Kind::Object || member(event, "type").map(kind) != Some(Kind::String) {
            return None;
        }
        // An alias of a visitor who has no identifier yet takes it as its previous one once it has.
        let is_open = line.starts_with(['4', '6']) && stamp.user_id.is_none() && stamp.anonymous_id.is_none();
        let is_aliased = is_open && member(event, "previousId").is_none();
        let mut message_id = String::new();
        push_string(&mut message_id, Line::parse(line).map_or("", |line| line.message_id()));
        // The user's ID stands in the event itself.
        let mut line = String::from(if is_aliased { "6" } else { "2" });
        line.push_str("\"messageId\":");
        line.push_str(member(event, "messageId").filter(|raw| is_plain(raw)).unwrap_or(&message_id));
        const ELSEWHERE: [&str; 5] = ["messageId", "anonymousId", "context", "options", "sentAt"];
        for (key, raw) in members(event).filter(|(key, _)| !ELSEWHERE.contains(&key.as_ref())) {
            push_member(&mut line, &key, raw);
        }
        line = one_line(&line);
        let anonymous_id = member(event, "anonymousId").filter(|raw| *raw != "null" && *raw != "\"\"").map(text_of);
        let mut stamp = stamp.clone();
        if anonymous_id.as_deref() != stamp.anonymous_id.as_deref() {
            stamp = Rc::new(Stamp { anonymous_id: anonymous_id.map(Rc::from), ..(*stamp).clone() });
        }
        let context = context(event);
        if context != *stamp.context {
            line.push('\t');
            line.push_str(&one_line(&context));
        }
        (line.len() + stamp.bytes() <= MAX_EVENT_BYTES).then_some(Changed { line, stamp })
    }
}

/// The members of the context, but for those that are the core's to say.
fn context(event: &str) -> String {
    let mut out = String::new();
    let given = member(event, "context").filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
    for (key, raw) in members(given).filter(|(key, _)| key != "consent" && key != "tidegate") {
        push_member(&mut out, &key, raw);
    }
    out
}

/// A text of characters that name things, as a collector takes it.
fn is_plain(raw: &str) -> bool {
    kind(raw) == Kind::String
        && (3..=202).contains(&raw.len())
        && raw.bytes().all(|byte| byte > b' ' && byte < 127 && byte != b'\\')
}
