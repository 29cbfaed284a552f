//! Reading a request to the HTTP Tracking API: its body within bounds, its JSON, its write key.

use crate::json::Object;
use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read;
use std::time::Duration;

/// The longest body, in bytes: on the wire and, again, after decompression. The HTTP Tracking API's 500 KB.
pub(crate) const MAX_BODY_BYTES: usize = 500 * 1024;

/// How much of a body that is too long is still taken in, so that its sender sees the 413 and not a broken connection.
const DRAINED_BYTES: usize = 8 * MAX_BODY_BYTES;

const MAX_WRITE_KEY_CHARS: usize = 200;

/// The body as text.
pub(crate) async fn text(headers: &HeaderMap, body: Body, patience: Duration) -> Result<String, Refusal> {
    let gzipped = match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"" | b"identity") => false,
        Some(b"gzip" | b"x-gzip") => true,
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            let error = format!("Content-Encoding {other} is not understood: send gzip, or the body as it is");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
        }
    };
    let mut bytes = tokio::time::timeout(patience, collect(body)).await.map_err(|_| {
        let error = format!("the body did not arrive within {} s: send it again", patience.as_secs_f32());
        Refusal::new(StatusCode::REQUEST_TIMEOUT, error)
    })??;
    if gzipped {
        bytes = gunzip(&bytes)?;
    }
    String::from_utf8(bytes).map_err(|_| Refusal::bad_request("the body is not UTF-8 text").at(""))
}

async fn collect(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::bad_request(format!("the body broke off: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= MAX_BODY_BYTES {
            bytes.extend_from_slice(&data);
        } else if seen <= DRAINED_BYTES {
            bytes = Vec::new();
        } else {
            break;
        }
    }
    if seen > MAX_BODY_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(MAX_BODY_BYTES as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|error| Refusal::bad_request(format!("the body is not gzip, as Content-Encoding says: {error}")).at(""))?;
    if out.len() > MAX_BODY_BYTES { Err(too_large()) } else { Ok(out) }
}

fn too_large() -> Refusal {
    let error = format!("the body is over {MAX_BODY_BYTES} bytes: split the batch");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error)
}

/// The body as a JSON object.
pub(crate) fn object(text: &str) -> Result<Object<'_>, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        let error = if text.trim().is_empty() {
            "the body is empty: send a JSON object".to_owned()
        } else if error.is_data() {
            "the body must be a JSON object".to_owned()
        } else {
            format!("the body is not JSON: {error}")
        };
        Refusal::bad_request(error).at("")
    })
}

/// The write key: the user name of Basic auth, else the body's `writeKey`.
pub(crate) fn write_key(headers: &HeaderMap, body: &Object) -> Result<String, Refusal> {
    if let Some(key) = headers.get(header::AUTHORIZATION).and_then(basic_user) {
        let key =
            key.ok_or_else(|| Refusal::bad_request("Authorization is not Basic auth: send Basic base64(\"<write key>:\")"))?;
        return if sane_key(&key) {
            Ok(key)
        } else {
            Err(Refusal::bad_request(format!("the user name of Authorization is no write key: {KEY_RULE}")))
        };
    }
    let Some(raw) = body.get("writeKey") else {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "no write key: send it as \"writeKey\" in the body, or as the user name of Basic auth",
        )
        .at("/writeKey"));
    };
    serde_json::from_str::<String>(raw.get())
        .ok()
        .filter(|key| sane_key(key))
        .ok_or_else(|| Refusal::bad_request(format!("writeKey is no write key: {KEY_RULE}")).at("/writeKey"))
}

const KEY_RULE: &str = "it must be a string of 1 to 200 visible ASCII characters";

fn sane_key(key: &str) -> bool {
    (1..=MAX_WRITE_KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The user name of a Basic `Authorization`: `None` for another scheme, `Some(None)` for a malformed one.
fn basic_user(value: &axum::http::HeaderValue) -> Option<Option<String>> {
    let (scheme, credentials) = value.as_bytes().split_first_chunk::<6>()?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim_ascii()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Some(decoded.map(|text| text.split(':').next().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    fn key(authorization: Option<&str>, body: &str) -> Result<String, u16> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        write_key(&headers, &object(body).unwrap()).map_err(|refusal| refusal.into_response().status().as_u16())
    }

    #[test]
    fn the_write_key_comes_from_basic_auth_or_the_body() {
        assert_eq!(key(Some("Basic ZGVtbzo="), "{}"), Ok("demo".into()));
        assert_eq!(key(Some("basic ZGVtbw=="), "{}"), Ok("demo".into()));
        assert_eq!(key(Some("Basic ZGVtbzpzZWNyZXQ="), r#"{"writeKey":"other"}"#), Ok("demo".into()));
        assert_eq!(key(None, r#"{"writeKey":"demo"}"#), Ok("demo".into()));
        assert_eq!(key(Some("Bearer xyz"), r#"{"writeKey":"demo"}"#), Ok("demo".into()));
    }

    #[test]
    fn a_missing_key_is_401_and_a_misshapen_one_400() {
        assert_eq!(key(None, "{}"), Err(401));
        for body in [r#"{"writeKey":7}"#, r#"{"writeKey":""}"#, r#"{"writeKey":null}"#, r#"{"writeKey":"a b"}"#] {
            assert_eq!(key(None, body), Err(400), "{body}");
        }
        for value in ["Basic %%%", "Basic Og==", "Basic /w=="] {
            assert_eq!(key(Some(value), r#"{"writeKey":"demo"}"#), Err(400), "{value}");
        }
    }
}
