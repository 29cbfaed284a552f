/** A core that threw is not trusted any more: another takes over from what is stored, a few times. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, openPage, page, script } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const breaks = script(readFileSync(new URL("../faults/support/in-page/break.js", import.meta.url), "utf8"));
const breaking = html(page.replace("<script", '<script src="/break.js"></script><script'));

/** Silence counts as a yes; advertising has a destination of its own. */
const optOut = {
  ...config,
  consent: { ...config.consent, model: "opt-out" },
  destinations: [
    ...config.destinations,
    { ...config.destinations[0], id: "ads", url: "/v1/t", consent: { allOf: ["advertising"] } },
  ],
};

const codes = (/** @type {{ code: string }[]} */ problems) => problems.map(({ code }) => code);

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /**
   * A visitor on a page that can break the clock under the core.
   * @param {import("node:test").TestContext} t
   * @param {object} [settings]
   */
  async function visit(t, settings) {
    const { site, visitor } = await openPage(t, browser, settings);
    site.answer("/break.js", breaks);
    site.answer("/page", breaking);
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const names = async () => (await site.events()).map(({ event }) => event).sort();
    const watched = () => tab.run(() => window.watched);
    return { site, tab, names, watched };
  }
  const grant = () => void window.analytics.consent.set({ analytics: true });

  test("no call is lost, and none comes twice", async (t) => {
    const { site, tab, names, watched } = await visit(t);
    await tab.run(grant);
    await tab.run(() => void window.analytics.track("Stored before"));
    const state = await tab.run(async () => {
      const { analytics, breakClock } = window;
      analytics.track("In the same task before");
      // Now the core has it.
      analytics.stats();
      breakClock(1);
      analytics.track("In it");
      analytics.track("In the same task after");
      setTimeout(() => analytics.track("Later"));
      // Calls reach the core at the end of the microtask.
      await null;
      return analytics.state;
    });
    assert.equal(state, "loading");
    await until(() => tab.run(isReady));
    const last = await tab.run(async () => (await window.analytics.track("By the other core")).event?.event);
    assert.equal(last, "By the other core");
    const all = [last, "In it", "In the same task after", "In the same task before", "Later", "Stored before"];
    await until(async () => (await names()).length >= all.length);
    await sleep(1_000);
    assert.deepEqual(await names(), all);
    assert.equal(new Set((await site.events()).map(({ anonymousId }) => anonymousId)).size, 1);
    const { thrown, heard } = await watched();
    assert.deepEqual(thrown, []);
    assert.deepEqual(codes(heard), ["core_restarted"]);
    assert.match(heard[0].message, /The clock broke/);
  });

  test("messages of the data layer that were at work are done once more, in their order", async (t) => {
    const { tab, names, watched } = await visit(t, { ...config, facades: { dataLayer: {} } });
    await tab.run(grant);
    const length = await tab.run(() => {
      const { analytics, breakClock, dataLayer } = window;
      dataLayer.push({ event: "1", a: 1 });
      breakClock(1);
      const length = dataLayer.push({ b: 2 }, { event: "2", c: 3 }, () => analytics.track("3"));
      analytics.track("4");
      return length;
    });
    assert.equal(length, 4);
    await until(() => tab.run(isReady));
    const model = await tab.run(() => {
      window.dataLayer.push({ event: "5", d: 4 });
      return window.analytics.data.snapshot();
    });
    assert.deepEqual(model, { event: "5", a: 1, b: 2, c: 3, d: 4 });
    await until(async () => (await names()).length >= 5);
    await sleep(500);
    assert.deepEqual(await names(), ["1", "2", "3", "4", "5"]);
    const { thrown, heard } = await watched();
    assert.deepEqual(thrown, []);
    assert.deepEqual(codes(heard), ["core_restarted"]);
  });

  test("calls made before the core came are not left behind when a page goes after its core stopped", async (t) => {
    const { site, tab } = await visit(t);
    await tab.run(grant);
    const come = site.hold(/_bg\.wasm$/);
    await tab.goto(`${site.url}/page?second`);
    await tab.run(() => {
      window.analytics.track("Early");
    });
    come();
    await until(async () => (await site.events()).some(({ event }) => event === "Early"));
    site.hold(/tidegate\.again\.js/);
    const state = await tab.run(() => {
      window.breakClock(1);
      window.analytics.reset();
      window.analytics.track("After it stopped");
      return window.analytics.state;
    });
    assert.equal(state, "loading");
    await tab.goto(`${site.url}/other`);
    await tab.goto(`${site.url}/page`);
    await until(async () => (await site.events()).some(({ event }) => event === "After it stopped"));
    await sleep(500);
    assert.deepEqual((await site.events()).map(({ event }) => event).sort(), ["After it stopped", "Early"]);
  });

  for (const denies of [false, true])
    test(`a page goes after a call stopped its core: ${denies ? "a denial is in force on the next" : "no call of that task is left behind"}`, async (t) => {
      const { site, tab, names } = await visit(t);
      await tab.run(grant);
      await tab.run(() => void window.analytics.track("Long before"));
      await until(async () => (await names()).length === 1);
      site.hold(/tidegate\.again\.js/);
      const state = await tab.run(async (denies) => {
        const { analytics, breakClock } = window;
        analytics.track("Before");
        analytics.stats();
        breakClock(1);
        analytics.track("Stops it");
        analytics.track("Behind");
        if (denies) analytics.consent.set({ analytics: false });
        await null;
        return analytics.state;
      }, denies);
      assert.equal(state, "loading");
      await tab.goto(`${site.url}/other`);
      await tab.goto(`${site.url}/page`);
      await until(() => tab.run(isReady));
      const expected = denies ? ["Long before"] : ["Before", "Behind", "Long before", "Stops it"];
      await until(async () => (await names()).length >= expected.length);
      await sleep(1000);
      assert.deepEqual(await names(), expected);
      assert.equal(
        await tab.run(() => window.analytics.consent.get().purposes.analytics),
        denies ? "denied" : "granted",
      );
    });

  test("what the first core had not sent, the other sends", async (t) => {
    const { site, tab, names } = await visit(t);
    site.down = true;
    await tab.run(grant);
    await tab.run(async () => {
      const { analytics, breakClock } = window;
      for (const name of ["A", "B", "C"]) await analytics.track(name);
      await new Promise((done) => setTimeout(done, 500));
      breakClock(1);
      analytics.flush();
    });
    await until(() => tab.run(isReady));
    site.down = false;
    await tab.run(() => void window.analytics.flush());
    await until(async () => (await names()).length >= 3);
    assert.deepEqual(await names(), ["A", "B", "C"]);
  });

  test("a denial that is stored nowhere holds", async (t) => {
    const { site, tab, names } = await visit(t, optOut);
    await tab.run(() => {
      window.analytics.consent.set({ advertising: false }, { explicit: false });
      window.breakClock(1);
      window.analytics.track("One");
    });
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.track("Two"));
    await until(async () => (await names()).length >= 2);
    assert.deepEqual(await tab.run(() => window.analytics.consent.get().purposes.advertising), "denied");
    assert.deepEqual([...new Set(site.batches().map(({ path }) => path))], ["/v1/batch"]);
    await tab.run(() => void window.analytics.consent.set({ advertising: true }));
    await tab.run(() => void window.analytics.track("Three"));
    await until(() => site.batches().some(({ path }) => path === "/v1/t"));
    const [{ body } = { body: "" }] = site.batches().filter(({ path }) => path === "/v1/t");
    assert.ok(body.includes('"Three"') && !body.includes('"Two"'), body);
  });

  test("a denial that another tab tells meanwhile holds", async (t) => {
    const { site, tab, names } = await visit(t, { ...optOut, consent: { ...optOut.consent, remember: false } });
    const come = site.hold(/tidegate\.again\.js$/);
    await tab.run(() => {
      window.breakClock(1);
      window.analytics.track("One");
      new BroadcastChannel("tg_").postMessage('{"denied":["advertising"]}');
    });
    await until(() => site.seen.some(({ path }) => path.endsWith("tidegate.again.js")));
    come();
    await until(() => tab.run(isReady));
    await until(async () => (await names()).length >= 1);
    await sleep(500);
    assert.deepEqual(await tab.run(() => window.analytics.consent.get().purposes.advertising), "denied");
    assert.deepEqual([...new Set(site.batches().map(({ path }) => path))], ["/v1/batch"]);
  });

  test("a page that is left before the other came keeps its calls for the next one", async (t) => {
    const { site, tab, names } = await visit(t);
    site.answer("/other", html("<!doctype html><title>Without the SDK</title>"));
    await tab.run(grant);
    await tab.run(() => void window.analytics.track("Stored before"));
    await until(async () => (await names()).length === 1);
    const come = site.hold(/tidegate\.again\.js$/);
    await tab.run(() => {
      window.breakClock(1);
      window.analytics.flush();
      window.analytics.track("Left");
    });
    await tab.goto(`${site.url}/other`);
    come();
    await tab.goto(`${site.url}/page`);
    await until(async () => (await names()).length === 2);
    assert.deepEqual(await names(), ["Left", "Stored before"]);
  });

  test("where the file of the other is not there, an error says so, and it is asked for again", async (t) => {
    const { site, tab, names, watched } = await visit(t);
    await tab.run(grant);
    // Each try has an address of its own behind this path.
    site.answer("/dist/tidegate.again.js", { status: 404, body: "" });
    await tab.run(() => {
      window.breakClock(1);
      window.analytics.track("Waits");
    });
    await until(async () => codes((await watched()).heard).includes("script_failed"));
    assert.equal(await tab.run(() => window.analytics.state), "loading");
    site.answer("/dist/tidegate.again.js", (whole) => whole);
    await until(() => tab.run(isReady));
    await until(async () => (await names()).includes("Waits"));
    assert.deepEqual(await names(), ["Waits"]);
  });

  test("a tag that ran does not run again, and events go on", async (t) => {
    const tagged = {
      ...config,
      triggers: [{ id: "any", kind: "event", event: "*" }],
      tags: [
        {
          id: "theirs",
          template: "custom-script",
          params: { src: "/theirs.js" },
          consent: { allOf: ["analytics"] },
          fireOn: ["any"],
        },
      ],
    };
    const { site, tab, names } = await visit(t, tagged);
    site.answer("/theirs.js", { body: "", headers: { "content-type": "text/javascript" } });
    const runs = () => site.seen.filter(({ path }) => path === "/theirs.js").length;
    await tab.run(grant);
    await tab.run(() => void window.analytics.track("One"));
    await until(runs);
    const before = runs();
    await tab.run(() => {
      window.breakClock(1);
      window.analytics.track("Two");
    });
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.track("Three"));
    await until(async () => (await names()).length === 3);
    assert.equal(runs(), before);
  });

  test("where the page has plugins, it stops: another core would not know them", async (t) => {
    const { tab, watched } = await visit(t);
    await tab.run(async () => {
      const { analytics, breakClock } = window;
      await analytics.addSourceMiddleware(({ payload, next }) => next(payload));
      breakClock(1);
      await analytics.track("One");
    });
    await until(() => tab.run(() => window.analytics.state === "failed"));
    const { thrown, heard } = await watched();
    assert.deepEqual([thrown, codes(heard)], [[], ["core_failed"]]);
  });

  test("after a few it stops, and the page goes on", async (t) => {
    const { tab, watched } = await visit(t);
    await tab.run(() => {
      window.breakClock(1e9);
      window.analytics.track("One");
    });
    await until(() => tab.run(() => window.analytics.state === "failed"));
    await tab.run(() => window.analytics.track("Two"));
    const { thrown, heard } = await watched();
    assert.deepEqual(thrown, []);
    assert.equal(codes(heard).at(-1), "core_failed");
  });

  test("calls at the end of the page's stack harm no others", async (t) => {
    const { tab, names, watched } = await visit(t);
    await tab.run(grant);
    const called = await tab.run(async () => {
      let depth = 0;
      const called = [];
      const dive = () => {
        try {
          dive();
        } catch {}
        // On the way back, from where there is hardly any stack to where there is enough.
        if (depth++ % 20 === 0 && depth < 4000)
          try {
            window.analytics.track(`Deep ${depth}`);
            called.push(`Deep ${depth}`);
          } catch {}
      };
      dive();
      await new Promise((done) => setTimeout(done));
      window.analytics.track("Afterwards");
      return called;
    });
    await until(async () => (await names()).includes("Afterwards"));
    const sent = (await names()).filter((name) => name.startsWith("Deep"));
    const { thrown, heard } = await watched();
    assert.deepEqual(thrown, []);
    assert.equal(new Set(sent).size, sent.length, "twice");
    // A call that got no further than its own first step was told.
    const unsent = called.filter((name) => !sent.includes(name));
    const told = codes(heard).filter((code) => code === "invalid_argument");
    assert.ok(unsent.length <= told.length, `${unsent} and ${JSON.stringify(heard)}`);
    assert.ok(sent.length > 0);
  });
});
