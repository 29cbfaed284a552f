//! What a change of consent does to tags and their vendors: what waited runs, what ran is told to stop, since a script cannot be unloaded.

use super::run::do_steps;
use super::vendor::{Fetched, Told, Vendor};
use super::{Standing, Tags, TemplateRef};
use crate::consent::Verdict;
use crate::effect::{Effects, Notice};
use crate::json::{digits, flag, list, member, push_string, push_text, text, text_of};
use crate::mapping::Scope;
use crate::stamp::Stamp;
use crate::text::concat;
use crate::time::Now;
use std::rc::Rc;

impl Tags {
    /// Consent changed. What waited while undecided runs once after the grant; what already ran is told to
    /// stop, since a script cannot be unloaded. `forgets`: an identifier is withdrawn, and what waited does not bring it back. Returns the tags that
    /// were granted.
    pub(crate) fn decide(&mut self, standings: &[Standing], forgets: bool, now: Now, out: &mut Effects) -> Vec<usize> {
        let mut granted = Vec::new();
        for (at, standing) in standings.iter().enumerate() {
            let (Some(runner), Some(tag)) = (self.runners.get_mut(at), self.tags.get(at)) else { continue };
            let had = std::mem::replace(&mut runner.verdict, standing.verdict);
            if forgets && had == Verdict::Pending {
                runner.forget_known();
            }
            if had != Verdict::Allow && standing.verdict == Verdict::Allow {
                granted.push(at);
            }
            let lost = had == Verdict::Allow && standing.verdict != Verdict::Allow;
            if standing.verdict != Verdict::Deny && !lost {
                continue;
            }
            if matches!(tag.template, TemplateRef::Pixel | TemplateRef::Html) && runner.has_run {
                out.page(concat(&["[\"unload\",", &digits(at as u64), "]"]));
            }
            runner.forget();
            // It may have run on an earlier page.
            if had != standing.verdict {
                delete_cookies(&tag.on_withdraw, out);
            }
            let is_loading = !runner.open.is_empty();
            if runner.has_run && !is_loading && !runner.withdrawn {
                withdraw_tag(at, &tag.id, &tag.on_withdraw, out);
            }
            runner.withdrawn |= runner.has_run;
        }
        self.withdraw_vendors(out);
        self.listen(now, out);
        self.look(now);
        granted
    }

    /// These tags were granted: what waited for it gets the identifier that is allowed by now, as the same event does for destinations.
    pub(crate) fn know(&mut self, granted: &[usize], id_of: &impl Fn(&Stamp) -> Option<Rc<str>>) {
        for at in granted {
            if let Some(runner) = self.runners.get_mut(*at) {
                runner.waiting.know(id_of);
            }
        }
    }

    pub(super) fn is_allowed(&self, vendor: &Vendor) -> bool {
        vendor.tags.iter().any(|at| self.runners.get(*at).is_some_and(|runner| runner.verdict == Verdict::Allow))
    }

    fn withdraw_vendors(&mut self, out: &mut Effects) {
        for at in 0..self.vendors.len() {
            let Some(vendor) = self.vendors.get(at).filter(|vendor| !vendor.withdrawn && !self.is_allowed(vendor)) else {
                continue;
            };
            let is_loading = vendor.script.and_then(|script| self.scripts.get(script)).is_some_and(|script| script.ran.is_none());
            if !is_loading {
                self.end_vendor(at, out);
            }
            if let Some(vendor) = self.vendors.get_mut(at) {
                vendor.withdrawn = true;
            }
        }
    }

    /// Tells a vendor to stop, if its script ran.
    pub(super) fn end_vendor(&self, at: usize, out: &mut Effects) {
        self.tell_vendor(at, "withdraw", out);
        let Some(vendor) = self.vendors.get(at) else { return };
        // A tag whose script was still on its way when it lost its grant has not done its own part.
        for tag in &vendor.tags {
            if let (Some(runner), Some(tag_config)) = (self.runners.get(*tag), self.tags.get(*tag))
                && !runner.has_run
            {
                delete_cookies(&tag_config.on_withdraw, out);
                withdraw_tag(*tag, &tag_config.id, &tag_config.on_withdraw, out);
            }
        }
    }

    fn tell_vendor(&self, at: usize, moment: &str, out: &mut Effects) {
        let Some(vendor) = self.vendors.get(at) else { return };
        let ran = vendor.script.and_then(|script| self.scripts.get(script)).is_none_or(|script| script.ran == Some(true));
        let Some(Fetched::Here(template)) = self.templates.get(vendor.slot).map(|slot| &slot.state).filter(|_| ran) else {
            return;
        };
        let begun = vendor.begun.as_ref();
        let (event, params) = begun.map_or(("{}", &vendor.params), |firing| (&*firing.event, &firing.params));
        let scope = Scope::new(event, params);
        do_steps(vendor.tags.first().copied().unwrap_or(0), template.steps(moment), &scope, &mut Told::default(), out);
    }

    /// Vendors whose tags may run again are told.
    pub(super) fn regrant(&mut self, out: &mut Effects) {
        for runner in &mut self.runners {
            runner.withdrawn &= runner.verdict != Verdict::Allow;
        }
        for at in 0..self.vendors.len() {
            let Some(vendor) = self.vendors.get(at).filter(|vendor| vendor.withdrawn && self.is_allowed(vendor)) else {
                continue;
            };
            if vendor.begun.is_some() {
                self.tell_vendor(at, "regrant", out);
            }
            if let Some(vendor) = self.vendors.get_mut(at) {
                vendor.withdrawn = false;
            }
        }
    }
}

pub(super) fn withdraw_tag(at: usize, id: &str, on_withdraw: &str, out: &mut Effects) {
    for call in list(on_withdraw, "calls") {
        let mut step = String::from("{");
        push_text(&mut step, "call", &text(call, "call"));
        crate::json::push_member(&mut step, "args", member(call, "args").unwrap_or("[]"));
        out.page(concat(&["[\"step\",", &digits(at as u64), ",", &step, "}]"]));
    }
    if flag(on_withdraw, "offerReload", false) {
        let mut name = String::new();
        push_string(&mut name, id);
        out.notify(Notice::Reload(name));
    }
}

pub(super) fn delete_cookies(on_withdraw: &str, out: &mut Effects) {
    for name in list(on_withdraw, "deleteCookies") {
        out.cookie(&text_of(name), "", 0);
    }
}
