//! The events of `golden/events.ndjson` become the tables and scripts beside them. After a change that is meant, run the tests with
//! `TIDEGATE_BLESS=1` and read the difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod parquet;
mod store;

use serde::Deserialize;
use serde_json::value::RawValue;
use std::fs;
use std::path::Path;
use store::{Export, Store, Stored};
use tidegate_warehouse::Format;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    received_at: i64,
    sent_at: Option<String>,
    event: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    message_id: String,
}

fn stored(line: &str) -> Stored {
    let Line { received_at, sent_at, event } = serde_json::from_str(line).unwrap();
    let Head { kind, message_id } = serde_json::from_str(event.get()).unwrap();
    Stored { write_key: "demo".into(), message_id, kind, received_at, sent_at, body: event.get().to_owned() }
}

fn assert_golden(export: &Export, folder: &Path, wanted: impl Fn(&str) -> bool) {
    let mut files = export.files();
    files.retain(|name, _| wanted(name));
    if std::env::var_os("TIDEGATE_BLESS").is_some() {
        let _ = fs::remove_dir_all(folder);
        for (name, held) in &files {
            fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            fs::write(folder.join(name), held).unwrap();
        }
    }
    let golden = store::files(folder);
    assert_eq!(files.keys().collect::<Vec<_>>(), golden.keys().collect::<Vec<_>>());
    for (name, held) in &files {
        assert!(golden[name] == *held, "{name} is not that of {}; TIDEGATE_BLESS=1 writes it", folder.display());
    }
}

#[test]
fn the_tables_and_scripts_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/warehouse/golden");
    let events: Vec<Stored> = fs::read_to_string(folder.join("events.ndjson")).unwrap().lines().map(stored).collect();
    let store = Store::with(&events);
    let (lines, parquet) = (store.export(Format::Ndjson, "lines"), store.export(Format::Parquet, "parquet"));
    assert_golden(&lines, &folder.join("ndjson"), |_| true);
    assert_golden(&parquet, &folder.join("parquet"), |name| !name.ends_with(".parquet"));
    for name in lines.tables() {
        assert_eq!(lines.rows(name), parquet.rows(name), "{name}");
    }
}
