//! Browser bindings: carries out the core's effects on web-sys and feeds the outcomes back. It decides nothing.
#![cfg(target_arch = "wasm32")]

mod browser;
mod cookies;
mod core;
mod dom;
mod host;
mod lifecycle;
mod net;
mod promise;
mod storage;
mod tabs;
mod time;

pub use crate::core::Core;
pub use crate::host::Host;
