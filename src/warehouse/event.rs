//! A stored event taken apart for the tables.

use crate::error::ExportError;
use crate::flatten::{Leaf, Leaves, Object, below, is_nothing, is_text};
use crate::shape::{Call, Entity, Shape, Standard};
use crate::time;
use crate::value::Value;
use std::borrow::Cow;
use tidegate_collector::Record;

/// The key under which the time a batch was sent is kept where it is no time: it is of the batch, and has no place in the event.
const SENT_AT_OF_BATCH: &str = "sentAt";

/// A stored event, by where its values go.
pub(crate) struct Event<'a> {
    record: &'a Record,
    pub(crate) call: Call,
    /// The members that standard columns hold, as JSON.
    standard: Vec<(Standard, &'a str)>,
    /// Microseconds since the Unix epoch.
    sent_at: Option<i64>,
    original_timestamp: Option<i64>,
    /// Below `context`.
    pub(crate) context: Vec<Leaf<'a>>,
    /// Below `properties` or `traits`.
    pub(crate) own: Vec<Leaf<'a>>,
    /// What no column can hold, of properties or traits and of everything else.
    pub(crate) own_rest: Vec<Leaf<'a>>,
    pub(crate) rest: Vec<Leaf<'a>>,
}

impl<'a> Event<'a> {
    /// Takes an event apart.
    ///
    /// # Errors
    /// The store holds something else than an event there.
    pub(crate) fn parse(record: &'a Record) -> Result<Self, ExportError> {
        let fault = |what: String| ExportError::Event { id: record.id, what };
        let call = Call::named(&record.kind).ok_or_else(|| fault(format!("its type {:?} is unknown", record.kind)))?;
        let members: Object<'a> = serde_json::from_str(&record.body).map_err(|error| fault(error.to_string()))?;
        let mut event = Event {
            record,
            call,
            standard: Vec::new(),
            sent_at: None,
            original_timestamp: None,
            context: Vec::new(),
            own: Vec::new(),
            own_rest: Vec::new(),
            rest: Vec::new(),
        };
        event.take_time_of_batch();
        for (key, value) in members {
            event.take(&key, value.get());
        }
        event.join_names();
        Ok(event)
    }

    fn take(&mut self, key: &str, json: &'a str) {
        let pointer = below("", key);
        if is_nothing(json) || key == "messageId" || key == "type" {
            return;
        }
        let is_own = key == self.call.own();
        let rest = if is_own { &mut self.own_rest } else { &mut self.rest };
        if (is_own || key == "context") && json.starts_with('{') {
            let mut leaves = Leaves::default();
            leaves.push(pointer, json);
            rest.append(&mut leaves.rest);
            let columns = if is_own { &mut self.own } else { &mut self.context };
            *columns = leaves.columns;
        } else if is_own {
            rest.push(Leaf { pointer, json: Cow::Borrowed(json) });
        } else if !self.hold(key, json) {
            self.rest.push(Leaf { pointer, json: Cow::Borrowed(json) });
        }
    }

    /// Whether a standard column holds it.
    fn hold(&mut self, key: &str, json: &'a str) -> bool {
        let time = || serde_json::from_str::<String>(json).ok().and_then(|text| time::parse(&text));
        match (key, standard(self.call, key)) {
            ("timestamp", _) => {
                self.original_timestamp = time();
                self.original_timestamp.is_some()
            }
            ("sentAt", _) => {
                let said = time();
                self.sent_at = self.sent_at.or(said);
                said.is_some() && said == self.sent_at
            }
            (_, Some(column)) if is_text(json) => {
                self.standard.push((column, json));
                true
            }
            _ => false,
        }
    }

    fn take_time_of_batch(&mut self) {
        let Some(text) = &self.record.sent_at else { return };
        self.sent_at = time::parse(text);
        if self.sent_at.is_none() {
            let json = serde_json::Value::from(text.as_str()).to_string();
            self.rest.push(Leaf { pointer: SENT_AT_OF_BATCH.into(), json: Cow::Owned(json) });
        }
    }

