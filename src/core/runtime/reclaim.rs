//! Journal pages of other tabs: taking over what a tab left behind, and purging what consent no longer covers.
//!
//! Every tab holds a Web Lock of its name while it lives. A lock that can be taken belongs to a tab that is gone; its
//! pages stay where they are and go one by one as they are acknowledged, so a crash anywhere repeats an event, never
//! loses one.

use super::Runtime;
use crate::consent::Verdict;
use crate::ledger::DropReason;
use crate::queue::{ACK_PREFIX, EventRef, PAGE_PREFIX, Page, PageKey, Target};
use crate::text::concat;
use crate::time::Now;

const LOCK_PREFIX: &str = "tg_tab.";
/// A tab that is just being closed gets this long for its last writes to arrive.
const SETTLE_MS: u64 = 1000;
/// A tab that lives is asked again after these, the last one over and over.
const ASK_AGAIN_MS: [u64; 4] = [500, 2000, 30_000, 300_000];

/// What is known of other tabs.
#[derive(Debug, Default)]
pub(super) struct Reclaim {
    tabs: Vec<Tab>,
    /// What the lists asked for are for, in order.
    lists: Vec<Purpose>,
    /// What the pages being read are for, in order.
    reads: Vec<(String, Purpose)>,
    /// The acknowledgements of the page that is read next.
    acks: Option<String>,
    /// The lanes that purges under way are for. Two of one task read the same text, so that the later write stands for
    /// both.
    purged: u64,
    locks: bool,
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

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Purpose {
    Adopt,
    Purge,
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
    /// Notes the tabs whose pages are stored, and takes this tab's own lock.
    pub(super) fn note_other_tabs(&mut self, keys: &[String], locks: bool, now: Now) {
        self.reclaim.locks = locks;
        if locks {
            self.out.lock([LOCK_PREFIX, self.journal.tab()], true);
        }
        for key in keys {
            let Some(page) = self.foreign(key) else { continue };
            if self.reclaim.tabs.iter().all(|tab| *tab.name != *page.tab) {
                let next = if locks { Next::Ask(now.mono) } else { Next::Read(now.mono.saturating_add(SETTLE_MS)) };
                self.reclaim.tabs.push(Tab { name: String::from(&*page.tab), next, asked: 0 });
            }
        }
    }

    /// A page of this project, held by another tab.
    fn foreign(&self, key: &str) -> Option<PageKey> {
        let page = PageKey::parse(key.strip_prefix(PAGE_PREFIX)?)?;
        (*page.write_key == *self.config.write_key && page.tab != *self.journal.tab()).then_some(page)
    }

    /// Does what is due for other tabs.
    pub(super) fn reclaim_due(&mut self, now: Now) {
        let Reclaim { tabs, lists, .. } = &mut self.reclaim;
        for tab in tabs.iter_mut() {
            match tab.next {
                Next::Ask(at) if at <= now.mono => {
                    tab.next = Next::Answer;
                    self.out.lock([LOCK_PREFIX, &tab.name], false);
                }
                Next::Read(at) if at <= now.mono => {
                    tab.next = Next::Nothing;
                    lists.push(Purpose::Adopt);
                    self.out.list(concat(&[PAGE_PREFIX, &tab.name, "."]));
                }
                _ => {}
            }
        }
    }

    pub(super) fn lock(&mut self, name: &str, taken: bool, now: Now) {
        let name = name.strip_prefix(LOCK_PREFIX).unwrap_or("");
        let Some(tab) = self.reclaim.tabs.iter_mut().find(|tab| tab.name == name) else { return };
        let again = ASK_AGAIN_MS.get(tab.asked.min(ASK_AGAIN_MS.len() - 1)).copied().unwrap_or(SETTLE_MS);
        tab.asked += 1;
        tab.next = if taken { Next::Read(now.mono.saturating_add(SETTLE_MS)) } else { Next::Ask(now.mono.saturating_add(again)) };
    }

    /// Consent was withdrawn: what other tabs have queued for it must leave local storage too.
    pub(super) fn purge_other_tabs(&mut self, lanes: u64) {
        let Reclaim { lists, reads, purged, .. } = &mut self.reclaim;
        if !lists.iter().chain(reads.iter().map(|(_, purpose)| purpose)).any(|purpose| *purpose == Purpose::Purge) {
            *purged = 0;
        }
        *purged |= lanes;
        lists.push(Purpose::Purge);
        self.out.list(PAGE_PREFIX.to_owned());
    }

    pub(super) fn keys_listed(&mut self, keys: &[String]) {
        if self.reclaim.lists.is_empty() {
            return;
        }
        let purpose = self.reclaim.lists.remove(0);
        let mut pages: Vec<(PageKey, &String)> = Vec::new();
        for key in keys {
            if let Some(page) = self.foreign(key) {
                let at = pages.partition_point(|(other, _)| other.number < page.number);
                pages.insert(at, (page, key));
            }
        }
        for (page, key) in pages {
            if purpose == Purpose::Adopt {
                self.out.read(&page.under(ACK_PREFIX));
            }
            self.reclaim.reads.push((key.clone(), purpose));
            self.out.read(key);
        }
    }

    /// A page, or its acknowledgements, was read.
    pub(super) fn page_read(&mut self, key: &str, value: Option<&str>, now: Now) {
        if key.starts_with(ACK_PREFIX) {
            self.reclaim.acks = value.map(str::to_owned);
            return;
        }
        let Some(at) = self.reclaim.reads.iter().position(|(wanted, _)| wanted == key) else { return };
        let (_, purpose) = self.reclaim.reads.remove(at);
        let acks = if purpose == Purpose::Adopt { self.reclaim.acks.take() } else { None };
        let (Some(text), Some(page_key)) = (value, self.foreign(key)) else { return };
        let lane_of = |id: &str| self.config.destinations.iter().position(|destination| destination.id == id);
        match Page::read(page_key, text, acks.as_deref(), &lane_of) {
            Some(page) if purpose == Purpose::Adopt => self.adopt(page, now),
            Some(page) => self.purge(page),
            None if Page::is_whole(text) => {}
            None => {
                self.out.remove(key);
                if let Some(page) = self.foreign(key) {
                    self.out.remove(&page.under(ACK_PREFIX));
                }
                self.trouble("journal_torn", "");
            }
        }
    }

    fn adopt(&mut self, mut page: Page, now: Now) {
        let mut orphans = page.targets.iter_mut().filter(|target| target.lane.is_none()).peekable();
        if orphans.peek().is_some() {
            orphans.for_each(|target| target.settled.fill(true));
            self.trouble("destination_gone", "");
        }
        let expired = page.at.saturating_add(self.config.queue.max_age_ms) < now.wall;
        let id = self.journal.adopt(page);
        if expired {
            self.give_up_adopted(id, u64::MAX, DropReason::Expired);
        }
        self.drop_if_empty(id);
        self.requeue_adopted(now);
    }

    /// Pages taken over, once consent has answered: what is allowed now goes on its way, what is denied goes.
    pub(super) fn requeue_adopted(&mut self, now: Now) {
        for id in self.journal.ids() {
            self.enqueue_adopted(id, now);
            self.give_up_adopted(id, self.lanes_with(Verdict::Deny), DropReason::Withdrawn);
        }
    }

    fn enqueue_adopted(&mut self, id: u32, now: Now) {
        let Some(page) = self.journal.page_mut(id) else { return };
        for target in page.targets.iter_mut().filter(|target| !target.queued) {
            let Some(lane) = target.lane.and_then(|lane| self.lanes.get_mut(lane)) else { continue };
            if lane.verdict == Verdict::Allow {
                target.queued = true;
                for line in unsettled(target) {
                    lane.past.captured += 1;
                    lane.push(EventRef { page: id, line }, now.mono);
                }
            }
        }
    }

    /// Gives up what a page holds for a set of lanes, where it is not queued for them.
    fn give_up_adopted(&mut self, id: u32, lanes: u64, reason: DropReason) {
        let Some(page) = self.journal.page(id) else { return };
        let mut gone = 0;
        for target in page.targets.iter().filter(|target| !target.queued && target.is_among(lanes)) {
            if let Some((at, lane)) = target.lane.and_then(|at| Some((at, self.lanes.get_mut(at)?))) {
                let events = unsettled(target).count() as u32;
                lane.past.captured += events;
                lane.past.drop(reason, events);
                gone |= 1 << at;
            }
        }
        if gone != 0 {
            self.journal.withdraw(id, gone, &mut self.out);
        }
    }

    fn drop_if_empty(&mut self, id: u32) {
        if self.journal.page(id).is_some_and(Page::is_done) {
            self.journal.withdraw(id, 0, &mut self.out);
        }
    }

    /// Takes what has no grant any more out of another tab's page. That tab hears of the change itself.
    fn purge(&mut self, mut page: Page) {
        let changed = page.take_out(self.reclaim.purged);
        if page.targets.is_empty() {
            self.out.remove(&page.key.under(PAGE_PREFIX));
            self.out.remove(&page.key.under(ACK_PREFIX));
        } else if changed {
            self.out.write(&page.key.under(PAGE_PREFIX), page.write());
        }
    }
}

fn unsettled(target: &Target) -> impl Iterator<Item = u32> + '_ {
    target.settled.iter().enumerate().filter(|(_, settled)| !**settled).map(|(line, _)| line as u32)
}
