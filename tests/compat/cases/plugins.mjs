/** Plugins. The event that ends a case meets them too: they leave it alone. */

const CLASS =
  "analytics.js knows a context by its class, which a page may have twice: in its own bundle and from the CDN";

/** What is no context. @type {[string, (ctx: any) => unknown][]} */
const returned = [
  ["null", () => null],
  ["a text", () => "A"],
  ["an object without an event", () => ({})],
  ["the event in place of its context", (ctx) => ctx.event],
  ["nothing, later", async () => {}],
  [
    "null, after a change",
    (ctx) => {
      ctx.event.properties.changed = true;
      return null;
    },
  ],
];

/** A plugin for events called A. @param {string} type @param {(ctx: any) => unknown} hook @param {object} [more] */
const plugin = (type, hook, more) => `({
  name: "Own ${type}", type: "${type}", version: "1", isLoaded: () => true, load: () => Promise.resolve(),
  track(ctx) { return ctx.event.event === "A" ? (${hook})(ctx) : ctx; },
  ...(${more ?? "{}"}),
})`;

/** @param {any} ctx */
const setsN = (ctx) => {
  ctx.event.properties.n = 2;
  return ctx;
};

/** A case that registers plugins, waits for them, and tracks A. @param {string[]} plugins @param {string} [then] @returns {any} */
const registers = (plugins, then = 'a.track("A", { n: 1 })') =>
  Object.assign(async () => {}, {
    toString: () => `async (a) => { await a.register(${plugins.join(",")}); await ${then}; }`,
  });

/** @type {import("./index.mjs").Case[]} */
export const plugins = [
  {
    title: "plugins: enrichment",
    run: registers([plugin("enrichment", setsN)]),
  },
  {
    title: "plugins: updateEvent",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.updateEvent("properties.deep.er", 1);
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: updateEvent of an integration",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.updateEvent("integrations.Other", { a: 1 });
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: before",
    run: registers([
      plugin("before", (ctx) => {
        ctx.event.context.b = 1;
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: before goes before enrichment, whatever came first",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.event.properties.seen += "e";
        return ctx;
      }),
      plugin("before", (ctx) => {
        ctx.event.properties.seen = "b";
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: enrichment throws",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.event.properties.kept = true;
        throw new Error("own");
      }),
    ]),
    why: "analytics.js sends what a plugin has half changed; here it is as if the plugin had not been there",
    instead: (events) =>
      events.map((event) => {
        const { kept, ...properties } = event.properties;
        return { ...event, properties };
      }),
  },
  {
    title: "plugins: enrichment cancels, which is not its to do",
    run: registers([plugin("enrichment", (ctx) => ctx.cancel())]),
  },
  {
    title: "plugins: enrichment that takes its time",
    run: registers([
      plugin("enrichment", async (ctx) => {
        await new Promise((done) => setTimeout(done, 30));
        ctx.event.properties.late = true;
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: enrichment that returns nothing",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.event.properties.n = 2;
      }),
    ]),
  },
  {
    title: "plugins: before that returns nothing",
    run: registers(
      [
        plugin("before", (ctx) => {
          ctx.event.properties.n = 2;
        }),
      ],
      '[a.track("A", { n: 1 }), a.track("B")]',
    ),
    events: 1,
  },
  ...returned.map(([what, hook]) => ({
    title: `plugins: before that returns ${what}`,
    run: registers([plugin("before", hook)], '[a.track("A", { n: 1 }), a.track("B")]'),
    events: 1,
  })),
  ...returned.map(([what, hook]) => ({
    title: `plugins: enrichment that returns ${what}`,
    run: registers([plugin("enrichment", hook)]),
  })),
  ...["before", "enrichment"].map((type) => ({
    title: `plugins: ${type} that returns a context of its own`,
    run: registers([plugin(type, (ctx) => new ctx.constructor({ ...ctx.event, properties: { own: true } }, ctx.id))]),
  })),
  {
    title: "plugins: before that returns an object with an event",
    run: registers(
      [plugin("before", (ctx) => ({ event: { ...ctx.event, properties: { own: true } } }))],
      '[a.track("A", { n: 1 }), a.track("B")]',
    ),
    why: CLASS,
    instead: (events) => [...events, { ...events[0], event: "A", properties: { own: true } }],
    events: 2,
  },
  {
    title: "plugins: enrichment that returns an object with an event",
    run: registers([plugin("enrichment", (ctx) => ({ event: { ...ctx.event, properties: { own: true } } }))]),
    why: CLASS,
    instead: (events) => events.map((event) => ({ ...event, properties: { own: true } })),
  },
  {
    title: "plugins: before without a hook for the call",
    run: registers(['{ name: "None", type: "before", isLoaded: () => true, load: () => Promise.resolve() }']),
  },
  {
    title: "plugins: hooks of other calls",
    events: 2,
    run: registers(
      [plugin("enrichment", (ctx) => ctx, "{ identify(ctx) { ctx.event.traits.added = true; return ctx; } }")],
      'a.identify("u-1", { plan: "sea" }), await a.page()',
    ),
  },
  {
    title: "plugins: a plugin without a hook for the call",
    run: registers(['{ name: "None", type: "enrichment", isLoaded: () => true, load: () => Promise.resolve() }']),
  },
  {
    title: "plugins: one that fails to load is left out",
    run: registers([plugin("enrichment", setsN, '{ load: () => Promise.reject(new Error("own")) }')]),
  },
  {
    title: "plugins: deregistered",
    run: registers([plugin("enrichment", setsN)], 'a.deregister("Own enrichment"), await a.track("A", { n: 1 })'),
  },
  {
    title: "plugins: after sees what was sent and changes nothing",
    run: registers([plugin("after", setsN)]),
  },
  {
    title: "plugins: utility is only loaded",
    events: 2,
    run: registers([
      plugin("utility", setsN, '{ load: (_, instance) => Promise.resolve(void instance.track("Loaded")) }'),
    ]),
  },
  {
    title: "plugins: registered before the SDK",
    events: 2,
    early: (a) => {
      a.register({
        name: "Early",
        type: "enrichment",
        version: "1",
        isLoaded: () => true,
        load: () => new Promise((done) => setTimeout(done, 30)),
        track(/** @type {any} */ ctx) {
          ctx.event.properties.early = true;
          return ctx;
        },
      });
      a.track("A");
      a.track("B", { n: 1 });
    },
  },
  {
    title: "plugins: destination middleware of nobody",
    run: (a) => [a.addDestinationMiddleware("Nobody", () => {}), a.track("A")],
  },
];
