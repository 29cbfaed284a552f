//! Stand-ins for the vendors' servers, so that the demo store's tags have somewhere to report to and the live view
//! can show what reached a vendor. They remember a little, in memory, and pass nothing on.

use crate::app::{App, lock};
use crate::clock::{iso, now_ms};
use crate::refusal::{Refusal, json};
use crate::request;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

const MAX_PATHS: usize = 100;
const MAX_RECENT: usize = 100;
const MAX_TEXT: usize = 4_096;

/// What reached the stand-ins: how often each path was called, and the latest requests.
#[derive(Default, Serialize)]
pub(crate) struct Hits {
    #[serde(flatten)]
    counts: BTreeMap<String, u64>,
    recent: VecDeque<Hit>,
}

#[derive(Serialize)]
struct Hit {
    at: String,
    method: String,
    path: String,
    query: String,
    body: String,
}

impl Hits {
    fn record(&mut self, hit: Hit) {
        let known = self.counts.len() < MAX_PATHS || self.counts.contains_key(&hit.path);
        let path = if known { hit.path.as_str() } else { "(other paths)" };
        *self.counts.entry(path.to_owned()).or_default() += 1;
        self.recent.push_back(hit);
        if self.recent.len() > MAX_RECENT {
            self.recent.pop_front();
        }
    }
}

/// `/demo/mixpanel/*`, `/demo/pixel.gif` and `/demo/hits`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/demo/mixpanel", any(mixpanel))
        .route("/demo/mixpanel/{*path}", any(mixpanel))
        .route("/demo/pixel.gif", any(pixel))
        .route("/demo/hits", get(hits))
}

const LABEL: (HeaderName, &str) = (HeaderName::from_static("x-tidegate-demo"), "stands in for a vendor's server");
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// Answers as Mixpanel's ingestion API does: <https://developer.mixpanel.com/reference/track-event>.
async fn mixpanel(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let verbose = record(&app, request).await?.contains("verbose=1");
    Ok(match verbose {
        true => ([LABEL, NO_STORE], json(&serde_json::json!({ "status": 1, "error": null }))).into_response(),
        false => ([LABEL, NO_STORE], "1").into_response(),
    })
}

/// A transparent GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

async fn pixel(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    record(&app, request).await?;
    Ok(([LABEL, NO_STORE, (header::CONTENT_TYPE, "image/gif")], PIXEL).into_response())
}

async fn hits(State(app): State<Arc<App>>) -> Response {
    ([NO_STORE], json(&*lock(&app.hits))).into_response()
}

/// Remembers a request; returns its query and body.
async fn record(app: &App, request: Request) -> Result<String, Refusal> {
    let (parts, body) = request.into_parts();
    let body = request::text(&parts.headers, body, app.options.body_timeout).await?;
    let query = parts.uri.query().unwrap_or_default();
    let text = format!("{query}&{body}");
    lock(&app.hits).record(Hit {
        at: iso(now_ms()),
        method: parts.method.to_string(),
        path: cut(parts.uri.path()),
        query: cut(query),
        body: cut(&body),
    });
    Ok(text)
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TEXT)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_every_hit_counts() {
        let mut hits = Hits::default();
        for n in 0..1_000 {
            let path = format!("/demo/mixpanel/{}", n % 500);
            hits.record(Hit { at: iso(n), method: "GET".into(), path, query: String::new(), body: String::new() });
        }
        assert_eq!(hits.counts.len(), MAX_PATHS + 1);
        assert_eq!(hits.counts.values().sum::<u64>(), 1_000);
        assert_eq!(hits.recent.len(), MAX_RECENT);
        assert_eq!(hits.recent.back().map(|hit| hit.path.as_str()), Some("/demo/mixpanel/499"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(5_000)).len(), MAX_TEXT);
        assert_eq!(cut(&format!("a{}", "é".repeat(5_000))).len(), MAX_TEXT - 1);
    }
}
