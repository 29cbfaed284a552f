/**
 * Random messages for a data layer, as source text: what is not JSON, such as dates, functions and holes, goes to any page that way. Two calls with one seed
 * give one text. `Thing` is a class of the page's.
 */

export const THING = "class Thing { constructor(n) { this.n = n; } add(m) { this.n += m; } }";

const KEYS = ["a", "b", "c", "a.b", "b.c", "a.b.c", "c.0", "b.n"];
const PATHS = ["a", "b", "c", "a.b", "b.c", "a.b.c", "a.0", "b.1", "c.0.a"];
const CALLS = [
  "push, 7",
  "push, [1], { x: 2 }",
  "pop",
  "shift",
  "unshift, 0",
  "reverse",
  "splice, 1, 1",
  "setTime, 5",
  "add, 2",
  "toString",
  "none",
];

/** @param {number} seed @returns {string} an expression: a list of messages */
export function messages(seed) {
  let state = seed;
  // xorshift32
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  /** @template T @param {readonly T[]} list @returns {T} */
  const one = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)]);
  /** @param {(index: number) => string} make */
  const some = (make) => Array.from({ length: Math.floor(random() * 4) }, (_, index) => make(index)).join();

  /** @param {number} depth @returns {string} */
  const value = (depth) => {
    const kinds = [
      "1",
      '"text"',
      "true",
      "null",
      "undefined",
      "0.5",
      "new Date(86400000)",
      "new Thing(3)",
      "/x/",
      "(function () {})",
    ];
    if (depth > 0 && random() < 0.6) {
      if (random() < 0.5) return `{${some(() => `${one(["a", "b", "c", "n", "'b.c'"])}: ${value(depth - 1)}`)}}`;
      return `[${some(() => (random() < 0.15 ? "" : value(depth - 1)))}]`;
    }
    return one(kinds);
  };

  const message = () => {
    const kind = random();
    if (kind < 0.6) return `{${some(() => `"${one(KEYS)}": ${value(3)}`)}}`;
    if (kind < 0.85) {
      const [method, ...args] = one(CALLS).split(", ");
      return `["${one(PATHS)}.${method}"${args.length ? `, ${args.join(", ")}` : ""}]`;
    }
    const grow = "if (Array.isArray(here)) here.push(9); else if (here && here.add) here.add(1);";
    const act = one([
      `this.set("${one(PATHS)}", ${value(2)});`,
      grow,
      `${grow} this.set("c", 1); throw new Error("x");`,
    ]);
    return `function () { let here; try { here = this.get("${one(PATHS)}"); } catch {} ${act} }`;
  };
  return `[${Array.from({ length: 3 + Math.floor(random() * 8) }, message).join(", ")}]`;
}
