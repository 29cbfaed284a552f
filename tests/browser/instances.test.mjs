/** Several instances on one page. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, json, openPage } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const [destination] = config.destinations;
const second = { ...config, destinations: [{ ...destination, id: "collector", url: "/v1/b" }] };

const two = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Two</title><link rel="icon" href="data:,">
<script async src="/dist/tidegate.js" data-config="/config.json"></script>
<script async src="/dist/tidegate.js" data-config="/second.json" data-global="second" data-write-key="demo"></script></head>
<body>Two.</body></html>`;

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
    const bothReady = () =>
      [window.analytics, /** @type {any} */ (window).second].every((one) => one?.state === "ready");
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
});
