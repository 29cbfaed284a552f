//! What an operator may choose.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

/// Settings of one collector. `Options::default()` serves the demo store from the repository root.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `tidegate.json` whose write keys are accepted and whose consent rules explain the events.
    pub config: PathBuf,
    /// The SQLite file that keeps the events; made, with its folder, if it is missing.
    pub store: PathBuf,
    /// The address to listen on.
    pub bind: IpAddr,
    /// The port to listen on; 0 lets the system choose.
    pub port: u16,
    /// The folder behind `/`: the demo store and the live view.
    pub www: PathBuf,
    /// The folder behind `/dist/`: the built SDK.
    pub dist: PathBuf,
    /// Lets reads through from beyond loopback when they carry it as a bearer token.
    pub read_token: Option<String>,
    /// Host names that reads may be addressed to, besides those of loopback.
    pub hosts: Vec<String>,
    /// For how long events are kept after every sink has them, or after they came where there is no sink; for ever
    /// if `None`. Their `messageId`s stay known.
    pub keep: Option<Duration>,
    /// Names of sinks that events are no longer kept for.
    pub drop_sinks: Vec<String>,
    /// How many batches may wait for the writer before more are turned away with 429.
    pub max_queue: usize,
    /// How many connections may be open; further ones wait in the system's backlog.
    pub max_connections: usize,
    /// How long a client may take to send a request's header.
    pub header_timeout: Duration,
    /// How long a client may take to send a request's body, or to take in a piece of the answer.
    pub body_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            config: "www/tidegate.json".into(),
            store: ".data/events.db".into(),
            bind: Ipv4Addr::LOCALHOST.into(),
            port: 4100,
            www: "www".into(),
            dist: "dist".into(),
            read_token: None,
            hosts: Vec::new(),
            keep: None,
            drop_sinks: Vec::new(),
            max_queue: 256,
            max_connections: 512,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(15),
        }
    }
}
