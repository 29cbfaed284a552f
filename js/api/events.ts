import type { Core } from "../core";
import type { EarlyCall } from "../early";
import { createPageFacts } from "../facts";
import type { Context, Group } from "../tidegate.d.ts";
import { groupFacade } from "./identity";
import type { Kit, Method, Methods } from "./kit";

/** The event verbs; the core knows them by their place in this list. */
export const VERBS = ["track", "page", "screen", "identify", "group", "alias"];

/** When and where a call was made. */
export interface Moment {
  /** Page facts as JSON. */
  facts: string;
  /** Milliseconds since the Unix epoch. */
  wall: number;
}

/** Makes an event of a call; `moment` is given for calls that a stub kept. */
export type Capture = (verb: number, args: unknown[], moment?: Moment) => Promise<Context> | Group;

/** What a call gives its caller. A class, since an object with getters of its own is slow to make. */
class Captured {
  private readonly read: () => Context["event"] | undefined;

  constructor(read: () => Context["event"] | undefined) {
    this.read = read;
  }

  /** Built when it is first read. */
  get event() {
    return this.read();
  }

  get id() {
    return `${this.event?.messageId}`;
  }

  logs() {
    return [];
  }

  toJSON() {
    return { id: this.id, event: this.event, logs: [] };
  }
}

/** How long a callback waits for a core that is still loading, in milliseconds, unless `timeout()` says otherwise. */
const TIMEOUT = 300;

/** The event verbs and `timeout`. */
export function eventMethods(kit: Kit): { capture: Capture; methods: Methods } {
  const { link } = kit;
  const pageFacts = createPageFacts();
  const group = groupFacade(kit);
  let timeout = TIMEOUT;

  const capture: Capture = (verb, args, moment) => {
    const name = VERBS[verb] ?? "";
    if (name === "group" && args.every((arg) => arg === undefined)) return group;
    const wall = moment?.wall ?? Date.now();
    const facts = moment?.facts ?? (link.state() === "failed" ? "" : pageFacts());
    const text = kit.text(name, args);
    let kept: EarlyCall | undefined;
    const keep = () => {
      kept = kit.early.keep(kept ?? [verb, text, wall, facts]);
    };

    let number = 0;
    let by: Core | undefined;
    let event: Context["event"] | undefined;
    const ctx = new Captured(() => {
      // The call itself may not have run yet: it does before this.
      if (!event)
        event = link.ask(
          (core) => (number && core === by ? core.event(number, verb, text, wall) : undefined),
          undefined,
        );
      return event;
    }) as unknown as Context;
    const captured = new Promise<Context>((resolve) => {
      link[kit.isPrompt ? "run" : "defer"](
        (core) => {
          // The page went, took its calls along for the next one, and came back.
          if (kept?.stored) return;
          core.page(facts);
          number = core.call(verb, text, wall);
          by = core;
          if (kept) kit.early.had(kept);
        },
        () => resolve(kit.passing?.(number, ctx) ?? ctx),
        keep,
      );
    });
    captured.then(...(endings[verb] as (typeof endings)[number]));
    const callback = args.find((arg) => typeof arg === "function");
    if (callback) callBack(kit.guard(name, callback as Method, undefined, "listener_failed"), ctx, captured);
    return captured;
  };

  /** To the listeners of a verb, with what analytics.js gives them. */
  const tell = (name: string, ctx: Context) => {
    if (!kit.emitter.hears(name) || !ctx.event) return;
    const { event, category, name: named, userId, groupId, previousId, properties, traits, options } = ctx.event;
    const given: Record<string, unknown[]> = {
      track: [event, properties],
      identify: [userId, traits],
      group: [groupId, traits],
      alias: [userId, previousId],
    };
    kit.emitter.emit(name, ...(given[name] ?? [category ?? null, named ?? null, properties]), options);
  };

  const endings = VERBS.map((name) => [
    (ctx: Context) => tell(name, ctx),
    // At the very end of the page's stack not even the call ran.
    kit.guard(name, (error) => {
      throw error;
    }),
  ]) as [(ctx: Context) => void, Method][];

  const callBack = (callback: Method, ctx: Context, captured: Promise<Context>) => {
    let called = false;
    const once = (whole: unknown) => {
      if (!called) callback(whole ?? ctx);
      called = true;
    };
    captured.then(once);
    // A page that navigates in its callback must not wait for a slow core or plugin.
    setTimeout(once, timeout);
  };

  const methods: Methods = {
    timeout(ms) {
      timeout = Number(ms) || 0;
      return kit.self;
    },
  };
  VERBS.forEach((name, verb) => {
    methods[name] = (...args) => capture(verb, args);
  });
  return { capture, methods };
}
