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
import { finishedEvent, userAgentOf, visit } from "./support/visit.mjs";

/** @typedef {import("./support/results.mjs").Run} Run */
/** @typedef {import("../peers/sdks/index.mjs").Sdk} Sdk */
/** @typedef {import("../browser/support/puppeteer.mjs").Killable} Browser */

const ROUNDS = 3;
/** The longer ones are part of so many rounds: peers hold the page for minutes. */
const BURSTS = 2;
const BACKLOGS = 2;
const THROTTLES = [1, 4];
const FIRST = 300;
const BURST = 1000;
const SINGLE = 300;
/** Who holds the page for longer with the first burst is asked for no more, in microseconds: it would be minutes. */
const MOST_HELD = 2_000_000;

/**
 * @param {Browser} browser
 * @param {{ only?: string, rounds?: number, tell?: (line: string) => void }} [options] `only` SDKs with that in their name: then nothing is written
 */
export async function bench(browser, { only = "", rounds = ROUNDS, tell = console.log } = {}) {
  const floor = floorOf(await finishedEvent(browser));
  const measured = [...everySdk, floor, nothing].filter(({ name }) => name.includes(only) || name === nothing.name);
  /** @type {Run[]} */
  const runs = [];
  const userAgent = await userAgentOf(browser);
  for (let round = 0; round < rounds; round++)
    // Nobody is always the first.
    for (const throttle of THROTTLES)
      for (const sdk of [...measured.slice(round), ...measured.slice(0, round)]) {
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

/** @typedef {Omit<Run, "sdk" | "throttle" | "round">} Figures */

/** @param {Sdk} sdk @param {Browser} browser @param {number} throttle @param {number} round @returns {Promise<Figures>} */
async function measure(sdk, browser, throttle, round) {
  const page = await openPage(sdk, browser, { throttle });
  try {
    const figures = { load: await page.load(), memory: await page.memory() };
    if (sdk === nothing) return figures;
    const isFloor = sdk.name.startsWith("Floor");
    const stored = (/** @type {number} */ count) => (isFloor ? page.tab.run(() => window.kept()) : page.stored(count));
    const first = await page.tab.run(burst, { from: 0, count: FIRST, product: PRODUCT });
    const known = { ...figures, first, arrived: { first: (await stored(FIRST)) / FIRST } };
    const isLong = throttle === 1 && round < BURSTS && first.held * FIRST < MOST_HELD;
    const more = isLong ? await calls(page, browser, stored).catch(gaveUp) : {};
    const hasBacklog = isLong && !more.failed && !isFloor && round < BACKLOGS;
    const beside = hasBacklog ? { backlog: await backlog(page, FIRST + BURST + SINGLE) } : {};
    return { ...known, ...more, arrived: { ...known.arrived, ...more.arrived }, ...beside };
  } finally {
    await page.leave();
  }
}

/**
 * The burst on a warm page, and calls one by one.
 * @param {Awaited<ReturnType<typeof openPage>>} page
 * @param {Browser} browser
 * @param {(count: number) => Promise<number>} stored
 * @returns {Promise<Partial<Figures>>}
 */
async function calls({ tab, collector }, browser, stored) {
  const before = await stored(FIRST);
  const sent = { requests: collector.received.length, bytes: bytesOf(collector), cpu: cpuOf(browser.pid ?? 0) };
  const many = await tab.run(burst, { from: FIRST, count: BURST, product: PRODUCT });
  const all = await stored(FIRST + BURST);
  const cost = {
    cpu: cpuOf(browser.pid ?? 0) - sent.cpu,
    requests: collector.received.length - sent.requests,
    bytes: bytesOf(collector) - sent.bytes,
  };
  const single = await tab.run(oneByOne, { from: FIRST + BURST, count: SINGLE, product: PRODUCT });
  const singles = (await stored(FIRST + BURST + SINGLE)) - before;
  return { many, ...cost, single, arrived: { many: (all - before) / BURST, single: singles / (BURST + SINGLE) } };
}

/** Such a run has no figures, and none that are left out. @param {unknown} error @returns {Partial<Figures>} */
const gaveUp = (error) => ({ failed: `${error}`, arrived: { many: 0, single: 0 } });

/** @param {import("../peers/collector.mjs").Collector} collector */
const bytesOf = ({ received }) => received.reduce((sum, { bytes }) => sum + bytes, 0);
