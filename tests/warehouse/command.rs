//! `tidegate export` as a command: exit codes, and what goes where. What it writes is tested beside this file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../collector/http.rs"]
mod http;
#[path = "../collector/process.rs"]
mod process;

use http::post;
use process::{Serving, run};
use serde_json::{Value, json};

const EXPORT: [&str; 7] = ["export", "--store", "events.db", "--format", "parquet", "--out", "tables"];

#[test]
fn a_running_collectors_store_is_exported_and_told_as_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path());
    let event = json!({ "type": "track", "messageId": "m1", "event": "Order Completed", "properties": { "revenue": 42 } });
    let body = json!({ "writeKey": "demo", "batch": [event] }).to_string();
    assert_eq!(post(serving.address, "/v1/batch", body).status, 200);
    let (status, out, err) = run(folder.path(), &EXPORT);
    assert_eq!((status, err.as_str()), (0, ""));
    let manifest: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&manifest["format"], &manifest["events"]), (&json!("parquet"), &json!(1)));
    let tables: Vec<&Value> = manifest["tables"].as_array().unwrap().iter().map(|table| &table["name"]).collect();
    assert_eq!(tables, ["tracks", "order_completed"]);
    for table in manifest["tables"].as_array().unwrap() {
        assert_eq!((&table["rows"], &table["files"][0]["rows"]), (&json!(1), &json!(1)));
        assert!(folder.path().join("tables").join(table["files"][0]["path"].as_str().unwrap()).is_file());
    }
    let revenue = manifest["tables"][1]["columns"].as_array().unwrap().iter().find(|column| column["name"] == "revenue");
    assert_eq!(revenue, Some(&json!({ "name": "revenue", "type": "integer", "path": "/properties/revenue" })));
    assert_eq!(std::fs::read_to_string(folder.path().join("tables/manifest.json")).unwrap(), out);
}

#[test]
fn a_store_that_is_not_there_is_at_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (status, out, err) = run(folder.path(), &EXPORT);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(err, "tidegate: there is no store events.db: name with --store the file that tidegate serve keeps events in\n");
    assert!(!folder.path().join("tables").exists());
}

#[test]
fn wrong_usage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["export"][..], "--format parquet|ndjson --out DIR"),
        (&["export", "--store", "s", "--out", "o"], "a format"),
        (&["export", "--format", "csv"], "\"csv\" is unknown: it is parquet or ndjson"),
        (&["export", "--since", "yesterday"], "--since"),
        (&["export", "tables"], "tables"),
    ] {
        let (status, out, err) = run(folder.path(), arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(word), "{arguments:?}: {err}");
    }
    let (status, out, _) = run(folder.path(), &["export", "--help"]);
    assert!(status == 0 && out.contains("day=YYYY-MM-DD"), "{out}");
}
