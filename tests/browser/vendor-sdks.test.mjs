/**
 * Vendors' own scripts, driven by their templates: nothing of them is there before the grant, and what they send is the
 * page's events.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, isReady } from "./support/pages.mjs";
import { until } from "./support/until.mjs";
import { openVendorHost } from "./support/vendor-host.mjs";
import { vendors } from "./support/vendors.mjs";

/** @typedef {import("./support/browsers.mjs").Tab} Tab */

const ORDER = {
  order_id: "o-1",
  revenue: 42,
  currency: "EUR",
  products: [{ product_id: "p-1", name: "Boots", price: 21, quantity: 2 }],
};

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {import("node:test").TestContext} t @param {import("./support/vendors.mjs").Vendor} vendor */
  async function open(t, { template, script, params }) {
    const shop = await openHost("shop");
    const host = await openVendorHost(template, script);
    const visitor = await browser.visitor();
    t.after(async () => {
      await visitor.leave();
      shop.stop();
      host.stop();
    });
    addPage(shop, {
      ...config,
      triggers: [{ id: "everything", kind: "event", event: "*" }],
      tags: [
        {
          id: "vendor",
          template,
          params: params(host.url),
          consent: { allOf: ["advertising"] },
          fireOn: ["everything"],
        },
      ],
    });
    const tab = await visitor.open(`${shop.url}/page`);
    await until(() => tab.run(isReady));
    return { tab, shop, host };
  }

  for (const vendor of vendors) {
    const { template, globals, asks, read, sends, visitor, flush, stray } = vendor;

    test(`${template}: nothing of it before the grant, then the events, and none of those under a denial`, async (t) => {
      const { tab, shop, host } = await open(t, vendor);
      const sent = () => host.received.flatMap(read);
      /** Waits until it has sent as many events. @param {number} count */
      const arrived = (count) =>
        until(async () => {
          if (flush) await tab.run(flush);
          return sent().length >= count;
        });

      const called = await tab.run(() => {
        const from = Date.now();
        window.analytics.page("Shop");
        window.analytics.track("Signed Up", { plan: "pro" });
        window.analytics.consent.set({ analytics: true });
        return { from, to: Date.now() };
      });
      // What is granted already has gone all its way, so that the vendor's part would have too.
      await until(() => shop.events("/v1/batch").length === 2);
      assert.equal(host.connections, 0);
      assert.deepEqual(await tab.run(traces, globals), { globals: [], kept: [] });

      await tab.run((order) => {
        window.analytics.consent.set({ advertising: true });
        window.analytics.identify("u-1", { plan: "gold" });
        window.analytics.track("Order Completed", order);
      }, ORDER);
      const expected = sends(`${shop.url}/page`);
      await arrived(expected.length - 1);
      assert.deepEqual((await tab.run(traces, globals)).globals, globals);

      await tab.run(() => {
        window.analytics.consent.set({ advertising: false });
        window.analytics.track("Denied");
      });
      if (stray) await tab.run(stray);
      await tab.run(() => {
        window.analytics.consent.set({ advertising: true });
        window.analytics.track("Back", { step: 1 });
      });
      await arrived(expected.length);

      // Requests may pass each other.
      const byName = (/** @type {any} */ a, /** @type {any} */ b) => (a[0] < b[0] ? -1 : 1);
      const found = sent().map(({ name, about }) => [name, like(about, expected.find(([one]) => one === name)?.[1])]);
      assert.deepEqual(found.toSorted(byName), expected.toSorted(byName));
      // Where its wire says when something happened, that is when the page called.
      const waited = sent().find(({ name }) => name === "Signed Up");
      if (waited?.at) assert.ok(called.from <= waited.at && waited.at <= called.to, `${waited.at}`);
      // No settings, recorder or the like of the vendor's is fetched beside, from there or from anywhere.
      assert.deepEqual([...new Set(host.received.map(({ url }) => url.pathname))].toSorted(), asks);
      const elsewhere = (/** @type {string} */ url) =>
        ![shop.url, host.url, "data:"].some((own) => url.startsWith(own));
      assert.deepEqual((await tab.asked()).filter(elsewhere), []);
      const { thrown, logged, heard } = await tab.run(() => window.watched);
      assert.deepEqual({ thrown, logged, heard }, { thrown: [], logged: [], heard: [] });
    });

    if (!visitor) continue;
    test(`${template}: somebody who is known when it begins is known to it by the same identifier`, async (t) => {
      const { tab, host } = await open(t, vendor);
      const known = await tab.run(() => {
        window.analytics.consent.set({ analytics: true, advertising: true });
        window.analytics.track("Back", { step: 1 });
        return window.analytics.user().anonymousId();
      });
      const sent = await until(() => host.received.flatMap(read)[0]);
      assert.equal(visitor(sent.about), known);
    });
  }
});

/** What a vendor has on the page and keeps in the browser; runs in the page. @param {string[]} globals */
function traces(globals) {
  const cookies = document.cookie.split("; ").filter(Boolean);
  const kept = [...cookies, ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  return {
    globals: globals.filter((name) => name in window),
    kept: kept.filter((name) => !name.startsWith("tg_")),
  };
}

/** What is there under the keys of a sample. @param {Record<string, any>} about @param {Record<string, any>} [sample] */
const like = (about, sample = {}) => Object.fromEntries(Object.keys(sample).map((key) => [key, about[key]]));
