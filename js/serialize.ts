/** Called for the first value that JSON cannot hold: its JSON pointer (RFC 6901) and what is wrong with it. */
export type Unserializable = (pointer: string, fault: string) => void;

const MAX_DEPTH = 50;
const MAX_VALUES = 10_000;

/** JSON text of a call's arguments; what went wrong is reported once, naming the call and the place. */
export function argumentsText(
  method: string,
  args: readonly unknown[],
  report: (code: string, message: string) => void,
): string {
  return serialize(args, (pointer, fault) => {
    const first = typeof args[0] === "string" ? JSON.stringify(args[0].slice(0, 100)) : "";
    const call = `analytics.${method}(${first})`;
    report(
      "unserializable",
      `${call}: the argument at ${pointer} is ${fault}; a placeholder took its place. Pass JSON.`,
    );
  });
}

/** JSON text of a call's arguments: functions become null, trailing ones are left out. Never throws. */
export function serialize(args: readonly unknown[], unserializable: Unserializable): string {
  let end = args.length;
  while (end && (args[end - 1] === undefined || typeof args[end - 1] === "function")) end--;
  const values = end < args.length ? args.slice(0, end) : args;
  let most = MAX_VALUES;
  try {
    const text = JSON.stringify(values);
    if (isFlat(text)) return text;
    most = text.length;
  } catch {}
  return JSON.stringify(copyOf(values, unserializable, most));
}

/** Whether a text has too few brackets for anything to be too deep. */
function isFlat(text: string): boolean {
  let left = MAX_DEPTH;
  for (const bracket of ["{", "["])
    for (let at = text.indexOf(bracket); left && at >= 0; at = text.indexOf(bracket, at + 1)) left--;
  return left > 0;
}

/** A plain copy with placeholders for what JSON cannot hold, bounded in depth and number of values. */
function copyOf(root: unknown, unserializable: Unserializable, most: number): unknown {
  const above = new Set<object>();
  const path: string[] = [];
  let left = most;
  let found = false;

  const fault = (what: string, placeholder = `[${what}]`) => {
    if (!found) unserializable(path.map((key) => `/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`).join(""), what);
    found = true;
    return placeholder;
  };

  const copy = (read: () => unknown): unknown => {
    left--;
    try {
      let value = read();
      if (typeof value === "object" || typeof value === "bigint") {
        const toJSON = (value as { toJSON?: unknown } | null)?.toJSON;
        if (typeof toJSON === "function") value = toJSON.call(value, path[path.length - 1]);
      }
      if (typeof value === "bigint") return fault("a BigInt", String(value));
      if (typeof value !== "object" || value === null) return value;
      if (above.has(value)) return fault("circular");
      if (path.length > MAX_DEPTH) return fault("too deep");
      return members(value as Record<string, unknown>);
    } catch {
      return fault("unreadable");
    }
  };

  const members = (value: Record<string, unknown>): unknown => {
    const list = Array.isArray(value);
    const keys = list ? value.keys() : Object.keys(value);
    // Without a prototype, a member called __proto__ is a member like any other.
    const out = list ? [] : Object.create(null);
    above.add(value);
    for (const key of keys) {
      if (left <= 0) {
        fault("too large");
        break;
      }
      path.push(String(key));
      out[key] = copy(() => value[key]);
      path.pop();
    }
    above.delete(value);
    return out;
  };

  return copy(() => root);
}
