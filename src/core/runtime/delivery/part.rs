//! The way into what sends and takes over. In the browser everything that is only reached through here is a file of its own
//! (`tidegate_delivery_bg.wasm`): see js/scripts/build/split.mjs. So nothing here is called before it came.

use super::super::Runtime;
use super::others::Purpose;
use crate::input::Outcome;
use crate::time::Now;

/// It came.
#[inline(never)]
pub(super) fn begin(core: &mut Runtime) {
    core.find_other_tabs();
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
    core.take_page(key, value, now);
}

#[inline(never)]
pub(super) fn decide(core: &mut Runtime, now: Now) {
    for page in core.journal.ids() {
        core.decide_page(page, now);
    }
}
