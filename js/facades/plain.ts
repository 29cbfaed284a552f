// What the data layer's model is made of: plain objects, arrays, and values that are taken as they are.

/** More values than this in one message are refused: the core holds 1 MB, and two characters a value at least. */
const MAX_VALUES = 500_000;
export const MAX_DEPTH = 50;

/** A plain object, or an array: what is merged, where everything else is replaced. */
export type Tree = Record<string, unknown>;

export const own = (of: object, key: string): boolean => Object.getOwnPropertyDescriptor(of, key) !== undefined;

/** Sets a member of its own, whatever prototypes say. */
export const put = (to: object, key: string, value: unknown): void => {
  Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
};

export const isArguments = (value: unknown): value is ArrayLike<unknown> =>
  Object.prototype.toString.call(value) === "[object Arguments]";

/** Whether somebody wrote it as `{…}`, in this window or in another. */
export function isPlain(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null || isArguments(value)) return false;
  const kind = Object.getPrototypeOf(value);
  return kind === null || (Object.getPrototypeOf(kind) === null && own(kind, "isPrototypeOf"));
}

export const isTree = (value: unknown): value is Tree => Array.isArray(value) || isPlain(value);

/** What a value was not: told once a copy. */
export type Fault = (what: string) => void;

/**
 * A copy of the plain part: its leaves are the values themselves, holes of arrays stay holes, and undefined is null, since the model is JSON. Placeholders take
 * the place of what cannot be there. Getters of the page run once, here.
 * @throws where it is too large
 */
export function copied(root: unknown, fault: Fault): unknown {
  const above = new Set<object>();
  const tooLarge = new RangeError(`more than ${MAX_VALUES} values`);
  let left = MAX_VALUES;
  let told = false;

  const placeholder = (what: string) => {
    if (!told) fault(what);
    told = true;
    return `[${what}]`;
  };

  const copy = (read: () => unknown): unknown => {
    try {
      const value = read();
      if (typeof value === "bigint") {
        placeholder("a BigInt");
        return String(value);
      }
      if (!isTree(value)) return value ?? null;
      if (above.has(value)) return placeholder("circular");
      if (above.size > MAX_DEPTH) return placeholder("too deep");
      return members(value);
    } catch (error) {
      if (error === tooLarge) throw error;
      return placeholder("unreadable");
    }
  };

  const members = (value: Tree) => {
    const isList = Array.isArray(value);
    const out = isList ? [] : {};
    const keys = Object.keys(value);
    left -= isList ? Math.max(value.length, keys.length) : keys.length;
    if (left < 0) throw tooLarge;
    above.add(value);
    for (const key of keys)
      if (isList ? /^\d+$/.test(key) : key !== "__proto__")
        put(
          out,
          key,
          copy(() => value[key]),
        );
    above.delete(value);
    // Holes at the end are as long as others.
    if (isList) (out as unknown[]).length = value.length;
    return out;
  };

  return copy(() => root);
}
