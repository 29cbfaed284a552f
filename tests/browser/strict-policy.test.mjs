/** Everything of the tag manager at once, under a policy of nonces that wants Trusted Types: all of it happens, and nothing violates. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, inPage, isReady, json, script } from "./support/pages.mjs";
import { platforms } from "./support/platforms.mjs";
import { underPolicy } from "./support/policy.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

/** What the page calls of Segment's, Google's, Tealium's and mParticle's, as their own snippets have it in short. */
const PAGE = `
  window.page = { shop: { name: "harbour" } };
  document.cookie = "plan=pro; path=/";
  window.met = [];
  analytics.addSourceMiddleware(({ payload, next }) => { met.push("middleware"); next(payload); });
  analytics.register({
    name: "Own", type: "destination", isLoaded: () => true, load: async () => {},
    track(ctx) { met.push("plugin"); return ctx; },
  });
  window.dataLayer = [];
  window.gtag = function () { dataLayer.push(arguments); };
  gtag("js", new Date());
  dataLayer.push({ event: "Pushed", total: 7 });
  gtag("event", "Tagged", { n: 1 });
  window.utag_data = { page_name: "home" };
  window.utag = { e: [] };
  for (const d of ["view", "link"]) utag[d] = (a, b, c) => { utag.e.push({ a, b, c, d }); };
  utag.link({ tealium_event: "linked" });
  window.mParticle = { config: { rq: [] }, eCommerce: {}, Identity: {}, ready: (call) => { mParticle.config.rq.push(call); } };
  mParticle.logEvent = (...args) => { mParticle.config.rq.push(["logEvent", ...args]); };
  mParticle.logEvent("Logged", 1);
`;

/** As vendors do, once their script is there: what was kept before, and each call, is noted. */
const VENDORS = {
  "/mixpanel.js": `
    window.mixpanel = { init() {}, clear_opt_in_out_tracking() {}, track: (name) => called.push("mixpanel " + name) };`,
  "/amplitude.js": `window.amplitude = { init() {}, track: (name) => called.push("amplitude " + name) };`,
  "/snowplow.js": `for (const [name] of snowplow.q) called.push("snowplow " + name);`,
  "/custom.js": `called.push("custom " + document.currentScript.src.split("?")[1]);`,
};

const BODY = `
  <a id="link" href="#there" data-sku="s-1">A link</a>
  <form action="/empty" target="aside"><button id="send">Send</button></form><iframe name="aside"></iframe>
  <div style="height: 4000px"></div><p id="deep">Far down</p>`;

/** What is seen on the page: a trigger of each kind. */
const SEEN = [
  { kind: "consent-initialization" },
  { kind: "initialization" },
  { kind: "page-view" },
  { kind: "dom-ready" },
  { kind: "window-loaded" },
  { kind: "click", on: "links", selector: "#link" },
  { kind: "form-submit" },
  { kind: "visibility", selector: "#deep" },
  { kind: "scroll", vertical: [50] },
  { kind: "history" },
  { kind: "timer", everyMs: 50, times: 1 },
].map((trigger) => ({ id: trigger.kind, ...trigger }));

const GIF = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");
const PIXELS = ["/bought.gif", "/seen.gif", "/markup.gif", "/script.gif"];

