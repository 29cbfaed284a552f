//! What all requests share.

use crate::demo::Hits;
use crate::forward::Status;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::site::Site;
use crate::store::Reader;
use crate::writer::Writer;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One collector at work.
pub(crate) struct App {
    pub(crate) options: Options,
    pub(crate) site: Site,
    pub(crate) writer: Writer,
    pub(crate) reader: Mutex<Reader>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) hits: Mutex<Hits>,
    pub(crate) sinks: Vec<Arc<Status>>,
}

/// Takes a lock. What these locks guard stays valid whatever a holder did, so a poisoned one is as good.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
