/** What one call says of itself beside its properties. */

/** @type {import("./index.mjs").Case[]} */
export const options = [
  { title: "options: a context", run: (a) => a.track("A", {}, { context: { app: { name: "x" }, ip: "0.0.0.0" } }) },
  {
    title: "options: a context that speaks of the page",
    run: (a) => a.track("A", {}, { context: { page: { title: "Own" } } }),
  },
  {
    title: "options: a context with a campaign",
    path: "/shop?utm_source=q",
    run: (a) => a.track("A", {}, { context: { campaign: { name: "own" } } }),
  },
  { title: "options: a context with a locale", run: (a) => a.track("A", {}, { context: { locale: "nb-NO" } }) },
  { title: "options: a context with a user agent", run: (a) => a.track("A", {}, { context: { userAgent: "own" } }) },
  { title: "options: a context with a timezone", run: (a) => a.track("A", {}, { context: { timezone: "Own/Zone" } }) },
  {
    title: "options: a context with a library",
    run: (a) => a.track("A", {}, { context: { library: { name: "own", version: "1" } } }),
  },
  {
    title: "options: other members go to the context",
    run: (a) => a.track("A", {}, { traits: { plan: "x" }, device: { id: "d" } }),
  },
  { title: "options: other members and a context", run: (a) => a.track("A", {}, { a: 1, context: { b: 2, a: 3 } }) },
  { title: "options: a context that is null", run: (a) => a.track("A", {}, { context: null }) },
  { title: "options: a timestamp as text", run: (a) => a.track("A", {}, { timestamp: "2020-01-02T03:04:05.678Z" }) },
  { title: "options: a timestamp as date", run: (a) => a.track("A", {}, { timestamp: new Date(1577934245678) }) },
  {
    title: "options: a timestamp in milliseconds",
    run: (a) => a.track("A", {}, { timestamp: 1577934245678 }),
    why: "analytics.js sends the number; the API asks for ISO 8601",
    instead: (events) => events.map((event) => ({ ...event, timestamp: "2020-01-02T03:04:05.678Z" })),
  },
  {
    title: "options: a timestamp with an offset",
    run: (a) => a.track("A", {}, { timestamp: "2020-01-02T03:04:05+02:00" }),
  },
  { title: "options: a message ID", run: (a) => a.track("A", {}, { messageId: "order-1" }) },
  { title: "options: a user ID", run: (a) => a.track("A", {}, { userId: "u-own" }) },
  {
    title: "options: a user ID beside the user known",
    events: 2,
    run: async (a) => {
      await a.identify("u-1");
      await a.track("A", {}, { userId: "u-own" });
    },
  },
  {
    title: "options: an anonymous ID, which stays",
    events: 2,
    run: async (a) => {
      await a.track("A", {}, { anonymousId: "anon-own" });
      await a.track("B");
    },
  },
  {
    title: "options: an anonymous ID of identify",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", {}, { anonymousId: "anon-own" });
      await a.track("B");
    },
  },
  { title: "options: integrations", run: (a) => a.track("A", {}, { integrations: { Other: false } }) },
  { title: "options: integrations, all", run: (a) => a.track("A", {}, { integrations: { All: true, Other: true } }) },
  {
    title: "options: integrations, none but named",
    run: (a) => a.track("A", {}, { integrations: { All: false, "Segment.io": true } }),
  },
  {
    title: "options: integrations with settings",
    run: (a) => a.track("A", {}, { integrations: { Other: { id: 1 } } }),
  },
  {
    title: "options: integrations, the destination switched off",
    events: 0,
    run: (a) => a.track("A", {}, { integrations: { "Segment.io": false } }),
  },
  {
    title: "options: integrations, the others arrive",
    run: (a) => [a.track("A", {}, { integrations: { "Segment.io": false } }), a.track("B")],
  },
  {
    title: "options: integrations for the whole page",
    load: { integrations: { Other: false } },
    run: (a) => a.track("A"),
  },
  {
    title: "options: integrations for the whole page, with settings",
    load: { integrations: { Other: { id: 1 }, None: "" } },
    run: (a) => a.track("A"),
  },
  {
    title: "options: integrations of the call over those of the page",
    load: { integrations: { Other: false, Third: true } },
    run: (a) => a.track("A", {}, { integrations: { Other: true } }),
  },
  {
    title: "options: a destination that is switched off for the whole page, and named by a call",
    load: { integrations: { "Segment.io": false } },
    events: 0,
    ends: false,
    run: (a) => a.track("A", {}, { integrations: { "Segment.io": true } }),
  },
  {
    title: "options: integrations of every kind of call",
    load: { integrations: { All: true, Other: false } },
    events: 5,
    run: (a) => [a.identify("u-1"), a.page(), a.screen("S"), a.group("g-1"), a.alias("u-2", "u-1")],
    why: "analytics.js writes the user known before over the new one of an alias",
    instead: (events) => events.map((event) => (event.type === "alias" ? { ...event, userId: "u-2" } : event)),
  },
  {
    title: "options: none but named for the whole page",
    load: { integrations: { All: false } },
    ends: false,
    events: 0,
    run: (a) => a.track("A"),
  },
  {
    title: "options: none but named for the whole page, and this one named",
    load: { integrations: { All: false, "Segment.io": true } },
    run: (a) => a.track("A"),
  },
  { title: "options: an initial page view", load: { initialPageview: true }, run: (a) => a.track("A"), events: 2 },
  { title: "options: integrations, All false", run: (a) => a.track("A", {}, { integrations: { All: false } }) },
  {
    title: "options: page",
    run: (a) => a.page("Home", {}, { context: { a: 1 }, integrations: { Other: false }, plan: "x" }),
  },
  { title: "options: screen", run: (a) => a.screen("Home", {}, { context: { a: 1 }, userId: "u-own" }) },
  {
    title: "options: identify",
    run: (a) => a.identify("u-1", {}, { context: { a: 1 }, integrations: { Other: false }, plan: "x" }),
  },
  { title: "options: group", run: (a) => a.group("g-1", {}, { context: { a: 1 }, userId: "u-own", plan: "x" }) },
  {
    title: "options: alias",
    run: (a) => a.alias("u-2", "u-1", { context: { a: 1 }, anonymousId: "anon-own", plan: "x" }),
  },
];
