import { Alias, Facade, Group, Identify, Page, Screen, Track } from "@segment/facade";
import { Cancellation, type PluginContext } from "./context";

/** What middleware is called with. */
interface Passed {
  obj: PluginContext["event"];
}
interface Given {
  payload: Passed;
  integrations?: Record<string, boolean>;
  integration?: string;
  next(payload?: Passed | null): void;
}
export type Middleware = (given: Given) => unknown;

const FACADES = { alias: Alias, group: Group, identify: Identify, page: Page, screen: Screen, track: Track };

/** The event as Segment's own facade, which middleware is written for: `obj` is the event itself. */
function facade(event: PluginContext["event"]): Passed {
  const options = { clone: true, traverse: false };
  const Kind = FACADES[event.type as keyof typeof FACADES] ?? Facade;
  return Object.defineProperty(new Kind(event as never, options), "obj", { value: event, writable: true }) as never;
}

/**
 * Source middleware as a plugin's hook. Without a call of `next` by the time it ends, the event is cancelled.
 */
export const sourceHook = (middleware: Middleware, integrations: () => Record<string, boolean>) =>
  hookOf(
    (ctx: PluginContext, passed: (payload?: Passed | null) => void) =>
      middleware({ payload: facade(ctx.event), integrations: integrations(), next: passed }),
    false,
  );

/** A destination's middleware as a hook: `next(null)` keeps the event from the destination, too. */
export const destinationHook = (middleware: Middleware) => (integration: string) =>
  hookOf(
    (ctx: PluginContext, passed: (payload?: Passed | null) => void) =>
      middleware({ payload: facade(ctx.event), integration, next: passed }),
    true,
  );

/** A plugin's hook that calls middleware. `nullCancels`: what it hands on may be nothing. */
function hookOf(
  call: (ctx: PluginContext, next: (payload?: Passed | null) => void) => unknown,
  nullCancels: boolean,
): (ctx: PluginContext) => unknown {
  return (ctx) => {
    let goesOn = false;
    const ended = call(ctx, (payload) => {
      goesOn = !nullCancels || !!payload;
      if (payload?.obj) ctx.event = payload.obj;
    });
    const settle = () => {
      if (!goesOn) throw new Cancellation("next was not called");
      return ctx;
    };
    return isThenable(ended) ? ended.then(settle) : settle();
  };
}

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null)?.then === "function";
