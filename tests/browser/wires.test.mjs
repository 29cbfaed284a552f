/** One page, seven destinations, each over its own wire: one hangs, one answers 500, one 400; the other four get everything. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { addPage, isReady, openWorld } from "../audit/support/world.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { until } from "./support/until.mjs";

const PART = "/dist/tidegate_wires_bg.wasm";
const CALLS = 30;

/** @param {string} kind @param {string} host @param {object} settings @param {object} [more] */
const destination = (kind, host, settings, more) => ({
  id: kind,
  kind,
  url: `${host}/${kind}`,
  consent: { allOf: ["analytics"] },
  batch: { maxWaitMs: 50 },
  settings,
  ...more,
});

/** @param {string} host */
const destinations = (host) => [
  destination("segment", host, {}),
  destination("webhook", host, { secret: "shh", headers: { "X-Source": "shop" } }),
  destination("ga4", host, { measurementId: "G-1", apiSecret: "s" }),
  destination("amplitude", host, { apiKey: "k" }),
  destination("snowplow", host, { appId: "shop", vendor: "com.acme" }),
  destination("mparticle", host, { key: "k", secret: "s" }),
  destination("tealium", host, { account: "a", profile: "p" }),
];

/** What platforms answer where all is well. @type {Record<string, import("../audit/support/host.mjs").Answer>} */
const WELL = {
  "/segment": { body: '{"success":true}', headers: { "content-type": "application/json" } },
  "/webhook": { body: "", headers: { "content-type": "text/plain" } },
  "/ga4": { status: 204, body: "" },
  "/amplitude": { body: '{"code":200}', headers: { "content-type": "application/json" } },
  "/snowplow": { body: "ok", headers: { "content-type": "text/plain" } },
  "/mparticle": { status: 202, body: "", headers: { "content-type": "application/json" } },
  "/tealium": { body: "", headers: { "content-type": "text/plain" } },
};

/** The names of the events in a request's body, by kind. @type {Record<string, (body: any) => string[]>} */
const NAMES = {
  segment: (body) => body.batch.map((/** @type {any} */ event) => event.event),
  webhook: (body) => body.map((/** @type {any} */ event) => event.event),
  ga4: (body) => body.events.map((/** @type {any} */ event) => event.name),
  amplitude: (body) => body.events.map((/** @type {any} */ event) => event.event_type),
  snowplow: (body) => body.data.map((/** @type {any} */ { ue_pr }) => JSON.parse(ue_pr).data.schema.split("/")[1]),
  mparticle: (body) => body.events.map((/** @type {any} */ event) => event.data.event_name),
  tealium: (body) => [body.tealium_event],
};

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
  });

  /** @param {import("node:test").TestContext} t */
  async function openShop(t, change = (/** @type {any[]} */ all) => all) {
    const world = await openWorld(t);
    const { shop, vendor } = world;
    for (const [path, answer] of Object.entries(WELL)) vendor.answer(path, answer);
    addPage(world, {
      config: (standard) => ({ ...standard, destinations: change(destinations(vendor.url)), tags: [], triggers: [] }),
    });
    const visitor = await browser.visitor();
    t.after(() => visitor.leave());
    const tab = await visitor.open(`${shop.url}/page`);
    await until(() => tab.run(isReady));
    return { shop, vendor, tab };
  }

  /** @param {import("../audit/support/host.mjs").Host} vendor @param {string} kind */
  const posted = (vendor, kind) =>
    vendor.seen.filter(({ method, path }) => method === "POST" && path.split("?")[0] === `/${kind}`);
  /** @param {import("../audit/support/host.mjs").Host} vendor @param {string} kind */
  const got = (vendor, kind) => posted(vendor, kind).flatMap(({ body }) => NAMES[kind]?.(JSON.parse(body)) ?? []);

  test("one hangs, one answers 500, one 400: the other four get everything, in order, at the usual speed", async (t) => {
    const { vendor, tab } = await openShop(t);
    t.after(vendor.hold("/mparticle"));
    vendor.answer("/tealium", { status: 400, body: "" });
    vendor.answer("/amplitude", { status: 500, body: "" });
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    const began = Date.now();
    for (let n = 0; n < CALLS; n++) {
      await tab.run((n) => void window.analytics.track(`Event ${n}`, { n }), n);
    }
    const wanted = Array.from({ length: CALLS }, (_, n) => n);
    const names = {
      segment: wanted.map((n) => `Event ${n}`),
      webhook: wanted.map((n) => `Event ${n}`),
      ga4: wanted.map((n) => `event_${n}`),
      snowplow: wanted.map((n) => `event_${n}`),
    };
    for (const [kind, all] of Object.entries(names)) {
      await until(() => got(vendor, kind).length >= CALLS);
      assert.deepEqual(got(vendor, kind), all, kind);
    }
    // Each call and its 50 ms of company; a back-off or a time-out would be seen.
    assert.ok(Date.now() - began < 8_000, `${Date.now() - began} ms`);
    const { perDestination } = await tab.run(() => window.analytics.stats());
    for (const kind of Object.keys(names))
      await until(async () => (await tab.run(() => window.analytics.stats())).perDestination[kind].delivered === CALLS);
    assert.equal(perDestination.amplitude.delivered, 0);
    const [hook] = posted(vendor, "webhook");
    assert.ok(hook);
    assert.equal(hook.headers["x-source"], "shop");
    assert.equal(
      hook.headers["x-tidegate-signature"],
      `sha256=${createHmac("sha256", "shh").update(hook.body).digest("hex")}`,
    );
    assert.deepEqual((await tab.run(() => window.watched)).thrown, []);
    // The one that was down gets all of it once it is well.
    vendor.answer("/amplitude", WELL["/amplitude"] ?? { body: "" });
    await tab.run(() => void window.analytics.flush());
    await until(
      async () => (await tab.run(() => window.analytics.stats())).perDestination.amplitude.delivered === CALLS,
      30,
    );
  });

  test("the part that maps comes with the first event that needs it, and not before consent", async (t) => {
    const { shop, vendor, tab } = await openShop(t, (all) => all.slice(0, 3));
    const asked = () => shop.asked().filter((one) => one === `GET ${PART}`).length;
    await tab.run(() => void window.analytics.track("Waits"));
    assert.equal(asked(), 0);
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    await until(() => got(vendor, "ga4").length === 1);
    assert.equal(asked(), 1);
    assert.equal(posted(vendor, "ga4")[0]?.path, "/ga4?measurement_id=G-1&api_secret=s");
  });

  test("where the answer may not be read, having been sent is enough", async (t) => {
    const { vendor, tab } = await openShop(t, (all) =>
      all.filter(({ kind }) => kind === "ga4").map((one) => ({ ...one, settings: { ...one.settings, opaque: true } })),
    );
    vendor.answer("/ga4", {
      status: 204,
      body: "",
      headers: { "access-control-allow-origin": "https://elsewhere.example" },
    });
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Unread");
    });
    await until(async () => (await tab.run(() => window.analytics.stats())).delivered === 1);
    assert.deepEqual(got(vendor, "ga4"), ["unread"]);
  });
});
