//! Regular expressions as JavaScript has them without flags: ECMA-262, "RegExp (Regular Expression) Objects", with annex B's leniency.
//! Not known here are look-behind, named groups and `\p`. Characters are code points, not UTF-16 units.
//!
//! The core has its own since a page's rules mean JavaScript's expressions (look-ahead, back-references), and a search must end:
//! it gives up after [`MAX_STEPS`].

mod class;
mod parse;
mod program;

pub(crate) use class::{capital, folded};
use program::Op;

/// Steps of one search, from all places where a match may begin.
const MAX_STEPS: u32 = 100_000;

/// A compiled expression.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Regex {
    ops: Vec<Op>,
    groups: usize,
    ignore_case: bool,
}

/// Where a match and its groups are: pairs of byte offsets, [`NOWHERE`] for a group that took no part.
pub(crate) struct Match<'a> {
    text: &'a str,
    slots: Vec<usize>,
}

const NOWHERE: usize = usize::MAX;

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it, to follow "the expression".
    pub(crate) fn new(pattern: &str, ignore_case: bool) -> Result<Self, &'static str> {
        let (node, groups) = parse::parse(pattern)?;
        Ok(Regex { ops: program::compile(&node)?, groups, ignore_case })
    }

    /// Whether it matches anywhere in the text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.find(text, false).is_some()
    }

    /// The first match; with `full` only one that is all of the text.
    pub(crate) fn find<'a>(&self, text: &'a str, full: bool) -> Option<Match<'a>> {
        let mut search = Search { regex: self, text, full, slots: Vec::new(), marks: Vec::new(), steps: MAX_STEPS };
        for start in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            search.slots = vec![NOWHERE; 2 * self.groups];
            if search.run(0, start).is_some() {
                return Some(Match { text, slots: search.slots });
            }
            if full || search.steps == 0 {
                break;
            }
        }
        None
    }
}

impl Match<'_> {
    fn group(&self, number: usize) -> &str {
        let slot = |at: usize| self.slots.get(at).copied().unwrap_or(NOWHERE);
        self.text.get(slot(2 * number)..slot(2 * number + 1)).unwrap_or("")
    }

    /// A text with `$1` to `$99` and `$&` replaced by the groups and the whole match, `$$` by a dollar; as `String.replace` does.
    pub(crate) fn expand(&self, template: &str) -> String {
        let groups = self.slots.len() / 2;
        let mut out = String::new();
        let mut rest = template;
        while let Some((plain, behind)) = crate::text::cut(rest, "$") {
            out.push_str(plain);
            let digit = |at: usize| behind.as_bytes().get(at).and_then(|byte| byte.checked_sub(b'0')).filter(|digit| *digit < 10);
            let one = digit(0).map_or(0, usize::from);
            let two = digit(1).map_or(0, |digit| 10 * one + usize::from(digit));
            let taken = if behind.starts_with('&') {
                out.push_str(self.group(0));
                1
            } else if behind.starts_with('$') {
                out.push('$');
                1
            } else if two > 0 && two < groups {
                out.push_str(self.group(two));
                2
            } else if one > 0 && one < groups {
                out.push_str(self.group(one));
                1
            } else {
                out.push('$');
                0
            };
            rest = behind.get(taken..).unwrap_or("");
        }
        out.push_str(rest);
        out
    }
}

/// What a failed attempt goes back to.
enum Back {
    Try { op: usize, at: usize },
    Slot { slot: usize, was: usize },
    Mark { mark: usize, was: usize },
}

struct Search<'a> {
    regex: &'a Regex,
    text: &'a str,
    full: bool,
    slots: Vec<usize>,
    marks: Vec<usize>,
    steps: u32,
}

