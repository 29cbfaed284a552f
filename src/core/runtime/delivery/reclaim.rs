//! Taking over the journal pages that a tab left behind.
//!
//! Every tab holds a Web Lock of its name while it lives. A lock that can be taken belongs to a tab that is gone; its
//! pages stay where they are and go one by one as they are acknowledged, so a crash anywhere repeats an event, never
//! loses one.

use super::super::Runtime;
use super::others::Purpose;
use crate::consent::Verdict;
use crate::effect::{Erasure, Notice};
use crate::ledger::DropReason;
use crate::queue::{ACK_PREFIX, EventRef, PAGE_PREFIX, Page, PageKey, Target};
use crate::text::concat;

pub(super) const LOCK_PREFIX: &str = "tg_tab.";
/// A tab that is just being closed gets this long for its last writes to arrive.
const SETTLE_MS: u64 = 1000;
/// A tab that lives is asked again after these, the last one over and over.
const ASK_AGAIN_MS: [u64; 4] = [500, 2000, 30_000, 300_000];

/// The tabs whose pages were found.
#[derive(Debug, Default)]
pub(super) struct Reclaim {
    tabs: Vec<Tab>,
    /// The acknowledgements of the page that is read next.
    acks: Option<String>,
    pub(super) locks: bool,
}

#[derive(Debug)]
struct Tab {
    name: String,
    next: Next,
    asked: usize,
}

/// What comes next for a tab, and when, on the monotonic clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    Ask(u64),
    Answer,
    Read(u64),
    /// It was taken over.
    Nothing,
}

impl Reclaim {
    pub(super) fn deadline(&self) -> Option<u64> {
        let at = |tab: &Tab| match tab.next {
            Next::Ask(at) | Next::Read(at) => Some(at),
            Next::Answer | Next::Nothing => None,
        };
        self.tabs.iter().filter_map(at).min()
    }
}

impl Runtime {
    /// Looks for tabs whose pages are stored.
    pub(super) fn find_other_tabs(&mut self) {
        self.list_pages(Purpose::Find, PAGE_PREFIX.to_owned());
    }

    /// Notes those tabs.
    fn note_other_tabs(&mut self, keys: &[String]) {
        let locks = self.delivery.reclaim.locks;
        for key in keys {
            let Some(page) = self.foreign(key) else { continue };
            let tabs = &mut self.delivery.reclaim.tabs;
            if tabs.iter().all(|tab| *tab.name != *page.tab) {
                let next = if locks { Next::Ask(self.now.mono) } else { Next::Read(self.now.mono.saturating_add(SETTLE_MS)) };
                tabs.push(Tab { name: String::from(&*page.tab), next, asked: 0 });
            }
        }
    }

    /// Does what is due for other tabs.
    pub(super) fn reclaim_due(&mut self) {
        let mut ready = Vec::new();
        for tab in &mut self.delivery.reclaim.tabs {
            match tab.next {
                Next::Ask(at) if at <= self.now.mono => {
                    tab.next = Next::Answer;
                    self.out.lock([LOCK_PREFIX, &tab.name], false);
                }
                Next::Read(at) if at <= self.now.mono => {
                    tab.next = Next::Nothing;
                    ready.push(concat(&[PAGE_PREFIX, &tab.name, "."]));
                }
                _ => {}
            }
        }
        for prefix in ready {
            self.list_pages(Purpose::Adopt, prefix);
        }
    }

    pub(super) fn tab_answered(&mut self, name: &str, taken: bool) {
        let name = name.strip_prefix(LOCK_PREFIX).unwrap_or("");
        let Some(tab) = self.delivery.reclaim.tabs.iter_mut().find(|tab| tab.name == name) else { return };
        let again = ASK_AGAIN_MS.get(tab.asked.min(ASK_AGAIN_MS.len() - 1)).copied().unwrap_or(SETTLE_MS);
        tab.asked += 1;
        tab.next = if taken {
            Next::Read(self.now.mono.saturating_add(SETTLE_MS))
        } else {
            Next::Ask(self.now.mono.saturating_add(again))
        };
    }

