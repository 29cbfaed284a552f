/** `page` and `screen`, by the overloads of analytics.js. */

/** @type {[string, (call: (...args: any[]) => unknown) => unknown][]} */
const OVERLOADS = [
  ["nothing", (call) => call()],
  ["a name", (call) => call("Home")],
  ["a category and a name", (call) => call("Docs", "Home")],
  ["properties", (call) => call({ shelf: 3 })],
  ["properties and options", (call) => call({ shelf: 3 }, { context: { a: 1 } })],
  ["a name and properties", (call) => call("Home", { shelf: 3 })],
  ["a name, properties and options", (call) => call("Home", { shelf: 3 }, { context: { a: 1 } })],
  ["a category, a name and properties", (call) => call("Docs", "Home", { shelf: 3 })],
  ["everything", (call) => call("Docs", "Home", { shelf: 3 }, { context: { a: 1 } }, () => {})],
  ["a callback", (call) => call(() => {})],
  ["a name and a callback", (call) => call("Home", () => {})],
  ["a category, a name and a callback", (call) => call("Docs", "Home", () => {})],
  ["a name, properties and a callback", (call) => call("Home", { shelf: 3 }, () => {})],
  ["null for the category", (call) => call(null, "Home", { shelf: 3 })],
  ["null for category and name", (call) => call(null, null, { shelf: 3 })],
  ["null for category and name, properties, options", (call) => call(null, null, { shelf: 3 }, { context: { a: 1 } })],
  ["null for properties", (call) => call("Docs", "Home", null, { context: { a: 1 } })],
  ["undefined for the category", (call) => call(undefined, "Home")],
  ["an empty name", (call) => call("")],
  ["an empty category", (call) => call("", "Home")],
  [
    "properties that name a page",
    (call) => call({ name: "Own", category: "Mine", title: "T", url: "http://x.example/" }),
  ],
  ["a name and properties that name another", (call) => call("Home", { name: "Own", category: "Mine" })],
  [
    "properties with a path and a referrer",
    (call) => call("Home", { path: "/own", referrer: "http://r.example/", search: "?s" }),
  ],
];

/** What the properties of a page say of its search, analytics.js searches for a campaign; here that is the address's. */
const withoutCampaign = (/** @type {any[]} */ events) =>
  events.map(({ context: { campaign, ...context }, ...event }) => ({ ...event, context }));

/** @type {import("./index.mjs").Case[]} */
export const pages = ["page", "screen"].flatMap((verb) =>
  OVERLOADS.map(([what, run]) => ({
    title: `${verb}: ${what}`,
    ...(what.includes("a path and a referrer") && {
      why: "a campaign is what the visitor came by",
      instead: withoutCampaign,
    }),
    run: /** @type {any} */ (`(a) => (${run})((...args) => a.${verb}(...args))`),
  })),
);
