//! What the shim calls. Texts are JSON, times milliseconds since the Unix epoch. `js/core.ts` gives the numbers names.
//!
//! Plain functions, and few of them: a class, or a function a question, costs glue and code in both languages.

use crate::browser::{Browser, Page};
use crate::explain;
use crate::host::Host;
use std::cell::RefCell;
use tidegate_core::cookies::cookie;
use tidegate_core::effect::Part;
use tidegate_core::input::{Lifecycle, Outcome, Verb};
use tidegate_core::text::cut;
use tidegate_core::{Input, Runtime, json, keys};
use wasm_bindgen::prelude::*;
use web_sys::Storage;

thread_local! {
    /// The cores of this page; a core's number is its place here plus one.
    static PAGES: RefCell<Vec<Page>> = const { RefCell::new(Vec::new()) };
}

fn page(core: u32) -> Option<Page> {
    PAGES.with_borrow(|pages| pages.get((core as usize).wrapping_sub(1)).copied()).map(Browser::entered)
}

/// Checks the config and takes up what earlier pages left in local storage, where there is one to use. The text is the environment, a line break, and the config.
/// Returns the core's number; 0 for a config at fault.
#[wasm_bindgen]
pub fn start(host: Host, storage: Option<Storage>, text: &str) -> u32 {
    let (env, config) = cut(text, "\n").unwrap_or_default();
    let mut seed = [0u8; 32];
    let random = json::at_path(env, "seed").map(json::text_of).unwrap_or_default();
    seed.iter_mut().zip(random.bytes()).for_each(|(into, from)| *into = from);
    let Some(runtime) = Runtime::start(config, env, seed) else { return 0 };
    let page = Browser::new(runtime, host, storage, env);
    let cookies = json::at_path(env, "cookies").unwrap_or("");
    let [anonymous_id, user_id, group_id] = keys::COOKIES.map(|name| cookie(cookies, &page.storage.own(name)));
    let stored = page.storage.read(keys::IDENTITY);
    let migrates = page.runtime.borrow().config().migrates;
    let segments = || keys::read_segment(&|key| page.storage.read(key), cookies).filter(|_| migrates);
    page.handle(Input::Restore {
        identity: stored.or_else(segments).as_deref(),
        cookies: [anonymous_id.as_deref(), user_id.as_deref(), group_id.as_deref()],
        consent: page.storage.read(keys::CONSENT).as_deref(),
        gate: page.storage.read(keys::GATE).as_deref(),
        locks: json::at_path(env, "locks") == Some("true"),
    });
    PAGES.with_borrow_mut(|pages| {
        pages.push(page);
        pages.len() as u32
    })
}

/// A call of an event verb. Returns the capture number; 0 for a refused call, after an `error`.
#[wasm_bindgen]
pub fn call(core: u32, verb: u8, args: &str, wall: f64) -> u32 {
    let (Some(page), Some(verb)) = (page(core), Verb::from_number(verb)) else { return 0 };
    let before = page.runtime.borrow().captures();
    page.call(Input::Call { verb, args, at: wall as u64 });
    let after = page.runtime.borrow().captures();
    if after == before { 0 } else { before + 1 }
}

/// Tells the core something; which number is what, `js/core.ts` says.
#[wasm_bindgen]
pub fn tell(core: u32, what: u8, text: &str) {
    let Some(page) = page(core) else { return };
    // Of two texts the first is a word.
    let (word, rest) = cut(text, " ").unwrap_or_default();
    page.handle(match what {
        // Part of the hot path.
        0 => return page.call(Input::Page(text)),
        1 => Input::Signal { source: word, text: rest },
        2 => Input::ConsentSet { purposes: text, explicit: true },
        3 => Input::ConsentSet { purposes: text, explicit: false },
        4 => Input::Data(text),
        5 => Input::Identity(text),
        6 => Input::Reset,
        7 => Input::Report { code: word, message: rest },
        8 => Input::Flush,
        9 => Input::Forget,
        10 => Input::Identify { verb: Verb::Identify, args: text },
        11 => Input::Identify { verb: Verb::Group, args: text },
        12 => Input::Hold(text),
        13 => Input::Plugins(text),
        14 => answered(text),
        15 => Input::Tags(text),
        16 => Input::Lock { name: rest, taken: word == "true" },
        17 => Input::Part {
            part: match rest {
                "tags" => Part::Tags,
                "delivery" => Part::Delivery,
                "wires" => Part::Wires,
                _ => Part::Strings,
            },
            ok: word == "true",
        },
        19 => Input::Message(text),
        20 => Input::Lifecycle(match text {
            "hidden" => Lifecycle::Hidden,
            "visible" => Lifecycle::Visible,
            _ => Lifecycle::Online,
        }),
        21 => Input::Commit,
        22 => page.wakes(),
        18 => adopt(page, text),
        _ => return,
    });
}

/// A journal page that the copy alone had: its key, a line break and its text.
fn adopt(page: Page, text: &str) -> Input<'_> {
    let (key, text) = cut(text, "\n").unwrap_or_default();
    page.call(Input::Stored { key, value: Some(text) });
    Input::Commit
}

/// The end of a request: its number, HTTP status and wait in milliseconds as a JSON list, a line break, and the answer's text.
fn answered(text: &str) -> Input<'_> {
    let (head, body) = cut(text, "\n").unwrap_or_default();
    let mut numbers = json::elements(head).map(json::whole);
    let mut next = || numbers.next().flatten();
    let (request, status, retry_after_ms) = (next().unwrap_or(0) as u32, next(), next());
    let outcome = match status {
        None => Outcome::Failed,
        Some(1) => Outcome::Unknown,
        Some(status) => Outcome::Answer { status: status as u16, body, retry_after_ms },
    };
    Input::Response { request, outcome }
}

/// Asks the core something; which number is what, `js/core.ts` says.
#[wasm_bindgen]
pub fn ask(core: u32, what: u8, of: &str) -> Option<String> {
    if what == 9 {
        return Some(explain::faults(of));
    }
    let runtime = page(core)?.runtime.borrow();
    match what {
        0 => Some(runtime.consent()),
        1 => Some(runtime.stats()),
        2 => Some(runtime.explain(None)),
        3 => Some(runtime.explain(Some(of))),
        4 => Some(runtime.user()),
        5 => Some(runtime.group()),
        6 => runtime.data(None),
        7 => runtime.data(Some(of)),
        8 => {
            let (call, args) = cut(of, "\n")?;
            let mut numbers = json::elements(call).filter_map(json::whole);
            let mut next = || numbers.next();
            runtime.event(next()? as u32, Verb::from_number(next()? as u8)?, args, next()?)
        }
        10 => runtime.receipts(),
        11 => runtime.unstored(of),
        _ => None,
    }
}
