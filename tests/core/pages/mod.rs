//! One page at a time, and what it may rely on.

mod calls;
mod consent;
mod page;
mod tags;
