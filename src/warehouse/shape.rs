//! The shapes of tables, and the columns that each has whatever its events say.
//! <https://www.twilio.com/docs/segment/connections/storage/warehouses/schema>

use crate::value::Type;

/// A call of the HTTP Tracking API.
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
    /// That of the store's name for it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Call::Track, Call::Page, Call::Screen, Call::Identify, Call::Group, Call::Alias];
        let names = ["track", "page", "screen", "identify", "group", "alias"];
        all.into_iter().zip(names).find(|(_, known)| *known == name).map(|(call, _)| call)
    }

    /// The member whose members become columns without a prefix.
    pub(crate) fn own(self) -> &'static str {
        match self {
            Call::Track | Call::Page | Call::Screen => "properties",
            Call::Identify | Call::Group | Call::Alias => "traits",
        }
    }
}

/// What a table is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Shape {
    /// Every `track` call, without its properties.
    Tracks,
    Pages,
    Screens,
    Identifies,
    Groups,
    Aliases,
    /// Each user once, with the latest traits.
    Users,
    /// Each group once, with the latest traits.
    Accounts,
    /// The `track` calls of one event.
    Event,
}

/// What a user or a group is known by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Entity {
    User,
    Group,
}

impl Shape {
    /// The table of a call; a `track` call is in that of its event too.
    pub(crate) fn of(call: Call) -> Self {
        match call {
            Call::Track => Shape::Tracks,
            Call::Page => Shape::Pages,
            Call::Screen => Shape::Screens,
            Call::Identify => Shape::Identifies,
            Call::Group => Shape::Groups,
            Call::Alias => Shape::Aliases,
        }
    }

    /// The table's name; an event's is made of its own.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Shape::Tracks => Some("tracks"),
            Shape::Pages => Some("pages"),
            Shape::Screens => Some("screens"),
            Shape::Identifies => Some("identifies"),
            Shape::Groups => Some("groups"),
            Shape::Aliases => Some("aliases"),
            Shape::Users => Some("users"),
            Shape::Accounts => Some("accounts"),
            Shape::Event => None,
        }
    }

    /// Those that have a name.
    pub(crate) const NAMED: [Shape; 8] = [
        Shape::Tracks,
        Shape::Pages,
        Shape::Screens,
        Shape::Identifies,
        Shape::Groups,
        Shape::Aliases,
        Shape::Users,
        Shape::Accounts,
    ];

    /// Whether properties or traits are columns of it.
    pub(crate) fn has_own(self) -> bool {
        self != Shape::Tracks
    }

    /// What its rows are of, where they are not of calls.
    pub(crate) fn entity(self) -> Option<Entity> {
        match self {
            Shape::Users => Some(Entity::User),
            Shape::Accounts => Some(Entity::Group),
            _ => None,
        }
    }

    /// The columns that it always has, in their order.
    pub(crate) fn standard(self) -> Vec<Standard> {
        use Standard::*;
        let of_call = [Id, ReceivedAt, UuidTs, SentAt, Timestamp, OriginalTimestamp, WriteKey, AnonymousId, UserId];
        let more: &[Standard] = match self {
            Shape::Users | Shape::Accounts => return vec![Id, ReceivedAt, UuidTs, WriteKey, Extra],
            Shape::Tracks | Shape::Event => &[Event, EventText],
            Shape::Pages | Shape::Screens => &[Name, Category],
            Shape::Groups => &[GroupId],
            Shape::Aliases => &[PreviousId],
            Shape::Identifies => &[],
        };
        of_call.iter().chain(more).copied().chain([Extra]).collect()
    }
}

/// A column that a table has whatever its events say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standard {
    Id,
    ReceivedAt,
    UuidTs,
    SentAt,
    Timestamp,
    OriginalTimestamp,
    WriteKey,
    AnonymousId,
    UserId,
    Event,
    EventText,
    Name,
    Category,
    GroupId,
    PreviousId,
    /// What has no column of its own, as JSON: values by the pointer of their place.
    Extra,
}

impl Standard {
    /// The column's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Standard::Id => "id",
            Standard::ReceivedAt => "received_at",
            Standard::UuidTs => "uuid_ts",
            Standard::SentAt => "sent_at",
            Standard::Timestamp => "timestamp",
            Standard::OriginalTimestamp => "original_timestamp",
            Standard::WriteKey => "write_key",
            Standard::AnonymousId => "anonymous_id",
            Standard::UserId => "user_id",
            Standard::Event => "event",
            Standard::EventText => "event_text",
            Standard::Name => "name",
            Standard::Category => "category",
            Standard::GroupId => "group_id",
            Standard::PreviousId => "previous_id",
            // No name made of an event's begins with an underscore and a letter.
            Standard::Extra => "_extra",
        }
    }

    /// The column's type.
    pub(crate) fn kind(self) -> Type {
        match self {
            Standard::ReceivedAt | Standard::UuidTs | Standard::SentAt | Standard::Timestamp | Standard::OriginalTimestamp => {
                Type::Timestamp
            }
            _ => Type::Text,
        }
    }
}
