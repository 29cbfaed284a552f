/** A site and a browser for the tests of a file, and visitors to them who leave with their test. */
import { after, before } from "node:test";
import { openSite } from "./site.mjs";

/**
 * Opens both before the tests, and ends them after.
 * @param {() => Promise<import("./browsers.mjs").Browser>} launch
 * @param {(site: import("./site.mjs").Site) => void} prepare what the site answers
 */
export function openForTests(launch, prepare) {
  let /** @type {import("./site.mjs").Site} */ site;
  let /** @type {import("./browsers.mjs").Browser} */ browser;
  before(async () => {
    site = await openSite();
    prepare(site);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  return {
    events: () => site.events(),
    /** A new visitor's tab, at a path of the site or of another. @param {import("node:test").TestContext} t @param {string} path @param {string} [url] */
    async visit(t, path, url = site.url) {
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      return visitor.open(`${url}${path}`);
    },
  };
}
