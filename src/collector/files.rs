//! Static files: the built SDK below `/dist/`, everything else from the `www` folder.

use crate::app::App;
use crate::refusal::Refusal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Serves a file. A path without an extension may also name the page `<path>.html`; failing that, and where the
/// client asks for a page, it is a route of the single-page store.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    let www = &app.options.www;
    let mut response = None;
    if parts.method == Method::GET || parts.method == Method::HEAD {
        if let Some(below) = path.strip_prefix("/dist/") {
            response = found(&app.options.dist, &format!("/{below}"), &parts).await;
        } else {
            response = found(www, path, &parts).await;
            if response.is_none() && !path.rsplit('/').next().unwrap_or_default().contains('.') {
                response = found(www, &format!("{}.html", path.trim_end_matches('/')), &parts).await;
                if response.is_none() && is_route(&parts) {
                    response = found(www, "/index.html", &parts).await;
                }
            }
        }
    }
    response.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, format!("nothing is served at {path}")))
}

async fn found(folder: &Path, path: &str, parts: &Parts) -> Option<Response> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = path.parse().ok()?;
    *request.headers_mut() = parts.headers.clone();
    let Ok(response) = ServeDir::new(folder).oneshot(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return None;
    }
    let mut response = response.into_response();
    let headers = response.headers_mut();
    if let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(in_utf8) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Some(response)
}

/// The type of a text with its encoding, which is UTF-8 in these folders; without a word the browser guesses.
fn in_utf8(kind: &HeaderValue) -> Option<HeaderValue> {
    let text = match kind.as_bytes() {
        b"text/html" => "text/html; charset=utf-8",
        b"text/css" => "text/css; charset=utf-8",
        b"text/plain" => "text/plain; charset=utf-8",
        b"image/svg+xml" => "image/svg+xml; charset=utf-8",
        // RFC 9239 leaves one name for JavaScript.
        b"text/javascript" | b"application/javascript" => "text/javascript; charset=utf-8",
        _ => return None,
    };
    Some(HeaderValue::from_static(text))
}

/// Whether a browser asks for a page, at a path that belongs to no endpoint.
fn is_route(parts: &Parts) -> bool {
    let first = parts.uri.path().split('/').nth(1).unwrap_or_default();
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("text/html") && !["v1", "api", "demo"].contains(&first)
}
