//! One page at a time, and what it may rely on.

mod calls;
mod page;
mod tags;