impl Search<'_> {
    /// Runs from an op at a place in the text until [`Op::Accept`]. Returns where that was.
    fn run(&mut self, op: usize, at: usize) -> Option<usize> {
        let (mut op, mut at) = (op, at);
        let mut backs: Vec<Back> = Vec::new();
        loop {
            self.steps = self.steps.checked_sub(1)?;
            match self.step(op, at, &mut backs) {
                Some(Next::Done) => return Some(at),
                Some(Next::Go { op: next, at: place }) => (op, at) = (next, place),
                None => (op, at) = self.go_back(&mut backs)?,
            }
        }
    }

    fn go_back(&mut self, backs: &mut Vec<Back>) -> Option<(usize, usize)> {
        loop {
            match backs.pop()? {
                Back::Try { op, at } => return Some((op, at)),
                Back::Slot { slot, was } => self.put_slot(slot, was),
                Back::Mark { mark, was } => self.put_mark(mark, was),
            }
        }
    }

    fn put_slot(&mut self, slot: usize, at: usize) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = at;
        }
    }

    fn put_mark(&mut self, mark: usize, at: usize) {
        if self.marks.len() <= mark {
            self.marks.resize(mark + 1, NOWHERE);
        }
        if let Some(place) = self.marks.get_mut(mark) {
            *place = at;
        }
    }

    fn set_slot(&mut self, slot: usize, at: usize, backs: &mut Vec<Back>) {
        backs.push(Back::Slot { slot, was: self.slots.get(slot).copied().unwrap_or(NOWHERE) });
        self.put_slot(slot, at);
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn is_word_at(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }

    /// Does one op; nothing where it does not match.
    fn step(&mut self, op: usize, at: usize, backs: &mut Vec<Back>) -> Option<Next> {
        let regex = self.regex;
        let taken = |char: char| Some(Next::Go { op: op + 1, at: at + char.len_utf8() });
        let stays = |holds: bool| holds.then_some(Next::Go { op: op + 1, at });
        match regex.ops.get(op)? {
            Op::Char(wanted) => {
                let char = self.char_at(at)?;
                let same = char == *wanted || regex.ignore_case && folded(char) == folded(*wanted);
                if same { taken(char) } else { None }
            }
            Op::Set(set) => {
                let char = self.char_at(at)?;
                if set.has(char, regex.ignore_case) { taken(char) } else { None }
            }
            Op::Start => stays(at == 0),
            Op::End => stays(at == self.text.len()),
            Op::Boundary(wanted) => {
                let before = at.checked_sub(1).is_some_and(|at| self.is_word_at(at));
                stays((before != self.is_word_at(at)) == *wanted)
            }
            Op::Save(slot) => {
                self.set_slot(*slot, at, backs);
                stays(true)
            }
            Op::Forget(from, to) => {
                for slot in *from..*to {
                    self.set_slot(slot, NOWHERE, backs);
                }
                stays(true)
            }
            Op::Jump(next) => Some(Next::Go { op: *next, at }),
            Op::Split(first, second) => {
                backs.push(Back::Try { op: *second, at });
                Some(Next::Go { op: *first, at })
            }
            Op::Mark(mark) => {
                backs.push(Back::Mark { mark: *mark, was: self.marks.get(*mark).copied().unwrap_or(NOWHERE) });
                self.put_mark(*mark, at);
                stays(true)
            }
            Op::Moved(mark) => stays(self.marks.get(*mark) != Some(&at)),
            Op::Back(group) => {
                let slot = |slot: usize| self.slots.get(slot).copied().unwrap_or(NOWHERE);
                let wanted = self.text.get(slot(2 * group)..slot(2 * group + 1)).unwrap_or("");
                let found = self.text.get(at..)?;
                let mut chars = found.char_indices();
                for wanted in wanted.chars() {
                    let (_, char) = chars.next()?;
                    if char != wanted && !(regex.ignore_case && folded(char) == folded(wanted)) {
                        return None;
                    }
                }
                let length = chars.next().map_or(found.len(), |(length, _)| length);
                Some(Next::Go { op: op + 1, at: at + length })
            }
            Op::Look { wanted, end } => {
                let slots = self.slots.clone();
                let full = std::mem::take(&mut self.full);
                let found = self.run(op + 1, at).is_some();
                self.full = full;
                if !found || !wanted {
                    self.slots.clone_from(&slots);
                }
                for (slot, was) in slots.into_iter().enumerate() {
                    if self.slots.get(slot) != Some(&was) {
                        backs.push(Back::Slot { slot, was });
                    }
                }
                (found == *wanted).then_some(Next::Go { op: *end, at })
            }
            Op::Accept => (!self.full || at == self.text.len()).then_some(Next::Done),
        }
    }
}

enum Next {
    Go { op: usize, at: usize },
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Option<String> {
        Regex::new(pattern, false).unwrap().find(text, false).map(|found| found.group(0).to_owned())
    }

