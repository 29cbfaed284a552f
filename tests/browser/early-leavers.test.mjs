/** A page that is left before its core came, under a grant of an earlier page: the next page sends what it called. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, json, openPage } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const left = () => Object.keys(localStorage).filter((key) => key.startsWith("tg_left."));

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /**
   * A visitor who decided on a first page, and was on a second one, `/page?slow`, whose core did not come before they left.
   * @param {import("node:test").TestContext} t
   * @param {Record<string, boolean>} decision
   */
  async function leave(t, decision) {
    const { site, visitor } = await openPage(t, browser);
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run((decision) => {
      window.analytics.consent.set(decision);
      window.analytics.track("First");
    }, decision);
    if (decision.analytics) await until(() => tab.run(() => window.analytics.stats().delivered === 1));
    const come = site.hold(/_bg\.wasm$/);
    await tab.goto(`${site.url}/page?slow`);
    await until(() => tab.run(() => window.analytics.state === "loading"));
    const [from, to] = await tab.run(() => {
      const from = Date.now();
      window.analytics.track("Left", { price: 3, circle: window });
      window.analytics.page("Slow");
      return [from, Date.now()];
    });
    return { site, tab, come, from, to };
  }
  const names = async (/** @type {import("./support/site.mjs").Site} */ site) =>
    (await site.events()).map(({ event, name }) => event ?? name);

  test("they arrive once, with their own time and page", async (t) => {
    const { site, tab, come, from, to } = await leave(t, { analytics: true });
    await tab.goto(`${site.url}/other`);
    assert.equal((await tab.run(left)).length, 1);
    come();
    await tab.goto(`${site.url}/page`);
    await until(async () => (await names(site)).includes("Slow"));
    await tab.reload();
    await until(() => tab.run(isReady));
    await sleep(1_000);
    assert.deepEqual((await names(site)).sort(), ["First", "Left", "Slow"]);
    assert.deepEqual(await tab.run(left), []);
    const sent = (await site.events()).find(({ event }) => event === "Left");
    const at = Date.parse(sent.timestamp);
    assert.ok(at >= from && at <= to, `${at} is not within ${from} and ${to}`);
    assert.deepEqual([sent.properties.price, sent.context.page.search], [3, "?slow"]);
    assert.equal(sent.context.consent.categoryPreferences.analytics, true);
    await tab.run(() => void window.analytics.track("Here"));
    const here = await until(async () => (await site.events()).find(({ event }) => event === "Here"));
    assert.equal(here.context.page.search, "", "the next page's own calls tell its own address");
  });

  test("what there is no room for is counted, and the rest arrives", async (t) => {
    const { site, tab, come } = await leave(t, { analytics: true });
    await tab.run(() => {
      for (let n = 0; n < 30; n++) window.analytics.track("Many", { n, text: "x".repeat(5_000) });
    });
    await tab.goto(`${site.url}/other`);
    come();
    await tab.goto(`${site.url}/page`);
    await until(async () => (await names(site)).includes("Many"));
    const stats = await until(() =>
      tab.run(() => {
        const stats = window.analytics.stats();
        return stats.queued + stats.inFlight === 0 && stats;
      }),
    );
    const arrived = (await names(site)).filter((name) => name === "Many").length;
    assert.ok(arrived > 10, `${arrived} arrived`);
    assert.equal(arrived + (stats.dropped["queue-full"] ?? 0), 30);
    assert.equal(stats.captured, 32);
  });

  /** @type {Record<string, () => void>} what a page meets on which calls of others are counted, and no more than that */
  const crowded = {
    "ten other pages have left theirs": () => {
      for (let n = 0; n < 10; n++) localStorage.setItem(`tg_left.${n}`, '[["demo","collector"],[],0]');
    },
    "storage has next to no room": () => {
      let n = 0;
      for (let size = 4_000_000; size > 500; )
        try {
          localStorage.setItem(`filler${n}`, "x".repeat(size));
          n++;
        } catch {
          size /= 2;
        }
      localStorage.setItem("filler0", localStorage.getItem("filler0")?.slice(2_000) ?? "");
    },
  };
  for (const [where, crowd] of Object.entries(crowded))
    test(`${where}: calls are counted`, async (t) => {
      const { site, tab, come } = await leave(t, { analytics: true });
      await tab.run(crowd);
      await tab.run(() => {
        window.analytics.track("Long", { text: "x".repeat(5_000) });
      });
      await tab.goto(`${site.url}/other`);
      await tab.run(() => {
        for (const key of Object.keys(localStorage)) if (key.startsWith("filler")) localStorage.removeItem(key);
      });
      come();
      await tab.goto(`${site.url}/page`);
      const stats = await until(() =>
        tab.run(() => {
          const stats = window.analytics.stats();
          return (stats.dropped["queue-full"] ?? 0) > 0 && stats;
        }),
      );
      assert.deepEqual([stats.captured, stats.dropped["queue-full"]], [3, 3]);
      await until(async () => (await tab.run(left)).length <= 1);
    });

  test("without a grant nothing is left behind", async (t) => {
    const { site, tab } = await leave(t, { analytics: false });
    await tab.goto(`${site.url}/other`);
    assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
  });

  test("a withdrawal before the core came holds, and what was called with it is nobody's", async (t) => {
    const { site, tab, come } = await leave(t, { analytics: true });
    await tab.run(() => {
      window.analytics.consent.set({ analytics: false });
      window.analytics.track("Denied");
    });
    await tab.goto(`${site.url}/other`);
    assert.deepEqual(await tab.run(left), []);
    come();
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    assert.equal(await tab.run(() => window.analytics.consent.get().purposes.analytics), "denied");
    await sleep(1_000);
    assert.deepEqual(await names(site), ["First"]);
    assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
  });

  test("who asks to be forgotten before the core came is", async (t) => {
    const { site, tab, come } = await leave(t, { analytics: true });
    await tab.run(() => {
      window.analytics.forget();
    });
    assert.deepEqual(await tab.run(() => [document.cookie, ...Object.keys(localStorage)].filter(Boolean)), []);
    await tab.goto(`${site.url}/other`);
    assert.deepEqual(await tab.run(() => [document.cookie, ...Object.keys(localStorage)].filter(Boolean)), []);
    come();
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await sleep(1_000);
    assert.deepEqual(await names(site), ["First"]);
  });

  test("a denial on the next page erases them", async (t) => {
    const { site, tab, come } = await leave(t, { analytics: true });
    await tab.goto(`${site.url}/other`);
    come();
    // The policy has changed: what was decided before is over, and is decided anew.
    site.answer("/config.json", json({ ...config, consent: { ...config.consent, policyRevision: 2 } }));
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => window.analytics.consent.set({ analytics: false }));
    assert.deepEqual(await tab.run(left), []);
    await tab.run(() => window.analytics.consent.set({ analytics: true }));
    await sleep(1_000);
    assert.ok(!(await names(site)).includes("Left"));
  });

  test("what somebody else wrote in their place does no harm", async (t) => {
    const { site, tab, come } = await leave(t, { analytics: true });
    await tab.goto(`${site.url}/other`);
    await tab.run(() => {
      const texts = ["", "{", "null", "7", "[[]]", "[7,null]", '[[99,{},"x",[]]]', '[[0,"[",1e400,"{"]]'];
      texts.forEach((text, at) => void localStorage.setItem(`tg_left.${at}`, text));
    });
    come();
    await tab.goto(`${site.url}/page`);
    await until(async () => (await names(site)).includes("Slow"));
    assert.deepEqual(await tab.run(left), []);
    assert.deepEqual(await tab.run(() => window.watched.thrown), []);
    assert.equal(await tab.run(() => window.analytics.state), "ready");
  });
});
