import type { Core } from "./core";

export type State = "loading" | "ready" | "failed";

/**
 * The one way into the core. Work handed in while the core is loading, or while it is busy further up the stack,
 * waits its turn: order is kept and the core is never entered twice.
 */
export interface CoreLink {
  state(): State;
  /**
   * Runs `job` in turn; `settle` follows in any case, also where there will never be a core. `waits` hears, maybe more than once, that no core
   * is there for it yet. None may throw.
   */
  run(job: (core: Core) => void, settle?: () => void, waits?: () => void): void;
  /** The same at the end of the microtask, or before whatever else comes first: the caller goes on meanwhile. */
  defer(job: (core: Core) => void, settle: () => void, waits: () => void): void;
  /** Reads at once; `neutral` where the core cannot be asked now. */
  ask<T>(read: (core: Core) => T, neutral: T): T;
  /** Runs page code that the core calls: what it hands in waits until the core is done. */
  visit<T>(page: () => T): T;
  /** Takes a turn as soon as the core is off the stack. */
  soon(): void;
  /** False where there is none to be had: it stays loading. */
  start(make: () => Core | undefined): boolean;
  fail(): void;
  /** The same for what belongs to the core that runs now, or is about to: with that core it ends. */
  tied(): CoreLink;
  /** Settled when the core that this is tied to has ended. */
  ended?: Promise<void>;
  /** Another core would not do in place of this one: it would not know the page's plugins. */
  isUnique?: true;
}

interface Work {
  job(core: Core): void;
  settle?: (() => void) | undefined;
  waits?: (() => void) | undefined;
  /** A core threw in it: what throws twice is given up. */
  threw?: true;
}

/** The page may have put another in place of `queueMicrotask`. */
const soon = (work: () => void) => void Promise.resolve().then(work);

/** More calls than this are not kept while the core is loading. */
const LIMIT = 10_000;
/** More than this do not wait for the end of the microtask. */
const MOST_DEFERRED = 1000;

export interface CoreEvents {
  /** The core threw, and is not entered again: until another starts, the link is loading. */
  trapped(error: unknown): void;
  /** A call was given up because too many are waiting. */
  overflowed(): void;
  /** A turn has ended: listeners may be called now. */
  idle(): void;
}

export function createCoreLink(events: CoreEvents): CoreLink {
  const waiting: Work[] = [];
  /** What this task had the core do: it may be in no journal before the task's end. */
  let ran: Work[] = [];
  let isFresh = false;
  const endings: (() => void)[] = [];
  let state: State = "loading";
  let core: Core | undefined;
  let busy = false;
  /** Whether a turn comes at the end of the microtask. */
  let isComing = false;
  let age = 0;
  /** Why there is no core any more, until that was told. */
  let trap: { error: unknown } | undefined;
  /** How far the list is walked. */
  let at = 0;

  const fail = () => {
    state = "failed";
    core = undefined;
  };

  const come = () => {
    if (!isComing) soon(turn);
    isComing = true;
  };

  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      core = undefined;
      age++;
      state = "loading";
      trap = { error };
      // Here there may be no stack left.
      come();
    }
  };

  /** The core's own writing comes at the end of the microtask: after that of all that this task had it do. */
  const forget = () => {
    if (isFresh) soon(forget);
    else ran = [];
    isFresh = false;
  };

  const turn = () => {
    isComing = false;
    if (busy) return;
    busy = true;
    try {
      if (trap) {
        for (const end of endings.splice(0)) end();
        events.trapped(trap.error);
        trap = undefined;
      }
      // What runs here may hand in more: it joins the end of the list being walked.
      while (state !== "loading") {
        const work = waiting[at];
        if (!work) break;
        attempt(() => core && work.job(core));
        if ((state as State) === "loading" && !work.threw) {
          work.threw = true;
          break;
        }
        at++;
        if (core && ran.push(work) === 1) soon(forget);
        isFresh = true;
        work.settle?.();
        // Another core may do it once more.
        work.settle = undefined;
      }
      waiting.splice(0, at);
      if (state === "loading") waiting.unshift(...ran.splice(0));
      if (trap) for (const { waits } of waiting) waits?.();
      at = 0;
    } finally {
      // A page may have called at the very end of its stack.
      busy = false;
    }
    events.idle();
  };

  const add = (job: (core: Core) => void, settle?: () => void, waits?: () => void) => {
    if (state === "loading") waits?.();
    // What comes before every call waits too.
    if (waiting.length <= LIMIT) return waiting.push({ job, settle, waits });
    settle?.();
    events.overflowed();
    return LIMIT;
  };

  const link: CoreLink = {
    state: () => state,
    run(...work) {
      add(...work);
      turn();
    },
    defer(...work) {
      if (add(...work) > MOST_DEFERRED) turn();
      else come();
    },
    ask(read, neutral) {
      let answer = neutral;
      if (core && !busy)
        this.run((core) => {
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
      if (!busy) come();
    },
    start(make) {
      busy = true;
      attempt(() => {
        core = make();
        if (core) state = "ready";
      });
      busy = false;
      const isFine = core ?? trap;
      turn();
      return !!isFine;
    },
    fail() {
      fail();
      turn();
    },
    tied() {
      const mine = age;
      return {
        ...link,
        run: (job, settle) => link.run((core) => mine === age && job(core), settle),
        ended: new Promise((end) => endings.push(end)),
      };
    },
  };
  return link;
}
