//! A destination's wire: what its kind makes of events, and of several of them a request.

use super::kinds::kind;
use super::{Answer, Destination, read_status};
use crate::ids::push_hex;
use crate::json::{
    self, Kind, at_path, elements, member, members, number, push_member, push_merged, push_text, text, text_of, whole,
};
use crate::mapping::{Scope, Work, fill_url, filled, is_met, share_of};
use crate::text::concat;

/// In place of a status: it was sent, and the answer may not be read. The shim says so too (`js/net.ts`).
const SENT: u16 = 2;

/// What becomes of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Taken {
    /// What the kind makes of it.
    Made {
        /// Usually one, of some calls several or none.
        items: Vec<String>,
        /// What all events of one request have in common, JSON: a batch ends where it differs.
        shared: String,
    },
    /// The destination's `filter`, `sample` or `map` leaves it out, or its kind has no place for it.
    Filtered,
    /// It would be made into more than it may.
    TooLarge,
}

/// What the events of one request have beside themselves.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    /// The items, a JSON list.
    pub(crate) items: &'a str,
    /// What they have in common: see [`Taken::Made`].
    pub(crate) shared: &'a str,
    pub(crate) batch_id: &'a str,
    /// When it is sent, ISO 8601.
    pub(crate) sent_at: &'a str,
    /// What will never come, a JSON list; empty where there is nothing.
    pub(crate) lost: &'a str,
    /// What the platform was asked for before, JSON; empty where it was not: see [`Prelude`].
    pub(crate) known: &'a str,
}

/// A finished request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WiredRequest {
    /// Where to.
    pub url: String,
    /// What `fetch` is told beside the rest, a JSON object: `headers`, an object of texts; `mode` and `redirect` where the answer cannot be read.
    pub init: String,
    /// What is posted.
    pub body: String,
}

/// What the platform is asked for before a batch, as mParticle for the ID of a visitor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prelude {
    /// What it is about, JSON: the answer holds for batches of the same.
    pub key: String,
    /// The request.
    pub request: WiredRequest,
}

/// A destination with what its kind says.
pub(crate) struct Wire<'a> {
    destination: &'a Destination,
    kind: &'static str,
}

impl<'a> Wire<'a> {
    pub(crate) fn of(destination: &'a Destination) -> Self {
        Wire { destination, kind: kind(&text(&destination.raw, "kind")) }
    }

    /// Events a request, and bytes of its body, at most.
    pub(crate) fn limits(&self) -> (usize, usize) {
        let own = member(self.kind, "batch").unwrap_or("");
        (number(own, "events", 500) as usize, number(own, "bytes", 500_000) as usize)
    }

    /// What goes of a finished event, and the first function of its mapping that could do nothing with what it was given.
    pub(crate) fn take(&self, event: &str) -> (Taken, Option<&'static str>) {
        let work = Work::new();
        let taken = self.taken(event, &work);
        (if work.is_spent() { Taken::TooLarge } else { taken.unwrap_or(Taken::Filtered) }, work.failed())
    }

    fn taken(&self, event: &str, work: &Work) -> Option<Taken> {
        let event = self.mapped(event, work)?;
        let names = self.names(&event, &whole_event(&event), work);
        let scope = &Scope::of(&event, &names, work);
        let item = filled(member(self.kind, "item")?, scope)?;
        let items = match json::kind(&item) {
            Kind::Array => elements(&item).map(str::to_owned).collect(),
            _ => vec![item],
        };
        let shared = member(self.kind, "shared").and_then(|shared| filled(shared, scope)).unwrap_or_default();
        Some(Taken::Made { items, shared })
    }

    /// The event as it goes on, where it does.
    fn mapped(&self, event: &str, work: &Work) -> Option<String> {
        let own = |key| member(&self.destination.raw, key);
        let names = whole_event(event);
        let scope = &Scope::of(event, &names, work);
        let is_in_sample = |share: &str| {
            let who =
                ["anonymousId", "userId", "messageId"].iter().find_map(|key| member(event, key).filter(|raw| *raw != "null"));
            json::f64_of(share).is_some_and(|share| share_of(&text_of(who.unwrap_or(""))) < share / 100.0)
        };
        if own("sample").is_some_and(|share| !is_in_sample(share))
            || own("filter").is_some_and(|filter| !is_met(filter, None, scope))
        {
            return None;
        }
        let Some(map) = own("map") else { return Some(event.to_owned()) };
        let mapped = filled(map, scope).filter(|mapped| json::kind(mapped) == Kind::Object)?;
        // By its ID the platform says what became of an event, and knows one that comes twice.
        let (given, id) = (member(&mapped, "messageId"), member(event, "messageId"));
        if given == id || given.is_none() {
            return Some(mapped);
        }
        let mut own_id = String::from("{");
        push_member(&mut own_id, "messageId", id.unwrap_or("null"));
        own_id.push('}');
        let mut out = String::from("{");
        push_merged(&mut out, &[&mapped, &own_id]);
        out.push('}');
        Some(out)
    }

