/** Consent withdrawn while a request is under way: nothing more leaves, and nothing stays behind. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, isReady, json } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const [collector] = config.destinations;

/** A second destination, whose grant stays. */
const essential = { ...collector, id: "essential", url: "/v1/essential", consent: { allOf: ["necessary"] } };

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /**
   * A page whose collector has a batch and does not answer, with more events queued behind it.
   * @param {import("node:test").TestContext} t
   * @param {object} settings the config
   */
  async function waitForAnswer(t, settings) {
    const site = await openSite();
    addPage(site, settings);
    site.answer("/v1/essential", json({ success: true }));
    const release = site.hold(/^\/v1\/batch$/);
    const visitor = await browser.visitor();
    t.after(async () => {
      await visitor.leave();
      await site.stop();
    });
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Under Way");
    });
    const batch = await until(() => site.batches().find((one) => one.path === "/v1/batch"));
    await tab.run(() => void window.analytics.track("Queued Behind"));
    return { site, tab, batch, release };
  }

  /** Withdraws, goes on calling, and tells in the same task what is left on this machine. */
  const withdraw = () => {
    window.analytics.consent.set({ analytics: false });
    window.analytics.track("After Withdrawal");
    // Now the core has it.
    window.analytics.stats();
    const keys = Object.keys(localStorage);
    return { keys, left: keys.map((key) => `${key} ${localStorage.getItem(key)}`), cookie: document.cookie };
  };

  test("the request is aborted, storage is clean at once, and no request starts any more, also after a reload", async (t) => {
    const { site, tab, batch, release } = await waitForAnswer(t, config);
    const sent = site.batches().length;
    assert.match(await tab.run(() => document.cookie), /^tg_anonymous_id=/);
    const { keys, cookie } = await tab.run(withdraw);
    assert.deepEqual(keys, ["tg_consent"]);
    assert.equal(cookie, "");
    await until(() => batch.cut);
    release();
    await sleep(2000);
    await tab.reload();
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.track("After Reload");
      void window.analytics.flush();
    });
    await sleep(1500);
    assert.equal(site.batches().length, sent);
    assert.ok((await tab.asked()).filter((url) => url.includes("/v1/")).length <= sent);
    assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
    assert.equal(await tab.run(() => document.cookie), "");
    const names = (await site.events()).map((event) => event.event);
    assert.ok(
      names.every((name) => name === "Under Way"),
      `${names}`,
    );
  });

  test("the destination that keeps its grant goes on receiving, and its counters add up", async (t) => {
    const { site, tab, batch, release } = await waitForAnswer(t, { ...config, destinations: [collector, essential] });
    const sent = site.batches().filter((one) => one.path === "/v1/batch").length;
    const texts = () => Object.keys(localStorage).map((key) => `${key} ${localStorage.getItem(key)}`);
    const forCollector = (/** @type {string[]} */ all) => all.filter((text) => text.includes('"collector"'));
    assert.notDeepEqual(forCollector(await tab.run(texts)), []);
    const { left } = await tab.run(withdraw);
    assert.equal(await tab.run(() => document.cookie), "");
    await until(() => batch.cut);
    release();
    const received = () =>
      site
        .batches()
        .filter((one) => one.path === "/v1/essential")
        .flatMap((one) => JSON.parse(one.body).batch);
    await until(() => received().some((event) => event.event === "After Withdrawal"));
    await sleep(1500);
    assert.deepEqual(
      received().map((event) => event.event),
      ["Under Way", "Queued Behind", "After Withdrawal"],
    );
    assert.equal(site.batches().filter((one) => one.path === "/v1/batch").length, sent);
    // What is still stored is for the other destination alone.
    assert.deepEqual(forCollector(left), []);
    const { collector: withdrawn, essential: kept } = await tab.run(() => window.analytics.stats().perDestination);
    assert.deepEqual([withdrawn.queued, withdrawn.inFlight, withdrawn.captured], [0, 0, 3]);
    assert.deepEqual([kept.queued, kept.inFlight, kept.delivered], [0, 0, 3]);
    const dropped = Object.values(withdrawn.dropped).reduce((sum, count) => sum + count, 0);
    assert.equal(withdrawn.delivered + dropped, 3, JSON.stringify(withdrawn));
  });
});
