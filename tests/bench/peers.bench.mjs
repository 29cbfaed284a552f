/**
 * What an SDK costs the page, for Tidegate and its peers: the same calls on the same page, in turn, each time with a new visitor. A figure counts only where all
 * events arrived. What came of every run stands in `results/peers.json`, and the README's tables are made of that.
 */
import { everySdk } from "../peers/sdks/index.mjs";
import { backlog } from "./support/backlog.mjs";
import { burst, oneByOne, PRODUCT } from "./support/calls.mjs";
import { cpuOf } from "./support/cpu.mjs";
import { floorOf, nothing, openPage } from "./support/page.mjs";
import { tables } from "./support/peers-tables.mjs";
import { write } from "./support/results.mjs";
import { transferOf } from "./support/transfer.mjs";
import { finishedEvent, visit } from "./support/visit.mjs";

/** @typedef {import("./support/results.mjs").Run} Run */
/** @typedef {import("../peers/sdks/index.mjs").Sdk} Sdk */
/** @typedef {import("../browser/support/puppeteer.mjs").Killable} Browser */

const ROUNDS = 3;
/** The longer ones are part of so many rounds: peers hold the page for minutes. */
const BURSTS = 1;
const BACKLOGS = 1;
const THROTTLES = [1, 4];
const FIRST = 300;
const BURST = 1000;
const SINGLE = 300;

/**
 * @param {Browser} browser
 * @param {{ only?: string, rounds?: number, tell?: (line: string) => void }} [options] `only` SDKs with that in their name: then nothing is written
 */
export async function bench(browser, { only = "", rounds = ROUNDS, tell = console.log } = {}) {
  const floor = floorOf(await finishedEvent(browser));
  const measured = [...everySdk, floor, nothing].filter(({ name }) => name.includes(only) || name === nothing.name);
  /** @type {Run[]} */
  const runs = [];
  const userAgent = await visit(nothing, browser, {}, ({ tab }) => tab.run(() => navigator.userAgent));
  for (let round = 0; round < rounds; round++)
    for (const throttle of THROTTLES)
      for (const sdk of measured) {
        const run = await measure(sdk, browser, throttle, round);
        runs.push({ sdk: sdk.name, throttle, round, ...run });
        tell(JSON.stringify(runs.at(-1)));
      }
  const transfers = Object.fromEntries(
    await Promise.all(everySdk.map(async (sdk) => [sdk.name, await visit(sdk, browser, {}, transferOf)])),
  );
  const results = { userAgent, transfers, runs };
  if (!only && rounds === ROUNDS) write("peers", results);
  return tables(results);
}

/** @param {Sdk} sdk @param {Browser} browser @param {number} throttle @param {number} round @returns {Promise<Omit<Run, "sdk" | "throttle" | "round">>} */
async function measure(sdk, browser, throttle, round) {
  const page = await openPage(sdk, browser, { throttle });
  const { tab, collector } = page;
  const isFloor = sdk.name.startsWith("Floor");
  const stored = (/** @type {number} */ count) => (isFloor ? tab.run(() => window.kept()) : page.stored(count));
  try {
    const load = await page.load();
    if (sdk === nothing) return { load, memory: await page.memory() };
    const memory = await page.memory();
    const first = await tab.run(burst, { from: 0, count: FIRST, product: PRODUCT });
    const arrived = { first: (await stored(FIRST)) / FIRST };
    if (throttle > 1 || round >= BURSTS) return { load, memory, first, arrived };
    const sent = { requests: collector.received.length, bytes: bytesOf(collector) };
    const cpuBefore = cpuOf(browser.pid ?? 0);
    const many = await tab.run(burst, { from: FIRST, count: BURST, product: PRODUCT });
    const all = FIRST + BURST;
    const manyArrived = (await stored(all)) - FIRST * arrived.first;
    const cpu = cpuOf(browser.pid ?? 0) - cpuBefore;
    const requests = collector.received.length - sent.requests;
    const bytes = bytesOf(collector) - sent.bytes;
    const single = await tab.run(oneByOne, { from: all, count: SINGLE, product: PRODUCT });
    const singleArrived = (await stored(all + SINGLE)) - FIRST * arrived.first - manyArrived;
    return {
      load,
      memory,
      first,
      many,
      cpu,
      requests,
      bytes,
      single,
      arrived: { ...arrived, many: manyArrived / BURST, single: singleArrived / SINGLE },
      backlog:
        isFloor || round >= (sdk === everySdk[0] ? BURSTS : BACKLOGS) ? undefined : await backlog(page, all + SINGLE),
    };
  } finally {
    await page.leave();
  }
}

/** @param {import("../peers/collector.mjs").Collector} collector */
const bytesOf = ({ received }) => received.reduce((sum, { bytes }) => sum + bytes, 0);