/** @param {string} vendor @param {string} markup what the frame has beside an image */
function settings(vendor, markup) {
  const [destination] = config.destinations;
  const consent = { allOf: ["advertising"] };
  const onBuy = { consent, fireOn: ["buy"] };
  return {
    ...config,
    consent: {
      model: "opt-in",
      cmp: ["klaro"],
      purposes: { analytics: { klaro: ["analytics"] }, advertising: { klaro: ["ads"] } },
      googleConsentMode: { ad_storage: ["advertising"], analytics_storage: ["analytics"] },
    },
    destinations: [destination],
    plugins: [{ name: "Own", consent }],
    facades: { dataLayer: {}, tealium: {}, mparticle: {} },
    variables: [
      { id: "shop", kind: "global", path: "page.shop.name" },
      { id: "plan", kind: "cookie", name: "plan" },
      { id: "sku", kind: "element", selector: "#link", attribute: "data-sku" },
      { id: "total", kind: "data", path: "total" },
      { id: "nonce", kind: "global", path: "document.scripts.0.nonce" },
    ],
    triggers: [{ id: "buy", kind: "event", event: "Buy" }, ...SEEN],
    tags: [
      {
        id: "custom",
        template: "custom-script",
        params: { src: `${vendor}/custom.js?{{shop}},{{plan}},{{sku}},{{total}}` },
        ...onBuy,
      },
      { id: "pixel", template: "custom-pixel", params: { src: `${vendor}/bought.gif?{{shop}}` }, ...onBuy },
      {
        id: "frame",
        template: "custom-html",
        params: { html: `<img src="${vendor}/markup.gif">${markup}` },
        ...onBuy,
      },
      { id: "mixpanel", template: "mixpanel", params: { token: "t", src: `${vendor}/mixpanel.js` }, ...onBuy },
      { id: "amplitude", template: "amplitude", params: { apiKey: "k", src: `${vendor}/amplitude.js` }, ...onBuy },
      {
        id: "snowplow",
        template: "snowplow",
        params: { collectorUrl: vendor, src: `${vendor}/snowplow.js` },
        ...onBuy,
      },
      {
        id: "seen",
        template: "custom-pixel",
        params: { src: `${vendor}/seen.gif?{{event.event}}` },
        consent,
        fireOn: SEEN.map(({ id }) => id),
      },
    ],
  };
}

