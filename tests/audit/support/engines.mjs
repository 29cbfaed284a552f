/** The engines an audit runs in: one launch of each a file, and a person without a past for every test. */
import { after, before, describe } from "node:test";
import { chromium, firefox } from "../../browser/support/puppeteer.mjs";

const engines = { Chromium: chromium, Firefox: () => firefox({ place: { type: "window" } }) };

/** Tests of one engine that run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 3;

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {(t: import("node:test").TestContext) => Promise<import("../../browser/support/browsers.mjs").Visitor>} visitor gone after the test
 */

/** @param {(engine: Engine) => void} define */
export function inChromiumAndFirefox(define) {
  describe("audit", { concurrency: 2, timeout: 600_000 }, () => {
    for (const [name, launch] of Object.entries(engines))
      describe(name, { concurrency: SIDE_BY_SIDE }, () => {
        let /** @type {import("../../browser/support/browsers.mjs").Browser} */ browser;
        before(async () => {
          browser = await launch();
        });
        after(() => browser?.close());
        define({
          name,
          async visitor(t) {
            const visitor = await browser.visitor();
            t.after(visitor.leave);
            return visitor;
          },
        });
      });
  });
}
