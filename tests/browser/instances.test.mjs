/** Several instances on one page. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, json, openPage, page } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const [destination] = config.destinations;
const second = { ...config, destinations: [{ ...destination, id: "collector", url: "/v1/b" }] };

const two = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Two</title><link rel="icon" href="data:,">
<script async src="/dist/tidegate.js" data-config="/config.json"></script>
<script async src="/dist/tidegate.js" data-config="/second.json" data-global="second" data-write-key="demo"></script></head>
<body>Two.</body></html>`;

const bothReady = () => [window.analytics, /** @type {any} */ (window).second].every((one) => one?.state === "ready");

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {import("node:test").TestContext} t */
  async function open(t) {
    const opened = await openPage(t, browser);
    opened.site.answer("/two", html(two));
    opened.site.answer("/second.json", json(second));
    return opened;
  }

  test("two instances on one page do not disturb each other", async (t) => {
    const { site, visitor } = await open(t);
    const tab = await visitor.open(`${site.url}/two`);
    await until(() => tab.run(bothReady));
    site.down = true;
    await tab.run(async () => {
      const { analytics, second } = /** @type {any} */ (window);
      analytics.consent.set({ analytics: true });
      second.consent.set({ analytics: true });
      analytics.identify("first-user");
      second.identify("second-user");
      await analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.context.first = true;
        next(payload);
      });
      analytics.track("First");
      second.track("Second");
    });
    // What is left behind is taken up by the instance it belongs to.
    await tab.reload();
    await until(() => tab.run(bothReady));
    site.down = false;
    await tab.run(() => {
      const { analytics, second } = /** @type {any} */ (window);
      analytics.flush();
      second.flush();
    });
    await until(async () => (await site.events()).length === 4);
    const sent = (/** @type {string} */ path) =>
      site.seen.filter((one) => one.path === path).flatMap(({ body }) => (body ? JSON.parse(body).batch : []));
    const told = (/** @type {string} */ path) => [
      ...new Set(sent(path).map(({ type, event, userId, context }) => `${event ?? type} ${userId} ${!!context.first}`)),
    ];
    assert.deepEqual(told("/v1/batch").sort(), ["First first-user true", "identify first-user false"]);
    assert.deepEqual(told("/v1/b").sort(), ["Second second-user false", "identify second-user false"]);
    const known = await tab.run(() => {
      const { analytics, second } = /** @type {any} */ (window);
      analytics.consent.set({ analytics: false });
      return [analytics.user().id(), second.user().id(), second.consent.get().purposes.analytics];
    });
    assert.deepEqual(known.slice(1), ["second-user", "granted"]);
    await tab.reload();
    await until(() => tab.run(bothReady));
    assert.deepEqual(
      await tab.run(() => {
        const { analytics, second } = /** @type {any} */ (window);
        return [
          analytics.user().id(),
          second.user().id(),
          Object.keys(localStorage).every((key) => key.startsWith("tg_")),
        ];
      }),
      [null, "second-user", true],
    );
  });

  test("forget() of one leaves the other's keys and cookies, and the other goes on", async (t) => {
    const { site, visitor } = await open(t);
    const tab = await visitor.open(`${site.url}/two`);
    await until(() => tab.run(bothReady));
    await tab.run(() => {
      const { analytics, second } = /** @type {any} */ (window);
      for (const one of [analytics, second]) {
        one.consent.set({ analytics: true });
        one.identify("u-1");
      }
    });
    const stored = () => tab.run(() => [...Object.keys(localStorage), ...document.cookie.split("; ")].filter(Boolean));
    const isSecond = (/** @type {string} */ key) => key.startsWith("tg_~second.");
    await until(async () => (await site.events()).length === 2);
    await until(async () => (await stored()).filter((key) => !isSecond(key)).length >= 3);
    const kept = (await stored()).filter((key) => isSecond(key) && !key.includes("_q."));
    assert.ok(kept.some((key) => key.includes("=")) && kept.length >= 3, kept.join());
    await tab.run(() => window.analytics.forget());
    const left = await stored();
    assert.deepEqual(
      left.filter((key) => !isSecond(key)),
      [],
    );
    assert.deepEqual(
      kept.filter((key) => !left.includes(key)),
      [],
    );
    await tab.run(() => void (/** @type {any} */ (window).second.track("Goes on")));
    const event = await until(async () => (await site.events()).find(({ event }) => event === "Goes on"));
    assert.equal(event.userId, "u-1");
    await tab.reload();
    await until(() => tab.run(bothReady));
    const known = await tab.run(() => {
      const { analytics, second } = /** @type {any} */ (window);
      return [analytics.user().id(), analytics.consent.get().purposes.analytics, second.user().id()];
    });
    assert.deepEqual(known, [null, "unknown", "u-1"]);
  });

  test("a destination that is switched off at load stays off although a call names it", async (t) => {
    const { site, visitor } = await openPage(t, browser, {
      ...config,
      destinations: [destination, { ...destination, id: "other", url: "/v1/b" }],
    });
    const options = "<script>analytics._loadOptions = { integrations: { other: false } };</script>";
    site.answer("/page", html(page.replace("<script async", () => `${options}<script async`)));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const perDestination = await tab.run(async () => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("A", {}, { integrations: { other: true } });
      window.analytics.track("B", {}, { integrations: { All: true, other: { key: "own" } } });
      await window.analytics.flush();
      return window.analytics.stats().perDestination;
    });
    assert.deepEqual([perDestination.collector?.captured, perDestination.other?.delivered], [2, 0]);
    await until(async () => (await site.events()).length === 2);
    assert.deepEqual([...new Set(site.batches().map(({ path }) => path))], ["/v1/batch"]);
  });
});
