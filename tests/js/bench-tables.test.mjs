/** A figure of the benches counts only where all events arrived. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "../bench/support/numbers.mjs";
import { tables } from "../bench/support/peers-tables.mjs";

/** @typedef {import("../bench/support/results.mjs").Run} Run */

const burst = (/** @type {number} */ held) => ({ call: held / 2, held, longest: 0 });
const arrived = { first: 1, many: 1, single: 1 };

/** @param {Partial<Run>} more @returns {Run} */
const run = (more) => ({
  sdk: "One",
  throttle: 1,
  round: 0,
  load: 30,
  memory: 0,
  first: burst(20),
  many: burst(10),
  single: [100],
  cpu: 200,
  requests: 2,
  bytes: 5000,
  backlog: { none: 10, some: 12, arrived: 1 },
  arrived,
  ...more,
});

/** The row of `One` in the table with that title. @param {Run[]} runs @param {string} title */
const row = (runs, title) =>
  tables({ runs, transfers: {} })
    .find((table) => table.title.startsWith(title))
    ?.rows[0]?.slice(1);

test("an even number of figures has its median between the two in the middle", () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([]), Number.NaN);
});

test("what an SDK costs is the median of its runs", () => {
  const runs = [run({}), run({ first: burst(40), cpu: 400, backlog: { none: 20, some: 14, arrived: 1 } })];
  assert.deepEqual(row(runs, "What a call"), ["15", "30", "–", "10", "100", "100", "0"]);
  assert.deepEqual(row(runs, "What 1,000"), ["300", "2", "5", "15", "13"]);
});

test("an event that did not arrive takes the figure away, in whichever run", () => {
  const lost = run({ arrived: { first: 0.99, many: 0.5, single: 1 } });
  assert.deepEqual(row([run({}), lost], "What a call"), ["–", "–", "–", "–", "100", "100", "–"]);
  assert.deepEqual(row([run({}), lost], "What 1,000"), ["–", "–", "–", "10", "12"]);
});

test("so does a run that failed, and events that did not wait for the backend", () => {
  const { many, single, cpu, requests, bytes, ...first } = run({});
  const failed = { ...first, arrived: { first: 1, many: 0, single: 0 }, failed: "Error: the page is gone" };
  assert.deepEqual(row([run({}), failed], "What a call"), ["10", "20", "–", "–", "–", "–", "–"]);
  const kept = run({ backlog: { none: 10, some: 12, arrived: 0.1 } });
  assert.deepEqual(row([run({}), kept], "What 1,000")?.slice(3), ["10", "–"]);
});
