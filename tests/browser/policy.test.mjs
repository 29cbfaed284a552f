/** The demo store under the strictest policy the SDK promises to work under. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { html, inPage, isReady, json, script } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const POLICY = "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'";

/** A tag that the policy lets load: mixpanel's own script writes markup. */
const TAG = {
  id: "custom",
  template: "custom-script",
  params: { src: "/custom.js" },
  consent: { allOf: ["advertising"] },
  fireOn: ["everything"],
};

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/site.mjs").Site} */ site;
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    site = await openSite();
    // The banner sets innerHTML, which is not the SDK's to answer for.
    const bannerless = (/** @type {string} */ text) =>
      text
        .replace(/<script[^>]*cookieconsent[^>]*><\/script>/, "")
        .replace("<script", () => '<script src="/watch.js"></script><script');
    site.answer("/", (given) => html(bannerless(String(given.body)), { "content-security-policy": POLICY }));
    site.answer("/tidegate.json", (given) => json({ ...JSON.parse(String(given.body)), tags: [TAG] }));
    site.answer("/watch.js", inPage("watch.js"));
    site.answer("/custom.js", script("window.customRan = (window.customRan ?? 0) + 1;"));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  test("events arrive and a script tag loads without a violation", async (t) => {
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(site.url);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Under Policy");
    });
    await until(() => tab.run(() => window.customRan));
    const arrived = await until(async () => {
      const events = await site.events();
      return events.some((event) => event.event === "Under Policy") && events;
    });
    assert.deepEqual(
      arrived.map((event) => event.event ?? event.type),
      ["page", "Product List Viewed", "Under Policy"],
    );
    const { thrown, violations, logged } = await tab.run(() => window.watched);
    assert.deepEqual({ thrown, violations, logged }, { thrown: [], violations: [], logged: [] });

    // The policy was in force: markup from a text is refused.
    const refused = await tab.run(() => {
      try {
        document.createElement("div").innerHTML = "<b></b>";
        return false;
      } catch {
        return true;
      }
    });
    assert.ok(refused);
  });
});
