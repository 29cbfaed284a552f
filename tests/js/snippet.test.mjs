import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const snippet = await bundle("snippet.ts", { minify: true });

const NAMES =
  "track page screen identify group alias reset ready on once off emit user setAnonymousId register deregister addSourceMiddleware addDestinationMiddleware trackLink trackForm trackClick trackSubmit debug timeout use consent.set consent.get consent.on data.push data.get data.snapshot stats explain flush forget";

test("it is smaller than 1 KB", () => {
  assert.ok(Buffer.byteLength(snippet) < 1024, `${Buffer.byteLength(snippet)} bytes`);
});

test("every name of the contract can be called, with anything, without a throw", () => {
  const page = fakePage();
  page.run(snippet);
  assert.equal(page.window.analytics.state, "stub");
  for (const name of NAMES.split(" "))
    for (const args of ["", "null", "undefined, 1n", "() => { throw 1 }", "Object.create(null)"])
      page.run(`analytics.${name}(${args})`);
  assert.deepEqual(page.plain(page.run("analytics.consent.get().purposes")), {});
  assert.equal(page.run("analytics.user().anonymousId()"), null);
  assert.equal(page.run("analytics.group().id()"), null);
  assert.deepEqual(page.plain(page.run("analytics.data.snapshot()")), {});
});

test("an event is kept with its arguments, the page it happened on and its time", () => {
  const page = fakePage();
  page.links.push(new page.Element({ rel: "canonical", href: "https://shop.test/cart" }));
  page.run(snippet);
  const before = Date.now();
  page.run(`analytics.track("Product Added", { sku: 1 })`);
  const [entry] = page.plain(page.window.analytics);
  const { at, ...facts } = entry.pop();
  assert.deepEqual(entry, ["track", "Product Added", { sku: 1 }]);
  assert.deepEqual(facts, {
    __t: "bpc",
    c: "https://shop.test/cart",
    p: "/cart",
    u: "https://shop.test/cart?step=1#top",
    s: "?step=1",
    t: "Shop",
    r: "https://search.test/",
  });
  assert.ok(at >= before && at <= Date.now());
});

test("an event's promise settles when its entry is done", async () => {
  const page = fakePage();
  page.run(snippet);
  const promise = page.run(`analytics.page()`);
  page.window.analytics[0].done("context");
  assert.equal(await promise, "context");
});

test("listeners chain, and consent.on gives back its end", () => {
  const page = fakePage();
  page.run(snippet);
  page.run(`analytics.on("error", () => {}).once("ready", () => {}); analytics.consent.on(() => {})()`);
  const kept = page.plain(page.window.analytics).map(([name, first]) => `${name} ${first}`);
  assert.deepEqual(kept, ["on error", "once ready", "on consent", "off consent"]);
});

test("data-global names the global", () => {
  const page = fakePage({ data: { global: "metrics" } });
  page.run(snippet);
  assert.equal(page.window.metrics.state, "stub");
  assert.equal(page.window.analytics, undefined);
});

test("a loaded SDK, another stub and what was pushed before stay", () => {
  for (const found of ["{ state: 'ready', track() {} }", "Object.assign([['track', 'A']], { track() {} })"]) {
    const page = fakePage();
    const before = page.run(`window.analytics = ${found}`);
    page.run(snippet);
    assert.equal(page.window.analytics, before);
    assert.equal(before.consent, undefined);
  }
  const page = fakePage();
  page.run(`window.analytics = [["track", "early"]]`);
  page.run(snippet);
  assert.equal(page.window.analytics[0][1], "early");
});

test("an element with the id of the global is no SDK", () => {
  const page = fakePage();
  page.window.analytics = new page.Element();
  page.run(snippet);
  assert.equal(page.window.analytics.state, "stub");
});

test("it keeps a bounded number of calls, and the promises of the others settle", async () => {
  const page = fakePage();
  page.run(snippet);
  page.run(`for (let i = 0; i < 20000; i++) analytics.flush()`);
  await page.run(`analytics.flush()`);
  assert.equal(page.window.analytics.length, 10_001);
});
