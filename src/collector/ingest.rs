//! The HTTP Tracking API: `/v1/batch` and one endpoint for each call.

use crate::app::App;
use crate::clock::now_ms;
use crate::event::{self, Call, Event, Rejected};
use crate::json::Object;
use crate::refusal::{Refusal, json};
use crate::request;
use crate::sequence::Loss;
use crate::store::{Batch, Outcome};
use crate::writer::NotStored;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use std::time::Duration;
use tower_http::cors::{Any, CorsLayer};
use uuid::Uuid;

/// The most events one batch may hold; bounds the answer, which has a line for each.
const MAX_EVENTS: usize = 2_500;

/// The endpoints. Any page may write, without credentials; what it writes it cannot read.
pub(crate) fn router() -> Router<Arc<App>> {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::CONTENT_ENCODING, header::AUTHORIZATION])
        .expose_headers([header::RETRY_AFTER])
        .max_age(Duration::from_secs(86_400));
    Router::new()
        .route("/v1/batch", post(batch))
        .route("/v1/b", post(batch))
        .route("/v1/{call}", post(single))
        .method_not_allowed_fallback(async || Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this endpoint takes POST"))
        .layer(cors)
}

async fn batch(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let text = request::text(&parts.headers, body, app.options.body_timeout).await?;
    let members = request::object(&text)?;
    let write_key = known_key(&app, request::write_key(&parts.headers, &members)?)?;
    let events = members
        .get("batch")
        .ok_or_else(|| Refusal::bad_request("\"batch\" is missing: send {\"batch\":[event, …]}").at("/batch"))?;
    let events: Vec<&RawValue> = serde_json::from_str(events.get())
        .map_err(|_| Refusal::bad_request("\"batch\" must be a list of events").at("/batch"))?;
    if events.len() > MAX_EVENTS {
        let error = format!("\"batch\" holds {} events, at most {MAX_EVENTS} are taken: split it", events.len());
        return Err(Refusal::bad_request(error).at("/batch"));
    }
    let checked: Vec<_> = events.iter().map(|raw| event::accept(raw.get(), None)).collect();
    let accepted = store(&app, write_key, &members, checked).await?;
    Ok(json(&accepted))
}

async fn single(State(app): State<Arc<App>>, Path(segment): Path<String>, request: Request) -> Result<Response, Refusal> {
    let call = Call::of_endpoint(&segment)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no such endpoint: batches go to /v1/batch"))?;
    let (parts, body) = request.into_parts();
    let text = request::text(&parts.headers, body, app.options.body_timeout).await?;
    let members = request::object(&text)?;
    let write_key = known_key(&app, request::write_key(&parts.headers, &members)?)?;
    let event = event::accept(&text, Some(call)).map_err(|rejected| {
        app.metrics.received(1, 1);
        Refusal::bad_request(rejected.reason).at(rejected.pointer)
    })?;
    let accepted = store(&app, write_key, &members, vec![Ok(event)]).await?;
    Ok(json(&accepted))
}

fn known_key(app: &App, key: String) -> Result<String, Refusal> {
    if app.site.knows(&key) {
        return Ok(key);
    }
    let error = "unknown write key: use one that the collector's config names as \"writeKey\", or add it there";
    Err(Refusal::new(StatusCode::UNAUTHORIZED, error).at("/writeKey"))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    success: bool,
    batch_id: String,
    results: Vec<Verdict>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    message_id: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Stores what passed and reports on every event, in the order they came.
async fn store(
    app: &App,
    write_key: String,
    members: &Object<'_>,
    checked: Vec<Result<Event, Rejected>>,
) -> Result<Accepted, Refusal> {
    let received_at = now_ms();
    let mut events = Vec::with_capacity(checked.len());
    let mut results = Vec::with_capacity(checked.len());
    for event in checked {
        results.push(match event {
            Ok(event) => {
                let message_id = Some(event.message_id.clone());
                events.push(event);
                Verdict { message_id, status: "", reason: None }
            }
            Err(Rejected { message_id, reason, .. }) => Verdict { message_id, status: "rejected", reason: Some(reason) },
        });
    }
    app.metrics.received(results.len(), results.len() - events.len());
    let losses = Loss::of(members);
    if !events.is_empty() || !losses.is_empty() {
        let sent_at = text_member(members, "sentAt", 64);
        let outcomes = app.writer.submit(Batch { write_key, received_at, sent_at, events, losses }).await.map_err(refuse)?;
        let waiting = results.iter_mut().filter(|verdict| verdict.reason.is_none());
        for (verdict, outcome) in waiting.zip(outcomes) {
            verdict.status = if outcome == Outcome::Stored { "stored" } else { "duplicate" };
            if outcome == Outcome::Conflict {
                verdict.reason = Some("a different event with this messageId is stored, this one is not".into());
            }
        }
    }
    let batch_id = text_member(members, "batchId", 100)
        .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()))
        .unwrap_or_else(|| Uuid::new_v4().to_string());
    Ok(Accepted { success: true, batch_id, results })
}

fn text_member(members: &Object, name: &str, max_bytes: usize) -> Option<String> {
    let text: String = serde_json::from_str(members.get(name)?.get()).ok()?;
    (text.len() <= max_bytes).then_some(text)
}

fn refuse(reason: NotStored) -> Refusal {
    let (status, error, seconds) = match reason {
        NotStored::QueueFull => (StatusCode::TOO_MANY_REQUESTS, "too many batches are waiting", 1),
        NotStored::DiskFull => (StatusCode::SERVICE_UNAVAILABLE, "the collector's disk is full", 30),
        NotStored::Failed => (StatusCode::SERVICE_UNAVAILABLE, "the collector's store cannot be written", 5),
    };
    Refusal::new(status, format!("{error}: nothing of this batch is stored, send it again later")).retry_after(seconds)
}
