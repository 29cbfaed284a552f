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
    let (days, ms) = ((wall / 86_400_000) as u32, (wall % 86_400_000) as u32);
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

/// Year, month and day of a day number since 1970-01-01, in the proleptic Gregorian calendar. Counting is as fast as it need be, and
/// the smallest code.
fn civil(mut days: u32) -> (u32, u32, u32) {
    let mut year = 1970;
    let mut month = 1;
    loop {
        let leap = u32::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        // Whole years come first.
        let length = match month {
            1 if days >= 365 + leap => 365 + leap,
            2 => 28 + leap,
            _ => 30 + (month + month / 8) % 2,
        };
        if days < length {
            return (year, month, days + 1);
        }
        days -= length;
        if length > 31 {
            year += 1;
        } else {
            month += 1;
        }
    }
}

/// Milliseconds since the Unix epoch of a time in UTC as ISO 8601 has it: `2026-01-31`, with or without `T12:00`, seconds, a fraction and `Z`.
/// Nothing for another text, or a year before 1970.
pub fn from_iso(text: &str) -> Option<u64> {
    let (date, time) = crate::text::cut(text.strip_suffix('Z').unwrap_or(text), "T").unwrap_or((text, "00:00"));
    let two = |text: &str| (text.len() == 2).then(|| crate::json::whole(text)).flatten();
    let mut parts = date.split('-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(crate::json::whole).filter(|year| *year >= 1970)?;
    let (month, day) = (two(parts.next()?)?, two(parts.next()?)?);
    let mut clock = time.split(':');
    let (hour, minute) = (two(clock.next()?)?, two(clock.next()?)?);
    let second = clock.next().unwrap_or("00");
    let (second, fraction) = crate::text::cut(second, ".").unwrap_or((second, "0"));
    let ms = crate::json::whole(fraction.get(..3).unwrap_or(fraction))? * [0, 100, 10, 1].get(fraction.len().min(3)).copied()?;
    let second = two(second)?;
    if parts.next().is_some() || clock.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Counted as `civil` counts.
    let (wanted, mut days) = ((year as u32, month as u32, day as u32), (year as u32 - 1970) * 365);
    while civil(days) < wanted {
        days += 1;
    }
    (civil(days) == wanted).then_some(u64::from(days) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 + ms)
}

fn push_digits(out: &mut String, mut number: u32, width: u32) {
    let mut unit = 10u32.pow(width - 1);
    while unit > 0 {
        out.push(char::from(b'0' + (number / unit) as u8));
        number %= unit;
        unit /= 10;
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
