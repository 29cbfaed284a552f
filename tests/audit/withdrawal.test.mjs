/** Audit: consent is taken back, and given again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { vanilla } from "./support/platforms.mjs";
import { quiet } from "./support/quiet.mjs";
import { destination } from "./support/settings.mjs";
import { kept, snapshot } from "./support/snapshot.mjs";
import { reload, visit } from "./support/world.mjs";

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

/** Runs in the page. */
const grantAll = () => void window.analytics.consent.set({ analytics: true, advertising: true });
const denyAll = () => void window.analytics.consent.set({ analytics: false, advertising: false });
const track = (/** @type {string} */ name) => void window.analytics.track(name);

/** One destination under analytics in place of the standard ones, and no tag. @param {object[]} destinations */
const only =
  (...destinations) =>
  (/** @type {any} */ standard) => ({ ...standard, destinations, tags: [] });

const analytics = { allOf: ["analytics"] };
const AN_HOUR = { maxWaitMs: 3_600_000 };

inChromiumAndFirefox((engine) => {
  for (const by of ["consent.set", "the banner"])
    test(`4. Withdraw: no request starts after the callback returns, same tick: by ${by}`, async (t) => {
      const platform = by === "the banner" ? vanilla : undefined;
      const { world, shop, vendor, tab } = await visit(engine, t, { platform });
      if (platform) await until(() => tab.run(platform.isThere));
      await tab.run(platform ? () => window.CookieConsent.acceptCategory("all") : grantAll);
      await tab.run(track, "Granted");
      await until(() => vendor.events("/lookalikes").length === 1 && shop.events("/warehouse").length === 1);
      await until(() => tab.run(() => window.analytics.stats().inFlight === 0));
      await until(() => vendor.asked().includes("GET /heatmap.js") && vendor.asked().includes("GET /pixel.gif"));
      await quiet();
      const asked = () => shop.seen.length + vendor.seen.length;
      const before = asked();
      const at = await tab.run((byBanner) => {
        // It would go out by itself at the end of this task, and its tags would run.
        window.analytics.track("Queued When Withdrawn");
        const at = performance.now();
        if (byBanner) window.CookieConsent.acceptCategory([]);
        else window.analytics.consent.set({ analytics: false, advertising: false });
        window.analytics.track("After Withdrawal");
        void window.analytics.flush();
        return at;
      }, !!platform);
      await tab.run(track, "Later");
      await quiet();
      const started = await tab.run((at) => {
        const since = performance.getEntriesByType("resource").filter(({ startTime }) => startTime >= at);
        return since.map(({ name }) => name);
      }, at);
      assert.deepEqual(started, []);
      assert.equal(asked(), before);
      const { page } = await snapshot(world, tab);
      const scripts = page.elements.filter((element) => element.endsWith("/heatmap.js"));
      assert.equal(scripts.length, 1, "that of the granted event");
      assert.deepEqual(kept(page), platform ? [] : ["tg_consent"]);
      assert.deepEqual([page.session, page.databases, page.begun, page.thrown], [[], [], [], []]);
    });

  test("5. Withdraw with queued batch, retry timer and in-flight fetch: purged/aborted", async (t) => {
    const { world, shop, tab } = await visit(engine, t, {
      config: only(
        destination("queued", "/queued", analytics, AN_HOUR),
        destination("retried", "/retried", analytics),
        destination("under-way", "/under-way", analytics),
      ),
    });
    shop.answer("/retried", { status: 503, body: "" });
    const release = shop.hold("/under-way");
    await tab.run(grantAll);
    await tab.run(track, "Caught");
    const at = (/** @type {string} */ path) => shop.seen.filter((one) => one.path === path);
    await until(() => at("/retried").length > 0 && at("/under-way").length > 0);
    const { left, stats } = await tab.run(() => {
      const before = window.analytics.stats().perDestination;
      window.analytics.consent.set({ analytics: false });
      return {
        left: [document.cookie, ...Object.keys(localStorage)],
        stats: { before, after: window.analytics.stats().perDestination },
      };
    });
    assert.equal(stats.before.queued.queued, 1);
    assert.deepEqual(left, ["", "tg_consent"]);
    for (const { queued, inFlight, delivered, dropped } of Object.values(stats.after))
      assert.deepEqual([queued, inFlight, delivered, dropped], [0, 0, 0, { withdrawn: 1 }]);
    await until(() => at("/under-way")[0]?.cut);
    release();
    shop.answer("/retried", { body: "{}" });
    const { length } = at("/retried");
    await quiet();
    await quiet();
    assert.deepEqual([at("/queued").length, at("/retried").length, at("/under-way").length], [0, length, 1]);
    assert.deepEqual(kept((await snapshot(world, tab)).page), ["tg_consent"]);
  });

  for (const withdraws of [false, true])
    test(`6. Withdraw, then \`pagehide\`: unload beacon sends nothing: ${withdraws ? "withdrawn" : "without a withdrawal it does"}`, async (t) => {
      const { shop, tab } = await visit(engine, t, { config: only(destination("late", "/late", analytics, AN_HOUR)) });
      await tab.run(grantAll);
      await tab.run(track, "Before The End");
      await tab.run(() => new Promise((done) => setTimeout(done, 300)));
      assert.deepEqual(shop.events(), []);
      if (withdraws) await tab.run(denyAll);
      shop.answer("/elsewhere", { body: "<title>Elsewhere</title>" });
      await tab.goto(`${shop.url}/elsewhere`);
      if (withdraws) await quiet();
      else await until(() => shop.events().length > 0);
      assert.deepEqual(names(shop.events()), withdraws ? [] : ["Before The End"]);
    });

  for (const then of ["back online", "the next page", "withdrawn on a page without the SDK"])
    test(`7. Offline queue stored under consent, withdrawn, back online or next page: nothing sent: ${then}`, async (t) => {
      const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
      shop.down = vendor.down = true;
      await until(() => tab.run(vanilla.isThere));
      await tab.run(vanilla.answer, ["analytics"]);
      await tab.run(track, "Stored Offline");
      await until(() => shop.seen.some(({ path }) => path === "/warehouse"));
      assert.ok((await snapshot(world, tab)).page.local.some((key) => key.startsWith("tg_")));
      if (then === "withdrawn on a page without the SDK") {
        const banner = `<script src="/cookieconsent.js"></script><script src="/banner.js"></script>`;
        shop.answer("/bare", { body: `<!doctype html><title>Bare</title>${banner}` });
        await tab.goto(`${shop.url}/bare`);
        await until(() => tab.run(vanilla.isThere));
      }
      await tab.run(vanilla.answer, []);
      shop.down = vendor.down = false;
      if (then === "back online") {
        await tab.run(() => {
          window.dispatchEvent(new Event("online"));
          void window.analytics.flush();
        });
      } else {
        await tab.goto(`${shop.url}/page`);
        await until(() => tab.run(() => window.analytics.state === "ready"));
        await tab.run(() => void window.analytics.flush());
      }
      await quiet();
      assert.deepEqual([shop.events(), vendor.events()], [[], []]);
      assert.deepEqual(kept((await snapshot(world, tab)).page), []);
    });

  test("8. Withdraw deletes owned ids; re-grant mints a **new** id", async (t) => {
    const { world, shop, tab } = await visit(engine, t);
    const known = () => {
      const [user, group] = [window.analytics.user(), window.analytics.group()];
      return [user.id(), user.anonymousId(), user.traits(), group.id(), group.traits()];
    };
    const nobody = [null, null, {}, null, {}];
    await tab.run(grantAll);
    await tab.run(() => {
      window.analytics.identify("jane", { plan: "sea" });
      window.analytics.group("acme", { size: 3 });
    });
    const [, first, ...others] = await tab.run(known);
    assert.match(first ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(others, [{ plan: "sea" }, "acme", { size: 3 }]);
    assert.ok(kept((await snapshot(world, tab)).page).includes("tg_anonymous_id"));
    await tab.run(denyAll);
    assert.deepEqual(await tab.run(known), nobody);
    await quiet();
    assert.deepEqual(kept((await snapshot(world, tab)).page), ["tg_consent"]);
    await tab.run(grantAll);
    const [, second, ...ofSecond] = await tab.run(known);
    assert.match(second ?? "", /^[0-9a-f-]{36}$/);
    assert.notEqual(second, first);
    assert.deepEqual(ofSecond, nobody.slice(2));
    await tab.run(track, "Granted Again");
    await until(() => names(shop.events()).includes("Granted Again"));
    const again = shop.events().find(({ event }) => event === "Granted Again");
    assert.deepEqual([again.anonymousId, again.userId ?? null], [second, null]);
    assert.ok(!/jane|acme/.test(JSON.stringify(again)));
    await tab.run(() => void window.analytics.identify("jane"));
    assert.equal((await tab.run(known))[0], "jane");
    await tab.run(denyAll);
    await reload(tab);
    assert.deepEqual(await tab.run(known), nobody);
    await tab.run(grantAll);
    const [user, third] = await tab.run(known);
    assert.match(third ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual([user, [first, second].includes(third)], [null, false]);
  });

  test("9. Event during denial never appears after a later grant", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, []);
    await tab.run(track, "Denied");
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Granted");
    await until(() => shop.events("/warehouse").length > 0 && vendor.events("/lookalikes").length > 0);
    await reload(tab);
    await quiet();
    for (const host of [shop, vendor]) assert.ok(names(host.events()).every((name) => name === "Granted"));
  });

  test("11. Grant→deny→grant inside one tick", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t);
    const ids = await tab.run(() => {
      const { analytics } = window;
      const step = (/** @type {boolean} */ is, /** @type {string} */ name) => {
        analytics.consent.set({ analytics: is, advertising: is });
        analytics.track(name);
        return analytics.user().anonymousId();
      };
      return [step(true, "First Grant"), step(false, "Denied"), step(true, "Second Grant")];
    });
    await until(() => shop.events("/warehouse").length > 0 && vendor.events("/lookalikes").length > 0);
    await quiet();
    const all = [...shop.events(), ...vendor.events()];
    assert.deepEqual(new Set(names(all)), new Set(["Second Grant"]));
    assert.deepEqual([ids[0] === ids[2], ids[1]], [false, null]);
    assert.ok(all.every(({ anonymousId }) => anonymousId === ids[2]));
    assert.deepEqual(
      vendor
        .asked()
        .filter((request) => request.startsWith("GET"))
        .sort(),
      ["GET /heatmap.js", "GET /pixel.gif"],
    );
    assert.deepEqual((await snapshot(world, tab)).page.thrown, []);
  });

  test("12. Batch spanning two revisions is split; stamps match capture", async (t) => {
    const { shop, tab } = await visit(engine, t, {
      config: only(destination("warehouse", "/warehouse", analytics, { maxWaitMs: 300 })),
    });
    await tab.run(() => {
      const { analytics } = window;
      analytics.consent.set({ analytics: true });
      analytics.track("Without Advertising");
      analytics.consent.set({ advertising: true });
      analytics.track("With Advertising");
      analytics.consent.set({ advertising: false });
      analytics.track("Without It Again");
    });
    await until(() => shop.events().length === 3);
    const batches = shop.seen.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body).batch);
    assert.equal(batches.length, 3);
    const stamps = batches
      .flat()
      .map(({ event, context }) => [event, context.consent.categoryPreferences.advertising, context.consent.rev]);
    const revs = stamps.map(([, , rev]) => rev);
    assert.deepEqual(stamps, [
      ["Without Advertising", undefined, revs[0]],
      ["With Advertising", true, revs[0] + 1],
      ["Without It Again", false, revs[0] + 2],
    ]);
  });

  /** As the visitor's own hand in the browser's settings; runs in the page. */
  const deleteCookie = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: as it stands in the browser.
    document.cookie = `cc_cookie=; Max-Age=0; Path=/; Domain=${location.hostname}`;
  };
  const silent = { "vcc.reset(true)": vanilla.reset, "cookie deleted by hand": deleteCookie };
  for (const [what, reset] of Object.entries(silent))
    test(`24. Silent reset (\`vcc.reset(true)\`, cookie deleted by hand): ${what}`, async (t) => {
      const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
      await until(() => tab.run(vanilla.isThere));
      await tab.run(vanilla.answer, ["analytics", "advertising"]);
      await tab.run(track, "Granted");
      const tagged = () => vendor.asked().filter((one) => one.startsWith("GET ")).length;
      await until(() => shop.events("/warehouse").length === 1 && vendor.events().length === 3 && tagged() === 2);
      await until(() => tab.run(() => window.analytics.stats().inFlight === 0));
      await tab.run(reset);
      await tab.run(track, "After The Reset");
      await quiet();
      assert.equal(tagged(), 2, "no tag runs");
      assert.ok(names([...shop.events(), ...vendor.events()]).every((name) => name === "Granted"));
      assert.equal(await tab.run(() => window.analytics.consent.get().status), "pending");
      assert.deepEqual(kept((await snapshot(world, tab)).page), []);
    });
});
