/** What `tidegate import gtm` makes of a container does on a page what Tag Manager would have done: which tags fire, and with which arguments. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { isReady } from "./support/pages.mjs";
import { chromium, firefox } from "./support/puppeteer.mjs";
import { until } from "./support/until.mjs";

/** @param {string} name of an export in tests/import @returns {string} the config it becomes */
const imported = (name) =>
  JSON.stringify(JSON.parse(readFileSync(new URL(`../import/${name}.out.json`, import.meta.url), "utf8")).config);

/** What vendors' functions were called with, as the queues of their snippets keep it. */
function queued() {
  const page = /** @type {any} */ (window);
  const lists = { google: page.tg_gtag_layer, meta: page.fbq?.queue, linkedin: page.lintrk?.q };
  return Object.fromEntries(
    Object.entries(lists).map(([vendor, calls = []]) => [
      vendor,
      JSON.parse(JSON.stringify([...calls].map((call) => Array.from(call)))),
    ]),
  );
}

for (const [name, launch] of Object.entries({ Chromium: chromium, Firefox: firefox }))
  describe(name, () => {
    let /** @type {import("./support/puppeteer.mjs").Killable} */ browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    /**
     * A page of the container's site, of which everybody else's scripts are empty.
     * @param {import("node:test").TestContext} t
     * @param {string} container
     * @param {{ path?: string, body?: string, layer?: object[] }} page
     */
    async function open(t, container, { path = "/", body = "", layer = [] }) {
      const host = await openHost("shop");
      const visitor = await browser.visitor();
      t.after(async () => {
        await visitor.leave();
        host.stop();
      });
      host.answer("/config.json", { body: imported(container).replaceAll("shop.example", "shop.localhost") });
      host.answer("/blank", { body: "<!doctype html><title>Blank</title>" });
      host.answer(path, {
        body: `<!doctype html><title>A page</title><link rel="icon" href="data:,"><script>dataLayer = ${JSON.stringify(layer)};</script>
<script async src="/dist/tidegate.js" data-config="/config.json"></script>${body}`,
      });
      const tab = await visitor.open(`${host.url}/blank`);
      const page = browser.pageOf(tab);
      /** @type {string[]} */
      const asked = [];
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        const isOwn = /^data:/.test(request.url()) || request.url().startsWith(host.url);
        if (!isOwn) asked.push(request.url());
        const answer = isOwn ? request.continue() : request.respond({ contentType: "text/javascript", body: "" });
        answer.catch(() => {});
      });
      await tab.goto(host.url + path);
      await until(() => tab.run(isReady));
      assert.deepEqual(asked, [], "nothing before the choice");
      await tab.run(() => window.analytics.consent.set({ analytics: true, advertising: true }));
      return { tab, asked };
    }

    test("a shop: e-commerce from the data layer, conversions with hashed-by-Google user data, the pixel's purchase", async (t) => {
      const { tab, asked } = await open(t, "e-commerce", {
        path: "/product/boots",
        layer: [{ user: { email: "a@shop.test", first: "ADA" } }],
      });
      const items = [{ item_id: "SKU-1", item_name: "Boots", price: 60, quantity: 2 }];
      const ecommerce = { transaction_id: "T-1", value: 120, currency: "GBP", items };
      await tab.run((ecommerce) => void window.dataLayer.push({ event: "purchase", ecommerce }), ecommerce);
      const { google, meta } = await until(async () => {
        const calls = await tab.run(queued);
        return calls.meta.some((/** @type {any} */ call) => call[2] === "Purchase") && calls;
      });
      const event = (/** @type {string} */ name, /** @type {string} */ to) =>
        google.filter((/** @type {any} */ call) => call[0] === "event" && call[1] === name && call[2]?.send_to === to);
      // GA4's event tag took the name of the event and sent the e-commerce object.
      assert.deepEqual(event("purchase", "G-SHOP0001"), [
        ["event", "purchase", { ...ecommerce, send_to: "G-SHOP0001" }],
      ]);
      const [landing] = event("landing", "G-SHOP0001");
      assert.match(landing[2].landing, /\/product\/boots$/);
      assert.equal(landing[2].page_group, "product boots in GB");
      const [[, , conversion] = []] = event("conversion", "AW-123456789/AbC-D_efG");
      const { value, currency, transaction_id, aw_merchant_id, aw_feed_country, aw_feed_language } = conversion;
      assert.deepEqual(
        { value, currency, transaction_id, aw_merchant_id, aw_feed_country, aw_feed_language },
        {
          value: 120,
          currency: "GBP",
          transaction_id: "T-1",
          aw_merchant_id: "42",
          aw_feed_country: "GB",
          aw_feed_language: "EN",
        },
      );
      const purchases = meta.filter((/** @type {any} */ call) => call[2] === "Purchase");
      assert.deepEqual(purchases, [
        [
          "trackSingle",
          "1001",
          "Purchase",
          { content_type: "product", currency: "GBP", value: 120 },
          { eventID: "T-1" },
        ],
      ]);
      // The two tags of one host: a lookup table chose between them.
      const configs = google
        .filter((/** @type {any} */ call) => call[0] === "config")
        .map((/** @type {any} */ call) => call[1]);
      assert.ok(configs.includes("G-LIVE0001") && !configs.includes("G-TEST0001"), configs.join());
      assert.ok(asked.some((url) => url.startsWith("https://connect.facebook.net/")));
    });

    test("a lead form: what was typed, which link was clicked, and not the ways out of the page", async (t) => {
      const { tab } = await open(t, "lead-form", {
        path: "/contact",
        body: `<h1> Talk to us </h1><a id="mail" class="cta" data-plan="pro" href="mailto:us@shop.test">Try it</a>
<iframe name="sink"></iframe><form id="contact" action="/sent" target="sink"><input name="email" value="ada@lead.test"><select id="size"><option>10</option></select><button>Send</button></form>
<script>document.querySelector("a").addEventListener("click", (event) => event.preventDefault());</script>`,
      });
      await until(
        async () =>
          (await tab.run(queued)).linkedin.length > 0 || tab.run(() => !!(/** @type {any} */ (window).lintrk)),
      );
      await tab.run(() => document.querySelector("a")?.click());
      const data = () => /** @type {any} */ (window.analytics.data.snapshot());
      await until(async () => (await tab.run(data)).event === "mail_click");
      const { plan, nested } = await tab.run(data);
      assert.deepEqual([plan, nested], ["pro", { list: [1, 2.5, true] }]);
      await tab.run(() => document.querySelector("button")?.click());
      const { google } = await until(async () => {
        const calls = await tab.run(queued);
        return calls.google.some((/** @type {any} */ call) => call[1] === "generate_lead") && calls;
      });
      const [, , lead] = google.find((/** @type {any} */ call) => call[1] === "generate_lead");
      assert.deepEqual(
        [lead.headline, lead.size, lead.user_data, lead.send_to],
        ["Talk to us", "10", { email: "ada@lead.test" }, "G-LEAD0001"],
      );
      const floodlight = google.find((/** @type {any} */ call) =>
        call[2]?.send_to?.startsWith("DC-5550001/leads/form"),
      );
      assert.ok(floodlight, JSON.stringify(google));
      assert.deepEqual(
        google.filter((/** @type {any} */ call) => call[1] === "away"),
        [],
      );
    });

    test("a magazine: scrolling, what is seen, pages of one document and errors", async (t) => {
      const { tab } = await open(t, "publisher", {
        path: "/article/one",
        body: `<div style="height: 3000px"></div><div id="footer">The end</div>
<script>function fail() { setTimeout(() => { throw new Error("it broke"); }); }</script>`,
      });
      await until(
        async () => (await tab.run(queued)).google.length > 0 || tab.run(() => !!(/** @type {any} */ (window).clarity)),
      );
      const events = async () =>
        (await tab.run(queued)).google.filter((/** @type {any} */ call) => call[0] === "event");
      const scrolls = async () => (await events()).filter((/** @type {any} */ call) => call[1] === "scroll");
      await until(async () => (await scrolls()).length === 1);
      await tab.run(() => scrollTo(0, document.body.scrollHeight));
      await until(async () => (await scrolls()).length === 4);
      const marks = await scrolls();
      assert.deepEqual(
        marks.map((/** @type {any} */ [, , { mark, unit, direction }]) => [mark, unit, direction]),
        // So wide the page is without scrolling.
        [[300, "pixels", "horizontal"], ...[25, 50, 90].map((mark) => [mark, "percent", "vertical"])],
      );
      await until(async () => (await events()).some((/** @type {any} */ call) => call[1] === "finished"));
      await tab.run(() => history.pushState({}, "", "/article/one#two"));
      await until(async () =>
        (await events()).some((/** @type {any} */ call) => call[1] === "page_view" && call[2].fragment === "two"),
      );
      await tab.run(() => /** @type {any} */ (window).fail());
      const [, , error] = await until(async () =>
        (await events()).find((/** @type {any} */ call) => call[1] === "exception"),
      );
      assert.match(error.description, /it broke .*:\d+$/);
    });
  });
