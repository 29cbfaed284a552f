//! Time as the core sees it: numbers that come in with each input.

use crate::json::whole;

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

/// Milliseconds since the Unix epoch of a time as ISO 8601 has it: `2026-01-31`, with or without `T12:00`, seconds, a fraction and `Z` or an offset such as
/// `+05:30` or `+0530`; without one it is in UTC. Nothing for another text, or a year before 1970.
pub fn from_iso(text: &str) -> Option<u64> {
    // Behind the date a sign can only be an offset's.
    let sign = text.get(10..).and_then(|time| time.find(['+', '-'])).map(|at| at + 10);
    let Some((local, offset)) = sign.and_then(|at| Some((text.get(..at)?, text.get(at..)?))) else {
        return from_utc(text.strip_suffix('Z').unwrap_or(text));
    };
    let colon = usize::from(offset.get(3..4) == Some(":"));
    let number = |from: usize| offset.get(from..from + 2).and_then(whole);
    let (hours, minutes) = (number(1)?, number(3 + colon)?);
    if offset.len() != 5 + colon || hours > 23 || minutes > 59 {
        return None;
    }
    let ms = (hours * 60 + minutes) * 60_000;
    let local = from_utc(local)?;
    if offset.starts_with('-') { local.checked_add(ms) } else { local.checked_sub(ms) }
}

fn from_utc(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut take = |digits: usize, mark: &str| {
        let behind = rest.strip_prefix(mark)?;
        let number = whole(behind.get(..digits)?)?;
        rest = behind.get(digits..)?;
        Some(number)
    };
    let (year, month, day) = (take(4, "")?, take(2, "-")?, take(2, "-")?);
    let (mut hour, mut minute, mut second) = (0, 0, 0);
    if let Some(found) = take(2, "T") {
        (hour, minute) = (found, take(2, ":")?);
        second = take(2, ":").unwrap_or(0);
    }
    // Of a fraction three digits count.
    let ms = take(3, ".").or_else(|| Some(10 * take(2, ".")?)).or_else(|| Some(100 * take(1, ".")?)).unwrap_or(0);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u64::from(is_leap),
        _ => 30 + (month + month / 8) % 2,
    };
    let is_date = year >= 1970 && (1..=12).contains(&month) && (1..=length).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 || rest.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    // Counted from 1st March of the year 0, so that a leap day is the last of its year: proleptic Gregorian calendar.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms)
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
            assert_eq!(from_iso(text), Some(wall.min(253_402_300_799_999)));
        }
    }

    #[test]
    fn reads_iso_8601() {
        for (text, wanted) in [
            ("1970-01-02", Some(86_400_000)),
            ("1970-01-01T00:01", Some(60_000)),
            ("1970-01-01T00:01:02Z", Some(62_000)),
            ("1970-01-01T00:00:00.5", Some(500)),
            ("1970-01-01T00:00:00.123456Z", Some(123)),
            ("2024-02-29", Some(1_709_164_800_000)),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-04-31", None),
            ("1969-12-31", None),
            ("2024-01-01T24:00", None),
            ("2024-01-01T1:00", None),
            ("1970-01-01T10:00+01:00", Some(9 * 3_600_000)),
            ("1970-01-01T10:00:00.5-01:30", Some(11 * 3_600_000 + 1_800_500)),
            ("1970-01-01T00:00:01+00:00", Some(1000)),
            ("1970-01-01T00:00+01:00", None),
            ("2024-01-01T10:00+24:00", None),
            ("2024-01-01T10:00+01-00", None),
            ("2024-01-01T10:00+1:00", None),
            ("2024-01-01T10:00Z+01:00", None),
            ("2024-01-01 10:00", None),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(from_iso(text), wanted, "{text}");
        }
    }
}
