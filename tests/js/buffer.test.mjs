import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const snippet = await bundle("snippet.ts");
const script = await bundle("script.ts");

/** Calls the core was handed: verb, arguments, time, and the path of the page they were made on. */
function calls(page) {
  let path;
  const found = [];
  for (const [name, ...args] of page.core())
    if (name === "page") path = JSON.parse(args[0].split("\n")[0]).path;
    else if (name === "call") found.push([args[0], JSON.parse(args[1]), args[2], path]);
  return found;
}

test("calls made before the script, before the core and after it arrive in order, with their time and page", async () => {
  const page = fakePage();
  page.window.Date = class extends Date {
    static now = () => clock;
  };
  let clock = 100;
  page.run(snippet);
  page.run(`analytics.track("A", { n: 1 })`);
  page.window.location.href = "https://shop.test/checkout";
  clock = 200;
  page.run(`analytics.identify("u1")`);
  page.run(script);
  assert.equal(page.window.analytics.state, "loading");
  clock = 300;
  page.run(`analytics.page()`);
  await page.settle();
  assert.equal(page.window.analytics.state, "ready");
  clock = 400;
  page.window.location.href = "https://shop.test/thanks";
  page.run(`analytics.track("B")`);
  page.window.location.href = "https://shop.test/later";
  await page.settle();
  assert.deepEqual(calls(page), [
    [0, ["A", { n: 1 }], 100, "/cart"],
    [3, ["u1"], 200, "/checkout"],
    [1, [], 300, "/checkout"],
    [0, ["B"], 400, "/thanks"],
  ]);
});

test("arguments are read when the call is made, not when the core is there", async () => {
  const page = fakePage();
  page.run(script);
  page.run(`const cart = { total: 1 }; analytics.track("A", cart); cart.total = 2`);
  await page.settle();
  assert.deepEqual(calls(page)[0]?.[1], ["A", { total: 1 }]);
});

test("consent and data calls keep their place among events", async () => {
  const page = fakePage();
  page.run(snippet);
  page.run(`analytics.track("A"); analytics.consent.set({ analytics: true }); analytics.data.push({ a: 1 })`);
  page.run(script);
  page.run(`analytics.consent.set({ ads: true }, { explicit: false }); analytics.track("B")`);
  await page.settle();
  assert.deepEqual(
    page.core("start", "page", "consent", "user").map(([name, first, second]) => [name, first, second].slice(0, 3)),
    [
      ["call", 0, '["A"]'],
      ["consentSet", '{"analytics":true}', true],
      ["dataPush", '{"a":1}', undefined],
      ["consentSet", '{"ads":true}', false],
      ["call", 0, '["B"]'],
    ].map((entry) => entry.slice(0, 3)),
  );
});

test("promises of all three times settle with a context that reads its event once", async () => {
  const page = fakePage();
  page.window.coreAnswers.event = (capture) => ({ messageId: `m${capture}` });
  page.run(snippet);
  const stub = page.run(`analytics.track("A")`);
  page.run(script);
  const loading = page.run(`analytics.track("B")`);
  const contexts = [await stub, await loading, await page.run(`analytics.track("C")`)];
  assert.deepEqual(
    page.core().filter(([name]) => name === "event"),
    [],
    "no event is built before it is read",
  );
  assert.deepEqual(
    contexts.map((ctx) => ctx.event.messageId),
    ["m1", "m2", "m3"],
  );
  assert.equal(contexts[0].event, contexts[0].event);
});

test("what the page kept of the stub still works", async () => {
  const page = fakePage();
  page.run(snippet);
  page.run(`var kept = analytics, { track } = analytics, { consent } = analytics`);
  page.run(script);
  await page.settle();
  assert.equal(page.window.kept, page.window.analytics);
  const ctx = await page.run(`track("A")`);
  await page.run(`kept.track("B")`);
  assert.ok("event" in ctx);
  assert.deepEqual(
    calls(page).map(([, args]) => args[0]),
    ["A", "B"],
  );
  assert.equal(page.run(`consent.get().status`), "ready");
});

test("entries of Segment's own snippet are carried out, and late ones too", async () => {
  const page = fakePage();
  const entry = `{ __t: "bpc", c: undefined, p: "/early", u: "https://shop.test/early", s: "", t: "Early", r: "" }`;
  page.run(`window.analytics = [["track", "A", { n: 1 }, ${entry}], ["identify", "u1", ${entry}]]`);
  page.run(`Object.assign(analytics, { track() {}, invoked: true, _writeKey: "segment-key" })`);
  page.run(script);
  page.run(`analytics.push(["track", "B", ${entry}])`);
  await page.settle();
  assert.deepEqual(
    calls(page).map(([verb, args, , path]) => [verb, args, path]),
    [
      [0, ["A", { n: 1 }], "/early"],
      [3, ["u1"], "/early"],
      [0, ["B"], "/early"],
    ],
  );
  const [[, , env]] = page.core();
  assert.equal(JSON.parse(env).writeKey, "segment-key");
});

test("a canonical link decides path and URL, as with Segment", async () => {
  const page = fakePage();
  page.links.push(new page.Element({ href: "https://shop.test/canonical" }));
  page.run(script);
  page.run(`analytics.page()`);
  await page.settle();
  const [, facts] = page.core().find(([name]) => name === "page") ?? [];
  assert.deepEqual(JSON.parse(facts.split("\n")[0]), {
    path: "/canonical",
    referrer: "https://search.test/",
    search: "?step=1",
    title: "Shop",
    url: "https://shop.test/canonical?step=1",
  });
});

