//! Stores to export, and what an export wrote.
#![allow(dead_code, reason = "each test file uses a part")]

use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;
use tidegate_collector::Server;
use tidegate_warehouse::{Format, Manifest, Options, export};

const CONFIG: &str = r#"{ "version": 1, "writeKey": "demo", "consent": { "model": "none", "purposes": { "analytics": {} } }, "destinations": [] }"#;

/// A collector's store in a folder of its own.
pub(crate) struct Store {
    folder: TempDir,
    connection: Connection,
}

/// An event to store.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) write_key: String,
    pub(crate) message_id: String,
    pub(crate) kind: String,
    pub(crate) received_at: i64,
    pub(crate) sent_at: Option<String>,
    pub(crate) body: String,
}

impl Store {
    /// An empty one.
    pub(crate) fn new() -> Self {
        static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(made_by_the_collector);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("events.db"), &*EMPTY).unwrap();
        let connection = Connection::open(folder.path().join("events.db")).unwrap();
        Store { folder, connection }
    }

    pub(crate) fn with(events: &[Stored]) -> Self {
        let mut store = Store::new();
        store.add(events);
        store
    }

    pub(crate) fn add(&mut self, events: &[Stored]) {
        let transaction = self.connection.transaction().unwrap();
        for event in events {
            let Stored { write_key, message_id, kind, received_at, sent_at, body } = event;
            transaction
                .execute(
                    "INSERT INTO events (write_key, message_id, type, received_at, sent_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![write_key, message_id, kind, received_at, sent_at, body],
                )
                .unwrap();
        }
        transaction.commit().unwrap();
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn options(&self, format: Format, out: &str) -> Options {
        Options { store: self.path("events.db"), format, out: self.path(out) }
    }

    pub(crate) fn export(&self, format: Format, out: &str) -> Export {
        let options = self.options(format, out);
        Export { manifest: export(&options).unwrap(), out: options.out }
    }
}

fn made_by_the_collector() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("tidegate.json"), CONFIG).unwrap();
    let options = tidegate_collector::Options {
        config: at("tidegate.json"),
        store: at("events.db"),
        port: 0,
        ..tidegate_collector::Options::default()
    };
    drop(tokio::runtime::Runtime::new().unwrap().block_on(Server::bind(options)).unwrap());
    // Moves what is in the write-ahead log into the file.
    Connection::open(at("events.db")).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    fs::read(at("events.db")).unwrap()
}

/// What an export wrote.
pub(crate) struct Export {
    pub(crate) manifest: Manifest,
    pub(crate) out: PathBuf,
}

/// A row, by column.
pub(crate) type Row = BTreeMap<String, Value>;

impl Export {
    pub(crate) fn tables(&self) -> Vec<&str> {
        self.manifest.tables.iter().map(|table| table.name.as_str()).collect()
    }

    /// The rows of a table, in the order of its files; none where there is no such table.
    pub(crate) fn rows(&self, table: &str) -> Vec<Row> {
        let Some(table) = self.manifest.tables.iter().find(|entry| entry.name == table) else { return Vec::new() };
        let mut rows = Vec::new();
        for file in &table.files {
            let of_file = match self.manifest.format {
                Format::Ndjson => of_ndjson(&self.out.join(&file.path)),
                Format::Parquet => crate::parquet::rows(&self.out.join(&file.path)),
            };
            assert_eq!(of_file.len() as u64, file.rows, "{}", file.path);
            rows.extend(of_file);
        }
        assert_eq!(rows.len() as u64, table.rows);
        rows
    }

    /// Every file below the directory but the lock, with what it holds.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.out)
    }
}

/// Every file below a directory but the lock of an export, with what it holds.
pub(crate) fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    push_files(out, out, &mut files);
    files.retain(|name, _| name != ".tidegate-export");
    files
}

fn of_ndjson(path: &Path) -> Vec<Row> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn push_files(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            push_files(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}
