/** Middleware and plugins. The event that ends a case meets them too: they leave it alone. */

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

/** A case that registers plugins, waits for them, and tracks A. @param {string[]} plugins @param {string} [then] @returns {any} */
const registers = (plugins, then = 'a.track("A", { n: 1 })') =>
  Object.assign(async () => {}, {
    toString: () => `async (a) => { await a.register(${plugins.join(",")}); await ${then}; }`,
  });

/** Adds source middleware for events called A and tracks A. @param {string[]} all @param {string} [then] @returns {any} */
const passes = (all, then = 'a.track("A", { n: 1 })') =>
  Object.assign(async () => {}, {
    toString: () =>
      `async (a) => { ${all
        .map(
          (one) =>
            `await a.addSourceMiddleware((given) => given.payload.obj.event === "A" ? (${one})(given) : given.next(given.payload));`,
        )
        .join("")} await ${then}; }`,
  });

/** @type {import("./index.mjs").Case[]} */
export const plugins = [
  { title: "middleware: passes on", run: passes(["({ payload, next }) => next(payload)"]) },
  {
    title: "middleware: changes a property",
    run: passes(["({ payload, next }) => { payload.obj.properties.n = 2; next(payload); }"]),
  },
  {
    title: "middleware: adds to the context",
    run: passes(["({ payload, next }) => { payload.obj.context.added = { a: [1] }; next(payload); }"]),
  },
  {
    title: "middleware: changes the page of the context",
    run: passes(['({ payload, next }) => { payload.obj.context.page.url = "https://hidden/"; next(payload); }']),
  },
  {
    title: "middleware: renames the event",
    run: passes(['({ payload, next }) => { payload.obj.event = "Renamed"; next(payload); }']),
  },
  {
    title: "middleware: another user",
    run: passes(['({ payload, next }) => { payload.obj.userId = "u-own"; next(payload); }']),
  },
  {
    title: "middleware: another anonymous visitor",
    run: passes(['({ payload, next }) => { payload.obj.anonymousId = "anon-own"; next(payload); }']),
  },
  {
    title: "middleware: no anonymous visitor",
    run: passes(["({ payload, next }) => { delete payload.obj.anonymousId; next(payload); }"]),
    why: "analytics.js puts back the identifier that the page took out",
    instead: (events) => events.map(({ anonymousId, ...event }) => event),
  },
  {
    title: "middleware: another message ID",
    run: passes(['({ payload, next }) => { payload.obj.messageId = "own-1"; next(payload); }']),
  },
  {
    title: "middleware: integrations",
    run: passes(["({ payload, next }) => { payload.obj.integrations.Other = false; next(payload); }"]),
  },
  {
    title: "middleware: switches the destination off",
    events: 0,
    run: passes(['({ payload, next }) => { payload.obj.integrations["Segment.io"] = false; next(payload); }']),
  },
  {
    title: "middleware: a member of its own",
    run: passes(["({ payload, next }) => { payload.obj.own = { a: 1 }; next(payload); }"]),
  },
  { title: "middleware: never calls next", events: 0, run: passes(["() => {}"]) },
  { title: "middleware: next without the event", run: passes(["({ next }) => next()"]) },
  { title: "middleware: next with null", run: passes(["({ next }) => next(null)"]) },
  {
    title: "middleware: changes, and next without the event",
    run: passes(["({ payload, next }) => { payload.obj.properties.n = 2; next(); }"]),
  },
  {
    title: "middleware: an event of its own",
    run: passes(["({ payload, next }) => next({ obj: { ...payload.obj, properties: { own: true } } })"]),
  },
  {
    title: "middleware: passes on later",
    run: passes([
      "async ({ payload, next }) => { await new Promise((done) => setTimeout(done, 30)); payload.obj.properties.n = 2; next(payload); }",
    ]),
  },
  { title: "middleware: never calls next, later", events: 0, run: passes(["async () => {}"]) },
  {
    title: "middleware: throws",
    events: 0,
    run: passes(['() => { throw new Error("own"); }'], 'Promise.race([a.track("A"), 1])'),
  },
  {
    title: "middleware: throws, and the others arrive",
    run: passes(['() => { throw new Error("own"); }'], '[a.track("A"), a.track("B"), a.page()]'),
    events: 2,
  },
  {
    title: "middleware: two, in order",
    run: passes([
      "({ payload, next }) => { payload.obj.properties.seen = [1]; next(payload); }",
      "({ payload, next }) => { payload.obj.properties.seen.push(2); next(payload); }",
    ]),
  },
  {
    title: "middleware: the first cancels, the second does not see it",
    events: 0,
    run: passes(["() => {}", '({ payload, next }) => { window.analytics.track("Seen"); next(payload); }']),
  },
  {
    title: "middleware: reads the event by the facade",
    run: passes([
      `({ payload, next }) => { payload.obj.properties.read = [payload.event(), payload.type(), payload.properties().n,
        payload.proxy("properties.n"), typeof payload.anonymousId(), payload.timestamp() instanceof Date]; next(payload); }`,
    ]),
  },
  {
    title: "middleware: a time that the page gave",
    events: 2,
    run: async (a) => {
      await a.addSourceMiddleware((/** @type {any} */ { payload, next }) => next(payload));
      await a.track("A", {}, { timestamp: "2020-01-02T03:04:05+02:00" });
      await a.track("B", {}, { timestamp: new Date(1577934245678) });
    },
  },
  {
    title: "middleware: every kind of call",
    events: 6,
    why: "analytics.js writes the user known before over the new one of an alias",
    instead: (events) => events.map((event) => (event.type === "alias" ? { ...event, userId: "u-2" } : event)),
    run: async (a) => {
      await a.addSourceMiddleware((/** @type {any} */ { payload, next }) => {
        payload.obj.context.kind = payload.type();
        next(payload);
      });
      await a.identify("u-1", { plan: "sea" });
      await a.track("A");
      await a.page("Docs", "Guide", { n: 1 });
      await a.screen("Home", { n: 1 });
      await a.group("g-1", { name: "Quay" });
      await a.alias("u-2", "u-1");
    },
  },
  {
    title: "middleware: before the SDK, before the calls",
    early: (a) => {
      a.addSourceMiddleware((/** @type {any} */ { payload, next }) => {
        payload.obj.context.early = true;
        next(payload);
      });
      a.track("A");
      a.page();
    },
    events: 2,
  },
  {
    title: "middleware: before the SDK, after the calls",
    early: (a) => {
      a.page();
      a.track("A", { secret: 1 });
      a.addSourceMiddleware((/** @type {any} */ { payload, next }) => {
        delete payload.obj.properties.secret;
        payload.obj.context.page.search = "";
        next(payload);
      });
    },
    path: "/shop?email=jane",
    events: 2,
  },
  {
    title: "middleware: the context of the promise is the changed one",
    events: 2,
    run: async (a) => {
      await a.addSourceMiddleware((/** @type {any} */ { payload, next }) => {
        payload.obj.properties.added = true;
        next(payload);
      });
      const ctx = await a.track("A", { n: 1 });
      await a.track("Heard", { given: ctx.event.properties });
    },
  },
  {
    title: "plugins: enrichment",
    run: registers([
      plugin("enrichment", (ctx) => {
        ctx.event.properties.n = 2;
        return ctx;
      }),
    ]),
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
    run: registers([
      plugin(
        "enrichment",
        (ctx) => {
          ctx.event.properties.n = 2;
          return ctx;
        },
        '{ load: () => Promise.reject(new Error("own")) }',
      ),
    ]),
  },
  {
    title: "plugins: deregistered",
    run: registers(
      [
        plugin("enrichment", (ctx) => {
          ctx.event.properties.n = 2;
          return ctx;
        }),
      ],
      'a.deregister("Own enrichment"), await a.track("A", { n: 1 })',
    ),
  },
  {
    title: "plugins: after sees what was sent and changes nothing",
    run: registers([
      plugin("after", (ctx) => {
        ctx.event.properties.n = 2;
        return ctx;
      }),
    ]),
  },
  {
    title: "plugins: utility is only loaded",
    events: 2,
    run: registers([
      plugin(
        "utility",
        (ctx) => {
          ctx.event.properties.n = 2;
          return ctx;
        },
        '{ load: (_, instance) => Promise.resolve(void instance.track("Loaded")) }',
      ),
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
