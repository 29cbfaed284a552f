//! `--sink nats://…`, against real servers: what the collector acknowledged is in the stream, whoever is killed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
mod http;
mod process;

use cluster::Cluster;
use http::{Client, batch, get, post, statuses};
use process::Serving;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How many events are sent while the leader is killed.
const EVENTS: usize = 10_000;
/// How often, in `npm test` and in `npm run test:full`.
const RUNS: [usize; 2] = [1, 10];
const SENDERS: usize = 4;
const BATCH: usize = 50;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn ids(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|n| format!("m{n}")).collect()
}

fn sink(cluster: &Cluster, query: &str) -> String {
    format!("nats://{}/EVENTS{query}", cluster.hosts())
}

fn serving(folder: &Path, sink: &str) -> Serving {
    Serving::start_with(folder, &["--sink", sink], &[])
}

fn metric(address: SocketAddr, name: &str) -> i64 {
    let text = get(address, "/metrics").text();
    let line = format!("{name}{{sink=\"nats:EVENTS\"}} ");
    text.lines().find_map(|known| known.strip_prefix(&line)).unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

async fn caught_up(address: SocketAddr) {
    wait_until("the sink to have everything", || metric(address, "tidegate_sink_lag_events") == 0).await;
}

async fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(90), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Everything of the stream is there, and how many messages are copies of others.
async fn assert_whole(cluster: &Cluster, wanted: &HashSet<String>) -> usize {
    let messages = cluster.read("EVENTS").await;
    let ids: HashSet<String> = messages.iter().map(|(id, _)| id.clone()).collect();
    let lost: Vec<&String> = wanted.difference(&ids).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), wanted.len());
    assert_eq!(ids.len(), wanted.len(), "the stream holds what was never sent");
    messages.len() - ids.len()
}

