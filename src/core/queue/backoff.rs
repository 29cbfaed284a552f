//! How long to wait after a failure.

const FIRST_MS: u64 = 1000;
const LONGEST_MS: u64 = 5 * 60_000;
/// While the page is visible and the outage young, a visitor may still see the result.
const YOUNG_MS: u64 = 60_000;
const LONGEST_WHILE_YOUNG_MS: u64 = 10_000;

/// Equal jitter: half of 1 s doubling to 5 min, plus a random part of the other half. `fraction` is in 0..1,
/// `outage_ms` how long the destination has been failing.
pub(crate) fn wait_ms(failures: u32, fraction: f64, visible: bool, outage_ms: u64) -> u64 {
    let full = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(LONGEST_MS);
    let wait = full / 2 + (fraction.clamp(0.0, 1.0) * (full / 2) as f64) as u64;
    if visible && outage_ms < YOUNG_MS { wait.min(LONGEST_WHILE_YOUNG_MS) } else { wait }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_one_second_to_five_minutes_with_equal_jitter() {
        assert_eq!((wait_ms(1, 0.0, false, 0), wait_ms(1, 1.0, false, 0)), (500, 1000));
        assert_eq!((wait_ms(4, 0.0, false, 0), wait_ms(4, 1.0, false, 0)), (4000, 8000));
        assert_eq!((wait_ms(u32::MAX, 0.0, false, 0), wait_ms(u32::MAX, 1.0, false, 0)), (150_000, 300_000));
    }

    #[test]
    fn a_visible_page_waits_at_most_ten_seconds_in_the_first_minute() {
        assert_eq!(wait_ms(10, 1.0, true, 59_999), 10_000);
        assert_eq!(wait_ms(10, 1.0, true, 60_000), 300_000);
    }
}
