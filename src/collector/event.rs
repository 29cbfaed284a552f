//! What makes a received event fit to be stored.

use crate::json::{self, Object};
use crate::sequence::Place;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The longest event that is stored, in bytes of compact JSON: the HTTP Tracking API's 32 KB.
pub(crate) const MAX_EVENT_BYTES: usize = 32 * 1024;

const MAX_MESSAGE_ID_CHARS: usize = 200;

/// The calls of the HTTP Tracking API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
}

impl Call {
    const ALL: [Call; 6] = [Call::Track, Call::Page, Call::Screen, Call::Identify, Call::Group, Call::Alias];

    /// The event's `type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Call::Track => "track",
            Call::Page => "page",
            Call::Screen => "screen",
            Call::Identify => "identify",
            Call::Group => "group",
            Call::Alias => "alias",
        }
    }

    fn named(name: &str) -> Option<Call> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }

    /// The call of an endpoint: its name, or its name's first letter.
    pub(crate) fn of_endpoint(segment: &str) -> Option<Call> {
        Self::ALL.into_iter().find(|call| segment == call.name() || segment == &call.name()[..1])
    }
}

/// An event fit to be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Event {
    /// Unique within its write key.
    pub message_id: String,
    /// One of `track`, `page`, `screen`, `identify`, `group`, `alias`.
    pub kind: &'static str,
    /// The event as one line of JSON, with its `messageId` and `type`.
    pub body: String,
    /// Where it stands in its tab's sequence.
    pub place: Option<Place>,
}

/// Why an event was not accepted.
#[derive(Debug)]
pub(crate) struct Rejected {
    /// The event's own identifier, where it has a usable one.
    pub(crate) message_id: Option<String>,
    pub(crate) reason: String,
    /// The member at fault, below the event: `/type`, or nothing for the event itself.
    pub(crate) pointer: &'static str,
}

/// Checks one event. `call` is the endpoint's, and stands in for the event's own `type`; an event without a
/// `messageId` gets a UUIDv7, so that neighbours in time are neighbours in the index.
pub(crate) fn accept(raw: &str, call: Option<Call>) -> Result<Event, Rejected> {
    let reject = |pointer, reason: String| Rejected { message_id: None, reason, pointer };
    let text =
        json::compact(raw).ok_or_else(|| reject("", format!("nests more than {} levels deep: flatten it", json::MAX_DEPTH)))?;
    if !text.starts_with('{') {
        return Err(reject("", format!("an event is a JSON object, this is {}", shorten(&text))));
    }
    let mut members: Object = serde_json::from_str(&text).map_err(|error| reject("", error.to_string()))?;

    let given_id = match members.get("messageId").map(|raw| raw.get()) {
        None | Some("null") => None,
        Some(raw) => Some(
            serde_json::from_str::<String>(raw)
                .ok()
                .filter(|id| (1..=MAX_MESSAGE_ID_CHARS).contains(&id.chars().count()))
                .ok_or_else(|| {
                    let rule = format!("a string of 1 to {MAX_MESSAGE_ID_CHARS} characters");
                    reject("/messageId", format!("messageId must be {rule}, not {}", shorten(raw)))
                })?,
        ),
    };
    let reject = |pointer, reason: String| Rejected { message_id: given_id.clone(), reason, pointer };

    let given_type = members.get("type").map_or("null", |raw| raw.get());
    let given_call = serde_json::from_str::<String>(given_type).ok().and_then(|name| Call::named(&name));
    let kind = match call.or(given_call) {
        Some(call) => call.name(),
        None => {
            let names = Call::ALL.map(Call::name).join(", ");
            return Err(reject("/type", format!("type must be one of {names}, not {}", shorten(given_type))));
        }
    };

    let message_id = given_id.clone().unwrap_or_else(|| Uuid::now_v7().to_string());
    let (new_id, new_type);
    let mut changed = false;
    if given_id.is_none() {
        new_id = raw_string(&message_id).map_err(|error| reject("/messageId", error.to_string()))?;
        members.insert("messageId".into(), &new_id);
        changed = true;
    }
    if given_call.map(Call::name) != Some(kind) {
        new_type = raw_string(kind).map_err(|error| reject("/type", error.to_string()))?;
        members.insert("type".into(), &new_type);
        changed = true;
    }
    let place = Place::of(&members);
    let body = match changed {
        true => serde_json::to_string(&members).map_err(|error| reject("", error.to_string()))?,
        false => text,
    };
    if body.len() > MAX_EVENT_BYTES {
        return Err(reject("", format!("{} bytes long, at most {MAX_EVENT_BYTES} are stored", body.len())));
    }
    Ok(Event { message_id, kind, body, place })
}

fn raw_string(text: &str) -> serde_json::Result<Box<RawValue>> {
    serde_json::value::to_raw_value(text)
}

fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_event_is_kept_to_the_letter_in_one_line() {
        let event = accept("{ \"type\":\"track\",\n\"messageId\":\"m1\", \"n\": 1.10 }", None).unwrap();
        assert_eq!(
            event,
            Event {
                message_id: "m1".into(),
                kind: "track",
                body: r#"{"type":"track","messageId":"m1","n":1.10}"#.into(),
                place: None
            }
        );
    }

    #[test]
    fn a_missing_message_id_is_made_and_an_endpoint_decides_the_type() {
        let event = accept(r#"{"type":"page","event":"X"}"#, Some(Call::Track)).unwrap();
        assert_eq!(event.message_id.len(), 36);
        assert_eq!(event.kind, "track");
        assert_eq!(event.body, format!(r#"{{"type":"track","event":"X","messageId":"{}"}}"#, event.message_id));
    }

    #[test]
    fn each_fault_is_named() {
        let long_id = format!(r#"{{"type":"track","messageId":"{}"}}"#, "x".repeat(201));
        let large = format!(r#"{{"type":"track","messageId":"m","x":"{}"}}"#, "x".repeat(MAX_EVENT_BYTES));
        let deep = format!(r#"{{"type":"track","x":{}{}}}"#, "[".repeat(70), "]".repeat(70));
        for (raw, pointer, word) in [
            ("7", "", "JSON object"),
            ("[]", "", "JSON object"),
            (r#"{"type":"track","messageId":7}"#, "/messageId", "not 7"),
            (r#"{"type":"track","messageId":""}"#, "/messageId", "1 to 200"),
            (&long_id, "/messageId", "1 to 200"),
            (r#"{"messageId":"m"}"#, "/type", "track, page, screen"),
            (r#"{"type":"Track","messageId":"m"}"#, "/type", "\"Track\""),
            (&large, "", "32768"),
            (&deep, "", "70 levels"),
        ] {
            let rejected = accept(raw, None).unwrap_err();
            assert_eq!(rejected.pointer, pointer, "{raw}");
            assert!(rejected.reason.contains(word), "{raw}: {}", rejected.reason);
        }
    }

    #[test]
    fn a_rejected_event_keeps_its_message_id() {
        assert_eq!(accept(r#"{"type":"nope","messageId":"m9"}"#, None).unwrap_err().message_id.as_deref(), Some("m9"));
    }

    #[test]
    fn an_event_of_exactly_the_limit_fits() {
        let frame = r#"{"type":"track","messageId":"m","x":""}"#.len();
        let body = |length: usize| format!(r#"{{"type":"track","messageId":"m","x":"{}"}}"#, "x".repeat(length - frame));
        assert_eq!(accept(&body(MAX_EVENT_BYTES), None).unwrap().body.len(), MAX_EVENT_BYTES);
        assert!(accept(&body(MAX_EVENT_BYTES + 1), None).is_err());
    }
}
