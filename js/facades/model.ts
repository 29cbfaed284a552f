import { serialize } from "../serialize";
import { mergedAt, pathsOf } from "./merge";
import { copied, type Fault, isTree, MAX_DEPTH, own, put, type Tree } from "./plain";

/** Where the model is kept: the core, whose merge is by key and index alone. */
export interface Store {
  dataPush(text: string): void;
  data(path: string): unknown;
  snapshot(): Record<string, unknown>;
}

/** A member of the model as somebody works on it. */
interface Slot {
  tree: unknown;
  /** What the store holds of it, JSON; undefined where there is none. */
  was: string | undefined;
  /** The page has it, and may have changed anything. */
  shared?: true;
}

/** What is to become of a member, as `Slot` has it. */
interface Change {
  key: string;
  was: string | undefined;
  text: string;
}

/**
 * The data layer's model as messages see it. The store holds its JSON; values that are not plain, such as a `Date`, are remembered here, for as
 * long as the store holds what they were written as.
 */
export interface Model {
  /** Merges a copied message, key by key. */
  merge(message: Tree): void;
  /** What a page's function is given as `this`. */
  readonly page: { get(path: string): unknown; set(path: string, value: unknown): void; reset(): void };
  /** `["path.method", …args]`. Throws what the method throws. */
  call(command: readonly unknown[]): void;
  /** A message begins: what was given of the model before is the page's own from here on. */
  open(): void;
  /** What was changed is in the store from here on. */
  save(): void;
  /** What the store holds at a path, as the model has it: the store keeps each key, after a reset as `null`. */
  seen(path: string, stored: unknown): unknown;
}

export function createModel(store: Store, fault: Fault): Model {
  const slots = new Map<string, Slot>();
  /** Members that hold values which are not plain, and their text. */
  const live = new Map<string, Slot>();

  /** Keys that a reset took away, while the store has them. */
  const gone = new Set<string>();

  const seen = (path: string, stored: unknown) =>
    stored === null && gone.has(path.split(".", 1)[0] as string) ? undefined : stored;

  const slotOf = (key: string): Slot => {
    let slot = slots.get(key);
    if (!slot) {
      const tree = seen(key, store.data(key));
      const was = JSON.stringify(tree);
      const known = live.get(key);
      slot = { was, tree: known?.was === was ? known?.tree : tree };
      slots.set(key, slot);
    }
    return slot;
  };

  const set = (path: string[], value: unknown, clears: boolean) => {
    if (path.length > MAX_DEPTH) throw new RangeError("the path is too deep");
    if (path.includes("__proto__")) return;
    const [key = "", ...rest] = path;
    const slot = slotOf(key);
    slot.tree = mergedAt(slot.tree, rest, value, clears);
  };

  const get = ([key = "", ...rest]: string[]) => {
    const slot = slotOf(key);
    slot.shared = true;
    return rest.reduce(step, slot.tree);
  };

  const save = () => {
    const changes: Change[] = [];
    for (const [key, slot] of slots) {
      const { tree, was, shared } = slot;
      // It was only asked for.
      if (tree === undefined) continue;
      let lives = false;
      const now = shared ? copied(tree, fault) : tree;
      const json = jsonOf(now, fault, () => {
        lives = true;
      });
      const text = JSON.stringify(json);
      if (lives) live.set(key, { tree: now, was: text });
      else live.delete(key);
      gone.delete(key);
      if (text !== was) changes.push({ key, was, text });
      slot.was = text;
    }
    if (changes.length > 0) replace(store, changes);
  };

  return {
    merge(message) {
      for (const [path, value, clears] of pathsOf(message)) set(path, value, clears);
    },
    page: {
      get: (path) => get(String(path).split(".")),
      set(path, value) {
        set(String(path).split("."), copied(value, fault), false);
        save();
      },
      reset() {
        slots.clear();
        live.clear();
        const members = Object.keys(store.snapshot());
        for (const key of members) gone.add(key);
        store.dataPush(JSON.stringify(Object.fromEntries(members.map((key) => [key, null]))));
      },
    },
    call([name, ...args]) {
      const path = String(name).split(".");
      const method = path.pop() as string;
      const target = path.length > 0 ? get(path) : undefined;
      const call = (target as Record<string, unknown> | null | undefined)?.[method];
      if (typeof call !== "function") throw new TypeError("there is no such method");
      call.apply(target, args);
    },
    open: () => slots.clear(),
    save,
    seen,
  };
}

/** Of what is plain its own members; of other values what they say. */
const step = (value: unknown, key: string): unknown =>
  value === null || value === undefined || (isTree(value) && !own(value, key)) ? undefined : (value as Tree)[key];

/** As JSON has it; `lives` is told of values that are not plain. */
function jsonOf(tree: unknown, fault: Fault, lives: () => void): unknown {
  if (isTree(tree)) {
    const out = Array.isArray(tree) ? [] : {};
    for (const key of Object.keys(tree)) put(out, key, jsonOf(tree[key], fault, lives));
    if (Array.isArray(out)) out.length = (tree as unknown as unknown[]).length;
    return out;
  }
  if (typeof tree === "symbol") return null;
  if (typeof tree !== "function" && (typeof tree !== "object" || tree === null)) return tree;
  lives();
  return isOfPage(tree) ? null : JSON.parse(serialize([tree], (_, what) => fault(what)).slice(1, -1) || "null");
}

/** Elements and windows lead to the whole page. */
function isOfPage(value: object): boolean {
  try {
    const { nodeType, window } = value as { nodeType?: unknown; window?: unknown };
    return typeof nodeType === "number" || window === value;
  } catch {
    return true;
  }
}

/** Puts members in place of what the store has, which would merge the two. All of them, or where that is too much none. */
function replace(store: Store, changes: Change[]): void {
  const push = (pairs: [key: string, text: string][]) =>
    store.dataPush(`{${pairs.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`);
  const overwritten = changes.filter(({ was, text }) => was && !covers(JSON.parse(was), JSON.parse(text)));
  if (overwritten.length > 0) push(overwritten.map(({ key }) => [key, "null"]));
  push(changes.map(({ key, text }) => [key, text]));
  const [one] = overwritten;
  if (one && store.data(one.key) === null) push(overwritten.map(({ key, was }) => [key, was as string]));
}

/** Whether nothing of `old` would be left over if `now` were merged into it. */
function covers(old: unknown, now: unknown): boolean {
  if (!isTree(old) || !isTree(now) || Array.isArray(old) !== Array.isArray(now)) return true;
  return Object.keys(old).every((key) => own(now, key) && covers(old[key], now[key]));
}
