/** Several tabs of one visitor while the collector is out of reach. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, html, isReady, script } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /**
   * A visitor who has granted analytics; the collector is out of reach.
   * @param {import("node:test").TestContext} t
   * @param {string} [early] what each page runs first
   */
  async function openWithout(t, early) {
    const site = await openSite();
    addPage(site);
    if (early) site.answer("/watch.js", script(early));
    site.down = true;
    const visitor = await browser.visitor();
    t.after(async () => {
      await visitor.leave();
      await site.stop();
    });
    const open = async () => {
      const tab = await visitor.open(`${site.url}/page`);
      await until(() => tab.run(isReady));
      return tab;
    };
    const first = await open();
    await first.run(() => void window.analytics.consent.set({ analytics: true }));
    return { site, open, first };
  }

  test("a grant in one tab holds in the other, and both have one identifier", async (t) => {
    const site = await openSite();
    addPage(site);
    t.after(() => site.stop());
    for (let round = 0; round < 4; round++) {
      const visitor = await browser.visitor();
      const tabs = [await visitor.open(`${site.url}/page`), await visitor.open(`${site.url}/page`)];
      for (const [at, tab] of tabs.entries()) {
        await until(() => tab.run(isReady));
        await tab.run((name) => void window.analytics.track(name), `Round ${round} tab ${at}`);
      }
      await tabs[0]?.run(() => void window.analytics.consent.set({ analytics: true }));
      const arrived = await until(async () => {
        const events = (await site.events()).filter(({ event }) => event?.startsWith(`Round ${round} `));
        return events.length === 2 && events;
      });
      const ids = new Set(arrived.map(({ anonymousId }) => anonymousId));
      for (const tab of tabs) ids.add(await tab.run(() => window.analytics.user().anonymousId()));
      assert.equal(ids.size, 1, [...ids].join(", "));
      await visitor.leave();
    }
  });

  test("without Web Locks, as on plain http, a tab keeps its own events while it lives", async (t) => {
    const { site, open, first } = await openWithout(t, "delete Navigator.prototype.locks;");
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    const beats = () => Object.keys(localStorage).filter((key) => key.startsWith("tg_tab.")).length;
    await first.run(() => void window.analytics.track("Mine"));
    await until(async () => (await first.run(beats)) === 1);
    const second = await open();
    await sleep(3_000);
    assert.equal((await second.run(() => window.analytics.stats())).captured, 0, "the first tab is there");
    await first.goto(`${site.url}/other`);
    await second.run(() => void window.analytics.track("Another"));
    // Whoever comes next delivers what the first left.
    site.down = false;
    const third = await open();
    await until(async () => {
      const names = (await site.events()).map(({ event }) => event);
      return names.includes("Mine") && names.includes("Another");
    });
    await until(async () => (await third.run(beats)) === 0);
  });

  test("who the visitor is, every tab knows: a login and a logout hold in the others", async (t) => {
    const site = await openSite();
    addPage(site);
    const visitor = await browser.visitor();
    t.after(async () => {
      await visitor.leave();
      await site.stop();
    });
    const tabs = [await visitor.open(`${site.url}/page`), await visitor.open(`${site.url}/page`)];
    const [first, second] = tabs;
    for (const tab of tabs) await until(() => tab.run(isReady));
    const known = () => [window.analytics.user().id(), window.analytics.user().anonymousId()].join();
    await first?.run(() => void window.analytics.consent.set({ analytics: true }));
    await until(async () => (await first?.run(known)) === (await second?.run(known)));
    await first?.run(() => void window.analytics.identify("jane", { plan: "sea" }));
    await until(async () => (await second?.run(known))?.startsWith("jane,"));
    await second?.run(() => void window.analytics.group("acme"));
    await first?.run(() => window.analytics.reset());
    await until(async () => (await second?.run(known))?.startsWith(","));
    assert.equal(await first?.run(known), await second?.run(known));
    await first?.reload();
    await until(async () => first?.run(isReady));
    assert.equal(await first?.run(known), await second?.run(known));
  });

  const queued = () => {
    const { queued, inFlight } = window.analytics.stats();
    return queued + inFlight;
  };
  const pages = () => Object.keys(localStorage).filter((key) => /^tg_[qa]\./.test(key));

  test("withdrawn in one tab, the other's queue is purged, and nothing of it ever leaves", async (t) => {
    const { site, open, first } = await openWithout(t);
    await first.run(() => {
      for (let n = 0; n < 20; n++) window.analytics.track("Queued In The First Tab", { n });
    });
    await until(() => site.batches().length > 0);
    const second = await open();
    assert.equal(await first.run(queued), 20);
    assert.notDeepEqual(await second.run(pages), []);

    const left = await second.run(() => {
      window.analytics.consent.set({ analytics: false });
      return Object.keys(localStorage);
    });
    assert.deepEqual(left, ["tg_consent"]);
    await until(async () => (await first.run(queued)) === 0);
    assert.equal(await first.run(() => window.analytics.consent.get().purposes.analytics), "denied");

    const sent = site.batches().length;
    site.down = false;
    for (const tab of [first, second]) {
      await tab.run(() => {
        window.analytics.track("After Withdrawal");
        window.dispatchEvent(new Event("online"));
        void window.analytics.flush();
      });
    }
    await sleep(2000);
    const third = await open();
    await third.run(() => void window.analytics.flush());
    await sleep(2500);
    assert.equal(site.batches().length, sent);
    assert.deepEqual(await site.events(), []);
    assert.deepEqual(await third.run(() => Object.keys(localStorage)), ["tg_consent"]);
    assert.equal(await third.run(() => document.cookie), "");
  });

  test("withdrawn in one tab, the other's request under way is aborted", async (t) => {
    const { site, open, first } = await openWithout(t);
    const release = site.hold(/^\/v1\/batch$/);
    t.after(release);
    site.down = false;
    await first.run(() => void window.analytics.track("Under Way"));
    const batch = await until(() => site.batches().find((one) => !one.cut));
    const second = await open();
    await second.run(() => void window.analytics.consent.set({ analytics: false }));
    await until(() => batch.cut);
    const { queued, inFlight, delivered, dropped } = await first.run(() => window.analytics.stats());
    assert.deepEqual(
      { queued, inFlight, delivered, dropped },
      { queued: 0, inFlight: 0, delivered: 0, dropped: { withdrawn: 1 } },
    );
  });

  test("a tab closed with a queue is taken over by the next page, each event stored once", async (t) => {
    const { site, open, first } = await openWithout(t);
    await first.run(() => {
      for (let n = 0; n < 120; n++) window.analytics.track("Left Behind", { n });
    });
    await until(() => site.batches().length > 0);
    assert.equal(await first.run(queued), 120);
    await first.close();
    // The closing page's last request finds no collector either.
    await sleep(500);
    site.down = false;
    const next = await open();
    await next.run(() => void window.analytics.track("Next Page"));
    const stored = async () => (await site.events()).filter((event) => event.event === "Left Behind");
    await until(async () => (await stored()).length >= 120);
    await until(async () => (await next.run(pages)).length === 0);
    const { delivered, duplicatesAvoided } = await next.run(() => window.analytics.stats());
    assert.deepEqual({ delivered, duplicatesAvoided }, { delivered: 121, duplicatesAvoided: 0 });
    const numbers = (await stored()).map((event) => event.properties.n);
    assert.deepEqual(
      numbers,
      Array.from({ length: 120 }, (_, n) => n),
    );
    assert.equal(new Set((await site.events()).map((event) => event.anonymousId)).size, 1);
  });
});
