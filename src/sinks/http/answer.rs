//! What a server answered.

use std::time::{Duration, SystemTime};
use tidegate_core::destinations::LONGEST_WAIT_MS;

/// No server keeps a destination waiting for longer.
const LONGEST: Duration = Duration::from_millis(LONGEST_WAIT_MS);

/// An answer, as the core reads it.
pub(super) struct Heard {
    pub(super) status: u16,
    /// A web page is `<`: what answers in a server's place to everything is no destination.
    pub(super) body: String,
    /// `Retry-After`.
    pub(super) after: Option<Duration>,
}

impl Heard {
    pub(super) fn new(status: u16, content_type: &str, retry_after: &str, body: String) -> Self {
        let is_page = content_type.to_ascii_lowercase().contains("html") && !body.is_empty();
        Heard { status, body: if is_page { "<".into() } else { body }, after: wait_of(retry_after) }
    }
}

/// Seconds, or an HTTP date (RFC 9110, section 10.2.3).
fn wait_of(text: &str) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok()?,
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_seconds_or_dates_and_a_day_at_most() {
        assert_eq!(wait_of("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait_of(" 999999999 "), Some(LONGEST));
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        assert!(wait_of(&date).is_some_and(|wait| (98..=100).contains(&wait.as_secs())));
        for text in ["", "-1", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert_eq!(wait_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_web_page_is_none_of_a_destination_s_answers() {
        assert_eq!(Heard::new(200, "text/HTML; charset=utf-8", "", "Log in".into()).body, "<");
        assert_eq!(Heard::new(204, "text/html", "", String::new()).body, "");
    }
}
