/** One SDK on a page of its own, with a visitor who was never there. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openHost } from "../../audit/support/host.mjs";
import { until } from "../../browser/support/until.mjs";
import { openCollector } from "../../peers/collector.mjs";

/** @typedef {import("../../peers/sdks/index.mjs").Sdk} Sdk */
/** @typedef {import("../../browser/support/puppeteer.mjs").Killable} Browser */

/** With these two the clock of the page counts in 5 µs in place of 100. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Milliseconds after which a page does no more than wait; then the first event is sent too. */
const SETTLED = 3000;

/** A browser does not ask again for so long, in seconds, whether it may send. */
const PREFLIGHT = 600;

const inPage = (/** @type {string} */ name) => readFileSync(new URL(`in-page/${name}.js`, import.meta.url), "utf8");

/**
 * What the least that keeps an event is measured by: nothing is sent.
 * @param {object} finished an event as it is sent, without its properties
 * @returns {Sdk}
 */
export const floorOf = (finished) => ({
  name: "Floor: `JSON.stringify` and local storage",
  protocol: { events: () => [], acknowledge: () => "" },
  page: () => ({
    head: `<script>window.finished = ${JSON.stringify(finished)};</script><script src="/floor.js"></script>`,
    files: { "/floor.js": inPage("floor") },
  }),
});

/**
 * The least that a core in a worker costs the page.
 * @param {object} finished as above
 * @param {boolean} isKept whether an event is kept before it is handed over
 * @returns {Sdk}
 */
export const workerOf = (finished, isKept) => ({
  name: isKept ? "A worker, and the journal on the page" : "A worker that keeps what it got",
  protocol: { events: () => [], acknowledge: () => "" },
  page: () => ({
    head: `<script>window.finished = ${JSON.stringify(finished)}; window.isKept = ${isKept};</script><script src="/floor.js"></script><script src="/worker.js"></script>`,
    files: {
      "/floor.js": inPage("floor"),
      "/worker.js": inPage("worker"),
      "/core.js": "onmessage = ({ data }) => JSON.parse(data); postMessage(0);",
    },
  }),
});

/** A page with nothing on it. @type {Sdk} */
export const nothing = {
  name: "Nothing",
  protocol: { events: () => [], acknowledge: () => "" },
  page: () => ({ head: "<script>window.isReady = () => true; window.track = () => {};</script>", files: {} }),
};

/**
 * @param {Sdk} sdk
 * @param {Browser} browser
 * @param {{ throttle?: number }} [options] how much slower than this machine the page's processor is
 */
export async function openPage(sdk, browser, { throttle = 1 } = {}) {
  const collector = await openCollector(sdk.protocol, PREFLIGHT);
  const shop = await openHost("shop");
  const { head, files } = await sdk.page(collector.url);
  for (const [path, body] of Object.entries(files)) {
    const type = path.endsWith(".js") ? "text/javascript" : "application/json";
    shop.answer(path, { body, headers: { "content-type": type, ...ISOLATED } });
  }
  shop.answer("/page", {
    headers: { "content-type": "text/html; charset=utf-8", ...ISOLATED },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script>window.isUnlimited = true;</script>${head}</head><body><main><h1>Shop</h1></main></body></html>`,
  });
  shop.answer("/", { headers: ISOLATED, body: "<!doctype html><title>Before</title>" });
  const visitor = await browser.visitor();
  // The renderer is there before it is measured.
  const tab = await visitor.open(shop.url);
  const client = await browser.pageOf(tab).createCDPSession();
  await client.send("Performance.enable");
  if (throttle > 1) await client.send("Emulation.setCPUThrottlingRate", { rate: throttle });

  /** @returns {Promise<number>} milliseconds that the main thread had work */
  const busy = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };

  return {
    tab,
    collector,
    shop,
    /** Loads the page, which makes a call as every page does. @returns {Promise<number>} milliseconds of the main thread, until it has settled */
    async load() {
      const before = await busy();
      await tab.goto(`${shop.url}/page`);
      await until(() => tab.run(() => !!window.isReady?.()));
      await tab.run(() => void window.track({}));
      await sleep(SETTLED);
      return (await busy()) - before;
    },
    /** @param {number} count waits until so many events are stored, while there is progress @returns {Promise<number>} how many are */
    async stored(count) {
      const patience = 20_000;
      let best = 0;
      for (let since = Date.now(); Date.now() - since < patience; await sleep(50)) {
        const { stored } = collector.counts();
        if (stored >= count) return stored;
        if (stored > best) {
          best = stored;
          since = Date.now();
        }
      }
      return best;
    },
    /** @returns {Promise<number>} bytes: JavaScript, and what WebAssembly has */
    async memory() {
      const { bytes } = await tab.run(() => /** @type {any} */ (performance).measureUserAgentSpecificMemory());
      return bytes;
    },
    /** What the page fetched of the site, without itself. */
    fetched: () => shop.asked().filter((line) => !/^GET \/(page)?$/.test(line)),
    async leave() {
      await visitor.leave();
      collector.stop();
      shop.stop();
    },
  };
}
