//! All pages of this tab, and those it took over from tabs that are gone.

use super::page::{ACK_PREFIX, PAGE_PREFIX};
use super::{EventRef, Page, PageKey, Target};
use crate::effect::Effects;
use crate::stamp::Stamp;
use std::rc::Rc;

/// Pages by their id, in the order they were begun or taken over. Boxed, so that one that goes moves little.
#[derive(Debug)]
pub(crate) struct Journal {
    tab: Rc<str>,
    write_key: Rc<str>,
    #[expect(clippy::vec_box, reason = "a page is a hundred bytes, and one that goes moves all behind it")]
    pages: Vec<Box<Page>>,
    next_id: u32,
    next_number: u32,
    /// The page that still takes events of this task.
    open: Option<u32>,
    /// Pages to write at the end of the task.
    unwritten: Vec<u32>,
    stored_bytes: usize,
    memory_bytes: usize,
    max_bytes: usize,
    /// Local storage refused a write: new pages keep to memory until a stored one has gone.
    refused: bool,
    /// The last page had no room beside the others.
    is_full: bool,
}

impl Journal {
    pub(crate) fn new(tab: Rc<str>, write_key: Rc<str>, max_bytes: usize) -> Self {
        Journal {
            tab,
            write_key,
            pages: Vec::new(),
            next_id: 0,
            next_number: 0,
            open: None,
            unwritten: Vec::new(),
            stored_bytes: 0,
            memory_bytes: 0,
            max_bytes,
            refused: false,
            is_full: false,
        }
    }

    pub(crate) fn tab(&self) -> &Rc<str> {
        &self.tab
    }

    pub(crate) fn page(&self, id: u32) -> Option<&Page> {
        self.pages.get(self.position(id)?).map(|page| &**page)
    }

    pub(crate) fn page_mut(&mut self, id: u32) -> Option<&mut Page> {
        let at = self.position(id)?;
        self.pages.get_mut(at).map(|page| &mut **page)
    }

    fn position(&self, id: u32) -> Option<usize> {
        self.pages.binary_search_by_key(&id, |page| page.id).ok()
    }

    /// Whether a page of this name is held.
    pub(crate) fn has(&self, key: &PageKey) -> bool {
        self.pages.iter().any(|page| page.key == *key)
    }

    /// The ids of all pages held.
    pub(crate) fn ids(&self) -> Vec<u32> {
        let mut ids = Vec::with_capacity(self.pages.len());
        for page in &self.pages {
            ids.push(page.id);
        }
        ids
    }

    /// The page for events of these circumstances: the open one if it fits, otherwise a new one. `targets` is asked
    /// for a new page's destinations.
    pub(crate) fn page_for(&mut self, stamp: &Rc<Stamp>, lanes: u64, at: u64, targets: impl FnOnce() -> Vec<Target>) -> u32 {
        let fits = |page: &Page| {
            let same_lanes = page.targets.iter().fold(0, |mask, target| mask | 1 << target.lane.unwrap_or(0)) == lanes;
            !page.is_full() && same_lanes && Rc::ptr_eq(&page.stamp, stamp)
        };
        if let Some(id) = self.open.filter(|id| self.page(*id).is_some_and(fits)) {
            return id;
        }
        let key = PageKey { tab: self.tab.clone(), number: self.next_number, write_key: self.write_key.clone() };
        self.next_number += 1;
        let id = self.hold(Page::new(key, at, stamp.clone(), targets()));
        self.open = Some(id);
        self.unwritten.push(id);
        id
    }

    /// Takes over a page read from storage, or from the copy alone.
    pub(crate) fn adopt(&mut self, page: Page) -> u32 {
        *(if page.stored { &mut self.stored_bytes } else { &mut self.memory_bytes }) += page.bytes();
        self.hold(page)
    }

    fn hold(&mut self, mut page: Page) -> u32 {
        page.id = self.next_id;
        self.next_id += 1;
        self.pages.push(Box::new(page));
        self.next_id - 1
    }

    /// End of the task: everything appended since goes to storage, and those pages take nothing more.
    pub(crate) fn commit(&mut self, out: &mut Effects) {
        self.open = None;
        for id in std::mem::take(&mut self.unwritten) {
            let room = self.max_bytes.saturating_sub(self.stored_bytes);
            let refused = self.refused;
            let Some(page) = self.page_mut(id).filter(|page| page.lines() > 0) else { continue };
            let bytes = page.bytes();
            if refused || bytes > room {
                self.is_full = true;
                self.memory_bytes += bytes;
                continue;
            }
            page.stored = true;
            out.write(&page.key.under(PAGE_PREFIX), page.write());
            self.stored_bytes += bytes;
        }
    }

