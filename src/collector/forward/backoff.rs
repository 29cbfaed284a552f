//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

/// Exponential, capped, with full jitter: many collectors that lost one broker do not come back in step.
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
#[derive(Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// After a failure. `floor` is what the other side asked for.
    pub(super) fn next(&mut self, floor: Option<Duration>) -> Duration {
        self.wait(floor, fastrand::f64())
    }

    /// After a success.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// `luck` is in `0.0..1.0`.
    fn wait(&mut self, floor: Option<Duration>, luck: f64) -> Duration {
        let most = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        most.mul_f64(luck).max(floor.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_what_may_be_waited_up_to_a_bound_and_a_success_ends_it() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..10).map(|_| backoff.wait(None, 0.999_999).as_millis() as u64 + 1).collect();
        assert_eq!(waits, [200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
        assert!((0..1_000).all(|_| backoff.wait(None, 0.5) == LONGEST / 2));
        backoff.reset();
        assert_eq!(backoff.wait(None, 0.5), FIRST / 2);
        assert_eq!(backoff.wait(None, 0.0), Duration::ZERO);
    }

    #[test]
    fn what_the_other_side_asked_for_is_waited_at_least() {
        let asked = Duration::from_secs(120);
        assert_eq!(Backoff::default().wait(Some(asked), 0.5), asked);
        let waits: Vec<Duration> = (0..50).map(|_| Backoff::default().next(None)).collect();
        assert!(waits.iter().all(|wait| *wait < FIRST) && waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
    }
}
