//! Digests and base64, as advertising platforms and signed webhooks want them. SHA-256 is written out, since the crate's tables would lie in the first load.

use crate::ids::push_hex;
use crate::text::concat;

const BLOCK: usize = 64;

/// 32 bits behind the point of the square roots of the first 8 primes, and of the cube roots of the first 64. As text they are in the part that uses them.
const FIRST: &str = "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19";
const CONSTANTS: &str = "\
    428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174\
    e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967\
    27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070\
    19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2";

/// SHA-256 (FIPS 180-4) of a text's UTF-8, in hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    hex(digest(text.as_bytes()))
}

/// HMAC-SHA-256 (RFC 2104) of a text's UTF-8, in hexadecimal.
pub(super) fn hmac(key: &str, text: &str) -> String {
    let mut block = if key.len() > BLOCK { bytes_of(digest(key.as_bytes())) } else { key.as_bytes().to_vec() };
    block.resize(BLOCK, 0);
    let padded = |with: u8, rest: &[u8]| {
        let mut all: Vec<u8> = block.iter().map(|byte| byte ^ with).collect();
        all.extend_from_slice(rest);
        digest(&all)
    };
    hex(padded(0x5c, &bytes_of(padded(0x36, text.as_bytes()))))
}

/// A number from 0 to below 1 that is always the same for a text.
pub(crate) fn share_of(text: &str) -> f64 {
    let [first, ..] = digest(text.as_bytes());
    f64::from(first) / 4_294_967_296.0
}

/// A UUID of our own making (version 8, RFC 9562, section 5.8) from a digest in hexadecimal.
pub(super) fn uuid(hex: &str) -> Option<String> {
    let nibble = hex.as_bytes().get(16)? & 3;
    let variant = String::from(char::from(if nibble < 2 { b'8' + nibble } else { b'a' + nibble - 2 }));
    let part = |from: usize, to: usize| hex.get(from..to);
    Some(concat(&[part(0, 8)?, "-", part(8, 12)?, "-8", part(13, 16)?, "-", &variant, part(17, 20)?, "-", part(20, 32)?]))
}

/// The eight words of a digest.
type Words = [u32; 8];

fn digest(bytes: &[u8]) -> Words {
    let constants: Vec<u32> = words(CONSTANTS).collect();
    let mut state = Words::default();
    for (word, first) in state.iter_mut().zip(words(FIRST)) {
        *word = first;
    }
    let mut all = bytes.to_vec();
    all.push(0x80);
    while all.len() % BLOCK != BLOCK - 8 {
        all.push(0);
    }
    all.extend_from_slice(&(8 * bytes.len() as u64).to_be_bytes());
    for block in all.chunks(BLOCK) {
        compress(&mut state, block, &constants);
    }
    state
}

/// FIPS 180-4, section 6.2.2.
fn compress(state: &mut Words, block: &[u8], constants: &[u32]) {
    let mut schedule: Vec<u32> =
        block.chunks(4).map(|four| four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
    for at in 16..BLOCK {
        let back = |steps: usize| at.checked_sub(steps).and_then(|at| schedule.get(at)).copied().unwrap_or(0);
        let (early, late) = (back(15), back(2));
        let low = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
        let high = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
        schedule.push(back(16).wrapping_add(low).wrapping_add(back(7)).wrapping_add(high));
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, constant) in schedule.iter().zip(constants) {
        let high = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let chosen = (e & f) ^ (!e & g);
        let first = h.wrapping_add(high).wrapping_add(chosen).wrapping_add(*constant).wrapping_add(*word);
        let low = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let most = (a & b) ^ (a & c) ^ (b & c);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(low.wrapping_add(most)));
    }
    for (word, more) in state.iter_mut().zip(&[a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(*more);
    }
}

/// The words of a text in hexadecimal.
fn words(hex: &str) -> impl Iterator<Item = u32> + '_ {
    hex.as_bytes().chunks(8).map(|eight| {
        eight.iter().fold(0, |word, digit| word << 4 | u32::from(if *digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }))
    })
}

fn bytes_of(words: Words) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn hex(words: Words) -> String {
    let mut out = String::new();
    for word in words {
        push_hex(&mut out, word.into(), 8);
    }
    out
}

/// Base64 (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let letter = |six: u32| match six as u8 & 63 {
        small @ 0..26 => char::from(b'A' + small),
        small @ 26..52 => char::from(b'a' + small - 26),
        small @ 52..62 => char::from(b'0' + small - 52),
        62 => '+',
        _ => '/',
    };
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = 0;
        for at in 0..3 {
            word = word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            out.push(if at <= chunk.len() { letter(word >> (18 - 6 * at)) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::hmac::{Hmac, KeyInit, Mac};
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    fn hex_of(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    proptest! {
        #[test]
        fn digests_are_those_of_the_crates_for_it(text in ".{0,200}", key in ".{0,100}") {
            prop_assert_eq!(sha256(&text), hex_of(&Sha256::digest(&text)));
            let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            prop_assert_eq!(hmac(&key, &text), hex_of(&mac.finalize().into_bytes()));
        }
    }
}
