//! Segment's HTTP Tracking API: `POST` of a batch as `text/plain`, the write key in the body, so that no preflight is
//! needed. Source: Segment's HTTP Tracking API reference; answers as CONTRACT.md, sections 3 and 7.

use super::{Answer, Settled, read_status};
use crate::config::{Ack, Destination};
use crate::json::{self, at_path, elements, member, text_of};
use crate::ledger::Loss;
use crate::time::push_iso;

/// Appends what comes before the events.
pub(crate) fn push_batch_start(out: &mut String) {
    out.push_str("{\"batch\":[");
}

/// Appends what comes after the events. `lost` tells which events of a tab's sequence will never come, which Segment's API does not read.
pub(crate) fn push_batch_end(out: &mut String, destination: &Destination, batch_id: &str, sent_at: u64, lost: &[Loss]) {
    out.push_str("],\"sentAt\":\"");
    push_iso(out, sent_at);
    out.push_str("\",\"batchId\":\"");
    out.push_str(batch_id);
    out.push_str("\",\"writeKey\":");
    json::push_string(out, &destination.write_key);
    for (at, loss) in lost.iter().enumerate() {
        out.push_str(if at == 0 { ",\"lost\":[" } else { "," });
        loss.push(out, &destination.id);
    }
    out.push_str(if lost.is_empty() { "}" } else { "]}" });
}

/// Reads the answer to a batch. A 2xx acknowledges only with a JSON object that speaks of no failure and of no other batch, and where that
/// carries `results`, only what is listed.
pub(crate) fn read_answer(
    destination: &Destination,
    batch_id: &str,
    status: u16,
    body: &str,
    retry_after_ms: Option<u64>,
) -> Answer {
    match status {
        200..=299 if destination.ack == Ack::OkText && body == "OK" => Answer::All,
        200..=299 if !acknowledges(body, batch_id) => Answer::Retry(retry_after_ms),
        200..=299 => match at_path(body, "results") {
            Some(results) => {
                let mut listed = Vec::new();
                for raw in elements(results) {
                    match read_result(raw) {
                        // One is refused, and which one shows when they are sent apart.
                        Some((id, Settled::Rejected)) if id.is_empty() => return Answer::Split,
                        Some(result) => listed.push(result),
                        None => {}
                    }
                }
                Answer::Some(listed)
            }
            None => Answer::All,
        },
        _ => read_status(status, retry_after_ms),
    }
}

fn acknowledges(body: &str, batch_id: &str) -> bool {
    let Some(body) = json::document(body).ok().filter(|body| json::kind(body) == json::Kind::Object) else { return false };
    let is_ours = member(body, "batchId").is_none_or(|raw| text_of(raw) == batch_id);
    let failed =
        member(body, "success") == Some("false") || member(body, "error").is_some_and(|error| !matches!(error, "null" | "false"));
    is_ours && !failed
}

fn read_result(raw: &str) -> Option<(String, Settled)> {
    let settled = match text_of(at_path(raw, "status")?).as_ref() {
        "stored" => Settled::Stored,
        "duplicate" => Settled::Duplicate,
        "rejected" => Settled::Rejected,
        _ => return None,
    };
    let id = member(raw, "messageId").filter(|id| *id != "null").unwrap_or("");
    Some((text_of(id).into_owned(), settled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn results_that_list_nothing_acknowledge_nothing() {
        let text = r#"{"version":1,"consent":{"purposes":{"a":{}}},"destinations":[{"id":"c","kind":"segment","url":"/"}]}"#;
        let config = Config::parse(text).unwrap();
        let answer = |body| read_answer(&config.destinations[0], "b1", 200, body, None);
        assert_eq!(answer(r#"{"success":true}"#), Answer::All);
        for body in [r#"{"results":7}"#, r#"{"results":[]}"#] {
            assert_eq!(answer(body), Answer::Some(Vec::new()), "{body}");
        }
    }

    #[test]
    fn a_refusal_that_does_not_say_of_what_has_the_batch_taken_apart() {
        let text = r#"{"version":1,"consent":{"purposes":{"a":{}}},"destinations":[{"id":"c","kind":"segment","url":"/"}]}"#;
        let config = Config::parse(text).unwrap();
        let answer = |id: &str| {
            let body = format!(r#"{{"results":[{{"messageId":"m","status":"stored"}},{{{id}"status":"rejected"}}]}}"#);
            read_answer(&config.destinations[0], "b1", 200, &body, None)
        };
        assert_eq!([answer(r#""messageId":null,"#), answer("")], [Answer::Split, Answer::Split]);
        let listed = vec![("m".to_owned(), Settled::Stored), ("n".to_owned(), Settled::Rejected)];
        assert_eq!(answer(r#""messageId":"n","#), Answer::Some(listed));
    }

    #[test]
    fn json_that_speaks_of_a_failure_or_of_another_batch_acknowledges_nothing() {
        let text = r#"{"version":1,"consent":{"purposes":{"a":{}}},"destinations":[{"id":"c","kind":"segment","url":"/"}]}"#;
        let config = Config::parse(text).unwrap();
        let answer = |body| read_answer(&config.destinations[0], "b1", 200, body, Some(7));
        for body in ["{}", r#"{"batchId":"b1"}"#, r#"{"success":true,"error":null}"#, r#" {"status":"ok"} "#] {
            assert_eq!(answer(body), Answer::All, "{body}");
        }
        for body in [
            "",
            "null",
            "true",
            "1",
            r#""OK""#,
            "[]",
            "<html>",
            r#"{"success":false}"#,
            r#"{"success":false,"results":[{"messageId":"m","status":"stored"}]}"#,
            r#"{"error":"overloaded"}"#,
            r#"{"success":true,"batchId":"b2"}"#,
            r#"{"batchId":null}"#,
        ] {
            assert_eq!(answer(body), Answer::Retry(Some(7)), "{body}");
        }
    }
}
