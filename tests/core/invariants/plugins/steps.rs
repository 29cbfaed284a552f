//! What may happen on a page with plugins.

use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Pass,
    Cancel,
    Fail,
    Spoil,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Call {
        times: u8,
    },
    /// `to` is whose middleware it is, of all where there is no such destination.
    Add {
        phase: usize,
        to: usize,
        loading: bool,
    },
    Loaded {
        which: usize,
        ok: bool,
    },
    Remove {
        which: usize,
    },
    PartComes,
    Answer {
        which: usize,
        how: How,
    },
    /// A run that is over or was never there is answered.
    Stale {
        which: usize,
        how: How,
    },
    Decide {
        choices: [Option<bool>; 2],
    },
    Platform {
        answer: Option<[bool; 2]>,
    },
    Pass {
        ms: u64,
    },
    Commit,
    Flush,
    Show {
        visible: bool,
    },
    Network {
        ok: bool,
    },
}

pub(super) fn steps() -> impl Strategy<Value = Step> {
    let choice = || prop_oneof![Just(None), Just(Some(true)), Just(Some(true)), Just(Some(false))];
    let how = || prop_oneof![6 => Just(How::Pass), 1 => Just(How::Cancel), 1 => Just(How::Fail), 1 => Just(How::Spoil)];
    prop_oneof![
        10 => (1..4u8).prop_map(|times| Step::Call { times }),
        5 => (0..5usize, 0..5usize, prop::bool::weighted(0.2)).prop_map(|(phase, to, loading)| Step::Add { phase, to, loading }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, ok)| Step::Loaded { which, ok }),
        1 => any::<usize>().prop_map(|which| Step::Remove { which }),
        2 => Just(Step::PartComes),
        16 => (any::<usize>(), how()).prop_map(|(which, how)| Step::Answer { which, how }),
        5 => (any::<usize>(), how()).prop_map(|(which, how)| Step::Stale { which, how }),
        5 => (choice(), choice()).prop_map(|(a, b)| Step::Decide { choices: [a, b] }),
        3 => prop::option::weighted(0.6, any::<[bool; 2]>()).prop_map(|answer| Step::Platform { answer }),
        5 => prop_oneof![0..100u64, 900..6_000u64, 25_000..35_000u64].prop_map(|ms| Step::Pass { ms }),
        4 => Just(Step::Commit),
        2 => Just(Step::Flush),
        2 => any::<bool>().prop_map(|visible| Step::Show { visible }),
        4 => prop::bool::weighted(0.7).prop_map(|ok| Step::Network { ok }),
    ]
}
