//! A page whose storage holds anything under every key that the core reads, beside one good page of events.

use std::collections::{BTreeMap, VecDeque};
use tidegate_core::effect::{Hold, Part};
use tidegate_core::input::{Lifecycle, Outcome};
use tidegate_core::{Effect, Input, Now, Runtime, keys};

const CONFIG: &str = r#"{"version":1,"writeKey":"w","consent":{"cmp":"manual","purposes":{"a":{}}},
  "destinations":[{"id":"c","kind":"segment","url":"/c","consent":{"allOf":["a"]}}]}"#;
const WALL: u64 = 1_760_000_000_000;
const OTHERS: [&str; 10] = [
    "tg_q.",
    "tg_q.x",
    "tg_q.x.0.w",
    "tg_q.y.1.other",
    "tg_a.x.0.w",
    "tg_tab.x",
    "tg_left.1",
    "tg_left.lost.x.w",
    "tg_left.waits",
    "tg_receipts",
];

/// A page that another tab left.
fn good_page() -> (String, String) {
    let now = Now { wall: WALL, mono: 0 };
    let mut core = Runtime::start(CONFIG, "{}", std::array::from_fn(|at| at as u8)).unwrap();
    core.handle(Input::Restore { identity: None, cookies: [None; 3], consent: None, gate: None, locks: true }, now);
    core.handle(Input::ConsentSet { purposes: r#"{"a":true}"#, explicit: true }, now);
    // What another tab may have stored is read before anything is minted.
    core.handle(Input::Stored { key: keys::IDENTITY, value: None }, now);
    core.handle(Input::Call { verb: tidegate_core::input::Verb::Track, args: r#"["Good"]"#, at: WALL }, now);
    let written = core.handle(Input::Commit, now).into_iter().find_map(|effect| match effect {
        Effect::Write { key, value } if key.starts_with(keys::JOURNAL) => Some((key, value)),
        _ => None,
    });
    written.unwrap()
}

/// What a grant that was read leaves, so that what it covers may stay.
const GRANTED: &str = r#"{"v":1,"rev":1,"policy":1,"expires":1900000000000,"purposes":{"a":true}}"#;

/// The same with the stored decision at the text's mercy: where that cannot be read, what it covered goes.
pub(crate) fn nothing_stops_it(text: &str) {
    run(text, None);
}

/// Starts a page on it and lets a day pass. The text's pieces, between zero characters, lie under the keys in turn; whether the browser
/// has Web Locks says its first character.
///
/// # Panics
/// The good page's event is not sent.
pub(crate) fn good_page_is_sent(text: &str) {
    let sent = run(text, Some(GRANTED));
    // Another tab's denial is no accident.
    assert!(sent.contains("\"Good\"") || text.contains("false"), "the good page was lost");
}

fn run(text: &str, decision: Option<&str>) -> String {
    let (key, page) = good_page();
    let mut stored = BTreeMap::from([(key, Some(page))]);
    let pieces: Vec<&str> = text.split('\0').collect();
    let mut at = 0;
    let mut piece = || {
        at += 1;
        pieces[at % pieces.len()].to_owned()
    };
    let locks = text.as_bytes().first().is_none_or(|byte| byte % 2 == 0);
    let mut core = Runtime::start(CONFIG, "{}", [7; 32]).unwrap();
    let mut sent = String::new();
    let (identity, consent, gate) = (piece(), decision.map_or_else(&mut piece, str::to_owned), piece());
    stored.insert(keys::CONSENT.to_owned(), Some(consent.clone()));
    let mut now = Now { wall: WALL + 1000, mono: 0 };
    let mut give = |core: &mut Runtime, input: Input<'_>, now: Now| {
        let mut todo: VecDeque<Effect> = core.handle(input, now).into();
        while let Some(effect) = todo.pop_front() {
            match effect {
                Effect::Read { key } => {
                    let value = stored.entry(key.clone()).or_insert_with(|| Some(piece()));
                    todo.extend(core.handle(Input::Stored { key: &key, value: value.as_deref() }, now));
                }
                Effect::Write { key, value } => drop(stored.insert(key, Some(value))),
                Effect::Remove { key } => drop(stored.insert(key, None)),
                Effect::List { prefix } => {
                    let others = OTHERS.into_iter().filter(|key| !stored.contains_key(*key)).map(String::from);
                    let known = stored.iter().filter(|(_, value)| value.is_some()).map(|(key, _)| key.clone());
                    let found: Vec<String> = others.chain(known).filter(|key| key.starts_with(&prefix)).collect();
                    todo.extend(core.handle(Input::Keys(&found), now));
                }
                Effect::Lock { name, hold } if hold != Hold::None => {
                    todo.extend(core.handle(Input::Lock { name: &name, taken: true }, now))
                }
                Effect::LoadPart { part } => todo.extend(core.handle(Input::Part { part, ok: part == Part::Delivery }, now)),
                Effect::Send(request) => {
                    sent.push_str(&request.body);
                    // What an early leaver left may stand before the good page, and goes first.
                    let outcome = Outcome::Answer { status: 200, body: "{}", retry_after_ms: None };
                    todo.extend(core.handle(Input::Response { request: request.id, outcome }, now));
                }
                _ => {}
            }
        }
    };
    let restore =
        Input::Restore { identity: Some(&identity), cookies: [None; 3], consent: Some(&consent), gate: Some(&gate), locks };
    give(&mut core, restore, now);
    give(&mut core, Input::ConsentSet { purposes: r#"{"a":true}"#, explicit: true }, now);
    for _ in 0..600 {
        now = Now { wall: now.wall + 1000, mono: now.mono + 1000 };
        give(&mut core, Input::Wake, now);
        give(&mut core, Input::Commit, now);
    }
    // No server keeps anybody waiting for longer than a day.
    now = Now { wall: now.wall + 26 * 3_600_000, mono: now.mono + 26 * 3_600_000 };
    give(&mut core, Input::Wake, now);
    give(&mut core, Input::Lifecycle(Lifecycle::Hidden), now);
    sent
}
