import assert from "node:assert/strict";
import { test } from "node:test";
import { load as exportsOf } from "./support/bundle.mjs";

// Imported here as a server would: there is no window and no document.
const { load, AnalyticsBrowser } = await exportsOf("module.ts");

test("on a server the module can be imported and used, and does nothing", async () => {
  assert.equal(typeof document, "undefined");
  const analytics = load({ config: "/tidegate.json", global: "analytics" });
  assert.equal(analytics.state, "failed");
  const seen = [];
  const ctx = await analytics.track("A", { n: 1 }, () => seen.push("called back"));
  await Promise.all([analytics.ready(), analytics.flush(), analytics.page()]);
  assert.equal(ctx.event, undefined);
  assert.deepEqual(seen, ["called back"]);
  assert.equal(analytics.user().anonymousId(), null);
  assert.equal(analytics.consent.get().status, "error");
  assert.deepEqual(analytics.stats().errors, {});
  analytics.trackLink([], "Clicked");
  analytics.consent.set({ analytics: true });
  analytics.data.push({ a: 1 });
  assert.deepEqual(analytics.data.snapshot(), {});
  assert.equal(globalThis.analytics, undefined);
});

test("Segment's way to start works at once, and is a promise of what has loaded", async () => {
  const buffered = AnalyticsBrowser.load({ writeKey: "key" }, { integrations: { All: false } });
  const early = buffered.track("A");
  const [analytics] = await buffered;
  assert.equal(typeof analytics.track, "function");
  assert.equal(buffered.state, analytics.state);
  assert.equal((await early).event, undefined);
});

test("on a server one that is to be loaded later works too, loaded or not", async () => {
  const browser = new AnalyticsBrowser();
  assert.ok(browser instanceof AnalyticsBrowser);
  const ctx = await browser.track("A", () => {});
  assert.equal(ctx.event, undefined);
  await Promise.all([browser.ready(), browser.flush()]);
  browser.on("track", () => {}).consent.set({ analytics: true });
  assert.equal((await browser.user()).anonymousId(), null);
  assert.equal(browser.instance, undefined);
  assert.equal(browser.load({ writeKey: "key" }), browser);
  const [analytics] = await browser;
  assert.equal(browser.instance, analytics);
  assert.equal((await AnalyticsBrowser.standalone("key")).state, "failed");
});
