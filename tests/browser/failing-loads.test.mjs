/** A load that fails says why, once, and leaves the page alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, html, isReady, json, page } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const WASM = "/dist/tidegate_bg.wasm";
const FALLBACK = "/dist/tidegate.fallback.js";

/**
 * @typedef {object} Row
 * @property {string} when
 * @property {Record<string, import("./support/site.mjs").Reply>} replies by path
 * @property {string} code
 * @property {RegExp} where
 * @property {RegExp} message
 */

/** @type {Row[]} */
const rows = [
  {
    when: "the config is not JSON",
    replies: { "/config.json": { body: "<!doctype html><title>Sign in</title>" } },
    code: "config_invalid",
    where: /^$/,
    message: /JSON/,
  },
  {
    when: "the config has a key that is unknown",
    replies: { "/config.json": json({ ...config, consent: { ...config.consent, modle: "opt-in" } }) },
    code: "config_invalid",
    where: /^\/consent\/modle$/,
    message: /modle/,
  },
  {
    when: "the config is a 404",
    replies: { "/config.json": { status: 404, body: "" } },
    code: "config_unreachable",
    where: /\/config\.json$/,
    message: /404.*data-config/,
  },
];

/** @type {Row[]} */
const wasmRows = [
  {
    when: "the wasm is a 404",
    replies: { [WASM]: { status: 404, body: "" } },
    code: "wasm_unreachable",
    where: /\/tidegate_bg\.wasm$/,
    message: /404.*data-wasm/,
  },
  {
    when: "the wasm is cut short",
    replies: { [WASM]: (whole) => ({ ...whole, body: whole.body.slice(0, whole.body.length / 2) }) },
    code: "wasm_failed",
    where: /\/tidegate_bg\.wasm$/,
    message: /same build/,
  },
  {
    when: "the page's policy forbids WebAssembly",
    replies: { "/page": html(page, { "content-security-policy": "script-src 'self'" }) },
    code: "wasm_failed",
    where: /\/tidegate_bg\.wasm$/,
    message: /'wasm-unsafe-eval' to the script-src/,
  },
  {
    when: "the browser has no WebAssembly",
    replies: { "/page": html(page.replace("<script", () => "<script>delete window.WebAssembly;</script><script")) },
    code: "wasm_failed",
    where: /\/tidegate_bg\.wasm$/,
    message: /WebAssembly is missing/,
  },
];

