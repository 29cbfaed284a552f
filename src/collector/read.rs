//! The reads: health, counters and stored events.

use crate::app::{App, lock};
use crate::clock::iso;
use crate::forward;
use crate::json::Object;
use crate::refusal::Refusal;
use crate::site::{Reviewer, Site};
use crate::store::{Reader, StoredEvent};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use serde_json::value::RawValue;
use std::io;
use std::sync::Arc;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 10_000;

/// How many events are held in memory at a time while a longer answer is written.
const PAGE: usize = 100;

/// `GET /healthz`: whether the store can be read.
pub(crate) async fn health(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    query(&app, |reader, _| reader.newest()).await.map_err(unreadable)?;
    Ok("ok\n".into_response())
}

/// `GET /metrics`.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let mut text = app.metrics.text(app.writer.waiting());
    forward::write(&mut text, &app.sinks, *app.writer.newest().borrow());
    (kind, text).into_response()
}

/// `GET /api/events?limit=N&after=ID`: stored events as NDJSON, newest last; without `after` the newest N.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (mut limit, mut after) = (DEFAULT_LIMIT, None);
    for (name, value) in &parameters {
        let wrong = |_| Refusal::bad_request(format!("{name} must be a whole number, not {value:?}"));
        match name.as_str() {
            "limit" => limit = value.parse::<u32>().map_err(wrong)? as usize,
            "after" => after = Some(i64::try_from(value.parse::<u64>().map_err(wrong)?).unwrap_or(i64::MAX)),
            _ => return Err(Refusal::bad_request(format!("{name:?} is unknown: the parameters are limit and after"))),
        }
    }
    let limit = limit.min(MAX_LIMIT);
    let (after, last) = query(&app, move |reader, _| {
        let after = after.map_or_else(|| reader.before_newest(limit), Ok)?;
        Ok((after, reader.newest()?))
    })
    .await
    .map_err(unreadable)?;

    // Page by page, so that neither a long answer nor a slow reader holds memory or a read transaction.
    let pages = stream::try_unfold((app, after, limit), move |(app, after, left)| async move {
        if left == 0 || after >= last {
            return Ok::<_, io::Error>(None);
        }
        let page = query(&app, move |reader, site| {
            let events = reader.page(after, last, left.min(PAGE))?;
            let reviewer = site.reviewer();
            let text: String = events.iter().map(|event| line(event, reviewer.as_ref())).collect();
            Ok((events.len(), events.last().map_or(last, |event| event.id), text))
        });
        let (count, after, text) = page.await?;
        Ok((count > 0).then_some((text, (app, after, left - count))))
    });
    Ok(ndjson(pages))
}

/// Lines of JSON, as they come.
pub(crate) fn ndjson(lines: impl Stream<Item = io::Result<String>> + Send + 'static) -> Response {
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // Not for a page of another site to embed, either.
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

/// One stored event as a line: its own members, then `id`, `receivedAt`, `sentAt` and `decisions`, which an event
/// cannot pass off as its own.
fn line(event: &StoredEvent, reviewer: Option<&Reviewer>) -> String {
    let raw = |json: String| RawValue::from_string(json);
    let added = || -> serde_json::Result<String> {
        let mut members: Object = serde_json::from_str(&event.body)?;
        let id = raw(event.id.to_string())?;
        let received_at = raw(serde_json::to_string(&iso(event.received_at))?)?;
        let sent_at = event.sent_at.as_ref().map(|text| raw(serde_json::to_string(text)?)).transpose()?;
        let decisions = raw(reviewer.map_or_else(|| "[]".into(), |reviewer| reviewer.decisions(&event.body)))?;
        for name in ["id", "receivedAt", "sentAt", "decisions"] {
            members.shift_remove(name);
        }
        members.insert("id".into(), &id);
        members.insert("receivedAt".into(), &received_at);
        if let Some(sent_at) = &sent_at {
            members.insert("sentAt".into(), sent_at);
        }
        members.insert("decisions".into(), &decisions);
        serde_json::to_string(&members)
    };
    let mut line = added().unwrap_or_else(|error| {
        let error = format!("the stored event cannot be read: {error}");
        serde_json::json!({ "id": event.id, "error": error }).to_string()
    });
    line.push('\n');
    line
}

/// Runs a query away from the threads that serve connections.
pub(crate) async fn query<T: Send + 'static>(
    app: &Arc<App>,
    run: impl FnOnce(&Reader, &Site) -> rusqlite::Result<T> + Send + 'static,
) -> io::Result<T> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || run(&lock(&app.reader), &app.site)).await?;
    done.map_err(io::Error::other)
}

fn unreadable(error: io::Error) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, format!("the store cannot be read: {error}"))
}
