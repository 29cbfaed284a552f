/** Calls made before the script arrives keep their order, their time and the page they were made on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../js/scripts/tools.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, html, isReady, page } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

/** One call of every event verb, each on a page of its own; returns when and where each was made. */
async function callEveryVerb() {
  const { analytics } = window;
  const calls = [
    ["page", () => analytics.page("Opened")],
    ["track", () => analytics.track("Product Viewed", { sku: "F-1" })],
    ["identify", () => analytics.identify("u-1", { plan: "harbour" })],
    ["group", () => analytics.group("g-1", { name: "Quay" })],
    ["screen", () => analytics.screen("Locker")],
    ["alias", () => analytics.alias("u-2", "u-1")],
    ["track", () => analytics.track("Last")],
  ];
  const made = [];
  for (const [at, [type, call]] of calls.entries()) {
    if (at > 0) history.pushState(null, "", `/walk/${at}?step=${at}#top`);
    document.title = `Step ${at}`;
    const from = Date.now();
    call();
    const url = location.href.replace(location.hash, "");
    const { pathname: path, search } = location;
    made.push({
      type,
      from,
      to: Date.now(),
      page: { path, referrer: document.referrer, search, title: `Step ${at}`, url },
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Where the page is when the script arrives belongs to none of them.
  history.pushState(null, "", "/elsewhere");
  document.title = "Elsewhere";
  return made;
}

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/site.mjs").Site} */ site;
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    site = await openSite();
    addPage(site);
    const stub = readFileSync(join(root, "dist/snippet.min.js"), "utf8");
    site.answer("/page", html(page.replace(' src="/dist/snippet.min.js">', () => `>${stub}`)));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** Script, wasm and config arrive only when the function returned is called. */
  const holdScript = () => site.hold(/^\/dist\/tidegate|^\/config\.json$/);

  /** @param {any[]} made @param {number} before how many events the collector had already */
  async function assertArrived(made, before) {
    const arrived = await until(async () => {
      const events = (await site.events()).slice(before);
      return events.length >= made.length && events;
    });
    assert.deepEqual(
      arrived.map((event) => event.type),
      made.map((call) => call.type),
    );
    for (const [at, event] of arrived.entries()) {
      const { from, to, page } = made[at];
      const time = Date.parse(event.timestamp);
      assert.ok(time >= from && time <= to, `call ${at}: ${time} is not within ${from} and ${to}`);
      assert.deepEqual(event.context.page, page, `call ${at}`);
    }
    assert.equal(new Set(arrived.map((event) => event.messageId)).size, made.length);
    return arrived;
  }

  test("consent comes after the script: what waited arrives as it was called, and so it does on the next page view", async (t) => {
    const visitor = await browser.visitor();
    t.after(visitor.leave);

    const before = (await site.events()).length;
    const arrive = holdScript();
    const tab = await visitor.open(`${site.url}/page`);
    assert.equal(await tab.run(() => window.analytics.state), "stub");
    const first = await tab.run(callEveryVerb);
    await sleep(300);
    arrive();
    await until(() => tab.run(isReady));
    assert.deepEqual(site.batches(), []);
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    const arrived = await assertArrived(first, before);
    // An alias does not make another person of the visitor.
    assert.equal(new Set(arrived.map((event) => event.anonymousId)).size, 1);

    const arriveAgain = holdScript();
    await tab.goto(`${site.url}/page`);
    const second = await tab.run(callEveryVerb);
    await sleep(300);
    assert.equal(await tab.run(() => window.analytics.state), "stub");
    arriveAgain();
    await until(() => tab.run(isReady));
    await assertArrived(second, before + first.length);
    assert.deepEqual(await tab.run(() => window.watched.thrown), []);
  });

  test("consent itself was told to the stub: it holds for what was called before and after it", async (t) => {
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const arrive = holdScript();
    const tab = await visitor.open(`${site.url}/page`);
    await tab.run(() => {
      window.analytics.track("Before");
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("After");
    });
    assert.deepEqual(await tab.run(() => Object.keys(localStorage)), []);
    arrive();
    const arrived = await until(async () => {
      const id = await tab.run(() => window.analytics.user().anonymousId());
      const events = (await site.events()).filter((event) => id && event.anonymousId === id);
      return events.length >= 2 && events;
    });
    assert.deepEqual(
      arrived.map((event) => event.event),
      ["Before", "After"],
    );
  });
});
