//! Requests: redirects are answers, the time is bounded, and so is what is read of an answer.

use super::answer::Heard;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::io;
use std::time::Duration;
use tidegate_core::destinations::WiredRequest;
use tidegate_core::json::{member, members, text_of};

/// A request without an answer is given up after this.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Of an answer no more is read.
const MOST_ANSWERED: usize = 1 << 20;

#[derive(Clone)]
pub(crate) struct Client(hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// Trusts the certificates that this machine trusts.
    pub(crate) fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        let mut client = hyper_util::client::legacy::Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new()).pool_idle_timeout(Duration::from_secs(30));
        Ok(Client(client.build(connector)))
    }

    /// Posts it; an error is why there was no answer.
    pub(super) async fn post(&self, request: &WiredRequest) -> Result<Heard, String> {
        let url: Uri = request.url.parse().map_err(|error| format!("its URL is none: {error}"))?;
        let mut builder = Request::builder().method(Method::POST).uri(url);
        if let Some(headers) = builder.headers_mut() {
            set(headers, member(&request.init, "headers").unwrap_or("{}"));
        }
        let request = builder.body(Full::from(request.body.clone())).map_err(|error| error.to_string())?;
        tokio::time::timeout(TIMEOUT, self.ask(request))
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {} s", TIMEOUT.as_secs())))
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Result<Heard, String> {
        let answer = self.0.request(request).await.map_err(|error| words(&error))?;
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let (status, content_type, retry_after) = (answer.status().as_u16(), header(CONTENT_TYPE), header(RETRY_AFTER));
        let body = Limited::new(answer.into_body(), MOST_ANSWERED).collect().await.map_err(|error| error.to_string())?;
        let body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        Ok(Heard::new(status, &content_type, &retry_after, body))
    }
}

/// Header fields of a JSON object of texts; what is no field is left out.
fn set(headers: &mut HeaderMap, all: &str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    for (name, raw) in members(all) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(&*name), HeaderValue::try_from(&*text_of(raw))) {
            headers.insert(name, value);
        }
    }
}

/// An error with what caused it.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
