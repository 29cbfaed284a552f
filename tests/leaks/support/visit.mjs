/** A visitor of a page with the same banner and the same vendor, and one of the two SDKs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../../js/scripts/tools.mjs";
import { openHost } from "../../audit/support/host.mjs";
import { until } from "../../browser/support/until.mjs";

/** @typedef {"Segment" | "Tidegate"} Sdk */

/**
 * @typedef {object} Visit
 * @property {import("../../audit/support/host.mjs").Host} shop gets the events
 * @property {import("../../audit/support/host.mjs").Host} vendor has a script that nobody mapped to a category
 * @property {import("../../browser/support/browsers.mjs").Tab} tab
 * @property {(categories: string[]) => Promise<void>} answer the banner
 * @property {(name: string) => Promise<void>} track
 * @property {(name: string, seconds?: number) => Promise<any>} arrived the event, once it came; undefined where it does not come
 * @property {(path: string) => Promise<void>} go
 */

const file = (/** @type {string} */ name) => readFileSync(new URL(name, import.meta.url), "utf8");

async function segmentBundle() {
  const options = /** @type {const} */ ({ bundle: true, format: "iife", write: false });
  const { outputFiles } = await build({ ...options, entryPoints: [join(import.meta.dirname, "segment-page.js")] });
  return outputFiles[0]?.text ?? "";
}

const settingsOfSegment = (/** @type {string} */ host, /** @type {string} */ vendor) => ({
  integrations: {
    "Segment.io": { apiKey: "leaks", apiHost: `${host}/segment`, protocol: "http" },
    Heatmap: { type: "browser" },
    Ads: { type: "browser", consentSettings: { categories: ["advertising"] } },
  },
  remotePlugins: [
    { name: "Heatmap", creationName: "Heatmap", url: `${vendor}/heatmap.js`, libraryName: "heatmap", settings: {} },
    { name: "Ads", creationName: "Ads", url: `${vendor}/ads.js`, libraryName: "ads", settings: {} },
  ],
  consentSettings: { allCategories: ["analytics", "advertising"], hasUnmappedDestinations: true },
});

const configOfTidegate = (/** @type {string} */ vendor) => ({
  version: 1,
  writeKey: "leaks",
  consent: { model: "opt-in", purposes: { analytics: {}, advertising: {} } },
  destinations: [
    {
      id: "segment",
      kind: "segment",
      url: "/record",
      consent: { anyOf: ["analytics", "advertising"] },
      batch: { maxWaitMs: 50 },
    },
  ],
  triggers: [{ id: "everything", kind: "event", event: "*" }],
  tags: [
    { id: "heatmap", template: "custom-script", params: { src: `${vendor}/heatmap.js` }, fireOn: ["everything"] },
    {
      id: "ads",
      template: "custom-script",
      params: { src: `${vendor}/ads.js` },
      consent: { allOf: ["advertising"] },
      fireOn: ["everything"],
    },
  ],
});

const scripts = {
  Segment: '<script defer src="/segment.js"></script>',
  Tidegate: `<script src="/dist/snippet.min.js"></script>
<script async src="/dist/tidegate.js" data-config="/config.json"></script>`,
};

/** @param {string} body */
const html = (body) => ({
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leaks</title><link rel="icon" href="data:,">
<script src="/cookieconsent.js"></script><script src="/page.js"></script>${body}</head><body></body></html>`,
});

/**
 * @param {import("node:test").TestContext} t
 * @param {import("../../browser/support/browsers.mjs").Browser} browser
 * @param {Sdk} sdk
 * @returns {Promise<Visit>}
 */
export async function visit(t, browser, sdk) {
  const [shop, vendor] = [await openHost("shop"), await openHost("vendor")];
  const cookieconsent = join(root, "node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js");
  shop.answer("/cookieconsent.js", { body: readFileSync(cookieconsent, "utf8") });
  shop.answer("/page.js", { body: file("page.js") });
  shop.answer("/page", html(scripts[sdk]));
  shop.answer("/bare", html(""));
  if (sdk === "Segment") {
    const settings = settingsOfSegment(new URL(shop.url).host, vendor.url);
    shop.answer("/segment.js", { body: await segmentBundle() });
    shop.answer("/v1/projects/leaks/settings", { body: JSON.stringify(settings) });
  } else shop.answer("/config.json", { body: JSON.stringify(configOfTidegate(vendor.url)) });
  for (const name of ["heatmap", "ads"]) vendor.answer(`/${name}.js`, { body: `window.${name} = () => [];` });

  const visitor = await browser.visitor();
  t.after(async () => {
    await visitor.leave();
    for (const host of [shop, vendor]) host.stop();
  });
  const tab = await visitor.open(`${shop.url}/page`);
  const isThere = () => tab.run(() => !!(window.answer && window.CookieConsent.getConfig("categories")));
  await until(isThere);
  return {
    shop,
    vendor,
    tab,
    answer: (categories) => tab.run((categories) => void window.answer(categories), categories),
    track: (name) => tab.run((name) => void window.analytics.track(name), name),
    arrived: (name, seconds = 2) =>
      until(() => shop.events().find(({ event }) => event === name), seconds).catch(() => undefined),
    async go(path) {
      await tab.goto(`${shop.url}${path}`);
      await until(isThere);
    },
  };
}
