//! One page at a time, and what it may rely on.

mod calls;
mod consent;
mod copy;
mod delivery;
mod identity;
mod outages;
pub(crate) mod page;
mod plugins;
mod sequences;
mod strings;
mod tabs;
mod tags;
mod triggers;
mod variables;
mod vendors;
mod wires;
