//! A collector on a port of its own, in this process, with a config, a store and folders of its own.
#![allow(dead_code, reason = "each test file uses a part")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use tempfile::TempDir;
use tidegate_collector::{Options, Server, Sink, StartError};
use tokio::sync::oneshot;

const CONFIG: &str = r#"{
  "version": 1,
  "writeKey": "demo",
  "consent": { "model": "opt-in", "purposes": { "analytics": {}, "advertising": {} } },
  "destinations": [
    { "id": "collector", "kind": "segment", "url": "/v1/batch", "consent": { "allOf": ["analytics"] } },
    { "id": "second", "kind": "segment", "url": "/v1/batch", "writeKey": "other", "consent": { "allOf": ["analytics"] } }
  ],
  "triggers": [ { "id": "everything", "kind": "event", "event": "*" } ],
  "tags": [ { "id": "pixel", "template": "custom-pixel", "params": { "src": "/demo/pixel.gif" }, "consent": { "allOf": ["advertising"] }, "fireOn": ["everything"] } ]
}"#;

/// A running collector; stops when dropped.
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    folder: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Self {
        Self::within(tempfile::tempdir().unwrap(), change)
    }

    /// Starts on what an earlier one left behind.
    pub(crate) fn within(folder: TempDir, change: impl FnOnce(&mut Options)) -> Self {
        Self::forwarding(folder, Vec::new(), change)
    }

    /// Starts one that hands events on.
    pub(crate) fn forwarding(folder: TempDir, sinks: Vec<Box<dyn Sink>>, change: impl FnOnce(&mut Options)) -> Self {
        let options = options(&folder, change);
        let (stop, stopped) = oneshot::channel();
        let (started, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let server = Server::bind_with(options, sinks).await.unwrap();
                started.send(server.address()).unwrap();
                server.run(async { drop(stopped.await) }).await;
            });
        });
        let address = address.recv().unwrap();
        Collector { address, folder: Some(folder), stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.as_ref().unwrap().path().join(name)
    }

    /// Another program that holds the store's write lock until it is dropped.
    pub(crate) fn lock_store(&self) -> rusqlite::Connection {
        let other = rusqlite::Connection::open(self.path("store.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        other
    }

    /// Asks it to stop, without waiting.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Stops it and hands back its folder.
    pub(crate) fn stop(mut self) -> TempDir {
        self.ask_to_stop();
        self.thread.take().unwrap().join().unwrap();
        self.folder.take().unwrap()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.ask_to_stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Why a collector does not start.
pub(crate) fn refusal(folder: &TempDir, change: impl FnOnce(&mut Options)) -> StartError {
    refusal_of(folder, Vec::new(), change)
}

/// Why a collector that hands events on does not start.
pub(crate) fn refusal_of(folder: &TempDir, sinks: Vec<Box<dyn Sink>>, change: impl FnOnce(&mut Options)) -> StartError {
    let options = options(folder, change);
    let bound = tokio::runtime::Runtime::new().unwrap().block_on(Server::bind_with(options, sinks));
    bound.err().expect("it must not start")
}

fn options(folder: &TempDir, change: impl FnOnce(&mut Options)) -> Options {
    let at = |name: &str| folder.path().join(name);
    if !at("tidegate.json").exists() {
        write(&at("tidegate.json"), CONFIG);
    }
    let mut options = Options {
        config: at("tidegate.json"),
        store: at("store.db"),
        www: at("www"),
        dist: at("dist"),
        port: 0,
        ..Options::default()
    };
    change(&mut options);
    options
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
