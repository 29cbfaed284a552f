//! One page at a time, and what it may rely on.

mod calls;
mod consent;
mod delivery;
pub(crate) mod page;
mod plugins;
mod tags;
