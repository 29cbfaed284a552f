/** Callbacks, promises, listeners: what the page hears is put into an event. */

/** What the listeners of a verb get first. */
const HEARD = [
  { verb: "track", given: "name, properties", call: `a.track("A", { n: 1 }, { context: { a: 1 } })` },
  { verb: "page", given: "category, name", call: `a.page("Docs", "Home", { n: 1 })` },
  { verb: "screen", given: "category, name", call: `a.screen("Docs", "Home", { n: 1 })` },
  { verb: "identify", given: "user, traits", call: `a.identify("u-1", { plan: "sea" })` },
  { verb: "group", given: "group, traits", call: `a.group("g-1", { name: "Quay" })` },
  { verb: "alias", given: "to, from", call: `a.alias("u-2", "u-1")` },
];

/** @type {import("./index.mjs").Case[]} */
export const hearing = [
  {
    title: "callback: gets the context with the event",
    events: 2,
    run: (a) =>
      new Promise((done) => {
        a.track("A", { n: 1 }, {}, (/** @type {any} */ ctx) => {
          const { event, type, properties } = ctx.event;
          a.track("Heard", { event, type, properties });
          done(0);
        });
      }),
  },
  {
    title: "promise: resolves to the context with the event",
    events: 2,
    run: async (a) => {
      const ctx = await a.track("A", { n: 1 });
      await a.track("Heard", { event: ctx.event.event, properties: ctx.event.properties });
    },
  },
  ...["track", "screen", "identify", "group", "alias"].map((verb) => ({
    title: `promise: of ${verb}`,
    events: 2,
    run: /** @type {any} */ (
      `async (a) => { const ctx = await a.${verb}("x-1"); await a.track("Heard", { type: ctx.event.type, integrations: ctx.event.integrations }); }`
    ),
  })),
  ...HEARD.map(({ verb, given, call }) => ({
    title: `on ${verb}: ${given}`,
    events: 2,
    run: /** @type {any} */ (
      `async (a) => {
        const heard = [];
        a.on("${verb}", (...args) => heard.push(args.slice(0, 2)));
        await ${call};
        await a.track("Heard", { heard });
      }`
    ),
  })),
  {
    title: "on reset",
    run: (a) => {
      let heard = 0;
      a.on("reset", () => heard++);
      a.reset();
      a.track("Heard", { heard });
    },
  },
  {
    title: "once, off, emit",
    run: (a) => {
      /** @type {any[]} */
      const heard = [];
      const listener = (/** @type {any[]} */ ...args) => heard.push(["on", ...args]);
      a.on("own", listener);
      a.once("own", (/** @type {any[]} */ ...args) => heard.push(["once", ...args]));
      a.emit("own", 1, "two");
      a.emit("own", 3);
      a.off("own", listener);
      a.emit("own", 4);
      a.track("Heard", { heard });
    },
  },
  {
    title: "ready: calls back, and resolves",
    run: async (a) => {
      /** @type {string[]} */
      const heard = [];
      await a.ready(() => heard.push("called"));
      heard.push("resolved");
      await a.track("Heard", { heard });
    },
  },
  {
    title: "use: hands the global over",
    run: (a) => a.use((/** @type {any} */ given) => given.track("Used")),
  },
  {
    title: "what chains",
    run: (a) =>
      a.track("Heard", {
        on: a.on("x", () => {}) === a,
        once: a.once("x", () => {}) === a,
        off: a.off("x", () => {}) === a,
        emit: a.emit("x") === a,
        debug: a.debug(false) === a,
      }),
  },
];
