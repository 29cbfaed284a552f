//! One page's core and the loop that carries out its effects.

use crate::host::Host;
use crate::storage::Local;
use crate::tags;
use std::cell::{Cell, RefCell};
use tidegate_core::effect::{Erasure, Notice, Part, Request, Transport};
use tidegate_core::text::{cut, next_piece};
use tidegate_core::{Effect, Input, Now, Runtime, json};
use web_sys::Storage;

/// A page's core with the browser around it.
pub(crate) struct Browser {
    pub(crate) runtime: RefCell<Runtime>,
    pub(crate) host: Host,
    pub(crate) storage: Local,
    todo: RefCell<Vec<Effect>>,
    running: Cell<bool>,
    /// When the shim wakes the core, on the monotonic clock.
    timer: Cell<Option<u64>>,
}

/// Lives as long as the page does.
pub(crate) type Page = &'static Browser;

impl Browser {
    pub(crate) fn new(runtime: Runtime, host: Host, storage: Option<Storage>, env: &str) -> Page {
        let told = |key| json::at_path(env, key).map(json::text_of).unwrap_or_default();
        Box::leak(Box::new(Browser {
            runtime: RefCell::new(runtime),
            host,
            storage: Local::of(storage, &told("space")),
            todo: RefCell::default(),
            running: Cell::new(false),
            timer: Cell::default(),
        }))
    }

    /// JavaScript has called: nothing is being carried out. What the page's own code broke off goes on with the next input.
    pub(crate) fn entered(&'static self) -> Page {
        self.running.set(false);
        self
    }

    /// Hands in one input and carries out what follows.
    pub(crate) fn handle(&'static self, input: Input<'_>) {
        self.call(input);
        self.arm();
    }

    /// The hot path: as [`Browser::handle`], without a look at the timer. The write at the end of the task sets it.
    pub(crate) fn call(&'static self, input: Input<'_>) {
        let mut effects = self.runtime.borrow_mut().handle(input, self.now());
        self.todo.borrow_mut().append(&mut effects);
        // What an effect causes meanwhile waits for its turn.
        if !self.running.replace(true) {
            while let Some(effect) = self.next() {
                self.perform(effect);
            }
            self.running.set(false);
        }
    }

    fn next(&self) -> Option<Effect> {
        let mut todo = self.todo.borrow_mut();
        (!todo.is_empty()).then(|| todo.remove(0))
    }

    fn perform(&'static self, effect: Effect) {
        match effect {
            Effect::Write { key, value } => {
                if !self.storage.write(&key, &value) {
                    self.call(Input::WriteFailed { key: &key });
                }
            }
            Effect::Remove { key } => self.storage.remove(&key),
            Effect::RemoveAll { prefix } => self.storage.keys(&prefix).iter().for_each(|key| self.storage.remove(key)),
            Effect::ReadSignals => {
                let signals = self.host.signals();
                let mut lines = Some(signals.as_str());
                while let Some(line) = next_piece(&mut lines, "\n") {
                    if let Some((source, text)) = cut(line, " ") {
                        self.call(Input::Signal { source, text });
                    }
                }
            }
            Effect::Read { key } => self.call(Input::Stored { key: &key, value: self.storage.read(&key).as_deref() }),
            Effect::List { prefix } => self.call(Input::Keys(&self.storage.keys(&prefix))),
            Effect::SetCookie { name, value, max_age_s } => self.host.cookie(&self.storage.own(&name), &value, max_age_s),
            Effect::Lock { name, hold } => self.host.lock(&name, hold as u8),
            Effect::Send(Request { id, url, body, transport, .. }) => {
                self.host.send(id, &url, &body, transport == Transport::Keepalive);
            }
            Effect::Abort { request } => self.host.abort(request),
            Effect::LoadPart { part } => self.host.part(match part {
                Part::Tags => "tags",
                Part::Delivery => "delivery",
                Part::Strings => "strings",
                Part::Wires => "wires",
            }),
            Effect::Page { what } => tags::page(self, &what),
            Effect::Notify(notice) => self.notify(&notice),
            Effect::Post { message } => self.host.post(&message),
            Effect::CommitSoon => self.host.commit(),
        }
    }

    fn notify(&self, notice: &Notice) {
        let (name, payload) = match notice {
            Notice::Error(problem) => ("error", problem.as_str()),
            Notice::Consent(report) => ("consent", report.as_str()),
            Notice::ConsentHint => ("consent-hint", ""),
            Notice::Erase(Erasure::IfAny) => ("erase", ""),
            Notice::Erase(Erasure::Everything) => ("erase", "1"),
            Notice::Erase(Erasure::WhatIsDenied) => ("renew", ""),
            Notice::Plugins(message) => ("plugins", message.as_str()),
            Notice::Reload(tag) => ("reload", tag.as_str()),
            Notice::Flushed => ("flushed", ""),
            Notice::Forgotten => ("forgotten", ""),
        };
        self.host.notify(name, payload);
    }

    fn now(&self) -> Now {
        Now { wall: js_sys::Date::now() as u64, mono: self.host.mono() as u64 }
    }

    fn arm(&self) {
        let now = self.now();
        let deadline = self.runtime.borrow().deadline(now);
        if self.timer.replace(deadline) != deadline {
            // Browsers keep 31 bits of milliseconds; a longer wait is armed again.
            let wait = |at: u64| at.saturating_sub(now.mono).min(2_000_000_000) as f64;
            self.host.timer(deadline.map_or(-1.0, wait));
        }
    }

    /// The timer is over.
    pub(crate) fn wakes(&self) -> Input<'static> {
        self.timer.set(None);
        Input::Wake
    }
}