    /// Segment's libraries say a page's name and category twice, as members of the call and among its properties. Where both are one
    /// text, or one is missing, one column holds it.
    fn join_names(&mut self) {
        if !matches!(self.call, Call::Page | Call::Screen) {
            return;
        }
        for (column, pointer) in [(Standard::Name, "/properties/name"), (Standard::Category, "/properties/category")] {
            let Some(at) = self.own.iter().position(|leaf| leaf.pointer == pointer) else { continue };
            let said = self.standard.iter().find(|(known, _)| *known == column).map(|(_, json)| *json);
            let Some(Leaf { json: Cow::Borrowed(property), .. }) = self.own.get(at) else { continue };
            if said.is_none() {
                self.standard.push((column, property));
            }
            if said.is_none_or(|said| said == *property) {
                self.own.remove(at);
            }
        }
    }

    /// The value of a standard column in a table of this shape, but for what has no column. `own` is the name of the table that its
    /// properties are in.
    pub(crate) fn standard(&self, column: Standard, shape: Shape, own: &'a str) -> Option<Value<'a>> {
        let received = time::of_ms(self.record.received_at);
        match column {
            Standard::Id => match shape.entity() {
                Some(_) => self.entity().map(|(_, key)| Value::Text(Cow::Owned(key))),
                None => Some(Value::Text(Cow::Borrowed(&self.record.message_id))),
            },
            Standard::ReceivedAt | Standard::UuidTs => Some(Value::Time(received)),
            Standard::SentAt => self.sent_at.map(Value::Time),
            Standard::OriginalTimestamp => self.original_timestamp.map(Value::Time),
            Standard::Timestamp => Some(Value::Time(time::corrected(received, self.sent_at, self.original_timestamp))),
            Standard::WriteKey => Some(Value::Text(Cow::Borrowed(&self.record.write_key))),
            Standard::Event => Some(Value::Text(Cow::Borrowed(own))),
            Standard::Extra => None,
            _ => self.standard.iter().find(|(known, _)| *known == column).map(|(_, json)| Value::Json(json)),
        }
    }

    /// The name of a `track` call's event; empty where it has none.
    pub(crate) fn name(&self) -> String {
        self.said(Standard::EventText).unwrap_or_default()
    }

    /// Whose traits it tells, by their identifier.
    pub(crate) fn entity(&self) -> Option<(Entity, String)> {
        match self.call {
            Call::Identify => Some((Entity::User, self.said(Standard::UserId)?)),
            Call::Group => Some((Entity::Group, self.said(Standard::GroupId)?)),
            _ => None,
        }
    }

    fn said(&self, column: Standard) -> Option<String> {
        let (_, json) = self.standard.iter().find(|(known, _)| *known == column)?;
        Value::Json(json).text().map(Cow::into_owned)
    }

    /// The traits that it tells, by name, as JSON: null takes one away.
    pub(crate) fn traits(&self) -> Vec<(String, &'a str)> {
        let members: Object<'a> = serde_json::from_str(&self.record.body).unwrap_or_default();
        let traits = members.get("traits").and_then(|traits| serde_json::from_str::<Object<'a>>(traits.get()).ok());
        traits.unwrap_or_default().into_iter().map(|(name, value)| (name, value.get())).collect()
    }

    /// The same with other traits in place of its own.
    pub(crate) fn with_traits(mut self, traits: &'a [(String, String)]) -> Self {
        let mut leaves = Leaves::default();
        for (name, json) in traits {
            leaves.push(below("/traits", name), json);
        }
        self.own = leaves.columns;
        self.own_rest.retain(|leaf| leaf.pointer == "/traits");
        self.own_rest.append(&mut leaves.rest);
        self
    }
}

/// The column that a member of a call is kept in.
fn standard(call: Call, key: &str) -> Option<Standard> {
    match (call, key) {
        (_, "userId") => Some(Standard::UserId),
        (_, "anonymousId") => Some(Standard::AnonymousId),
        (Call::Track, "event") => Some(Standard::EventText),
        (Call::Page | Call::Screen, "name") => Some(Standard::Name),
        (Call::Page | Call::Screen, "category") => Some(Standard::Category),
        (Call::Group, "groupId") => Some(Standard::GroupId),
        (Call::Alias, "previousId") => Some(Standard::PreviousId),
        _ => None,
    }
}
