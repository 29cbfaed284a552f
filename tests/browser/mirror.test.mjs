/** The browser itself is killed. What it had not written of local storage is lost; the journal's copy in IndexedDB is not. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openHost } from "../audit/support/host.mjs";
import { addPage, isReady } from "../audit/support/world.mjs";
import { chromium, firefox } from "./support/puppeteer.mjs";
import { copies, fillStorage } from "./support/storage.mjs";
import { until } from "./support/until.mjs";

const ROUNDS = process.env.TIDEGATE_FULL ? 20 : 1;
/** From the call to the end of the browser, in milliseconds. */
const LEFT = 300;

const engines = { Chromium: chromium, Firefox: firefox };

/** A shop that answers nothing but 503 until it is `well`, and a profile on disk. @param {import("node:test").TestContext} t */
async function openShop(t) {
  const shop = await openHost("shop");
  const profile = mkdtempSync(join(tmpdir(), "tidegate-profile-"));
  /** @type {{ close(): Promise<void> }[]} */
  const browsers = [];
  t.after(async () => {
    // What runs still writes to its profile.
    for (const browser of browsers) await browser.close();
    shop.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  addPage(
    { shop, vendor: shop },
    { config: (standard) => ({ ...standard, destinations: standard.destinations.slice(0, 1), tags: [] }) },
  );
  shop.answer("/warehouse", { status: 503, body: "" });
  const well = () =>
    shop.answer("/warehouse", { body: '{"success":true}', headers: { "content-type": "application/json" } });
  return { shop, profile, well, browsers };
}

/** Runs in the page. */
const grant = () => window.analytics.consent.set({ analytics: true, advertising: true });
const deny = () => window.analytics.consent.set({ analytics: false, advertising: false });
const durability = () => window.analytics.stats().durability;
const databases = async () => (await indexedDB.databases()).map(({ name }) => name);

for (const [name, launch] of Object.entries(engines))
  describe(name, () => {
    /** @param {string} profile @param {string} url */
    async function visit(profile, url) {
      const browser = await launch({ profile });
      const tab = await (await browser.visitor()).open(`${url}/page`);
      await until(() => tab.run(isReady));
      return { browser, tab };
    }

    test(`${LEFT} ms after a call the browser is killed, and the event arrives from the next one: ${ROUNDS} of ${ROUNDS}`, async (t) => {
      const { shop, profile, well } = await openShop(t);
      const called = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { browser, tab } = await visit(profile, shop.url);
        await tab.run(grant);
        await until(() => tab.run(() => window.analytics.stats().durability === "journal+idb"));
        called.push(await tab.run(async () => (await window.analytics.track("Just Before")).event.messageId));
        await sleep(LEFT);
        await browser.kill();
      }
      well();
      const { browser, tab } = await visit(profile, shop.url);
      await tab.run(grant);
      const arrived = () => new Set(shop.events("/warehouse").map(({ messageId }) => messageId));
      // Some that were refused were seen too.
      shop.seen.length = 0;
      await until(() => called.every((id) => arrived().has(id)), 30);
      await browser.close();
    });

    test("what local storage never had room for is kept too, and arrives from the next page, once", async (t) => {
      const { shop, profile, well, browsers } = await openShop(t);
      const browser = await launch({ profile });
      browsers.push(browser);
      const tab = await (await browser.visitor()).open(`${shop.url}/page`);
      await until(() => tab.run(isReady));
      await tab.run(fillStorage);
      await tab.run(grant);
      const [id] = await tab.run(async () => {
        const contexts = await Promise.all([window.analytics.track("No Room"), window.analytics.track("No Room")]);
        return contexts.map(({ event }) => event.messageId);
      });
      await until(async () => (await tab.run(copies)) > 0);
      assert.ok(await tab.run(() => Object.keys(localStorage).every((key) => !key.startsWith("tg_q"))));
      await tab.reload();
      await until(() => tab.run(isReady));
      shop.seen.length = 0;
      well();
      await tab.run(grant);
      const events = () => shop.events("/warehouse").filter(({ event }) => event === "No Room");
      await until(() => events().length >= 2);
      await until(async () => (await tab.run(copies)) === 0);
      await tab.reload();
      await until(() => tab.run(isReady));
      await tab.run(grant);
      await sleep(2000);
      assert.equal(events().length, 2);
      assert.ok(events().some(({ messageId }) => messageId === id));
    });

    /**
     * A page whose event only the copy and local storage have. @param {import("node:test").TestContext} t
     */
    async function withCopy(t) {
      const shop = await openShop(t);
      const { browser, tab } = await visit(shop.profile, shop.shop.url);
      shop.browsers.push(browser);
      await tab.run(grant);
      await until(async () => (await tab.run(durability)) === "journal+idb");
      await tab.run(() => window.analytics.track("Withdrawn"));
      await sleep(LEFT);
      assert.deepEqual(await tab.run(databases), ["tg_journal"]);
      return { ...shop, tab };
    }

    /** @type {Record<string, (tab: import("./support/browsers.mjs").Tab, url: string) => Promise<unknown>>} */
    const ends = {
      "a withdrawal": (tab) => tab.run(deny),
      "a denial on a later page, where the decision had ended,": async (tab) => {
        await tab.run(() => localStorage.removeItem("tg_consent"));
        await tab.reload();
        await until(() => tab.run(isReady));
        await tab.run(deny);
      },
      "a page that is left in the task of the withdrawal": async (tab, url) => {
        await tab.run(() => {
          window.analytics.consent.set({ analytics: false, advertising: false });
          location.href = "/elsewhere";
        });
        await until(() => tab.run(() => document.title === "Elsewhere").catch(() => false));
        await sleep(500);
        await tab.goto(`${url}/page`);
        await until(() => tab.run(isReady));
      },
    };
    for (const [what, end] of Object.entries(ends))
      test(`${what} erases the copy within a second, and nothing comes back from it`, async (t) => {
        const { shop, tab, well } = await withCopy(t);
        shop.answer("/elsewhere", { body: "<title>Elsewhere</title>" });
        await end(tab, shop.url);
        await sleep(1000);
        assert.deepEqual(await tab.run(databases), []);
        assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
        well();
        shop.seen.length = 0;
        await tab.run(grant);
        await tab.run(() => window.analytics.track("Granted Again"));
        await until(() => shop.events("/warehouse").length > 0);
        await sleep(1000);
        assert.deepEqual(
          shop.events("/warehouse").map(({ event }) => event),
          ["Granted Again"],
        );
      });
  });