test("utm parameters are decoded as a form's, one that cannot be stays as it is, and follow the page", async () => {
  const query = "?utm_source=news&utm_campaign=a%20b+c&utm_term=a+%&utm_=x&utm___proto__=y&step=1";
  const page = fakePage({ globals: { location: new URL(`https://shop.test/cart${query}`) } });
  page.run(script);
  page.run(`analytics.page()`);
  await page.settle();
  const [, facts] = page.core().find(([name]) => name === "page") ?? [];
  const [first, second] = facts.split("\n");
  assert.equal(JSON.parse(first).search, query);
  assert.equal(second, '{"source":"news","campaign":"a b c","term":"a+%","__proto__":"y"}');
});

test("calls reach the core at the end of the microtask, and before whatever else is asked of it", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  const entered = () => page.core("page").map(([name]) => name);
  const before = entered().length;
  page.run(`analytics.track("A"); analytics.track("B")`);
  assert.deepEqual(entered().slice(before), []);
  page.run(`analytics.reset()`);
  assert.deepEqual(entered().slice(before), ["call", "call", "reset"]);
  await page.run(`analytics.track("C")`);
  assert.deepEqual(entered().slice(before + 3), ["call"]);
  const { event } = page.run(`analytics.track("D"), analytics.stats(), { event: coreLog.length }`);
  assert.equal(event, page.core().length);
  assert.deepEqual(entered().slice(before + 4), ["call", "stats"]);
});

test("once tags may read the page, calls reach the core at once", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.window.coreHost.part("tags");
  await page.settle();
  page.run(`analytics.track("A")`);
  assert.deepEqual(
    calls(page).map(([, args]) => args[0]),
    ["A"],
  );
});

test("a page that puts its own in place of queueMicrotask stops no call", async () => {
  for (const own of ["() => {}", "() => { throw new Error('page') }", "undefined"]) {
    const page = fakePage();
    page.run(script);
    await page.settle();
    page.run(`queueMicrotask = ${own}`);
    await page.run(`analytics.track("A"), analytics.track("B")`);
    await page.run(`analytics.track("C")`);
    assert.equal(calls(page).length, 3, own);
  }
});

test("of very many calls in one task most reach the core in it", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`for (let n = 0; n < 25_000; n++) analytics.track("A")`);
  assert.ok(calls(page).length > 23_000, `${calls(page).length}`);
  await page.settle();
  assert.equal(calls(page).length, 25_000);
});

test("page facts are told again only when the page changed", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  const told = () => page.core().filter(([name]) => name === "page").length;
  await page.run(`analytics.track("A"); analytics.track("B")`);
  assert.equal(told(), 1);
  page.document.title = "Cart";
  page.run(`analytics.track("C")`);
  page.links.push(new page.Element({ href: "/c" }));
  page.run(`analytics.track("D")`);
  page.links[0].attributes.href = "/d";
  await page.run(`analytics.track("E"); analytics.track("F")`);
  assert.equal(told(), 4);
});

test("a consent platform on the page is read before buffered calls are carried out", async () => {
  const page = fakePage();
  page.run(snippet);
  page.run(`analytics.track("A")`);
  page.run(
    `window.CookieConsent = { getCookie: () => ({}), getConfig: (field) => (field === 'categories' ? {} : undefined) }`,
  );
  page.run(script);
  await page.settle();
  assert.deepEqual(
    page.core("page").map(([name]) => name),
    ["start", "signal", "call", "signal"],
  );
});

test("callbacks run once, after capture, or when their time is up", async () => {
  const page = fakePage();
  page.run(script);
  page.run(`var seen = []; analytics.timeout(50); analytics.track("A", () => seen.push("A"))`);
  page.timers.find(({ ms }) => ms === 50).call();
  assert.deepEqual(page.plain(page.window.seen), ["A"]);
  await page.settle();
  page.run(`analytics.track("B", null, (ctx) => seen.push(typeof ctx))`);
  await page.settle();
  assert.deepEqual(page.plain(page.window.seen), ["A", "object"]);
});

test("calls made while the core runs wait until it is done, and none is lost", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.window.coreHost.part("tags");
  await page.settle();
  page.run(`window.vendor = { hit() { analytics.track("inner"); inside = coreLog.length; } }; var inside`);
  page.window.coreAnswers.call = () => {
    page.window.coreAnswers.call = () => 2;
    page.window.coreHost.page('["step",0,{"call":"vendor.hit"}]');
    return 1;
  };
  await page.run(`analytics.track("outer"); analytics.track("after")`);
  assert.deepEqual(
    calls(page).map(([, args]) => args[0]),
    ["outer", "inner", "after"],
  );
});

test("a second copy of the script leaves the first alone", async () => {
  const page = fakePage();
  page.run(script);
  const first = page.window.analytics;
  page.run(script);
  await page.settle();
  assert.equal(page.window.analytics, first);
  assert.equal(page.core().filter(([name]) => name === "start").length, 1);
});

test("two globals on one page do not share anything", async () => {
  const page = fakePage();
  page.run(script);
  page.document.currentScript.dataset = { global: "other" };
  page.run(script);
  await page.settle();
  assert.notEqual(page.window.other, page.window.analytics);
  page.run(
    `var heard = []; analytics.on("error", () => heard.push("analytics")); other.on("error", () => heard.push("other"))`,
  );
  page.run(`analytics.once("x")`);
  await page.settle();
  assert.equal(page.window.heard.length, 1);
});

test("a core that does not come costs bounded memory: later calls settle and are counted as overflow", async () => {
  const page = fakePage();
  page.window.fetch = () => new Promise(() => {});
  page.run(script);
  page.run(`for (let i = 0; i < 10000; i++) analytics.track("A")`);
  const late = page.run(`analytics.track("B")`);
  assert.equal((await late).event, undefined);
  assert.deepEqual(page.plain(page.run(`analytics.stats().errors`)), { overflow: 1 });
});
