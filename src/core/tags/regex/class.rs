//! Sets of characters, and which differ in case only.

/// Characters by ranges, both ends included.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Set {
    ranges: Vec<(char, char)>,
    negated: bool,
}

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
];

impl Set {
    /// What `.` stands for: all but line ends.
    pub(super) fn any() -> Self {
        Set { ranges: vec![('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')], negated: true }
    }

    pub(super) fn negate(&mut self) {
        self.negated = true;
    }

    pub(super) fn add(&mut self, from: char, to: char) {
        self.ranges.push((from, to));
    }

    /// Adds what `\d`, `\w`, `\s` stand for, or with a capital everything else. False for another letter.
    pub(super) fn add_class(&mut self, letter: char) -> bool {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => DIGITS,
            'w' => WORD,
            's' => SPACE,
            _ => return false,
        };
        if letter.is_ascii_lowercase() {
            self.ranges.extend_from_slice(ranges);
            return true;
        }
        let mut next = '\0';
        for (from, to) in ranges {
            if *from > next {
                self.add(next, neighbour(*from, -1));
            }
            next = neighbour(*to, 1);
        }
        self.add(next, char::MAX);
        true
    }

    pub(super) fn has(&self, char: char, ignore_case: bool) -> bool {
        let is_in = |char: char| self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&char));
        let lower = folded(char);
        let found = is_in(char) || ignore_case && (is_in(lower) || is_in(capital(lower)));
        found != self.negated
    }
}

/// The character before or after; none of those that ranges here end at is beside a surrogate.
fn neighbour(char: char, by: i32) -> char {
    u32::from(char).checked_add_signed(by).and_then(char::from_u32).unwrap_or(char)
}

/// The small letter of a capital one: Latin, Greek and Cyrillic, where the two are a fixed step apart.
pub(crate) fn folded(char: char) -> char {
    shifted(char, true)
}

pub(crate) fn capital(char: char) -> char {
    shifted(char, false)
}

fn shifted(char: char, to_small: bool) -> char {
    let code = u32::from(char);
    let small = if to_small { 0 } else { 1 };
    // Where capitals begin and end, and how far behind them their small letters are.
    let blocks =
        [(0x41, 0x5a, 32), (0xc0, 0xde, 32), (0x391, 0x3a1, 32), (0x3a3, 0x3ab, 32), (0x410, 0x42f, 32), (0x400, 0x40f, 80)];
    for (from, to, step) in blocks {
        let at = code.wrapping_sub(small * step);
        // Not the signs of multiplication and division among the letters.
        if (from..=to).contains(&at) && at != 0xd7 {
            return char::from_u32(if to_small { code + step } else { at }).unwrap_or(char);
        }
    }
    // Latin Extended-A and the rest of Cyrillic: pairs, the capital even in some runs and odd in others.
    let is_capital = match code {
        0x100..=0x12f | 0x132..=0x137 | 0x14a..=0x177 | 0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code % 2 == 0,
        0x139..=0x148 | 0x179..=0x17e => code % 2 == 1,
        _ => return char,
    };
    let other = if is_capital == to_small { code.wrapping_add(if to_small { 1 } else { u32::MAX }) } else { code };
    char::from_u32(other).unwrap_or(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_folded_as_unicode_has_it_and_nothing_else_is() {
        for code in 0..0x530 {
            let Some(char) = char::from_u32(code) else { continue };
            let mut lower = char.to_lowercase();
            let theirs = lower.next().filter(|_| lower.next().is_none()).unwrap_or(char);
            // Where we fold, Unicode folds to the same.
            assert!(folded(char) == char || folded(char) == theirs, "{char:?} {:?}", folded(char));
        }
        for (text, wanted) in [("ÀÉÎÕÜ×ŞĞİŹŽ", "àéîõü×şğİźž"), ("ΑΣ", "ασ"), ("ЁЖЯҐ", "ёжяґ")] {
            for (char, wanted) in text.chars().zip(wanted.chars()) {
                assert!(folded(char) == wanted || char == 'İ', "{char}");
            }
        }
        assert_eq!((capital('ж'), capital('ÿ'), capital('÷'), capital('1')), ('Ж', 'ÿ', '÷', '1'));
    }
}
