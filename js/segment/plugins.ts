import type { Kit, Methods } from "../api/kit";
import { describe } from "../describe";
import type { Analytics, Context, Problem } from "../tidegate.d.ts";
import { Cancellation, PluginContext } from "./context";
import { destinationHook, isThenable, type Middleware, sourceHook } from "./middleware";

type Hook = (ctx: PluginContext) => unknown;
type Type = "before" | "enrichment" | "destination" | "after" | "utility";

/** A plugin as a page registers it. */
interface Plugin extends Partial<Record<string, unknown>> {
  name: string;
  type: Type;
  load?(ctx: PluginContext, instance: Analytics): unknown;
  ready?(): unknown;
  unload?(ctx: PluginContext, instance: Analytics): unknown;
  addMiddleware?(...middleware: unknown[]): void;
  alternativeNames?: string[];
}

/** What runs under a number that the core knows. */
interface Running {
  name: string;
  plugin?: Plugin;
  /** The hook for an event; `destination` where it is middleware of one. */
  hook(type: string, destination: string): Hook | undefined;
  load?(): Promise<void>;
  isReady?(): unknown;
}

/** What the core says: see src/core/runtime/plugins/part.rs. */
type Meet = { run: number; capture: number; plugin: number; destination?: string; event: PluginContext["event"] };
type Load = { load: number };
type End = { end: number; event: PluginContext["event"] | null; then: number[] };

/** An event that plugins have: its context once one has met it, and who waits for it to end. */
interface Flight {
  ctx?: PluginContext;
  landed(ctx: unknown): void;
}

const TYPES = /^(before|enrichment|destination|after|utility)$/;

/**
 * Plugins and middleware of the page. Which of them meets an event, when, and what follows is the core's decision; here they are
 * kept and called.
 */
