/** What local storage has no room for outlives the browser, and the next page delivers it. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { addPage, isReady } from "../audit/support/world.mjs";
import { checked } from "./support/journal.mjs";
import { chromium, firefox } from "./support/puppeteer.mjs";
import { copies } from "./support/storage.mjs";
import { until } from "./support/until.mjs";

for (const [name, launch] of Object.entries({ Chromium: chromium, Firefox: firefox }))
  test(`${name}: the next page delivers what only the copy has of a tab that left a page in local storage too`, async (t) => {
    const profile = mkdtempSync(join(tmpdir(), "overflow-"));
    const shop = await openHost("shop");
    t.after(() => shop.stop());
    const config = (/** @type {any} */ standard) => ({
      ...standard,
      queue: { maxBytes: 30_000 },
      destinations: standard.destinations.slice(0, 1),
      tags: [],
    });
    addPage({ shop, vendor: shop }, { config });
    shop.answer("/warehouse", { status: 503, body: "" });
    const open = async (/** @type {any} */ browser) => {
      const tab = await (await browser.visitor()).open(`${shop.url}/page`);
      await until(() => tab.run(isReady));
      await tab.run(() => window.analytics.consent.set({ analytics: true, advertising: true }));
      return tab;
    };
    let browser = await launch({ profile });
    let tab = await open(browser);
    await until(() => tab.run(() => window.analytics.stats().durability === "journal+idb"));
    for (let n = 0; n < 10; n++)
      await tab.run(async () => (await window.analytics.track("Big", { text: "x".repeat(20_000) })).event.messageId);
    await until(async () => (await tab.run(copies)) >= 10);
    // The backlog has left room for what comes next.
    const isStored = await tab.run(async () => {
      const { messageId } = (await window.analytics.track("Next", { text: "x".repeat(20_000) })).event;
      return Object.values(localStorage).some((text) => text.includes(messageId));
    });
    assert.ok(isStored, "local storage did not take what came next");
    assert.equal(await tab.run(() => window.analytics.stats().durability), "journal+idb");
    await browser.close();

    shop.answer("/warehouse", { body: '{"success":true}', headers: { "content-type": "application/json" } });
    browser = await launch({ profile });
    t.after(() => browser.close());
    tab = await open(browser);
    const arrived = () => new Set(shop.events("/warehouse").map(({ messageId }) => messageId)).size;
    shop.seen.length = 0;
    await until(() => arrived() === 11);
  });

for (const [name, launch] of Object.entries({ Chromium: chromium, Firefox: firefox }))
  test(`${name}: what another project of the site, or a newer version, has in the copy stays there`, async (t) => {
    const browser = await launch();
    const shop = await openHost("shop");
    t.after(async () => {
      await browser.close();
      shop.stop();
    });
    const config = (/** @type {any} */ standard) => ({
      ...standard,
      queue: { maxBytes: 1_000 },
      destinations: standard.destinations.slice(0, 1),
      tags: [],
    });
    addPage({ shop, vendor: shop }, { config });
    shop.answer("/bare", { body: "<!doctype html><title>Without the SDK</title>" });
    const others = [
      ["tg_q.deadbeef0000.0.blog", checked(`{"v":1,"rev":1,"at":0}\n${"x".repeat(5_000)}`)],
      ["tg_q.deadbeef0001.0.demo", checked(`{"v":9}\n${"x".repeat(5_000)}`)],
    ];
    const tab = await (await browser.visitor()).open(`${shop.url}/bare`);
    await tab.run(async (others) => {
      const opening = indexedDB.open("tg_journal", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("pages");
      await new Promise((done) => (opening.onsuccess = done));
      const writing = opening.result.transaction("pages", "readwrite");
      for (const [key, text] of others) writing.objectStore("pages").put(text, key);
      await new Promise((done) => (writing.oncomplete = done));
      opening.result.close();
    }, others);
    await tab.goto(`${shop.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => window.analytics.consent.set({ analytics: true, advertising: true }));
    await tab.run(() => window.analytics.track("First"));
    await until(() => shop.events("/warehouse").length === 1);
    await tab.run(() => window.analytics.track("Second"));
    await until(() => tab.run(() => window.analytics.stats().delivered === 2));
    await tab.goto(`${shop.url}/bare`);
    assert.equal(await tab.run(copies), 2);
  });
