/** What the tests' own pages are made of. */
import { readFileSync } from "node:fs";
import { openSite } from "./site.mjs";

/** A decision by `consent.set` alone, one destination. */
export const config = {
  version: 1,
  writeKey: "demo",
  consent: {
    model: "opt-in",
    cmp: "manual",
    purposes: { necessary: { always: true }, analytics: {}, advertising: {} },
  },
  identity: { consent: { allOf: ["analytics"] } },
  destinations: [
    {
      id: "collector",
      kind: "segment",
      url: "/v1/batch",
      writeKey: "demo",
      consent: { allOf: ["analytics"] },
      batch: { maxEvents: 50, maxBytes: 60000, maxWaitMs: 200 },
    },
  ],
};

/** @param {string} name a script of `in-page/` */
export const inPage = (name) => script(readFileSync(new URL(`in-page/${name}`, import.meta.url), "utf8"));

/** A page that embeds the SDK as the README says. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>A page</title>
<link rel="icon" href="data:,">
<script src="/watch.js"></script>
<script src="/dist/snippet.min.js"></script>
<script src="/listen.js"></script>
<script async src="/dist/tidegate.js" data-config="/config.json"></script>
</head>
<body>A page.</body>
</html>`;

/** Puts the page at `/page` with the config. @param {import("./site.mjs").Site} site @param {object} [settings] */
export function addPage(site, settings = config) {
  site.answer("/page", html(page));
  site.answer("/watch.js", inPage("watch.js"));
  site.answer("/listen.js", inPage("listen.js"));
  site.answer("/config.json", json(settings));
}

/**
 * A site of the test's own with that page, and a visitor; both are gone after the test.
 * @param {import("node:test").TestContext} t
 * @param {import("./browsers.mjs").Browser} browser
 * @param {object} [settings]
 */
export async function openPage(t, browser, settings = config) {
  const site = await openSite();
  addPage(site, settings);
  const visitor = await browser.visitor();
  t.after(async () => {
    await visitor.leave();
    await site.stop();
  });
  return { site, visitor };
}

/** @param {string} body @param {Record<string, string>} [headers] */
export const html = (body, headers) => ({ body, headers: { "content-type": "text/html; charset=utf-8", ...headers } });

/** @param {string} body */
export const script = (body) => ({ body, headers: { "content-type": "text/javascript; charset=utf-8" } });

/** @param {unknown} value */
export const json = (value) => ({ body: JSON.stringify(value), headers: { "content-type": "application/json" } });

/** Runs in the page. */
export const isReady = () => window.analytics?.state === "ready";
