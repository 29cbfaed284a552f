//! From when until when a trigger fires.

use crate::config::{Hear, Place};
use crate::json::{member, text};
use crate::time::from_iso;

/// Milliseconds since the Unix epoch; the end is not in it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Schedule {
    from: u64,
    until: u64,
}

impl Schedule {
    pub(super) fn read(raw: &str, place: &Place<'_>, faults: &mut impl Hear) -> Self {
        let mut time = |key: &str, otherwise: u64| {
            member(raw, key).map_or(otherwise, |_| {
                from_iso(&text(raw, key)).unwrap_or_else(|| {
                    faults.add(&place.key(key), || "must be a time in UTC, such as \"2026-01-31T12:00:00Z\"".into());
                    otherwise
                })
            })
        };
        let schedule = Schedule { from: time("from", 0), until: time("until", u64::MAX) };
        if schedule.from >= schedule.until {
            faults.add(place, || "ends before it begins: it would never fire".into());
        }
        schedule
    }

    pub(super) fn is_unbounded(self) -> bool {
        (self.from, self.until) == (0, u64::MAX)
    }

    pub(super) fn holds(self, wall: u64) -> bool {
        (self.from..self.until).contains(&wall)
    }
}
