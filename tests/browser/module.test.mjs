/** The module of the npm package, in a page of its own. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, json, openPage } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

/** @param {string} head what comes before the module */
const page = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Module</title>
<link rel="icon" href="data:,">${head}
<script type="module">import * as tidegate from "/dist/tidegate.mjs"; window.tidegate = tidegate;</script></head>
<body>A page.</body></html>`;

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {import("node:test").TestContext} t */
  async function open(t, head = "") {
    const { site, visitor } = await openPage(t, browser);
    site.answer("/module", html(page(head)));
    const granted = { ...config, consent: { ...config.consent, model: "none" } };
    site.answer("/tidegate.json", json(granted));
    const tab = await visitor.open(`${site.url}/module`);
    await until(() => tab.run(() => "tidegate" in window));
    const names = () => site.batches().flatMap(({ body }) => JSON.parse(body).batch.map(nameOf));
    return { site, tab, names };
  }
  const nameOf = (/** @type {any} */ { event, type, userId }) => `${event ?? type} ${userId}`;

  test("before it is loaded an instance asks for nothing and stores nothing; then it carries out what was called", async (t) => {
    const { site, tab, names } = await open(t);
    const asked = site.seen.length;
    const before = await tab.run(async () => {
      const page = /** @type {any} */ (window);
      const browser = new page.tidegate.AnalyticsBrowser();
      page.browser = browser;
      page.heard = [];
      browser.consent.on(() => page.heard.push("kept"));
      browser.consent.on(() => page.heard.push("gone"))();
      browser.identify("u-1");
      browser.addSourceMiddleware(({ payload, next }) => {
        payload.obj.properties = { ...payload.obj.properties, seen: true };
        next(payload);
      });
      browser.consent.set({ advertising: false });
      browser.track("Early", { n: 1 });
      for (const name of ["on", "once", "use", "emit", "ready", "trackLink", "register", "setAnonymousId"])
        browser[name]?.();
      page.time = Date.now();
      await new Promise((done) => setTimeout(done, 300));
      const { state, instance } = browser;
      const answers = [
        state,
        instance,
        browser.user().id(),
        browser.group().id(),
        browser.explain(),
        browser.data.get("a"),
      ];
      return {
        answers: answers.map((one) => one ?? null),
        status: browser.consent.get().status,
        captured: browser.stats().captured,
      };
    });
    assert.deepEqual(before, { answers: ["loading", null, null, null, [], null], status: "pending", captured: 0 });
    assert.equal(site.seen.length, asked);
    assert.deepEqual(await tab.run(() => [document.cookie, ...Object.keys(localStorage)]), [""]);

    await tab.run(async () => {
      const { browser } = /** @type {any} */ (window);
      const [analytics] = await browser.load({ writeKey: "demo" });
      analytics.track("Late");
    });
    await until(() => names().length === 3);
    assert.deepEqual(names(), ["identify u-1", "Early u-1", "Late u-1"]);
    const events = site.batches().flatMap(({ body }) => JSON.parse(body).batch);
    assert.deepEqual(
      events.map(({ properties }) => properties?.seen),
      [true, true, true],
    );
    const time = await tab.run(() => /** @type {any} */ (window).time);
    assert.ok(Date.parse(events[1].timestamp) <= time, "it has the time of its call");
    assert.deepEqual(await tab.run(() => /** @type {any} */ (window).heard.includes("gone")), false);
    assert.deepEqual(await tab.run(() => /** @type {any} */ (window).heard.includes("kept")), true);
    assert.equal(await tab.run(() => /** @type {any} */ (window).browser.user().id()), "u-1");
  });

  test("where it becomes a global, it takes over the calls of the page's stub, and the page's stub becomes it", async (t) => {
    const { tab, names } = await open(
      t,
      `<script src="/dist/snippet.min.js"></script><script>window.stub = analytics; stub.track("Of the stub");</script>`,
    );
    await tab.run(async () => {
      const page = /** @type {any} */ (window);
      const browser = new page.tidegate.AnalyticsBrowser();
      const { track } = browser;
      track("Of the module");
      browser.load({ writeKey: "demo", global: "analytics" });
      const [analytics] = await browser;
      page.same = analytics === page.analytics && analytics === page.stub;
      page.stub.track("Late");
      track("Late, by a method that was kept");
      // What runs under the name already stays, and is told what was kept for it.
      const other = new page.tidegate.AnalyticsBrowser();
      other.track("Of another");
      const [again] = await other.load({ global: "analytics" });
      page.again = again === analytics;
    });
    await until(() => names().length === 5);
    assert.deepEqual(
      names(),
      ["Of the stub", "Of the module", "Late", "Late, by a method that was kept", "Of another"].map(
        (one) => `${one} null`,
      ),
    );
    assert.deepEqual(await tab.run(() => [/** @type {any} */ (window).same, /** @type {any} */ (window).again]), [
      true,
      true,
    ]);
  });

  test("standalone is a promise of the instance, which is none itself", async (t) => {
    const { tab, names } = await open(t);
    const state = await tab.run(async () => {
      const analytics = await /** @type {any} */ (window).tidegate.AnalyticsBrowser.standalone("demo");
      analytics.track("A");
      return [analytics.state, typeof analytics.then];
    });
    assert.deepEqual(state, ["ready", "undefined"]);
    await until(() => names().length === 1);
    assert.deepEqual(names(), ["A null"]);
  });
});
