// Plugins and middleware as they are written for Segment.
import type { Analytics, Context, MiddlewareFunction, Plugin, SegmentEvent } from "@segment/analytics-next";

const enrich = async (ctx: Context): Promise<Context> => {
  ctx.updateEvent("context.app", { name: "shop" });
  const changed: SegmentEvent = ctx.updateEvent("properties.total", 42);
  ctx.event.properties = { ...ctx.event.properties, seen: true };
  ctx.event.traits = { email: "a@shop.test" };
  ctx.event.userId = null;
  ctx.event.timestamp = new Date();
  ctx.event.integrations = { ...ctx.event.integrations, Mixpanel: false };
  ctx.event.context = { ...ctx.event.context, page: { url: "https://shop.test/" } };
  ctx.event.context.ip = "0.0.0.0";
  if (ctx.event.context.page) ctx.event.context.page.url = "https://shop.test/cart";
  delete ctx.event.properties.seen;
  ctx.log("debug", "enriched", { id: changed.messageId });
  ctx.stats.increment("enriched");
  ctx.stats.increment("enriched", 2, ["plugin:enrich"]);
  ctx.stats.gauge("size", 10, ["a"]);
  return ctx;
};

/** Only what has to be there. */
export const smallest: Plugin = {
  name: "Smallest",
  type: "utility",
  isLoaded: () => true,
  load: () => Promise.resolve(),
};

export const enrichment: Plugin = {
  name: "Enrichment",
  type: "enrichment",
  version: "1.0.0",
  isLoaded: () => true,
  load: async (ctx, instance) => {
    ctx.log("info", "loading");
    await instance.ready();
    return instance.user().id();
  },
  unload: (_ctx, instance) => instance.reset(),
  ready: async () => true,
  track: enrich,
  page: enrich,
  screen: enrich,
  identify: (ctx) => ctx,
  group: (ctx) => Promise.resolve(ctx),
  alias: async (ctx) => ctx,
};

/** The form most plugins have: a class with state. */
export class Destination implements Plugin {
  name = "Quay";
  alternativeNames = ["Quay (Web)"];
  type = "destination" as const;
  version = "2.0.0";
  private loaded = false;

  isLoaded = () => this.loaded;

  async load(_ctx: Context, instance: Analytics): Promise<void> {
    this.loaded = true;
    await instance.track("Loaded", { plugin: this.name });
  }

  track(ctx: Context): Context {
    if (!ctx.event.event) ctx.cancel();
    if (ctx.attempts > 3) ctx.cancel(new Error("too often"));
    if (!ctx.event.anonymousId) ctx.cancel({ retry: false, type: "no visitor", reason: "nobody to tell of" });
    const { id, event, logs } = ctx.toJSON();
    const lines = [...ctx.logs(), ...logs].map(({ level, message, time, extras }) => [level, message, time, extras?.a]);
    console.warn(id, event.type, lines);
    return ctx;
  }

  page = async (ctx: Context): Promise<Context> => {
    const { url, path = "/" } = ctx.event.context?.page ?? {};
    ctx.event = { ...ctx.event, name: url ?? path };
    return ctx;
  };
}

export const before: Plugin = { ...smallest, type: "before", track: enrich };
export const after: Plugin = { ...smallest, type: "after", track: enrich };

const source: MiddlewareFunction = ({ payload, integrations, next }) => {
  const { obj } = payload;
  if (obj.type === "track" && obj.event === "Secret") return;
  obj.context = { ...obj.context, ip: "0.0.0.0" };
  if (obj.context.page?.url) obj.context.page.url = obj.context.page.url.replace(/\?.*/, "");
  obj.properties = { ...obj.properties, type: payload.type(), total: payload.proxy("properties.total") };
  obj.integrations = { ...obj.integrations, Quay: payload.enabled("Quay"), ...integrations };
  const read: unknown[] = [
    payload.userId(),
    payload.anonymousId(),
    payload.groupId(),
    payload.timestamp(),
    payload.ip(),
  ];
  read.push(
    payload.action(),
    payload.userAgent(),
    payload.traits().email,
    payload.traits({ name: "full_name" }).full_name,
  );
  read.push(payload.json().event, payload.rawEvent().event, payload.options().ip, payload.integrations().All);
  console.warn(read, payload.options("Quay"));
  next(payload);
};

export async function use(a: Analytics): Promise<void> {
  const registered: Context = await a.register(smallest, enrichment, new Destination(), before, after);
  await a.register(...[smallest, enrichment]);
  await a.register();
  const gone: Context = await a.deregister("Smallest", "Quay");
  console.warn(registered.id, gone.logs().length);
  await a.addSourceMiddleware(source);
  await a.addSourceMiddleware(async ({ payload, next }) => {
    await a.ready();
    next(payload.obj.userId ? payload : null);
  });
  const same: Analytics = await a.addDestinationMiddleware("*", ({ payload, integration, next }) => {
    payload.obj.properties = { ...payload.obj.properties, integration: integration.toLowerCase() };
    next(payload);
  });
  await same.addDestinationMiddleware(
    "Quay",
    async ({ next }) => next(null),
    ({ next, payload }) => next(payload),
  );
}
