/** One visit to a page with one of the SDKs. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../browser/support/until.mjs";
import { normal } from "./normal.mjs";

const END = "End of the case";

let visits = 0;

/**
 * Visits a page of the recorder's, makes the case's calls there, and waits for what they deliver.
 * @param {import("../../browser/support/browsers.mjs").Browser} browser
 * @param {import("./recorder.mjs").Recorder} recorder
 * @param {Omit<import("../cases/index.mjs").Case, "title" | "early" | "run" | "npm"> & { early?: unknown, run?: unknown, npm?: unknown }} one
 * @returns {Promise<any[]>} the events, as far as two SDKs can have them in common
 */
export async function visit(browser, recorder, one) {
  const id = `visit-${++visits}`;
  const { path = "/shop", head = "", load = true, early, npm, run, ends = true } = one;
  recorder.plan(id, { before: early ? `(${early})(window.analytics);` : "", head, load, npm: !!npm });
  const visitor = await browser.visitor();
  try {
    const tab = await visitor.open(`${recorder.origin}/${id}${path}`);
    if (npm) await until(() => tab.run(() => "AnalyticsBrowser" in window));
    const { settings } = recorder;
    const given = { code: run ? `(${run})` : "() => {}", end: ends ? END : "", npm: npm ? `(${npm})` : "", settings };
    await tab.run(async ({ code, end, npm, settings }) => {
      const page = /** @type {any} */ (window);
      if (npm) page.analytics = new Function(`return ${npm}`)()(page.AnalyticsBrowser, settings);
      await new Promise((resolve) => page.analytics.ready(resolve));
      await new Function(`return ${code}`)()(
        page.analytics,
        (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms)),
      );
      if (end) page.analytics.track(end);
    }, given);
    const isEnd = (/** @type {any} */ event) => event.event === END;
    if (ends) await until(() => recorder.events(id).some(isEnd));
    // Requests overtake each other, on a busy machine by much.
    for (let seen = -1; seen < recorder.events(id).length; await sleep(ends ? 250 : 800))
      seen = recorder.events(id).length;
    return normal(
      recorder.events(id).filter((event) => !isEnd(event)),
      recorder.origin,
    );
  } finally {
    await visitor.leave();
  }
}
