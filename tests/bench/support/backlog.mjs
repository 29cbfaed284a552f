/** The same calls while the backend is out, with nothing that waits and with thousands of events that do. */
import { setTimeout as sleep } from "node:timers/promises";
import { burst, PRODUCT } from "./calls.mjs";

const WAITING = 5000;
const STEP = 50;
const COUNT = 300;
/** Who holds the page for longer with the events that shall wait is not measured with them, in milliseconds. */
const PATIENCE = 15_000;

/**
 * @param {Awaited<ReturnType<typeof import("./page.mjs").openPage>>} page
 * @param {number} from the number of the first event
 * @returns {Promise<{ none: number, some?: number, arrived?: number }>} an event's share of the time until the browser could do anything else, in microseconds, and the part
 *   of the events that is stored once the backend is back: where it is not all of them, they did not wait
 */
export async function backlog({ tab, collector, stored }, from) {
  collector.mode = "unavailable";
  let next = from;
  const calls = async (/** @type {number} */ count, settle = 0) => {
    const { held } = await tab.run(burst, { from: next, count, product: PRODUCT, settle });
    next += count;
    return held;
  };
  const none = await calls(COUNT, 100);
  let spent = 0;
  while (next - from < WAITING) {
    // There are those that a few calls keep busy for minutes: then the browser's driver gives up.
    const held = await calls(STEP).catch(() => Number.POSITIVE_INFINITY);
    spent += (held * STEP) / 1000;
    if (spent > PATIENCE) return { none };
  }
  await sleep(2000);
  const some = await calls(COUNT, 100);
  collector.mode = "ok";
  return { none, some, arrived: (await stored(next)) / next };
}
