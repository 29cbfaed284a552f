/** One destination is denied and another allowed: what waits for the allowed one outside of the journal is neither lost nor shown to the other. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, openPage, page } from "./support/pages.mjs";
import { copies, fillStorage, makeRoom } from "./support/storage.mjs";
import { until } from "./support/until.mjs";

const [destination] = config.destinations;
const two = {
  ...config,
  destinations: [destination, { ...destination, id: "ads", url: "/v1/ads", consent: { allOf: ["advertising"] } }],
};
const byGpc = {
  ...two,
  consent: {
    ...two.consent,
    purposes: { necessary: { always: true }, analytics: {}, advertising: { gpp: ["sale"] } },
  },
};
const unmapped = {
  ...config,
  destinations: [destination, { id: "unmapped", kind: "segment", url: "/v1/unmapped", writeKey: "demo" }],
};
const optedOut = page.replace(
  "<script",
  '<script>Object.defineProperty(navigator, "globalPrivacyControl", { value: true });</script><script',
);

const partly = [
  { by: "the visitor", settings: two, decision: { analytics: true, advertising: false }, body: page },
  { by: "Global Privacy Control", settings: byGpc, decision: { analytics: true }, body: optedOut },
  { by: "a config that names no purpose", settings: unmapped, decision: { analytics: true }, body: page },
];

const well = { body: '{"success":true}', headers: { "content-type": "application/json" } };
const down = { status: 503, body: "" };

/** @param {import("./support/site.mjs").Site} site @param {string} path @returns {string[]} the events' names */
const sent = (site, path) =>
  site.seen
    .filter((one) => one.path === path)
    .flatMap(({ body }) => JSON.parse(body).batch.map((/** @type {any} */ { event }) => event));

/** Runs in the page. */
const left = () => Object.keys(localStorage).filter((key) => key.startsWith("tg_left.")).length;

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /**
   * @param {import("node:test").TestContext} t
   * @param {typeof partly[number]} row
   * @param {import("./support/site.mjs").Answer} answer of both destinations
   */
  async function visit(t, { settings, decision, body }, answer) {
    const { site, visitor } = await openPage(t, browser, settings);
    site.answer("/page", html(body));
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    for (const path of ["/v1/batch", "/v1/ads"]) site.answer(path, answer);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run((decision) => void window.analytics.consent.set(decision), decision);
    return { site, visitor, tab };
  }

  for (const row of partly) {
    test(`denied by ${row.by}: what a page left behind arrives`, async (t) => {
      const { site, tab } = await visit(t, row, well);
      await tab.run(() => void window.analytics.track("First"));
      await until(() => sent(site, "/v1/batch").includes("First"));
      const come = site.hold(/_bg\.wasm$/);
      await tab.goto(`${site.url}/page?slow`);
      await until(() => tab.run(() => window.analytics.state === "loading"));
      await tab.run(() => void window.analytics.track("Left"));
      await tab.goto(`${site.url}/other`);
      assert.equal(await tab.run(left), 1);
      come();
      await tab.goto(`${site.url}/page`);
      await until(() => sent(site, "/v1/batch").includes("Left"));
      assert.equal(await tab.run(left), 0);
      assert.deepEqual(sent(site, "/v1/ads"), []);
    });

    test(`denied by ${row.by}: what only the journal's copy has arrives`, async (t) => {
      const { site, tab } = await visit(t, row, down);
      await tab.run(fillStorage);
      await tab.run(() => void window.analytics.track("No Room"));
      await until(async () => (await tab.run(copies)) > 0);
      await tab.run(makeRoom);
      for (const path of ["/v1/batch", "/v1/ads"]) site.answer(path, well);
      site.seen.length = 0;
      await tab.reload();
      await until(() => sent(site, "/v1/batch").includes("No Room"));
      assert.deepEqual(sent(site, "/v1/ads"), []);
    });
  }

  test("what only the copy has goes with its destination, and comes back with no later grant", async (t) => {
    const both = { ...partly[0], by: "", decision: { analytics: true, advertising: true } };
    const { site, tab } = await visit(t, /** @type {any} */ (both), down);
    await tab.run(fillStorage);
    await tab.run(() => void window.analytics.track("No Room"));
    await until(async () => (await tab.run(copies)) > 0);
    await tab.run(makeRoom);
    await tab.goto(`${site.url}/other`);
    // The decision is changed while no core is there to hear of it.
    await tab.run(() => {
      const text = localStorage.getItem("tg_consent") ?? "";
      localStorage.setItem("tg_consent", text.replace('"advertising":true', '"advertising":false'));
    });
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await until(() => sent(site, "/v1/batch").includes("No Room"));
    await sleep(500);
    site.answer("/v1/ads", well);
    site.seen.length = 0;
    await tab.run(() => void window.analytics.consent.set({ advertising: true }));
    await tab.reload();
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.track("After"));
    await until(() => sent(site, "/v1/ads").includes("After"));
    assert.ok(!sent(site, "/v1/ads").includes("No Room"));
  });

  test("what a page called while a destination was denied is not shown to it after another tab's grant", async (t) => {
    const row = /** @type {typeof partly[number]} */ (partly[0]);
    const { site, visitor, tab } = await visit(t, row, well);
    await tab.run(() => void window.analytics.track("First"));
    await until(() => sent(site, "/v1/batch").includes("First"));
    const come = site.hold(/_bg\.wasm$/);
    const other = await visitor.open(`${site.url}/page?slow`);
    await until(() => other.run(() => window.analytics.state === "loading"));
    await other.run(() => void window.analytics.track("Denied"));
    await other.goto(`${site.url}/other`);
    assert.equal(await other.run(left), 1);
    await tab.run(() => void window.analytics.consent.set({ advertising: true }));
    await sleep(300);
    come();
    await other.goto(`${site.url}/page`);
    await until(() => other.run(isReady));
    await other.run(() => void window.analytics.track("Granted"));
    await until(() => sent(site, "/v1/ads").includes("Granted"));
    assert.ok(!sent(site, "/v1/ads").includes("Denied"));
    // The tab that was open took it up, and denied it as it had its own.
    const { ads } = await tab.run(() => window.analytics.stats().perDestination);
    assert.deepEqual([ads.captured, ads.dropped], [2, { denied: 2 }]);
    await until(() => sent(site, "/v1/batch").includes("Denied"));
    assert.equal(await other.run(left), 0);
  });
});