    /// Whether anything waits for the end of the task.
    pub(crate) fn has_unwritten(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// Notes when new pages began, on the monotonic clock.
    pub(crate) fn note_begun(&mut self, mono: u64) {
        for page in self.pages.iter_mut().filter(|page| page.begun.is_none()) {
            page.begun = Some(mono as i64);
        }
    }

    /// Whether there are pages of this tab's own.
    pub(crate) fn has_own(&self) -> bool {
        self.pages.iter().any(|page| Rc::ptr_eq(&page.key.tab, &self.tab))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// What of its room in local storage is for pages that the copy has too, in bytes: the other half is for what comes next.
    pub(crate) fn kept_bytes(&self) -> usize {
        self.max_bytes / 2
    }

    /// The oldest of the stored pages, which the copy may have alone: a backlog leaves room for what comes next.
    pub(crate) fn spare(&self) -> impl Iterator<Item = &Page> {
        let kept = if !self.is_durable() { self.stored_bytes / 2 } else { self.stored_bytes }.min(self.kept_bytes());
        let mut over = self.stored_bytes - kept;
        self.pages.iter().map(|page| &**page).filter(|page| page.stored).take_while(move |page| {
            let is_over = over > 0;
            over = over.saturating_sub(page.bytes());
            is_over
        })
    }

    /// The copy has a page: local storage need not.
    pub(crate) fn leave_to_copy(&mut self, key: &str, out: &mut Effects) {
        if self.forget_stored(key) {
            (self.refused, self.is_full) = (false, false);
            out.remove(key);
        }
    }

    /// Memory alone has a page from now on. Returns whether local storage had it.
    fn forget_stored(&mut self, key: &str) -> bool {
        let found = self.pages.iter_mut().find(|page| page.stored && page.key.under(PAGE_PREFIX) == key);
        let Some(page) = found else { return false };
        page.stored = false;
        let bytes = page.bytes();
        self.stored_bytes = self.stored_bytes.saturating_sub(bytes);
        self.memory_bytes += bytes;
        true
    }

    /// Bytes that local storage does not have.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// Whether new events reach local storage.
    pub(crate) fn is_durable(&self) -> bool {
        !self.refused && !self.is_full
    }

    /// A write failed: the page lives on in memory. Returns whether it was a page of ours.
    pub(crate) fn write_failed(&mut self, key: &str) -> bool {
        let is_ours = self.forget_stored(key);
        self.refused |= is_ours;
        is_ours
    }

    /// Settles events of one lane: a page that is done for all goes, of the others the acknowledgement is stored.
    pub(crate) fn settle(&mut self, lane: usize, events: &[EventRef], out: &mut Effects) {
        let mut touched: Vec<u32> = Vec::new();
        for event in events {
            let target = self.page_mut(event.page).and_then(|page| page.target_mut(lane));
            if let Some(settled) = target.and_then(|target| target.settled.get_mut(event.line as usize)) {
                *settled = true;
            }
            if touched.last() != Some(&event.page) {
                touched.push(event.page);
            }
        }
        for id in touched {
            let Some(page) = self.page(id) else { continue };
            if page.is_done() {
                self.drop_page(id, out);
            } else {
                out.write(&page.key.under(ACK_PREFIX), page.acks());
            }
        }
    }

    /// Takes the events of a set of lanes out of a page for good; a page nobody needs goes, another of this tab is rewritten, once.
    /// One that was taken over is any tab's to purge: writing what memory has of it would bring back what another took out.
    pub(crate) fn withdraw(&mut self, id: u32, lanes: u64, out: &mut Effects) {
        let Some(at) = self.position(id) else { return };
        let Some(page) = self.pages.get_mut(at) else { return };
        let rewritten = page.take_out(lanes) && page.stored && Rc::ptr_eq(&page.key.tab, &self.tab);
        if page.is_done() {
            self.drop_page(id, out);
        } else if rewritten {
            out.write(&page.key.under(PAGE_PREFIX), page.write());
        }
    }

    fn drop_page(&mut self, id: u32, out: &mut Effects) {
        let Some(at) = self.position(id) else { return };
        let page = self.pages.remove(at);
        if self.unwritten.contains(&id) {
            return;
        }
        // There is room again.
        self.is_full = false;
        if page.stored {
            self.refused = false;
            self.stored_bytes = self.stored_bytes.saturating_sub(page.bytes());
            out.remove(&page.key.under(PAGE_PREFIX));
        } else {
            self.memory_bytes = self.memory_bytes.saturating_sub(page.bytes());
        }
        out.remove(&page.key.under(ACK_PREFIX));
    }

    /// Whether only memory holds a page, although its task has ended.
    pub(crate) fn is_in_memory(&self, id: u32) -> bool {
        self.page(id).is_some_and(|page| !page.stored && !self.unwritten.contains(&id))
    }
}
