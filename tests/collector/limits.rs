//! What a client may cost: sizes, times, connections, and what happens when there is too much of something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Answer, Client, ask, batch, get, post, request, statuses};
use running::Collector;
use std::io::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const MAX_BODY: usize = 500 * 1024;

/// A batch of one event, filled up with white space.
fn padded(length: usize) -> String {
    let batch = batch(&["a"]);
    format!("{batch}{}", " ".repeat(length - batch.len()))
}

#[test]
fn a_body_over_500_kb_is_413_and_one_of_500_kb_is_not() {
    let collector = Collector::start();
    assert_eq!(statuses(&post(collector.address, "/v1/batch", padded(MAX_BODY))), ["stored"]);
    for length in [MAX_BODY + 1, 3_000_000] {
        let answer = post(collector.address, "/v1/batch", padded(length));
        assert_eq!(answer.status, 413, "{length}");
        assert!(answer.json()["error"].as_str().unwrap().contains("512000"), "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "or the page would see a network error");
    }
}

#[test]
fn the_sender_of_a_body_that_is_too_long_is_heard_out() {
    let collector = Collector::start();
    let mut client = Client::connect(collector.address).unwrap();
    let part = vec![b' '; 100_000];
    client.send(request("POST", "/v1/batch", "", Some(30 * part.len())).as_bytes()).unwrap();
    for _ in 0..30 {
        client.send(&part).expect("to a browser a connection cut short is a network error, and no 413");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(client.answer().unwrap().status, 413);
}

#[test]
fn a_chunked_body_over_500_kb_is_413() {
    let collector = Collector::start();
    let mut client = Client::connect(collector.address).unwrap();
    client.send(request("POST", "/v1/batch", "Transfer-Encoding: chunked\r\n", None).as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..9 {
        client.send(chunk.as_bytes()).unwrap();
    }
    client.send(b"0\r\n\r\n").unwrap();
    assert_eq!(client.answer().unwrap().status, 413);
}

#[test]
fn a_gzip_bomb_is_413_and_costs_no_more_than_the_limit() {
    let collector = Collector::start();
    let gzip = |blanks: usize| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; blanks]).unwrap();
        encoder.finish().unwrap()
    };
    // A gzip file may be many, one after the other.
    let bomb = gzip(1_000_000).repeat(450);
    assert!(bomb.len() < MAX_BODY, "{} bytes on the wire", bomb.len());
    let headers = "Content-Encoding: gzip\r\n";
    assert_eq!(ask(collector.address, "POST", "/v1/batch", headers, &bomb).status, 413);
    assert!(peak_memory_kb() < 300_000, "it was decompressed whole: {} KB", peak_memory_kb());
    assert_eq!(ask(collector.address, "POST", "/v1/batch", headers, &gzip(MAX_BODY)).status, 400, "blank, but not too long");
}

