/** Middleware and plugins of a page: they see events on their way, and cost nobody else's. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, isReady, openPage } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  test("one that never calls next, one that throws and one that takes its time delay and lose no other event", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(async () => {
      const { analytics } = window;
      analytics.consent.set({ analytics: true });
      await analytics.addSourceMiddleware(async ({ payload, next }) => {
        const name = payload.obj.event;
        if (name === "Never") return;
        if (name === "Throws") throw new Error("own");
        if (name === "Hangs") await new Promise(() => {});
        if (name === "Slow") await new Promise((done) => setTimeout(done, 10_000));
        next(payload);
      });
      for (const name of ["A", "Never", "Throws", "Slow", "Hangs", "B"]) analytics.track(name);
      analytics.page("C");
    });
    const names = async () => (await site.events()).map(({ event, name }) => event ?? name);
    await until(async () => (await names()).length === 3, 5);
    assert.deepEqual((await names()).sort(), ["A", "B", "C"]);
    const made = Date.now();
    await until(async () => (await names()).includes("Slow"), 15);
    const slow = (await site.events()).find(({ event }) => event === "Slow");
    assert.ok(made - Date.parse(slow.timestamp) > 0, "it has the time of its call");
    const { dropped, captured, delivered, pending } = await tab.run(() => window.analytics.stats());
    assert.deepEqual(dropped, { cancelled: 1, "plugin-failed": 1 });
    assert.deepEqual([captured, delivered, pending], [7, 4, 1]);
  });

  test("what middleware is to see waits until its parts are there; without them nothing of it leaves", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const release = site.hold(/plugins_bg\.wasm$/);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Before");
      window.analytics.addSourceMiddleware(({ payload, next }) => {
        delete payload.obj.properties?.secret;
        next(payload);
      });
      window.analytics.track("After", { secret: "4711", n: 1 });
    });
    await until(async () => (await site.events()).some(({ event }) => event === "Before"));
    assert.ok(!JSON.stringify(site.batches()).includes("4711"));
    assert.equal(JSON.stringify(await tab.run(() => ({ ...localStorage }))).includes("4711"), false);
    release();
    const arrived = await until(async () => (await site.events()).find(({ event }) => event === "After"));
    assert.deepEqual(arrived.properties, { n: 1 });
    assert.ok(!JSON.stringify(site.batches()).includes("4711"));
  });

  test("where the script of plugins fails once it is asked for again, and what waited for it goes on", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    let failures = 0;
    site.answer("/dist/tidegate.segment.js", (given) => (failures++ === 0 ? { status: 503, body: "" } : given));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.properties = { seen: true };
        next(payload);
      });
      window.analytics.track("A", { seen: false });
    });
    const arrived = await until(async () => (await site.events()).find(({ event }) => event === "A"));
    assert.deepEqual(arrived.properties, { seen: true });
    assert.equal(site.seen.filter(({ path }) => path === "/dist/tidegate.segment.js").length, 2);
    assert.deepEqual(await tab.run(() => window.analytics.stats().errors), { script_failed: 1 });
    await tab.run(() => void window.analytics.track("B"));
    const later = await until(async () => (await site.events()).find(({ event }) => event === "B"));
    assert.deepEqual(later.properties, { seen: true });
  });

  test("a destination of the page's own gets events under its own consent only", async (t) => {
    const settings = { ...config, plugins: [{ name: "Own", consent: { allOf: ["advertising"] } }] };
    const { site, visitor } = await openPage(t, browser, settings);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const got = () => /** @type {any} */ (window).got.join();
    await tab.run(async () => {
      const page = /** @type {any} */ (window);
      page.got = [];
      /** @type {(name: string) => import("tidegate").Plugin} */
      const own = (name) => ({
        name,
        type: "destination",
        isLoaded: () => true,
        load: async () => void page.got.push(`${name} loads`),
        track(ctx) {
          page.got.push(`${name} ${ctx.event.event}`);
          return ctx;
        },
      });
      page.analytics.consent.set({ analytics: true });
      await page.analytics.register(own("Own"), own("Undeclared"));
      await page.analytics.track("Early");
    });
    await until(async () => (await site.events()).length === 1);
    assert.equal(await tab.run(got), "");
    await tab.run(() => void window.analytics.consent.set({ advertising: true }));
    await until(async () => (await tab.run(got)) === "Own loads,Own Early");
    await tab.run(async () => {
      await window.analytics.track("Later");
      window.analytics.consent.set({ advertising: false });
      await window.analytics.track("Too late");
      await window.analytics.track("Not meant", {}, { integrations: { Own: false } });
    });
    assert.equal(await tab.run(got), "Own loads,Own Early,Own Later");
  });

  test("middleware of one destination changes what that one gets", async (t) => {
    const [destination] = config.destinations;
    const destinations = [destination, { ...destination, id: "second", url: "/v1/b" }];
    const { site, visitor } = await openPage(t, browser, { ...config, destinations });
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(async () => {
      window.analytics.consent.set({ analytics: true });
      await window.analytics.addDestinationMiddleware("second", ({ payload, next }) => {
        if (payload.obj.event === "Not there") return next(null);
        payload.obj.properties = { n: 2 };
        next(payload);
      });
      window.analytics.track("Both", { n: 1 });
      window.analytics.track("Not there");
    });
    await until(() => tab.run(() => window.analytics.stats().queued + window.analytics.stats().inFlight === 0));
    await until(async () => (await site.events()).length >= 2);
    const sent = (/** @type {string} */ path) =>
      site.seen
        .filter((one) => one.path === path)
        .flatMap(({ body }) => JSON.parse(body).batch)
        .map(({ event, properties }) => [event, properties]);
    assert.deepEqual(sent("/v1/b"), [["Both", { n: 2 }]]);
    assert.deepEqual(sent("/v1/batch").sort(), [
      ["Both", { n: 1 }],
      ["Not there", {}],
    ]);
  });
});
