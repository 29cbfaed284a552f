//! Names of tables and columns, as Segment's warehouses have them:
//! <https://www.twilio.com/docs/segment/connections/storage/warehouses/schema>. A name made here is of `a-z`, `0-9` and `_` alone, so that
//! it is a folder's name, and an identifier in every SQL, whatever an event said.

/// The longest name, in bytes: Redshift's limit, the smallest of those that Segment's layout is for.
pub(crate) const MAX_BYTES: usize = 127;

/// Hexadecimal digits of a hash within a name.
const HASH_DIGITS: usize = 8;

/// Words in snake case, by the rules of Segment's go-snakecase: runs of capitals, digits and small letters of ASCII are words, and
/// everything else stands between them. Empty where there is no word.
fn snake_case(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = untouched(bytes);
    out.push_str(text.get(..at).unwrap_or_default());
    if at == bytes.len() {
        return out;
    }
    // What is untouched so far goes on with these capitals, where it has no small letter in its last word.
    let last_word = out.rsplit('_').next().unwrap_or_default();
    let has_underscore = out.contains('_');
    let has_lower = |text: &str| text.bytes().any(|byte| byte.is_ascii_lowercase());
    let goes_on = if has_underscore { !has_lower(last_word) } else { !has_lower(&out) };
    if bytes.get(at).is_some_and(u8::is_ascii_uppercase) && goes_on {
        at = push_word(&mut out, bytes, at);
    }
    while let Some(byte) = bytes.get(at) {
        if !byte.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        if !out.is_empty() {
            out.push('_');
        }
        at = push_word(&mut out, bytes, at);
    }
    out
}

/// How much of a text is in snake case already.
fn untouched(bytes: &[u8]) -> usize {
    let small = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let mut at = 0;
    while small(at) || (at > 0 && bytes.get(at) == Some(&b'_') && small(at + 1)) {
        at += 1;
    }
    at
}

/// Capitals, then small letters, with digits among both. Tells where the word ends.
fn push_word(out: &mut String, bytes: &[u8], mut at: usize) -> usize {
    let classes: [fn(&u8) -> bool; 2] = [u8::is_ascii_uppercase, u8::is_ascii_lowercase];
    for class in classes {
        while let Some(byte) = bytes.get(at).filter(|byte| class(byte) || byte.is_ascii_digit()) {
            out.push(char::from(byte.to_ascii_lowercase()));
            at += 1;
        }
    }
    at
}

/// The name of one word of the page: an event's name, or a key. What has no letter or digit of ASCII is told apart by a hash.
fn word(text: &str) -> String {
    let name = snake_case(text);
    if name.is_empty() { format!("unnamed_{}", hash(text)) } else { name }
}

/// The table of an event of this name.
pub(crate) fn of_event(text: &str) -> String {
    within_limits(word(text), text)
}

/// The column of a value below these keys.
pub(crate) fn of_path(keys: &[String]) -> String {
    let words: Vec<String> = keys.iter().map(|key| word(key)).collect();
    within_limits(words.join("_"), &keys.join("\0"))
}

/// Segment puts an underscore before a name that begins with a digit. One that is too long is cut, and told apart by a hash of `whole`.
pub(crate) fn within_limits(mut name: String, whole: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if name.len() > MAX_BYTES {
        name.truncate(MAX_BYTES - HASH_DIGITS - 1);
        name.push('_');
        name.push_str(&hash(whole));
    }
    name
}

/// The first of `name`, `name_2`, `name_3`, … that is free.
pub(crate) fn free(name: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&name) {
        return name;
    }
    let mut number = 2u32;
    loop {
        let end = format!("_{number}");
        let mut next = name.clone();
        next.truncate(MAX_BYTES - end.len());
        next.push_str(&end);
        if !taken(&next) {
            return next;
        }
        number += 1;
    }
}

/// FNV-1a of 64 bits, of which the upper half is kept: it is the same on every machine and in every version.
fn hash(text: &str) -> String {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:08x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, fold) >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_go_snakecase_has_them() {
        // Its own tests, and the examples of Segment's page.
        for (text, name) in [
            ("@49L0S145_¬fwHƒ0TSLNVp", "49l0s145_fw_h_0tslnvp"),
            ("lk0B@bFmjrLQ_Z6YL", "lk0_b_b_fmjr_lq_z6yl"),
            ("samPLE text", "sam_ple_text"),
            ("sample-text", "sample_text"),
            ("sample_text", "sample_text"),
            ("sample___text", "sample_text"),
            ("inviteYourCustomersAddInvites", "invite_your_customers_add_invites"),
            ("   $#$sample   2    Text   ", "sample_2_text"),
            ("SAMPLE 2 TEXT", "sample_2_text"),
            ("___$$Base64Encode", "base64_encode"),
            ("FOO:BAR$BAZ", "foo_bar_baz"),
            ("something.com", "something_com"),
            ("•¶§ƒ˚foo˙∆˚¬", "foo"),
            ("CStringRef", "cstring_ref"),
            ("5test", "5test"),
            ("THE5r", "the5r"),
            ("5TEst", "5test"),
            ("_5TEst", "5test"),
            ("edf_6N", "edf_6n"),
            ("f_pX9", "f_p_x9"),
            ("p_z9Rg", "p_z9_rg"),
            ("2FA Enabled", "2fa_enabled"),
            ("Enabled 2FA", "enabled_2fa"),
            ("Order Completed", "order_completed"),
            ("accountType", "account_type"),
            ("trailing_", "trailing"),
            ("", ""),
        ] {
            assert_eq!(snake_case(text), name, "{text}");
        }
    }

    #[test]
    fn names_are_identifiers_whatever_the_text() {
        for text in ["", "\"; DROP TABLE tracks; --", "购买", "`'\\", "../../etc/passwd", "2FA", "a\0b", &"x".repeat(40_000)] {
            for name in [of_event(text), of_path(&["context".into(), text.into()])] {
                assert!(name.len() <= MAX_BYTES && !name.starts_with(|first: char| first.is_ascii_digit()), "{name}");
                assert!(!name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            }
        }
        assert_eq!(of_event("2FA Enabled"), "_2fa_enabled");
        assert_ne!(of_event("购买"), of_event("销售"));
        assert_ne!(of_event(&("x".repeat(200) + "a")), of_event(&("x".repeat(200) + "b")));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let taken = ["a", "a_2"];
        assert_eq!(free("a".into(), |name| taken.contains(&name)), "a_3");
        assert_eq!(free("b".into(), |name| taken.contains(&name)), "b");
        let long = "x".repeat(MAX_BYTES);
        assert_eq!(free(long.clone(), |name| name == long), format!("{}_2", "x".repeat(MAX_BYTES - 2)));
    }
}
