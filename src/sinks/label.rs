//! Texts that travel beside an event.

use std::fmt::Write;
use tidegate_collector::StoredEvent;

/// What is the same for every copy of an event, and different for any other: its write key and its `messageId`.
pub(crate) fn copy_id(event: &StoredEvent) -> String {
    format!("{}:{}", plain(&event.write_key), plain(&event.message_id))
}

/// A time as ISO 8601 in UTC.
pub(crate) fn iso(ms: u64) -> String {
    let mut out = String::new();
    tidegate_core::time::push_iso(&mut out, ms);
    out
}

/// Visible ASCII as it is; what a header cannot hold, and `%` and `:`, as percent and two hexadecimal digits a byte.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'%' | b':' => write!(out, "%{byte:02X}"),
            byte if byte.is_ascii_graphic() => out.write_char(byte.into()),
            byte => write!(out, "%{byte:02X}"),
        }
        .unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_events_never_share_an_id() {
        let id = |key: &str, id: &str| {
            copy_id(&StoredEvent {
                id: 1,
                write_key: key.into(),
                message_id: id.into(),
                received_at: 0,
                sent_at: None,
                body: String::new(),
            })
        };
        assert_eq!(id("demo", "0190-ab"), "demo:0190-ab");
        assert_eq!(id("a:b", "c"), "a%3Ab:c");
        assert_ne!(id("a:b", "c"), id("a", "b:c"));
        assert_ne!(id("a", "\n"), id("a", "%0A"));
        assert!(id("ü", "a b\r\nNats-Rollup: all").bytes().all(|byte| byte.is_ascii_graphic()));
    }
}
