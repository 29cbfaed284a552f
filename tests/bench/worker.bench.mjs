/**
 * Whether the core belongs in a worker. Workers have no local storage, the one place that keeps an event before the task that made it ends: so the journal stays on the
 * page, or an event that the page was told is kept is lost with it. Measured is what the page does then at the least: the event as a text, its share of the journal, and
 * the message to a worker.
 */
import { everySdk } from "../peers/sdks/index.mjs";
import { burst, oneByOne, PRODUCT } from "./support/calls.mjs";
import { median as middle, percentile } from "./support/numbers.mjs";
import { floorOf, openPage, workerOf } from "./support/page.mjs";
import { write } from "./support/results.mjs";
import { finishedEvent, userAgentOf } from "./support/visit.mjs";

const ROUNDS = 5;
const FIRST = 300;
const SINGLE = 300;

/** @typedef {{ sdk: string, load: number, first: import("./support/calls.mjs").Burst, single: number[] }} Run */

/** @param {import("../browser/support/puppeteer.mjs").Killable} browser */
export async function bench(browser) {
  const finished = await finishedEvent(browser);
  const [tidegate] = everySdk;
  const measured = [
    floorOf(finished),
    workerOf(finished, false),
    workerOf(finished, true),
    ...(tidegate ? [tidegate] : []),
  ];
  /** @type {Run[]} */
  const runs = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const sdk of measured) {
      const page = await openPage(sdk, browser);
      try {
        const load = await page.load();
        const first = await page.tab.run(burst, { from: 0, count: FIRST, product: PRODUCT });
        const single = await page.tab.run(oneByOne, { from: FIRST, count: SINGLE, product: PRODUCT });
        runs.push({ sdk: sdk.name, load, first, single });
      } finally {
        await page.leave();
      }
    }
  write("worker", { userAgent: await userAgentOf(browser), runs });
  return table({ runs });
}

/** @param {{ runs: Run[] }} results @returns {import("./support/table.mjs").Table} */
export function table({ runs }) {
  /** @param {string} sdk @param {(run: Run) => number} figure */
  const median = (sdk, figure) => middle(runs.filter((run) => run.sdk === sdk).map(figure)).toFixed(0);
  return {
    title:
      "The core on the page, and what the page would still do with the core in a worker: µs an event until the next task",
    columns: ["", "300 on a fresh page", "one by one, median", "p99", "load, ms of the main thread"],
    rows: [...new Set(runs.map(({ sdk }) => sdk))].map((sdk) => [
      sdk,
      median(sdk, ({ first }) => first.held),
      median(sdk, ({ single }) => percentile(single, 50)),
      median(sdk, ({ single }) => percentile(single, 99)),
      median(sdk, ({ load }) => load),
    ]),
  };
}