fn as_sent(ids: impl IntoIterator<Item = String>) -> HashSet<String> {
    ids.into_iter().map(|id| format!("demo:{id}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_of_three_is_killed_under_load_and_ten_thousand_acknowledged_are_ten_thousand_in_the_stream() {
    for _ in 0..RUNS[usize::from(std::env::var_os("TIDEGATE_FULL").is_some())] {
        leader_killed().await;
    }
}

async fn leader_killed() {
    let mut cluster = Cluster::start(3, "").await;
    let folder = folder();
    let server = serving(folder.path(), &sink(&cluster, "?replicas=3"));
    let address = server.address;
    let stored = std::sync::Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let stored = stored.clone();
            tokio::task::spawn_blocking(move || {
                let mut client = Client::connect(address).unwrap();
                for part in 0..EVENTS / SENDERS / BATCH {
                    let first = sender * EVENTS / SENDERS + part * BATCH;
                    let answer = client.post("/v1/batch", "", batch(&ids(first, first + BATCH)).as_bytes()).unwrap();
                    assert_eq!(statuses(&answer), vec!["stored"; BATCH]);
                    stored.fetch_add(BATCH, SeqCst);
                    // So that events still come while a new leader is chosen.
                    std::thread::sleep(Duration::from_millis(40));
                }
            })
        })
        .collect();
    assert_eq!(cluster.stream("EVENTS").await.cached_info().config.num_replicas, 3);
    wait_until("load", || stored.load(SeqCst) > EVENTS / 4).await;
    let start = Instant::now();
    let leader = cluster.kill_leader_of("EVENTS").await;
    let at_kill = stored.load(SeqCst);
    assert!(at_kill < EVENTS * 3 / 4, "killed too late: {at_kill} of {EVENTS} had come");
    for sender in senders {
        sender.await.unwrap();
    }
    let sent = start.elapsed();
    caught_up(address).await;
    let all = as_sent(ids(0, EVENTS));
    let copies = assert_whole(&cluster, &all).await;
    println!(
        "{leader} killed after {at_kill}; all sent {sent:?} later, in the stream after {:?}; {} handed over again, {copies} copies",
        start.elapsed(),
        metric(address, "tidegate_sink_retries_total")
    );
    assert_eq!(copies, 0, "the stream's window drops copies");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_killed_goes_on_where_it_was() {
    let cluster = Cluster::start(1, "").await;
    let folder = folder();
    let mut wanted = HashSet::new();
    for run in 0..4 {
        let mut server = serving(folder.path(), &sink(&cluster, ""));
        for part in 0..6 {
            let ids: Vec<String> = (0..400).map(|n| format!("{run}-{part}-{n}")).collect();
            assert_eq!(statuses(&post(server.address, "/v1/batch", batch(&ids))), vec!["stored"; 400]);
            wanted.extend(as_sent(ids));
        }
        server.process.kill().unwrap();
        server.process.wait().unwrap();
    }
    let server = serving(folder.path(), &sink(&cluster, ""));
    println!("{} of {} were left for the last one", metric(server.address, "tidegate_sink_lag_events"), wanted.len());
    caught_up(server.address).await;
    assert_eq!(assert_whole(&cluster, &wanted).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_collectors_with_the_same_events_leave_one_copy_of_each_in_the_order_they_were_stored() {
    let cluster = Cluster::start(1, "").await;
    let folders = [folder(), folder()];
    let servers = folders.each_ref().map(|folder| serving(folder.path(), &sink(&cluster, "?subject=web.events")));
    for part in 0..20 {
        for server in &servers {
            post(server.address, "/v1/batch", batch(&ids(part * 50, part * 50 + 50)));
        }
    }
    for server in &servers {
        caught_up(server.address).await;
        assert_eq!(metric(server.address, "tidegate_sink_handed_over_total"), 1_000);
    }
    let messages = cluster.read("EVENTS").await;
    let ids: Vec<String> = messages.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(ids, (0..1_000).map(|n| format!("demo:m{n}")).collect::<Vec<_>>());
    assert_eq!(messages[7].1, r#"{"type":"track","event":"Seen","messageId":"m7"}"#);
    let stream = cluster.stream("EVENTS").await;
    let message = stream.get_raw_message(8).await.unwrap();
    assert_eq!(message.subject.as_str(), "web.events");
    assert_eq!(message.headers.get("Tidegate-Write-Key").unwrap().as_str(), "demo");
    assert!(message.headers.get("Tidegate-Received-At").unwrap().as_str().ends_with('Z'));
    assert_eq!(stream.cached_info().config.duplicate_window, Duration::from_secs(600));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_never_takes_is_a_dead_letter() {
    let cluster = Cluster::start(1, "max_payload: 2048").await;
    let folder = folder();
    let server = serving(folder.path(), &sink(&cluster, ""));
    let large = format!(r#"{{"type":"track","messageId":"large","properties":{{"x":"{}"}}}}"#, "x".repeat(4_000));
    let small = |id: &str| format!(r#"{{"type":"track","messageId":"{id}"}}"#);
    let events = [small("a"), large, small("b")].join(",");
    post(server.address, "/v1/batch", format!(r#"{{"writeKey":"demo","batch":[{events}]}}"#));
    caught_up(server.address).await;
    assert_eq!(assert_whole(&cluster, &as_sent(["a".into(), "b".into()])).await, 0);
    assert_eq!(metric(server.address, "tidegate_sink_dead_letters_total"), 1);
    let store = rusqlite::Connection::open(folder.path().join("events.db")).unwrap();
    let letter: (String, String) = store
        .query_row("SELECT message_id, reason FROM dead_letters JOIN events ON id = event", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert!(letter.0 == "large" && letter.1.contains("2048"), "{letter:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_servers_are_away_events_are_taken_and_it_is_said_once_that_they_went_and_came() {
    let cluster = Cluster::prepared(1, "authorization { user: tide, password: gate-s3cret }");
    let folder = folder();
    let credentials = [("NATS_USER", "tide"), ("NATS_PASSWORD", "gate-s3cret")];
    let server = Serving::start_with(folder.path(), &["--sink", &sink(&cluster, "")], &credentials);
    for part in 0..10 {
        assert_eq!(statuses(&post(server.address, "/v1/batch", batch(&ids(part * 10, part * 10 + 10)))), vec!["stored"; 10]);
    }
    let said = || std::fs::read_to_string(folder.path().join("stderr.txt")).unwrap();
    wait_until("it to be said", || said().contains("the sink nats:EVENTS takes no events")).await;
    assert_eq!(metric(server.address, "tidegate_sink_lag_events"), 100);
    assert_eq!(metric(server.address, "tidegate_sink_up"), 0);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let cluster = cluster.run();
    caught_up(server.address).await;
    assert_eq!(metric(server.address, "tidegate_sink_up"), 1);
    let text = said();
    let of_sink: Vec<&str> = text.lines().filter(|line| line.contains("nats:EVENTS")).collect();
    assert!(of_sink.len() == 2 && of_sink[0].contains("cannot connect") && of_sink[1].contains("takes events again"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");
    drop(cluster);
}
