/** The same calls while the backend is out, with nothing that waits and with thousands of events that do. */
import { setTimeout as sleep } from "node:timers/promises";
import { burst, PRODUCT } from "./calls.mjs";

const WAITING = 5000;
const STEP = 50;
const COUNT = 300;
/** An SDK that is busy for longer with the events that shall wait is not measured with them, in milliseconds. */
const PATIENCE = 15_000;

/**
 * @param {Awaited<ReturnType<typeof import("./page.mjs").openPage>>} page
 * @param {number} from the number of the first event
 * @returns {Promise<{ none: number, some?: number }>} an event's share of the time until the browser could do anything else, in microseconds
 */
export async function backlog({ tab, collector }, from) {
  collector.mode = "unavailable";
  let next = from;
  const calls = async (/** @type {number} */ count) => {
    const { held } = await tab.run(burst, { from: next, count, product: PRODUCT, settle: 100 });
    next += count;
    return held;
  };
  const none = await calls(COUNT);
  const began = Date.now();
  while (next - from < WAITING) {
    // There are those that a few calls keep busy for minutes.
    if (Date.now() - began > PATIENCE || Number.isNaN(await calls(STEP).catch(() => Number.NaN))) return { none };
  }
  await sleep(2000);
  return { none, some: await calls(COUNT) };
}
