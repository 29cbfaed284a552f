/** Waiting for conditions, always within a bound. */
import { setTimeout as sleep } from "node:timers/promises";

/** Generous, for two slow cores: a condition that holds is seen within a tenth of a second. */
const SECONDS = 30;

/**
 * Waits until `done` says something true, at most `seconds`.
 * @template T
 * @param {() => T | Promise<T>} done
 * @returns {Promise<T>}
 */
export async function until(done, seconds = SECONDS) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await done();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${done}`);
    await sleep(100);
  }
}
