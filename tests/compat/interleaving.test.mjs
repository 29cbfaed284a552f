/** Whenever the SDK arrives between the calls of a page, the same events arrive, in the same order. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "../browser/support/puppeteer.mjs";
import { record } from "./support/recorder.mjs";
import { visit } from "./support/visit.mjs";

const PAGES = 24;

/** Calls as the page's code has them. */
const CALLS = [
  `a.track("Viewed", { n: 1 })`,
  `a.track({ event: "Bought", properties: { n: 2 } }, { context: { c: 1 } })`,
  `a.page("Home")`,
  `a.page("Docs", "Guide", { n: 3 })`,
  `a.screen("Cart")`,
  `a.identify("u-1", { plan: "sea" })`,
  `a.identify("u-2")`,
  `a.identify({ n: 4 })`,
  `a.group("g-1", { name: "Quay" })`,
  `a.alias("u-3")`,
  `a.reset()`,
  `a.setAnonymousId("anon-own")`,
  `document.title = "Another " + document.title`,
  `a.addSourceMiddleware(({ payload, next }) => { payload.obj.context.seen = (payload.obj.context.seen ?? 0) + 1; next(payload); })`,
  `a.register({ name: "P", type: "enrichment", isLoaded: () => true, load: () => {}, track(ctx) { ctx.event.properties.p = true; return ctx; } })`,
  `history.pushState(null, "", location.pathname + "/on?utm_source=s")`,
];

const REGISTERS = /register|Middleware/;

/** The same in every run. @param {number} seed */
function dice(seed) {
  let word = seed * 2654435761 + 1;
  return (/** @type {number} */ below) => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return (word >>> 8) % below;
  };
}

/** @type {import("../browser/support/browsers.mjs").Browser} */
let browser;
/** @type {import("./support/recorder.mjs").Recorder} */
let recorder;
before(async () => {
  browser = await chromium();
  recorder = await record("tidegate");
});
after(async () => {
  await browser?.close();
  recorder?.stop();
});

const code = (/** @type {string[]} */ calls) => `(a) => { ${calls.join("; ")} }`;

describe("before or after the SDK", { concurrency: 4 }, () => {
  for (let seed = 0; seed < PAGES; seed++) {
    const roll = dice(seed);
    const calls = [`a.track("First")`, ...Array.from({ length: 3 + roll(8) }, () => CALLS[roll(CALLS.length)] ?? "")];
    const cut = 1 + roll(calls.length);
    test(`${calls.slice(0, cut).join("; ")} | ${calls.slice(cut).join("; ")}`, async () => {
      // As in analytics.js, plugins and middleware among the early calls see all of them.
      const early = calls.slice(0, cut);
      const first = early.filter((call) => REGISTERS.test(call));
      const others = early.filter((call) => !REGISTERS.test(call));
      const late = await visit(browser, recorder, { run: code([...first, ...others, ...calls.slice(cut)]) });
      const split = await visit(browser, recorder, { early: code(calls.slice(0, cut)), run: code(calls.slice(cut)) });
      assert.deepEqual(split, late);
      assert.notEqual(late.length, 0);
    });
  }
});
