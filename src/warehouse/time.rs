//! Times: what clients write, the day of a partition, and ISO 8601 again.

use tidegate_core::time::{from_iso, push_iso};

/// Microseconds in a millisecond.
const MILLI: i64 = 1_000;

const DAY_MS: i64 = 86_400_000;

/// The last moment of the year 9999, in milliseconds since the Unix epoch.
const LAST_MS: i64 = 253_402_300_799_999;

/// Microseconds since the Unix epoch of a time as ISO 8601 has it, with or without an offset; UTC where it says none. Nothing for
/// another text, a year before 1970 or behind 9999, and what is finer than a microsecond.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (local, offset) = split_offset(text)?;
    let (seconds, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let is_number = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let digits = fraction.trim_end_matches('0');
    if !is_number || digits.len() > 6 {
        return None;
    }
    let fraction: i64 = format!("{digits:0<6}").parse().ok()?;
    let ms = i64::try_from(from_iso(seconds)?).ok()? - offset * 60_000;
    (0..=LAST_MS).contains(&ms).then_some(ms * MILLI + fraction)
}

/// A time without its offset, and the offset in minutes.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, 0));
    }
    // A date has hyphens too.
    let Some(at) = text.find('T').and_then(|t| Some(t + text.get(t..)?.find(['+', '-'])?)) else { return Some((text, 0)) };
    let (local, offset) = text.split_at_checked(at)?;
    let digits: String = offset.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let whole = |digits: &str| digits.parse::<u8>().ok().map(i64::from);
    let (hours, minutes) = (whole(hours)?, if minutes.is_empty() { 0 } else { whole(minutes)? });
    let is_offset = digits.len() != 3 && digits.len() <= 4 && hours < 24 && minutes < 60;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    is_offset.then_some((local, sign * (hours * 60 + minutes)))
}

/// Milliseconds since the Unix epoch, kept to what has a date of four digits, as microseconds.
pub(crate) fn of_ms(ms: i64) -> i64 {
    ms.clamp(0, LAST_MS) * MILLI
}

/// ISO 8601 in UTC, with milliseconds, and with microseconds where there are any.
pub(crate) fn iso(micros: i64) -> String {
    let mut text = String::new();
    push_iso(&mut text, micros.div_euclid(MILLI).try_into().unwrap_or(0));
    let rest = micros.rem_euclid(MILLI);
    if rest > 0 {
        text.pop();
        text.push_str(&format!("{rest:03}Z"));
    }
    text
}

/// When the client made a call, by the collector's clock: Segment's `receivedAt - (sentAt - originalTimestamp)`, which takes the
/// error of the client's clock out. Without the two it is what is known of it.
/// <https://www.twilio.com/docs/segment/connections/spec/common#timestamps>
pub(crate) fn corrected(received: i64, sent: Option<i64>, original: Option<i64>) -> i64 {
    match (sent, original) {
        (Some(sent), Some(original)) => (received - (sent - original)).clamp(0, of_ms(LAST_MS)),
        (None, Some(original)) => original,
        (_, None) => received,
    }
}

/// The day of a time, counted from 1970-01-01.
pub(crate) fn day(ms: i64) -> i64 {
    ms.clamp(0, LAST_MS) / DAY_MS
}

/// A day as `2026-01-31`.
pub(crate) fn date(day: i64) -> String {
    let mut text = iso(of_ms(day * DAY_MS));
    text.truncate("2026-01-31".len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_clients_write() {
        let noon = 1_767_268_800_000_000;
        for (text, wanted) in [
            ("2026-01-01T12:00:00.000Z", Some(noon)),
            ("2026-01-01T12:00:00", Some(noon)),
            ("2026-01-01T14:30:00+02:30", Some(noon)),
            ("2026-01-01T07:00:00.5-0500", Some(noon + 500_000)),
            ("2026-01-01T13:00:00+01", Some(noon)),
            ("2026-01-01T12:00:00.123456Z", Some(noon + 123_456)),
            ("2026-01-01T12:00:00.123456000Z", Some(noon + 123_456)),
            ("2026-01-01T12:00:00.1234567Z", None),
            ("2026-01-01", Some(noon - 12 * 3_600_000_000)),
            ("1969-12-31T23:00:00-02:00", None),
            ("2026-01-01T12:00:00.Z", None),
            ("2026-01-01T12:00:00.-5Z", None),
            ("2026-01-01T12:00:00+2:00", None),
            ("2026-01-01T12:00:00+", None),
            ("2026-01-01T12:00:00+é1", None),
            ("Thu, 01 Jan 2026 12:00:00 GMT", None),
            ("", None),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in
            ["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:00.123456Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"]
        {
            assert_eq!(parse(text).map(iso).as_deref(), Some(text));
        }
        assert_eq!(date(day(1_767_268_800_000)), "2026-01-01");
        assert_eq!(date(day(i64::MAX)), "9999-12-31");
    }

    #[test]
    fn the_clients_clock_is_corrected_where_it_can_be() {
        assert_eq!(corrected(1_000, Some(5_000), Some(4_900)), 900);
        assert_eq!(corrected(1_000, None, Some(4_900)), 4_900);
        assert_eq!(corrected(1_000, Some(5_000), None), 1_000);
        assert_eq!(corrected(1_000, Some(i64::MAX / 4), Some(0)), 0);
    }
}
