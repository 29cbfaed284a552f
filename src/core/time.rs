//! Time as the core sees it: numbers that come in with each input.

/// The time of an input, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// Since the Unix epoch, from the visitor's clock. Stamps events; may jump.
    pub wall: u64,
    /// Since some fixed moment of this page. Schedules retries; never runs backwards.
    pub mono: u64,
}

/// ISO 8601 in UTC with milliseconds, as Segment's `timestamp` field has it. Years after 9999 are clamped.
pub fn push_iso(out: &mut String, wall: u64) {
    let wall = wall.min(253_402_300_799_999);
    let (days, ms) = (wall / 86_400_000, wall % 86_400_000);
    let (year, month, day) = civil(days);
    push_digits(out, year, 4);
    for (mark, number) in [('-', month), ('-', day), ('T', ms / 3_600_000), (':', ms / 60_000 % 60), (':', ms / 1000 % 60)] {
        out.push(mark);
        push_digits(out, number, 2);
    }
    out.push('.');
    push_digits(out, ms % 1000, 3);
    out.push('Z');
}

/// Year, month and day of a day number since 1970-01-01, in the proleptic Gregorian calendar: counts 400-year eras
/// of years that begin in March, so that the leap day comes last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn push_digits(out: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10u64.pow(place) % 10;
        out.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_iso_8601() {
        for (wall, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
            (4_107_542_400_123, "2100-03-01T00:00:00.123Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            let mut out = String::new();
            push_iso(&mut out, wall);
            assert_eq!(out, text);
        }
    }
}
