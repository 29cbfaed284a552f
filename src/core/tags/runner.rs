//! The life of one tag on one page: waits for consent, loads once, then makes its calls in order.

use super::interpolate::{Names, Scope, fill_text, push_filled};
use super::{Tag, Template, TemplateRef};
use crate::config::is_web_url;
use crate::consent::Verdict;
use crate::effect::{Effect, Effects, Element, Notice};
use crate::json::{Elements, Kind, flag, kind, list, member, members, push_member, push_merged, push_string, text, text_of};
use crate::text::{concat, cut};
use std::rc::Rc;

/// Firings that wait for consent or for the script, and bytes of them; older ones give way.
const MAX_WAITING: usize = 1000;
const MAX_WAITING_BYTES: usize = 1024 * 1024;

/// One firing, with its parameters as they were at the event.
#[derive(Clone, Debug)]
pub(crate) struct Firing {
    pub(crate) verb: &'static str,
    /// The finished event.
    pub(crate) event: Rc<str>,
    /// An object, every reference filled.
    pub(crate) params: String,
}

impl Firing {
    fn bytes(&self) -> usize {
        self.params.len() + self.event.len()
    }

    fn scope(&self) -> Scope<'_> {
        Scope { event: &self.event, names: Names::Members(&self.params) }
    }
}

/// Firings that wait, oldest first, within bounds.
#[derive(Debug, Default)]
struct Firings {
    all: Vec<Firing>,
    bytes: usize,
}

impl Firings {
    /// Returns false where an older one gave way.
    fn push(&mut self, firing: Firing) -> bool {
        self.bytes += firing.bytes();
        self.all.push(firing);
        let mut lost = false;
        while self.all.len() > MAX_WAITING || self.bytes > MAX_WAITING_BYTES {
            self.bytes -= self.all.remove(0).bytes();
            lost = true;
        }
        !lost
    }

