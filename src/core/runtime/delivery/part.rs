//! The way into what sends and takes over. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_delivery_bg.wasm`): see js/scripts/build/split.mjs. So nothing here is called before it came.

use super::super::Runtime;
use super::others::Purpose;
use super::receipts::MAX_RECEIPTS;
use crate::input::Outcome;
use crate::json::{at_path, elements};
use crate::keys::RECEIPTS;
use crate::time::Now;

/// It came.
#[inline(never)]
pub(super) fn begin(core: &mut Runtime) {
    core.find_other_tabs();
    core.renew_receipts();
}

/// Receipts of earlier pages, a JSON list, and those of this one, the oldest first.
#[inline(never)]
pub(super) fn receipts(core: &Runtime, before: &str) -> String {
    let rev = |receipt: &str| at_path(receipt, "rev").map(str::to_owned);
    let mut all: Vec<String> = Vec::new();
    for raw in elements(before) {
        all.push(raw.to_owned());
    }
    for gate in core.history.gates() {
        let receipt = core.receipt(gate);
        if all.iter().all(|known| rev(known) != rev(&receipt)) {
            all.push(receipt);
        }
    }
    let mut out = String::from("[");
    for receipt in all.iter().skip(all.len().saturating_sub(MAX_RECEIPTS)) {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(receipt);
    }
    out.push(']');
    out
}

#[inline(never)]
pub(super) fn service(core: &mut Runtime, now: Now) {
    core.send_and_reclaim(now);
}

#[inline(never)]
pub(super) fn evict(core: &mut Runtime) {
    core.give_up_oldest();
}

#[inline(never)]
pub(super) fn answered(core: &mut Runtime, request: u32, outcome: Outcome<'_>, now: Now) {
    core.request_ended(request, outcome, now);
}

#[inline(never)]
pub(super) fn locked(core: &mut Runtime, name: &str, taken: bool, now: Now) {
    core.tab_answered(name, taken, now);
}

#[inline(never)]
pub(super) fn listed(core: &mut Runtime, keys: &[String], purpose: Purpose, now: Now) {
    core.pages_listed(keys, purpose, now);
}

#[inline(never)]
pub(super) fn read(core: &mut Runtime, key: &str, value: Option<&str>, now: Now) {
    if key == RECEIPTS {
        core.receipts_read(value, now);
    } else {
        core.take_page(key, value, now);
    }
}

#[inline(never)]
pub(super) fn decide(core: &mut Runtime, now: Now) {
    for page in core.journal.ids() {
        core.decide_page(page, now);
    }
    core.renew_receipts();
}
