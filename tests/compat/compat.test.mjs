/**
 * The same page script against Segment's own analytics.js and against Tidegate, in the same browser: what arrives is equal,
 * call by call. Where Segment is wrong a case says so, and what arrives instead.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "../browser/support/puppeteer.mjs";
import { until } from "../browser/support/until.mjs";
import { cases } from "./cases/index.mjs";
import { normal } from "./support/normal.mjs";
import { record } from "./support/recorder.mjs";

const END = "End of the case";

/** @type {import("../browser/support/browsers.mjs").Browser} */
let browser;
/** @type {import("./support/recorder.mjs").Recorder[]} */
let recorders = [];
before(async () => {
  browser = await chromium();
  recorders = [await record("segment"), await record("tidegate")];
});
after(async () => {
  await browser?.close();
  for (const recorder of recorders) recorder.stop();
});

let visits = 0;

/** @param {import("./support/recorder.mjs").Recorder} recorder @param {import("./cases/index.mjs").Case} one */
async function visit(recorder, one) {
  const id = `visit-${++visits}`;
  const { path = "/shop", head = "", early, run, ends = true } = one;
  recorder.plan(id, early ? `(${early})(window.analytics);` : "", head);
  const visitor = await browser.visitor();
  try {
    const tab = await visitor.open(`${recorder.origin}/${id}${path}`);
    const given = { code: run ? `(${run})` : "() => {}", end: ends ? END : "" };
    await tab.run(async ({ code, end }) => {
      const page = /** @type {any} */ (window);
      await new Promise((resolve) => page.analytics.ready(resolve));
      await new Function(`return ${code}`)()(
        page.analytics,
        (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms)),
      );
      if (end) page.analytics.track(end);
    }, given);
    const isEnd = (/** @type {any} */ event) => event.event === END;
    if (ends) await until(() => recorder.events(id).some(isEnd));
    await sleep(ends ? 150 : 800);
    return normal(
      recorder.events(id).filter((event) => !isEnd(event)),
      recorder.origin,
    );
  } finally {
    await visitor.leave();
  }
}

const sorted = (/** @type {any[]} */ events) => events.map((event) => JSON.stringify(event)).sort();

describe("as Segment", { concurrency: 4 }, () => {
  for (const one of cases)
    test(one.title, async () => {
      const [segment, tidegate] = await Promise.all(recorders.map((recorder) => visit(recorder, one)));
      const wanted = one.instead ? one.instead(segment ?? []) : (segment ?? []);
      const [is, must] = [tidegate ?? [], wanted].map((events) =>
        (one.inOrder ? events.map((event) => JSON.stringify(event)) : sorted(events)).map((text) => JSON.parse(text)),
      );
      assert.deepEqual(is, must);
      if (one.events !== undefined) assert.equal(is?.length, one.events);
      else assert.notEqual(is?.length, 0);
    });
});
