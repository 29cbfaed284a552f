/**
 * What one event costs where a container has many triggers, tags and variables: a call of `track`, to the end of its task, with tags that are allowed and of which one fires.
 * Beside it the same call with none of them, and with a half and a quarter, which shows how the cost grows.
 */
import { openHost } from "../audit/support/host.mjs";
import { until } from "../browser/support/until.mjs";
import { percentile } from "./support/numbers.mjs";

/** Triggers, tags and variables. */
const SIZES = [
  [1, 1, 0],
  [125, 75, 75],
  [250, 150, 150],
  [500, 300, 300],
];
const BATCHES = 40;
/** Browsers round their clock to 100 µs: one event is too short for it. */
const EVENTS = 20;

/** Of each kind that sites use most, in turn. @param {number} at */
const variable = (at) =>
  [
    { id: `v${at}`, kind: "property", path: `member${at}` },
    { id: `v${at}`, kind: "data", path: `shop.part${at}.name`, default: "none" },
    { id: `v${at}`, kind: "url", part: "path" },
    { id: `v${at}`, kind: "property", path: "total", format: { case: "lower" } },
    { id: `v${at}`, kind: "lookup", input: "total", rows: [{ is: `${at}`, value: "few" }], default: "many" },
    { id: `v${at}`, kind: "regex-table", input: "name", rows: [{ matches: `^shop-(\\d+)-${at}$`, value: "$1" }] },
  ][at % 6];

/** Most wait for an event of their own, some look at every one. @param {number} at @param {number} variables */
function trigger(at, variables) {
  if (at === 0) return { id: "t0", kind: "event", event: "Order Completed" };
  if (at % 3 > 0 || variables === 0) return { id: `t${at}`, kind: "event", event: `Event ${at}` };
  const where = [
    { var: `v${at % variables}`, op: "contains", value: `never ${at}` },
    { var: "total", op: ">", value: 1000 + at },
  ];
  return {
    id: `t${at}`,
    kind: "event",
    event: at % 2 ? "*" : "^(Order|Cart) .*",
    match: at % 2 ? "exact" : "regex",
    where,
  };
}

/** @param {number[]} size */
const container = ([triggers = 0, tags = 0, variables = 0]) => ({
  version: 1,
  consent: { cmp: "manual", purposes: { necessary: { always: true } } },
  destinations: [],
  variables: [
    { id: "total", kind: "property", path: "total" },
    { id: "name", kind: "property", path: "name" },
    ...Array.from({ length: variables }, (_, at) => variable(at)),
  ],
  triggers: Array.from({ length: triggers }, (_, at) => trigger(at, variables)),
  tags: Array.from({ length: tags }, (_, at) => ({
    id: `tag${at}`,
    template: "custom-pixel",
    params: { src: `/pixel?tag=${at}&total={{event.properties.total}}` },
    consent: { allOf: ["necessary"] },
    fireOn: [`t${at}`, ...(at + tags < triggers ? [`t${at + tags}`] : [])],
    ...(at === 0 && { fire: "per-page" }),
  })),
});

/** Runs in the page. Microseconds an event, a figure a batch. */
async function measure(/** @type {{ batches: number, events: number }} */ { batches, events }) {
  const figures = [];
  for (let batch = 0; batch < batches; batch++) {
    const from = performance.now();
    for (let at = 0; at < events; at++)
      window.analytics.track("Order Completed", { total: 40, name: `shop-${at}`, currency: "EUR", member1: "x" });
    figures.push(((performance.now() - from) * 1000) / events);
    await new Promise((done) => setTimeout(done));
  }
  return figures;
}

/** @param {import("../browser/support/browsers.mjs").Browser} browser @returns {Promise<import("./support/table.mjs").Table>} */
export async function bench(browser) {
  const host = await openHost("bench");
  const visitor = await browser.visitor();
  try {
    const tabs = [];
    for (const [at, size] of SIZES.entries()) {
      host.answer(`/config${at}.json`, { body: JSON.stringify(container(size)) });
      host.answer(`/page${at}`, {
        body: `<!doctype html><meta charset="utf-8"><script src="/dist/tidegate.js" data-config="/config${at}.json"></script>`,
      });
      const tab = await visitor.open(`${host.url}/page${at}`);
      await until(() => tab.run(() => window.analytics?.state === "ready"));
      await tab.run(() => void window.analytics.track("Order Completed", { total: 40 }));
      await until(() => host.seen.some(({ path }) => path.startsWith("/pixel?tag=0") && path.includes("total=40")));
      host.seen.length = 0;
      tabs.push(tab);
    }
    /** @type {number[][]} */
    const figures = SIZES.map(() => []);
    // In turn, so that whatever else the machine does meets all. The first round warms up.
    for (let round = 0; round < 4; round++)
      for (const [at, tab] of tabs.entries()) {
        const now = await tab.run(measure, { batches: BATCHES, events: EVENTS });
        if (round > 0) figures[at]?.push(...now);
      }
    const [none = 0] = figures.map((one) => percentile(one, 50));
    return {
      title: "One event, by what the container has",
      columns: ["triggers, tags, variables", "`track()`, median, µs", "p95, µs", "of it the container, µs"],
      rows: SIZES.map((size, at) => {
        const [median = 0, late = 0] = [50, 95].map((part) => percentile(figures[at] ?? [], part));
        return [size.join(", "), median.toFixed(0), late.toFixed(0), (median - none).toFixed(0)];
      }),
    };
  } finally {
    await visitor.leave();
    host.stop();
  }
}
