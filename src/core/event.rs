//! Turning a call into an event: Segment's argument shuffling, and the compact form the journal keeps.
//!
//! Sources: Segment's Spec (common fields and calls) and the documented overloads of analytics.js.

use crate::identity::Known;
use crate::input::Verb;
use crate::json::{
    Kind, at_path, elements, kind, member, members, push_member, push_merged, push_string, push_text, text_of, whole,
};
use crate::stamp::{Stamp, one_line};
use crate::text::{concat, cut, has_control};
use crate::time::push_iso;
use std::borrow::Cow;

/// The largest event, as Segment's API takes it: 32 KB.
pub(crate) const MAX_EVENT_BYTES: usize = 32 * 1024;

/// The longest identifier of a user or a group: longer ones would weigh on every event that follows.
pub(crate) const MAX_IDENTIFIER_BYTES: usize = 1000;

/// What is told of longer ones: see `js/words.ts`.
pub(crate) const TOO_LONG: &str = "long";

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
    /// A word for what is wrong: the verb where it lacks what it is about, `deep` or `long`. See `js/words.ts`.
    pub(crate) fn parse(verb: Verb, args: &'a str) -> Result<Self, &'static str> {
        // No verb takes more.
        let mut all = ["null"; 5];
        let mut rest = elements(args);
        for into in &mut all {
            *into = rest.next().unwrap_or("null");
        }
        if !rest.is_whole() {
            return Err("deep");
        }
        let [first, second, third, fourth, _] = all;
        let is = |raw: &str, wanted: Kind| kind(raw) == wanted;
        // Of all arguments the first, or the second, of a kind.
        let nth = |wanted: Kind, mut nth: usize| {
            for raw in all {
                if kind(raw) == wanted {
                    if nth == 0 {
                        return Some(raw);
                    }
                    nth -= 1;
                }
            }
            None
        };
        let id = |raw: &'a str| (matches!(kind(raw), Kind::String | Kind::Number) && raw != "\"\"").then_some(raw);
        let object = |raw: &'a str| if kind(raw) == Kind::Object { raw } else { "{}" };
        let mut call = Call { verb, name: None, category: None, id: None, previous_id: None, body: "{}", options: "{}" };
        match verb {
            Verb::Track => {
                if is(first, Kind::Object) {
                    call.name = member(first, "event");
                    call.body = object(member(first, "properties").unwrap_or(""));
                    call.options = object(second);
                } else {
                    call.name = Some(first);
                    call.body = object(second);
                    call.options = object(third);
                }
                if !call.name.is_some_and(|raw| kind(raw) == Kind::String && raw != "\"\"") {
                    return Err(verb.word());
                }
            }
            Verb::Page | Verb::Screen => {
                let text = |raw| is(raw, Kind::String).then_some(raw);
                if nth(Kind::String, 1).is_some() {
                    (call.category, call.name) = (text(first), text(second));
                } else {
                    call.name = text(second).or(nth(Kind::String, 0));
                }
                // One object is the properties, wherever it stands, but in the place of the options.
                if is(fourth, Kind::Object) && nth(Kind::Object, 1).is_none() {
                    call.options = fourth;
                } else {
                    call.body = nth(Kind::Object, 0).unwrap_or("{}");
                    call.options = nth(Kind::Object, 1).unwrap_or("{}");
                }
            }
            Verb::Identify | Verb::Group => {
                call.id = id(first);
                // Traits take the place of an ID that is left out.
                let (traits, options) = if is(first, Kind::Object) { (first, second) } else { (second, third) };
                call.body = object(traits);
                call.options = object(options);
            }
            Verb::Alias => {
                call.id = id(first);
                call.previous_id = id(second);
                call.options = nth(Kind::Object, 0).unwrap_or("{}");
                if call.id.is_none() {
                    return Err(verb.word());
                }
            }
        }
        if [call.id, call.previous_id].iter().flatten().any(|id| id.len() > MAX_IDENTIFIER_BYTES) {
            return Err(TOO_LONG);
        }
        Ok(call)
    }

    /// The name as text.
    pub(crate) fn name_text(&self) -> Cow<'a, str> {
        self.name.map_or(Cow::Borrowed(""), text_of)
    }

    /// An option that is a text, and none too long for an ID.
    fn option(&self, key: &str) -> Option<&'a str> {
        if self.options == "{}" {
            return None;
        }
        let raw = at_path(self.options, key)?;
        let is_id = kind(raw) == Kind::String && raw != "\"\"" || kind(raw) == Kind::Number && key != "timestamp";
        (is_id && raw.len() <= MAX_IDENTIFIER_BYTES).then_some(raw)
    }

    /// The anonymous identifier among the options, which from then on is the visitor's.
    pub(crate) fn anonymous_id(&self) -> Option<&'a str> {
        self.option("anonymousId")
    }

    /// The identifier that the page gave the event. One that no collector would take, or of other characters than name
    /// things, is not used: the event gets one of ours.
    pub(crate) fn own_id(&self) -> Option<&'a str> {
        let is_plain = |byte: u8| byte > b' ' && byte < 127 && byte != b'\\';
        self.option("messageId")
            .filter(|raw| kind(raw) == Kind::String && raw.len() <= MAX_ID_BYTES + 2 && raw.bytes().all(is_plain))
    }

    /// Which destinations are to have it, by name: those that hold for every event (`all`, an object), and over them the
    /// call's own.
    pub(crate) fn integrations(&self, all: &str) -> String {
        let own = member(self.options, "integrations").filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
        let mut out = String::from("{");
        push_merged(&mut out, &[all, own]);
        out.push('}');
        out
    }

    /// The event as one journal line; see [`Line`]. `message_id` is used where the options give none.
    pub(crate) fn line(&self, message_id: &str, at: u64, stamp: &Stamp, known: &Known, integrations: &str) -> String {
        let out = &mut String::with_capacity(self.body.len() + 256);
        // As analytics.js has it, a user ID among the options counts only while the user is not known.
        let own_user = self.option("userId").filter(|_| stamp.user_id.is_none());
        let user = if self.verb == Verb::Alias { self.id } else { own_user };
        let aliased = self.verb == Verb::Alias && self.previous_id.is_none();
        out.push(char::from(b'0' + (u8::from(user.is_some()) << 1) + (u8::from(aliased) << 2)));
        out.push_str("\"messageId\":");
        match self.own_id() {
            Some(raw) => out.push_str(raw),
            None => {
                out.push('"');
                out.push_str(message_id);
                out.push('"');
            }
        }
        out.push_str(",\"timestamp\":");
        match self.option("timestamp") {
            Some(raw) => out.push_str(raw),
            None => {
                out.push('"');
                push_iso(out, member(self.options, "timestamp").and_then(whole).unwrap_or(at));
                out.push('"');
            }
        }
        // Names that are written out need no look at their characters.
        out.push_str(",\"type\":\"");
        out.push_str(self.verb.word());
        out.push('"');
        self.push_fields(out, &stamp.page, known);
        if let Some(raw) = user {
            push_as_text(out, "userId", raw);
        }
        out.push_str(",\"integrations\":");
        out.push_str(integrations);
        if has_control(out) {
            *out = one_line(out);
        }
        self.push_own_context(out, stamp);
        std::mem::take(out)
    }

    fn push_fields(&self, out: &mut String, page: &str, known: &Known) {
        match self.verb {
            Verb::Track => {
                out.push_str(",\"event\":");
                out.push_str(self.name.unwrap_or("null"));
                out.push_str(",\"properties\":");
                out.push_str(self.body);
            }
            Verb::Page | Verb::Screen => {
                let mut named = String::from("{");
                for (key, raw) in [("category", self.category), ("name", self.name)] {
                    if let Some(raw) = raw {
                        push_member(out, key, raw);
                        if key == "category" || raw != "\"\"" {
                            push_member(&mut named, key, raw);
                        }
                    }
                }
                named.push('}');
                let (page, named) = if self.verb == Verb::Page { (page, &*named) } else { ("{}", "{}") };
                out.push_str(",\"properties\":{");
                push_merged(out, &[page, self.body, named]);
                out.push('}');
            }
            Verb::Identify => push_member(out, "traits", &known.traits),
            Verb::Group => {
                match &known.group_id {
                    Some(id) => push_text(out, "groupId", id),
                    None => push_member(out, "groupId", "null"),
                }
                push_member(out, "traits", &known.group_traits);
            }
            Verb::Alias => {
                if let Some(raw) = self.previous_id {
                    push_as_text(out, "previousId", raw);
                }
            }
        }
    }

    /// Options that speak of the context, or properties of a page that speak of the page, give the event a context of its
    /// own, after a tab character.
    fn push_own_context(&self, out: &mut String, stamp: &Stamp) {
        // As most calls are.
        if self.options == "{}" && self.verb != Verb::Page {
            return;
        }
        const LIFTED: [&str; 6] = ["integrations", "context", "timestamp", "anonymousId", "userId", "messageId"];
        let given = at_path(self.options, "context").filter(|raw| kind(raw) == Kind::Object).unwrap_or("{}");
        let mut extra = String::from("{");
        for (key, raw) in members(self.options).filter(|(key, _)| !LIFTED.contains(&key.as_ref())) {
            push_member(&mut extra, &key, raw);
        }
        extra.push('}');
        let mut page = String::from("{");
        let said = if self.verb == Verb::Page { self.body } else { "" };
        for (key, raw) in members(said).filter(|(key, _)| member(&stamp.page, key).is_some()) {
            push_member(&mut page, &key, raw);
        }
        page.push('}');
        if given == "{}" && extra == "{}" && page == "{}" {
            return;
        }
        let base = concat(&["{", &stamp.context, "}"]);
        // What the browser says stands over what the call says.
        let mut fixed = String::from("{\"page\":{");
        let of_call = member(&extra, "page").or(member(given, "page")).unwrap_or("{}");
        push_merged(&mut fixed, &[&stamp.page, &page, of_call]);
        fixed.push('}');
        for key in ["userAgent", "userAgentData", "timezone"] {
            if let Some(raw) = member(&base, key) {
                push_member(&mut fixed, key, raw);
            }
        }
        fixed.push('}');
        let mut context = String::from("{");
        push_merged(&mut context, &[&base, given, &extra, &fixed]);
        out.push('\t');
        out.push_str(&one_line(context.get(1..).unwrap_or("")));
    }
}

fn push_as_text(out: &mut String, key: &str, raw: &str) {
    let mut text = String::new();
    push_string(&mut text, &text_of(raw));
    push_member(out, key, &text);
}

/// One event as a journal page keeps it: a digit that says which identifiers it brings itself (2 a user's) and which it
/// takes twice (4: as its previous one, too), its members, and after a tab character its own context, if any. Identity and context
/// otherwise come from the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    own: u8,
    fields: &'a str,
    context: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let own = line.bytes().next()?.checked_sub(b'0').filter(|own| *own < 8)?;
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
        if let Some(id) = &stamp.anonymous_id {
            push_text(out, "anonymousId", id);
        }
        match &stamp.user_id {
            _ if self.own & 2 != 0 => {}
            Some(id) => push_text(out, "userId", id),
            // As analytics.js has it.
            None => push_member(out, "userId", "null"),
        }
        if let (Some(id), true) = (stamp.user_id.as_ref().or(stamp.anonymous_id.as_ref()), self.own & 4 != 0) {
            push_text(out, "previousId", id);
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
