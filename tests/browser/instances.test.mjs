/** Several instances on one page, and a visitor whom Segment's analytics.js knew. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, html, isReady, json } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
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

  /** @param {import("node:test").TestContext} t @param {object} [settings] */
  async function open(t, settings = config) {
    const site = await openSite();
    addPage(site, settings);
    site.answer("/two", html(two));
    site.answer("/second.json", json(second));
    const visitor = await browser.visitor();
    t.after(async () => {
      await visitor.leave();
      await site.stop();
    });
    return { site, visitor };
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

  test("whom analytics.js knew goes on under the same identifiers, once consent allows it, and once only", async (t) => {
    const { site, visitor } = await open(t, { ...config, identity: { ...config.identity, migrateFrom: ["segment"] } });
    site.answer("/before", html("<title>Before</title>"));
    const tab = await visitor.open(`${site.url}/before`);
    await tab.run(() => {
      localStorage.setItem("ajs_anonymous_id", '"seg-anon"');
      localStorage.setItem("ajs_user_traits", '{"plan":"sea"}');
      localStorage.setItem("ajs_group_properties", '{"size":3}');
      // biome-ignore lint/suspicious/noDocumentCookie: as analytics.js does.
      document.cookie = "ajs_user_id=seg-user; Path=/";
      // biome-ignore lint/suspicious/noDocumentCookie: as analytics.js does.
      document.cookie = "ajs_group_id=%22seg-group%22; Path=/";
    });
    const visit = async () => {
      await tab.goto(`${site.url}/page`);
      await until(() => tab.run(isReady));
    };
    const known = () =>
      tab.run(() => {
        const [user, group] = [window.analytics.user(), window.analytics.group()];
        return [user.anonymousId(), user.id(), user.traits(), group.id(), group.traits()];
      });
    await visit();
    assert.deepEqual(await known(), [null, null, {}, null, {}]);
    assert.equal(await tab.run(() => Object.keys(localStorage).some((key) => key.startsWith("tg_"))), false);
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Goes on");
    });
    const whole = ["seg-anon", "seg-user", { plan: "sea" }, "seg-group", { size: 3 }];
    assert.deepEqual(await known(), whole);
    const event = await until(async () => (await site.events()).find(({ event }) => event === "Goes on"));
    assert.deepEqual([event.anonymousId, event.userId], ["seg-anon", "seg-user"]);
    await tab.run(() => localStorage.setItem("ajs_anonymous_id", '"changed"'));
    await visit();
    assert.deepEqual(await known(), whole);
    // A withdrawal ends it: a later grant begins with an identifier of its own.
    await tab.run(() => void window.analytics.consent.set({ analytics: false }));
    await visit();
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    const [fresh] = await known();
    assert.ok(fresh && fresh !== "seg-anon" && fresh !== "changed", fresh);
  });
});
