/** What tags need is a file of its own: it comes when one may run, and its absence costs nothing but the tags. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, isReady, script } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

const PART = "/dist/tidegate_tags_bg.wasm";

const settings = {
  ...config,
  variables: [{ id: "shop", kind: "data", path: "shop", default: "none" }],
  triggers: [{ id: "sale", kind: "event", event: "Sale" }],
  tags: [
    {
      id: "vendor",
      template: "custom-script",
      params: { src: "/vendor.js?shop={{shop}}" },
      consent: { allOf: ["advertising"] },
      fireOn: ["sale"],
    },
  ],
};

inEveryBrowser(({ name, launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  let /** @type {import("./support/site.mjs").Site} */ site;
  before(async () => {
    browser = await launch();
    site = await openSite();
    site.answer(
      "/vendor.js",
      script("window.sales = [...(window.sales ?? []), document.currentScript.src.split('=')[1]];"),
    );
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** @param {import("node:test").TestContext} t @param {object} [given] */
  async function open(t, given = settings) {
    addPage(site, given);
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    site.seen.length = 0;
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    return tab;
  }

  /** @param {import("./support/browsers.mjs").Tab} tab */
  const firstProblem = (tab) => until(async () => (await tab.run(() => window.watched)).heard[0]);

  const asked = () => site.seen.filter(({ path }) => path === PART).length;

  test("it is asked for when a tag may first run; what the tag missed fires once, as it was then", async (t) => {
    site.answer(PART, (whole) => whole);
    const tab = await open(t);
    await tab.run(() => {
      const { analytics } = window;
      analytics.data.push({ shop: "harbour" });
      analytics.track("Sale");
      analytics.data.push({ shop: "quay" });
      analytics.consent.set({ analytics: true });
      return analytics.flush();
    });
    assert.equal(asked(), 0);
    await tab.run(() => {
      window.analytics.consent.set({ advertising: true });
      window.analytics.track("Sale");
    });
    assert.deepEqual(await until(() => tab.run(() => window.sales?.length === 2 && window.sales.toSorted())), [
      "harbour",
      "quay",
    ]);
    assert.equal(asked(), 1);
    assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
  });

  test("a page's stages come before the events that it made before its tags were there", async (t) => {
    site.answer(PART, (whole) => whole);
    site.answer("/order.gif", { body: "" });
    const stages = ["page-view", "initialization", "consent-initialization"];
    const [tag] = settings.tags;
    const tab = await open(t, {
      ...settings,
      triggers: [...settings.triggers, ...stages.map((kind) => ({ id: kind, kind }))],
      tags: [
        {
          ...tag,
          template: "custom-pixel",
          params: { src: "/order.gif?{{event.event}}" },
          fireOn: ["sale", ...stages],
        },
      ],
    });
    await tab.run(() => {
      window.analytics.track("Sale");
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Sale");
    });
    // When each was first asked for: of what begins in one millisecond, Firefox lists first what ends first.
    const begun = async () =>
      new Map(
        await tab.run(() =>
          performance
            .getEntriesByType("resource")
            .filter(({ name }) => name.includes("/order.gif"))
            .sort((one, other) => other.startTime - one.startTime)
            .map(({ name, startTime }) => [name.split("?")[1] ?? "", startTime]),
        ),
      );
    await until(async () => (await begun()).size === 4);
    const times = await begun();
    const inOrder = [...stages.reverse(), "Sale"].map((name) => times.get(name) ?? Number.NaN);
    assert.ok(
      inOrder.every((time, at) => at === 0 || time >= (inOrder[at - 1] ?? 0)),
      JSON.stringify([...times]),
    );
  });

  test("a frame goes with the withdrawal, and what runs in it", async (t) => {
    site.answer(PART, (whole) => whole);
    site.answer("/beat", { body: "" });
    const [tag] = settings.tags;
    const beat = `new Image().src = "${site.url}/beat?" + Math.random()`;
    const html = `<script>setInterval(() => { ${beat} }, 50)</script>`;
    const tab = await open(t, { ...settings, tags: [{ ...tag, template: "custom-html", params: { html } }] });
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Sale");
    });
    const beats = () => site.seen.filter(({ path }) => path === "/beat").length;
    await until(() => beats() > 2);
    await tab.run(() => {
      window.analytics.consent.set({ advertising: false });
    });
    assert.equal(await tab.run(() => document.querySelectorAll("iframe").length), 0);
    // One may be under way.
    await tab.run(() => new Promise((done) => setTimeout(done, 200)));
    const before = beats();
    await tab.run(() => new Promise((done) => setTimeout(done, 500)));
    assert.equal(beats(), before);
  });

  // WebKit begins an image's request while the call is on the stack, before there is a withdrawal.
  const begins = name === "WebKitGTK" && "begins the request at once";
  test("a pixel that fired in the task of the withdrawal is not asked for", { skip: begins }, async (t) => {
    site.answer(PART, (whole) => whole);
    site.answer("/pixel.gif", { body: "" });
    const [tag] = settings.tags;
    const pixel = { ...tag, template: "custom-pixel", params: { src: "/pixel.gif?n={{event.properties.n}}" } };
    const tab = await open(t, { ...settings, tags: [pixel] });
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Sale", { n: 1 });
    });
    const pixels = () => site.seen.filter(({ path }) => path === "/pixel.gif").length;
    await until(() => pixels() === 1);
    await tab.run(() => {
      for (let n = 0; n < 5; n++) window.analytics.track("Sale", { n });
      window.analytics.consent.set({ advertising: false });
    });
    await tab.run(() => new Promise((done) => setTimeout(done, 500)));
    assert.equal(pixels(), 1);
  });

  test("where it does not come that is told, events go on, and it is asked for again", async (t) => {
    site.answer(PART, { status: 404, body: "" });
    const tab = await open(t);
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Sale");
    });
    const problem = await firstProblem(tab);
    assert.equal(problem.code, "wasm_unreachable");
    assert.match(problem.message, /tidegate_tags_bg\.wasm.*404.*What needs it waits/);
    await until(async () => (await site.events()).some(({ event }) => event === "Sale"));

    site.answer(PART, (whole) => whole);
    await tab.run(() => void window.dispatchEvent(new Event("online")));
    assert.deepEqual(await until(() => tab.run(() => window.sales)), ["none"]);
  });

  test("a rule that refers to nothing is told with its place, and events go on", async (t) => {
    site.answer(PART, (whole) => whole);
    const [tag] = settings.tags;
    const tab = await open(t, { ...settings, tags: [{ ...tag, fireOn: ["sail"] }] });
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true, advertising: true });
      window.analytics.track("Sale Without Tags");
    });
    const problem = await firstProblem(tab);
    assert.equal(problem.code, "config_invalid");
    assert.match(problem.message, /^\/tags\/0\/fireOn\/0 "sail" is not a trigger/);
    await until(async () => (await site.events()).some(({ event }) => event === "Sale Without Tags"));
  });
});
