//! Events that a generator makes, and what must be found again of them.

use crate::store::Stored;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// JSON whose numbers stay as they are written.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    /// As it is written.
    Token(&'static str),
    Text(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub(crate) fn write(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        match self {
            Json::Token(token) => (*token).to_owned(),
            Json::Text(text) => quoted(text),
            Json::Array(items) => format!("[{}]", items.iter().map(Json::write).collect::<Vec<_>>().join(",")),
            Json::Object(members) => {
                let member = |(key, value): (&String, &Json)| format!("{}:{}", quoted(key), value.write());
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// What is neither null nor an object, by its JSON pointer.
    pub(crate) fn leaves(&self, pointer: &str, found: &mut BTreeMap<String, String>) {
        match self {
            Json::Token("null") => {}
            Json::Object(members) => {
                for (key, value) in members {
                    value.leaves(&format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            _ => {
                found.insert(pointer.to_owned(), self.write());
            }
        }
    }
}

/// An event and its parts.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) kind: &'static str,
    pub(crate) user: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) day: i64,
    pub(crate) context: Json,
    pub(crate) own: Json,
}

impl Made {
    pub(crate) fn own_member(&self) -> &'static str {
        if ["track", "page", "screen"].contains(&self.kind) { "properties" } else { "traits" }
    }

    pub(crate) fn stored(&self, number: usize) -> Stored {
        let message_id = format!("m{number}");
        let name = match self.kind {
            "track" => "event",
            "group" => "groupId",
            "alias" => "previousId",
            _ => "name",
        };
        let (context, own, user) = (self.context.write(), self.own.write(), serde_json::to_string(&self.user).unwrap());
        let name = format!("{}:{}", serde_json::to_string(name).unwrap(), serde_json::to_string(&self.name).unwrap());
        let rest = format!("\"context\":{context},\"{}\":{own},\"userId\":{user}", self.own_member());
        let body = format!("{{\"type\":\"{}\",\"messageId\":\"{message_id}\",{name},{rest}}}", self.kind);
        let received_at = 1_767_225_600_000 + self.day * 86_400_000 + number as i64;
        Stored { write_key: "k".into(), message_id, kind: self.kind.into(), received_at, sent_at: None, body }
    }

    /// What must be found of it below its properties or traits, and besides.
    pub(crate) fn leaves(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let (mut context, mut own) = (BTreeMap::new(), BTreeMap::new());
        self.context.leaves("/context", &mut context);
        self.own.leaves(&format!("/{}", self.own_member()), &mut own);
        if self.kind == "identify" {
            // Segment's layout has no column for it.
            context.insert("/name".into(), serde_json::to_string(&self.name).unwrap());
        }
        (context, own)
    }
}

/// Names that meet each other, the layout's own, and SQL.
pub(crate) fn name() -> impl Strategy<Value = String> {
    let chosen: Vec<String> = [
        "a",
        "A",
        "a b",
        "aB",
        "a_b",
        "a_b_2",
        "ab",
        "id",
        "ID",
        "userId",
        "user_id",
        "event",
        "day",
        "name",
        "timestamp",
        "_extra",
        "properties_id",
        "traits_id",
        "context_ip",
        "context",
        "ip",
        "consent",
        "Tracks",
        "users",
        "other_events",
        "",
        "购买",
        "销售",
        "2FA",
        "order",
        "select",
        "a\"; DROP TABLE tracks; --",
        "a'; DELETE FROM tracks; --",
        "`x`",
        "$1\\",
        "../../x",
        "a/b~c",
        "\u{0}",
        "\n-- x",
    ]
    .map(String::from)
    .into_iter()
    .chain(["x".repeat(130), "x".repeat(129) + "y"])
    .collect();
    prop_oneof![4 => proptest::sample::select(chosen), 1 => any::<String>()]
}

/// Numbers at the borders of what types hold, what is no Unicode, and the other tokens.
const TOKENS: &[&str] = &[
    "\"\\ud800\"",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-7",
    "1.5",
    "1.0",
    "0.1",
    "1e3",
    "-2.5E-7",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "12345678901234567890123",
    "0.1000000000000000055",
    "1e400",
    "1e-400",
    "1.7976931348623157e308",
];

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        4 => proptest::sample::select(TOKENS).prop_map(Json::Token),
        1 => prop_oneof![Just("1".to_owned()), Just("true".to_owned()), any::<String>()].prop_map(Json::Text),
    ]
}

fn json() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            2 => proptest::collection::btree_map(name(), inner, 0..4).prop_map(Json::Object),
        ]
    })
}

fn object() -> impl Strategy<Value = Json> {
    proptest::collection::btree_map(name(), json(), 0..6).prop_map(Json::Object)
}

pub(crate) fn event() -> impl Strategy<Value = Made> {
    let kinds =
        proptest::sample::select(&["track", "track", "track", "page", "screen", "identify", "identify", "group", "alias"][..]);
    let users = proptest::sample::select(&[Some("u1"), Some("u2"), None][..]);
    (kinds, users, name(), 0..3i64, object(), object()).prop_map(|(kind, user, name, day, context, own)| Made {
        kind,
        user,
        name,
        day,
        context,
        own,
    })
}

pub(crate) fn events() -> impl Strategy<Value = Vec<Made>> {
    proptest::collection::vec(event(), 0..14)
}

pub(crate) fn stored(events: &[Made]) -> Vec<Stored> {
    events.iter().enumerate().map(|(number, event)| event.stored(number)).collect()
}
