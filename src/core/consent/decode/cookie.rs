//! What cookies of consent platforms are written in.

use crate::text::cut;

/// Undoes percent encoding (RFC 3986). What is not a code stays as it is; what is not UTF-8 becomes U+FFFD.
pub(super) fn percent_decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((plain, behind)) = cut(rest, "%") {
        bytes.extend_from_slice(plain.as_bytes());
        rest = behind;
        let code = |at| behind.as_bytes().get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (code(0), code(1)) {
            (Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or("");
            }
            _ => bytes.push(b'%'),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `1`, `true`, `0` and `false`.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_codes_are_undone_and_the_rest_is_kept() {
        for (text, plain) in
            [("a%3Ab", "a:b"), ("%C3%A9é", "éé"), ("100%", "100%"), ("%zz%4", "%zz%4"), ("%FF", "\u{fffd}"), ("%é", "%é")]
        {
            assert_eq!(percent_decoded(text), plain);
        }
    }
}
