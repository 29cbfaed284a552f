//! What holds for every store: each event is in its tables once, with all its values; and nothing that an event says is more than data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod made;
mod parquet;
mod store;

use made::{Made, events, stored};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use store::{Export, Row, Store};
use tidegate_warehouse::{Format, TableEntry, Type};

fn config(cases: u32) -> ProptestConfig {
    // More where a run is asked for more.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse::<u32>().ok()).map_or(cases, |more| more / 4);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn table<'a>(export: &'a Export, name: &str) -> &'a TableEntry {
    export.manifest.tables.iter().find(|table| table.name == name).unwrap()
}

/// The text that a cell must hold, or the number that it must be, of a value of JSON.
fn is_same(cell: &Value, kind: Type, json: &str) -> bool {
    match kind {
        Type::Boolean => cell.as_bool().is_some_and(|truth| json.parse() == Ok(truth)),
        Type::Integer => cell.as_i64().unwrap().to_string() == json,
        Type::Double => cell.as_f64().unwrap().to_bits() == json.parse::<f64>().unwrap().to_bits(),
        Type::Text => {
            let text = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
            cell.as_str() == Some(&text)
        }
        Type::Timestamp => false,
    }
}

/// Takes the values of a row that came from below `member` out of what is awaited.
fn assert_holds(table: &TableEntry, row: &Row, mut awaited: BTreeMap<String, String>) {
    for column in &table.columns {
        let cell = &row[&column.name];
        let Some(path) = &column.path else { continue };
        // What is no Unicode is in no text: it is awaited further below.
        let is_text = |json: &String| !json.starts_with('"') || serde_json::from_str::<String>(json).is_ok();
        let said = if awaited.get(path).is_some_and(is_text) { awaited.remove(path) } else { None };
        match said {
            None => assert!(cell.is_null(), "{}.{} is {cell}", table.name, column.name),
            Some(json) => assert!(is_same(cell, column.kind, &json), "{}.{}: {cell} for {json}", table.name, column.name),
        }
    }
    let extra: BTreeMap<String, Box<RawValue>> = serde_json::from_str(row["_extra"].as_str().unwrap_or("{}")).unwrap();
    for (path, json) in extra {
        assert_eq!(awaited.remove(&path).as_deref(), Some(json.get()), "{path}");
    }
    assert_eq!(awaited, BTreeMap::new(), "{}", table.name);
}

/// A page's name stands in a column of its own.
fn without_name(event: &Made, mut own: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let name = serde_json::to_string(&event.name).unwrap();
    if ["page", "screen"].contains(&event.kind) && own.get("/properties/name") == Some(&name) {
        own.remove("/properties/name");
    }
    own
}

fn assert_all_there(events: &[Made], export: &Export) {
    let mut rows: BTreeMap<String, Vec<(&str, Row)>> = BTreeMap::new();
    for name in export.tables() {
        for row in export.rows(name) {
            let id = row["id"].as_str().unwrap().to_owned();
            if name != "users" && name != "accounts" {
                rows.entry(id).or_default().push((name, row));
            }
        }
    }
    assert_eq!(export.manifest.events as usize, events.len());
    assert_eq!(rows.len(), events.len());
    for (event, stored) in events.iter().zip(stored(events)) {
        let rows = &rows[&stored.message_id];
        let (context, own) = event.leaves();
        let mut all = context.clone();
        // A page's category has a column of its own, which is not one of a path.
        let mut own = without_name(event, own);
        if let ("page" | "screen", Some(category)) = (event.kind, own.remove("/properties/category")) {
            assert!(is_same(&rows[0].1["category"], Type::Text, &category));
        }
        all.extend(own);
        let (name, row) = &rows[0];
        match event.kind {
            "track" => {
                assert_eq!((rows.len(), *name), (2, "tracks"));
                assert_holds(table(export, name), row, context);
                let (name, of_event) = &rows[1];
                assert_holds(table(export, name), of_event, all);
                for row in [row, of_event] {
                    assert_eq!((&row["event"], &row["event_text"]), (&Value::from(*name), &Value::from(event.name.as_str())));
                }
            }
            kind => {
                let tables = [
                    ("page", "pages"),
                    ("screen", "screens"),
                    ("identify", "identifies"),
                    ("group", "groups"),
                    ("alias", "aliases"),
                ];
                assert_eq!((rows.len(), tables.contains(&(kind, name))), (1, true));
                assert_holds(table(export, name), row, all);
                let column = match kind {
                    "group" => "group_id",
                    "alias" => "previous_id",
                    "identify" => continue,
                    _ => "name",
                };
                assert_eq!(row[column], Value::from(event.name.as_str()));
            }
        }
        assert_eq!(row["user_id"], Value::from(event.user));
    }
}

