/** The journal's form on disk, as far as tests write it themselves. */

/** A page's text as it is stored: the checksum's line, then the body. @param {string} body @returns {string} */
export function checked(body) {
  const bytes = new TextEncoder().encode(body);
  let sum = BigInt(bytes.length);
  for (let at = 0; at < bytes.length; at += 8) {
    const word = bytes.slice(at, at + 8).reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
    const turned = BigInt.asUintN(64, sum << 5n) | (sum >> 59n);
    sum = BigInt.asUintN(64, (turned ^ word) * 0x517cc1b727220a95n);
  }
  return `${sum.toString(16).padStart(16, "0")}\n${body}`;
}
