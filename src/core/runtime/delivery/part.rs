//! The way into what sends and takes over. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_delivery_bg.wasm`): see js/scripts/build/split.mjs. So nothing here is called before it came.

use super::super::Runtime;
use super::left::LEFT_PREFIX;
use super::others::Purpose;
use super::receipts::{MAX_RECEIPT_BYTES, MAX_RECEIPTS};
use super::reclaim::LOCK_PREFIX;
use crate::consent::Verdict;
use crate::input::Outcome;
use crate::json::{elements, member, push_item, push_member, push_number, push_string, push_text, whole};
use crate::keys::{RECEIPTS, WAITS};
use crate::queue::{PAGE_PREFIX, Page};
use crate::text::concat;
use std::borrow::Cow;

/// It came.
#[inline(never)]
pub(super) fn begin(core: &mut Runtime) {
    core.note_wired();
    core.find_beats();
    core.find_other_tabs();
    core.find_left();
    core.renew_receipts();
    core.read_waits();
}

/// Receipts of earlier pages, a JSON list, and those of this one, the oldest first.
#[inline(never)]
pub(super) fn receipts(core: &Runtime, before: &str) -> String {
    let mut all: Vec<(u64, Cow<'_, str>)> = Vec::new();
    for raw in elements(before) {
        all.push((member(raw, "rev").and_then(whole).unwrap_or(0), Cow::Borrowed(raw)));
    }
    for gate in core.history.gates() {
        let rev = u64::from(gate.rev);
        let at = all.partition_point(|(known, _)| *known < rev);
        if all.get(at).is_none_or(|(known, _)| *known != rev) {
            all.insert(at, (rev, Cow::Owned(core.receipt(gate))));
        }
    }
    let (mut kept, mut bytes) = (0, 0);
    for (_, receipt) in all.iter().rev().take(MAX_RECEIPTS) {
        bytes += receipt.len();
        if bytes > MAX_RECEIPT_BYTES {
            break;
        }
        kept += 1;
    }
    let mut out = String::from("[");
    for (_, receipt) in all.iter().skip(all.len() - kept) {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(receipt);
    }
    out.push(']');
    out
}

#[inline(never)]
pub(super) fn unstored(core: &Runtime, key: &str) -> String {
    let mut pages = core.journal.ids().into_iter().filter_map(|id| core.journal.page(id)).filter(|page| !page.stored);
    let mut out = String::new();
    if core.lanes_with(Verdict::Allow) == 0 || core.forgotten {
        out.push_str("null");
    } else if key.is_empty() {
        let mut keys = String::from("[");
        for page in pages {
            push_item(&mut keys, &page.key.under(PAGE_PREFIX));
        }
        for (key, _) in &core.delivery.reclaim.not_ours {
            push_item(&mut keys, key);
        }
        keys.push(']');
        let mut spare = String::from("[");
        for page in core.journal.spare() {
            push_item(&mut spare, &page.key.under(PAGE_PREFIX));
        }
        spare.push(']');
        out.push('{');
        push_text(&mut out, "own", &concat(&[PAGE_PREFIX, core.journal.tab(), "."]));
        push_member(&mut out, "keys", &keys);
        push_member(&mut out, "spare", &spare);
        push_number(&mut out, "most", core.journal.kept_bytes() as u64);
        out.push('}');
    } else {
        let own = pages.find(|page| page.key.under(PAGE_PREFIX) == key).map(Page::write);
        let others = core.delivery.reclaim.not_ours.iter().find(|(other, _)| other == key);
        push_string(&mut out, own.as_deref().or(others.map(|(_, text)| &**text)).unwrap_or(""));
    }
    out
}

#[inline(never)]
pub(super) fn service(core: &mut Runtime) {
    core.send_and_reclaim();
}

#[inline(never)]
pub(super) fn wires(core: &mut Runtime, ok: bool) {
    core.wires_answered(ok);
}

#[inline(never)]
pub(super) fn evict(core: &mut Runtime) {
    core.give_up_oldest();
}

#[inline(never)]
pub(super) fn answered(core: &mut Runtime, request: u32, outcome: Outcome<'_>) {
    core.request_ended(request, outcome);
}

#[inline(never)]
pub(super) fn locked(core: &mut Runtime, name: &str, taken: bool) {
    core.delivery.reclaim.holds |= taken && !name.ends_with(&**core.journal.tab());
    if name.starts_with(LEFT_PREFIX) {
        core.left_answered(name, taken);
    } else {
        core.tab_answered(name, taken);
    }
}

#[inline(never)]
pub(super) fn listed(core: &mut Runtime, keys: &[String], purpose: Purpose) {
    match purpose {
        Purpose::Left => core.ask_for_left(keys),
        Purpose::Beats => core.beats_listed(keys),
        _ => core.pages_listed(keys, purpose),
    }
}

#[inline(never)]
pub(super) fn read(core: &mut Runtime, key: &str, value: Option<&str>) {
    if key == RECEIPTS {
        core.receipts_read(value);
    } else if key == WAITS {
        core.waits_read(value);
    } else if key.starts_with(LOCK_PREFIX) {
        core.beat_read(key, value);
    } else if key.starts_with(LEFT_PREFIX) {
        core.take_left(key, value);
    } else {
        core.take_page(key, value);
    }
}

#[inline(never)]
pub(super) fn decide(core: &mut Runtime) {
    for page in core.journal.ids() {
        core.decide_page(page);
    }
    core.forget_not_ours();
    // They are judged by every state of consent.
    core.find_left();
    core.renew_receipts();
    core.delivery.losses_changed = true;
    core.store_waits();
}
