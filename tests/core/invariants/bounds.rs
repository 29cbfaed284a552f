//! What no backlog and no input may do.

use crate::memory;
use crate::world::events::Fate;
use crate::world::servers::Server;
use crate::world::site::{self, Queue};
use crate::world::{Step, World};
use proptest::prelude::*;
use tidegate_core::effect::Part;
use tidegate_core::input::{Lifecycle, Outcome, Verb};
use tidegate_core::{Effect, Input, Now, Runtime, keys};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 1_000_000 };

fn granted(queue: Queue) -> Runtime {
    let mut core = Runtime::start(&site::config(queue), "{}", [7; 32]).unwrap();
    core.handle(Input::ConsentSet { purposes: r#"{"a":true,"b":true}"#, explicit: true }, NOW);
    core.handle(Input::Stored { key: keys::IDENTITY, value: None }, NOW);
    core.handle(Input::Stored { key: keys::CONSENT, value: None }, NOW);
    for part in [Part::Tags, Part::Delivery] {
        core.handle(Input::Part { part, ok: true }, NOW);
    }
    core
}

fn call(core: &mut Runtime, args: &str) -> Vec<Effect> {
    core.handle(Input::Call { verb: Verb::Track, args, at: NOW.wall }, NOW)
}

/// The end of a task: what was captured is written, and the stored decision is read for the tags' sake.
fn end_of_task(core: &mut Runtime) -> Vec<Effect> {
    let decided = r#"{"v":1,"rev":1,"policy":1,"expires":9999999999999,"purposes":{"a":true,"b":true}}"#;
    let mut effects = core.handle(Input::Commit, NOW);
    effects.extend(core.handle(Input::Stored { key: keys::CONSENT, value: Some(decided) }, NOW));
    effects
}

/// What a call and the write at the end of its task cost: effects, characters written and memory asked for. The least of a
/// few, since buffers grow now and then.
fn cost(core: &mut Runtime) -> (usize, usize, usize) {
    let one = |core: &mut Runtime| {
        let before = memory::asked();
        let mut effects = call(core, r#"["Event",{"n":1}]"#);
        effects.extend(end_of_task(core));
        let asked = memory::asked() - before;
        let written = effects.iter().map(|effect| if let Effect::Write { value, .. } = effect { value.len() } else { 0 });
        (effects.len(), written.sum::<usize>(), asked)
    };
    (0..5).map(|_| one(core)).min().unwrap()
}

/// The kinds of input, with a text and a number to fill in.
fn input<'a>(kind: u8, text: &'a str, number: u32, page: &'a str, keys: &'a [String]) -> Input<'a> {
    let at = number as usize;
    match kind {
        0 => Input::Call { verb: Verb::from_number((number % 6) as u8).unwrap(), args: text, at: u64::from(number) },
        1 => Input::Page(text),
        2 => Input::Signal { source: text, text },
        3 => Input::Data(text),
        4 => Input::Identity(text),
        5 => Input::Stored { key: page, value: Some(text) },
        6 => Input::Stored { key: tidegate_core::keys::CONSENT, value: Some(text) },
        7 | 15 | 16 => Input::Tags(text),
        8 => Input::Message(text),
        9 => {
            let outcome = Outcome::Answer { status: (number % 700) as u16, body: text, retry_after_ms: Some(u64::from(number)) };
            Input::Response { request: number % 4, outcome }
        }
        10 => Input::Lock { name: text, taken: true },
        11 => Input::WriteFailed { key: text },
        12 => Input::Keys(keys),
        13 => Input::ConsentSet { purposes: text, explicit: number.is_multiple_of(2) },
        14 => {
            let (identity, cookies, consent, gate) = (Some(text), [Some(text); 3], Some(text), Some(text));
            Input::Restore { identity, cookies, consent, gate, locks: number.is_multiple_of(2) }
        }
        17 => Input::Lifecycle([Lifecycle::Hidden, Lifecycle::Visible, Lifecycle::Online][at % 3]),
        18 => [Input::Reset, Input::Wake, Input::Flush, Input::Commit][at % 4],
        19 => Input::Part { part: [Part::Tags, Part::Delivery][at / 2 % 2], ok: number.is_multiple_of(2) },
        _ => Input::Report { code: text, message: text },
    }
}

/// Texts that mean nothing, that nearly mean something, and what a tab of another version may have stored.
fn texts() -> impl Strategy<Value = String> {
    const MEANT: [&str; 9] = [
        r#"["Event",{"n":1},{"context":{"x":1}}]"#,
        r#"{"a":true,"b":"perhaps"}"#,
        r#"{"denied":["a","b",7]}"#,
        r#"{"decided":true,"accepted":["a"]}"#,
        r#"{"v":1,"rev":4294967295,"policy":1,"expires":18446744073709551615,"purposes":{"a":true}}"#,
        r#"{"results":[{"messageId":"m","status":"stored"},{}]}"#,
        "0123456789abcdef\n{\"v\":1,\"rev\":1,\"at\":1,\"to\":{\"needs-a\":0}}\n{\"rev\":1\n\n0\"messageId\":\"m\"\n",
        r#"[["w","needs-a"],[[0,"[]",1600000000000,"{}"]]]"#,
        r#"{"id":"x","docs":"x","load":{"script":"https://x.example/{{y}}"},"on":{"track":[{"call":"f","args":["{{event}}"]}]}}"#,
    ];
    let nearly = (prop::sample::select(&MEANT[..]), any::<prop::sample::Index>(), any::<char>());
    let nearly = nearly.prop_map(|(text, at, new)| {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = new;
        chars.into_iter().collect()
    });
    prop_oneof![
        ".{0,40}",
        "[\\[\\]{}\":,0-9truefalsn\\\\u]{0,60}",
        nearly,
        prop::sample::select(&MEANT[..]).prop_map(String::from)
    ]
}

proptest! {
    #![proptest_config(super::config())]

    /// Invariant 9.
    #[test]
    fn a_call_costs_the_same_however_much_is_queued(backlog in 1..3000u32, burst in 1..100u32) {
        let mut core = granted(Queue::Roomy);
        call(&mut core, r#"["First"]"#);
        end_of_task(&mut core);
        let empty = cost(&mut core);
        for number in 0..backlog {
            call(&mut core, r#"["Event"]"#);
            if number % burst == 0 {
                end_of_task(&mut core);
            }
        }
        end_of_task(&mut core);
        let (effects, written, asked) = cost(&mut core);
        // A full journal writes less. Sequence and page numbers get longer, and texts with them.
        prop_assert!(effects <= empty.0 && written < empty.1 + 100 && asked < empty.2 + 1000, "{:?} and {:?}", (effects, written, asked), empty);
    }

    /// Invariant 10, and 8 of what is stored: good pages arrive whatever lies beside them.
    #[test]
    fn whatever_is_stored_beside_them_good_pages_arrive(
        times in 1..20u8, found in prop::collection::vec((any::<prop::sample::Index>(), texts()), 1..8),
    ) {
        let mut world = World::new(Queue::Roomy);
        world.set(0, [Some(true); 2], true);
        world.servers = [Server::Unreachable; 4];
        world.take(&Step::Call { tab: 0, verb: 0, times });
        let page = world.profile.pages().next().unwrap().0.clone();
        let tab = page.strip_prefix(keys::JOURNAL).unwrap().split('.').next().unwrap();
        for (which, text) in found {
            world.profile.stored.insert(which.get(&strays(tab)).clone(), text);
        }
        world.take(&Step::Crash { tab: 0 });
        world.settle();
        for event in &world.events {
            prop_assert_eq!(event.fates, [Fate::Delivered; 4]);
        }
    }

    /// Invariant 10: one input after another, and one of them over and over.
    #[test]
    fn no_input_fails_or_grows_memory_without_bound(
        inputs in prop::collection::vec((0..21u8, texts(), any::<u32>()), 1..30), decided in any::<bool>(), over_and_over in 0..8u8,
    ) {
        let mut core = if decided { granted(Queue::Small) } else { Runtime::start(&site::config(Queue::Small), "{}", [7; 32]).unwrap() };
        let give = |core: &mut Runtime, (kind, text, number): &(u8, String, u32)| {
            let page = format!("{}t.{number}.w", keys::JOURNAL);
            let effects = core.handle(input(*kind, text, *number, &page, &[text.clone(), page.clone()]), NOW);
            effects.len() + core.handle(Input::Commit, NOW).len()
        };
        for input in &inputs {
            prop_assert!(give(&mut core, input) < 200);
            prop_assert!(adds_up(&core));
        }
        if over_and_over == 0 {
            let times = |core: &mut Runtime, times: u32| {
                (0..times).for_each(|_| { give(core, &inputs[0]); });
                memory::held()
            };
            let full = times(&mut core, 1100);
            let later = times(&mut core, 1100);
            prop_assert!(later - full < 100_000, "{} bytes more after the same input again", later - full);
        }
        for number in 0..100 {
            core.handle(Input::Report { code: &number.to_string(), message: "" }, NOW);
        }
        let errors = serde_json::from_str::<serde_json::Value>(&core.stats()).unwrap()["errors"].as_object().unwrap().len();
        prop_assert!(errors <= 50);
    }
}

/// Keys under which something else may lie than the core has written. `tab` left good pages.
fn strays(tab: &str) -> Vec<String> {
    let others = [
        "tg_q.",
        "tg_q.other",
        "tg_q.other.0.w",
        "tg_a.other.0.w",
        "tg_tab.other",
        "tg_left.1",
        "tg_left.lost.other.w",
        keys::WAITS,
        keys::IDENTITY,
        keys::GATE,
        keys::RECEIPTS,
    ];
    let own = ["q.100", "a.100", "a.0"].map(|kind| kind.replace('.', &format!(".{tab}.")));
    let own = own.map(|key| format!("tg_{key}.w"));
    others.into_iter().map(String::from).chain(own).collect()
}

fn adds_up(core: &Runtime) -> bool {
    let stats = serde_json::from_str::<serde_json::Value>(&core.stats()).unwrap();
    stats["perDestination"].as_object().unwrap().values().all(|counts| {
        let of = |key: &str| counts[key].as_u64().unwrap();
        let dropped: u64 = counts["dropped"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        of("captured") == of("pending") + of("queued") + of("inFlight") + of("delivered") + dropped
    })
}
