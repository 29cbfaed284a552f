/** Bad input never throws into the page: each call returns, and gives an error that is counted and can be read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, isReady } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch, name }) => {
  /** Runs a test on a page that embeds the SDK. @param {(tab: import("./support/browsers.mjs").Tab, site: import("./support/site.mjs").Site) => Promise<void>} use */
  async function onPage(use) {
    const site = await openSite();
    addPage(site);
    const browser = await launch();
    try {
      const tab = await (await browser.visitor()).open(`${site.url}/page`);
      await until(() => tab.run(isReady));
      await use(tab, site);
      assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
    } finally {
      await browser.close();
      await site.stop();
    }
  }

  test("hostile arguments are told, counted and thrown nowhere", { timeout: 60_000 }, async () => {
    await onPage(async (tab) => {
      const told = await tab.run(async () => {
        const { analytics } = window;
        /** @type {string[]} */
        const heard = [];
        analytics.on("error", (problem) => heard.push(`${problem.code}: ${problem.message}`));
        /** @type {Record<string, unknown>} */
        const circle = {};
        circle.self = circle;
        const getter = Object.defineProperty({}, "boom", {
          enumerable: true,
          get() {
            throw new Error("boom");
          },
        });
        const count = () => Object.values(analytics.stats().errors).reduce((sum, n) => sum + n, 0);
        /** @type {Record<string, () => unknown>} */
        const calls = {
          nameless: () => analytics.track(),
          circular: () => analytics.track("Circular", circle),
          bigint: () => analytics.track("BigInt", { n: BigInt(12) }),
          getter: () => analytics.track("Getter", getter),
          huge: () => analytics.track("Huge", { text: "x".repeat(1_000_000) }),
          nobody: () => analytics.alias(),
        };
        /** @type {Record<string, { heard: string | undefined, counted: number }>} */
        const result = {};
        for (const [what, call] of Object.entries(calls)) {
          const [before, from] = [count(), heard.length];
          await call();
          // The first problem fetches the words for it. Afterwards there must not be a second one.
          for (let wait = 0; wait < 100 && heard.length === from; wait++)
            await new Promise((resolve) => setTimeout(resolve, 50));
          await new Promise((resolve) => setTimeout(resolve, 50));
          result[what] = { heard: heard[from], counted: count() - before };
        }
        return result;
      });
      for (const [what, { heard, counted }] of Object.entries(told)) {
        assert.equal(counted, 1, `${what}: ${JSON.stringify(told)}`);
        assert.match(heard ?? "", /^[a-z_]+: .{20,}/, what);
      }
    });
  });

  test("a withdrawal holds although the page's own abort throws, and though WebAssembly cannot stream", async () => {
    const site = await openSite();
    addPage(site);
    // WebKit's driver itself uses the page's Map.
    site.answer("/listen.js", {
      headers: { "content-type": "text/javascript" },
      body: `{
        const Own = class extends AbortController { abort() { throw new Error("own"); } };
        window.AbortController = Own;
        delete WebAssembly.instantiateStreaming;
        ${name === "WebKitGTK" ? "" : "window.Map = window.URL = function () { throw new Error('own'); };"}
      }`,
    });
    const browser = await launch();
    try {
      const tab = await (await browser.visitor()).open(`${site.url}/page`);
      await until(() => tab.run(() => /** @type {any} */ (window).analytics.state === "ready"));
      await tab.run(() => {
        window.analytics.consent.set({ analytics: true });
        window.analytics.track("Goes");
      });
      await until(async () => (await site.events()).length === 1);
      const release = site.hold(/v1\/batch/);
      await tab.run(() => void window.analytics.track("Under way"));
      await until(() => tab.run(() => window.analytics.stats().inFlight === 1));
      const left = await tab.run(() => {
        window.analytics.consent.set({ analytics: false });
        return Object.keys(localStorage).filter((key) => key !== "tg_consent");
      });
      assert.deepEqual([left, await tab.run(() => window.analytics.stats().errors)], [[], {}]);
      release();
    } finally {
      await browser.close();
      await site.stop();
    }
  });

  test("a fetch of the page's own that throws or answers nonsense costs a retry, nothing else", {
    timeout: 60_000,
  }, async () => {
    await onPage(async (tab, site) => {
      await tab.run(() => {
        const { analytics, fetch } = window;
        let failures = 0;
        window.fetch = (url, init) => {
          if (String(url).includes("/v1/") && failures++ < 2) {
            if (failures === 1) throw new Error("not today");
            return /** @type {any} */ (undefined);
          }
          return fetch(url, init);
        };
        analytics.consent.set({ analytics: true });
        for (let n = 0; n < 3; n++) analytics.track("Against A Broken Fetch", { n });
      });
      await until(async () => (await tab.run(() => window.analytics.stats())).delivered === 3);
      assert.equal((await site.events()).filter(({ event }) => event === "Against A Broken Fetch").length, 3);
      const left = await tab.run(() => {
        window.analytics.consent.set({ analytics: false });
        return Object.keys(localStorage);
      });
      assert.deepEqual(left, ["tg_consent"]);
    });
  });
});
