//! One destination of the config.

use super::{Hear, Place, requirement};
use crate::consent::{ConsentConfig, Requirement};
use crate::json::{member, number, text, text_of};
use crate::text::cut;

/// Where events go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name in reports.
    pub id: String,
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
    /// As it is written, for its kind, settings and mapping: see `src/core/destinations`.
    pub(crate) raw: String,
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

/// The shape of a destination.
pub(super) const DESTINATION: &str = r##"{"id!":"name","kind!":["segment","mparticle","tealium","amplitude","ga4","snowplow","webhook"],"url!":"name","writeKey":"text",
"consent":"#requirement","batch":{"maxEvents":2500,"maxBytes":500000,"maxWaitMs":3600000},"ack":["json","ok-text"],
"settings":{"{}":"any"},"filter":"any","sample":"any","map":"any"}"##;

impl Destination {
    /// Reads what [`DESTINATION`] has checked.
    pub(super) fn read(raw: &str, write_key: &str, consent: &ConsentConfig, place: &Place<'_>, faults: &mut impl Hear) -> Self {
        let url = text(raw, "url").into_owned();
        if !is_web_url(&url) {
            faults.add(&place.key("url"), || "must be an http(s) URL or a path on this site".into());
        }
        let batch = member(raw, "batch").unwrap_or("");
        Destination {
            id: text(raw, "id").into_owned(),
            url,
            write_key: member(raw, "writeKey").map_or_else(|| write_key.to_owned(), |raw| text_of(raw).into_owned()),
            consent: requirement(raw, consent, place, faults),
            batch: BatchLimits {
                max_events: number(batch, "maxEvents", 50) as usize,
                max_bytes: number(batch, "maxBytes", 60_000) as usize,
                max_wait_ms: number(batch, "maxWaitMs", 1000).into(),
            },
            ack: if text(raw, "ack") == "ok-text" { Ack::OkText } else { Ack::Json },
            raw: raw.to_owned(),
        }
    }
}

/// Whether a URL is http(s) or relative: no `javascript:`, `data:` or other scheme. A scheme is written in small letters.
pub(crate) fn is_web_url(url: &str) -> bool {
    let before = cut(url, ":").map_or("", |(before, _)| before);
    let has_scheme = cut(url, ":").is_some() && !before.bytes().any(|byte| matches!(byte, b'/' | b'?' | b'#'));
    !has_scheme || url.starts_with("https://") || url.starts_with("http://")
}
