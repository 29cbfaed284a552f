//! Custom HTML and custom JavaScript: what is recognised is said as data, what is not is left out. Nothing is ever run.

mod brackets;
pub(super) mod function;
pub(super) mod html;
pub(super) mod js;
mod literals;
mod reader;
pub(super) mod script;
mod statements;
pub(super) mod vendors;
