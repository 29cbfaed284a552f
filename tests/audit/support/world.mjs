/** A shop whose pages embed the SDK, and a vendor on a site of its own, for one test. */
import { readFileSync } from "node:fs";
import { until } from "../../browser/support/until.mjs";
import { openHost } from "./host.mjs";
import { settings } from "./settings.mjs";

/** @typedef {{ shop: import("./host.mjs").Host, vendor: import("./host.mjs").Host }} World */

/**
 * @typedef {object} Page
 * @property {import("./platforms.mjs").Platform} [platform] the consent platform on it; none leaves it to `consent.set`
 * @property {(standard: any) => any} [config] makes it from the standard one
 * @property {string} [first] HTML before everything else
 * @property {string} [last] HTML after the SDK
 */

/** @param {import("node:test").TestContext} t @returns {Promise<World>} */
export async function openWorld(t) {
  const world = { shop: await openHost("shop"), vendor: await openHost("vendor") };
  for (const name of ["watch", "fast-clock", "tcf", "gpp"]) world.shop.answer(`/${name}.js`, { body: inPage(name) });
  world.vendor.answer("/heatmap.js", { body: "window.heatmaps = (window.heatmaps ?? 0) + 1;" });
  world.vendor.answer("/pixel.gif", { body: "" });
  t.after(() => {
    for (const host of Object.values(world)) host.stop();
  });
  return world;
}

/** A script of in-page/. @param {string} name */
export const inPage = (name) => readFileSync(new URL(`in-page/${name}.js`, import.meta.url), "utf8");

/**
 * Puts a page at `path` of the shop.
 * @param {World} world
 * @param {Page} page
 * @param {string} [path]
 */
export function addPage(
  world,
  { platform, config = (standard) => standard, first = "", last = "" } = {},
  path = "/page",
) {
  const { shop } = world;
  for (const [file, body] of Object.entries(platform?.files ?? {})) shop.answer(file, { body });
  shop.answer(`${path}.json`, { body: JSON.stringify(config(settings(world))) });
  shop.answer(path, {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Audited</title><link rel="icon" href="data:,">
<script src="/watch.js"></script>${first}
<script src="/dist/snippet.min.js"></script>
<script async src="/dist/tidegate.js" data-config="${path}.json"></script>
${platform?.head ?? ""}${last}</head><body></body></html>`,
  });
}

/**
 * Somebody without a past opens a page of a shop with these settings.
 * @param {import("./engines.mjs").Engine} engine
 * @param {import("node:test").TestContext} t
 * @param {Page} [page]
 */
export async function visit(engine, t, page = {}) {
  const world = await openWorld(t);
  addPage(world, page);
  const visitor = await engine.visitor(t);
  const open = async (/** @type {string} */ path) => {
    const tab = await visitor.open(`${world.shop.url}${path}`);
    await until(() => tab.run(isReady));
    return tab;
  };
  return { ...world, world, visitor, open, tab: await open("/page") };
}

/** Whether the SDK runs, or has failed for good; runs in the page. */
export const isReady = () => ["ready", "failed"].includes(window.analytics?.state);

/** @param {import("../../browser/support/browsers.mjs").Tab} tab */
export async function reload(tab) {
  await tab.reload();
  await until(() => tab.run(isReady));
}
