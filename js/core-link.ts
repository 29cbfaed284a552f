import type { Core } from "./core";

export type State = "loading" | "ready" | "failed";

/**
 * The one way into the core. Work handed in while the core is loading, or while it is busy further up the stack,
 * waits its turn: order is kept and the core is never entered twice.
 */
export interface CoreLink {
  state(): State;
  /** Runs `use` in turn; `settle` follows in any case, also where there will never be a core. Neither may throw. */
  run(use: (core: Core) => void, settle?: () => void): void;
  /** Reads at once; `neutral` where the core cannot be asked now. */
  ask<T>(read: (core: Core) => T, neutral: T): T;
  /** Runs page code that the core calls: what it hands in waits until the core is done. */
  visit<T>(page: () => T): T;
  /** Takes a turn as soon as the core is off the stack. */
  soon(): void;
  /** False where there is none to be had: it stays loading. */
  start(make: () => Core | undefined): boolean;
  fail(): void;
}

/** More calls than this are not kept while the core is loading. */
const LIMIT = 10_000;

export interface CoreEvents {
  /** The core threw: it is not entered again. */
  trapped(error: unknown): void;
  /** A call was given up because too many are waiting. */
  overflowed(): void;
  /** A turn has ended: listeners may be called now. */
  idle(): void;
}

export function createCoreLink(events: CoreEvents): CoreLink {
  const waiting: { use: (core: Core) => void; settle: (() => void) | undefined }[] = [];
  let state: State = "loading";
  let core: Core | undefined;
  let busy = false;

  const fail = () => {
    state = "failed";
    core = undefined;
  };

  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail();
      events.trapped(error);
    }
  };

  const turn = () => {
    if (busy) return;
    busy = true;
    if (state !== "loading") {
      // What runs here may hand in more: it joins the end of the list being walked.
      for (const { use, settle } of waiting) {
        attempt(() => core && use(core));
        settle?.();
      }
      waiting.length = 0;
    }
    busy = false;
    events.idle();
  };

  const link: CoreLink = {
    state: () => state,
    run(use, settle) {
      if (waiting.length < LIMIT) {
        waiting.push({ use, settle });
      } else {
        settle?.();
        events.overflowed();
      }
      turn();
    },
    ask(read, neutral) {
      let answer = neutral;
      if (core && !busy)
        link.run((core) => {
          answer = read(core);
        });
      return answer;
    },
    visit(page) {
      const outer = busy;
      busy = true;
      try {
        return page();
      } finally {
        busy = outer;
        link.soon();
      }
    },
    soon() {
      if (!busy) queueMicrotask(turn);
    },
    start(make) {
      busy = true;
      attempt(() => {
        core = make();
        if (core) state = "ready";
      });
      busy = false;
      turn();
      // A trap has failed for good.
      return state !== "loading";
    },
    fail() {
      fail();
      turn();
    },
  };
  return link;
}
