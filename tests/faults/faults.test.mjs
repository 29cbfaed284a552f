/**
 * The fault matrix: what fails, and that nothing is lost uncounted and nothing is stored twice. `npm run faults` runs the same rows for
 * Tidegate and its peers and writes the README's table.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium, firefox } from "../browser/support/puppeteer.mjs";
import { sdks } from "../peers/sdks/index.mjs";
import { tidegate } from "../peers/sdks/tidegate.mjs";
import { shown } from "./support/readme.mjs";
import { rows } from "./support/rows/index.mjs";
import { run } from "./support/run.mjs";

const isFull = !!process.env.TIDEGATE_FULL;
const engines = { Chromium: chromium, Firefox: firefox };
/** A Firefox of its own takes a while to start. @param {string} engine @param {import("./support/rows/index.mjs").Row} row */
const isQuick = (engine, { slow, ownBrowser }) => !slow && !(ownBrowser && engine === "Firefox");

describe("faults", { concurrency: 1, timeout: isFull ? 1_800_000 : 300_000 }, () => {
  for (const [name, launch] of Object.entries(engines))
    for (const alone of [false, true]) {
      const inIt = rows
        .filter((row) => (row.engines?.includes(name) ?? true) && !!row.alone === alone)
        .filter((row) => isFull || isQuick(name, row));
      if (inIt.length === 0) continue;
      describe(alone ? `${name}, one by one` : name, { concurrency: alone ? 1 : 6 }, () => {
        let /** @type {import("./support/trial.mjs").Browser} */ browser;
        before(async () => {
          browser = await launch();
        });
        after(() => browser?.close());
        for (const row of inIt)
          test(row.name, async () => {
            const { lost, reported, twice, thrown, uncaught, note } = await run(
              row,
              tidegate,
              launch,
              browser,
              row.holds,
            );
            assert.deepEqual({ lost, twice, thrown, uncaught }, { lost: reported, twice: 0, thrown: 0, uncaught: [] });
            assert.doesNotMatch(note, /ready/);
            assert.ok(lost <= (row.hopeless ?? 0), `${lost} lost, though counted`);
          });
      });
    }
});

test("the README's table has every row and every SDK", () => {
  const [columns = [], , ...lines] = shown();
  assert.deepEqual(
    columns.slice(1),
    sdks.map(({ name }) => name),
  );
  assert.deepEqual(
    lines.map(([name]) => name),
    rows.map(({ name }) => name),
  );
});
