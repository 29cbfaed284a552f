/**
 * The literals of a wasm module, and which of them only a part of it uses. The linker keeps each literal in a segment
 * of its own (`--no-merge-data-segments`), so that an address in the code tells which one is meant.
 */

/** Filling a gap of this many bytes is cheaper than a segment more. */
const GAP = 64;
/** How far from a table the compiler may begin when it walks through it. Texts are passed by their exact address. */
const NEAR_TABLE = 64;

/** @typedef {{ start: number, bytes: Buffer, fixed: boolean }} Literal */

const ESCAPES = /** @type {Record<string, string>} */ ({ t: "\t", n: "\n", r: "\r", '"': '"', "'": "'", "\\": "\\" });

/** @param {string} text as the text format has it @returns {Buffer} */
const decode = (text) =>
  Buffer.from(
    text.replace(/\\([0-9a-f]{2}|.)/g, (_, code) => ESCAPES[code] ?? String.fromCharCode(Number.parseInt(code, 16))),
    "latin1",
  );

/** @param {Buffer} bytes @returns {string} */
const encode = (bytes) =>
  [...bytes]
    .map((byte) =>
      byte > 31 && byte < 127 && byte !== 34 && byte !== 92
        ? String.fromCharCode(byte)
        : `\\${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");

/** @param {string} form @returns {Literal | undefined} */
export function literal(form) {
  const [, name = "", start, text = ""] =
    /^ \(data \$(\S+) \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)/.exec(form) ?? [];
  return start === undefined
    ? undefined
    : { start: Number(start), bytes: decode(text), fixed: !name.startsWith(".rodata") };
}

/** @param {string[]} forms @returns {number[]} every number that may be an address, in order */
const addresses = (forms) =>
  [
    ...new Set(
      forms.flatMap((form) => [...form.matchAll(/(?:i32\.const |offset=)(\d+)/g)].map(([, number]) => Number(number))),
    ),
  ].sort((a, b) => a - b);

/** @param {number[]} numbers in order @param {Literal} literal @returns {boolean} whether one of them leads there */
function isNamed(numbers, { start, bytes }) {
  const near = bytes.every((byte) => byte > 31 || byte === 10) ? 0 : NEAR_TABLE;
  return numbers.some((number) => number >= start - near && number < start + bytes.length + near);
}

/** @param {Literal[]} from @param {Literal[]} all @returns {Set<Literal>} with everything they point to */
function closed(from, all) {
  const found = new Set(from);
  for (const { bytes } of found)
    for (let at = 0; at + 4 <= bytes.length; at++) {
      const to = bytes.readUInt32LE(at);
      for (const other of all) if (to >= other.start && to < other.start + other.bytes.length) found.add(other);
    }
  return found;
}

/**
 * @param {Literal[]} literals
 * @param {string[]} stays the functions that stay, and whatever else is no part's
 * @param {string[][]} goes each part's functions
 * @returns {{ rest: Literal[], parts: Literal[][] }} what none of them names stays; what several do each has for itself
 */
export function splitLiterals(literals, stays, goes) {
  const named = (/** @type {string[]} */ forms, /** @type {(one: Literal) => boolean} */ always) => {
    const numbers = addresses(forms);
    return closed(
      literals.filter((one) => always(one) || isNamed(numbers, one)),
      literals,
    );
  };
  const kept = named(stays, ({ fixed }) => fixed);
  const moved = goes.map((forms) => named(forms, () => false));
  const parts = moved.map((part) => literals.filter((one) => part.has(one) && !kept.has(one)));
  return { rest: literals.filter((one) => !parts.some((part) => part.includes(one))), parts };
}

/**
 * @param {Literal[]} literals
 * @param {Literal[]} beside what lies in their gaps already, and may be written again
 * @returns {string[]} forms of as few segments as is cheap
 */
export function segments(literals, beside = []) {
  /** @type {{ start: number, end: number }[]} */
  const runs = [];
  // What may have changed since is not written again.
  const isFree = (/** @type {number} */ from, /** @type {number} */ to) =>
    !beside.some((one) => one.fixed && one.start < to && one.start + one.bytes.length > from);
  for (const { start, bytes } of [...literals].sort((a, b) => a.start - b.start)) {
    const last = runs[runs.length - 1];
    if (last && start - last.end < (beside.length > 0 ? GAP / 8 : GAP) && isFree(last.end, start))
      last.end = start + bytes.length;
    else runs.push({ start, end: start + bytes.length });
  }
  return runs.map(({ start, end }) => {
    const bytes = Buffer.alloc(end - start);
    for (const one of [...beside, ...literals])
      if (one.start < end && one.start + one.bytes.length > start) {
        const from = Math.max(0, start - one.start);
        one.bytes.copy(bytes, Math.max(0, one.start - start), from, Math.min(one.bytes.length, end - one.start));
      }
    return ` (data (i32.const ${start}) "${encode(bytes)}")`;
  });
}
