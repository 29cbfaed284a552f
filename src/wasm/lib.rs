//! Browser bindings: carries out the core's effects on web-sys and feeds the outcomes back. It decides nothing.
#![cfg(target_arch = "wasm32")]

mod browser;
mod explain;
mod exports;
mod host;
mod memory;
mod storage;
mod tags;

pub use crate::exports::{ask, call, start, tell};
pub use crate::host::Host;
