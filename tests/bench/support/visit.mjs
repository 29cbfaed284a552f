/** One look at one page. */
import { everySdk } from "../../peers/sdks/index.mjs";
import { burst, PRODUCT } from "./calls.mjs";
import { nothing, openPage } from "./page.mjs";

/** @typedef {import("../../peers/sdks/index.mjs").Sdk} Sdk */
/** @typedef {import("../../browser/support/puppeteer.mjs").Killable} Browser */

/**
 * @template T
 * @param {Sdk} sdk
 * @param {Browser} browser
 * @param {{ throttle?: number }} options
 * @param {(page: Awaited<ReturnType<typeof openPage>>) => Promise<T>} look
 */
export async function visit(sdk, browser, options, look) {
  const page = await openPage(sdk, browser, options);
  try {
    await page.load();
    return await look(page);
  } finally {
    await page.leave();
  }
}

/** @param {Browser} browser @returns {Promise<string>} what it says it is */
export const userAgentOf = (browser) => visit(nothing, browser, {}, ({ tab }) => tab.run(() => navigator.userAgent));

/** An event as Tidegate sends it, for the floor. @param {Browser} browser */
export const finishedEvent = (browser) =>
  visit(/** @type {Sdk} */ (everySdk[0]), browser, {}, async ({ tab, collector, stored }) => {
    await tab.run(burst, { from: 0, count: 1, product: PRODUCT });
    await stored(1);
    const events = collector.received.flatMap(({ body }) => JSON.parse(body).batch);
    return events.find(({ event }) => event === "Product Added");
  });