    #[test]
    fn finds_what_javascript_finds() {
        for (pattern, text, wanted) in [
            ("b+", "abbc", Some("bb")),
            ("b+?", "abbc", Some("b")),
            ("^/shop/(\\d{2,3})$", "/shop/123", Some("/shop/123")),
            ("^/shop/(\\d{2,3})$", "/shop/1234", None),
            ("a|ab|abc", "abc", Some("a")),
            ("(?:ab|a)c", "ac", Some("ac")),
            ("[^a-c\\s]+", "ab xyz", Some("xyz")),
            ("[\\w.-]+@[\\w-]+\\.com", "to: a.b-c@x-y.com!", Some("a.b-c@x-y.com")),
            ("foo(?=bar)", "foobaz foobar", Some("foo")),
            ("foo(?!bar)\\w+", "foobar foobaz", Some("foobaz")),
            ("(a)\\1", "aba aa", Some("aa")),
            ("\\bcat\\b", "concat cat", Some("cat")),
            ("\\Bcat", "concat cat", Some("cat")),
            ("x*", "aaa", Some("")),
            ("(a*)*b", "aaab", Some("aaab")),
            ("a{2}", "aaa", Some("aa")),
            ("a{,2}", "a{,2}", Some("a{,2}")),
            ("\\x41\\u00e9\\t", "Aé\t", Some("Aé\t")),
            (".", "\n😀", Some("😀")),
            ("[]", "a", None),
            ("[^]", "\n", Some("\n")),
            ("(?:)", "a", Some("")),
            ("a$|b", "ab", Some("b")),
            ("[a\\]b]+", "x]a", Some("]a")),
            ("\\$\\{x\\}", "${x}", Some("${x}")),
            ("]", "]", Some("]")),
        ] {
            assert_eq!(found(pattern, text).as_deref(), wanted, "{pattern} in {text}");
        }
    }

    #[test]
    fn a_match_of_all_of_the_text_goes_on_looking() {
        let regex = Regex::new("a|ab", false).unwrap();
        assert_eq!(regex.find("ab", true).map(|found| found.group(0).to_owned()).as_deref(), Some("ab"));
        assert!(regex.find("abc", true).is_none());
        assert!(Regex::new("(?=ab)a", false).unwrap().find("ab", true).is_none());
    }

    #[test]
    fn case_is_ignored_beyond_ascii() {
        let regex = |pattern| Regex::new(pattern, true).unwrap();
        assert!(regex("straße ÄPFEL [а-я]+").is_in("STRAßE äpfel ЖУК"));
        assert!(regex("[A-Z]+").is_in("abc") && !regex("[^a]").is_in("A") && regex("(x)\\1").is_in("xX"));
    }

    #[test]
    fn groups_stand_for_what_they_matched() {
        let expand = |pattern: &str, text: &str, template: &str| {
            Regex::new(pattern, false).unwrap().find(text, false).map(|found| found.expand(template))
        };
        assert_eq!(expand("^/(\\w+)/(\\w+)?", "/shop/", "$1-$2-$3-$$-$&-$"), Some("shop--$3-$-/shop/-$".into()));
        // What an earlier round of a loop matched is forgotten.
        assert_eq!(expand("(?:(a)|b)*", "ab", "[$1]"), Some("[]".into()));
        assert_eq!(expand("(?=(a))", "a", "$1"), Some("a".into()));
        assert_eq!(expand("(?!(b))a", "a", "[$1]"), Some("[]".into()));
    }

    #[test]
    fn what_is_no_expression_is_refused_with_its_reason() {
        for (pattern, about) in [
            ("(a", "is not closed"),
            ("a)", "is not opened"),
            ("[a", "is not closed"),
            ("*a", "nothing to repeat"),
            ("a**", "nothing to repeat"),
            ("a{2,1}", "out of order"),
            ("[b-a]", "out of order"),
            ("(?<=a)b", "look-behind"),
            ("(?<n>a)", "named"),
            ("\\p{L}", "\\p"),
            ("a\\", "ends"),
            ("(?i)a", "flags"),
            ("((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})", "too large"),
        ] {
            let refused = Regex::new(pattern, false).unwrap_err();
            assert!(refused.contains(about), "{pattern}: {refused}");
        }
    }

    #[test]
    fn a_search_that_explodes_is_given_up() {
        assert!(!Regex::new("^(a+)+$", false).unwrap().is_in(&("a".repeat(40) + "b")));
        assert!(!Regex::new("(?:(?:)*)*b", false).unwrap().is_in("aaa"));
    }
}
