import type { Core } from "../core";
import { describe } from "../describe";
import type { Instance } from "../instance";
import type { Analytics } from "../tidegate.d.ts";
import { inline } from "./inline";

/** How long a callback waits for tags at most, in milliseconds, unless its message says otherwise. */
const PATIENCE = 2000;
const LONGEST = 2 ** 31 - 1;

/** What a page's callback waits for. */
export type Callback = (...args: unknown[]) => unknown;

/** What a front door works with. */
export interface Front {
  instance: Instance;
  /** The public global's own methods, whatever the page puts around them later. */
  own: Analytics;
  /** Runs code of the page, or what was made of its call: nothing of it throws, and what does is told. */
  guarded(what: string, work: () => void, code?: string): void;
  /** Does the same in its turn among the calls of analytics.*; `never` in its place where there will be no core. */
  turn(what: string, work: () => void, never?: () => void): void;
  /** The same where the turn has come. */
  within(core: Core, what: string, work: () => void): void;
  /** Calls back once, when the tags are done that the last event fired, or when the time is over. */
  afterwards(callback: unknown, args?: unknown[], ms?: unknown): void;
}

export function createFront(instance: Instance, self: Analytics): Front {
  const { link, report } = instance;
  const front: Front = {
    instance,
    own: { ...self },
    guarded(what, work, code = "invalid_argument") {
      try {
        work();
      } catch (error) {
        report(code, `${what}: ${describe(error)}`);
      }
    },
    turn(what, work, never) {
      let came = false;
      link.run(
        (core) => {
          came = true;
          front.within(core, what, work);
        },
        () => !came && never && front.guarded(what, never),
      );
    },
    within: (core, what, work) => inline(link, core, () => front.guarded(what, work)),
    afterwards(callback, args = [], ms = PATIENCE) {
      if (typeof callback !== "function") return;
      let called = false;
      const once = () => {
        if (!called) front.guarded("a callback", () => (callback as Callback)(...args), "listener_failed");
        called = true;
      };
      const wait = typeof ms === "number" && ms > 0 ? Math.min(ms, LONGEST) : PATIENCE;
      setTimeout(once, instance.fired ? wait : 0);
      instance.fired?.(once);
    },
  };
  return front;
}
