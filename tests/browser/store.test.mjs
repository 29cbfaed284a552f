/** The demo store with its real consent banner and a real vendor SDK, from the first visit to withdrawal. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { isReady } from "./support/pages.mjs";
import { serve } from "./support/server.mjs";
import { until } from "./support/until.mjs";

const traces = () => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean);

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/server.mjs").Collector} */ server;
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    server = await serve();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** @param {import("node:test").TestContext} t */
  async function visit(t) {
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(server.url);
    await until(() => tab.run(isReady));
    return { visitor, tab };
  }

  /** What the collector has of the visitor in that tab. */
  async function eventsOf(/** @type {import("./support/browsers.mjs").Tab} */ tab) {
    const id = await tab.run(() => window.analytics.user().anonymousId());
    return (await server.events()).filter((event) => event.anonymousId === id);
  }

  const named = (/** @type {any[]} */ events) => events.map((event) => event.event ?? event.type);

  test("before a choice nothing is stored and only the page's own files are asked for", async (t) => {
    const { tab } = await visit(t);
    await tab.run(() => void window.analytics.track("Waits"));
    await sleep(1500);
    assert.deepEqual(await tab.run(traces), []);
    const own = /^http:\/\/127\.0\.0\.1:\d+\/($|dist\/|shop\/|vendor\/cookieconsent|tidegate\.json|dom\.js)/;
    assert.deepEqual(
      (await tab.asked()).filter((url) => !own.test(url)),
      [],
    );
    assert.equal((await tab.run(() => window.analytics.stats())).delivered, 0);
    assert.ok(!(await server.events()).some((event) => event.event === "Waits"));
  });

  test("accepted in one tab's banner, the other tab collects too, under the same identifier", async () => {
    for (let round = 0; round < 3; round++) {
      const visitor = await browser.visitor();
      const other = await visitor.open(server.url);
      await until(() => other.run(isReady));
      // The one in front: a banner behind does not come to rest.
      const tab = await visitor.open(server.url);
      await until(() => tab.run(isReady));
      await tab.click('#cc-main .cm [data-role="all"]');
      const id = () => window.analytics.user().anonymousId();
      await until(() => other.run(id));
      // Of two that were made at one moment, one goes within a message's way.
      await sleep(300);
      assert.equal(await tab.run(id), await other.run(id));
      await tab.run(() => void window.analytics.track("Here"));
      await other.run(() => void window.analytics.track("There"));
      await until(async () => {
        const events = named(await eventsOf(tab));
        return events.includes("Here") && events.includes("There");
      });
      await visitor.leave();
    }
  });

  test("a denial that only the banner's cookie shows is heard before the next send", async (t) => {
    const { tab } = await visit(t);
    await tab.run(() => {
      window.CookieConsent.acceptCategory(["analytics"]);
      window.analytics.track("Under A Grant");
    });
    await until(async () => named(await eventsOf(tab)).includes("Under A Grant"));
    const id = await tab.run(() => window.analytics.user().anonymousId());
    await tab.run(async () => {
      // As another tab's banner leaves it, where neither a message nor an event tells this tab.
      const decision = { ...window.CookieConsent.getCookie(), categories: ["necessary"] };
      // biome-ignore lint/suspicious/noDocumentCookie: the banner writes it so.
      document.cookie = `cc_cookie=${encodeURIComponent(JSON.stringify(decision))}; Path=/`;
      window.analytics.track("Unheard Of");
      await window.analytics.flush();
    });
    await sleep(1500);
    const stats = await tab.run(() => window.analytics.stats().perDestination.collector);
    assert.equal(stats?.dropped.withdrawn, 1, JSON.stringify(stats));
    assert.ok(!(await server.events()).some(({ event, anonymousId }) => event === "Unheard Of" && anonymousId === id));
    assert.equal(await tab.run(() => window.analytics.user().anonymousId()), null);
  });

  test("analytics alone: what waited arrives once with its call time, the advertising SDK is never asked for", async (t) => {
    const { tab } = await visit(t);
    const called = await tab.run(() => {
      const at = Date.now();
      window.analytics.track("Waited");
      return [performance.timeOrigin, at, Date.now()];
    });
    await sleep(1000);
    await tab.run(() => {
      window.CookieConsent.acceptCategory(["analytics"]);
      window.analytics.track("Later");
    });
    await until(async () => named(await eventsOf(tab)).includes("Later"));
    const arrived = await eventsOf(tab);
    // The shop's own page view and list view come first.
    assert.deepEqual(named(arrived), ["page", "Product List Viewed", "Waited", "Later"]);
    const [opened, from, to] = called;
    const at = arrived.map((event) => Date.parse(event.timestamp));
    assert.ok(at[0] >= Math.floor(opened) && at[0] <= from, `the page view of ${at[0]} is not within ${called}`);
    assert.ok(at[2] >= from && at[2] <= to, `${at[2]} is not within ${called}`);
    assert.ok(at[3] >= to + 1000, `${at[3]} is not a second after ${to}`);
    assert.deepEqual(
      (await tab.asked()).filter((url) => /mixpanel/.test(url)),
      [],
    );
  });

  test("everything accepted, the SDK loads and gets its calls; withdrawn, no request starts from that task on", async (t) => {
    const { tab } = await visit(t);
    await tab.click('#cc-main .cm [data-role="all"]');
    await tab.run(() => void window.analytics.track("Everything Accepted"));
    await until(async () => (await tab.asked()).some((url) => /\/demo\/mixpanel\/track/.test(url)));
    await until(async () => named(await eventsOf(tab)).includes("Everything Accepted"));
    assert.ok((await tab.asked()).some((url) => url.endsWith("/vendor/mixpanel.js")));
    await until(async () => (await tab.run(() => window.analytics.stats())).inFlight === 0);
    await sleep(500);
    const { called, withdrawn, left } = await tab.run(async () => {
      // Called under the grant: the SDK sends it at once, our batch still waits for company.
      const called = performance.now();
      window.analytics.track("Queued When Withdrawn");
      await new Promise((resolve) => setTimeout(resolve, 300));
      const withdrawn = performance.now();
      window.CookieConsent.acceptCategory([]);
      window.analytics.track("After Withdrawal");
      // Now the core has it.
      window.analytics.stats();
      const left = [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
      return { called, withdrawn, left };
    });
    assert.deepEqual(
      left.filter((key) => key.includes("tg_")),
      [],
    );
    await tab.run(() => void window.analytics.track("Later Still"));
    await sleep(2500);
    const started = (/** @type {number} */ from, /** @type {number} */ to) => {
      const within = performance.getEntriesByType("resource").filter((entry) => entry.startTime >= from);
      return within.filter((entry) => entry.startTime < to).map((entry) => entry.name);
    };
    assert.deepEqual(await tab.run(started, withdrawn, Number.MAX_VALUE), []);
    // Where the 300 ms took longer than a batch waits, it left under the grant.
    const mayHaveLeft = (await tab.run(started, called, withdrawn)).some((url) => url.endsWith("/v1/batch"));
    const refused = mayHaveLeft ? /After Withdrawal|Later Still/ : /Withdraw|Later Still/;
    const names = named(await server.events());
    assert.ok(!names.some((event) => refused.test(event ?? "")), `${names}`);
  });

  test("withdrawn in the banner by hand: storage is clean, nothing more leaves, also after a reload", async (t) => {
    const { tab } = await visit(t);
    await tab.click('#cc-main .cm [data-role="all"]');
    await until(async () => named(await eventsOf(tab)).includes("page"));
    await sleep(1000);
    await tab.click("#privacy-choices");
    await tab.click('#cc-main .pm [data-role="necessary"]');
    await until(() => tab.run(() => window.analytics.consent.get().purposes.analytics === "denied"));
    const kept = () => tab.run(traces).then((all) => all.filter((key) => key.includes("tg_")));
    assert.deepEqual(await kept(), []);
    const count = (await server.events()).length;
    const { length } = await tab.asked();
    await tab.run(() => void window.analytics.track("After The Banner"));
    await sleep(1500);
    const after = (await tab.asked()).slice(length);
    await tab.reload();
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.track("After The Reload"));
    await sleep(1500);
    assert.deepEqual(await kept(), []);
    assert.deepEqual(
      [...after, ...(await tab.asked()).slice(length)].filter((url) => /\/v1\/|mixpanel|pixel/.test(url)),
      [],
    );
    assert.equal((await server.events()).length, count);
  });

  test("1,000 calls in one tick, then the tab is closed: the next page delivers what was left, each once", async (t) => {
    const { visitor, tab } = await visit(t);
    await tab.click('#cc-main .cm [data-role="all"]');
    await tab.run(() => {
      for (let n = 0; n < 1000; n++) window.analytics.track("Burst", { n });
    });
    await tab.close();
    await visitor.open(server.url);
    const burst = async () => (await server.events()).filter((event) => event.event === "Burst");
    await until(async () => (await burst()).length >= 1000, 60);
    const numbers = (await burst()).map((event) => event.properties.n).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 1000 }, (_, n) => n),
    );
  });
});
