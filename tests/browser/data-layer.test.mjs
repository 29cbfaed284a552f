/** Google's data layer as a front door: what it takes, what is in the model afterwards, and which events come of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { root } from "../../js/scripts/tools.mjs";
import { messages, THING } from "../js/support/messages.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, html, isReady, page, script } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const settings = { ...config, facades: { dataLayer: {} } };

/** Pushes, as source, and the model they leave. @type {[title: string, pushes: string, model: object][]} */
const CASES = [
  ["a key is set", `{ a: 1 }`, { a: 1 }],
  ["keys of several messages stand side by side", `{ a: 1 }, { b: 2 }`, { a: 1, b: 2 }],
  ["the later value stands", `{ a: 1 }, { a: "two" }`, { a: "two" }],
  [
    "objects merge by key, at any depth",
    `{ a: { b: { c: 1 } } }, { a: { b: { d: 2 }, e: 3 } }`,
    { a: { b: { c: 1, d: 2 }, e: 3 } },
  ],
  ["arrays merge by index", `{ a: [1, 2, 3] }, { a: [9] }`, { a: [9, 2, 3] }],
  ["objects in arrays merge", `{ a: [{ x: 1 }] }, { a: [{ y: 2 }, 5] }`, { a: [{ x: 1, y: 2 }, 5] }],
  ["a hole leaves what is there", `{ a: [1, 2] }, { a: [, 3] }`, { a: [1, 3] }],
  ["an explicit undefined does not, and is null", `{ a: [1, 2] }, { a: [undefined, 3] }`, { a: [null, 3] }],
  ["an undefined member is null", `{ a: 1 }, { a: undefined }`, { a: null }],
  ["an array takes an object's place", `{ a: { x: 1 } }, { a: [1] }`, { a: [1] }],
  ["an object takes an array's place", `{ a: [1] }, { a: { x: 1 } }`, { a: { x: 1 } }],
  [
    "what is no container takes a container's place, and back",
    `{ a: { x: 1 }, b: 1 }, { a: 2, b: { y: 1 } }`,
    { a: 2, b: { y: 1 } },
  ],
  ["a dotted key is a path", `{ "a.b.c": 1 }, { "a.b.d": 2 }`, { a: { b: { c: 1, d: 2 } } }],
  ["a path makes objects, not arrays", `{ a: [1] }, { "a.0": 2 }`, { a: { 0: 2 } }],
  ["below the first level a dot is a character", `{ a: { "b.c": 1 } }`, { a: { "b.c": 1 } }],
  [
    "_clear replaces what stands beside it",
    `{ a: { x: 1 }, b: [1, 2] }, { a: { y: 2 }, b: [3], _clear: true }`,
    { a: { y: 2 }, b: [3] },
  ],
  [
    "_clear is for its own level alone",
    `{ a: { x: { y: 1 } }, b: [1, 2] }, { a: { x: { z: 2 }, _clear: 1 }, b: [3] }`,
    { a: { x: { z: 2 } }, b: [3, 2] },
  ],
  ["a falsy _clear is none", `{ a: { x: 1 } }, { a: { y: 2 }, _clear: 0 }`, { a: { x: 1, y: 2 } }],
  [
    "_clear replaces at the end of a path",
    `{ a: { b: { x: 1 }, c: 1 } }, { "a.b": { y: 2 }, _clear: true }`,
    { a: { b: { y: 2 }, c: 1 } },
  ],
  ["a command appends", `{ a: { b: [1] } }, ["a.b.push", 2, 3]`, { a: { b: [1, 2, 3] } }],
  ["a command shortens", `{ a: [1, 2, 3] }, ["a.splice", 1, 1]`, { a: [1, 3] }],
  ["a command takes functions", `{ a: [1, 3, 2] }, ["a.sort", (x, y) => y - x]`, { a: [3, 2, 1] }],
  [
    "a command that is no method does nothing",
    `{ a: [1] }, ["a.none", 1], ["b.c.push", 1], { c: 1 }`,
    { a: [1], c: 1 },
  ],
  ["a date is one for commands", `{ t: new Date(0) }, ["t.setTime", 86400000]`, { t: "1970-01-02T00:00:00.000Z" }],
  ["an instance is one for commands", `{ t: new Thing(1) }, ["t.add", 2]`, { t: { n: 3 } }],
  ["an instance is no plain object to merge with", `{ t: new Thing(1) }, { t: { m: 2 } }`, { t: { m: 2 } }],
  [
    "an instance deep inside is remembered",
    `{ a: { t: [new Thing(1)] } }, { a: { u: 1 } }, ["a.t.0.add", 4]`,
    { a: { t: [{ n: 5 }], u: 1 } },
  ],
  [
    "what has been overwritten is not remembered",
    `{ t: new Thing(1) }, { t: { n: 1 } }, ["t.add", 2]`,
    { t: { n: 1 } },
  ],
  [
    "elements and functions are null, and remembered",
    `{ e: document.body, f() { return 1; } }, function () { this.set("is", [this.get("e") === document.body, this.get("f")()]); }`,
    { e: null, f: null, is: [true, 1] },
  ],
  [
    "a function reads and sets",
    `{ a: { b: 2 } }, function () { this.set("a.c", this.get("a.b") * 2); }`,
    { a: { b: 2, c: 4 } },
  ],
  ["what a function sets merges", `{ a: { b: 1 } }, function () { this.set("a", { c: 2 }); }`, { a: { b: 1, c: 2 } }],
  [
    "what a function gets is the model's own",
    `{ a: [{ p: 1 }] }, function () { const a = this.get("a"); a[0].p = 5; a.push(6); }`,
    { a: [{ p: 5 }, 6] },
  ],
  ["a length can be read", `{ a: [1, 2] }, function () { this.set("n", this.get("a.length")); }`, { a: [1, 2], n: 2 }],
  [
    "what is not there is undefined",
    `{ a: null }, function () { this.set("is", this.get("a.b.c") === undefined && this.get("z") === undefined); }`,
    { a: null, is: true },
  ],
  [
    "a function that throws keeps what it did",
    `function () { this.set("a", 1); throw new Error("page"); }, { b: 2 }`,
    { a: 1, b: 2 },
  ],
  [
    "a push from within waits its turn",
    `function () { dataLayer.push({ a: 2 }); this.set("a", 1); this.set("after", this.get("a")); }, { b: 1 }`,
    { a: 2, after: 1, b: 1 },
  ],
  ["reset empties the model", `{ a: 1 }, function () { this.reset(); this.set("b", 1); }`, { b: 1 }],
  ["gtag sets", `args("set", { a: { b: 1 } }), args("set", "a.c", 2)`, { a: { b: 1, c: 2 } }],
  [
    "gtag's event is in the model, with its own parameters alone",
    `args("event", "one", { x: 1 }), args("event", "two", { y: 2 })`,
    { event: "two", eventModel: { y: 2 } },
  ],
  [
    "consent is the consent adapter's",
    `args("consent", "default", { ad_storage: "denied" }), args("js", new Date())`,
    {},
  ],
  ["what is no message is left alone", `null, undefined, "text", 5, new Date()`, {}],
  [
    "names that lead to prototypes lead nowhere",
    `JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"__proto__.x":1,"constructor.prototype.x":1}'), ["constructor.prototype.push", 1], { "a.__proto__.x": 1 }`,
    { constructor: { prototype: { x: 1 } } },
  ],
  ["a getter that throws", `{ a: 1, get b() { throw new Error("page"); } }`, { a: 1, b: "[unreadable]" }],
  ["a cycle", `((loop) => { loop.a.self = loop; return loop; })({ a: { x: 1 } })`, { a: { x: 1, self: "[circular]" } }],
  ["a BigInt", `{ a: 12n, b: NaN }`, { a: "12", b: null }],
  [
    "an array that claims to be endless",
    `{ a: 1 }, { b: ((list) => { list[4294967290] = 1; return list; })([]) }`,
    { a: 1 },
  ],
];

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

  /**
   * @param {import("node:test").TestContext} t
   * @param {string} [early] what the page runs first
   * @param {object} [given] the config
   */
  async function open(t, early = "", given = settings) {
    addPage(site, given);
    const head = `function args() { return arguments; } ${THING}; ${early}`;
    site.answer("/early.js", script(head));
    site.answer("/page", html(page.replace("<script async", '<script src="/early.js"></script>$&')));
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    return tab;
  }

  /** What the page's captured events are, in order. @param {import("./support/browsers.mjs").Tab} tab */
  const events = (tab) =>
    tab.run(() =>
      window.happened.map(({ type, event, name, userId, properties, traits }) => ({
        type,
        event,
        name,
        userId,
        properties,
        traits,
      })),
    );
  /** Notes events, before the SDK is there. */
  const NOTE = `
    window.happened = [];
    analytics.addSourceMiddleware(({ payload, next }) => { happened.push(payload.obj); next(payload); });
  `;

  test("each message leaves the model that Google's documentation describes", async (t) => {
    const tab = await open(t);
    for (const [title, pushes, model] of CASES) {
      site.answer("/case.js", script(`dataLayer.push(function () { this.reset(); }); dataLayer.push(${pushes});`));
      const left = await tab.run(async () => {
        const element = Object.assign(document.createElement("script"), { src: "/case.js" });
        document.head.append(element);
        await new Promise((done) => {
          element.onload = done;
        });
        return window.analytics.data.snapshot();
      });
      assert.deepEqual(left, model, title);
    }
    const { thrown, heard } = await tab.run(() => window.watched);
    assert.deepEqual(thrown, []);
    assert.ok(heard.some(({ code, message }) => code === "invalid_argument" && /"b\.c\.push"/.test(message)));
    assert.equal(await tab.run(() => ({}).x ?? [].x ?? "clean"), "clean");
  });

  test("random messages leave what Google's helper has", async (t) => {
    const helper = readFileSync(`${root}/node_modules/data-layer-helper/dist/data-layer-helper.js`, "utf8");
    const tab = await open(t, helper);
    for (let round = 0; round < 10; round++) {
      const sources = Array.from({ length: 30 }, (_, at) => messages(1 + round * 30 + at));
      site.answer("/case.js", script(`window.rounds = [${sources.map((source) => `() => ${source}`)}];`));
      const pairs = await tab.run(async () => {
        const element = Object.assign(document.createElement("script"), { src: "/case.js" });
        document.head.append(element);
        await new Promise((done) => {
          element.onload = done;
        });
        const plain = (value) =>
          JSON.stringify(value, (_, one) => (one === undefined || typeof one === "function" ? null : one)) ?? "null";
        return window.rounds.map((make) => {
          const layer = [];
          const helper = new window.DataLayerHelper(layer);
          window.dataLayer.push(function () {
            this.reset();
          });
          for (const message of make())
            try {
              layer.push(message);
            } catch {
              // A path through null.
            }
          for (const message of make()) window.dataLayer.push(message);
          const keys = ["a", "b", "c"];
          return [keys.map((key) => plain(window.analytics.data.get(key))), keys.map((key) => plain(helper.get(key)))];
        });
      });
      for (const [at, [ours, theirs]] of pairs.entries())
        assert.deepEqual(
          ours?.map((text) => JSON.parse(text)),
          theirs?.map((text) => JSON.parse(text)),
          sources[at],
        );
    }
  });

  test("what was pushed before the SDK came is replayed in order, before calls that waited", async (t) => {
    const tab = await open(
      t,
      `${NOTE}
       analytics.track("Waited");
       window.dataLayer = [{ event: "gtm.js", "gtm.start": 1 }, { shop: "quay" }, { event: "early", n: 1 }];
       dataLayer.push(function () { analytics.track("Within", { shop: this.get("shop") }); dataLayer.push({ event: "later" }); }, { event: "last" });
       analytics.data.push({ "deep.key": 1, event: "by data" });`,
    );
    const seen = await until(async () => {
      const all = await events(tab);
      return all.length >= 6 && all;
    });
    assert.deepEqual(
      seen.map(({ event }) => event),
      ["early", "Within", "last", "later", "Waited", "by data"],
    );
    assert.deepEqual(seen[0]?.properties, { n: 1 });
    assert.deepEqual(seen[1]?.properties, { shop: "quay" });
    assert.deepEqual(seen[5]?.properties, { deep: { key: 1 } });
    assert.equal(await tab.run(() => window.analytics.data.get("deep.key")), 1);
    assert.equal(await tab.run(() => window.analytics.data.get("gtm.start")), 1);
    assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
  });

  test("calls of the two have one order", async (t) => {
    const tab = await open(t, NOTE);
    const seen = await tab.run(async () => {
      const { analytics, dataLayer } = window;
      analytics.track("1");
      dataLayer.push({ event: "2", eventTimeout: 5, "gtm.uniqueEventId": 3, "a.b": 1, _clear: true });
      analytics.data.push({ event: "3" });
      analytics.data.push(() => analytics.track("4"));
      analytics.track("5");
      const length = dataLayer.push({ event: "6" }, { event: "gtm.click" }, { event: "" }, { event: 7 });
      window.gtag("event", "7", { value: 5 });
      analytics.track("8");
      while (window.happened.length < 8) await new Promise((done) => setTimeout(done, 50));
      return {
        events: window.happened.map(({ event, properties }) => [event, properties]),
        length,
        kept: dataLayer.length,
      };
    });
    assert.deepEqual(
      seen.events.map(([event]) => event),
      ["1", "2", "3", "4", "5", "6", "7", "8"],
    );
    assert.deepEqual(seen.events[1], ["2", { a: { b: 1 } }]);
    assert.deepEqual(seen.events[6], ["7", { value: 5 }]);
    assert.deepEqual([seen.length, seen.kept], [5, 6]);
  });

  test("callbacks are called once, after their event, and what they throw is told", async (t) => {
    const tab = await open(t);
    const called = await tab.run(async () => {
      const called = [];
      const { dataLayer } = window;
      const at = dataLayer.push({ event: "a", eventCallback: (id) => called.push(["a", id]), eventTimeout: 50 });
      dataLayer.push({ eventCallback: () => called.push("without an event") });
      dataLayer.push({
        event: "b",
        eventCallback() {
          called.push("b");
          throw new Error("from the callback");
        },
      });
      window.gtag("event", "c", { event_callback: (id) => called.push(["c", id]) });
      window.gtag("get", "G-1", "client_id", (id) => called.push(["id", typeof id]));
      called.push("now");
      await new Promise((done) => setTimeout(done, 300));
      return { called, at };
    });
    assert.deepEqual(called, {
      called: [["id", "undefined"], "now", ["a", "tidegate"], "b", ["c", "tidegate"]],
      at: 1,
    });
    const { thrown, heard } = await tab.run(() => window.watched);
    assert.deepEqual(thrown, []);
    assert.ok(heard.some(({ code, message }) => code === "listener_failed" && /from the callback/.test(message)));
  });

  test("gtag's config is a page view and a user, once a page", async (t) => {
    const tab = await open(t, NOTE);
    await tab.run(() => {
      window.gtag("js", new Date());
      window.gtag("config", "G-1", { user_id: "u-1" });
      window.gtag("config", "AW-2");
      window.gtag("config", "G-3", { send_page_view: false });
      window.gtag("config", "G-1", { page_path: "/next" });
      window.gtag("unheard", 1);
    });
    const seen = await until(async () => {
      const all = await events(tab);
      return all.length >= 3 && all;
    });
    assert.deepEqual(
      seen.map(({ type, userId }) => [type, userId]),
      [
        ["identify", "u-1"],
        ["page", "u-1"],
        ["page", "u-1"],
      ],
    );
    assert.equal(seen[2].properties.path, "/next");
    const { heard } = await tab.run(() => window.watched);
    assert.ok(heard.some(({ message }) => /gtag has no command unheard/.test(message)));
  });

  test("the page's array stays the page's: what others put around push goes on", async (t) => {
    const early = `
      window.others = [];
      window.crm = [];
      const first = crm.push;
      crm.push = (...given) => { others.push(["before", ...given]); return first.apply(crm, given) + 100; };`;
    const tab = await open(t, early, { ...config, facades: { dataLayer: { name: "crm" } } });
    const found = await tab.run(() => {
      const { crm, others, analytics } = window;
      const ours = crm.push;
      crm.push = (...given) => {
        others.push(["after", ...given]);
        return ours.apply(crm, given);
      };
      const length = crm.push({ a: 1 });
      const { push } = crm;
      push({ b: 2 });
      // A browser's protocol may give each object once.
      return JSON.parse(
        JSON.stringify({
          length,
          others,
          a: analytics.data.get("a"),
          b: analytics.data.get("b"),
          entries: [...crm],
          other: typeof window.dataLayer,
        }),
      );
    });
    assert.deepEqual(found, {
      length: 101,
      others: [
        ["after", { a: 1 }],
        ["before", { a: 1 }],
        ["after", { b: 2 }],
        ["before", { b: 2 }],
      ],
      a: 1,
      b: 2,
      entries: [{ a: 1 }, { b: 2 }],
      other: "undefined",
    });
  });

  test("large and many messages neither throw nor hang", async (t) => {
    const tab = await open(t);
    const found = await tab.run(() => {
      const { analytics, dataLayer } = window;
      const began = performance.now();
      dataLayer.push({ list: Array.from({ length: 200 }, (_, at) => ({ at, when: new Date(at) })) });
      dataLayer.push(
        { large: "x".repeat(2 ** 20) },
        { many: Array(600_000).fill(1) },
        { [Array(100_000).fill("a").join(".")]: 1 },
      );
      dataLayer.push({ list: "y".repeat(2 ** 20), _clear: true });
      const before = analytics.data.get("list").length;
      for (let at = 0; at < 10_000; at++) dataLayer.push({ at, [`k${at % 50}`]: { at } });
      const { at, large, many } = analytics.data.snapshot();
      return { at, before, large: large ?? "none", many: many ?? "none", seconds: (performance.now() - began) / 1000 };
    });
    const { seconds, ...rest } = found;
    assert.deepEqual(rest, { at: 9999, before: 200, large: "none", many: "none" });
    assert.ok(seconds < 30, `${seconds} s`);
    assert.deepEqual(await tab.run(() => window.watched.thrown), []);
    // In words, which are fetched.
    await until(() => tab.run(() => window.watched.heard.some(({ code }) => code === "data_too_large")));
  });

  test("a page without the config's word has its array to itself", async (t) => {
    const tab = await open(t, "window.dataLayer = [];", config);
    const found = await tab.run(() => {
      window.dataLayer.push({ event: "mine", a: 1 });
      return [Object.keys(window.dataLayer).length, window.analytics.data.get("a") ?? null];
    });
    assert.deepEqual(found, [1, null]);
    assert.ok((await tab.asked()).every((address) => !address.includes("facades")));
  });
});
