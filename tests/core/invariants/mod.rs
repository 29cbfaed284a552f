//! The ten invariants of the design, a property each, over random lives of one browser profile.

mod bounds;
mod consent;
mod delivery;
mod plugins;

use proptest::prelude::ProptestConfig;

/// Failing lives are shrunk and printed, not kept in files.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// For what must never fail: ten thousand lives, or as many as PROPTEST_CASES says, and a hundred thousand in `npm run test:full`.
fn many() -> ProptestConfig {
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let cases = match config().cases {
        _ if is_set("TIDEGATE_FULL") => 100_000,
        given if is_set("PROPTEST_CASES") => given,
        _ => 10_000,
    };
    ProptestConfig { cases, ..config() }
}
