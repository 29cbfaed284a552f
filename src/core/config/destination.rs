//! One destination of the config.

use super::consent::requirement;
use super::{Faults, Reader};
use crate::consent::{Purpose, Requirement};
use crate::json::Value;

/// Where events go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name in reports.
    pub id: String,
    /// Its wire format.
    pub kind: Kind,
    /// Where requests go; relative to the page.
    pub url: String,
    /// The write key sent along.
    pub write_key: String,
    /// What it needs. Naming nothing denies it.
    pub consent: Requirement,
    /// How much one request carries.
    pub batch: BatchLimits,
    /// What counts as an acknowledgement.
    pub ack: Ack,
}

/// A wire format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Segment's HTTP Tracking API, as Segment, RudderStack, Jitsu and our collector speak it.
    Segment,
}

/// How much one request carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BatchLimits {
    /// Events a request.
    pub max_events: usize,
    /// Bytes of a request's body.
    pub max_bytes: usize,
    /// How long the first event waits for company, in milliseconds.
    pub max_wait_ms: u64,
}

/// What counts as an acknowledgement, beside a 2xx whose body is JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ack {
    /// Nothing else.
    Json,
    /// The exact body `OK` too (RudderStack).
    OkText,
}

impl Destination {
    pub(super) fn read(value: &Value, pointer: &str, purposes: &[Purpose], write_key: &str, faults: &mut Faults) -> Option<Self> {
        let mut reader = Reader::new(value, pointer, faults)?;
        let id = reader.required_text("id", faults);
        reader.required_text("kind", faults);
        let kind = reader.word("kind", &[("segment", Kind::Segment)], Kind::Segment, faults);
        let url = reader.required_text("url", faults);
        if !is_web_url(&url) {
            faults.add(&reader.pointer("url"), "must be an http(s) URL or a path on this site");
        }
        let write_key = reader.text("writeKey", faults).unwrap_or(write_key).to_owned();
        let consent_pointer = reader.pointer("consent");
        let consent = reader.value("consent").map(|value| requirement(value, &consent_pointer, purposes, faults));
        let batch = read_batch(&mut reader, faults);
        let ack = reader.word("ack", &[("json", Ack::Json), ("ok-text", Ack::OkText)], Ack::Json, faults);
        reader.finish(faults);
        Some(Destination { id, kind, url, write_key, consent: consent.unwrap_or_default(), batch, ack })
    }
}

fn read_batch(reader: &mut Reader<'_>, faults: &mut Faults) -> BatchLimits {
    let pointer = reader.pointer("batch");
    let mut limits = BatchLimits { max_events: 50, max_bytes: 60_000, max_wait_ms: 1000 };
    if let Some(mut batch) = reader.value("batch").and_then(|value| Reader::new(value, &pointer, faults)) {
        limits.max_events = batch.number("maxEvents", 50, 2500, faults) as usize;
        limits.max_bytes = batch.number("maxBytes", 60_000, 500_000, faults) as usize;
        limits.max_wait_ms = u64::from(batch.number("maxWaitMs", 1000, 3_600_000, faults));
        batch.finish(faults);
    }
    limits
}

/// Whether a URL is http(s) or relative: no `javascript:`, `data:` or other scheme.
pub(crate) fn is_web_url(url: &str) -> bool {
    let lower = url.trim_start().to_ascii_lowercase();
    let before_path = lower.split(['/', '?', '#']).next().unwrap_or("");
    lower.starts_with("https://") || lower.starts_with("http://") || !before_path.contains(':')
}
