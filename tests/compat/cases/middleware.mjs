/** Middleware. The event that ends a case meets it too: it leaves that alone. */

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

/** Middleware that runs this and passes the event on. @param {string} code */
const changes = (code) => `({ payload, next }) => { ${code} next(payload); }`;

/** @type {import("./index.mjs").Case[]} */
export const middleware = [
  { title: "middleware: passes on", run: passes(["({ payload, next }) => next(payload)"]) },
  {
    title: "middleware: changes a property",
    run: passes([changes("payload.obj.properties.n = 2;")]),
  },
  {
    title: "middleware: adds to the context",
    run: passes([changes("payload.obj.context.added = { a: [1] };")]),
  },
  {
    title: "middleware: changes the page of the context",
    run: passes([changes('payload.obj.context.page.url = "https://hidden/";')]),
  },
  {
    title: "middleware: renames the event",
    run: passes([changes('payload.obj.event = "Renamed";')]),
  },
  {
    title: "middleware: another user",
    run: passes([changes('payload.obj.userId = "u-own";')]),
  },
  {
    title: "middleware: another anonymous visitor",
    run: passes([changes('payload.obj.anonymousId = "anon-own";')]),
  },
  {
    title: "middleware: no anonymous visitor",
    run: passes([changes("delete payload.obj.anonymousId;")]),
    why: "analytics.js puts back the identifier that the page took out",
    instead: (events) => events.map(({ anonymousId, ...event }) => event),
  },
  {
    title: "middleware: another message ID",
    run: passes([changes('payload.obj.messageId = "own-1";')]),
  },
  {
    title: "middleware: integrations",
    run: passes([changes("payload.obj.integrations.Other = false;")]),
  },
  {
    title: "middleware: switches the destination off",
    events: 0,
    run: passes([changes('payload.obj.integrations["Segment.io"] = false;')]),
  },
  {
    title: "middleware: a member of its own",
    run: passes([changes("payload.obj.own = { a: 1 };")]),
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
    run: passes([changes("payload.obj.properties.seen = [1];"), changes("payload.obj.properties.seen.push(2);")]),
  },
  {
    title: "middleware: the first cancels, the second does not see it",
    events: 0,
    run: passes(["() => {}", changes('window.analytics.track("Seen");')]),
  },
  {
    title: "middleware: reads the event by the facade",
    run: passes([
      changes(`payload.obj.properties.read = [payload.event(), payload.type(), payload.properties().n,
        payload.proxy("properties.n"), typeof payload.anonymousId(), payload.timestamp() instanceof Date];`),
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
];
