/**
 * The same page script against Segment's own analytics.js and against Tidegate, in the same browser: what arrives is equal,
 * call by call. Where Segment is wrong a case says so, and what arrives instead.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "../browser/support/puppeteer.mjs";
import { cases } from "./cases/index.mjs";
import { record } from "./support/recorder.mjs";
import { visit } from "./support/visit.mjs";

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

const sorted = (/** @type {any[]} */ events) => events.map((event) => JSON.stringify(event)).sort();

describe("as Segment", { concurrency: 4 }, () => {
  for (const one of cases)
    test(one.title, async () => {
      const [segment, tidegate] = await Promise.all(recorders.map((recorder) => visit(browser, recorder, one)));
      const wanted = one.instead ? one.instead(segment ?? []) : (segment ?? []);
      const [is, must] = [tidegate ?? [], wanted].map((events) =>
        (one.inOrder ? events.map((event) => JSON.stringify(event)) : sorted(events)).map((text) => JSON.parse(text)),
      );
      assert.deepEqual(is, must);
      if (one.events !== undefined) assert.equal(is?.length, one.events);
      else assert.notEqual(is?.length, 0);
    });
});
