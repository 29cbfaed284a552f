import { isPlain, own, put, type Tree } from "./plain";

/** A truthy member of this name: what stands beside it replaces, and is not merged. */
const CLEAR = "_clear";

/** A copied value merged into what is there: objects by key, arrays by index; a hole leaves what is there. What is there may be changed. */
export function merged(old: unknown, value: unknown): unknown {
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return value;
  const into: object = (isList ? Array.isArray(old) : isPlain(old)) ? (old as object) : isList ? [] : {};
  const clears = !isList && value[CLEAR];
  for (const [key, member] of Object.entries(value))
    if (isList || key !== CLEAR) put(into, key, merged(clears ? undefined : memberOf(into, key), member));
  return into;
}

/** The same for a value that belongs at a path below. */
export function mergedAt(old: unknown, path: string[], value: unknown, clears: boolean): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return merged(clears ? undefined : old, value);
  const into = isPlain(old) ? old : {};
  put(into, key, mergedAt(memberOf(into, key), rest, value, clears));
  return into;
}

const memberOf = (of: object, key: string): unknown => (own(of, key) ? (of as Tree)[key] : undefined);

/** A message's keys are paths: each with its value, and whether it replaces. */
export function pathsOf(message: Tree): [path: string[], value: unknown, clears: boolean][] {
  const clears = !!message[CLEAR];
  return Object.entries(message).flatMap(([key, value]) => (key === CLEAR ? [] : [[key.split("."), value, clears]]));
}

/** A message as one object, without paths and directions. */
export function expanded(message: Tree): Tree {
  let whole: unknown = {};
  for (const [path, value] of pathsOf(message)) whole = mergedAt(whole, path, value, false);
  return whole as Tree;
}
