/** `track`, by the overloads of analytics.js. */

/** @type {import("./index.mjs").Case[]} */
export const track = [
  { title: "track: a name", run: (a) => a.track("Viewed") },
  { title: "track: a name and properties", run: (a) => a.track("Viewed", { sku: "F-1", price: 1.5 }) },
  {
    title: "track: a name, properties and options",
    run: (a) => a.track("Viewed", { sku: "F-1" }, { context: { ip: "0" } }),
  },
  { title: "track: a name and a callback", run: (a) => a.track("Viewed", () => {}) },
  { title: "track: a name, properties and a callback", run: (a) => a.track("Viewed", { sku: "F-1" }, () => {}) },
  {
    title: "track: a name, properties, options and a callback",
    run: (a) => a.track("Viewed", { sku: "F-1" }, { traits: { plan: "x" } }, () => {}),
  },
  { title: "track: null for properties", run: (a) => a.track("Viewed", null, { context: { a: 1 } }) },
  { title: "track: null for properties and options", run: (a) => a.track("Viewed", null, null, () => {}) },
  { title: "track: undefined for properties", run: (a) => a.track("Viewed", undefined, { context: { a: 1 } }) },
  { title: "track: undefined for options", run: (a) => a.track("Viewed", { a: 1 }, undefined, () => {}) },
  { title: "track: text for properties", run: (a) => a.track("Viewed", "sku") },
  { title: "track: a list for properties", run: (a) => a.track("Viewed", ["sku"]) },
  { title: "track: an object", run: (a) => a.track({ event: "Viewed", properties: { sku: "F-1" } }) },
  { title: "track: an object without properties", run: (a) => a.track({ event: "Viewed" }) },
  { title: "track: an object and options", run: (a) => a.track({ event: "Viewed" }, { context: { a: 1 } }) },
  {
    title: "track: an object with properties and options",
    run: (a) => a.track({ event: "Viewed", properties: { sku: "F-1" } }, { integrations: { All: true } }),
  },
  { title: "track: an object and a callback", run: (a) => a.track({ event: "Viewed" }, () => {}) },
  {
    title: "track: properties that are named like fields of the event",
    run: (a) => a.track("Viewed", { event: "x", type: "y", messageId: "z", context: { c: 1 }, userId: "u" }),
  },
  { title: "track: a name of other letters", run: (a) => a.track('Größe "ändern" \\ 😀\n') },
  {
    title: "track: nested properties",
    run: (a) => a.track("Viewed", { products: [{ id: 1, tags: ["a", ["b"]] }, {}], deep: { er: { est: null } } }),
  },
  {
    title: "track: several in a row",
    inOrder: false,
    run: (a) => ["A", "B", "C"].map((name) => a.track(name)),
    events: 3,
  },
];
