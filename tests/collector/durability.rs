//! What is on disk, and which files are opened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod http;
mod running;
mod sink;

use http::{batch, get, post, statuses};
use running::{Collector, refusal, write};
use rusqlite::Connection;
use sink::Scripted;

#[test]
fn an_answer_of_200_means_committed() {
    let collector = Collector::start();
    assert_eq!(statuses(&post(collector.address, "/v1/batch", batch(&["a", "b"]))), ["stored", "stored"]);
    let other = Connection::open(collector.path("store.db")).unwrap();
    let count: i64 = other.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 2);
    let mode: String = other.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn events_outlive_a_restart() {
    let collector = Collector::start();
    post(collector.address, "/v1/batch", batch(&["a"]));
    let before = get(collector.address, "/api/events").text();
    let collector = Collector::within(collector.stop(), |_| {});
    assert_eq!(get(collector.address, "/api/events").text(), before);
    post(collector.address, "/v1/batch", batch(&["b"]));
    assert_eq!(get(collector.address, "/api/events?after=1").lines()[0]["id"], 2);
}

#[test]
fn the_folder_of_the_store_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("a/b/store.db");
    let collector = Collector::within(folder, |options| options.store = store.clone());
    assert_eq!(post(collector.address, "/v1/batch", batch(&["a"])).status, 200);
    assert!(store.exists());
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    let collector = Collector::start();
    post(collector.address, "/v1/batch", batch(&["a"]));
    let folder = collector.stop();
    let store = folder.path().join("store.db");
    Connection::open(&store).unwrap().pragma_update(None, "user_version", 9).unwrap();
    let text = refusal(&folder, |_| {}).to_string();
    assert!(text.contains("store.db") && text.contains("newer tidegate") && text.contains("schema version 9"), "{text}");
    let other = Connection::open(&store).unwrap();
    let kept: (i64, i64) = other
        .query_row("SELECT user_version, (SELECT count(*) FROM events) FROM pragma_user_version", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(kept, (9, 1));
}

#[test]
fn a_store_of_the_first_version_is_taken_over() {
    let mut folder = tempfile::tempdir().unwrap();
    let old = Connection::open(folder.path().join("store.db")).unwrap();
    old.execute_batch(
        r#"CREATE TABLE events (
            id INTEGER PRIMARY KEY, write_key TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL,
            received_at INTEGER NOT NULL, sent_at TEXT, body TEXT NOT NULL, UNIQUE (write_key, message_id)) STRICT;
        INSERT INTO events VALUES
            (1, 'demo', 'm1', 'track', 0, NULL, '{"messageId":"m1","type":"track","context":{"tidegate":{"tab":"t","seq":2}}}'),
            (2, 'demo', 'm2', 'track', 0, NULL, '{"messageId":"m2","type":"track","context":{"tidegate":{"tab":"t","seq":"2"}}}'),
            (3, 'demo', 'm3', 'track', 0, NULL, '{"messageId":"m3","type":"track","context":7}');
        PRAGMA application_id = 0x74696465; PRAGMA user_version = 1;"#,
    )
    .unwrap();
    drop(old);
    for _ in 0..2 {
        let collector = Collector::within(folder, |_| {});
        assert_eq!(get(collector.address, "/api/events").lines().len(), 3);
        let ledger = get(collector.address, "/ledger").lines();
        assert_eq!((ledger.len(), &ledger[0]["stored"], &ledger[0]["missing"]), (1, &1.into(), &2.into()));
        folder = collector.stop();
    }
}

#[test]
fn a_store_of_the_second_version_is_taken_over_with_its_places_and_hands_all_of_it_on() {
    let folder = tempfile::tempdir().unwrap();
    let old = Connection::open(folder.path().join("store.db")).unwrap();
    old.execute_batch(
        r#"CREATE TABLE events (
            id INTEGER PRIMARY KEY, write_key TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL,
            received_at INTEGER NOT NULL, sent_at TEXT, body TEXT NOT NULL, tab TEXT, seq INTEGER, UNIQUE (write_key, message_id)) STRICT;
        CREATE INDEX events_by_place ON events (write_key, tab, seq) WHERE tab IS NOT NULL;
        CREATE TABLE losses (
            write_key TEXT NOT NULL, tab TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (write_key, tab, first, last, reason)) STRICT, WITHOUT ROWID;
        INSERT INTO events VALUES
            (1, 'demo', 'm1', 'track', 0, NULL, '{"messageId":"m1","type":"track"}', 't', 1),
            (2, 'demo', 'm2', 'track', 0, NULL, '{"messageId":"m2","type":"track"}', NULL, NULL);
        INSERT INTO losses VALUES ('demo', 't', 0, 0, 'expired');
        PRAGMA application_id = 0x74696465; PRAGMA user_version = 2;"#,
    )
    .unwrap();
    drop(old);
    let (sink, came) = Scripted::willing("a");
    let collector = Collector::forwarding(folder, sink.boxed(), |_| {});
    came.wait_for(2);
    assert_eq!(statuses(&post(collector.address, "/v1/batch", batch(&["m2", "m3"]))), ["duplicate", "stored"]);
    came.wait_for(3);
    let account = &get(collector.address, "/ledger").lines()[0];
    assert_eq!((&account["issued"], &account["stored"], &account["lost"]["expired"]), (&2.into(), &1.into(), &1.into()));
    let folder = collector.stop();
    let store = Connection::open(folder.path().join("store.db")).unwrap();
    let version: i64 = store.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let cursor: i64 = store.query_row("SELECT event FROM cursors WHERE sink = 'a'", [], |row| row.get(0)).unwrap();
    assert_eq!((version, cursor), (3, 3));
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    Connection::open(&store).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    let text = refusal(&folder, |_| {}).to_string();
    assert!(text.contains("another program"), "{text}");
    let other = Connection::open(&store).unwrap();
    let tables: i64 = other.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);

    write(&store, "not a database, but more than a hundred bytes long, so that SQLite sees a header it does not know: -----");
    let text = refusal(&folder, |_| {}).to_string();
    assert!(text.contains("store.db") && text.contains("not a database"), "{text}");
}

#[test]
fn a_config_at_fault_is_refused_with_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("tidegate.json"), r#"{ "version": 2, "colour": "blue", "consent": { "purposes": { "a": {} } } }"#);
    let text = refusal(&folder, |_| {}).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("tidegate.json: /version: ") && lines[1].contains("tidegate.json: /colour: "), "{text}");
}

#[test]
fn a_read_token_must_not_be_a_write_key() {
    let folder = tempfile::tempdir().unwrap();
    let text = refusal(&folder, |options| options.read_token = Some("other".into())).to_string();
    assert!(text.contains("write key"), "{text}");
}
