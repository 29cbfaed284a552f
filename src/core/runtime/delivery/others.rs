//! Journal pages of other tabs: reading them, and taking out of them what consent no longer covers.

use super::super::Runtime;
use super::part;
use crate::queue::{ACK_PREFIX, PAGE_PREFIX, Page, PageKey};

/// What a list or a read is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// Tabs that left something.
    Find,
    /// Taking over what one left.
    Adopt,
    /// Taking out what consent no longer covers.
    Purge,
    /// Calls of pages that no core came to.
    Left,
    /// When tabs without Web Locks were last there.
    Beats,
}

/// What was asked for and has not come yet.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// What the lists are for, in order.
    lists: Vec<Purpose>,
    /// The keys of the pages, and what they are for, in order.
    reads: Vec<(String, Purpose)>,
    /// The destinations that purges under way are for, a bit each. Two of one task read the same text, so that the later write
    /// stands for both.
    purged: u64,
}

impl Others {
    /// Whether nothing was asked for that is still to come.
    pub(super) fn is_idle(&self) -> bool {
        self.lists.is_empty() && self.reads.is_empty()
    }

    // Base and part have one each.
    #[inline(always)]
    fn purging(&mut self, lanes: u64) {
        let Others { lists, reads, purged } = self;
        if !lists.iter().chain(reads.iter().map(|(_, purpose)| purpose)).any(|purpose| *purpose == Purpose::Purge) {
            *purged = 0;
        }
        *purged |= lanes;
    }
}

impl Runtime {
    /// Consent was withdrawn: what other tabs have queued for it must leave local storage too.
    pub(in crate::runtime) fn purge_other_tabs(&mut self, lanes: u64) {
        self.delivery.others.purging(lanes);
        self.list_pages(Purpose::Purge, PAGE_PREFIX.to_owned());
    }

    /// The same of one page.
    pub(super) fn purge_page(&mut self, key: &str, lanes: u64) {
        self.delivery.others.purging(lanes);
        self.read_page(key, Purpose::Purge);
    }

    pub(super) fn list_pages(&mut self, purpose: Purpose, prefix: String) {
        self.delivery.others.lists.push(purpose);
        self.out.list(prefix);
    }

    pub(super) fn read_page(&mut self, key: &str, purpose: Purpose) {
        self.delivery.others.reads.push((key.to_owned(), purpose));
        self.out.read(key);
    }

    pub(in crate::runtime) fn keys_listed(&mut self, keys: &[String]) {
        if self.delivery.others.lists.is_empty() {
            return;
        }
        let purpose = self.delivery.others.lists.remove(0);
        if purpose != Purpose::Purge {
            return part::listed(self, keys, purpose);
        }
        for key in keys {
            if self.foreign(key).is_some() {
                self.read_page(key, Purpose::Purge);
            }
        }
    }

    /// A page, its acknowledgements, or receipts were read.
    pub(in crate::runtime) fn page_read(&mut self, key: &str, value: Option<&str>) {
        let reads = &mut self.delivery.others.reads;
        let purpose = match reads.iter().position(|(wanted, _)| wanted == key) {
            Some(at) => reads.remove(at).1,
            None => Purpose::Adopt,
        };
        match (value, purpose) {
            (Some(text), Purpose::Purge) => self.purge(key, text),
            _ if self.delivery.part.is_here => part::read(self, key, value),
            _ => {}
        }
    }

    /// That tab hears of the change itself.
    fn purge(&mut self, key: &str, text: &str) {
        let destinations = &self.config.destinations;
        let purged = self.delivery.others.purged;
        let is_gone = |id: &str| destinations.iter().position(|known| known.id == id).is_some_and(|at| purged >> at & 1 == 1);
        match Page::without(text, &is_gone) {
            Some(rest) if rest.is_empty() => self.remove_page(key),
            Some(rest) => self.out.write(key, rest),
            None => {}
        }
    }

    pub(super) fn remove_page(&mut self, key: &str) {
        self.out.remove(key);
        if let Some(page) = self.foreign(key) {
            self.out.remove(&page.under(ACK_PREFIX));
        }
    }

    /// A page of this project, held by another tab.
    pub(super) fn foreign(&self, key: &str) -> Option<PageKey> {
        let page = PageKey::parse(key.strip_prefix(PAGE_PREFIX)?)?;
        (*page.write_key == *self.config.write_key && page.tab != *self.journal.tab()).then_some(page)
    }
}
