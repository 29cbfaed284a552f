//! The reads: what they show, to whom, and the files behind the demo store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;

use http::{ask, batch, get, post};
use running::{Collector, write};
use serde_json::{Value, json};

const READS: [&str; 8] = ["/", "/live", "/healthz", "/metrics", "/api/events", "/ledger", "/demo/hits", "/dist/tidegate.js"];

fn with_files(collector: &Collector) {
    for (name, text) in [
        ("www/index.html", "<title>Store</title>"),
        ("www/live.html", "<title>Live</title>"),
        ("www/style.css", "a{}"),
        ("www/picture.svg", "<svg/>"),
        ("dist/tidegate.js", "1"),
        ("dist/tidegate.mjs", "1"),
        ("dist/tidegate_bg.wasm", "\0asm"),
        ("secret.txt", "secret"),
    ] {
        write(&collector.path(name), text);
    }
}

#[test]
fn the_newest_events_come_last_and_after_continues_where_one_stopped() {
    let collector = Collector::start();
    let ids: Vec<String> = (1..=250).map(|n| format!("m{n}")).collect();
    post(collector.address, "/v1/batch", batch(&ids));
    let read = |query: &str| -> Vec<i64> {
        let events = get(collector.address, &format!("/api/events{query}")).lines();
        events.iter().map(|event| event["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(read(""), (151..=250).collect::<Vec<_>>());
    assert_eq!(read("?limit=3"), [248, 249, 250]);
    assert_eq!(read("?limit=999999"), (1..=250).collect::<Vec<_>>());
    assert_eq!(read("?after=0&limit=120"), (1..=120).collect::<Vec<_>>());
    assert_eq!(read("?after=248"), [249, 250]);
    assert_eq!(read("?after=250"), [0; 0]);
    assert_eq!(read("?after=18446744073709551615"), [0; 0]);
    assert_eq!(read("?limit=0"), [0; 0]);
    let answer = get(collector.address, "/api/events?limit=1");
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson; charset=utf-8"));
    assert_eq!(answer.lines()[0]["messageId"], "m250");
}

#[test]
fn the_ledger_reconciles_what_each_tab_issued_with_what_is_stored_and_what_it_says_is_lost() {
    let collector = Collector::start();
    let event = |tab: &str, seq: u32| json!({ "type": "track", "event": "E", "messageId": format!("{tab}-{seq}"), "context": { "tidegate": { "tab": tab, "seq": seq } } });
    let send = |events: Vec<Value>, lost: Value| {
        post(collector.address, "/v1/batch", json!({ "writeKey": "demo", "batch": events, "lost": lost }).to_string())
    };
    send(vec![event("b", 0), event("b", 1), event("a", 3)], Value::Null);
    // A repeat changes nothing.
    send(vec![event("b", 1)], json!([{ "tab": "a", "from": 0, "to": 1, "reason": "queue-full" }]));
    send(
        vec![event("b", 5)],
        json!([{ "tab": "a", "from": 0, "to": 1, "reason": "queue-full" }, { "tab": "c", "from": 0, "to": 0, "reason": "expired" }]),
    );
    // What is malformed tells of nothing, and harms no event.
    for lost in [
        json!(7),
        json!([{ "tab": "x", "from": 2, "to": 1, "reason": "r" }]),
        json!([{ "tab": "x", "from": -1, "to": 1, "reason": "r" }]),
    ] {
        assert_eq!(send(vec![json!({ "type": "track", "event": "No Place" })], lost).status, 200);
    }
    let account = |tab: &str, issued: u32, stored: u32, lost: Value, gaps: Value, missing: u32| json!({ "writeKey": "demo", "tab": tab, "issued": issued, "stored": stored, "lost": lost, "missing": missing, "gaps": gaps });
    assert_eq!(
        get(collector.address, "/ledger").lines(),
        [
            account("a", 4, 1, json!({ "queue-full": 2 }), json!([[2, 2]]), 1),
            account("b", 6, 3, json!({}), json!([[2, 4]]), 3),
            account("c", 1, 0, json!({ "expired": 1 }), json!([]), 0),
        ]
    );
}

#[test]
fn two_destinations_of_one_tab_are_two_accounts_and_what_both_send_is_missing_in_neither() {
    let collector = Collector::start();
    let send = |destination: &str, number: u32, seq: u32| {
        let place = json!({ "tab": "t", "destination": destination, "seq": seq });
        let event = json!({ "type": "track", "event": "E", "messageId": format!("m{number}"), "context": { "tidegate": place } });
        let lost = json!([{ "tab": "t", "destination": destination, "from": 2, "to": 2, "reason": "rejected" }]);
        post(collector.address, "/v1/batch", json!({ "writeKey": "demo", "batch": [event], "lost": lost }).to_string())
    };
    for (destination, number, seq) in [("one", 0, 0), ("two", 0, 0), ("two", 1, 1), ("one", 1, 1), ("one", 1, 1)] {
        assert_eq!(send(destination, number, seq).status, 200);
    }
    let account = |destination: &str| json!({ "writeKey": "demo", "tab": "t", "destination": destination, "issued": 3, "stored": 1, "lost": { "duplicate": 1, "rejected": 1 }, "missing": 0, "gaps": [] });
    assert_eq!(get(collector.address, "/ledger").lines(), [account("one"), account("two")]);
}

#[test]
fn a_wrong_parameter_is_a_400_that_names_it() {
    let collector = Collector::start();
    for (query, word) in [("limit=x", "limit"), ("after=-1", "after"), ("limit=", "limit"), ("since=1", "since")] {
        let answer = get(collector.address, &format!("/api/events?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["error"].as_str().unwrap().contains(word), "{}", answer.text());
    }
}

#[test]
fn an_event_cannot_pass_off_members_that_the_collector_adds() {
    let collector = Collector::start();
    let event = r#"{"type":"track","messageId":"m","id":99,"receivedAt":"never","decisions":"all fine","sentAt":"x"}"#;
    post(collector.address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{event}]}}"#));
    let text = get(collector.address, "/api/events").text();
    let event: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(event["id"], 1);
    assert!(event["decisions"].is_array());
    assert_ne!(event["receivedAt"], "never");
    assert_eq!(event.get("sentAt"), None);
    assert_eq!(text.matches("\"id\":").count(), 1, "{text}");
}

#[test]
fn the_decisions_follow_the_consent_stamped_on_the_event() {
    let collector = Collector::start();
    let event = |id: &str, stamp: &str| format!(r#"{{"type":"track","messageId":"{id}","context":{{{stamp}}}}}"#);
    let stamp = r#""consent":{"categoryPreferences":{"analytics":true,"advertising":false},"rev":3,"source":"manual"}"#;
    let events = [event("stamped", stamp), event("bare", "")].join(",");
    post(collector.address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{events}]}}"#));
    let events = get(collector.address, "/api/events").lines();
    let decisions = |event: &Value| -> Vec<String> {
        let decisions = event["decisions"].as_array().unwrap().iter();
        decisions.map(|d| format!("{} {}", d["subject"].as_str().unwrap(), d["decision"].as_str().unwrap())).collect()
    };
    assert_eq!(decisions(&events[0]), ["destination:collector allow", "destination:second allow", "tag:pixel deny"]);
    assert_eq!(events[0]["decisions"][0]["consentRev"], 3);
    assert_eq!(decisions(&events[1]), ["destination:collector pending", "destination:second pending", "tag:pixel pending"]);
}

#[test]
fn every_event_and_request_is_counted() {
    let collector = Collector::start();
    post(collector.address, "/v1/batch", batch(&["a", "b", "a"]));
    post(collector.address, "/v1/batch", r#"{"writeKey":"demo","batch":[1,2]}"#);
    post(collector.address, "/v1/batch", "nonsense");
    let metrics = get(collector.address, "/metrics");
    assert!(metrics.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    for line in [
        "tidegate_events_total{status=\"stored\"} 2",
        "tidegate_events_total{status=\"duplicate\"} 1",
        "tidegate_events_total{status=\"rejected\"} 2",
        "tidegate_commits_total 1",
        "tidegate_batch_events_sum 5",
        "tidegate_batch_events_bucket{le=\"2\"} 1",
        "tidegate_batch_events_bucket{le=\"5\"} 2",
        "tidegate_queue_batches 0",
        "tidegate_http_requests_total{status=\"200\"} 2",
        "tidegate_http_requests_total{status=\"400\"} 1",
    ] {
        assert!(metrics.text().lines().any(|known| known == line), "{line} is missing:\n{}", metrics.text());
    }
}

#[test]
fn reads_are_served_under_names_of_this_machine_only() {
    let collector = Collector::with(|options| options.hosts = vec!["shop.test".into()]);
    with_files(&collector);
    let status = |path: &str, host: &str| ask(collector.address, "GET", path, &format!("Host: {host}\r\n"), b"").status;
    for path in READS {
        for host in ["localhost", "localhost:4100", "127.0.0.1:9", "[::1]:4100", "shop.test"] {
            assert_eq!(status(path, host), 200, "{path} at {host}");
        }
        for host in ["evil.test", "evil.test:4100", "localhost.evil.test", "", "127.0.0.2"] {
            assert_eq!(status(path, host), 421, "{path} at {host}");
        }
    }
    let written = ask(collector.address, "POST", "/v1/batch", "Host: collector.test\r\n", batch(&["a"]).as_bytes());
    assert_eq!(written.status, 200, "events are taken under any name");
}

#[test]
fn reads_from_beyond_this_machine_need_the_read_token() {
    let beyond = "X-Forwarded-For: 192.0.2.7\r\n";
    let without = Collector::start();
    with_files(&without);
    for path in READS {
        assert_eq!(ask(without.address, "GET", path, beyond, b"").status, 403, "{path}");
    }
    let collector = Collector::with(|options| options.read_token = Some("open-sesame-12345".into()));
    with_files(&collector);
    let status = |path: &str, authorization: &str| {
        ask(collector.address, "GET", path, &format!("{beyond}Authorization: {authorization}\r\n"), b"").status
    };
    for path in READS {
        assert_eq!(status(path, "Bearer open-sesame-12345"), 200, "{path}");
        for wrong in ["Bearer open-sesame-1234", "Bearer demo", "Basic ZGVtbzo=", "Bearer "] {
            assert_eq!(status(path, wrong), 403, "{path} with {wrong}");
        }
    }
}

#[test]
fn no_read_is_for_pages_of_another_site() {
    let collector = Collector::start();
    with_files(&collector);
    for path in READS {
        let answer = ask(collector.address, "GET", path, "Origin: https://evil.test\r\n", b"");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let preflight = "Origin: https://evil.test\r\nAccess-Control-Request-Method: GET\r\n";
        let answer = ask(collector.address, "OPTIONS", path, preflight, b"");
        assert!(answer.status >= 400 && answer.header("access-control-allow-origin").is_none(), "{path}");
    }
}

#[test]
fn files_come_with_their_type_and_are_checked_for_change() {
    let collector = Collector::start();
    with_files(&collector);
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/live", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/picture.svg", "image/svg+xml; charset=utf-8"),
        ("/dist/tidegate.js", "text/javascript; charset=utf-8"),
        ("/dist/tidegate.mjs", "text/javascript; charset=utf-8"),
        ("/dist/tidegate_bg.wasm", "application/wasm"),
    ] {
        let answer = get(collector.address, path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        let since = format!("If-Modified-Since: {}\r\n", answer.header("last-modified").unwrap());
        assert_eq!(ask(collector.address, "GET", path, &since, b"").status, 304, "{path}");
        assert_eq!(ask(collector.address, "HEAD", path, "", b"").status, 200, "{path}");
    }
    assert!(get(collector.address, "/live").text().contains("Live"));
}

#[test]
fn routes_of_the_store_are_its_page_and_missing_files_are_404() {
    let collector = Collector::start();
    with_files(&collector);
    let page = |path: &str| ask(collector.address, "GET", path, "Accept: text/html,*/*\r\n", b"");
    for path in ["/product/42", "/cart", "/thank-you?order=1"] {
        assert!(page(path).text().contains("Store"), "{path}");
    }
    for path in ["/missing.js", "/product/42.png", "/api/nope", "/demo/nope", "/v1/nope/nope", "/dist/nope"] {
        assert_eq!(page(path).status, 404, "{path}");
    }
    assert_eq!(get(collector.address, "/product/42").status, 404, "a script asking for a file gets no page");
    assert_eq!(post(collector.address, "/", "x").status, 404);
}

#[test]
fn no_path_leads_out_of_the_folders() {
    let collector = Collector::start();
    with_files(&collector);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/dist/../secret.txt",
        "/dist/../../secret.txt",
        "/dist/%2e%2e/secret.txt",
        "/dist/..%2fsecret.txt",
        "/./../secret.txt",
        "//secret.txt",
        "/secret.txt%00.html",
        "/%ff",
        "/dist//etc/passwd",
        "//etc/passwd",
        "/store.db",
        "/../store.db",
    ] {
        let answer = get(collector.address, path);
        assert!(answer.status >= 400, "{path}: {}", answer.text());
        assert!(!answer.text().contains("secret\n") && answer.text() != "secret", "{path}");
    }
}

#[test]
fn the_stand_ins_answer_like_the_vendors_and_remember_what_came() {
    let collector = Collector::start();
    assert_eq!(get(collector.address, "/demo/mixpanel/decide?token=demo").text(), "1");
    let tracked = post(collector.address, "/demo/mixpanel/track/?verbose=1&ip=1", "data=%7B%22event%22%7D");
    assert_eq!(tracked.json(), json!({ "status": 1, "error": null }));
    let verbose = post(collector.address, "/demo/mixpanel/track/", "verbose=1&data=x");
    assert_eq!(verbose.json()["status"], 1);
    let pixel = get(collector.address, "/demo/pixel.gif?order=7");
    assert_eq!(pixel.header("content-type"), Some("image/gif"));
    assert!(pixel.body.starts_with(b"GIF89a") && pixel.header("x-tidegate-demo").is_some());

    let hits = get(collector.address, "/demo/hits").json();
    assert_eq!(hits["/demo/mixpanel/track/"], 2);
    assert_eq!(hits["/demo/mixpanel/decide"], 1);
    assert_eq!(hits["/demo/pixel.gif"], 1);
    let recent = hits["recent"].as_array().unwrap();
    assert_eq!(recent.len(), 4);
    assert_eq!((&recent[1]["method"], &recent[1]["body"]), (&json!("POST"), &json!("data=%7B%22event%22%7D")));
    assert_eq!(recent[3]["query"], "order=7");
}

#[test]
fn the_demo_store_runs_by_the_config_that_the_collector_was_given() {
    let collector = Collector::start();
    let answer = get(collector.address, "/tidegate.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert!(answer.text().contains("\"second\""), "{}", answer.text());
}
