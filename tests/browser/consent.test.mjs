/** Consent beyond yes and no: what Google is told, where the visitor is, and what can be shown afterwards. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, openPage, page } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

/** @param {object} more of `consent` @returns {object} a config */
const withConsent = (more) => ({ ...config, consent: { ...config.consent, ...more } });

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  test("Google is told denied before any tag, and each change in the task of the decision", async (t) => {
    const googleConsentMode = { ad_storage: ["advertising"], analytics_storage: ["analytics"] };
    const { site, visitor } = await openPage(t, browser, withConsent({ googleConsentMode }));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const told = await tab.run(async () => {
      const { analytics, dataLayer } = /** @type {any} */ (window);
      const all = () => JSON.stringify(dataLayer.map((/** @type {ArrayLike<unknown>} */ entry) => Array.from(entry)));
      const isArguments = Object.prototype.toString.call(dataLayer[0]);
      const found = [isArguments, all()];
      analytics.consent.set({ advertising: true });
      await null;
      found.push(all());
      analytics.consent.set({ advertising: false, analytics: true });
      await null;
      found.push(all());
      return found;
    });
    const denied = { ad_storage: "denied", analytics_storage: "denied" };
    const entries = [
      ["consent", "default", denied],
      ["consent", "update", { ...denied, ad_storage: "granted" }],
      ["consent", "update", { ...denied, analytics_storage: "granted" }],
    ];
    assert.deepEqual(told, ["[object Arguments]", ...[1, 2, 3].map((n) => JSON.stringify(entries.slice(0, n)))]);
  });

  test("what Google's templates load hears the same, and nothing of these types from a template", async (t) => {
    const googleConsentMode = { ad_storage: ["advertising"], ad_personalization: ["personalization"] };
    const given = withConsent({ googleConsentMode });
    given.consent.purposes = { ...given.consent.purposes, personalization: {} };
    const tag = { consent: { allOf: ["advertising"] }, fireOn: ["view"] };
    const { site, visitor } = await openPage(t, browser, {
      ...given,
      triggers: [{ id: "view", kind: "page-view" }],
      tags: [
        { ...tag, id: "ga", template: "ga4", params: { measurementId: "G-1" } },
        { ...tag, id: "ads", template: "google-ads", params: { conversionId: "AW-1" } },
      ],
    });
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ advertising: true, personalization: false });
    });
    const layer = () =>
      tab.run(() => (window.tg_gtag_layer ?? []).map((/** @type {ArrayLike<unknown>} */ entry) => Array.from(entry)));
    await until(async () => (await layer()).filter(([command]) => command === "config").length === 2);
    const told = (await layer()).filter(([command]) => command === "consent").map(([, how, state]) => [how, state]);
    const denied = { ad_storage: "denied", ad_personalization: "denied" };
    assert.deepEqual(
      told.filter(([, state]) => "ad_personalization" in state),
      [
        ["default", denied],
        ["update", { ...denied, ad_storage: "granted" }],
      ],
    );
    // What the config says nothing of is the template's.
    assert.ok(told.some(([how, state]) => how === "default" && state.analytics_storage === "granted"));
  });

  test("data-region says where the visitor is, and the config how silence counts there", async (t) => {
    const { model: _, ...consent } = config.consent;
    const regions = { US: "opt-out", DE: "opt-in" };
    const { site, visitor } = await openPage(t, browser, { ...config, consent: { ...consent, regions } });
    const tab = await visitor.open(`${site.url}/page`);
    // Drivers lose a navigation now and then that begins while another page still loads.
    await until(() => tab.run(isReady));
    for (const [region, model] of [
      ["US-TX", "opt-out"],
      ["DE", "opt-in"],
    ]) {
      site.answer("/page", html(page.replace("data-config", `data-region="${region}" data-config`)));
      await tab.goto(`${site.url}/page`);
      await until(() => tab.run(isReady));
      await tab.run(() => {
        window.analytics.track(window.analytics.consent.get().jurisdiction ?? "");
        return window.analytics.flush();
      });
      const state = await tab.run(() => window.analytics.consent.get());
      assert.deepEqual([state.jurisdiction, state.model], [region, model]);
    }
    assert.deepEqual(
      (await site.events()).map(({ event }) => event),
      ["US-TX"],
    );
  });

  test("where silence is a yes, nothing is stored before a platform that shows was heard", async (t) => {
    const { cmp: _, ...consent } = config.consent;
    const { site, visitor } = await openPage(t, browser, { ...config, consent: { ...consent, model: "opt-out" } });
    const note = `<script>
      window.written = [];
      const set = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) { written.push(key); set.call(this, key, value); };
      document.cookie = "cc_cookie=1";
    </script>`;
    site.answer("/page", html(page.replace("<script", () => `${note}<script`)));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.track("Waits"));
    assert.deepEqual(await tab.run(() => [window.written, document.cookie]), [[], "cc_cookie=1"]);
    assert.equal(await tab.run(() => window.analytics.consent.get().status), "pending");
  });

  test("the receipts of a visitor say for each event sent what was decided, when and by whom, on the next page too", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const before = await tab.run(() => window.analytics.consent.receipts());
    assert.deepEqual(
      before.map(({ categoryPreferences }) => categoryPreferences),
      [{ necessary: true }],
    );
    assert.equal(await tab.run(() => localStorage.length), 0, "a receipt is no reason to store anything");
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Seen");
      return window.analytics.flush();
    });
    const event = await until(async () => (await site.events()).find(({ event }) => event === "Seen"));
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    const receipts = await until(async () => {
      const all = await tab.run(() => window.analytics.consent.receipts());
      return all.length > 1 && all;
    });
    const receipt = receipts.find(({ rev }) => rev === event.context.consent.rev);
    assert.deepEqual(receipt?.categoryPreferences, event.context.consent.categoryPreferences);
    assert.deepEqual([receipt?.because.analytics, receipt?.policyRevision], ["manual", 1]);
    assert.ok(Date.parse(receipt?.at ?? "") <= Date.parse(event.timestamp) + 1000);
    await tab.run(() => void window.analytics.consent.set({ analytics: false }));
    assert.deepEqual(await tab.run(() => Object.keys(localStorage)), ["tg_consent"]);
  });
});
