//! The error of a client's clock, taken out where an event goes on.

use crate::json::{members, push_member, push_text, text};
use crate::time::{from_iso, push_iso};
use std::borrow::Cow;

/// An event with the `timestamp` that the collector's clock would have given it: Segment's `receivedAt - (sentAt - timestamp)`, in milliseconds.
/// `sent_at` is its batch's, or else its own, which goes. Without one of them the `timestamp` stays; one that is missing, or that nobody can read, is
/// that of the arrival.
/// <https://www.twilio.com/docs/segment/connections/spec/common#timestamps>
pub fn by_our_clock<'e>(event: &'e str, sent_at: Option<&str>, received_at: u64) -> Cow<'e, str> {
    let own = |key| from_iso(&text(event, key));
    let right = match (own("timestamp"), sent_at.and_then(from_iso).or_else(|| own("sentAt"))) {
        (Some(made), Some(sent)) if sent != received_at => (received_at + made).saturating_sub(sent),
        (None, _) => received_at,
        _ => return Cow::Borrowed(event),
    };
    let mut iso = String::new();
    push_iso(&mut iso, right);
    let mut out = String::from("{");
    for (key, raw) in members(event) {
        if key != "timestamp" && key != "sentAt" {
            push_member(&mut out, &key, raw);
        }
    }
    push_text(&mut out, "timestamp", &iso);
    out.push('}');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-02T00:00:00Z.
    const RECEIVED: u64 = 1_767_312_000_000;

    #[test]
    fn an_event_s_time_is_by_the_collector_s_clock() {
        let time = |event: &str, sent_at| text(&by_our_clock(event, sent_at, RECEIVED), "timestamp").into_owned();
        let made = r#"{"timestamp":"2026-01-01T23:59:58Z","event":"A"}"#;
        for (event, sent_at, wanted) in [
            (made, Some("2026-01-02T00:00:00Z"), "2026-01-01T23:59:58Z"),
            (made, Some("2026-01-01T23:59:59.500Z"), "2026-01-01T23:59:58.500Z"),
            // A day ahead.
            (r#"{"timestamp":"2026-01-03T00:00:00+02:00"}"#, Some("2026-01-03T00:00:00Z"), "2026-01-01T22:00:00.000Z"),
            (r#"{"timestamp":"2026-01-01T00:00:00Z","sentAt":"2026-01-01T00:00:10Z"}"#, None, "2026-01-01T23:59:50.000Z"),
            (made, None, "2026-01-01T23:59:58Z"),
            (made, Some("yesterday"), "2026-01-01T23:59:58Z"),
            (r#"{"event":"A"}"#, Some("2026-01-01T00:00:00Z"), "2026-01-02T00:00:00.000Z"),
            (r#"{"timestamp":"soon"}"#, None, "2026-01-02T00:00:00.000Z"),
            (r#"{"timestamp":null}"#, None, "2026-01-02T00:00:00.000Z"),
            (r#"{"timestamp":"1970-01-01T00:00:00Z"}"#, Some("9999-01-01T00:00:00Z"), "1970-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(time(event, sent_at), wanted, "{event} {sent_at:?}");
        }
    }

    #[test]
    fn the_rest_of_the_event_stays_as_it_is_written() {
        let event = r#"{"a":1.10,"timestamp":"2026-01-01T00:00:00Z","sentAt":"2026-01-01T00:00:00Z","b":{"timestamp":1}}"#;
        assert_eq!(
            by_our_clock(event, Some("2026-01-01T00:00:00Z"), RECEIVED),
            r#"{"a":1.10,"b":{"timestamp":1},"timestamp":"2026-01-02T00:00:00.000Z"}"#
        );
    }
}
