//! Turning a call into an event: Segment's argument shuffling, and the compact form the journal keeps.
//!
//! Sources: Segment's Spec (common fields and calls) and the documented overloads of analytics.js.

use crate::input::Verb;
use crate::json::{Kind, at_path, elements, kind, members, push_member, push_merged, push_string, push_text, text_of};
use crate::stamp::{Stamp, one_line};
use crate::text::{concat, cut};
use crate::time::push_iso;
use std::borrow::Cow;

/// The largest event, as Segment's API takes it: 32 KB.
pub(crate) const MAX_EVENT_BYTES: usize = 32 * 1024;

/// The longest identifier an event may bring: what our collector takes.
const MAX_ID_BYTES: usize = 200;

/// A call after its arguments were sorted out. Everything is raw JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) verb: Verb,
    /// Of track its event, of page and screen its name.
    pub(crate) name: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    /// Of identify the user, of group the group, of alias the new identifier.
    pub(crate) id: Option<&'a str>,
    /// Of alias the old identifier.
    pub(crate) previous_id: Option<&'a str>,
    /// Properties or traits: an object.
    pub(crate) body: &'a str,
    pub(crate) options: &'a str,
}

impl<'a> Call<'a> {
    /// Sorts out the arguments.
    ///
    /// # Errors
    /// What is missing and how to call instead.
    pub(crate) fn parse(verb: Verb, args: &'a str) -> Result<Self, &'static str> {
        let mut all: Vec<&str> = Vec::new();
        for raw in elements(args) {
            all.push(raw);
        }
        let args = all;
        let nth = |wanted: Kind, mut nth: usize| {
            for raw in args.iter().copied().filter(|raw| kind(raw) == wanted && *raw != "\"\"") {
                if nth == 0 {
                    return Some(raw);
                }
                nth -= 1;
            }
            None
        };
        let object = |at: usize| nth(Kind::Object, at);
        let text = |at: usize| nth(Kind::String, at);
        let first = args.first().copied().unwrap_or("null");
        let mut call = Call { verb, name: None, category: None, id: None, previous_id: None, body: "{}", options: "{}" };
        match verb {
            Verb::Track => {
                let second = args.get(1).copied().filter(|raw| kind(raw) == Kind::Object);
                if kind(first) == Kind::Object {
                    call.name = at_path(first, "event");
                    call.body = at_path(first, "properties").filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
                    call.options = second.unwrap_or("{}");
                } else {
                    call.name = Some(first);
                    call.body = second.unwrap_or("{}");
                    call.options = args.get(2).copied().filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
                }
                if !call.name.is_some_and(|raw| kind(raw) == Kind::String && raw != "\"\"") {
                    return Err("track needs the event's name: analytics.track(\"Order Completed\", { … })");
                }
            }
            Verb::Page | Verb::Screen => {
                (call.category, call.name) = if text(1).is_some() { (text(0), text(1)) } else { (None, text(0)) };
                call.body = object(0).unwrap_or("{}");
                call.options = object(1).unwrap_or("{}");
            }
            Verb::Identify | Verb::Group => {
                let is_id = |raw: &&str| matches!(kind(raw), Kind::String | Kind::Number) && *raw != "\"\"";
                call.id = args.iter().copied().take(1).find(is_id);
                call.body = object(0).unwrap_or("{}");
                call.options = object(1).unwrap_or("{}");
                if call.id.is_none() && object(0).is_none() {
                    return Err(match verb {
                        Verb::Identify => "identify needs a user ID or traits: analytics.identify(\"user-1\", { … })",
                        _ => "group needs a group ID or traits: analytics.group(\"group-1\", { … })",
                    });
                }
            }
            Verb::Alias => {
                (call.id, call.previous_id) = (text(0), text(1));
                call.options = object(0).unwrap_or("{}");
                if call.id.is_none() {
                    return Err("alias needs the new user ID: analytics.alias(\"user-1\")");
                }
            }
        }
        Ok(call)
    }

    /// The name as text.
    pub(crate) fn name_text(&self) -> Cow<'a, str> {
        self.name.map_or(Cow::Borrowed(""), text_of)
    }

