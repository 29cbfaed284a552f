//! What is known of a sink at work, for `/metrics`.

use crate::metrics::family;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

/// Counted since the start, but for the cursor.
pub(crate) struct Status {
    /// The sink's name.
    pub(crate) name: String,
    /// The event up to which it has everything.
    pub(crate) cursor: AtomicI64,
    pub(crate) acknowledged: AtomicU64,
    pub(crate) skipped: AtomicU64,
    pub(crate) refused: AtomicU64,
    /// Events handed over once more.
    pub(crate) retries: AtomicU64,
    pub(crate) away: AtomicBool,
}

impl Status {
    pub(crate) fn new(name: &str, cursor: i64) -> Self {
        Status {
            name: name.to_owned(),
            cursor: cursor.into(),
            acknowledged: 0.into(),
            skipped: 0.into(),
            refused: 0.into(),
            retries: 0.into(),
            away: false.into(),
        }
    }
}

/// Adds the sinks' families to the page that Prometheus reads. `newest` is the newest event.
pub(crate) fn write(out: &mut String, sinks: &[Arc<Status>], newest: i64) {
    if sinks.is_empty() {
        return;
    }
    let mut each = |name: &str, kind: &str, help: &str, value: &dyn Fn(&Status) -> i64| {
        family(out, name, kind, help);
        for sink in sinks {
            let _ = writeln!(out, "{name}{{sink=\"{}\"}} {}", label(&sink.name), value(sink));
        }
    };
    let count = |counter: &AtomicU64| counter.load(Relaxed) as i64;
    each("tidegate_sink_lag_events", "gauge", "Events that a sink has not answered for.", &|sink| {
        (newest - sink.cursor.load(Relaxed)).max(0)
    });
    each("tidegate_sink_up", "gauge", "Whether a sink took events when it was last tried.", &|sink| {
        i64::from(!sink.away.load(Relaxed))
    });
    each("tidegate_sink_handed_over_total", "counter", "Events that a sink acknowledged.", &|sink| count(&sink.acknowledged));
    each("tidegate_sink_skipped_total", "counter", "Events that were not for a sink.", &|sink| count(&sink.skipped));
    each("tidegate_sink_retries_total", "counter", "Events handed over once more.", &|sink| count(&sink.retries));
    each("tidegate_sink_dead_letters_total", "counter", "Events that a sink refused for good.", &|sink| count(&sink.refused));
}

/// A label's value, as the format escapes it.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sink_has_a_line_in_each_family() {
        let (one, two) = (Status::new("nats:a", 7), Status::new("odd \"name\"", 10));
        two.away.store(true, Relaxed);
        let mut out = String::new();
        write(&mut out, &[Arc::new(one), Arc::new(two)], 10);
        for line in [
            "tidegate_sink_lag_events{sink=\"nats:a\"} 3",
            "tidegate_sink_lag_events{sink=\"odd \\\"name\\\"\"} 0",
            "tidegate_sink_up{sink=\"nats:a\"} 1",
            "tidegate_sink_up{sink=\"odd \\\"name\\\"\"} 0",
            "# TYPE tidegate_sink_dead_letters_total counter",
        ] {
            assert!(out.lines().any(|known| known == line), "{line} is missing:\n{out}");
        }
        let mut none = String::new();
        write(&mut none, &[], 10);
        assert_eq!(none, "");
    }
}
