// Calls made before the core is there, on a page that is left before it comes: the core of the next page takes them up and judges them anew (src/core/runtime/delivery/left.rs).

import type { CoreLink } from "./core-link";
import { ownKeys } from "./own-keys";

/** The verb, its arguments as JSON, when it was called, and where. Once it is stored, it is the next page's. */
export type EarlyCall = [verb: number, args: string, wall: number, facts: string] & { stored?: true };

export interface Early {
  /** Keeps it, unless a page left it behind. */
  keep(call: EarlyCall): EarlyCall;
  /** The core has it, and all that came before. */
  had(call?: EarlyCall): void;
  /** What the page says of purposes, as JSON: the next page's core reads it with the remembered decision (src/core/consent/memory.rs). */
  decide(purposes: string): void;
}

/** What the names of their keys begin with. */
export const LEFT = "left.";

/** What pages may leave behind: so many of them, each so many characters of calls, and how many more they were; further ones only how many. */
const MOST_PAGES = 10;
const MOST_COUNTED = 100;
const MOST_TEXT = 100_000;

export function createEarly(link: CoreLink, space: string): Early {
  const calls = new Set<EarlyCall>();
  /** A line each. */
  let said = "";
  let isListening = false;

  const listen = () => {
    if (!isListening) addEventListener("pagehide", store);
    isListening = true;
  };
  const read = (key: string) => localStorage.getItem(space + key) ?? "";

  const store = () => {
    // A browser may end the core's request, so that it fails, before the page hears that it goes.
    if (link.state() === "ready") return;
    try {
      const memory = read("consent");
      if (said && memory) localStorage.setItem(`${space}consent`, memory + said);
      // Beside a refusal nothing goes to disk, whatever it is of.
      if (said.includes("false")) return;
      // Only while consent lets some destination have them: then the core's gate is stored.
      const { expires, to } = JSON.parse(read("gate"));
      const others = ownKeys(space).filter((key) => key.startsWith(space + LEFT)).length;
      if (!calls.size || expires < Date.now() || others >= MOST_COUNTED) return;
      const write = (most: number) => {
        let room = most;
        const fit = [...calls].filter((call) => {
          room -= JSON.stringify(call).length;
          return room >= 0;
        });
        const text = JSON.stringify([to, fit, calls.size - fit.length]);
        localStorage.setItem(`${space}${LEFT}${Date.now()}.${Math.random()}`, text);
      };
      try {
        write(others < MOST_PAGES ? MOST_TEXT : 0);
      } catch {
        write(0);
      }
      for (const call of calls) call.stored = true;
      calls.clear();
    } catch {
      // Not allowed, or no storage.
    }
  };

  return {
    keep(call) {
      listen();
      if (!call.stored) calls.add(call);
      return call;
    },
    had(call) {
      if (call) calls.delete(call);
      said = "";
    },
    decide(purposes) {
      listen();
      said += `\n${purposes}`;
    },
  };
}
