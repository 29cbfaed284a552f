/** The demo store with its real consent banner and a real vendor SDK, from the first visit to withdrawal. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers, until } from "./support/browsers.mjs";
import { serve } from "./support/server.mjs";

const traces = () => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean);
const ready = 'window.analytics?.state === "ready"';

for (const [name, launch] of browsers) {
  describe(name, { timeout: 120_000 }, () => {
    let /** @type {Awaited<ReturnType<typeof serve>>} */ server;
    let /** @type {import("puppeteer-core").Browser} */ browser;
    before(async () => {
      server = await serve();
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      server?.stop();
    });

    /** @param {{ path?: string }} [options] */
    async function visit({ path = "/" } = {}) {
      const page = await (await browser.createBrowserContext()).newPage();
      /** @type {string[]} */
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(server.url + path);
      await page.waitForFunction(ready);
      return { page, asked };
    }

    test("before a choice nothing is stored and only the page's own files are asked for", async () => {
      const { page, asked } = await visit();
      await page.evaluate(() => window.analytics.track("Waits"));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.deepEqual(await page.evaluate(traces), []);
      const own = /^http:\/\/127\.0\.0\.1:\d+\/($|dist\/|shop\/|vendor\/cookieconsent|tidegate\.json|dom\.js)/;
      assert.deepEqual(
        asked.filter((url) => !own.test(url)),
        [],
      );
      assert.equal((await page.evaluate(() => window.analytics.stats())).delivered, 0);
    });

    test("analytics alone: what waited arrives once with its call time, the advertising SDK is never asked for", async () => {
      const { page, asked } = await visit();
      const called = await page.evaluate(() => {
        const at = Date.now();
        window.analytics.track("Analytics Alone");
        return [at, Date.now()];
      });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await page.evaluate(() => window.CookieConsent.acceptCategory(["analytics"]));
      await page.evaluate(() => window.analytics.track("Analytics Alone, Later"));
      const arrived = await until(async () => {
        const events = (await server.events()).filter((event) => String(event.event).startsWith("Analytics Alone"));
        return events.length >= 2 && events;
      });
      assert.deepEqual(
        arrived.map((/** @type {any} */ event) => event.event),
        ["Analytics Alone", "Analytics Alone, Later"],
      );
      const at = Date.parse(arrived[0].timestamp);
      assert.ok(at >= called[0] && at <= called[1], `${at} is not within ${called}`);
      assert.deepEqual(
        asked.filter((url) => /mixpanel/.test(url)),
        [],
      );
    });

    test("everything accepted, the SDK loads and gets its calls; withdrawn, no request starts from that task on", async () => {
      const { page, asked } = await visit();
      await page.click('[data-role="all"]');
      await page.evaluate(() => window.analytics.track("Everything Accepted"));
      await until(async () => asked.some((url) => /\/demo\/mixpanel\/track/.test(url)));
      await until(async () => (await server.events()).some((event) => event.event === "Everything Accepted"));
      assert.ok(asked.some((url) => url.endsWith("/vendor/mixpanel.js")));
      await until(async () => (await page.evaluate(() => window.analytics.stats())).inFlight === 0);
      await new Promise((resolve) => setTimeout(resolve, 500));
      // Called under the grant: the SDK sends it at once, our batch still waits for company.
      await page.evaluate(() => window.analytics.track("Queued When Withdrawn"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      asked.length = 0;
      await page.evaluate(() => {
        window.CookieConsent.acceptCategory([]);
        window.analytics.track("After Withdrawal");
      });
      const left = await page.evaluate(traces);
      assert.deepEqual(
        left.filter((/** @type {string} */ key) => key.includes("tg_")),
        [],
      );
      await page.evaluate(() => window.analytics.track("Later Still"));
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.deepEqual(
        asked.filter((url) => /\/v1\/|mixpanel|pixel/.test(url)),
        [],
      );
      const names = (await server.events()).map((event) => event.event);
      assert.ok(!names.some((event) => /Withdraw|Later Still/.test(event ?? "")), `${names}`);
    });

    test("1,000 calls in one tick, then the tab is closed: the next page delivers what was left, each once", async () => {
      const { page } = await visit();
      await page.click('[data-role="all"]');
      await page.evaluate(() => {
        for (let n = 0; n < 1000; n++) window.analytics.track("Burst", { n });
      });
      const context = page.browserContext();
      await page.close();
      const next = await context.newPage();
      await next.goto(server.url);
      const burst = async () => (await server.events()).filter((event) => event.event === "Burst");
      await until(async () => (await burst()).length >= 1000, 40);
      const numbers = (await burst()).map((event) => event.properties.n).sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        Array.from({ length: 1000 }, (_, n) => n),
      );
    });
  });
}
