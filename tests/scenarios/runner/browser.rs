//! The tabs of a scenario and the local storage they share. Storage answers at once and the microtask ends with the step, as in a
//! browser; everything else is for the steps to say.

use super::given::{Given, text};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use tidegate_core::effect::Part;
use tidegate_core::input::{Lifecycle, Outcome, Verb};
use tidegate_core::{Effect, Input, Now, Runtime, keys};

/// 2026-01-01T00:00:00Z.
const BEGIN: u64 = 1_767_225_600_000;
/// Waits beyond this are the expiry of a decision, which every page that has one waits for.
const DAY_MS: u64 = 86_400_000;

pub(super) struct Browser {
    config: String,
    environment: String,
    tabs: BTreeMap<u8, Runtime>,
    stored: BTreeMap<String, String>,
    cookies: BTreeMap<String, String>,
    refuses: bool,
    now: Now,
}

impl Browser {
    pub(super) fn new(config: &str, environment: &str) -> Self {
        Browser {
            config: config.to_owned(),
            environment: environment.to_owned(),
            tabs: BTreeMap::new(),
            stored: BTreeMap::new(),
            cookies: BTreeMap::new(),
            refuses: false,
            now: Now::default(),
        }
    }

    /// When a tab wants to be woken, in milliseconds since the scenario began.
    pub(super) fn wake(&self, tab: u8, at: u64) -> Option<u64> {
        self.tabs.get(&tab)?.deadline(Now { wall: BEGIN + at, mono: at }).filter(|wake| *wake < at + DAY_MS)
    }

    /// Takes one step. Returns the effects in the order in which they were carried out.
    pub(super) fn take(&mut self, tab: u8, at: u64, given: &Given) -> Result<Vec<Effect>, String> {
        self.now = Now { wall: BEGIN + at, mono: at };
        if let Some(refuses) = given.storage_refuses {
            self.refuses = refuses;
            return Ok(Vec::new());
        }
        if let Some(changes) = &given.elsewhere {
            for (key, value) in changes {
                match value {
                    Some(value) => self.stored.insert(key.clone(), text(value)),
                    None => self.stored.remove(key),
                };
            }
            return Ok(Vec::new());
        }
        if given.gone {
            return self.tabs.remove(&tab).map(|_| Vec::new()).ok_or_else(|| String::from("this tab is not open"));
        }
        let mut core = if given.open {
            let seed = std::array::from_fn(|at| tab.wrapping_mul(at as u8 + 1));
            Runtime::start(&self.config, &self.environment, seed)
                .ok_or_else(|| format!("{:?}", tidegate_core::config::explain(&self.config)))?
        } else {
            self.tabs.remove(&tab).ok_or("this tab is not open: { \"open\": true } opens it")?
        };
        let effects = self.task(&mut core, given);
        self.tabs.insert(tab, core);
        effects
    }

    fn task(&mut self, core: &mut Runtime, given: &Given) -> Result<Vec<Effect>, String> {
        let mut todo = VecDeque::new();
        for _ in 0..given.times.unwrap_or(1) {
            todo.extend(self.input(core, given)?);
        }
        let (mut done, mut commit) = (Vec::new(), false);
        loop {
            let Some(effect) = todo.pop_front() else {
                if !std::mem::take(&mut commit) {
                    return Ok(done);
                }
                todo.extend(core.handle(Input::Commit, self.now));
                continue;
            };
            commit |= effect == Effect::CommitSoon;
            todo.extend(self.perform(core, &effect));
            done.push(effect);
        }
    }

