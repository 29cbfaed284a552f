//! Taking over the journal pages that a tab left behind.
//!
//! Every tab holds a Web Lock of its name while it has pages. Where that can be taken, and a moment later again, the tab is gone; its
//! pages stay where they are and go one by one as they are acknowledged, so a crash anywhere repeats an event, never
//! loses one. Where there are no Web Locks (on plain http) a key of that name says when the tab was last there.

use super::super::Runtime;
use super::Delivery;
use super::others::Purpose;
use crate::consent::Verdict;
use crate::effect::{Erasure, Hold, Notice};
use crate::json::{digits, whole};
use crate::ledger::DropReason;
use crate::queue::{ACK_PREFIX, COPY_PREFIX, EventRef, PAGE_PREFIX, Page, PageKey, Target};
use crate::text::concat;

pub(super) const LOCK_PREFIX: &str = "tg_tab.";
/// A tab that is just being closed gets this long for its last writes to arrive.
const SETTLE_MS: u64 = 1000;
/// In September 2020, in milliseconds since the Unix epoch.
const FIRST_MS: u64 = 1_600_000_000_000;
/// A tab that lives is asked again after these, the last one over and over.
const ASK_AGAIN_MS: [u64; 4] = [500, 2000, 30_000, 300_000];
/// More than a year: a config keeps events for one at most.
const LONGEST_KEPT_MS: u64 = 366 * 24 * 3_600_000;
/// How often a tab without Web Locks says that it is there, and after how long it is not: timers of hidden pages may come once a minute.
const BEAT_MS: u64 = 30_000;
const DEAD_MS: u64 = 90_000;

/// The tabs whose pages were found.
#[derive(Debug, Default)]
pub(super) struct Reclaim {
    tabs: Vec<Tab>,
    /// The acknowledgements of the page that is read next.
    acks: Option<String>,
    /// Locks of other tabs were taken.
    pub(super) holds: bool,
    /// What early leavers left and this tab holds.
    pub(super) left: Vec<String>,
    /// When the next beat is due, on the monotonic clock; nothing while none is stored.
    beat: Option<u64>,
    /// Pages that the copy alone has and that are not this page's to take up, another project's or a newer version's: by their keys.
    pub(super) not_ours: Vec<(String, String)>,
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
    /// Whether it lives.
    Ask(u64),
    Asked,
    /// It did not seem to: to take it over.
    Take(u64),
    Taking,
    /// It was taken over.
    Nothing,
}

impl Reclaim {
    /// A tab is being taken over.
    fn is_under_way(&self) -> bool {
        self.tabs.iter().any(|tab| matches!(tab.next, Next::Asked | Next::Take(_) | Next::Taking))
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        let at = |tab: &Tab| match tab.next {
            Next::Ask(at) | Next::Take(at) => Some(at),
            Next::Asked | Next::Taking | Next::Nothing => None,
        };
        self.tabs.iter().filter_map(at).chain(self.beat).min()
    }
}

impl Runtime {
    /// Looks for tabs whose pages are stored.
    pub(super) fn find_other_tabs(&mut self) {
        self.list_pages(Purpose::Find, PAGE_PREFIX.to_owned());
    }

    /// Looks for beats of tabs that are gone: what shows that a tab lives is that its beat is there.
    pub(super) fn find_beats(&mut self) {
        if !self.locks {
            self.list_pages(Purpose::Beats, LOCK_PREFIX.to_owned());
        }
    }

    pub(super) fn beats_listed(&mut self, keys: &[String]) {
        for key in keys {
            self.out.read(key);
        }
    }

    /// Notes those tabs.
    fn note_other_tabs(&mut self, keys: &[String]) {
        for key in keys {
            let Some(page) = self.foreign(key) else {
                // Another project's: nobody else looks after what is of one that is gone.
                self.read_page(key, Purpose::Adopt);
                continue;
            };
            let tabs = &mut self.delivery.reclaim.tabs;
            if tabs.iter().all(|tab| *tab.name != *page.tab) {
                tabs.push(Tab { name: String::from(&*page.tab), next: Next::Ask(self.now.mono), asked: 0 });
            }
        }
    }

    /// Does what is due for other tabs.
    pub(super) fn reclaim_due(&mut self) {
        for tab in &mut self.delivery.reclaim.tabs {
            let (next, hold) = match tab.next {
                Next::Ask(at) if at <= self.now.mono => (Next::Asked, Hold::Probe),
                Next::Take(at) if at <= self.now.mono => (Next::Taking, Hold::Take),
                _ => continue,
            };
            tab.next = next;
            if self.locks {
                self.out.lock([LOCK_PREFIX, &tab.name], hold);
            } else {
                self.out.read(&concat(&[LOCK_PREFIX, &tab.name]));
            }
        }
    }

    /// Says that this tab is there while it has pages, and lets go of the locks that it holds for nothing.
    pub(super) fn show_life(&mut self) {
        let is_empty = self.journal.is_empty();
        if !self.locks {
            return self.beat(!is_empty);
        }
        let Delivery { reclaim, holds_own, others, .. } = &mut self.delivery;
        if !is_empty {
            if !*holds_own && self.journal.has_own() {
                self.hold_own();
            }
        } else if (reclaim.holds || *holds_own) && !reclaim.is_under_way() && others.is_idle() {
            (reclaim.holds, *holds_own) = (false, false);
            reclaim.left.clear();
            self.out.lock(["", ""], Hold::None);
        }
    }