    pub(super) fn pages_listed(&mut self, keys: &[String], purpose: Purpose) {
        if purpose == Purpose::Find {
            return self.note_other_tabs(keys);
        }
        let mut pages: Vec<(PageKey, &String)> = Vec::new();
        for key in keys {
            if let Some(page) = self.foreign(key) {
                let at = pages.partition_point(|(other, _)| other.number < page.number);
                pages.insert(at, (page, key));
            }
        }
        for (page, key) in pages {
            self.out.read(&page.under(ACK_PREFIX));
            self.read_page(key, Purpose::Adopt);
        }
    }

    /// A page to take over, or its acknowledgements, was read.
    pub(super) fn take_page(&mut self, key: &str, value: Option<&str>) {
        if key.starts_with(ACK_PREFIX) {
            self.delivery.reclaim.acks = value.map(str::to_owned);
            return;
        }
        let acks = self.delivery.reclaim.acks.take();
        let (Some(text), Some(page_key)) = (value, self.foreign(key)) else { return };
        // It may be in local storage and in the copy.
        if self.journal.has(&page_key) {
            return;
        }
        let lane_of = |id: &str| self.config.destinations.iter().position(|destination| destination.id == id);
        match Page::read(page_key, text, acks.as_deref(), &lane_of) {
            Some(page) => self.adopt(page),
            None if Page::is_whole(text) => {}
            None => {
                self.remove_page(key);
                self.trouble("journal_torn", "");
            }
        }
    }

    fn adopt(&mut self, mut page: Page) {
        let mut orphans = page.targets.iter_mut().filter(|target| target.lane.is_none()).peekable();
        if orphans.peek().is_some() {
            orphans.for_each(|target| target.settled.fill(true));
            self.trouble("destination_gone", "");
        }
        let expired = page.at.saturating_add(self.config.queue.max_age_ms) < self.now.wall;
        let id = self.journal.adopt(page);
        if expired {
            self.give_up_adopted(id, u64::MAX, DropReason::Expired);
        }
        self.drop_if_empty(id);
        self.decide_page(id);
    }

    /// A page taken over, once consent has answered: what is allowed now goes on its way, what is denied goes.
    pub(super) fn decide_page(&mut self, id: u32) {
        self.enqueue_adopted(id);
        self.give_up_adopted(id, self.lanes_with(Verdict::Deny), DropReason::Withdrawn);
    }

    fn enqueue_adopted(&mut self, id: u32) {
        let Some(page) = self.journal.page_mut(id) else { return };
        for target in page.targets.iter_mut().filter(|target| !target.queued) {
            let Some(lane) = target.lane.and_then(|lane| self.lanes.get_mut(lane)) else { continue };
            if lane.verdict == Verdict::Allow {
                target.queued = true;
                for line in unsettled(target) {
                    lane.past.captured += 1;
                    lane.push(EventRef { page: id, line }, self.now.mono);
                }
            }
        }
    }

    /// Gives up what a page holds for a set of lanes, where it is not queued for them.
    fn give_up_adopted(&mut self, id: u32, lanes: u64, reason: DropReason) {
        let Some(page) = self.journal.page(id) else { return };
        let mut given_up = Vec::new();
        let mut gone = 0;
        for target in page.targets.iter().filter(|target| !target.queued && target.is_among(lanes)) {
            if let Some((at, lane)) = target.lane.and_then(|at| Some((at, self.lanes.get_mut(at)?))) {
                let events: Vec<EventRef> = unsettled(target).map(|line| EventRef { page: id, line }).collect();
                lane.past.captured += events.len() as u32;
                given_up.push((at, events));
                gone |= 1 << at;
            }
        }
        for (at, events) in given_up {
            self.lose_for_good(at, &events, reason);
        }
        if gone != 0 {
            self.journal.withdraw(id, gone, &mut self.out);
            if let Some(page) = self.journal.page(id).filter(|page| page.stored) {
                self.purge_page(&page.key.under(PAGE_PREFIX), gone);
            }
            if reason == DropReason::Withdrawn {
                // The journal's copy still has the page as it was.
                self.out.notify(Notice::Erase(Erasure::WhatIsDenied));
            }
        }
    }

    fn drop_if_empty(&mut self, id: u32) {
        if self.journal.page(id).is_some_and(Page::is_done) {
            self.journal.withdraw(id, 0, &mut self.out);
        }
    }
}

fn unsettled(target: &Target) -> impl Iterator<Item = u32> + '_ {
    target.settled.iter().enumerate().filter(|(_, settled)| !**settled).map(|(line, _)| line as u32)
}