    /// Carries out an effect on storage. Returns what the answer brings.
    fn perform(&mut self, core: &mut Runtime, effect: &Effect) -> Vec<Effect> {
        let input = match effect {
            Effect::Write { key, .. } if self.refuses => Input::WriteFailed { key },
            Effect::Write { key, value } => {
                self.stored.insert(key.clone(), value.clone());
                return Vec::new();
            }
            Effect::Remove { key } => {
                self.stored.remove(key);
                return Vec::new();
            }
            Effect::RemoveAll { prefix } => {
                self.stored.retain(|key, _| !key.starts_with(prefix));
                return Vec::new();
            }
            Effect::SetCookie { name, value, max_age_s } => {
                self.cookies.remove(name);
                if *max_age_s > 0 {
                    self.cookies.insert(name.clone(), value.clone());
                }
                return Vec::new();
            }
            Effect::Read { key } => Input::Stored { key, value: self.stored.get(key).map(String::as_str) },
            Effect::LoadPart { part: part @ (Part::Delivery | Part::Strings) } => Input::Part { part: *part, ok: true },
            Effect::List { prefix } => return core.handle(Input::Keys(&self.keys(prefix)), self.now),
            _ => return Vec::new(),
        };
        core.handle(input, self.now)
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        self.stored.keys().filter(|key| key.starts_with(prefix)).cloned().collect()
    }

    fn restore(&self, core: &mut Runtime) -> Vec<Effect> {
        let stored = |key: &str| self.stored.get(key).map(String::as_str);
        let input = Input::Restore {
            identity: stored(keys::IDENTITY),
            cookies: keys::COOKIES.map(|name| self.cookies.get(name).map(String::as_str)),
            consent: stored(keys::CONSENT),
            gate: stored(keys::GATE),
            locks: true,
        };
        core.handle(input, self.now)
    }

    fn input(&self, core: &mut Runtime, given: &Given) -> Result<Vec<Effect>, String> {
        if given.open {
            return Ok(self.restore(core));
        }
        let mut handle = |input: Input<'_>| Ok(core.handle(input, self.now));
        match given {
            Given { call: Some(verb), args, .. } => {
                let verb = (0..6).filter_map(Verb::from_number).find(|known| known.word() == verb).ok_or("no such verb")?;
                let args = args.as_ref().map_or(String::from("[]"), text);
                handle(Input::Call { verb, args: &args, at: self.now.wall })
            }
            Given { page: Some(facts), .. } => handle(Input::Page(&text(facts))),
            Given { consent_set: Some(purposes), .. } => handle(Input::ConsentSet { purposes: &text(purposes), explicit: true }),
            Given { consent_default: Some(purposes), .. } => {
                handle(Input::ConsentSet { purposes: &text(purposes), explicit: false })
            }
            Given { signal: Some(signal), .. } => handle(Input::Signal { source: &signal.source, text: &text(&signal.reading) }),
            Given { data: Some(data), .. } => handle(Input::Data(&text(data))),
            Given { identity: Some(given), .. } => handle(Input::Identity(&text(given))),
            Given { response: Some(response), .. } => {
                let body = response.body.as_ref().map_or(String::new(), text);
                let retry_after_ms = response.retry_after_ms;
                let answer = |status| Outcome::Answer { status, body: &body, retry_after_ms };
                let outcome = response.status.map_or(Outcome::Failed, answer);
                handle(Input::Response { request: response.request, outcome })
            }
            Given { lock: Some(lock), .. } => handle(Input::Lock { name: &lock.name, taken: lock.taken }),
            Given { tags: Some(ok), .. } => handle(Input::Part { part: Part::Tags, ok: *ok }),
            Given { says: Some(says), .. } => {
                let texts = says.iter().map(|value| if value.is_object() { value.to_string().into() } else { value.clone() });
                handle(Input::Tags(&texts.collect::<Value>().to_string()))
            }
            Given { lifecycle: Some(life), .. } => match life.as_str() {
                "hidden" => handle(Input::Lifecycle(Lifecycle::Hidden)),
                "visible" => handle(Input::Lifecycle(Lifecycle::Visible)),
                "online" => handle(Input::Lifecycle(Lifecycle::Online)),
                _ => Err(String::from("a page is hidden, visible or online")),
            },
            Given { message: Some(message), .. } => handle(Input::Message(&text(message))),
            Given { reset: true, .. } => handle(Input::Reset),
            Given { wake: true, .. } => handle(Input::Wake),
            Given { flush: true, .. } => handle(Input::Flush),
            Given { forget: true, .. } => handle(Input::Forget),
            _ => Err(String::from("the input says nothing")),
        }
    }
}
