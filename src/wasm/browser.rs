//! One page's core and the loop that carries out its effects.

use crate::host::Host;
use crate::storage::Local;
use crate::{cookies, dom, net, tabs, time};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use tidegate_core::effect::Notice;
use tidegate_core::{Effect, Input, Runtime};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, BroadcastChannel};

/// A page's core with the browser around it.
pub(crate) struct Browser {
    pub(crate) runtime: RefCell<Runtime>,
    pub(crate) host: Host,
    /// The folder of `tidegate.js`, where templates lie.
    pub(crate) base: String,
    pub(crate) storage: Local,
    pub(crate) channel: Option<BroadcastChannel>,
    pub(crate) requests: RefCell<Vec<(u32, AbortController)>>,
    todo: RefCell<VecDeque<Effect>>,
    running: Cell<bool>,
    timer: RefCell<Option<(u64, Timeout)>>,
}

impl Browser {
    pub(crate) fn new(runtime: Runtime, host: Host, base: String) -> Rc<Self> {
        let channel = tabs::channel(&runtime.config().write_key);
        Rc::new(Browser {
            runtime: RefCell::new(runtime),
            host,
            base,
            storage: Local::open(),
            channel,
            requests: RefCell::default(),
            todo: RefCell::default(),
            running: Cell::new(false),
            timer: RefCell::default(),
        })
    }

    /// Hands in one input and carries out what follows.
    pub(crate) fn handle(self: &Rc<Self>, input: Input<'_>) {
        self.call(input);
        self.arm();
    }

    /// The hot path: as [`Browser::handle`], without a look at the timer. The write at the end of the task sets it.
    pub(crate) fn call(self: &Rc<Self>, input: Input<'_>) {
        let effects = self.runtime.borrow_mut().handle(input, time::now());
        if effects.is_empty() {
            return;
        }
        self.todo.borrow_mut().extend(effects);
        // What a listener or vendor causes meanwhile joins the end of the list.
        if self.running.replace(true) {
            return;
        }
        loop {
            let next = self.todo.borrow_mut().pop_front();
            let Some(effect) = next else { break };
            self.perform(effect);
        }
        self.running.set(false);
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Write { key, value } => {
                if !self.storage.write(&key, &value) {
                    self.call(Input::WriteFailed { key: &key });
                }
            }
            Effect::Remove { key } => self.storage.remove(&key),
            Effect::RemoveAll { prefix } => self.storage.keys(&prefix).iter().for_each(|key| self.storage.remove(key)),
            Effect::Read { key } => self.call(Input::Stored { key: &key, value: self.storage.read(&key).as_deref() }),
            Effect::List { prefix } => self.call(Input::Keys(&self.storage.keys(&prefix))),
            Effect::SetCookie { name, value, max_age_s } => cookies::set(&name, &value, max_age_s),
            Effect::Lock { name, wait } => tabs::lock(self, name, wait),
            Effect::Send(request) => net::send(self, request),
            Effect::Abort { request } => net::abort(self, request),
            Effect::FetchTemplate { tag, name } => net::fetch_template(self, tag, &name),
            Effect::Load { tag, element, url } => dom::load(self, tag, element, &url),
            Effect::Invoke { tag, path, args } => {
                if !self.host.invoke(&path, &args) {
                    self.call(Input::InvokeFailed { tag, path: &path });
                }
            }
            Effect::Notify(notice) => self.notify(&notice),
            Effect::Post { message } => {
                if let Some(channel) = &self.channel {
                    let _ = channel.post_message(&JsValue::from_str(&message));
                }
            }
            Effect::CommitSoon => self.commit_soon(),
        }
    }

    fn notify(&self, notice: &Notice) {
        match notice {
            Notice::Error(problem) => self.host.notify("error", &JsValue::from_str(problem)),
            Notice::Consent(report) => self.host.notify("consent", &JsValue::from_str(report)),
            Notice::ConsentHint => self.host.notify("consent-hint", &JsValue::UNDEFINED),
            Notice::Flushed => self.host.notify("flushed", &JsValue::UNDEFINED),
            Notice::Forgotten => self.host.notify("forgotten", &JsValue::UNDEFINED),
        }
    }

    fn commit_soon(self: &Rc<Self>) {
        let browser = self.clone();
        let commit = Closure::once_into_js(move || browser.handle(Input::Commit));
        if let Some(window) = web_sys::window() {
            window.queue_microtask(commit.unchecked_ref());
        }
    }

    fn arm(self: &Rc<Self>) {
        let now = time::now();
        let deadline = self.runtime.borrow().deadline(now);
        if deadline == self.timer.borrow().as_ref().map(|(at, _)| *at) {
            return;
        }
        let timer = deadline.map(|at| {
            let browser = self.clone();
            // Browsers keep 31 bits of milliseconds; a longer wait is armed again.
            let wait = at.saturating_sub(now.mono).min(2_000_000_000) as u32;
            (at, Timeout::new(wait, move || browser.wake()))
        });
        self.timer.replace(timer);
    }

    fn wake(self: &Rc<Self>) {
        if let Some((_, timer)) = self.timer.take() {
            timer.forget();
        }
        self.handle(Input::Wake);
    }
}
