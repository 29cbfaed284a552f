/** What the README shows works as it stands there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { root, target } from "../../js/scripts/tools.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { html, isReady, openPage, script } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** @param {string} language @param {RegExp} pattern @returns {string} the one block of code that has it */
function block(language, pattern) {
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(
    ([, tongue, code = ""]) => tongue === language && pattern.test(code),
  );
  assert.equal(blocks.length, 1, `${blocks.length} blocks of ${language} with ${pattern}`);
  return blocks[0]?.[2] ?? "";
}

const tags = block("html", /tidegate\.js/);
const smallest = block("json", /"model": "none"/);
const usual = block("json", /"template": "mixpanel"/);
const everything = block("json", /"regions"/);
const imported = block("js", /from "tidegate"/);
const preloads = block("html", /modulepreload/);

const page = (/** @type {string} */ head) =>
  html(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>README</title><link rel="icon" href="data:,">
${head}</head><body></body></html>`);

test("the configs are without fault", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-readme-"));
  try {
    for (const config of [smallest, usual, everything]) {
      const file = join(folder, "tidegate.json");
      writeFileSync(file, config);
      // Ends with an error where it finds one.
      execFileSync(join(target, "debug/tidegate"), ["check", file], { cwd: root });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

inEveryBrowser(({ launch, name }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** @param {import("node:test").TestContext} t @param {string} config @param {string} head */
  async function open(t, config, head) {
    const { site, visitor } = await openPage(t, browser);
    site.answer("/tidegate.json", { body: config, headers: { "content-type": "application/json" } });
    site.answer("/page", page(head));
    return { site, tab: await visitor.open(`${site.url}/page`) };
  }

  test("the tags and the smallest config send events without being asked, and stop at a denial", async (t) => {
    const { site, tab } = await open(t, smallest, tags);
    const names = async () => (await site.events()).map(({ type, event }) => event ?? type);
    await until(async () => (await names()).length === 2);
    assert.deepEqual(await names(), ["page", "Order Completed"]);
    assert.equal(await tab.run(() => typeof window.analytics.user().anonymousId()), "string");
    await tab.run(() => {
      window.analytics.consent.set({ analytics: false });
      window.analytics.track("Denied");
    });
    assert.equal(await tab.run(() => window.analytics.user().anonymousId()), null);
    const { dropped, pending, queued } = await tab.run(() => window.analytics.stats());
    assert.deepEqual([dropped, pending, queued], [{ denied: 1 }, 0, 0]);
  });

  test("with opt-in in the smallest config nothing is sent before consent.set says so", async (t) => {
    const { site, tab } = await open(t, smallest.replace('"none"', '"opt-in"'), tags);
    await until(() => tab.run(isReady));
    assert.deepEqual(await tab.run(() => [window.analytics.stats().pending, document.cookie]), [2, ""]);
    assert.deepEqual(site.batches(), []);
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    await until(async () => (await site.events()).length === 2);
  });

  test("the module works in a bundle beside the files of dist/", async (t) => {
    const { outputFiles } = await build({
      stdin: { contents: `${imported}\nwindow.analytics = analytics;`, resolveDir: root },
      bundle: true,
      format: "esm",
      write: false,
    });
    const { site, visitor } = await openPage(t, browser);
    site.answer("/tidegate.json", { body: smallest, headers: { "content-type": "application/json" } });
    site.answer("/dist/bundle.js", script(outputFiles[0]?.text ?? ""));
    site.answer("/page", page('<script type="module" src="/dist/bundle.js"></script>'));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() =>
      window.analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.context.seen = true;
        next(payload);
      }),
    );
    await tab.run(() => void window.analytics.track("Seen"));
    const seen = await until(async () => (await site.events()).find(({ event }) => event === "Seen"));
    assert.equal(seen.context.seen, true);
    assert.ok((await site.events()).some(({ event }) => event === "Order Completed"));
  });

  test("with the preloads what middleware needs comes before it is asked for, and once", async (t) => {
    const { site, tab } = await open(t, smallest, preloads + tags);
    await until(() => tab.run(isReady));
    const needed = /tidegate\.segment\.js|plugins_bg\.wasm/;
    const fetched = () => site.seen.filter(({ path }) => needed.test(path)).map(({ path }) => path);
    await until(() => fetched().length >= 2);
    await tab.run(() => {
      window.analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.context.seen = true;
        next(payload);
      });
      window.analytics.track("Seen");
    });
    const seen = await until(async () => (await site.events()).find(({ event }) => event === "Seen"));
    assert.equal(seen.context.seen, true);
    const once = ["/dist/tidegate.segment.js", "/dist/tidegate_plugins_bg.wasm"];
    // WebKitGTK does not find what it preloaded for a fetch.
    assert.deepEqual(fetched().sort(), name === "WebKitGTK" ? [...once, once[1]] : once);
  });
});
