/** Waiting for conditions, always within a bound. */
import { setTimeout as sleep } from "node:timers/promises";

/** Generous, for two slow cores: a condition that holds is seen within a tenth of a second. */
const SECONDS = 30;

/**
 * Waits until `done` says something true, at most `seconds`, also where it never answers.
 * @template T
 * @param {() => T | Promise<T>} done
 * @returns {Promise<T>}
 */
export async function until(done, seconds = SECONDS) {
  const over = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: over.signal }).then(() => {
    throw new Error(`not within ${seconds} s: ${done}`);
  });
  try {
    for (;;) {
      const found = await Promise.race([late, done()]);
      if (found) return found;
      await Promise.race([late, sleep(100)]);
    }
  } finally {
    late.catch(() => {});
    over.abort();
  }
}