    /// The same where there are no Web Locks. A page that goes has said nothing: if it lives on, it says so at once.
    fn beat(&mut self, lives: bool) {
        let key = concat(&[LOCK_PREFIX, self.journal.tab()]);
        let next = &mut self.delivery.reclaim.beat;
        if !lives || self.leaving {
            if next.is_some() {
                self.out.remove(&key);
                *next = lives.then_some(self.now.mono);
            }
        } else if next.is_none_or(|at| at <= self.now.mono) {
            *next = Some(self.now.mono.saturating_add(BEAT_MS));
            self.out.write(&key, digits(self.now.wall));
        }
    }

    /// When a tab was last there, in milliseconds since the Unix epoch.
    pub(super) fn beat_read(&mut self, key: &str, value: Option<&str>) {
        let lives = value.and_then(whole).is_some_and(|at| at.abs_diff(self.now.wall) < DEAD_MS);
        if value.is_some() && !lives {
            self.out.remove(key);
        }
        self.tab_answered(key, !lives);
    }

    /// Whether a tab is gone.
    pub(super) fn tab_answered(&mut self, name: &str, is_gone: bool) {
        let name = name.strip_prefix(LOCK_PREFIX).unwrap_or("");
        let Some(tab) = self.delivery.reclaim.tabs.iter_mut().find(|tab| tab.name == name) else { return };
        if !is_gone {
            let again = ASK_AGAIN_MS.get(tab.asked.min(ASK_AGAIN_MS.len() - 1)).copied().unwrap_or(SETTLE_MS);
            tab.asked += 1;
            tab.next = Next::Ask(self.now.mono.saturating_add(again));
        } else if tab.next == Next::Taking {
            tab.next = Next::Nothing;
            self.list_pages(Purpose::Adopt, concat(&[PAGE_PREFIX, name, "."]));
        } else {
            tab.next = Next::Take(self.now.mono.saturating_add(SETTLE_MS));
        }
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
        let copied = key.strip_prefix(COPY_PREFIX).map(|rest| concat(&[PAGE_PREFIX, rest]));
        let (key, stored) = (copied.as_deref().unwrap_or(key), copied.is_none());
        let Some(text) = value else { return };
        if text.is_empty() && !stored {
            return self.journal.leave_to_copy(key, &mut self.out);
        }
        let Some(page_key) = self.foreign(key) else { return self.leave(key, text, stored) };
        // It may be in local storage and in the copy.
        if self.journal.has(&page_key) {
            return;
        }
        let lane_of = |id: &str| self.config.destinations.iter().position(|destination| destination.id == id);
        match Page::read(page_key, text, acks.as_deref(), &lane_of) {
            Some(mut page) => {
                page.stored = stored;
                self.adopt(page);
                self.evict();
            }
            None if Page::is_whole(text) => self.leave(key, text, stored),
            None => {
                self.remove_page(key);
                self.trouble("journal_torn", "");
            }
        }
    }

    /// What is not this page's stays where it is, for longer than any config keeps it.
    fn leave(&mut self, key: &str, text: &str, stored: bool) {
        if !stored {
            self.delivery.reclaim.not_ours.push((key.to_owned(), text.to_owned()));
        } else if let Some(name) = key.strip_prefix(PAGE_PREFIX).filter(|_| !key.ends_with(&self.config.write_key))
            && Page::begun_at(text).is_some_and(|at| self.now.wall.saturating_sub(at) > LONGEST_KEPT_MS)
        {
            self.out.remove(key);
            self.out.remove(&concat(&[ACK_PREFIX, name]));
        }
    }

    /// Something is denied, and a newer version's pages may be for it: nothing is to bring them back once the copy has gone.
    pub(super) fn forget_not_ours(&mut self) {
        if self.lanes_with(Verdict::Deny) != 0 {
            let kept =
                std::mem::take(&mut self.delivery.reclaim.not_ours).into_iter().filter(|(key, _)| self.foreign(key).is_none());
            self.delivery.reclaim.not_ours = kept.collect();
        }
    }

    fn adopt(&mut self, mut page: Page) {
        for target in page.targets.iter_mut().filter(|target| target.lane.is_none()) {
            let events = unsettled(target).count() as u32;
            target.settled.fill(true);
            if events > 0 {
                self.destination_gone(&target.id, events);
            }
        }
        // A clock that stood before there was a Tidegate says nothing of an age.
        let age = if page.at < FIRST_MS { 0 } else { self.now.wall.saturating_sub(page.at) };
        page.begun = Some((self.now.mono as i64).saturating_sub(age as i64));
        let expired = self.is_expired(&page);
        let id = self.journal.adopt(page);
        if expired {
            self.give_up_adopted(id, u64::MAX, DropReason::Expired);
        }
        self.drop_if_empty(id);
        self.decide_page(id);
    }

    /// Told once and counted for every event: no destination is left to count them for.
    fn destination_gone(&mut self, id: &str, events: u32) {
        const CODE: &str = "destination_gone";
        self.trouble(CODE, &concat(&["\"", id, "\": ", &digits(events.into())]));
        if let Some((_, count)) = self.errors.iter_mut().find(|(code, _)| code == CODE) {
            *count += events - 1;
        }
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
