/** `identify`, `group`, `alias` and `reset`, alone and one after the other. */

/** Here it is not analytics.js that is wrong: there, a trait that is undefined takes the earlier one away. */
const UNDEFINED =
  "here a call is JSON from its start, which has no undefined: the trait counts as not given. null is sent by both";

/** @type {import("./index.mjs").Case[]} */
export const people = [
  { title: "identify: an ID", run: (a) => a.identify("u-1") },
  { title: "identify: an ID and traits", run: (a) => a.identify("u-1", { plan: "sea" }) },
  { title: "identify: nothing", run: (a) => a.identify() },
  { title: "identify: null", run: (a) => a.identify(null) },
  { title: "identify: null, null and options", run: (a) => a.identify(null, null, { context: { a: 1 } }) },
  { title: "group: null", run: (a) => a.group(null) },
  { title: "identify: a number", run: (a) => a.identify(42) },
  { title: "identify: zero", run: (a) => a.identify(0) },
  { title: "identify: traits", run: (a) => a.identify({ plan: "sea" }) },
  { title: "identify: traits and options", run: (a) => a.identify({ plan: "sea" }, { context: { a: 1 } }) },
  { title: "identify: null and traits", run: (a) => a.identify(null, { plan: "sea" }) },
  { title: "identify: null, traits and options", run: (a) => a.identify(null, { plan: "sea" }, { context: { a: 1 } }) },
  { title: "identify: everything", run: (a) => a.identify("u-1", { plan: "sea" }, { context: { a: 1 } }, () => {}) },
  { title: "identify: an ID and a callback", run: (a) => a.identify("u-1", () => {}) },
  { title: "identify: an ID, traits and a callback", run: (a) => a.identify("u-1", { plan: "sea" }, () => {}) },
  { title: "identify: an ID, null and options", run: (a) => a.identify("u-1", null, { context: { a: 1 } }) },
  {
    title: "identify: twice the same, traits add up",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea", n: 1 });
      await a.identify("u-1", { n: 2, m: 3 });
    },
  },
  {
    title: "identify: a trait that is undefined",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea", n: 1 });
      await a.identify("u-1", { n: undefined });
    },
    why: UNDEFINED,
    instead: (events) => events.map((event) => ({ ...event, traits: { n: 1, plan: "sea" } })),
  },
  {
    title: "identify: a trait that is null",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea", n: 1 });
      await a.identify("u-1", { n: null });
    },
  },
  {
    title: "group: a trait that is undefined",
    events: 2,
    run: async (a) => {
      await a.group("g-1", { name: "Quay", n: 1 });
      await a.group("g-1", { n: undefined });
    },
    why: UNDEFINED,
    instead: (events) => events.map((event) => ({ ...event, traits: { n: 1, name: "Quay" } })),
  },
  {
    title: "identify: traits first, the ID later",
    events: 2,
    run: async (a) => {
      await a.identify({ plan: "sea" });
      await a.identify("u-1", { n: 1 });
    },
  },
  {
    title: "identify: another user begins anew",
    events: 4,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      await a.track("First");
      await a.identify("u-2", { n: 1 });
      await a.track("Second");
    },
  },
  {
    title: "identify: without an ID it is the user known",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      await a.identify({ n: 1 });
    },
  },
  {
    title: "identify: nested traits are replaced whole",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { address: { street: "Quay 1", city: "Bergen" } });
      await a.identify("u-1", { address: { city: "Oslo" } });
    },
  },
  {
    title: "identify: events carry the user",
    events: 3,
    run: async (a) => {
      await a.track("Before");
      await a.identify("u-1");
      await a.track("After");
    },
  },
  { title: "group: an ID", run: (a) => a.group("g-1") },
  { title: "group: an ID and traits", run: (a) => a.group("g-1", { name: "Quay" }) },
  { title: "group: a number", run: (a) => a.group(7) },
  { title: "group: traits", run: (a) => a.group({ name: "Quay" }) },
  { title: "group: everything", run: (a) => a.group("g-1", { name: "Quay" }, { context: { a: 1 } }, () => {}) },
  { title: "group: null and traits", run: (a) => a.group(null, { name: "Quay" }) },
  {
    title: "group: twice the same, traits add up",
    events: 2,
    run: async (a) => {
      await a.group("g-1", { name: "Quay", n: 1 });
      await a.group("g-1", { n: 2 });
    },
  },
  {
    title: "group: another group",
    events: 2,
    run: async (a) => {
      await a.group("g-1", { name: "Quay" });
      await a.group("g-2", { n: 2 });
    },
  },
  {
    title: "group: later events do not name it",
    events: 2,
    run: async (a) => {
      await a.group("g-1");
      await a.track("After");
    },
  },
  {
    title: "group(): the group known",
    events: 2,
    run: async (a) => {
      await a.group("g-1", { name: "Quay" });
      a.track("Seen", { id: a.group().id(), traits: a.group().traits() });
    },
  },
  { title: "alias: an ID", run: (a) => a.alias("u-1") },
  { title: "alias: two IDs", run: (a) => a.alias("u-2", "u-1") },
  { title: "alias: two IDs and options", run: (a) => a.alias("u-2", "u-1", { context: { a: 1 } }) },
  { title: "alias: everything", run: (a) => a.alias("u-2", "u-1", { context: { a: 1 } }, () => {}) },
  { title: "alias: an ID and options", run: (a) => a.alias("u-2", { context: { a: 1 } }) },
  { title: "alias: numbers", run: (a) => a.alias(2, 1) },
  { title: "alias: an ID and a callback", run: (a) => a.alias("u-2", () => {}) },
  {
    title: "alias: after identify",
    why: "analytics.js overwrites the new ID with the user it knows, so that nothing is joined",
    events: 2,
    run: async (a) => {
      await a.identify("u-1");
      await a.alias("u-2");
    },
    instead: (events) =>
      events.map((event) => (event.type === "alias" ? { ...event, userId: "u-2", previousId: "u-1" } : event)),
  },
  {
    title: "reset: another visitor",
    events: 3,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      a.reset();
      await a.track("After");
      await a.identify({ n: 1 });
    },
  },
  {
    title: "reset: the group is forgotten too",
    events: 2,
    run: async (a) => {
      await a.group("g-1", { name: "Quay" });
      a.reset();
      a.track("Seen", { id: a.group().id() ?? null, traits: a.group().traits() });
    },
  },
  {
    title: "setAnonymousId: events carry it",
    events: 2,
    run: async (a) => {
      a.setAnonymousId("anon-own");
      await a.track("A");
      await a.identify("u-1");
    },
  },
  {
    title: "setAnonymousId: returns the one in force",
    run: (a) => a.track("Seen", { same: a.setAnonymousId("anon-own"), known: a.user().anonymousId() }),
  },
  {
    title: "setAnonymousId: without one it says which is known",
    run: (a) => a.track("Seen", { same: a.setAnonymousId() === a.user().anonymousId() }),
  },
  {
    title: "user(): who the visitor is",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      a.track("Seen", { id: a.user().id(), traits: a.user().traits(), anonymous: a.user().anonymousId().length });
    },
  },
  {
    title: "user().id(id): sets it",
    run: (a) => {
      a.user().id("u-9");
      a.track("Seen", { id: a.user().id() });
    },
  },
  {
    title: "user().anonymousId(id): sets it",
    run: (a) => {
      a.user().anonymousId("anon-own");
      a.track("Seen", { id: a.user().anonymousId() });
    },
  },
  {
    title: "user().traits(traits): replaces them",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      a.user().traits({ n: 1 });
      a.track("Seen", { traits: a.user().traits() });
    },
  },
  {
    title: "user().identify(): without an event",
    run: (a) => {
      a.user().identify("u-1", { plan: "sea" });
      a.track("Seen", { id: a.user().id(), traits: a.user().traits() });
    },
  },
  {
    title: "user().logout(): forgets the user",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      a.user().logout();
      a.track("Seen", { id: a.user().id() ?? null, traits: a.user().traits() });
    },
  },
  {
    title: "user().reset(): forgets the user",
    events: 2,
    run: async (a) => {
      await a.identify("u-1", { plan: "sea" });
      a.user().reset();
      a.track("Seen", { id: a.user().id() ?? null, traits: a.user().traits() });
    },
  },
];
