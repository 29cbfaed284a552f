//! The directory of an export over several runs, what it refuses, and stores of other makes and versions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod parquet;
mod store;

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use store::{Store, Stored};
use tidegate_warehouse::{ExportError, Format, export};

const DAY: i64 = 86_400_000;
const NEW_YEAR: i64 = 1_767_225_600_000;

fn track(id: &str, event: &str, day: i64, properties: &Value) -> Stored {
    let body = json!({ "type": "track", "messageId": id, "event": event, "properties": properties }).to_string();
    let received_at = NEW_YEAR + day * DAY;
    Stored { write_key: "k".into(), message_id: id.into(), kind: "track".into(), received_at, sent_at: None, body }
}

fn refusal(store: &Store, out: &str) -> ExportError {
    export(&store.options(Format::Parquet, out)).unwrap_err()
}

fn times(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Vec<SystemTime> {
    files.keys().map(|name| fs::metadata(out.join(name)).unwrap().modified().unwrap()).collect()
}

#[test]
fn a_second_run_writes_the_days_that_have_changed() {
    let mut store = Store::with(&[track("a", "Seen", 0, &json!({ "n": 1 })), track("b", "Seen", 1, &json!({ "n": 2 }))]);
    let first = store.export(Format::Parquet, "out");
    let files = first.files();
    let written = times(&first.out, &files);
    let again = store.export(Format::Parquet, "out");
    assert!(again.files() == files);
    assert_eq!(times(&again.out, &files), written);

    store.add(&[track("c", "Seen", 1, &json!({ "n": 3 }))]);
    let later = store.export(Format::Parquet, "out").files();
    let changed: Vec<&str> = files.iter().filter(|(name, held)| later[*name] != **held).map(|(name, _)| name.as_str()).collect();
    assert_eq!(changed, ["manifest.json", "seen/day=2026-01-02/part-0000.parquet", "tracks/day=2026-01-02/part-0000.parquet"]);

    // One schema over all days: what widens a column writes them all.
    store.add(&[track("d", "Seen", 2, &json!({ "n": "three" }))]);
    let widened = store.export(Format::Parquet, "out").files();
    assert_ne!(widened["seen/day=2026-01-01/part-0000.parquet"], later["seen/day=2026-01-01/part-0000.parquet"]);
    assert_eq!(widened["tracks/day=2026-01-01/part-0000.parquet"], later["tracks/day=2026-01-01/part-0000.parquet"]);
}

#[test]
fn what_an_export_does_not_have_any_more_goes_and_what_is_not_its_own_stays() {
    let store = Store::with(&[track("a", "Seen", 0, &json!({})), track("b", "Gone", 1, &json!({}))]);
    let out = store.export(Format::Parquet, "out").out;
    let mine = ["notes.txt", "tracks/notes.txt", "gone/day=2026-01-02/notes.txt"];
    for name in mine {
        fs::write(out.join(name), "mine").unwrap();
    }
    fs::create_dir_all(out.join(".staging/tracks")).unwrap();
    store.connection().execute_batch("DELETE FROM events WHERE message_id = 'b'").unwrap();
    let again = store.export(Format::Ndjson, "out");
    assert_eq!(again.tables(), ["tracks", "seen"]);
    let mut wanted = vec!["bigquery.sql", "duckdb.sql", "manifest.json", "snowflake.sql"];
    wanted.extend(["seen/day=2026-01-01/part-0000.ndjson", "tracks/day=2026-01-01/part-0000.ndjson"]);
    wanted.extend(mine);
    wanted.sort_unstable();
    assert_eq!(again.files().into_keys().collect::<Vec<_>>(), wanted);
    assert!(!out.join("seen/day=2026-01-02").exists() && !out.join(".staging").exists());
}

#[test]
fn what_a_store_has_forgotten_is_not_deleted_from_an_earlier_export() {
    let mut store =
        Store::with(&[track("a", "Seen", 0, &json!({})), track("b", "Seen", 0, &json!({})), track("c", "Seen", 1, &json!({}))]);
    let files = store.export(Format::Parquet, "out").files();
    // As `serve --keep-hours` does, half a day at a time.
    store
        .connection()
        .execute_batch("INSERT INTO seen (write_key, message_id) VALUES ('k', 'a'); DELETE FROM events WHERE message_id = 'a'")
        .unwrap();
    store.add(&[track("d", "Seen", 1, &json!({})), track("e", "Seen", 2, &json!({}))]);
    let refused = refusal(&store, "out");
    assert!(matches!(refused, ExportError::Forgotten(_)), "{refused}");
    assert!(refused.to_string().contains("--keep-hours"));
    assert!(store.path("out").join("manifest.json").exists());
    let kept = store.export(Format::Parquet, "rest");
    assert_eq!(kept.manifest.events, 4);
    assert_eq!(kept.files().len(), files.len() + 2);
    // What it still has may be exported again.
    store.add(&[track("f", "Seen", 2, &json!({}))]);
    assert_eq!(store.export(Format::Parquet, "rest").manifest.events, 5);
}

#[test]
fn a_directory_of_something_else_is_refused_and_left_as_it_is() {
    let store = Store::with(&[track("a", "Seen", 0, &json!({}))]);
    fs::create_dir(store.path("home")).unwrap();
    fs::write(store.path("home/letter.txt"), "dear").unwrap();
    assert!(matches!(refusal(&store, "home"), ExportError::NotAnExport(_)));
    assert_eq!(fs::read_dir(store.path("home")).unwrap().count(), 1);
    assert!(matches!(refusal(&store, "events.db"), ExportError::File(..)));

    let out = store.export(Format::Parquet, "out").out;
    let other = File::open(out.join(".tidegate-export")).unwrap();
    other.lock().unwrap();
    assert!(matches!(refusal(&store, "out"), ExportError::Busy(_)));
}

#[test]
fn an_event_that_cannot_be_read_is_named_and_the_earlier_export_stays() {
    let mut store = Store::with(&[track("a", "Seen", 0, &json!({}))]);
    let before = store.export(Format::Parquet, "out").files();
    for (kind, body, word) in
        [("track", "{\"event\"", "EOF"), ("track", "[]", "invalid type"), ("vote", "{}", "\"vote\" is unknown")]
    {
        store.connection().execute_batch("DELETE FROM events WHERE message_id = 'bad'").unwrap();
        store.add(&[Stored { kind: kind.into(), body: body.into(), ..track("bad", "Seen", 0, &json!({})) }]);
        let text = refusal(&store, "out").to_string();
        assert!(text.starts_with("event 2 of the store cannot be read: ") && text.contains(word), "{text}");
    }
    let after = store::files(&store.path("out"));
    assert!(before.iter().all(|(name, held)| after.get(name) == Some(held)));
}

#[test]
fn stores_of_other_makes_are_refused_as_serve_refuses_them() {
    let store = Store::new();
    fs::remove_file(store.path("events.db")).unwrap();
    assert!(refusal(&store, "out").to_string().starts_with("there is no store "));
    let database = |sql: &str| {
        let _ = fs::remove_file(store.path("events.db"));
        Connection::open(store.path("events.db")).unwrap().execute_batch(sql).unwrap();
        refusal(&store, "out").to_string()
    };
    let foreign = database("CREATE TABLE notes (text)");
    assert!(foreign.contains("the database of another program"), "{foreign}");
    let newer = database("PRAGMA application_id = 0x74696465; PRAGMA user_version = 99");
    assert!(newer.contains("schema version 99"), "{newer}");
    fs::write(store.path("events.db"), "no database, but long enough to be looked at as one").unwrap();
    assert!(refusal(&store, "out").to_string().contains("file is not a database"));
    assert!(!store.path("out").exists());
}

#[test]
fn a_store_of_the_first_schema_is_read_as_it_is() {
    let store = Store::new();
    fs::remove_file(store.path("events.db")).unwrap();
    let old = Connection::open(store.path("events.db")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 0x74696465; PRAGMA user_version = 1;
         CREATE TABLE events (id INTEGER PRIMARY KEY, write_key TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL,
             received_at INTEGER NOT NULL, sent_at TEXT, body TEXT NOT NULL, UNIQUE (write_key, message_id)) STRICT;
         INSERT INTO events VALUES (7, 'k', 'm', 'page', 0, NULL, '{\"name\":\"Home\"}')",
    )
    .unwrap();
    let export = store.export(Format::Ndjson, "out");
    assert_eq!(export.rows("pages")[0]["name"], "Home");
    let version: i64 = old.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1);
}