    fn take(&mut self) -> Vec<Firing> {
        std::mem::take(self).all
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Script {
    Absent,
    Loading,
    Ran,
    Failed,
}

/// The state of one tag.
#[derive(Debug)]
pub(crate) struct Runner {
    tag: usize,
    verdict: Verdict,
    template: Option<Template>,
    fetching: bool,
    script: Script,
    waiting: Firings,
    /// The firing that initialised the vendor, for its parameters.
    begun: Option<Firing>,
    /// Whether it put its element on the page.
    is_placed: bool,
    withdrawn: bool,
    fired: bool,
}

impl Runner {
    pub(crate) fn new(tag: usize, verdict: Verdict) -> Self {
        Runner {
            tag,
            verdict,
            template: None,
            fetching: false,
            script: Script::Absent,
            waiting: Firings::default(),
            begun: None,
            is_placed: false,
            withdrawn: false,
            fired: false,
        }
    }

    /// Whether it ever fired on this page.
    pub(crate) fn has_fired(&self) -> bool {
        self.fired
    }

    /// Keeps a firing until it may run; a denied one is forgotten. Returns false where an older firing gave way.
    pub(crate) fn fire(&mut self, firing: Firing) -> bool {
        if self.verdict == Verdict::Deny || self.script == Script::Failed {
            return true;
        }
        self.fired = true;
        self.waiting.push(firing)
    }

    /// Whether it has something to do that it may do now.
    pub(crate) fn is_due(&self) -> bool {
        let stands_by = self.fetching || matches!(self.script, Script::Loading | Script::Failed);
        self.verdict == Verdict::Allow && (self.withdrawn || !self.waiting.all.is_empty() && !stands_by)
    }

    /// Whether a few more firings would cost older ones although they may run.
    pub(crate) fn is_full(&self) -> bool {
        self.is_due() && (self.waiting.all.len() > MAX_WAITING / 2 || self.waiting.bytes > MAX_WAITING_BYTES / 2)
    }

    /// What waits and carries an identifier does not run any more.
    fn forget_known(&mut self) {
        for firing in self.waiting.take() {
            if member(&firing.event, "anonymousId").is_none() {
                self.waiting.push(firing);
            }
        }
        self.fired = self.begun.is_some() || self.is_placed || !self.waiting.all.is_empty();
    }

    /// Consent changed. What waited while undecided runs once after the grant; a tag that already ran is told to
    /// stop, since a script cannot be unloaded. `forgets`: an identifier is withdrawn, and what waited does not bring it back.
    pub(crate) fn decide(&mut self, config: &Tag, verdict: Verdict, forgets: bool, out: &mut Effects) {
        let had = std::mem::replace(&mut self.verdict, verdict);
        if forgets && had == Verdict::Pending {
            self.forget_known();
        }
        if verdict == Verdict::Deny || (had == Verdict::Allow && verdict != Verdict::Allow) {
            if matches!(config.template, TemplateRef::Element(Element::Pixel)) && self.is_placed {
                out.push(Effect::Unload { tag: self.tag });
            }
            // What only waited did not fire.
            self.waiting.take();
            self.fired = self.begun.is_some() || self.is_placed;
            // It may have run on an earlier page.
            if had != verdict {
                delete_cookies(config, out);
            }
            if self.fired && !self.withdrawn {
                self.withdraw(config, out);
            }
            // A script under way is told once it ran.
            self.withdrawn |= self.fired || self.script == Script::Loading;
        }
    }

    /// It ran, and may not any more.
    fn withdraw(&self, config: &Tag, out: &mut Effects) {
        if let Some(template) = &self.template {
            let never = || with_defaults(Firing { verb: "", event: "{}".into(), params: config.params.clone() }, template);
            let begun = self.begun.clone().unwrap_or_else(never);
            invoke(self.tag, template.calls("withdraw"), &begun, out);
        }
        for call in list(&config.on_withdraw, "calls") {
            let (path, args) = (text(call, "call").into_owned(), member(call, "args").unwrap_or("[]").to_owned());
            out.push(Effect::Invoke { tag: self.tag, path, args });
        }
        if flag(&config.on_withdraw, "offerReload", false) {
            let mut id = String::new();
            push_string(&mut id, &config.id);
            out.notify(Notice::Reload(id));
        }
    }

    /// The template came, or did not. Returns what is wrong with it.
    pub(crate) fn template(&mut self, config: &Tag, text: Option<&str>) -> Option<String> {
        self.fetching = false;
        let parsed = text.map(Template::parse);
        match parsed {
            Some(Ok(template)) => {
                let missing = template.params().find(|(name, default)| default.is_none() && config.param(name).is_none());
                if let Some((name, _)) = missing {
                    return self.fail(concat(&["needs the parameter \"", &name, "\": add it under \"params\""]));
                }
                let unknown = members(&config.params).find(|(name, _)| template.params().all(|(known, _)| known != *name));
                if let Some((name, _)) = unknown {
                    return self.fail(concat(&["has no parameter \"", &name, "\": correct it under \"params\""]));
                }
                self.template = Some(template);
                None
            }
            Some(Err(faults)) => {
                let fault = faults.first().map(|fault| concat(&[&fault.pointer, " ", &fault.message]));
                self.fail(concat(&["template is malformed: ", &fault.unwrap_or_default()]))
            }
            None => self.fail(String::from("template could not be fetched: is templates/<name>.json beside tidegate.js?")),
        }
    }

    /// The script ran, or did not. Returns what is wrong.
    pub(crate) fn loaded(&mut self, config: &Tag, ok: bool, out: &mut Effects) -> Option<String> {
        if ok && self.withdrawn && self.verdict != Verdict::Allow {
            delete_cookies(config, out);
            self.withdraw(config, out);
        }
        if matches!(config.template, TemplateRef::Element(_)) {
            return (!ok).then(|| String::from("script did not load: blocked, missing, or not JavaScript"));
        }
        if !ok {
            return self.fail(String::from("script did not load: blocked, missing, or not JavaScript"));
        }
        self.script = Script::Ran;
        None
    }

    fn fail(&mut self, message: String) -> Option<String> {
        self.script = Script::Failed;
        self.waiting.take();
        Some(message)
    }

    /// Goes on as far as it may. Consent was read just now.
    pub(crate) fn advance(&mut self, config: &Tag, out: &mut Effects) {
        if self.verdict != Verdict::Allow {
            return;
        }
        if std::mem::take(&mut self.withdrawn)
            && let (Some(template), Some(begun)) = (&self.template, &self.begun)
        {
            invoke(self.tag, template.calls("regrant"), begun, out);
        }
        let Some(first) = self.waiting.all.first() else { return };
        match &config.template {
            TemplateRef::Element(element) => {
                self.is_placed = true;
                for firing in self.waiting.take() {
                    let url = firing.scope().value("src").map_or_else(String::new, |raw| text_of(&raw).into_owned());
                    out.load(self.tag, *element, url);
                }
            }
            TemplateRef::Named(name) => {
                let Some(template) = &self.template else {
                    if !std::mem::replace(&mut self.fetching, true) {
                        out.push(Effect::FetchTemplate { tag: self.tag, name: name.clone() });
                    }
                    return;
                };
                match self.script {
                    Script::Absent => {
                        self.script = Script::Loading;
                        let url = fill_url_literally(config, template);
                        out.load(self.tag, Element::Script, url);
                    }
                    Script::Loading | Script::Failed => {}
                    Script::Ran => {
                        if self.begun.is_none() {
                            let begun = with_defaults(first.clone(), template);
                            invoke(self.tag, template.calls("init"), &begun, out);
                            self.begun = Some(begun);
                        }
                        for firing in self.waiting.take() {
                            let firing = with_defaults(firing, template);
                            invoke(self.tag, template.calls_on(firing.verb), &firing, out);
                        }
                    }
                }
            }
        }
    }
}

fn delete_cookies(config: &Tag, out: &mut Effects) {
    for name in list(&config.on_withdraw, "deleteCookies") {
        out.cookie(&text_of(name), "", 0);
    }
}

fn with_defaults(mut firing: Firing, template: &Template) -> Firing {
    let mut defaults = String::from("{");
    for (name, default) in template.params() {
        if let Some(default) = default {
            push_member(&mut defaults, &name, default);
        }
    }
    defaults.push('}');
    let mut params = String::from("{");
    push_merged(&mut params, &[&defaults, &firing.params]);
    params.push('}');
    firing.params = params;
    firing
}

/// The script's address from literal parameters of the config only: no page can choose what is loaded.
fn fill_url_literally(config: &Tag, template: &Template) -> String {
    let mut literals = String::from("{");
    for (name, default) in template.params() {
        let value = config.param(&name).or(default);
        if let Some(raw) = value.filter(|raw| kind(raw) == Kind::String && cut(&text_of(raw), "{{").is_none()) {
            push_member(&mut literals, &name, raw);
        }
    }
    literals.push('}');
    let url = fill_text(&template.script(), &Scope { event: "{}", names: Names::Members(&literals) }, false);
    if is_web_url(&url) { url } else { String::new() }
}

fn invoke(tag: usize, calls: Elements<'_>, firing: &Firing, out: &mut Effects) {
    for call in calls {
        let mut args = String::new();
        push_filled(&mut args, member(call, "args").unwrap_or("[]"), &firing.scope());
        out.push(Effect::Invoke { tag, path: text(call, "call").into_owned(), args });
    }
}
