/** The golden cases of all templates, in real browsers: what they name is what the page sees of scripts and calls, under a strict policy. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { callOf, createPage, globalsOf, providedTo, takenBy, templates } from "./support/golden.mjs";
import { html, inPage, isReady, json, script } from "./support/pages.mjs";
import { underPolicy } from "./support/policy.mjs";
import { until } from "./support/until.mjs";

/** One tag, as the native runner has it, and one that says that it is done. @param {string} template @param {object} params */
const settings = (template, params) => ({
  version: 1,
  consent: { model: "none", purposes: { all: {} } },
  triggers: [{ id: "everything", kind: "event", event: "*" }],
  tags: [
    { id: "tag", template, params, consent: { allOf: ["all"] }, fireOn: ["everything"], cleanup: [{ tag: "done" }] },
    {
      id: "done",
      template: "custom-script",
      params: { src: "/done.js?{{event.messageId}}" },
      consent: { allOf: ["all"] },
    },
  ],
});

/** @param {import("./support/golden.mjs").Variant} variant */
const pageOf = (variant) => {
  const stage = { watched: globalsOf(variant), provides: providedTo(variant), takes: takenBy(variant) };
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
<script src="/recorder.js" data-stage='${JSON.stringify(stage)}'></script><script src="/watch.js"></script>
<script src="/dist/snippet.min.js"></script><script src="/listen.js"></script>
<script async src="/dist/tidegate.js" data-config="/config.json"></script></head><body></body></html>`;
};

inEveryBrowser(({ launch }) => {
  let /** @type {import("../audit/support/host.mjs").Host} */ site;
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    site = await openHost("shop");
    browser = await launch();
    for (const name of ["recorder.js", "vendors.js", "watch.js", "listen.js"]) site.answer(`/${name}`, inPage(name));
    site.answer("/done.js", script("recorder.done();"));
    site.answer("/start", html('<title>Start</title><link rel="icon" href="data:,">'));
  });
  after(async () => {
    await browser?.close();
    site?.stop();
  });

  for (const { name, variants } of templates)
    test(name, async (t) => {
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      const tab = await visitor.open(`${site.url}/start`);
      await tab.run(async () => {
        await navigator.serviceWorker.register("/vendors.js");
        await navigator.serviceWorker.ready;
      });
      for (const variant of variants) {
        site.answer("/page", underPolicy(pageOf(variant)));
        site.answer("/config.json", json(settings(name, variant.params)));
        await tab.run(() => localStorage.clear());
        await tab.goto(`${site.url}/page`);
        await until(() => tab.run(isReady));
        const { seen, after } = await tab.run(
          (calls) => window.recorder.run(calls),
          variant.cases.map(({ event }) => callOf(event)),
        );
        const page = createPage(variant);
        for (const [at, { title, does }] of variant.cases.entries())
          await t.test(title, () => assert.deepEqual(seen[at], does.flatMap(page.seenOf)));
        assert.deepEqual(after, [], "nothing beside the vendor's own globals is left on the page");
        const { thrown, violations, logged, heard } = await tab.run(() => window.watched);
        assert.deepEqual({ thrown, violations, logged, heard }, { thrown: [], violations: [], logged: [], heard: [] });
      }
    });
});
