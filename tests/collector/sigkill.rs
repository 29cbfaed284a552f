//! The collector is killed without warning in the middle of a load run: every event that it had answered 200 for is
//! in the store afterwards, once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod process;

use http::{Client, batch, get, statuses};
use process::Serving;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// In `npm test`, and in `npm run test:full`.
const RUNS: [u64; 2] = [10, 200];
const CONNECTIONS: u64 = 6;

/// Set to the seed that a failed run printed, it repeats the same moments.
const SEED_VARIABLE: &str = "TIDEGATE_SEED";

#[test]
fn what_was_acknowledged_survives_sigkill() {
    let first = match std::env::var(SEED_VARIABLE) {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64,
    };
    let mut acknowledged = 0;
    let runs = RUNS[usize::from(std::env::var_os("TIDEGATE_FULL").is_some())];
    for seed in first..first + runs {
        acknowledged += killed_once(seed);
    }
    assert!(acknowledged > runs as usize * 100, "only {acknowledged} events were acknowledged: the kills came too early");
}

/// One run; returns how many events were acknowledged before the kill.
fn killed_once(seed: u64) -> usize {
    let mut random = Random(seed);
    let moment = Duration::from_millis(50 + random.below(400));
    println!("{SEED_VARIABLE}={seed}: kill after {moment:?}");
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::start(folder.path());
    let address = server.address;

    let ready = Barrier::new(CONNECTIONS as usize + 1);
    let answers: Vec<(HashSet<String>, HashSet<String>)> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let (size, ready) = (1 + random.below(40) as usize, &ready);
                scope.spawn(move || {
                    ready.wait();
                    send_until_cut_off(address, connection, size)
                })
            })
            .collect();
        ready.wait();
        std::thread::sleep(moment);
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let acknowledged: HashSet<String> = answers.iter().flat_map(|(acknowledged, _)| acknowledged.clone()).collect();
    let sent: HashSet<String> = answers.into_iter().flat_map(|(_, sent)| sent).collect();

    let server = Serving::start(folder.path());
    let stored = stored_ids(server.address);
    let once: HashSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), once.len(), "seed {seed}: an event is stored twice");
    let lost: Vec<&String> = acknowledged.difference(&once).collect();
    assert!(lost.is_empty(), "seed {seed}: {} of {} acknowledged events are lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(once.is_subset(&sent), "seed {seed}: the store holds what was never sent");

    send_again(server.address, &acknowledged, seed);
    drop(server);
    assert_intact(&folder.path().join("events.db"), stored.len(), seed);
    acknowledged.len()
}

/// Sends batch after batch on one connection; returns the events acknowledged and the events sent.
fn send_until_cut_off(address: SocketAddr, connection: u64, size: usize) -> (HashSet<String>, HashSet<String>) {
    let (mut acknowledged, mut sent) = (HashSet::new(), HashSet::new());
    let Ok(mut client) = Client::connect(address) else { return (acknowledged, sent) };
    for number in 0.. {
        let ids: Vec<String> = (0..size).map(|event| format!("{connection}-{number}-{event}")).collect();
        sent.extend(ids.iter().cloned());
        let Ok(answer) = client.post("/v1/batch", "", batch(&ids).as_bytes()) else { break };
        assert_eq!(statuses(&answer), vec!["stored"; size]);
        acknowledged.extend(ids);
    }
    (acknowledged, sent)
}

/// As a client does whose acknowledgements were lost.
fn send_again(address: SocketAddr, ids: &HashSet<String>, seed: u64) {
    let ids: Vec<&String> = ids.iter().collect();
    let mut client = Client::connect(address).unwrap();
    for ids in ids.chunks(1_000) {
        let answer = client.post("/v1/batch", "", batch(ids).as_bytes()).unwrap();
        assert_eq!(statuses(&answer), vec!["duplicate"; ids.len()], "seed {seed}");
    }
}

fn stored_ids(address: SocketAddr) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), 0);
    loop {
        let events = get(address, &format!("/api/events?limit=10000&after={after}")).lines();
        let Some(last) = events.last() else { return ids };
        after = last["id"].as_i64().unwrap();
        ids.extend(events.iter().map(|event| event["messageId"].as_str().unwrap().to_owned()));
    }
}

fn assert_intact(store: &Path, events: usize, seed: u64) {
    let connection = rusqlite::Connection::open(store).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok", "seed {seed}");
    let kept: i64 = connection.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, events as i64, "seed {seed}: a repeated event was stored again");
}

/// SplitMix64: enough to choose moments, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ x >> 31) % bound
    }
}