export function createPlugins(kit: Kit): { pluginMethods: Methods; middlewareMethods: Methods } {
  const running = new Map<number, Running>();
  const flights = new Map<number, Flight>();
  /** What the core has not been told, until its part for plugins is there. */
  const untold: object[] = [];
  let settleReady = () => {};
  /** Settled once it is, or at the first failure. */
  const ready = new Promise<void>((resolve) => {
    settleReady = resolve;
  });
  let isThere = false;
  let asked = false;
  let count = 0;
  let edition = 0;

  const say = (message: object) => {
    untold.push(message);
    if (isThere) tell();
    else if (!asked) fetchPart(500);
    asked = true;
  };

  const tell = () => {
    const messages = kit.json("register", untold.splice(0));
    kit.link.run((core) => core.plugins(messages));
  };

  const fetchPart = (pause: number) => {
    kit.part("plugins").then(
      () => {
        isThere = true;
        tell();
        settleReady();
      },
      (error) => {
        kit.report(
          "wasm_failed",
          `${describe(error)} Events wait for it, since plugins or middleware are to see them.`,
        );
        setTimeout(fetchPart, pause, pause * 2);
        settleReady();
      },
    );
  };

  const add = (phase: string, one: Running, loading = false): number => {
    count++;
    running.set(count, one);
    say({ add: count, edition, phase, name: one.name, names: one.plugin?.alternativeNames, loading });
    return count;
  };

  const contextOf = (capture: number, event: PluginContext["event"]): PluginContext => {
    const flight = flights.get(capture) ?? { landed() {} };
    flights.set(capture, flight);
    flight.ctx ??= new PluginContext(event);
    return flight.ctx;
  };

  /** Plugins may rely on the time of a call being a time. One that the page gave as a text stays as it is. */
  const revived = (event: PluginContext["event"]) => {
    const time = new Date(event.timestamp as string);
    if (JSON.stringify(time) === JSON.stringify(event.timestamp)) event.timestamp = time;
    return event;
  };

  const meet = ({ run, capture, plugin, destination, event }: Meet) => {
    const ctx = destination === undefined ? contextOf(capture, event) : new PluginContext(event);
    ctx.event = revived(event);
    const one = running.get(plugin);
    const hook = one?.hook(event.type, destination ?? "");
    const passed = (result: unknown) => {
      if (isContext(result)) ctx.event = result.event;
      // Whoever only adds does not keep an event back.
      else if (one?.plugin?.type === "before") return say({ run });
      say({ run, event: ctx.event });
    };
    const failed = (error: unknown) =>
      say(error instanceof Cancellation || isCancellation(error) ? { run } : { run, error: describe(error) });
    attempt(() => (hook ? hook(ctx) : ctx), passed, failed);
  };

  const end = ({ end, event, then }: End) => {
    const flight = flights.get(end);
    flights.delete(end);
    const ctx = flight?.ctx ?? (event && new PluginContext(event));
    if (!ctx) return;
    if (event) ctx.event = revived(event);
    for (const id of then) {
      const { hook, name } = running.get(id) ?? {};
      const failed = (error: unknown) =>
        kit.report("plugin_failed", `plugin "${name}" failed on an event that has passed: ${describe(error)}`);
      attempt(
        () => hook?.(ctx.event.type, "")?.(ctx),
        () => {},
        failed,
      );
    }
    flight?.landed(ctx);
  };

  // A core that has failed lets nothing go any more.
  kit.emitter.on("error", ({ code }: Problem) => {
    if (code === "core_failed") for (const { ctx, landed } of flights.values()) landed(ctx);
  });
  kit.emitter.on("plugins", (message: Meet | Load | End) => {
    if ("run" in message) meet(message);
    else if ("load" in message) running.get(message.load)?.load?.();
    else end(message);
  });
  const isReady = ({ name, isReady }: Running) =>
    new Promise<unknown>((done) => {
      const failed = (error: unknown) => {
        kit.report("plugin_failed", `plugin "${name}" is not ready: ${describe(error)}`);
        done(undefined);
      };
      attempt(() => isReady?.(), done, failed);
    });
  kit.plugged = () => Promise.all([...running.values()].map(isReady));
  kit.passing = (capture, ctx) =>
    new Promise<Context>((resolve) => {
      const flight: Flight = { landed: resolve as Flight["landed"] };
      flights.set(capture, flight);
      // By then the core has said whether plugins have the event.
      queueMicrotask(() => {
        if (flight.ctx) return;
        flights.delete(capture);
        resolve(ctx);
      });
    });

  const register = (plugin: Plugin): Promise<unknown> | undefined => {
    if (typeof plugin?.name !== "string" || !TYPES.test(plugin.type))
      throw new TypeError("a plugin has a name, and a type: before, enrichment, destination, after or utility");
    let id = 0;
    let outcome: { loaded: boolean; error?: string } = { loaded: false };
    const tell = () => say({ loaded: id, error: outcome.error });
    const load = () =>
      new Promise<void>((done) => {
        const over = (error?: string) => {
          outcome = error === undefined ? { loaded: true } : { loaded: false, error };
          if (error !== undefined) {
            kit.self.failedInitializations.push(plugin.name);
            kit.emitter.emit("initialization_failure", plugin);
          }
          if (id) tell();
          done();
        };
        attempt(
          () => plugin.load?.(system, kit.self),
          () => over(),
          (error) => over(describe(error)),
        );
      });
    const hook = (type: string) => {
      const found = plugin[type];
      return typeof found === "function" ? (ctx: PluginContext) => found.call(plugin, ctx) : undefined;
    };
    const one = { name: plugin.name, plugin, hook, load, isReady: () => outcome.loaded && plugin.ready?.() };
    // It may not even load before consent allows it: the core says when.
    if (plugin.type === "destination") {
      id = add("destination", one, true);
      return;
    }
    const loading = load();
    id = add(plugin.type, one, !outcome.loaded);
    if (outcome.error !== undefined) tell();
    return loading;
  };

  /** What plugins get where there is no event. */
  const system = new PluginContext({ messageId: "system", type: "track" } as PluginContext["event"]);

  /** What is held waits for these, whatever comes of them. */
  const begin = () => say({ edition: ++edition });
  const done = () => ready.then(() => kit.self);
  const begun = () => ready.then(() => system);

  const found = (name: unknown) => [...running].filter(([, { plugin }]) => plugin?.name === name);

  return {
    pluginMethods: {
      register(...plugins) {
        begin();
        return Promise.all(plugins.map((plugin) => register(plugin as Plugin))).then(begun);
      },
      deregister(...names) {
        begin();
        const unloaded = names.flatMap(found).map(([id, { plugin }]) => {
          say({ remove: id, edition });
          return kit.guard("deregister", () => plugin?.unload?.(system, kit.self))();
        });
        return Promise.all(unloaded).then(begun);
      },
    },
    middlewareMethods: {
      addSourceMiddleware(middleware) {
        begin();
        if (typeof middleware !== "function") throw new TypeError("the middleware is no function");
        const own = () => [...running.values()].filter(({ plugin }) => plugin?.type === "destination");
        const names = () => Object.fromEntries([["Segment.io", true], ...own().map(({ name }) => [name, true])]);
        const hook = sourceHook(middleware as Middleware, names);
        add("before", { name: middleware.name || "source middleware", hook: () => hook });
        return done();
      },
      addDestinationMiddleware(name, ...all) {
        begin();
        for (const middleware of all) {
          if (typeof middleware !== "function") throw new TypeError("the middleware is no function");
          const hook = destinationHook(middleware as Middleware);
          add("middleware", { name: String(name).toLowerCase(), hook: (_, destination) => hook(destination) });
        }
        const isMeant = (plugin?: Plugin) =>
          plugin?.type === "destination" && (name === "*" || plugin.name.toLowerCase() === String(name).toLowerCase());
        for (const { plugin } of running.values()) if (isMeant(plugin)) plugin?.addMiddleware?.(...all);
        return done();
      },
    },
  };
}

/** Calls what may throw, or may settle later. */
function attempt(call: () => unknown, done: (result: unknown) => void, failed: (error: unknown) => void): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    failed(error);
    return;
  }
  if (isThenable(result)) result.then(done, failed);
  else done(result);
}

/** Ours, or one of a class that the plugin brings along. */
const isContext = (value: unknown): value is Pick<PluginContext, "event"> =>
  typeof (value as Partial<PluginContext> | null | undefined)?.event === "object" &&
  (value as PluginContext).event !== null;

/** As analytics.js has it, for plugins that bring its class along. */
const isCancellation = (error: unknown) =>
  typeof error === "object" && error !== null && "retry" in error && "reason" in error && !(error instanceof Error);
