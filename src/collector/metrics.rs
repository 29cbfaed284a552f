//! Counters, in the Prometheus text format.
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use crate::store::Outcome;
use axum::http::StatusCode;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Everything counted since the start.
#[derive(Default)]
pub(crate) struct Metrics {
    stored: AtomicU64,
    duplicates: AtomicU64,
    conflicts: AtomicU64,
    rejected: AtomicU64,
    batch_events: Histogram,
    commit_batches: Histogram,
    responses: Responses,
}

impl Metrics {
    /// A transaction that is on disk, with the outcomes of its batches.
    pub(crate) fn committed(&self, batches: usize, outcomes: &[Vec<Outcome>]) {
        self.commit_batches.observe(batches);
        for outcome in outcomes.iter().flatten() {
            let counter = match outcome {
                Outcome::Stored => &self.stored,
                Outcome::Duplicate => &self.duplicates,
                Outcome::Conflict => &self.conflicts,
            };
            counter.fetch_add(1, Relaxed);
        }
    }

    /// A batch as it arrived: all its events, and how many of them were rejected.
    pub(crate) fn received(&self, events: usize, rejected: usize) {
        self.batch_events.observe(events);
        self.rejected.fetch_add(rejected as u64, Relaxed);
    }

    /// An answer that was given.
    pub(crate) fn answered(&self, status: StatusCode) {
        self.responses.count(status);
    }

    /// The page that Prometheus reads. `waiting` is the number of batches that wait for the writer.
    pub(crate) fn text(&self, waiting: usize) -> String {
        let mut out = String::new();
        family(&mut out, "tidegate_events_total", "counter", "Events by what became of them.");
        for (status, count) in [
            ("stored", &self.stored),
            ("duplicate", &self.duplicates),
            ("conflict", &self.conflicts),
            ("rejected", &self.rejected),
        ] {
            let _ = writeln!(out, "tidegate_events_total{{status=\"{status}\"}} {}", count.load(Relaxed));
        }
        family(&mut out, "tidegate_commits_total", "counter", "Transactions on disk.");
        let _ = writeln!(out, "tidegate_commits_total {}", self.commit_batches.count.load(Relaxed));
        self.commit_batches.write(&mut out, "tidegate_commit_batches", "Batches that shared a transaction.");
        self.batch_events.write(&mut out, "tidegate_batch_events", "Events in a batch, as it arrived.");
        family(&mut out, "tidegate_queue_batches", "gauge", "Batches that wait for the writer.");
        let _ = writeln!(out, "tidegate_queue_batches {waiting}");
        family(&mut out, "tidegate_http_requests_total", "counter", "Requests by the status of their answer.");
        self.responses.write(&mut out);
        out
    }
}

/// Begins a family of lines.
pub(crate) fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

const BOUNDS: [u64; 8] = [1, 2, 5, 10, 20, 50, 100, 500];

#[derive(Default)]
struct Histogram {
    /// How many observations lie above the bound before and not above this one.
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    sum: AtomicU64,
}

impl Histogram {
    fn observe(&self, value: usize) {
        let value = value as u64;
        if let Some((_, bucket)) = BOUNDS.iter().zip(&self.buckets).find(|(bound, _)| value <= **bound) {
            bucket.fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.sum.fetch_add(value, Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, help: &str) {
        family(out, name, "histogram", help);
        let mut below = 0;
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            below += bucket.load(Relaxed);
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {below}");
        }
        let count = self.count.load(Relaxed);
        let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(out, "{name}_sum {}\n{name}_count {count}", self.sum.load(Relaxed));
    }
}

/// One counter for each status code from 100 to 599.
struct Responses(Box<[AtomicU64]>);

impl Default for Responses {
    fn default() -> Self {
        Responses((100..600).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Responses {
    fn count(&self, status: StatusCode) {
        if let Some(counter) = self.0.get(usize::from(status.as_u16()) - 100) {
            counter.fetch_add(1, Relaxed);
        }
    }

    fn write(&self, out: &mut String) {
        for (status, counter) in (100..).zip(&self.0) {
            let count = counter.load(Relaxed);
            if count > 0 {
                let _ = writeln!(out, "tidegate_http_requests_total{{status=\"{status}\"}} {count}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histogram_buckets_are_cumulative() {
        let histogram = Histogram::default();
        for value in [1, 2, 3, 50, 501] {
            histogram.observe(value);
        }
        let mut out = String::new();
        histogram.write(&mut out, "h", "Help.");
        for line in ["h_bucket{le=\"1\"} 1", "h_bucket{le=\"2\"} 2", "h_bucket{le=\"5\"} 3", "h_bucket{le=\"50\"} 4"] {
            assert!(out.contains(line), "{out}");
        }
        assert!(out.ends_with("h_bucket{le=\"500\"} 4\nh_bucket{le=\"+Inf\"} 5\nh_sum 557\nh_count 5\n"), "{out}");
    }

    #[test]
    fn statuses_are_counted_apart() {
        let metrics = Metrics::default();
        metrics.answered(StatusCode::OK);
        metrics.answered(StatusCode::OK);
        metrics.answered(StatusCode::from_u16(999).unwrap());
        metrics.answered(StatusCode::PAYLOAD_TOO_LARGE);
        let text = metrics.text(3);
        assert!(text.contains("tidegate_http_requests_total{status=\"200\"} 2\n"));
        assert!(text.contains("tidegate_http_requests_total{status=\"413\"} 1\n"));
        assert!(text.contains("tidegate_queue_batches 3\n"));
    }
}