/** Calls everything that counts or waits; each must return, and each promise settle. */
async function callOn() {
  const { analytics } = window;
  const waiting = [
    analytics.track("Late", { n: 1 }),
    analytics.page("Late"),
    analytics.screen("Late"),
    analytics.identify("u-1"),
    analytics.group("g-1"),
    analytics.alias("u-2"),
    analytics.flush(),
    analytics.ready(),
  ];
  analytics.data.push({ late: true });
  analytics.reset();
  const { purposes, status } = analytics.consent.set({ analytics: true });
  await Promise.all(waiting);
  return { purposes, status, id: analytics.user().anonymousId(), stored: Object.keys(localStorage) };
}

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  let /** @type {import("./support/site.mjs").Site} */ site;
  before(async () => {
    browser = await launch();
    site = await openSite();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const missing = { [FALLBACK]: { status: 404, body: "" } };
  const all = [
    ...rows,
    ...wasmRows.map((row) => ({
      ...row,
      when: `${row.when}, and the fallback is not there`,
      replies: { ...row.replies, ...missing },
    })),
  ];
  for (const { when, replies, code, where, message } of all)
    test(`when ${when}, the page hears why once and goes on`, async (t) => {
      addPage(site);
      site.answer(WASM, (whole) => whole);
      for (const [path, reply] of Object.entries(replies)) site.answer(path, reply);
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      const tab = await visitor.open(`${site.url}/page`);
      await until(() => tab.run(() => window.analytics.state === "failed"));

      const { thrown, heard, logged } = await tab.run(() => window.watched);
      assert.deepEqual(thrown, []);
      assert.deepEqual(
        heard.map((/** @type {any} */ problem) => problem.code),
        [code],
      );
      assert.match(heard[0].where ?? "", where);
      assert.match(heard[0].message, message);
      const [told] = logged.filter((/** @type {string} */ line) => line.includes("[tidegate]"));
      assert.match(told ?? "", new RegExp(`\\[tidegate\\] ${code}.*Nothing is collected from here on`));
      assert.deepEqual(await tab.run(() => window.analytics.stats().errors), { [code]: 1 });

      assert.deepEqual(await tab.run(callOn), { purposes: {}, status: "error", id: null, stored: [] });
      assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
      assert.deepEqual(site.batches(), []);
    });

  for (const { when, replies, code, message } of wasmRows)
    test(`when ${when}, the core runs as JavaScript, and the page hears why`, async (t) => {
      addPage(site);
      for (const path of [WASM, FALLBACK]) site.answer(path, (whole) => whole);
      for (const [path, reply] of Object.entries(replies)) site.answer(path, reply);
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      const tab = await visitor.open(`${site.url}/page`);
      await tab.run((when) => {
        window.analytics.track(when, { when: new Date(0), ünïcode: "✓" });
        window.analytics.consent.set({ analytics: true });
      }, when);
      const sent = await until(async () => (await site.events()).find(({ event }) => event === when));
      assert.deepEqual(sent.properties, { when: "1970-01-01T00:00:00.000Z", ünïcode: "✓" });
      assert.equal(sent.anonymousId, await tab.run(() => window.analytics.user().anonymousId()));
      await until(() => tab.run(() => window.analytics.stats().durability === "journal+idb"));
      const { thrown, heard } = await tab.run(() => window.watched);
      assert.deepEqual(thrown, []);
      assert.deepEqual(
        heard.map((/** @type {any} */ problem) => problem.code),
        [code],
      );
      assert.match(heard[0].message, message);
      await tab.run(() => window.analytics.consent.set({ analytics: false }));
      assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
      site.answer("/page", html(page));
    });

  const passing = {
    "the config": { "/config.json": { status: 503, body: "" } },
    "the wasm, and its fallback": { [WASM]: { status: 503, body: "" }, [FALLBACK]: { status: 503, body: "" } },
  };
  for (const [what, replies] of Object.entries(passing))
    test(`when ${what} does not come for a moment, calls wait, and then go`, async (t) => {
      addPage(site);
      for (const path of [WASM, FALLBACK]) site.answer(path, (whole) => whole);
      for (const [path, reply] of Object.entries(replies)) site.answer(path, reply);
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      const tab = await visitor.open(`${site.url}/page`);
      await tab.run(() => {
        window.analytics.track("Waits");
        window.analytics.consent.set({ analytics: true });
      });
      await until(() => tab.run(() => window.watched.heard.length > 1));
      assert.equal(await tab.run(() => window.analytics.state), "loading");
      for (const path of Object.keys(replies))
        site.answer(path, path === "/config.json" ? json(config) : (whole) => whole);
      await until(async () => (await site.events()).find(({ event }) => event === "Waits"));
      const { thrown, heard } = await tab.run(() => window.watched);
      assert.deepEqual(thrown, []);
      const code = what === "the config" ? "config_unreachable" : "wasm_unreachable";
      for (const problem of heard) assert.equal(problem.code, code);
    });

  test("what earlier pages stored can be forgotten although nothing loads", async (t) => {
    addPage(site);
    site.answer("/config.json", { status: 404, body: "" });
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(() => window.analytics.state === "failed"));
    const left = await tab.run(() => {
      for (const key of ["tg_identity", "tg_q.t.0.demo", "theirs"]) localStorage.setItem(key, "1");
      // biome-ignore lint/suspicious/noDocumentCookie: as the SDK writes it.
      document.cookie = "tg_anonymous_id=a; Path=/";
      window.analytics.forget();
      return [document.cookie, ...Object.keys(localStorage)].filter(Boolean);
    });
    assert.deepEqual(left, ["theirs"]);
  });

  test("a part that was asked for before the core turned out to run as JavaScript is not told as missing", async (t) => {
    addPage(site);
    const early =
      "analytics.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.seen = true; next(payload); });";
    site.answer("/page", html(page.replace("<script async", () => `<script>${early}</script><script async`)));
    site.answer(WASM, { status: 404, body: "" });
    site.answer(FALLBACK, (whole) => whole);
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Met Early");
    });
    const sent = await until(async () => (await site.events()).find(({ event }) => event === "Met Early"));
    assert.deepEqual(sent.properties, { seen: true });
    const { heard } = await tab.run(() => window.watched);
    assert.deepEqual(
      heard.map((/** @type {any} */ problem) => problem.code),
      ["wasm_unreachable"],
    );
  });

  test("when the wasm is served with a wrong type, it works all the same", async (t) => {
    addPage(site);
    site.answer(WASM, (whole) => ({ ...whole, headers: { "content-type": "text/plain" } }));
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Wrong Type");
    });
    await until(async () => (await site.events()).some((event) => event.event === "Wrong Type"));
    const { thrown, heard } = await tab.run(() => window.watched);
    assert.deepEqual({ thrown, heard }, { thrown: [], heard: [] });
  });
});
