// What of a page's values may go to the core: texts, numbers, and plain data that JSON can hold.

import { attempt } from "./attempt";

/** The most of a text that is taken. */
const MAX_TEXT = 2000;
/** The most of an array or object, as JSON. */
const MAX_JSON = 8192;

export const cut = (text: string, most = MAX_TEXT): string => text.slice(0, most);

/** A copy of a value, or null where it is none of these, or too large. No function is called for it, though a getter may run. */
export function plain(value: unknown): unknown {
  let room = MAX_JSON;
  const take = (size: number) => {
    room -= size;
    if (room < 0) throw room;
  };

  /** Nothing for what JSON cannot hold. */
  const copy = (value: unknown): unknown => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null) {
      const taken =
        typeof value === "string" ? cut(value) : typeof value === "number" && !Number.isFinite(value) ? null : value;
      take(JSON.stringify(taken).length);
      return taken;
    }
    if (typeof value !== "object") return;
    take(2);
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      for (let at = 0; at < value.length; at++) {
        take(1);
        list.push(copy(value[at]) ?? null);
      }
      return list;
    }
    // Those of a frame's are plain too.
    const prototype = Object.getPrototypeOf(value);
    if (prototype && Object.getPrototypeOf(prototype)) return;
    const members: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      take(JSON.stringify(key).length + 2);
      const member = copy((value as Record<string, unknown>)[key]);
      if (member !== undefined) members.push([key, member]);
    }
    return Object.fromEntries(members);
  };

  return attempt(() => copy(value)) ?? null;
}
