"""What a store says must be in a warehouse: read with SQLite and Python's own JSON, and with nothing of Tidegate's."""

import json
import sqlite3
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TABLES = {"track": "tracks", "page": "pages", "screen": "screens", "identify": "identifies", "group": "groups", "alias": "aliases"}
# What Segment's layout has a column for, beside properties, traits and context.
MEMBERS = {
    "track": {"event": "event_text"},
    "page": {"name": "name", "category": "category"},
    "screen": {"name": "name", "category": "category"},
    "group": {"groupId": "group_id"},
    "alias": {"previousId": "previous_id"},
    "identify": {},
}


class Number(str):
    """A number as it is written."""


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def text(value):
    """What a text column holds of a value."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def leaves(value, pointer, found):
    """Every value that is neither null nor an object, by its JSON pointer."""
    if isinstance(value, dict):
        for key, member in value.items():
            leaves(member, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", found)
    elif value is not None:
        found[pointer] = value
    return found


class Event:
    """A stored event."""

    def __init__(self, row):
        self.id, self.write_key, self.message_id, self.kind, received, sent, body = row
        self.received_at = EPOCH + timedelta(milliseconds=received)
        self.sent_at = sent and datetime.fromisoformat(sent)
        self.body = parse(body)
        original = self.body.get("timestamp")
        self.original = original and datetime.fromisoformat(original)
        self.own = "properties" if self.kind in ("track", "page", "screen") else "traits"

    def standard(self):
        """What the standard columns of its call hold."""
        known = {"user_id": self.body.get("userId"), "anonymous_id": self.body.get("anonymousId")}
        for member, column in MEMBERS[self.kind].items():
            known[column] = self.body.get(member)
            if known[column] is None and column in ("name", "category"):
                known[column] = self.body.get("properties", {}).get(column)
        if self.sent_at and self.original:
            at = self.received_at - (self.sent_at - self.original)
        else:
            at = self.original or self.received_at
        return known | {
            "id": self.message_id,
            "write_key": self.write_key,
            "received_at": self.received_at,
            "uuid_ts": self.received_at,
            "sent_at": self.sent_at,
            "original_timestamp": self.original,
            "timestamp": at,
        }

    def others(self, with_own=True, traits=None):
        """Every other value, by its place."""
        own = self.body.get(self.own, {}) if traits is None else traits
        found = leaves(self.body.get("context", {}), "/context", {})
        if with_own:
            leaves(own, f"/{self.own}", found)
        held = {"type", "messageId", "timestamp", "sentAt", "userId", "anonymousId", "context", self.own, *MEMBERS[self.kind]}
        for member, value in self.body.items():
            if member not in held and value not in (None, {}):
                found[f"/{member}"] = value
        if self.kind in ("page", "screen"):
            for column in ("name", "category"):
                said = self.body.get(column)
                if found.get(f"/properties/{column}") == (said if said is not None else found.get(f"/properties/{column}")):
                    found.pop(f"/properties/{column}", None)
        return found


def events(store):
    """Every event, in the order they were received."""
    rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute(
        "SELECT id, write_key, message_id, type, received_at, sent_at, body FROM events ORDER BY id"
    )
    return [Event(row) for row in rows]


def users(of):
    """The latest identify of each user, and the traits said last."""
    known = {}
    for event in of:
        if event.kind == "identify" and event.body.get("userId") is not None:
            key = (event.write_key, text(event.body["userId"]))
            _, traits = known.get(key, (None, {}))
            known[key] = (event, traits | event.body.get("traits", {}))
    return known