    /// An option that is a text.
    fn option(&self, key: &str) -> Option<&'a str> {
        let raw = at_path(self.options, key)?;
        (kind(raw) == Kind::String && raw != "\"\"").then_some(raw)
    }

    /// The identifier that the page gave the event. One that no collector would take, or of other characters than name
    /// things, is not used: the event gets one of ours.
    pub(crate) fn own_id(&self) -> Option<&'a str> {
        let is_plain = |byte: u8| byte > b' ' && byte < 127 && byte != b'\\';
        self.option("messageId").filter(|raw| raw.len() <= MAX_ID_BYTES + 2 && raw.bytes().all(is_plain))
    }

    /// The event as one journal line; see [`Line`]. `message_id` is used where the options give none.
    pub(crate) fn line(&self, message_id: &str, at: u64, stamp: &Stamp) -> String {
        let out = &mut String::with_capacity(self.body.len() + 256);
        let own_user = self.verb == Verb::Alias || self.option("userId").is_some();
        let own_anonymous = self.option("anonymousId");
        let flags = u8::from(own_anonymous.is_some()) | u8::from(own_user) << 1;
        out.push(char::from(b'0' + flags));
        out.push_str("\"messageId\":");
        match self.own_id() {
            Some(raw) => out.push_str(raw),
            None => push_string(out, message_id),
        }
        out.push_str(",\"timestamp\":");
        match self.option("timestamp") {
            Some(raw) => out.push_str(raw),
            None => {
                out.push('"');
                push_iso(out, at);
                out.push('"');
            }
        }
        out.push_str(",\"type\":\"");
        out.push_str(self.verb.word());
        out.push('"');
        self.push_fields(out, &stamp.page);
        if own_user {
            push_member(out, "userId", self.option("userId").or(self.id).unwrap_or("null"));
        }
        if let Some(raw) = own_anonymous {
            push_member(out, "anonymousId", raw);
        }
        let integrations = at_path(self.options, "integrations").filter(|raw| kind(raw) == Kind::Object);
        push_member(out, "integrations", integrations.unwrap_or("{}"));
        if out.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) {
            *out = one_line(out);
        }
        self.push_own_context(out, stamp);
        std::mem::take(out)
    }

    fn push_fields(&self, out: &mut String, page: &str) {
        match self.verb {
            Verb::Track => {
                push_member(out, "event", self.name.unwrap_or("null"));
                push_member(out, "properties", self.body);
            }
            Verb::Page | Verb::Screen => {
                let mut named = String::from("{");
                for (key, raw) in [("name", self.name), ("category", self.category)] {
                    if let Some(raw) = raw {
                        push_member(out, key, raw);
                        push_member(&mut named, key, raw);
                    }
                }
                named.push('}');
                let page = if self.verb == Verb::Page { page } else { "{}" };
                out.push_str(",\"properties\":{");
                push_merged(out, &[page, self.body, &named]);
                out.push('}');
            }
            Verb::Identify => push_member(out, "traits", self.body),
            Verb::Group => {
                if let Some(raw) = self.id {
                    push_as_text(out, "groupId", raw);
                }
                push_member(out, "traits", self.body);
            }
            Verb::Alias => {
                if let Some(raw) = self.previous_id {
                    push_member(out, "previousId", raw);
                }
            }
        }
    }

    /// Options that speak of the context give the event a context of its own, after a tab character.
    fn push_own_context(&self, out: &mut String, stamp: &Stamp) {
        const LIFTED: [&str; 6] = ["integrations", "context", "timestamp", "anonymousId", "userId", "messageId"];
        let given = at_path(self.options, "context").filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
        let mut extra = String::from("{");
        for (key, raw) in members(self.options).filter(|(key, _)| !LIFTED.contains(&key.as_ref())) {
            push_member(&mut extra, &key, raw);
        }
        extra.push('}');
        if given == "{}" && extra == "{}" {
            return;
        }
        let base = concat(&["{", &stamp.context, "}"]);
        let mut context = String::from("{");
        push_merged(&mut context, &[&base, given, &extra]);
        out.push('\t');
        out.push_str(&one_line(context.get(1..).unwrap_or("")));
    }
}

fn push_as_text(out: &mut String, key: &str, raw: &str) {
    let mut text = String::new();
    push_string(&mut text, &text_of(raw));
    push_member(out, key, &text);
}

/// One event as a journal page keeps it: a digit that says which identifiers it brings itself (1 anonymous, 2 user),
/// its members, and after a tab character its own context, if any. Identity and context otherwise come from the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    own: u8,
    fields: &'a str,
    context: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let own = line.bytes().next()?.checked_sub(b'0').filter(|own| *own < 4)?;
        let rest = line.get(1..)?;
        let (fields, context) = match cut(rest, "\t") {
            Some((fields, context)) => (fields, Some(context)),
            None => (rest, None),
        };
        Some(Line { own, fields, context })
    }

    /// The event's own identifier.
    pub(crate) fn message_id(&self) -> &'a str {
        let rest = self.fields.strip_prefix("\"messageId\":\"").unwrap_or("");
        cut(rest, "\"").map_or(rest, |(id, _)| id)
    }

    /// Appends the finished event. `delivery` is the object for `context.tidegate`, if any.
    pub(crate) fn push_event(&self, out: &mut String, stamp: &Stamp, delivery: Option<&str>) {
        out.push('{');
        out.push_str(self.fields);
        let identity = [("anonymousId", &stamp.anonymous_id, 1), ("userId", &stamp.user_id, 2)];
        for (key, id, bit) in identity {
            match (id, self.own & bit) {
                (Some(id), 0) => push_text(out, key, id),
                // As analytics.js has it.
                (None, 0) if bit == 2 => push_member(out, key, "null"),
                _ => {}
            }
        }
        out.push_str(",\"context\":{");
        match self.context {
            Some(context) => {
                // Only the core says what consent was and how the event travels.
                let whole = concat(&["{", context, "}"]);
                for (key, raw) in members(&whole).filter(|(key, _)| key != "consent" && key != "tidegate") {
                    push_member(out, &key, raw);
                }
            }
            None => out.push_str(&stamp.context),
        }
        push_member(out, "consent", &stamp.consent);
        out.push('}');
        if let Some(delivery) = delivery {
            push_member(out, "tidegate", delivery);
        }
        out.push_str("}}");
    }
}

/// The finished event of a journal line.
pub(crate) fn finished(line: &str, stamp: &Stamp) -> String {
    let mut event = String::new();
    if let Some(line) = Line::parse(line) {
        line.push_event(&mut event, stamp, None);
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_that_a_collector_would_refuse_is_not_taken() {
        let own = |id: &str| {
            let args = format!(r#"["E",{{}},{{"messageId":"{id}"}}]"#);
            Call::parse(Verb::Track, &args).unwrap().own_id().map(str::to_owned)
        };
        assert_eq!(own("order-1"), Some(String::from("\"order-1\"")));
        assert_eq!(own(&"i".repeat(200)).map(|raw| raw.len()), Some(202));
        for refused in ["", &"i".repeat(201), "\\ud800", "a b", "é"] {
            assert_eq!(own(refused), None, "{refused}");
        }
    }
}
