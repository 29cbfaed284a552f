//! When servers want to hear again (`Retry-After`): it holds for the next page and for other tabs too.

use super::super::Runtime;
use crate::consent::Verdict;
use crate::destinations::LONGEST_WAIT_MS;
use crate::json::{digits, elements, member, members, push_member, whole};
use crate::keys::WAITS;
use crate::text::concat;

impl Runtime {
    /// Reads what other pages were told.
    pub(super) fn read_waits(&mut self) {
        self.out.read(WAITS);
    }

    /// Stores what this page was told, beside what others were.
    pub(super) fn store_waits(&mut self) {
        self.delivery.stores_waits = true;
        self.read_waits();
    }

    /// They were read: of each server, by the destination's address, since when and until when, in milliseconds since the Unix epoch.
    pub(super) fn waits_read(&mut self, stored: Option<&str>) {
        for (lane, destination) in self.lanes.iter_mut().zip(&self.config.destinations) {
            let mut times = elements(member(stored.unwrap_or(""), &destination.url).unwrap_or("")).filter_map(whole);
            // A clock that was put back cannot say how much of it is left: the server will.
            if let (Some(since), Some(until)) = (times.next(), times.next())
                && since <= self.now.wall
            {
                let left = until.min(since.saturating_add(LONGEST_WAIT_MS)).saturating_sub(self.now.wall);
                lane.held_until = lane.held_until.max(self.now.mono.saturating_add(left));
            }
        }
        if !std::mem::take(&mut self.delivery.stores_waits) {
            return;
        }
        let mut waits = String::from("{");
        for (lane, destination) in self.lanes.iter().zip(&self.config.destinations) {
            let left = lane.held_until.saturating_sub(self.now.mono);
            if left > 0 && lane.verdict == Verdict::Allow {
                let until = digits(self.now.wall.saturating_add(left));
                push_member(&mut waits, &destination.url, &concat(&["[", &digits(self.now.wall), ",", &until, "]"]));
            }
        }
        // What another project of the site was told stays.
        for (url, raw) in members(stored.unwrap_or("")) {
            let is_ours = self.config.destinations.iter().any(|destination| destination.url == *url);
            if !is_ours && elements(raw).last().and_then(whole).is_some_and(|until| until > self.now.wall) {
                push_member(&mut waits, &url, raw);
            }
        }
        waits.push('}');
        if waits.len() > 2 {
            self.out.write(WAITS, waits);
        } else if stored.is_some() {
            self.out.remove(WAITS);
        }
    }
}
