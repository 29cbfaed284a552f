/** The collector dies while a browser is sending: with its store it comes back, and nothing is lost or doubled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { isReady } from "./support/pages.mjs";
import { serve } from "./support/server.mjs";
import { until } from "./support/until.mjs";

const CRASHES = process.env.TIDEGATE_FULL ? 8 : 2;
/** Calls in one go, and how often. */
const CALLS = 10;
const EVERY_MS = 50;
/** For the start and the end, and for what a destination may wait before it tries again. */
const MOST_MS = 90_000 + CRASHES * 20_000;

inEveryBrowser(({ launch }) => {
  test(`killed ${CRASHES} times under load, everything arrives and nothing twice`, { timeout: MOST_MS }, async () => {
    const server = await serve();
    const browser = await launch();
    try {
      const tab = await (await browser.visitor()).open(server.url);
      await until(() => tab.run(isReady));
      await tab.run(
        (calls, every) => {
          window.CookieConsent.acceptCategory(["analytics"]);
          window.called = 0;
          window.calling = setInterval(() => {
            for (let n = 0; n < calls; n++) window.analytics.track("Under Load", { n: window.called++ });
          }, every);
        },
        CALLS,
        EVERY_MS,
      );
      const stored = async () => (await server.events()).filter((event) => event.event === "Under Load");
      const stats = () => tab.run(() => window.analytics.stats());

      for (let crash = 0; crash < CRASHES; crash++) {
        const before = (await stored()).length;
        await until(async () => (await stored()).length >= before + 100, 60);
        server.freeze();
        await until(async () => (await stats()).inFlight > 0);
        await server.kill();
        await sleep(500);
        await server.restart();
      }
      const called = await tab.run(() => {
        clearInterval(window.calling);
        return window.called;
      });
      await until(async () => {
        const { queued, inFlight } = await stats();
        if (queued + inFlight === 0) return true;
        await tab.run(() => void window.analytics.flush());
        return false;
      }, 60);

      const events = await stored();
      assert.equal(new Set(events.map((event) => event.messageId)).size, events.length);
      assert.deepEqual(
        events.map((event) => event.properties.n).sort((a, b) => a - b),
        Array.from({ length: called }, (_, n) => n),
      );
      const { captured, delivered, dropped } = await stats();
      assert.deepEqual({ delivered, dropped }, { delivered: captured, dropped: {} });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});
