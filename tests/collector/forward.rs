//! What is handed on, to sinks that take it, refuse it, hang, or come and go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;
mod sink;

use http::{batch, get, post, statuses};
use running::{Collector, refusal, refusal_of};
use rusqlite::{Connection, OptionalExtension};
use sink::{Scripted, wait_until};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tidegate_collector::{Sink, Verdict};

fn ids(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|n| format!("m{n}")).collect()
}

fn all(from: i64, to: i64) -> Vec<i64> {
    (from..=to).collect()
}

fn cursor(store: &Path, sink: &str) -> i64 {
    let other = Connection::open(store).unwrap();
    other.query_row("SELECT event FROM cursors WHERE sink = ?1", [sink], |row| row.get(0)).optional().unwrap().unwrap_or(-1)
}

fn metric(collector: &Collector, line: &str) -> String {
    let text = get(collector.address, "/metrics").text();
    let found = text.lines().find_map(|known| known.strip_prefix(line)).unwrap_or_else(|| panic!("no {line} in {text}"));
    found.trim().to_owned()
}

#[test]
fn events_come_in_order_and_the_cursor_follows() {
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    for part in 0..5 {
        post(collector.address, "/v1/batch", batch(&ids(part * 250 + 1, part * 250 + 250)));
    }
    came.wait_for(1_250);
    assert_eq!(came.events(), all(1, 1_250));
    assert!(came.hand_overs().iter().all(|events| events.len() <= 100), "no more at once than it takes");
    wait_until("the cursor", || cursor(&collector.path("store.db"), "a") == 1_250);
    wait_until("the count", || metric(&collector, "tidegate_sink_lag_events{sink=\"a\"}") == "0");
    assert_eq!(metric(&collector, "tidegate_sink_handed_over_total{sink=\"a\"}"), "1250");
    assert_eq!(metric(&collector, "tidegate_sink_retries_total{sink=\"a\"}"), "0");
    assert_eq!(metric(&collector, "tidegate_sink_up{sink=\"a\"}"), "1");
}

#[test]
fn the_cursor_moves_only_over_what_was_acknowledged_and_only_the_rest_comes_again() {
    let open = Arc::new(AtomicBool::new(false));
    let is_open = open.clone();
    let (sink, came) = Scripted::new("a", move |events| {
        let taken = |id: i64| is_open.load(SeqCst) || matches!(id, 1..=3 | 7);
        events.iter().map(|event| if taken(event.id) { Verdict::Acknowledged } else { Verdict::again("closed") }).collect()
    });
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&ids(1, 10)));
    came.wait_for(20);
    let store = collector.path("store.db");
    assert_eq!(cursor(&store, "a"), 3);
    assert_eq!(metric(&collector, "tidegate_sink_lag_events{sink=\"a\"}"), "7");
    assert_eq!(metric(&collector, "tidegate_sink_up{sink=\"a\"}"), "0");
    let left = vec![4, 5, 6, 8, 9, 10];
    assert!(came.hand_overs()[1..].iter().all(|events| *events == left), "{:?}", came.hand_overs());
    open.store(true, SeqCst);
    wait_until("the cursor", || cursor(&store, "a") == 10);
    assert_eq!(metric(&collector, "tidegate_sink_up{sink=\"a\"}"), "1");
    assert_ne!(metric(&collector, "tidegate_sink_retries_total{sink=\"a\"}"), "0");
}

#[test]
fn a_restart_goes_on_behind_the_cursor_and_hands_over_again_what_had_no_answer() {
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&ids(1, 5)));
    came.wait_for(5);
    wait_until("the cursor", || cursor(&collector.path("store.db"), "a") == 5);

    let (sink, came) = Scripted::hanging("a");
    let collector = Collector::forwarding(collector.stop(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&ids(6, 8)));
    came.wait_for(3);
    let folder = collector.stop();
    assert_eq!(cursor(&folder.path().join("store.db"), "a"), 5);

    let (sink, came) = Scripted::willing("a");
    let (another, everything) = Scripted::willing("another");
    let collector = Collector::forwarding(folder, vec![Box::new(sink) as Box<dyn Sink>, Box::new(another)], |_| {});
    came.wait_for(3);
    everything.wait_for(8);
    assert_eq!(came.events(), [6, 7, 8]);
    assert_eq!(everything.events(), all(1, 8), "a new sink begins with the oldest event");
    drop(collector);
}

