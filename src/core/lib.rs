//! The behaviour of Tidegate as a state machine without I/O.
#![forbid(unsafe_code)]
