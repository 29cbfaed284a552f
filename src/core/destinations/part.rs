//! The way into what maps events for other platforms. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_wires_bg.wasm`): see js/scripts/build/split.mjs. So nothing here is called before it came.

use super::Answer;
use super::cut::{Batch, Beside, Pushed};
use super::wire::{Prelude, Wire, WiredRequest};
use crate::config::Destination;

/// An empty batch of at most so many events and bytes.
#[inline(never)]
pub fn batch(destination: &Destination, most_events: usize, most_bytes: usize) -> Batch {
    Batch::new(&Wire::of(destination), most_events, most_bytes)
}

/// Adds a finished event, JSON. The first one may be larger than a batch.
#[inline(never)]
pub fn push(batch: &mut Batch, destination: &Destination, event: &str) -> Pushed {
    batch.push(&Wire::of(destination), event)
}

/// The batch's request.
#[inline(never)]
pub fn request(batch: &Batch, destination: &Destination, beside: &Beside<'_>) -> WiredRequest {
    batch.request(&Wire::of(destination), beside)
}

/// What is to be asked before the batch, where its kind and settings want that.
#[inline(never)]
pub fn prelude(batch: &Batch, destination: &Destination, beside: &Beside<'_>) -> Option<Prelude> {
    batch.prelude(&Wire::of(destination), beside)
}

/// What a [`Prelude`] asked for, JSON, of an answer that has it.
///
/// # Errors
/// What another answer means for the events: [`Answer::Split`] where the platform will not hear of this visitor.
#[inline(never)]
pub fn known(destination: &Destination, status: u16, body: &str, retry_after_ms: Option<u64>) -> Result<String, Answer> {
    Wire::of(destination).known(status, body, retry_after_ms)
}

/// What an answer means for the batch.
#[inline(never)]
pub fn read_answer(destination: &Destination, batch_id: &str, status: u16, body: &str, retry_after_ms: Option<u64>) -> Answer {
    Wire::of(destination).read_answer(batch_id, status, body, retry_after_ms)
}