inEveryBrowser(({ name, launch }) => {
  let /** @type {import("./support/site.mjs").Site} */ site;
  let /** @type {import("../audit/support/host.mjs").Host} */ vendor;
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    site = await openSite();
    vendor = await openHost("vendor");
    browser = await launch();
    const klaro = platforms.find(({ name }) => name === "klaro");
    for (const [path, body] of Object.entries(VENDORS)) vendor.answer(path, script(body));
    for (const path of PIXELS) vendor.answer(path, { headers: { "content-type": "image/gif" }, body: GIF });
    site.answer("/watch.js", inPage("watch.js"));
    site.answer("/listen.js", inPage("listen.js"));
    site.answer("/page.js", script(`window.called = []; ${PAGE}`));
    site.answer("/klaro-settings.js", script(klaro?.settings ?? ""));
    site.answer("/klaro.js", script(klaro?.source ?? ""));
    site.answer("/empty", html('<title>Empty</title><link rel="icon" href="data:,">'));
    site.answer("/reports", { status: 204, body: "" });
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    vendor?.stop();
  });

  const SCRIPTS = `
    <link rel="modulepreload" href="/dist/tidegate.segment.js">
    <link rel="preload" href="/dist/tidegate_plugins_bg.wasm" as="fetch" crossorigin>
    <script src="/watch.js"></script><script src="/dist/snippet.min.js"></script><script src="/listen.js"></script>
    <script src="/page.js"></script><script src="/klaro-settings.js"></script><script defer src="/klaro.js"></script>`;
  const SDK = `<script async src="/dist/tidegate.js" data-config="/config.json"></script>`;
  /** Takes away what has a nonce, then loads the SDK as a script of its own making, which 'strict-dynamic' lets run. */
  const LOADER = `<script>
    addEventListener("load", () => {
      for (const element of document.querySelectorAll("[nonce]")) element.remove();
      const trusted = window.trustedTypes?.createPolicy("loader", { createScriptURL: String });
      const url = "/dist/tidegate.js";
      const script = document.createElement("script");
      script.dataset.config = "/config.json";
      script.src = trusted ? trusted.createScriptURL(url) : url;
      document.head.append(script);
    });</script>`;

  /** Puts a page at `/page`: each answer has a nonce of its own. @param {string} head @param {string} [types] a directive of the page's own */
  const addPage = (head, types = "") =>
    site.answer("/page", () =>
      underPolicy(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
        ${head}</head><body>${BODY}</body></html>`,
        `${types}; report-uri /reports`,
      ),
    );

  /**
   * A new visitor's tab at that page, and what the browser's console says of it, where the browser can be asked.
   * @param {import("node:test").TestContext} t
   * @param {string} [markup] of the frame
   */
  async function open(t, markup = "") {
    site.answer("/config.json", json(settings(vendor.url, markup)));
    vendor.seen.length = 0;
    site.seen.length = 0;
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/empty`);
    /** @type {string[]} */
    const complaints = [];
    if ("pageOf" in browser) {
      const { pageOf } = /** @type {import("./support/puppeteer.mjs").Killable} */ (browser);
      /** Firefox tells of each trial for which domain it takes a cookie. @param {string} text */
      const complain = (text) => void (text.includes("“tg_domain”") || complaints.push(text));
      pageOf(tab).on("console", (said) => /error|warn/.test(said.type()) && complain(said.text()));
      pageOf(tab).on("pageerror", (error) => complain(String(error)));
    }
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    return { tab, complaints };
  }

  /** What a visitor does, and that all of it has its effect. @param {import("./support/browsers.mjs").Tab} tab */
  async function useEverything(tab) {
    await tab.click("#klaro .cm-btn-success");
    await until(() => tab.run(() => window.analytics.consent.get().purposes.advertising === "granted"));
    // From its grant on the page is watched.
    const seen = () => vendor.seen.flatMap(({ path }) => path.match(/seen\.gif\?(.*)/)?.[1] ?? []);
    await until(() => seen().includes("window-loaded"));
    await tab.run(() => void window.analytics.trackLink(document.querySelector("#link"), "Link Clicked"));
    await tab.click("#link");
    await tab.click("#send");
    await tab.run(() => {
      history.pushState(null, "", "#pushed");
      scrollTo(0, document.documentElement.scrollHeight);
      window.analytics.track("Buy");
    });
    const missing = () => SEEN.map(({ id }) => id).filter((id) => !seen().includes(id));
    await until(() => !missing().length).catch(() => assert.deepEqual(missing(), []));

    await until(() =>
      tab.run(() => window.called.filter((/** @type {string} */ name) => /custom|Buy|snowplow/.test(name)).length > 3),
    );
    const called = await tab.run(() => window.called);
    for (const call of ["custom harbour,pro,s-1,7", "mixpanel Buy", "amplitude Buy", "snowplow newTracker"])
      assert.ok(called.includes(call), `${call} is not among ${called.join("; ")}`);
    for (const pixel of ["/bought.gif?harbour", "/markup.gif"])
      await until(() => vendor.seen.some(({ path }) => path === pixel));

    const wanted = ["Pushed", "Tagged", "linked", "Logged", "Link Clicked", "Buy"];
    const sent = () =>
      site.batches().flatMap(({ body }) => JSON.parse(body).batch.map((/** @type {any} */ one) => one.event));
    await until(() => wanted.every((name) => sent().includes(name)));
    assert.deepEqual([...new Set(await tab.run(() => window.met))].sort(), ["middleware", "plugin"]);
  }

  const reported = () => site.seen.filter(({ path }) => path === "/reports").map(({ body }) => body);

  /** A text that becomes markup is refused, where the browser knows Trusted Types; so is a script that nobody trusted vouches for. */
  async function assertInForce(/** @type {import("./support/browsers.mjs").Tab} */ tab) {
    const [known, refused, ran] = await tab.run(() => {
      const button = document.createElement("button");
      /** @param {() => void} act */
      const throws = (act) => {
        try {
          act();
          return false;
        } catch {
          return true;
        }
      };
      const refused = throws(() => {
        button.innerHTML = "<b></b>";
      });
      throws(() => button.setAttribute("onclick", "window.ranInline = true"));
      button.click();
      return ["trustedTypes" in window, refused, "ranInline" in window];
    });
    assert.deepEqual([refused, ran], [known, false]);
    await until(() => reported().length);
  }

  /** @param {{ tab: import("./support/browsers.mjs").Tab, complaints: string[] }} page */
  async function assertNoViolation({ tab, complaints }) {
    // A report is sent a moment after what it is about.
    const { thrown, violations, logged, heard } = await tab.run(
      () => new Promise((done) => setTimeout(() => done(window.watched), 500)),
    );
    assert.deepEqual(
      { thrown, violations, logged, heard, reports: reported(), complaints },
      { thrown: [], violations: [], logged: [], heard: [], reports: [], complaints: [] },
    );
  }

  for (const types of ["", "; trusted-types tidegate"])
    test(`all that tags do happens without a violation${types && ", where the page allows no Trusted Types policy but ours"}`, async (t) => {
      addPage(SCRIPTS + SDK, types);
      // A frame without an origin has the page's policy too: its scripts need the nonce, which the config hands on.
      const script = `<script nonce="{{nonce}}">new Image().src = "${vendor.url}/script.gif?" + origin;</script>`;
      const page = await open(t, script);
      await useEverything(page.tab);
      await until(() => vendor.seen.some(({ path }) => path === "/script.gif?null"));
      await assertNoViolation(page);
      await assertInForce(page.tab);
    });

  test("a frame's script without the nonce is refused and reported; all else happens", async (t) => {
    addPage(SCRIPTS + SDK);
    const { tab } = await open(t, `<script>new Image().src = "${vendor.url}/script.gif";</script>`);
    await useEverything(tab);
    // WebKit sends no report for a frame without an origin.
    const reports = name === "WebKitGTK" ? 0 : 1;
    await until(() => reported().length === reports);
    assert.ok(!vendor.seen.some(({ path }) => path.startsWith("/script.gif")));
    assert.deepEqual((await tab.run(() => window.watched)).violations, []);
  });

  test("no script of the page has the nonce any more when its own loader brings the SDK: nothing violates", async (t) => {
    addPage(SCRIPTS + LOADER);
    const page = await open(t);
    assert.equal(await page.tab.run(() => document.querySelector("[nonce]")), null);
    await useEverything(page.tab);
    await assertNoViolation(page);
    await assertInForce(page.tab);
  });

  test("two instances share the one Trusted Types policy of its name that a page allows", async (t) => {
    const tag = { id: "own", template: "custom-script", consent: { allOf: ["advertising"] }, fireOn: ["buy"] };
    for (const name of ["first", "second"])
      site.answer(
        `/${name}.json`,
        json({
          ...config,
          triggers: [{ id: "buy", kind: "event", event: "Buy" }],
          tags: [{ ...tag, params: { src: `${vendor.url}/custom.js?${name}` } }],
        }),
      );
    const sdk = (/** @type {string} */ name, rest = "") =>
      `<script async src="/dist/tidegate.js" data-config="/${name}.json"${rest}></script>`;
    const two = sdk("first") + sdk("second", ' data-global="second"');
    addPage(`<script src="/watch.js"></script>${two}`, "; trusted-types tidegate");
    const { tab, complaints } = await open(t);
    await until(() => tab.run(() => window.second?.state === "ready"));
    await tab.run(() => {
      window.called = [];
      for (const { consent, track } of [window.analytics, window.second]) {
        consent.set({ advertising: true });
        track("Buy");
      }
    });
    await until(() => tab.run(() => window.called.length === 2));
    assert.deepEqual((await tab.run(() => window.called)).sort(), ["custom first", "custom second"]);
    await assertNoViolation({ tab, complaints });
  });
});
