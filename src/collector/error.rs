//! Why a collector cannot start.

use crate::store::StoreError;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use tidegate_core::config::Fault;

/// Why a collector cannot start; the text says what to do.
#[derive(Debug)]
pub enum StartError {
    /// The config file cannot be read.
    ConfigUnreadable(PathBuf, io::Error),
    /// The config is at fault in these places.
    ConfigFaults(PathBuf, Vec<Fault>),
    /// The store cannot be opened.
    Store(PathBuf, StoreError),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The read token is one of the write keys, which every visitor can see.
    ReadTokenIsPublic,
    /// Two sinks have this name.
    SameSink(String),
    /// The store knows no sink of this name, but these.
    NoSuchSink(String, Vec<String>),
    /// The system gave no thread for the writer or for the sinks.
    NoThread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::ConfigUnreadable(path, error) => {
                write!(f, "cannot read the config {}: {error}; name one with --config", path.display())
            }
            StartError::ConfigFaults(path, faults) => {
                for (index, Fault { pointer, message }) in faults.iter().enumerate() {
                    let end = if index + 1 < faults.len() { "\n" } else { "" };
                    write!(f, "{}: {}: {message}{end}", path.display(), if pointer.is_empty() { "/" } else { pointer })?;
                }
                Ok(())
            }
            StartError::Store(path, error) => write!(f, "cannot open the store {}: {error}", path.display()),
            StartError::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "port {} is taken by another program: stop it, or choose another with --port (PORT=… before npm start)",
                    address.port()
                )
            }
            StartError::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            StartError::ReadTokenIsPublic => {
                f.write_str("--read-token is a write key, which every visitor can see: choose a secret of its own")
            }
            StartError::SameSink(name) => {
                write!(f, "two sinks are called {name}, and would share a cursor: add name=… to the query of one --sink")
            }
            StartError::NoSuchSink(name, known) if known.is_empty() => {
                write!(f, "the store keeps events for no sink, so there is no {name}: leave out --drop-sink")
            }
            StartError::NoSuchSink(name, known) => {
                write!(
                    f,
                    "the store keeps events for no sink {name}, but for {}: name one of them with --drop-sink",
                    known.join(", ")
                )
            }
            StartError::NoThread(error) => write!(f, "the system gave no thread: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