    /// The request of a batch.
    pub(crate) fn request(&self, envelope: &Envelope<'_>) -> WiredRequest {
        let mut base = String::from("{");
        push_member(&mut base, "items", envelope.items);
        if let Some(first) = elements(envelope.items).next() {
            push_member(&mut base, "first", first);
        }
        for (name, raw) in [("shared", envelope.shared), ("lost", envelope.lost), ("known", envelope.known)] {
            if !raw.is_empty() {
                push_member(&mut base, name, raw);
            }
        }
        push_text(&mut base, "batchId", envelope.batch_id);
        push_text(&mut base, "sentAt", envelope.sent_at);
        base.push('}');
        let work = &Work::unbounded();
        let names = self.names("{}", &base, work);
        let body = filled(member(self.kind, "body").unwrap_or("null"), &Scope::of("{}", &names, work)).unwrap_or_default();
        let body = if json::kind(&body) == Kind::String { text_of(&body).into_owned() } else { body };
        let mut said = String::from("{");
        push_text(&mut said, "body", &body);
        said.push('}');
        let mut all = String::from("{");
        push_merged(&mut all, &[&names, &said]);
        all.push('}');
        let scope = &Scope::of("{}", &all, work);
        let init = self.init(&filled(member(self.kind, "headers").unwrap_or("{}"), scope).unwrap_or_default());
        let url = &self.destination.url;
        let query = fill_url(&text(self.kind, "query"), scope);
        let mark = if query.is_empty() {
            ""
        } else if url.contains('?') {
            "&"
        } else {
            "?"
        };
        WiredRequest { url: concat(&[url, mark, &query]), init, body }
    }

    /// What is to be asked before a batch, where its kind and settings want that.
    pub(crate) fn prelude(&self, envelope: &Envelope<'_>) -> Option<Prelude> {
        let rule = member(self.kind, "prelude")?;
        let mut base = String::from("{");
        push_member(&mut base, "shared", envelope.shared);
        push_text(&mut base, "batchId", envelope.batch_id);
        push_text(&mut base, "sentAt", envelope.sent_at);
        base.push('}');
        let work = &Work::unbounded();
        let names = self.names("{}", &base, work);
        let scope = &Scope::of("{}", &names, work);
        let of = |key| filled(member(rule, key)?, scope);
        let url = text_of(&of("url")?).into_owned();
        let request = WiredRequest { url, init: self.init(&of("headers").unwrap_or_default()), body: of("body")? };
        Some(Prelude { key: of("key")?, request })
    }

    /// What it was asked for, JSON, of an answer that has it; of another what that means for the events.
    ///
    /// # Errors
    /// [`Answer::Split`] where it will not hear of this visitor, and as for any other request.
    pub(crate) fn known(&self, status: u16, body: &str, retry_after_ms: Option<u64>) -> Result<String, Answer> {
        let wanted = text(member(self.kind, "prelude").unwrap_or(""), "take");
        match at_path(body, &wanted).filter(|raw| status / 100 == 2 && *raw != "null") {
            Some(known) => Ok(known.to_owned()),
            None => Err(read_status(status, retry_after_ms)),
        }
    }

    fn init(&self, headers: &str) -> String {
        let mut init = String::from("{");
        // Nothing else goes along where the answer cannot be read.
        if member(member(&self.destination.raw, "settings").unwrap_or(""), "opaque") == Some("true") {
            push_text(&mut init, "mode", "no-cors");
            push_text(&mut init, "redirect", "follow");
        } else if members(headers).next().is_some() {
            let mut texts = String::from("{");
            for (name, raw) in members(headers) {
                push_text(&mut texts, &name, &header_value(&text_of(raw)));
            }
            texts.push('}');
            push_member(&mut init, "headers", &texts);
        }
        init.push('}');
        init
    }

    /// What an answer means for the batch.
    pub(crate) fn read_answer(&self, batch_id: &str, status: u16, body: &str, retry_after_ms: Option<u64>) -> Answer {
        // It was sent without leave to read the answer.
        if status == SENT {
            return Answer::All;
        }
        let Some(rule) = member(self.kind, "acknowledged") else {
            return super::segment::read_answer(self.destination, batch_id, status, body, retry_after_ms);
        };
        match status {
            200..=299 if acknowledges(rule, status, body) => Answer::All,
            200..=299 => Answer::Retry(retry_after_ms),
            _ => read_status(status, retry_after_ms),
        }
    }

    /// What references of a kind stand for: the settings, filled, and what the kind names itself, over what is given.
    fn names(&self, event: &str, base: &str, work: &Work) -> String {
        let scope = &Scope::of(event, base, work);
        let mut settings = String::from("{");
        let set = member(&self.destination.raw, "settings").unwrap_or("");
        for (name, about) in members(member(self.kind, "settings").unwrap_or("")) {
            if let Some(value) = member(set, &name).or(member(about, "default")).and_then(|raw| filled(raw, scope)) {
                push_member(&mut settings, &name, &value);
            }
        }
        push_text(&mut settings, "writeKey", &self.destination.write_key);
        settings.push('}');
        let own = filled(member(self.kind, "names").unwrap_or("{}"), &Scope::of(event, &settings, work)).unwrap_or_default();
        let mut names = String::from("{");
        push_merged(&mut names, &[base, &settings, &own]);
        names.push('}');
        names
    }
}

/// A header field's value: what is not visible ASCII is percent-encoded, so that no event breaks a request.
fn header_value(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if matches!(byte, b' '..=b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            push_hex(&mut out, byte.into(), 2);
        }
    }
    out
}

/// The event under its name.
fn whole_event(event: &str) -> String {
    let mut names = String::from("{");
    push_member(&mut names, "event", event);
    names.push('}');
    names
}

/// Whether a 2xx is what the platform documents, and not the page of somebody between.
fn acknowledges(rule: &str, status: u16, body: &str) -> bool {
    let body = body.trim_ascii();
    let of_statuses = member(rule, "statuses").is_none_or(|all| elements(all).any(|raw| whole(raw) == Some(status.into())));
    let of_member = member(rule, "member").is_none_or(|key| at_path(body, &text_of(key)) == member(rule, "is"));
    let of_text = member(rule, "text").is_none_or(|wanted| text_of(wanted) == body);
    let of_empty = member(rule, "empty").is_none() || body.is_empty();
    of_statuses && of_member && of_text && of_empty && !body.starts_with('<')
}
