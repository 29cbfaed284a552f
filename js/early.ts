// Calls made before the core is there, on a page that is left before it comes: the core of the next page takes them up and judges them anew (src/core/runtime/delivery/left.rs).

import type { CoreLink } from "./core-link";
import { ownKeys } from "./own-keys";

/** The verb, its arguments as JSON, when it was called, and where. */
export type EarlyCall = [verb: number, args: string, wall: number, facts: string];

/** Calls that are kept together. Once they are stored, they are the next page's. */
export interface EarlyCalls {
  calls: EarlyCall[];
  stored?: true;
}

/** What the names of their keys begin with. */
export const LEFT = "left.";

/** What pages may leave behind: so many of them, each so many characters of calls, and how many more they were; further ones only how many. */
const MOST_PAGES = 10;
const MOST_COUNTED = 100;
const MOST_TEXT = 100_000;

/** Returns what a call belongs to. */
export function createEarly(link: CoreLink, space: string): (call: EarlyCall) => EarlyCalls {
  let early: EarlyCalls | undefined;

  const store = () => {
    // A browser may end the core's request, so that it fails, before the page hears that it goes.
    if (!early || link.state() === "ready") return;
    try {
      // Only while consent lets some destination have them: then the core's gate is stored.
      const { expires, to } = JSON.parse(localStorage.getItem(`${space}gate`) ?? "");
      const others = ownKeys(space).filter((key) => key.startsWith(space + LEFT)).length;
      if (expires < Date.now() || others >= MOST_COUNTED) return;
      const { calls } = early;
      const write = (most: number) => {
        let room = most;
        const fit = calls.filter((call) => {
          room -= JSON.stringify(call).length;
          return room >= 0;
        });
        const text = JSON.stringify([to, fit, calls.length - fit.length]);
        localStorage.setItem(`${space}${LEFT}${Date.now()}.${Math.random()}`, text);
      };
      try {
        write(others < MOST_PAGES ? MOST_TEXT : 0);
      } catch {
        write(0);
      }
      early.stored = true;
      early = undefined;
    } catch {
      // Not allowed, or no storage.
    }
  };

  return (call) => {
    if (!early) addEventListener("pagehide", store);
    early ??= { calls: [] };
    early.calls.push(call);
    return early;
  };
}