#[test]
fn a_sink_that_hangs_slows_neither_the_answers_nor_another_sink() {
    let send = |collector: &Collector| {
        let start = Instant::now();
        for part in 0..60 {
            let answer = post(collector.address, "/v1/batch", batch(&ids(part * 20 + 1, part * 20 + 20)));
            assert_eq!(statuses(&answer), vec!["stored"; 20]);
        }
        start.elapsed()
    };
    let alone = send(&Collector::start());
    let (hanging, stuck) = Scripted::hanging("hanging");
    let (willing, came) = Scripted::willing("willing");
    let sinks: Vec<Box<dyn Sink>> = vec![Box::new(hanging), Box::new(willing)];
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sinks, |_| {});
    let beside = send(&collector);
    came.wait_for(1_200);
    assert_eq!(came.events(), all(1, 1_200));
    assert_eq!(stuck.hand_overs().len(), 1);
    assert!(beside < alone * 3 + Duration::from_secs(1), "{beside:?} beside a hanging sink, {alone:?} without");
    assert_eq!(metric(&collector, "tidegate_sink_lag_events{sink=\"hanging\"}"), "1200");
    let start = Instant::now();
    drop(collector.stop());
    assert!(start.elapsed() < Duration::from_secs(10), "it stops all the same");
}

#[test]
fn a_hand_over_that_takes_too_long_is_tried_again() {
    let (sink, came) = Scripted::hanging("a");
    let sink = sink.within(Duration::from_millis(50));
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&["a", "b"]));
    came.wait_for(6);
    assert!(came.hand_overs().iter().all(|events| *events == [1, 2]));
    assert_eq!(cursor(&collector.path("store.db"), "a"), 0);
    assert_eq!(metric(&collector, "tidegate_sink_up{sink=\"a\"}"), "0");
}

#[test]
fn what_is_refused_for_good_becomes_a_dead_letter_and_holds_up_nothing() {
    let (sink, came) = Scripted::new("a", |events| {
        let verdict = |id: i64| match id {
            3 => Verdict::Refused("too large".into()),
            4 => Verdict::Skipped,
            _ => Verdict::Acknowledged,
        };
        events.iter().map(|event| verdict(event.id)).collect()
    });
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&ids(1, 6)));
    came.wait_for(6);
    let store = collector.path("store.db");
    wait_until("the cursor", || cursor(&store, "a") == 6);
    wait_until("the count", || metric(&collector, "tidegate_sink_dead_letters_total{sink=\"a\"}") == "1");
    assert_eq!(metric(&collector, "tidegate_sink_handed_over_total{sink=\"a\"}"), "4");
    assert_eq!(metric(&collector, "tidegate_sink_skipped_total{sink=\"a\"}"), "1");
    let letters: Vec<(i64, String, String, bool)> = Connection::open(&store)
        .unwrap()
        .prepare("SELECT event, sink, reason, at > 0 FROM dead_letters")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(letters, [(3, "a".into(), "too large".into(), true)]);
}

#[test]
fn a_sink_that_is_away_is_left_alone_ever_longer_and_as_long_as_it_asks() {
    let (sink, came) = Scripted::new("a", |events| vec![Verdict::again("away"); events.len()]);
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&["a"]));
    std::thread::sleep(Duration::from_secs(2));
    let tries = came.hand_overs().len();
    assert!((2..40).contains(&tries), "{tries} tries in 2 s");
    drop(collector);

    let asked = Duration::from_millis(700);
    let (sink, came) =
        Scripted::new("a", move |events| vec![Verdict::Again { reason: "busy".into(), after: Some(asked) }; events.len()]);
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    post(collector.address, "/v1/batch", batch(&["a"]));
    came.wait_for(3);
    let times = came.times();
    assert!(times.windows(2).all(|two| two[1] - two[0] >= asked), "{times:?}");
    drop(collector);
}

#[test]
fn nothing_more_is_handed_over_while_the_cursor_cannot_be_put_on_disk() {
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    let store = collector.path("store.db");
    let other = Connection::open(&store).unwrap();
    other.execute_batch("ALTER TABLE cursors RENAME TO gone").unwrap();
    post(collector.address, "/v1/batch", batch(&ids(1, 300)));
    came.wait_for(100);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(came.events(), all(1, 100));
    other.execute_batch("ALTER TABLE gone RENAME TO cursors").unwrap();
    came.wait_for(300);
    assert_eq!(came.events(), all(1, 300));
    wait_until("the cursor", || cursor(&store, "a") == 300);
}

#[test]
fn events_of_another_process_that_shares_the_file_are_handed_over_too() {
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(tempfile::tempdir().unwrap(), sink.boxed(), |_| {});
    let other = Connection::open(collector.path("store.db")).unwrap();
    let insert = "INSERT INTO events (write_key, message_id, type, received_at, body) VALUES ('demo', 'x', 'track', 0, '{}')";
    other.execute_batch(insert).unwrap();
    came.wait_for(1);
    wait_until("the count", || metric(&collector, "tidegate_sink_lag_events{sink=\"a\"}") == "0");
}

#[test]
fn sinks_of_one_name_would_share_a_cursor_and_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let same = || Box::new(Scripted::willing("a").0) as Box<dyn Sink>;
    let text = refusal_of(&folder, vec![same(), same()], |_| {}).to_string();
    assert!(text.contains("two sinks are called a") && text.contains("name="), "{text}");
    let text = refusal(&folder, |options| options.drop_sinks = vec!["b".into()]).to_string();
    assert!(text.contains("no sink b, but for a"), "{text}");
    drop(Collector::within(folder, |options| options.drop_sinks = vec!["a".into()]));
}
