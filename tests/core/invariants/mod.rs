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
