//! What destinations have not been told yet that they will never get: stored, so that a page that ends takes no account along.

use super::super::Runtime;
use super::left::LEFT_PREFIX;
use crate::config::Destination;
use crate::consent::Verdict;
use crate::json::{elements, member, push_member};
use crate::ledger::Loss;
use crate::queue::Lane;
use crate::text::{concat, cut};

/// What the name of the key begins with; the tab's name and the write key follow. The text is a JSON object of lists, by destination.
const PREFIX: &str = "lost.";
/// More of them are kept in memory alone.
const MOST_STORED: usize = 200;

impl Runtime {
    /// Stores them where they have changed.
    pub(super) fn store_losses(&mut self) {
        if !std::mem::take(&mut self.delivery.losses_changed) {
            return;
        }
        let mut text = String::from("{");
        for (lane, destination) in self.lanes.iter().zip(&self.config.destinations) {
            if lane.verdict != Verdict::Allow || lane.lost.is_empty() {
                continue;
            }
            let mut list = String::from("[");
            for loss in lane.lost.iter().take(MOST_STORED) {
                if list.len() > 1 {
                    list.push(',');
                }
                loss.push(&mut list, &destination.id);
            }
            list.push(']');
            push_member(&mut text, &destination.id, &list);
        }
        text.push('}');
        let key = self.losses_key();
        if text.len() > 2 {
            self.delivery.stores_losses = true;
            self.out.write(&key, text);
        } else if std::mem::take(&mut self.delivery.stores_losses) {
            self.out.remove(&key);
        }
    }

    fn losses_key(&self) -> String {
        concat(&[LEFT_PREFIX, PREFIX, self.journal.tab(), ".", &self.config.write_key])
    }

    /// Whether a key is of such a text, this tab's own or another one's.
    pub(super) fn has_losses(key: &str) -> bool {
        key.strip_prefix(LEFT_PREFIX).is_some_and(|rest| rest.starts_with(PREFIX))
    }

    /// Takes up another tab's, once it is decided for every destination that they are of. Where that tab lives both tell, and the receiver knows.
    pub(super) fn take_losses(&mut self, key: &str, stored: &str) {
        let waits = |(lane, destination): (&Lane, &Destination)| {
            lane.verdict == Verdict::Pending && member(stored, &destination.id).is_some()
        };
        // A tab's name is without a dot, a write key may have some.
        let is_of = |write_key: &str| cut(key.get(LEFT_PREFIX.len() + PREFIX.len()..)?, ".").map(|(_, of)| of == write_key);
        if key == self.losses_key()
            || is_of(&self.config.write_key) != Some(true)
            || self.lanes.iter().zip(&self.config.destinations).any(waits)
        {
            return;
        }
        for (lane, destination) in self.lanes.iter_mut().zip(&self.config.destinations) {
            if lane.verdict == Verdict::Allow {
                lane.lost
                    .extend(elements(member(stored, &destination.id).unwrap_or("")).filter_map(Loss::read).take(MOST_STORED));
            }
        }
        self.delivery.losses_changed = true;
        self.store_losses();
        self.out.remove(key);
    }
}