/// The most memory that this process ever held, the collector in it included.
fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_slow_body_is_given_up() {
    let collector = Collector::with(|options| options.body_timeout = Duration::from_millis(300));
    let mut client = Client::connect(collector.address).unwrap();
    client.send(request("POST", "/v1/batch", "", Some(1_000)).as_bytes()).unwrap();
    let began = Instant::now();
    for _ in 0..20 {
        // A drip now and then must not prolong it.
        if client.send(b" ").is_err() || began.elapsed() > Duration::from_millis(400) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let answer = client.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    assert!(client.closed());
}

#[test]
fn a_slow_header_is_given_up() {
    let collector = Collector::with(|options| options.header_timeout = Duration::from_millis(300));
    let mut client = Client::connect(collector.address).unwrap();
    let began = Instant::now();
    for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Padding: " {
        if client.send(&[*byte]).is_err() || began.elapsed() > Duration::from_secs(1) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = client.answer().map(|answer| assert_eq!(answer.status, 408));
    assert!(client.closed());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn a_reader_who_does_not_read_is_given_up() {
    let collector = Collector::with(|options| {
        options.body_timeout = Duration::from_millis(500);
        options.max_connections = 1;
    });
    let mut sender = Client::connect(collector.address).unwrap();
    for n in 0..100 {
        let filler = "x".repeat(30_000);
        let event = |m| format!(r#"{{"type":"track","messageId":"{n}-{m}","x":"{filler}"}}"#);
        let events: Vec<String> = (0..10).map(event).collect();
        let body = format!(r#"{{"writeKey":"demo","batch":[{}]}}"#, events.join(","));
        assert_eq!(sender.post("/v1/batch", "", body.as_bytes()).unwrap().status, 200);
    }
    drop(sender);
    let mut stuck = Client::connect(collector.address).unwrap();
    stuck.send(request("GET", "/api/events?limit=10000", "", None).as_bytes()).unwrap();
    assert_eq!(get(collector.address, "/healthz").status, 200, "the only connection is free again");
    drop(stuck);
}

#[test]
fn connections_over_the_cap_wait_for_one_to_end() {
    let collector = Collector::with(|options| {
        options.max_connections = 2;
        options.header_timeout = Duration::from_millis(500);
    });
    let idle: Vec<_> = (0..2).map(|_| Client::connect(collector.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    assert_eq!(get(collector.address, "/healthz").status, 200);
    assert!(began.elapsed() > Duration::from_millis(200), "it was served beside two idle ones");
    drop(idle);
}

/// Sends a batch on a thread of its own.
fn later(address: SocketAddr, id: String) -> std::thread::JoinHandle<Answer> {
    std::thread::spawn(move || post(address, "/v1/batch", batch(&[id])))
}

/// Waits until so many batches wait for the writer.
fn await_queue(collector: &Collector, length: usize) {
    let line = format!("\ntidegate_queue_batches {length}\n");
    let began = Instant::now();
    while !get(collector.address, "/metrics").text().contains(&line) {
        assert!(began.elapsed() < Duration::from_secs(4), "the queue never held {length}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn load_is_shed_with_429_and_what_was_accepted_is_stored() {
    let collector = Collector::with(|options| options.max_queue = 1);
    let held = collector.lock_store();
    let in_hand = later(collector.address, "a".into());
    std::thread::sleep(Duration::from_millis(200));
    let waiting = later(collector.address, "b".into());
    await_queue(&collector, 1);
    let shed = post(collector.address, "/v1/batch", batch(&["c"]));
    assert_eq!((shed.status, shed.header("retry-after")), (429, Some("1")));
    assert_eq!(shed.json()["success"], false);
    drop(held);
    assert_eq!(statuses(&in_hand.join().unwrap()), ["stored"]);
    assert_eq!(statuses(&waiting.join().unwrap()), ["stored"]);
    assert_eq!(statuses(&post(collector.address, "/v1/batch", batch(&["a", "b", "c"]))), ["duplicate", "duplicate", "stored"]);
}

#[test]
fn batches_that_wait_together_share_a_commit() {
    let collector = Collector::start();
    let held = collector.lock_store();
    let first = later(collector.address, "first".into());
    std::thread::sleep(Duration::from_millis(200));
    let waiting: Vec<_> = (0..20).map(|n| later(collector.address, n.to_string())).collect();
    await_queue(&collector, 20);
    drop(held);
    for answer in [first].into_iter().chain(waiting) {
        assert_eq!(statuses(&answer.join().unwrap()), ["stored"]);
    }
    let metrics = get(collector.address, "/metrics").text();
    assert!(metrics.contains("\ntidegate_commits_total 2\n"), "{metrics}");
    assert!(metrics.contains("\ntidegate_commit_batches_sum 21\n"), "{metrics}");
}

#[test]
fn a_store_that_fails_is_503_and_nothing_is_acknowledged_until_it_works_again() {
    let collector = Collector::start();
    let other = rusqlite::Connection::open(collector.path("store.db")).unwrap();
    other.execute_batch("ALTER TABLE events RENAME TO gone").unwrap();
    let failed = post(collector.address, "/v1/batch", batch(&["a"]));
    assert_eq!((failed.status, failed.header("retry-after")), (503, Some("5")));
    assert_eq!(failed.json()["success"], false);
    assert_eq!(get(collector.address, "/healthz").status, 503);
    other.execute_batch("ALTER TABLE gone RENAME TO events").unwrap();
    assert_eq!(statuses(&post(collector.address, "/v1/batch", batch(&["a"]))), ["stored"]);
}

#[test]
fn a_stop_finishes_what_was_accepted() {
    let mut collector = Collector::start();
    let held = collector.lock_store();
    let in_hand = later(collector.address, "a".into());
    std::thread::sleep(Duration::from_millis(200));
    let waiting = later(collector.address, "b".into());
    await_queue(&collector, 1);
    collector.ask_to_stop();
    std::thread::sleep(Duration::from_millis(200));
    assert!(Client::connect(collector.address).is_err(), "it still listens");
    drop(held);
    assert_eq!(statuses(&in_hand.join().unwrap()), ["stored"]);
    assert_eq!(statuses(&waiting.join().unwrap()), ["stored"]);
    collector.stop();
}

#[test]
fn a_request_that_could_be_read_two_ways_is_not_served_as_two() {
    let collector = Collector::start();
    let body = batch(&["a"]);
    let smuggled = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let (length, chunked) = (body.len(), format!("{:x}\r\n{body}\r\n0\r\n\r\n{smuggled}", body.len()));
    for (headers, body, status) in [
        (
            format!("Content-Length: {length}\r\nContent-Length: {}\r\n", length + smuggled.len()),
            format!("{body}{smuggled}"),
            400,
        ),
        ("Transfer-Encoding: chunked, identity\r\n".into(), chunked.clone(), 400),
        (format!("Content-Length: +{length}\r\n"), format!("{body}{smuggled}"), 400),
        (format!("X-Folded: a\r\n b\r\nContent-Length: {length}\r\n"), format!("{body}{smuggled}"), 400),
        // RFC 9112, section 6.1: chunked counts, and the connection must close.
        (format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"), chunked.clone(), 200),
        (format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"), chunked.clone(), 200),
    ] {
        let mut client = Client::connect(collector.address).unwrap();
        client.send((request("POST", "/v1/batch", &headers, None) + &body).as_bytes()).unwrap();
        assert_eq!(client.answer().unwrap().status, status, "{headers}");
        assert!(client.closed(), "{headers}");
    }
}
