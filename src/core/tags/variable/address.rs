//! A part of an address: WHATWG URL, as `location` and `URLSearchParams` give it.

use super::{Variables, raw_text};
use crate::config::{Hear, Place};
use crate::json::{flag, member, text, text_of};
use crate::tags::scene::Scene;
use crate::text::{concat, cut};
use std::borrow::Cow;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Address {
    /// The variable that holds it, or the place of the page's own among what is read.
    pub(super) of: Option<usize>,
    own: usize,
    part: Option<Part>,
    key: String,
    strip_www: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Part {
    Url,
    Protocol,
    Host,
    Port,
    Path,
    Extension,
    Query,
    Fragment,
}

/// The part of a word, which the shape has checked.
fn part_of(word: &str) -> Part {
    match word {
        "protocol" => Part::Protocol,
        "host" => Part::Host,
        "port" => Part::Port,
        "path" => Part::Path,
        "extension" => Part::Extension,
        "query" => Part::Query,
        "fragment" => Part::Fragment,
        _ => Part::Url,
    }
}

impl Address {
    pub(super) fn read(raw: &str, variables: &mut Variables, place: &Place<'_>, faults: &mut impl Hear) -> Self {
        let kind = text(raw, "kind");
        let is_utm = kind == "utm";
        let of = member(raw, "of").map(|_| variables.named(&text(raw, "of"), &place.key("of"), faults));
        let own = match of {
            Some(_) => usize::MAX,
            None => variables.asks_page(if kind == "referrer" { "referrer" } else { "url" }),
        };
        let part = member(raw, "part").map(|word| part_of(&text_of(word)));
        Address {
            of,
            own,
            part: if is_utm { Some(Part::Query) } else { part },
            key: concat(&[if is_utm { "utm_" } else { "" }, &text(raw, "key")]),
            strip_www: flag(raw, "stripWww", false),
        }
    }

    pub(super) fn value<'a>(&'a self, scene: &Scene<'a>) -> Option<Cow<'a, str>> {
        let raw = match self.of {
            Some(of) => scene.value(of),
            None => Cow::Borrowed(scene.page(self.own)?),
        };
        let address = text_of(&raw);
        let found = match self.part {
            None => return Some(Cow::Owned(raw.into_owned())),
            Some(part) => self.part(part, &address)?,
        };
        Some(raw_text(&found))
    }

    fn part<'a>(&self, part: Part, address: &'a str) -> Option<Cow<'a, str>> {
        let (url, fragment) = cut(address, "#").unwrap_or((address, ""));
        let (before, query) = cut(url, "?").unwrap_or((url, ""));
        // A path of this site has no host.
        let (protocol, rest) = cut(before, "://").unwrap_or(("", before));
        let slash = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
        let (authority, path) = if protocol.is_empty() { ("", rest) } else { rest.split_at_checked(slash)? };
        let authority = cut(authority, "@").map_or(authority, |(_, host)| host);
        let colon = authority
            .bytes()
            .rposition(|byte| byte == b':')
            .filter(|at| !authority.get(*at..).is_some_and(|port| port.contains(']')));
        let (host, port) = authority.split_at_checked(colon.unwrap_or(authority.len()))?;
        Some(match part {
            Part::Url => Cow::Borrowed(url),
            Part::Protocol => Cow::Borrowed(protocol),
            Part::Host if self.strip_www => Cow::Borrowed(host.strip_prefix("www.").unwrap_or(host)),
            Part::Host => Cow::Borrowed(host),
            Part::Port => Cow::Borrowed(match (port.get(1..), protocol) {
                (Some(port), _) => port,
                (None, "https") => "443",
                (None, _) => "80",
            }),
            Part::Path if path.is_empty() && !protocol.is_empty() => Cow::Borrowed("/"),
            Part::Path => Cow::Borrowed(path),
            Part::Extension => {
                let file = path.rsplit('/').next().unwrap_or("");
                Cow::Borrowed(file.rsplit_once('.').map_or("", |(_, extension)| extension))
            }
            Part::Query if self.key.is_empty() => Cow::Borrowed(query),
            Part::Query => {
                let mut pairs = query.split('&').map(|pair| cut(pair, "=").unwrap_or((pair, "")));
                let (_, value) = pairs.find(|(key, _)| decoded(key) == self.key)?;
                Cow::Owned(decoded(value))
            }
            Part::Fragment => Cow::Borrowed(fragment),
        })
    }
}

/// A query's text: plus signs are spaces, and what is percent-encoded in UTF-8 is decoded; what is not stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let mut nibble = || ahead.next().and_then(|byte| char::from(byte).to_digit(16));
        match (byte, nibble(), nibble()) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((16 * high + low) as u8);
                rest = ahead;
            }
            (b'+', ..) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_an_address() {
        let part = |word: &str, key: &str, address: &str| {
            let part = part_of(word);
            let address_part = Address { of: None, own: 0, part: None, key: key.into(), strip_www: key == "www" };
            address_part.part(part, address).map(Cow::into_owned)
        };
        let address = "https://user:x@www.shop.example:8443/a/b.c/list.html?q=a+b%2Fc&utm_source=n%C3%A9ws&q=2&%71=3#top?x";
        for (word, key, wanted) in [
            ("url", "", "https://user:x@www.shop.example:8443/a/b.c/list.html?q=a+b%2Fc&utm_source=n%C3%A9ws&q=2&%71=3"),
            ("protocol", "", "https"),
            ("host", "", "www.shop.example"),
            ("host", "www", "shop.example"),
            ("port", "", "8443"),
            ("path", "", "/a/b.c/list.html"),
            ("extension", "", "html"),
            ("query", "", "q=a+b%2Fc&utm_source=n%C3%A9ws&q=2&%71=3"),
            ("query", "q", "a b/c"),
            ("query", "utm_source", "néws"),
            ("fragment", "", "top?x"),
        ] {
            assert_eq!(part(word, key, address).as_deref(), Some(wanted), "{word} {key}");
        }
        assert_eq!(part("query", "none", address), None);
        for (address, word, wanted) in [
            ("https://a.example", "path", "/"),
            ("https://a.example", "port", "443"),
            ("http://[::1]:80/x", "port", "80"),
            ("http://[::1]/x", "host", "[::1]"),
            ("/only/a/path.pdf?x=1", "path", "/only/a/path.pdf"),
            ("/only/a/path.pdf", "host", ""),
            ("", "path", ""),
            ("https://a.example/x?%", "query", "%"),
        ] {
            assert_eq!(part(word, "", address).as_deref(), Some(wanted), "{word} of {address}");
        }
    }
}
