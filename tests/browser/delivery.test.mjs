/** What sends comes when consent first allows a destination; until it is there, events lie on disk. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { isReady, openPage } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const PART = "/dist/tidegate_delivery_bg.wasm";

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
  });

  /** @param {import("./support/site.mjs").Site} site */
  const asked = (site) => site.seen.filter(({ path }) => path === PART).length;

  test("a visitor who has not decided, or declines, never loads what sends", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.track("Waits");
      window.analytics.consent.set({ analytics: false, advertising: true });
      window.analytics.track("Denied");
      return window.analytics.flush();
    });
    assert.equal(asked(site), 0);
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Goes");
    });
    await until(async () => (await site.events()).some(({ event }) => event === "Goes"));
    assert.equal(asked(site), 1);

    const next = await visitor.open(`${site.url}/page`);
    await until(() => next.run(isReady));
    await next.run(() => void window.analytics.track("Returns"));
    await until(async () => (await site.events()).some(({ event }) => event === "Returns"));
    assert.ok(asked(site) <= 2);
  });

  test("where it does not come that is told, it is tried again by itself, and nothing is lost", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    site.answer(PART, { status: 503, body: "" });
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Stays");
    });
    const problem = await until(async () => (await tab.run(() => window.watched)).heard[0]);
    assert.equal(problem.code, "wasm_unreachable");
    assert.match(problem.message, /tidegate_delivery_bg\.wasm.*503.*What needs it waits/);
    await tab.run(() => window.analytics.flush());
    assert.equal((await tab.run(() => window.analytics.stats())).queued, 1);
    assert.equal(await tab.run(() => Object.keys(localStorage).some((key) => key.startsWith("tg_q."))), true);
    site.answer(PART, (whole) => whole);
    await until(async () => (await site.events()).some(({ event }) => event === "Stays"));
    assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
  });
});
