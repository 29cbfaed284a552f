// What adapters have in common. An adapter's `read` may throw: nothing was decided then.

import type { Signal } from "./adapter";

/** By category, whether it was accepted. Nothing but `true` is a yes. */
export type Flags = Record<string, unknown>;

/** An answer: what is not accepted is rejected. */
export function answer(flags: Flags, model: Signal["model"] = null): Signal {
  const all = Object.keys(flags);
  return {
    decided: true,
    accepted: all.filter((category) => flags[category] === true),
    rejected: all.filter((category) => flags[category] !== true),
    model,
    revision: null,
  };
}

/**
 * What the platform's memory and its stored record both accept. Another tab may have changed the one, and a platform changes them
 * one after the other.
 */
export function both(memory: Flags, stored: Flags): Flags {
  const all = Object.keys({ ...memory, ...stored });
  return Object.fromEntries(all.map((category) => [category, memory[category] === true && stored[category] === true]));
}

/** Europe's authorities want the question asked again after 13 months, whenever the record itself ends. */
const MAX_AGE_MS = 396 * 86_400_000;

/** Whether an answer of that time still counts. One at a time that nobody can read does not. Where it does not, a refusal holds: it is `UNHEARD`. */
export const isRecent = (time: string | number): boolean => Date.now() - new Date(time).getTime() <= MAX_AGE_MS;

/** A cookie's value. Throws where it is not encoded well. */
export function cookie(name: string): string | undefined {
  const pair = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return pair && decodeURIComponent(pair.slice(name.length + 1));
}

/** Calls back for each object the first time it is seen: a platform may replace its own at any time. */
export function onFirstSight<T extends object, With extends unknown[] = []>(
  subscribe: (to: T, ...given: With) => void,
): (to: T, ...given: With) => void {
  const seen = new WeakSet<T>();
  return (to, ...given) => {
    if (seen.has(to)) return;
    seen.add(to);
    subscribe(to, ...given);
  };
}

/** Calls back at each of the events. */
export function onEvents(target: EventTarget, names: readonly string[], call: (event: Event) => void): void {
  for (const name of names) target.addEventListener(name, call);
}
