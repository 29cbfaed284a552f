/**
 * What a visitor of the demo store feels, who agreed to analytics on an earlier visit, with an empty cache, a slow phone and slow 4G: with no SDK, with Tidegate, and with
 * Segment behind its consent wrapper.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../browser/support/until.mjs";
import { versionOf } from "../peers/bundle.mjs";
import { median as middle } from "./support/numbers.mjs";
import { write } from "./support/results.mjs";
import { bundled, openShop, variants } from "./support/shop/index.mjs";
import { userAgentOf } from "./support/visit.mjs";

/** @typedef {import("./support/shop/index.mjs").Variant} Variant */
/** @typedef {{ fcp: number, lcp: number, tbt: number, inp: number, cls: number }} Vitals milliseconds, and a share of the window for `cls` */

const ROUNDS = 9;
const PEERS = ["@segment/analytics-next", "@segment/analytics-consent-tools"];
const THROTTLE = 4;
/** As Lighthouse's "slow 4G": milliseconds, and bytes a second. */
const SLOW_4G = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1.44e6 / 8) | 0,
  uploadThroughput: (675e3 / 8) | 0,
};

/** HTTP/2 needs TLS. @type {import("../browser/support/puppeteer.mjs").Options} */
export const options = { anyCertificate: true };

/**
 * @param {import("../browser/support/puppeteer.mjs").Killable} browser
 * @param {{ rounds?: number, tell?: (line: string) => void }} [options]
 */
export async function bench(browser, { rounds = ROUNDS, tell = console.log } = {}) {
  const script = await bundled("vitals");
  /** @type {{ variant: string, events: number, vitals: Vitals }[]} */
  const runs = [];
  for (let round = 0; round < rounds; round++)
    for (const variant of /** @type {Variant[]} */ (Object.keys(variants))) {
      runs.push({ variant, ...(await visit(browser, variant, script)) });
      tell(JSON.stringify(runs.at(-1)));
    }
  const versions = Object.fromEntries(PEERS.map((name) => [name, versionOf(name)]));
  const userAgent = await userAgentOf(browser);
  if (rounds === ROUNDS) write("page-load", { userAgent, versions, throttle: THROTTLE, network: SLOW_4G, runs });
  return table({ runs });
}

/** @param {import("../browser/support/puppeteer.mjs").Killable} browser @param {Variant} variant @param {string} script */
async function visit(browser, variant, script) {
  const shop = await openShop(variant);
  const visitor = await browser.visitor();
  try {
    const tab = await visitor.open(shop.url);
    await until(() => tab.run(() => !!(/** @type {any} */ (window).CookieConsent?.acceptCategory)));
    await sleep(1000);
    await tab.run(() => /** @type {any} */ (window).CookieConsent.acceptCategory(["analytics"]));
    await sleep(1000);
    await tab.goto("about:blank");
    const before = shop.events().length;
    const page = browser.pageOf(tab);
    const client = await page.createCDPSession();
    await client.send("Network.enable");
    await client.send("Network.setCacheDisabled", { cacheDisabled: true });
    await client.send("Network.emulateNetworkConditions", SLOW_4G);
    await client.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
    await page.evaluateOnNewDocument(script);
    await tab.goto(`${shop.url}/products/quay-robe`);
    await until(() => tab.run(() => !!document.querySelector(".order-row button")), 60);
    // An SDK that comes late is busy late.
    await sleep(6000);
    await tab.click(".order-row button");
    await sleep(2000);
    const vitals = /** @type {Vitals} */ (await tab.run(() => /** @type {any} */ (window).vitals));
    const events = shop.events().length - before;
    // The page's and the click's: an SDK that sends nothing costs little.
    if (events < (variant === "nothing" ? 0 : 2)) throw new Error(`${variant}: ${events} events arrived`);
    return { events, vitals };
  } finally {
    await visitor.leave();
    shop.stop();
  }
}

/** @param {{ runs: { variant: string, events: number, vitals: Vitals }[] }} results @returns {import("./support/table.mjs").Table} */
export function table({ runs }) {
  /** @param {string} variant @param {(run: typeof runs[number]) => number} figure */
  const median = (variant, figure) => middle(runs.filter((run) => run.variant === variant).map(figure));
  return {
    title: "A page of the demo store on a slow phone and slow 4G",
    columns: ["", "FCP, ms", "LCP, ms", "TBT, ms", "INP of “Add to cart”, ms", "CLS", "events sent"],
    rows: [...new Set(runs.map(({ variant }) => variant))].map((variant) => [
      variant,
      .../** @type {const} */ (["fcp", "lcp", "tbt", "inp"]).map((name) =>
        median(variant, ({ vitals }) => vitals[name]).toFixed(0),
      ),
      median(variant, ({ vitals }) => vitals.cls).toFixed(3),
      median(variant, ({ events }) => events).toFixed(0),
    ]),
  };
}
