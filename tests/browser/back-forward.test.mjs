/** The browser's back/forward cache keeps a page with the SDK, and the page goes on where it was. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { html, isReady, openPage, page } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

/** In the page: ends once all earlier transactions have. */
async function lookAtCopy() {
  const [{ name } = {}] = await indexedDB.databases();
  if (!name) return;
  /** @type {IDBDatabase} */
  const copy = await new Promise((done, fail) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => done(opening.result);
    opening.onerror = fail;
  });
  const [store] = copy.objectStoreNames;
  if (store)
    await new Promise((done) => {
      const looking = copy.transaction([...copy.objectStoreNames]);
      looking.oncomplete = done;
      looking.objectStore(store).count();
    });
  copy.close();
}

inEveryBrowser(({ name, launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {import("node:test").TestContext} t @param {boolean} grants */
  async function comeBack(t, grants) {
    const { site, visitor } = await openPage(t, browser);
    // Chromium keeps no page that says it is not to be stored.
    site.answer("/page", html(page, { "cache-control": "no-cache" }));
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run((grants) => {
      addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
      if (grants) window.analytics.consent.set({ analytics: true });
      window.analytics.track("Before");
    }, grants);
    if (grants) await until(() => tab.run(() => window.analytics.stats().delivered === 1));
    // The lock is let go of once the answer was taken in.
    await until(async () => !(await tab.run(async () => (await navigator.locks.query()).held?.length)));
    // A page that is about to write to the copy is not kept: what looks at it comes after that.
    await sleep(500);
    await tab.run(lookAtCopy);
    await tab.goto(`${site.url}/other`);
    await tab.run(() => void setTimeout(() => history.back()));
    await until(() =>
      tab.run(() => location.pathname === "/page" && document.readyState === "complete").catch(() => {}),
    );
    return { site, tab };
  }
  const isRestored = () => /** @type {any} */ (window).persisted === true;
  // The driver of WebKitGTK switches the cache off.
  const options = { skip: name === "WebKit" };

  test("before anybody has chosen", options, async (t) => {
    const { tab } = await comeBack(t, false);
    await until(() => tab.run(isRestored));
  });

  test("under a grant, once all is delivered; what is called then arrives too", options, async (t) => {
    const { site, tab } = await comeBack(t, true);
    await until(() => tab.run(isRestored));
    await tab.run(() => void window.analytics.track("After"));
    await until(async () => (await site.events()).some(({ event }) => event === "After"));
    assert.deepEqual(
      (await site.events()).map(({ event }) => event),
      ["Before", "After"],
    );
  });
});
