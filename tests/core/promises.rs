//! The promises of the core: one page at a time, and over random lives of one browser profile with several tabs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod invariants;
mod memory;
mod pages;
mod world;
#[path = "support/writer.rs"]
mod writer;