#[test]
fn an_empty_store_has_no_tables() {
    let export = Store::new().export(Format::Parquet, "out");
    assert_eq!((export.manifest.events, export.tables().len()), (0, 0));
}

#[test]
fn an_export_is_of_one_moment_while_a_collector_writes() {
    let mut store = Store::with(&[track("first", "Seen", 0, &json!({ "n": 0 }))]);
    let options = store.options(Format::Ndjson, "out");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let exports = scope.spawn(|| {
            for _ in 0..10 {
                let manifest = export(&options).unwrap();
                assert_eq!(
                    manifest.tables.iter().map(|table| table.rows).collect::<Vec<_>>(),
                    [manifest.events, manifest.events]
                );
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut number = 0;
        while !done.load(Ordering::Relaxed) && !exports.is_finished() {
            number += 1;
            store.add(&[track(
                &format!("m{number}"),
                "Seen",
                number % 3,
                &json!({ "n": number, (format!("p{}", number % 50)): true }),
            )]);
        }
        assert!(number > 0);
    });
}

#[test]
fn columns_without_bound_are_kept_as_json() {
    let wide = |from: usize, to: usize| Value::Object((from..to).map(|n| (format!("p{n}"), n.into())).collect());
    let store = Store::with(&[track("a", "Wide", 0, &wide(0, 800)), track("b", "Wide", 0, &wide(700, 1_500))]);
    let export = store.export(Format::Ndjson, "out");
    let rows = export.rows("wide");
    for (row, range) in rows.iter().zip([0..800, 700..1_500]) {
        let extra: BTreeMap<String, Value> = serde_json::from_str(row["_extra"].as_str().unwrap_or("{}")).unwrap();
        for n in range {
            let held = row.get(&format!("p{n}")).or_else(|| extra.get(&format!("/properties/p{n}")));
            assert_eq!(held, Some(&n.into()), "p{n}");
        }
    }
    let found = export.manifest.tables[1].columns.iter().filter(|column| column.path.is_some()).count();
    assert_eq!(found, 1_000);
}

#[test]
fn a_day_of_many_rows_is_written_in_groups() {
    let wide = Value::Object((0..990).map(|n| (format!("p{n}"), n.into())).collect());
    let mut events = vec![track("wide", "Many", 0, &wide)];
    events.extend((0..2_200).map(|n| track(&format!("m{n}"), "Many", 0, &json!({ "p0": n }))));
    let store = Store::with(&events);
    let export = store.export(Format::Parquet, "out");
    let file = export.out.join("many/day=2026-01-01/part-0000.parquet");
    assert_eq!(SerializedFileReader::new(File::open(file).unwrap()).unwrap().num_row_groups(), 2);
    let read: Vec<i64> = export.rows("many")[1..].iter().map(|row| row["p0"].as_i64().unwrap()).collect();
    assert_eq!(read, (0..2_200).collect::<Vec<i64>>());
}

#[test]
fn what_sites_say_of_one_user_is_kept_apart() {
    let identify = |id: &str, key: &str, day: i64, traits: Value| Stored {
        kind: "identify".into(),
        write_key: key.into(),
        body: json!({ "userId": "u", "traits": traits }).to_string(),
        ..track(id, "", day, &json!({}))
    };
    let store = Store::with(&[
        identify("a", "one", 0, json!({ "plan": "free", "age": 7 })),
        identify("b", "two", 0, json!({ "plan": "other" })),
        identify("c", "one", 1, json!({ "plan": "pro", "age": null })),
    ]);
    let export = store.export(Format::Ndjson, "out");
    let users: Vec<[Value; 4]> =
        export.rows("users").iter().map(|row| ["write_key", "id", "plan", "age"].map(|name| row[name].clone())).collect();
    assert_eq!(
        users,
        [[json!("two"), json!("u"), json!("other"), Value::Null], [json!("one"), json!("u"), json!("pro"), Value::Null]]
    );
    assert_eq!(export.manifest.tables[1].files.iter().map(|file| file.rows).collect::<Vec<_>>(), [1, 1]);
}
