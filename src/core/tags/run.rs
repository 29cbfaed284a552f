//! Carrying firings out: each tag's in order, tags in the order of their priority, none before what it waits for.

use super::consent::{delete_cookies, withdraw_tag};
use super::firing::Firing;
use super::step::Filled;
use super::vendor::{Fetched, Script, Slot, Told, Vendor};
use super::{Tags, Template, TemplateRef, step};
use crate::consent::Verdict;
use crate::effect::Effects;
use crate::json::{digits, member, push_string};
use crate::mapping::Scope;
use crate::text::concat;
use crate::time::Now;
use std::rc::Rc;

/// What keeps a firing from being carried out.
enum Stop {
    /// It waits.
    Waits,
    /// It is over, and with it the tag where there are words for it.
    Fails(Option<String>),
}

impl Tags {
    /// Consent was read just now: what is due is carried out. Returns what is wrong, tag by tag.
    pub(crate) fn run(&mut self, now: Now, out: &mut Effects) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        self.regrant(out);
        let order = self.order.clone();
        let mut moves = true;
        while std::mem::take(&mut moves) {
            for at in &order {
                while let Some(problem) = self.advance(*at, now, out) {
                    moves = true;
                    problems.extend(problem.map(|problem| (*at, problem)));
                }
            }
        }
        self.tell_ended(out);
        self.look(now);
        problems
    }

    /// Goes one step on with a tag. Nothing where it can go no further for now; otherwise what is wrong, if anything is.
    fn advance(&mut self, at: usize, now: Now, out: &mut Effects) -> Option<Option<String>> {
        let runner = self.runners.get(at).filter(|runner| runner.verdict == Verdict::Allow)?;
        let firing = runner.waiting.first()?.clone();
        match self.carry_out(at, &firing, now, out) {
            Err(Stop::Waits) => None,
            Err(Stop::Fails(problem)) => {
                let runner = self.runners.get_mut(at)?;
                runner.waiting.next();
                if problem.is_some() {
                    runner.is_over = true;
                    runner.forget();
                }
                self.end(at, firing, false);
                Some(problem)
            }
            Ok(open) => {
                let matters = self.matters(at);
                let runner = self.runners.get_mut(at)?;
                runner.waiting.next();
                runner.has_run = true;
                match open {
                    Some(script) => runner.open.push((firing, Some(script))),
                    // The page says when its steps are done, and they may fail.
                    None if matters => {
                        out.page(concat(&["[\"end\",", &digits(at as u64), ",", &digits(firing.ticket.into()), "]"]));
                        runner.open.push((firing, None));
                    }
                    None => self.end(at, firing, true),
                }
                Some(None)
            }
        }
    }

    /// Whether somebody asks how a tag's firings end.
    fn matters(&self, at: usize) -> bool {
        let own = self.tags.get(at).is_some_and(|tag| !tag.cleanup.is_empty());
        own || self.tags.iter().any(|tag| tag.setup.iter().any(|beside| beside.tag == at))
    }

    /// A firing has ended: what follows it is fired.
    pub(super) fn end(&mut self, at: usize, firing: Firing, ok: bool) {
        if !ok && let Some(runner) = self.runners.get_mut(at) {
            runner.fail(firing.ticket);
        }
        for after in firing.after {
            if (ok || !after.strict)
                && let Some(runner) = self.runners.get_mut(after.tag)
            {
                runner.fire(after.firing);
            }
        }
    }

    /// Does what a firing is about. Returns the script that it then waits for, if it does.
    fn carry_out(&mut self, at: usize, firing: &Firing, now: Now, out: &mut Effects) -> Result<Option<usize>, Stop> {
        for before in &firing.before {
            let Some(other) = self.runners.get(before.tag) else { continue };
            match other.outcome(before.ticket) {
                Some(true) => {}
                None if other.verdict == Verdict::Allow && now.mono < before.until => return Err(Stop::Waits),
                _ if before.strict => return Err(Stop::Fails(None)),
                _ => {}
            }
        }
        let Some(tag) = self.tags.get(at) else { return Err(Stop::Fails(None)) };
        let own = |key| member(&firing.params, key).unwrap_or("\"\"");
        match &tag.template {
            TemplateRef::Pixel => out.page(concat(&["[\"pixel\",", &digits(at as u64), ",", own("src"), "]"])),
            TemplateRef::Html => out.page(concat(&["[\"frame\",", &digits(at as u64), ",", own("html"), "]"])),
            TemplateRef::Script => {
                let what = concat(&["{\"src\":", own("src"), ",\"attributes\":{}}"]);
                return Ok(Some(self.load(what, false, out)));
            }
            TemplateRef::Named(name) => {
                let name = name.clone();
                self.call_vendor(at, &name, firing, out)?;
            }
        }
        Ok(None)
    }

    fn load(&mut self, what: String, shared: bool, out: &mut Effects) -> usize {
        let number = self.scripts.len();
        out.page(concat(&["[\"load\",", &digits(number as u64), ",", &what, "]"]));
        self.scripts.push(Script { what: if shared { what } else { String::new() }, ran: None });
        number
    }

    /// The template of a name, once it is here.
    fn template(&mut self, name: &str, out: &mut Effects) -> Result<(usize, Rc<Template>), Stop> {
        let known = self.templates.iter().position(|slot| slot.name == name);
        match known.and_then(|slot| Some((slot, &self.templates.get(slot)?.state))) {
            Some((slot, Fetched::Here(template))) => Ok((slot, template.clone())),
            Some((_, Fetched::Failed(problem))) => Err(Stop::Fails(Some(problem.clone()))),
            Some((_, Fetched::Asked)) => Err(Stop::Waits),
            None => {
                let mut what = concat(&["[\"template\",", &digits(self.templates.len() as u64), ","]);
                push_string(&mut what, name);
                out.page(what + "]");
                self.templates.push(Slot { name: name.to_owned(), state: Fetched::Asked });
                Err(Stop::Waits)
            }
        }
    }

    fn call_vendor(&mut self, at: usize, name: &str, firing: &Firing, out: &mut Effects) -> Result<(), Stop> {
        let (slot, template) = self.template(name, out)?;
        let Some(tag) = self.tags.get(at) else { return Err(Stop::Fails(None)) };
        let literal = tag.params.clone();
        let is_checked = self.runners.get_mut(at).is_some_and(|runner| std::mem::replace(&mut runner.is_checked, true));
        if !is_checked && let Some((param, wrong)) = template.refused(&literal).first() {
            return Err(Stop::Fails(Some(concat(&["its parameter \"", param, "\" ", wrong]))));
        }
        let params = template.with_defaults(&firing.params);
        let key = template.instance(&params);
        let scope = Scope::new(&firing.event, &params);
        let found = self.vendors.iter().position(|vendor| vendor.slot == slot && vendor.key == key);
        let vendor = match found {
            Some(vendor) => vendor,
            None if self.vendors.len() >= MAX_VENDORS => {
                return Err(Stop::Fails(Some(String::from("fills required parameters with ever new values: write them out"))));
            }
            None => {
                let script = match template.script(&literal) {
                    Err(problem) => return Err(Stop::Fails(Some(problem))),
                    Ok(script) => script,
                };
                let mut told = Told::default();
                do_steps(at, template.steps("stub"), &scope, &mut told, out);
                let script = script.map(|what| {
                    let same = self.scripts.iter().position(|script| script.what == what);
                    same.unwrap_or_else(|| self.load(what, true, out))
                });
                let (tags, params) = (vec![at], params.clone());
                self.vendors.push(Vendor { slot, key, tags, script, begun: None, params, told, withdrawn: false });
                self.vendors.len() - 1
            }
        };
        let Some(vendor) = self.vendors.get_mut(vendor) else { return Err(Stop::Fails(None)) };
        if !vendor.tags.contains(&at) {
            vendor.tags.push(at);
        }
        match vendor.script.and_then(|script| self.scripts.get(script)).map_or(Some(true), |script| script.ran) {
            None => return Err(Stop::Waits),
            Some(false) => return Err(Stop::Fails(Some(String::from(NOT_LOADED)))),
            Some(true) => {}
        }
        if vendor.begun.is_none() {
            do_steps(at, template.steps("init"), &scope, &mut vendor.told, out);
            vendor.begun = Some(Firing { params: params.clone(), ..firing.clone() });
        }
        do_steps(at, template.steps_on(firing.verb, &firing.name), &scope, &mut vendor.told, out);
        Ok(())
    }

    /// A script ran, or did not. Returns what is wrong, by the tag it is wrong with.
    pub(super) fn loaded(&mut self, number: usize, ok: bool, out: &mut Effects) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        match self.scripts.get_mut(number) {
            Some(script) if script.ran.is_none() => script.ran = Some(ok),
            _ => return problems,
        }
        for at in 0..self.vendors.len() {
            if self
                .vendors
                .get(at)
                .is_some_and(|vendor| vendor.script == Some(number) && vendor.withdrawn && !self.is_allowed(vendor))
                && ok
            {
                self.end_vendor(at, out);
            }
        }
        for at in 0..self.tags.len() {
            let Some(runner) = self.runners.get_mut(at) else { continue };
            let Some(open) = runner.open.iter().position(|(_, script)| *script == Some(number)) else { continue };
            let (firing, _) = runner.open.remove(open);
            let is_late = runner.verdict != Verdict::Allow;
            if let Some(tag) = self.tags.get(at).filter(|_| is_late && ok) {
                delete_cookies(&tag.on_withdraw, out);
                withdraw_tag(at, &tag.id, &tag.on_withdraw, out);
            }
            if !ok {
                problems.push((at, String::from(NOT_LOADED)));
            }
            self.end(at, firing, ok);
        }
        problems
    }

    /// Notes when something is to be done next.
    pub(super) fn look(&mut self, now: Now) {
        if self.is_held(now) {
            self.due = self.held_until;
            return;
        }
        let mut next = u64::MAX;
        let mut due = |at: u64| next = next.min(at);
        if self.vendors.iter().any(|vendor| vendor.withdrawn && vendor.begun.is_some() && self.is_allowed(vendor)) {
            due(0);
        }
        for (at, runner) in self.runners.iter().enumerate() {
            let Some(firing) = runner.waiting.first().filter(|_| runner.verdict == Verdict::Allow) else { continue };
            let mut wait = 0;
            for before in &firing.before {
                let is_open = self
                    .runners
                    .get(before.tag)
                    .is_some_and(|other| other.verdict == Verdict::Allow && other.outcome(before.ticket).is_none());
                if is_open && before.until > now.mono {
                    wait = before.until;
                }
            }
            if wait > 0 || !self.stands_by(at, firing) {
                due(wait);
            }
        }
        self.due = next;
    }

    /// Whether a firing waits for a template or a script that is on its way.
    fn stands_by(&self, at: usize, firing: &Firing) -> bool {
        let Some(TemplateRef::Named(name)) = self.tags.get(at).map(|tag| &tag.template) else { return false };
        let Some((slot, found)) = self.templates.iter().enumerate().find(|(_, slot)| slot.name == *name) else { return false };
        let template = match &found.state {
            Fetched::Asked => return true,
            Fetched::Failed(_) => return false,
            Fetched::Here(template) => template,
        };
        let mut vendors = self.vendors.iter().filter(|vendor| vendor.slot == slot);
        let Some(first) = vendors.next() else { return false };
        let key = template.instance(&template.with_defaults(&firing.params));
        let vendor = std::iter::once(first).chain(vendors).find(|vendor| vendor.key == key);
        let script = vendor.and_then(|vendor| vendor.script).and_then(|script| self.scripts.get(script));
        script.is_some_and(|script| script.ran.is_none())
    }

    /// Tells whoever waits that everything an occasion fired is done.
    pub(super) fn tell_ended(&mut self, out: &mut Effects) {
        let runners = &self.runners;
        self.watched.retain(|(capture, name)| {
            let is_open = runners.iter().any(|runner| {
                let waits = runner.verdict == Verdict::Allow && runner.waiting.iter().any(|firing| firing.capture == *capture);
                waits || runner.open.iter().any(|(firing, _)| firing.capture == *capture)
            });
            if !is_open {
                out.page(concat(&["[\"done\",", &digits(*name as u64), "]"]));
            }
            is_open
        });
    }
}

/// Vendors that are begun on one page.
const MAX_VENDORS: usize = 100;

const NOT_LOADED: &str = "script did not load: blocked, missing, or not JavaScript";

/// `told` are the steps that are done once.
pub(super) fn do_steps(tag: usize, steps: &str, scope: &Scope<'_>, told: &mut Told, out: &mut Effects) {
    for Filled { step, once } in step::filled_steps(steps, scope) {
        if once && !told.is_new(&step) {
            continue;
        }
        out.page(concat(&["[\"step\",", &digits(tag as u64), ",", &step, "]"]));
    }
}
