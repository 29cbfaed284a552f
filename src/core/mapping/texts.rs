//! Texts and dates in other forms.

use crate::json::digits;
use crate::text::{concat, cut, next_piece};
use crate::time::{from_iso, push_iso};

/// A date, ISO 8601, as `ms`, `s` or `us` since the Unix epoch, as a `date` (YYYY-MM-DD), or as ISO 8601 in UTC. JSON.
pub(super) fn format(date: &str, form: &str) -> Option<String> {
    let ms = from_iso(date)?;
    let iso = || {
        let mut iso = String::new();
        push_iso(&mut iso, ms);
        iso
    };
    Some(match form {
        "ms" => digits(ms),
        "s" => digits(ms / 1000),
        "us" => concat(&[&digits(ms), "000"]),
        "date" => concat(&["\"", iso().get(..10)?, "\""]),
        _ => concat(&["\"", &iso(), "\""]),
    })
}

/// Of an address its `host`, its `hostname`, which is that without port, or the `page`: without query and fragment.
pub(super) fn url_part(url: &str, part: &str) -> Option<String> {
    let page = ["?", "#"].iter().fold(url, |page, mark| cut(page, mark).map_or(page, |(before, _)| before));
    let (_, rest) = cut(page, "://")?;
    let authority = cut(rest, "/").map_or(rest, |(before, _)| before);
    let host = cut(authority, "@").map_or(authority, |(_, after)| after);
    // The colons of an IPv6 address are within brackets.
    let port = host.rfind(':').filter(|at| host.rfind(']').is_none_or(|end| end < *at));
    Some(String::from(match part {
        "host" => host,
        "hostname" => port.and_then(|at| host.get(..at)).unwrap_or(host),
        "page" => page,
        _ => return None,
    }))
}

/// A name as platforms take it: letters, digits and underscores, a letter first. Of ASCII, unless they may be of any script. Nothing
/// where the text has none of these.
pub(super) fn identifier(text: &str, any_script: bool) -> Option<String> {
    let (mut out, mut has_any) = (String::new(), false);
    for char in text.chars() {
        let is_letter = char.is_ascii_alphabetic() || any_script && is_of_a_script(char);
        let is_kept = is_letter || char.is_ascii_digit();
        has_any |= is_kept;
        if out.is_empty() && !is_letter {
            out.push('x');
        }
        if is_kept {
            out.push(char);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    has_any.then_some(out)
}

/// Whether a character is of a script's block, and none of its marks of punctuation, signs of money, or pictures: Unicode's tables of
/// letters would be in the first load.
fn is_of_a_script(char: char) -> bool {
    let is_in_block = matches!(char,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{d7ff}' | '\u{f900}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{ff10}'..='\u{ff19}'
        | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{ff66}'..='\u{ffdc}' | '\u{10000}'..='\u{1cfff}'
        | '\u{1e000}'..='\u{1efff}' | '\u{20000}'..='\u{3ffff}');
    let is_mark = matches!(char,
        '\u{37e}' | '\u{387}' | '\u{55a}'..='\u{55f}' | '\u{589}'..='\u{58f}' | '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5c6}'
        | '\u{5f3}'..='\u{60f}' | '\u{61b}'..='\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}' | '\u{700}'..='\u{70d}' | '\u{964}'..='\u{965}'
        | '\u{970}' | '\u{9f2}'..='\u{9f3}' | '\u{df4}' | '\u{e3f}' | '\u{e4f}' | '\u{e5a}'..='\u{e5b}' | '\u{f01}'..='\u{f17}' | '\u{104a}'..='\u{104f}'
        | '\u{10fb}' | '\u{1360}'..='\u{1368}' | '\u{1400}' | '\u{166d}'..='\u{166e}' | '\u{1680}' | '\u{169b}'..='\u{169c}' | '\u{17d4}'..='\u{17db}'
        | '\u{1800}'..='\u{180a}' | '\u{30a0}' | '\u{30fb}' | '\u{3190}'..='\u{319f}' | '\u{31c0}'..='\u{31ef}' | '\u{a490}'..='\u{a4cf}'
        | '\u{a4fe}'..='\u{a4ff}' | '\u{fd3e}'..='\u{fd3f}' | '\u{fdfc}'..='\u{fdff}');
    is_in_block && !is_mark
}

/// A text with another in all places of a third.
pub(super) fn replaced(text: &str, all: &str, with: &str) -> String {
    if all.is_empty() {
        return text.to_owned();
    }
    let (mut out, mut rest, mut is_first) = (String::new(), Some(text), true);
    while let Some(piece) = next_piece(&mut rest, all) {
        if !std::mem::take(&mut is_first) {
            out.push_str(with);
        }
        out.push_str(piece);
    }
    out
}
