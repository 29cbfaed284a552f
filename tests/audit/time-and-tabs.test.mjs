/** Audit: time passes, other tabs decide, pages come back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { vanilla, vanillaWith } from "./support/platforms.mjs";
import { quiet } from "./support/quiet.mjs";
import { withConsent } from "./support/settings.mjs";
import { kept, snapshot } from "./support/snapshot.mjs";
import { addPage, isReady, reload, visit } from "./support/world.mjs";

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

/** Runs in the page. */
const grantAll = () => void window.analytics.consent.set({ analytics: true, advertising: true });
const track = (/** @type {string} */ name) => void window.analytics.track(name);
const state = () => window.analytics.consent.get().purposes.analytics;

const DAY = 86_400_000;
/** A clock that far behind. @param {number} days */
const earlier = (days) => `<script>{
  const Own = Date;
  const now = () => Own.now() - ${days * DAY};
  window.Date = class extends Own {
    constructor(...given) {
      super(...(given.length > 0 ? given : [now()]));
    }
    static now = now;
  };
}</script>`;

inChromiumAndFirefox((engine) => {
  for (const by of ["the banner", "consent.set"])
    test(`13. Consent changed in another tab: by ${by}`, async (t) => {
      const platform = by === "the banner" ? vanilla : undefined;
      const { world, shop, vendor, open, tab } = await visit(engine, t, { platform });
      if (platform) await until(() => tab.run(platform.isThere));
      await tab.run(platform ? () => window.CookieConsent.acceptCategory("all") : grantAll);
      const other = await open("/page");
      await until(async () => (await other.run(state)) === "granted");
      shop.down = vendor.down = true;
      await tab.run(track, "Queued In One Tab");
      await until(() => shop.seen.some(({ path }) => path === "/warehouse"));
      if (platform) await other.run(platform.answer, []);
      else await other.run(() => void window.analytics.consent.set({ analytics: false, advertising: false }));
      await until(async () => (await tab.run(state)) === "denied");
      shop.down = vendor.down = false;
      for (const one of [tab, other]) {
        await one.run(track, "After Withdrawal");
        await one.run(() => void window.dispatchEvent(new Event("online")));
      }
      await quiet();
      assert.deepEqual([shop.events(), vendor.events()], [[], []]);
      for (const one of [tab, other])
        assert.deepEqual(kept((await snapshot(world, one)).page), platform ? [] : ["tg_consent"]);
    });

  test("14. bfcache restore after change elsewhere", async (t) => {
    const { world, shop, vendor, open, tab } = await visit(engine, t, { platform: vanilla });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Granted");
    await until(() => shop.events("/warehouse").length === 1 && vendor.events().length === 3);
    shop.answer("/elsewhere", { body: "<!doctype html><title>Elsewhere</title>" });
    await tab.goto(`${shop.url}/elsewhere`);
    const other = await open("/page");
    await until(() => other.run(vanilla.isThere));
    await other.run(vanilla.answer, []);
    shop.seen.length = vendor.seen.length = 0;
    await tab.run(() => void setTimeout(() => history.back()));
    await until(() => tab.run(isReady).catch(() => false));
    await tab.run(track, "Back Again");
    await quiet();
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
    assert.notEqual(await tab.run(state), "granted");
    assert.deepEqual(kept((await snapshot(world, tab)).page), []);
  });

  // Whether a browser keeps a page is its own business, and it may not keep one that holds a lock: the event alone must do.
  test("14. bfcache restore after change elsewhere: `pageshow` alone tells", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await until(async () => (await tab.run(state)) === "granted");
    const after = await tab.run(() => {
      // As another tab's banner leaves it while this page is frozen.
      const decision = { ...window.CookieConsent.getCookie(), categories: ["necessary"] };
      // biome-ignore lint/suspicious/noDocumentCookie: the banner writes it so.
      document.cookie = `cc_cookie=${encodeURIComponent(JSON.stringify(decision))}; Path=/; Domain=${location.hostname}`;
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      return window.analytics.consent.get().purposes.analytics;
    });
    assert.equal(after, "denied");
    await tab.run(track, "Thawed");
    await quiet();
    assert.deepEqual([shop.events(), vendor.events()], [[], []]);
  });

  const skip = engine.name === "Firefox" && "it does not prerender";
  test("15. Prerendered/background page before activation: prerendered, nobody has chosen", { skip }, async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
    addPage(world, { platform: vanilla, last: "<script>analytics.track('Prerendered')</script>" }, "/next");
    const rules = { prerender: [{ source: "list", urls: ["/next"] }] };
    await tab.run((rules) => {
      const script = Object.assign(document.createElement("script"), { type: "speculationrules", text: rules });
      document.head.append(script);
    }, JSON.stringify(rules));
    await quiet();
    // Where this machine prerenders it ran by now; where it does not, it only was not.
    t.diagnostic(shop.asked().includes("GET /next") ? "the page was prerendered" : "this browser did not prerender");
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    assert.deepEqual(kept((await snapshot(world, tab)).page), []);
    await tab.goto(`${shop.url}/next`);
    await until(() => tab.run(isReady));
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
  });

  test("15. Prerendered/background page before activation: in the background, withdrawn in front", async (t) => {
    const hidden = `<script>Object.defineProperty(Document.prototype, "visibilityState", { get: () => "hidden" });
      Object.defineProperty(Document.prototype, "hidden", { get: () => true });</script>`;
    const { world, shop, vendor, open, tab } = await visit(engine, t);
    addPage(world, { first: hidden, last: "<script>analytics.track('In The Background')</script>" }, "/behind");
    const behind = await open("/behind");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    assert.deepEqual(kept((await snapshot(world, behind)).page), []);
    await tab.run(() => void window.analytics.consent.set({ analytics: false, advertising: false }));
    await until(async () => (await behind.run(state)) === "denied");
    await behind.run(track, "Behind, Denied");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
  });

  test("16. Consent expires mid-session; record >13 months: mid-session, consent.set", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t);
    await tab.run(() => {
      const record = { v: 1, rev: 3, policy: 1, expires: Date.now() + 3000, purposes: { analytics: true } };
      localStorage.setItem("tg_consent", JSON.stringify(record));
    });
    await reload(tab);
    await tab.run(track, "Before The End");
    await until(() => shop.events("/warehouse").length === 1);
    // Nobody calls anything when the time is over.
    await until(async () => (await tab.run(state)) === "unknown");
    await tab.run(track, "After The End");
    await quiet();
    assert.deepEqual(names(shop.events()), ["Before The End"]);
    assert.deepEqual(names(vendor.events()), ["Before The End"]);
    assert.deepEqual(kept((await snapshot(world, tab)).page), []);
  });

  test("16. Consent expires mid-session; record >13 months: mid-session, the banner's", async (t) => {
    const seconds = 3;
    const platform = vanillaWith({ cookie: { expiresAfterDays: (seconds * 1000) / DAY } });
    const { shop, tab } = await visit(engine, t, { platform });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics"]);
    await tab.run(track, "Before The End");
    await until(() => shop.events("/warehouse").length === 1);
    await tab.run((ms) => new Promise((done) => setTimeout(done, ms)), seconds * 1000);
    await tab.run(track, "After The End");
    await quiet();
    assert.deepEqual(names(shop.events()), ["Before The End"]);
  });

  test("16. Consent expires mid-session; record >13 months: a record of 14 months", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, { first: earlier(14 * 30.5) });
    await tab.run(grantAll);
    addPage(world);
    shop.seen.length = vendor.seen.length = 0;
    await reload(tab);
    await tab.run(track, "Much Later");
    await quiet();
    assert.equal(await tab.run(state), "unknown");
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
  });

  const lasting = { platform: vanillaWith({ cookie: { expiresAfterDays: 1000 } }) };
  for (const [days, is] of /** @type {const} */ ([
    [390, "granted"],
    [14 * 30.5, "unknown"],
  ]))
    test(`16. Consent expires mid-session; record >13 months: the banner's, ${days} days old, which says it lasts for years`, async (t) => {
      const { tab, world, shop, vendor } = await visit(engine, t, { ...lasting, first: earlier(days) });
      await until(() => tab.run(vanilla.isThere));
      await tab.run(vanilla.answer, ["analytics", "advertising"]);
      addPage(world, lasting);
      shop.seen.length = vendor.seen.length = 0;
      await reload(tab);
      await until(() => tab.run(vanilla.isThere));
      await tab.run(track, "Much Later");
      await quiet();
      assert.equal(await tab.run(state), is);
      assert.deepEqual(names(shop.events("/warehouse")), is === "granted" ? ["Much Later"] : []);
      if (is !== "granted") assert.deepEqual([shop.events(), vendor.seen], [[], []]);
    });
  test("16. Consent expires mid-session; record >13 months: the banner's refusal, where silence is yes", async (t) => {
    const config = (/** @type {any} */ standard) => withConsent(standard, { model: "opt-out" });
    const { tab, world, shop, vendor } = await visit(engine, t, { ...lasting, config, first: earlier(14 * 30.5) });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, []);
    addPage(world, { ...lasting, config });
    shop.seen.length = vendor.seen.length = 0;
    await reload(tab);
    await until(() => tab.run(vanilla.isThere));
    await tab.run(track, "Much Later");
    await quiet();
    assert.equal(await tab.run(state), "unknown");
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
  });

  test("17. Policy revision/CMP version bump invalidates: policyRevision of the config", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t);
    await tab.run(grantAll);
    await until(() => tab.run(() => !!window.analytics.user().anonymousId()));
    addPage(world, { config: (standard) => withConsent(standard, { policyRevision: 2 }) });
    shop.seen.length = vendor.seen.length = 0;
    await reload(tab);
    await tab.run(track, "Under The New Policy");
    await quiet();
    assert.equal(await tab.run(state), "unknown");
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
  });

  test("17. Policy revision/CMP version bump invalidates: revision of the banner", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanillaWith({ revision: 1 }) });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    addPage(world, { platform: vanillaWith({ revision: 2 }) });
    await reload(tab);
    await until(() => tab.run(vanilla.isThere));
    await quiet();
    shop.seen.length = vendor.seen.length = 0;
    await tab.run(track, "Under The New Policy");
    await quiet();
    assert.equal(await tab.run(state), "unknown");
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
  });

  test("19. CMP never answers: no timeout-to-allow", async (t) => {
    const fast = '<script src="/fast-clock.js"></script>';
    const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla, first: fast });
    await tab.run(track, "Waits");
    const start = await tab.run(() => Date.now());
    // Five minutes of the page.
    await until(() => tab.run((start) => Date.now() > start + 300_000, start));
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    assert.equal(await tab.run(() => window.analytics.consent.get().status), "pending");
    assert.deepEqual(kept((await snapshot(world, tab)).page), []);
  });
});
