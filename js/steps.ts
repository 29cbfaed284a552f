// Names that lead out of a vendor's own objects, or to what runs text as code. The core refuses them in templates, and most others.
const REFUSED =
  /^(__proto__|constructor|prototype|eval|Function|setTimeout|setInterval|document|location|window|self|globalThis|frames|top|parent|opener|localStorage|sessionStorage)$/;

/** A step of a template, filled: `src/core/tags/README.md` describes them. */
export interface Step {
  call?: string;
  new?: string;
  args?: unknown[];
  to?: string;
  set?: string;
  push?: string;
  value?: unknown;
  ifMissing?: boolean;
  list?: string;
  queue?: string;
  into?: string;
  forward?: string;
  as?: "arguments" | "array" | "callbacks";
  methods?: string[];
}

type Holder = Record<string, unknown>;
// biome-ignore lint/complexity/noBannedTypes: the page's own, of any kind.
type Anything = Function;

/** Does a step on the page. Returns what is at fault where it is missing, refused or threw; `cookie` reads one. */
export function doStep(step: Step, cookie: (name: string) => string | null): string {
  const path = step.call ?? step.new ?? step.set ?? step.list ?? step.queue ?? step.push ?? "";
  try {
    const given = read(step.args ?? [], cookie) as unknown[];
    const value = read(step.value ?? null, cookie);
    if (step.call) {
      const [owner, key] = holder(path);
      const answer = (owner[key] as Anything).apply(owner, given);
      if (step.to) put(step.to, answer);
    } else if (step.new) {
      const [owner, key] = holder(path);
      const made = Reflect.construct(owner[key] as Anything, given);
      if (step.to) put(step.to, made);
    } else if (step.set) {
      if (!(step.ifMissing && valueAt(path) !== undefined)) put(path, value);
    } else if (step.list) {
      if (!valueAt(path)) put(path, []);
    } else if (step.push) {
      (valueAt(path) as unknown[]).push(value);
    } else {
      queue(path, step);
    }
    return "";
  } catch {
    return path;
  }
}

function queue(path: string, { into = path, forward = "", as: form, methods }: Step): void {
  const kept = () => {
    const list = valueAt(into);
    if (list) return list as unknown[];
    const fresh: unknown[] = [];
    put(into, fresh);
    return fresh;
  };
  if (methods) {
    if (!valueAt(path)) put(path, []);
    const object = valueAt(path) as Holder;
    for (const name of methods)
      object[name] ??= (...args: unknown[]) => {
        const fn = () => (valueAt(path) as Record<string, Anything>)[name]?.(...args);
        kept().push(form === "callbacks" ? { name, fn } : [name, ...args]);
      };
    return;
  }
  if (typeof valueAt(path) === "function") return;
  const stub: Holder & Anything = function (this: unknown) {
    // biome-ignore lint/complexity/noArguments: some vendors tell `arguments` from an array.
    const args = arguments;
    const next = forward && stub[forward];
    if (typeof next === "function") next.apply(stub, args);
    else kept().push(form === "array" ? Array.from(args) : args);
  } as unknown as Holder & Anything;
  put(path, stub);
  kept();
}

const split = (path: string) => {
  const keys = path.split(".");
  if (keys.some((key) => !key || REFUSED.test(key))) throw path;
  return keys;
};

/** What holds the value of a path, and under which name. The root must be a global somebody set: elements with an id do not count. */
function holder(path: string): [Holder, string] {
  const keys = split(path);
  if (!Object.getOwnPropertyDescriptor(window, keys[0] ?? "")) throw path;
  const key = keys.pop() ?? "";
  return [keys.reduce((owner, name) => owner[name] as Holder, window as unknown as Holder), key];
}

function valueAt(path: string): unknown {
  const keys = split(path);
  if (!Object.getOwnPropertyDescriptor(window, keys[0] ?? "")) return;
  return keys.reduce<unknown>((owner, name) => (owner as Holder | undefined)?.[name], window);
}

/** Sets a value; objects between are made. */
function put(path: string, value: unknown): void {
  const keys = split(path);
  const key = keys.pop() ?? "";
  let owner = window as unknown as Holder;
  for (const [at, name] of keys.entries()) {
    const known = at === 0 ? valueAt(name) : owner[name];
    if (!known) owner[name] = {};
    owner = owner[name] as Holder;
  }
  owner[key] = value;
}

/** The value with what only the page has, where it asks for that. */
function read(value: unknown, cookie: (name: string) => string | null): unknown {
  if (typeof value !== "object" || !value) return value;
  if (Array.isArray(value)) return value.map((item) => read(item, cookie));
  const { $cookie, $global, $date } = value as Record<string, string | undefined>;
  if ($cookie) return cookie($cookie);
  if ($global) return valueAt($global);
  if ($date) return new Date($date);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, cookie)]));
}