/// Users by ID, with the latest of each trait: a trait that is said again replaces the earlier one whole.
fn assert_latest(events: &[Made], export: &Export) {
    let mut users: BTreeMap<&str, (usize, BTreeMap<&str, &made::Json>)> = BTreeMap::new();
    for (number, event) in events.iter().enumerate() {
        if let ("identify", Some(user), made::Json::Object(traits)) = (event.kind, event.user, &event.own) {
            let entry = users.entry(user).or_default();
            entry.0 = number;
            entry.1.extend(traits.iter().map(|(name, value)| (name.as_str(), value)));
        }
    }
    let rows = export.rows("users");
    assert_eq!(rows.len(), users.len());
    for row in rows {
        let (last, traits) = &users[row["id"].as_str().unwrap()];
        let mut awaited = events[*last].leaves().0;
        for (name, value) in traits {
            value.leaves(&format!("/traits/{}", name.replace('~', "~0").replace('/', "~1")), &mut awaited);
        }
        assert_holds(table(export, "users"), &row, awaited);
    }
}

/// The identifiers and texts of a script, and how many statements it has.
fn read_sql(script: &str) -> (Vec<String>, usize) {
    let (mut quoted, mut statements) = (Vec::new(), 0);
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '`' | '\'' => quoted.push(chars.by_ref().take_while(|next| *next != c).collect()),
            '-' if chars.peek() == Some(&'-') => drop(chars.by_ref().find(|next| *next == '\n')),
            ';' => statements += 1,
            _ => assert!(c.is_ascii_alphanumeric() || " \n(),={}[]_@/:*".contains(c), "{c:?}"),
        }
    }
    (quoted, statements)
}

fn assert_tame(export: &Export) {
    let files = export.files();
    let tables = export.manifest.tables.len();
    for (name, awaited) in [("duckdb.sql", 2 + 2 * tables), ("snowflake.sql", 2 + 2 * tables), ("bigquery.sql", tables)] {
        let (quoted, statements) = read_sql(std::str::from_utf8(&files[name]).unwrap());
        assert_eq!(statements, awaited, "{name}");
        for text in quoted {
            let tame = |c: char| c.is_ascii_alphanumeric() || "_/.*:-".contains(c);
            assert!(!text.is_empty() && text.chars().all(tame) && !text.contains("--") && !text.contains(".."), "{name}: {text}");
        }
    }
    for table in &export.manifest.tables {
        let names: BTreeSet<String> = table.columns.iter().map(|column| column.name.to_ascii_uppercase()).collect();
        assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        assert!(!names.contains("DAY") && names.iter().all(|name| name.len() <= 127));
    }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn every_event_is_in_its_tables_once_with_all_its_values(events in events()) {
        let store = Store::with(&stored(&events));
        let export = store.export(Format::Ndjson, "out");
        assert_all_there(&events, &export);
        assert_latest(&events, &export);
        assert_tame(&export);
    }

    #[test]
    fn parquet_holds_what_ndjson_does(events in events()) {
        let store = Store::with(&stored(&events));
        let (lines, parquet) = (store.export(Format::Ndjson, "lines"), store.export(Format::Parquet, "parquet"));
        prop_assert_eq!(lines.tables(), parquet.tables());
        for name in lines.tables() {
            prop_assert_eq!(lines.rows(name), parquet.rows(name), "{}", name);
        }
        assert_tame(&parquet);
    }

    #[test]
    fn names_stay_when_events_come_and_a_second_run_is_as_a_first_one(first in events(), then in events()) {
        let all: Vec<Made> = first.iter().chain(&then).cloned().collect();
        let (earlier, later) = (stored(&first), stored(&all)[first.len()..].to_vec());
        let mut store = Store::with(&earlier);
        let before = store.export(Format::Parquet, "out").manifest;
        store.add(&later);
        let again = store.export(Format::Parquet, "out");
        for table in &before.tables {
            let of_table = |path: &str| {
                let columns = &again.manifest.tables.iter().find(|entry| entry.name == table.name).unwrap().columns;
                columns.iter().find(|column| column.path.as_deref() == Some(path)).unwrap().name.clone()
            };
            for column in &table.columns {
                if let Some(path) = &column.path {
                    prop_assert_eq!(&of_table(path), &column.name);
                }
            }
        }
        prop_assert!(again.files() == store.export(Format::Parquet, "fresh").files());
    }
}
