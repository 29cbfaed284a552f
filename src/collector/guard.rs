//! Who may read: the operator, on this machine or with the read token. A page never can, whatever name it gives
//! this machine (DNS rebinding).

use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// The address of the other end of the connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Lets a read through, or refuses it.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !named(request.uri(), headers, &app.options.hosts) {
        let error = "this address serves localhost only: open it by that name, or start with --host <name>";
        return Refusal::new(StatusCode::MISDIRECTED_REQUEST, error).into_response();
    }
    let token = app.options.read_token.as_deref();
    if !local(request.extensions().get().copied(), headers) && !token.is_some_and(|token| bears(headers, token)) {
        let error = "reads are for this machine only: start with --read-token <token>, then send it as a bearer token";
        return Refusal::new(StatusCode::FORBIDDEN, error).into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether the request is addressed to a name of this machine.
fn named(uri: &Uri, headers: &HeaderMap, more: &[String]) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let allowed = |authority: &str| {
        let name = without_port(authority);
        ["localhost", "127.0.0.1", "[::1]"]
            .into_iter()
            .chain(more.iter().map(String::as_str))
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    host.to_str().is_ok_and(allowed) && uri.authority().is_none_or(|authority| allowed(authority.as_str()))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

/// Whether the other end is a program on this machine. A proxy on this machine speaks for others.
fn local(peer: Option<Peer>, headers: &HeaderMap) -> bool {
    peer.is_some_and(|Peer(address)| address.to_canonical().is_loopback())
        && !headers.contains_key(header::FORWARDED)
        && !headers.contains_key("x-forwarded-for")
}

fn bears(headers: &HeaderMap, token: &str) -> bool {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().split_first_chunk::<7>());
    sent.is_some_and(|(scheme, sent)| scheme.eq_ignore_ascii_case(b"bearer ") && same(sent, token.as_bytes()))
}

/// Compares in a time that tells nothing about where the two differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_names_of_this_machine_are_served() {
        let allowed = |host: &str| named(&Uri::from_static("/"), &headers(&[("host", host)]), &["shop.test".into()]);
        for host in ["localhost", "LOCALHOST:4100", "127.0.0.1:1", "[::1]", "[::1]:4100", "shop.test:80"] {
            assert!(allowed(host), "{host}");
        }
        for host in ["", "evil.test", "localhost.evil.test", "127.0.0.1.evil.test:4100", "evil.test:localhost", "::1"] {
            assert!(!allowed(host), "{host}");
        }
        let local = headers(&[("host", "localhost")]);
        assert!(!named(&Uri::from_static("http://evil.test/"), &local, &[]));
        assert!(!named(&Uri::from_static("/"), &HeaderMap::new(), &[]));
        let mut two = local.clone();
        two.append(header::HOST, "evil.test".parse().unwrap());
        assert!(!named(&Uri::from_static("/"), &two, &[]));
    }

    #[test]
    fn a_peer_is_local_only_without_a_proxy() {
        let peer = |address: &str| Some(Peer(address.parse().unwrap()));
        assert!(local(peer("127.0.0.1"), &HeaderMap::new()));
        assert!(local(peer("::1"), &HeaderMap::new()));
        assert!(local(peer("::ffff:127.0.0.1"), &HeaderMap::new()));
        assert!(!local(peer("192.0.2.1"), &HeaderMap::new()));
        assert!(!local(None, &HeaderMap::new()));
        assert!(!local(peer("127.0.0.1"), &headers(&[("x-forwarded-for", "192.0.2.1")])));
        assert!(!local(peer("127.0.0.1"), &headers(&[("forwarded", "for=192.0.2.1")])));
    }

    #[test]
    fn the_token_must_match_whole() {
        for (value, right) in
            [("Bearer abc", true), ("bearer abc", true), ("Bearer ab", false), ("Bearer abcd", false), ("Basic abc", false)]
        {
            assert_eq!(bears(&headers(&[("authorization", value)]), "abc"), right, "{value}");
        }
        assert!(!bears(&HeaderMap::new(), "abc"));
    }
}
