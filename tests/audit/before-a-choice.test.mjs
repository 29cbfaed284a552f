/** Audit: nobody has chosen, or chose no, or chose a part. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { platforms, vanilla } from "./support/platforms.mjs";
import { quiet } from "./support/quiet.mjs";
import { withConsent } from "./support/settings.mjs";
import { copied, snapshot, untouched } from "./support/snapshot.mjs";
import { reload, visit } from "./support/world.mjs";

/** What a page may call; runs in the page. */
const everyCall = () => {
  window.analytics.page("Home");
  window.analytics.track("Viewed", { price: 1 });
  window.analytics.identify("jane", { email: "jane@example.test" });
  window.analytics.group("acme");
  window.analytics.screen("Start");
  window.analytics.alias("jane", "john");
  window.analytics.setAnonymousId("me");
  void window.analytics.flush();
};

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

inChromiumAndFirefox((engine) => {
  for (const platform of [undefined, ...platforms])
    test(`1. Opt-in, no choice: zero third-party requests, zero writes (incl. preconnect, sendBeacon, pixel, worker, WASM/config URL parameters): ${platform?.name ?? "consent.set"}`, async (t) => {
      const { world, tab } = await visit(engine, t, { platform });
      assert.equal(await tab.run(() => window.analytics.user().anonymousId()), null);
      await tab.run(everyCall);
      await quiet();
      assert.deepEqual(await snapshot(world, tab), untouched(platform));
    });

  test("2. Reject all = state 1, after reload too: consent.set", async (t) => {
    const { world, shop, tab } = await visit(engine, t);
    await tab.run(() => void window.analytics.consent.set({ analytics: false, advertising: false }));
    const rejected = untouched();
    rejected.page.local = ["tg_consent"];
    for (let page = 0; page < 2; page++) {
      await tab.run(everyCall);
      await quiet();
      assert.deepEqual(await snapshot(world, tab), rejected);
      shop.seen.length = 0;
      await reload(tab);
    }
    const remembered = await tab.run(() => localStorage.getItem("tg_consent"));
    assert.deepEqual(Object.keys(JSON.parse(remembered ?? "")), ["v", "rev", "policy", "expires", "purposes"]);
  });

  for (const platform of platforms)
    test(`2. Reject all = state 1, after reload too: ${platform.name}`, async (t) => {
      const { world, shop, tab } = await visit(engine, t, { platform });
      await until(() => tab.run(platform.isThere));
      await tab.run(platform.answer, []);
      const rejected = untouched(platform);
      rejected.page.cookies = platform.keeps;
      for (let page = 0; page < 2; page++) {
        await tab.run(everyCall);
        await quiet();
        assert.deepEqual(await snapshot(world, tab), rejected);
        shop.seen.length = 0;
        await reload(tab);
      }
    });

  const parts = [
    { accepted: "analytics", shop: ["POST /warehouse"], vendor: ["GET /heatmap.js", "POST /any"] },
    { accepted: "advertising", shop: [], vendor: ["GET /pixel.gif", "POST /ads", "POST /any"] },
  ];
  for (const { accepted, ...wanted } of parts)
    for (const platform of platforms)
      test(`3. Accept one category: only its destinations: ${accepted}, ${platform.name}`, async (t) => {
        const { world, tab } = await visit(engine, t, { platform });
        await until(() => tab.run(platform.isThere));
        await tab.run(platform.answer, [accepted]);
        await tab.run(() => void window.analytics.track("Viewed"));
        await until(() => world.vendor.asked().length >= wanted.vendor.length);
        await quiet();
        const { shop, vendor, page } = await snapshot(world, tab);
        assert.deepEqual(vendor, wanted.vendor);
        assert.deepEqual(
          shop.filter((request) => request.startsWith("POST")),
          wanted.shop,
        );
        const scripts = page.elements.filter((element) => element.includes("vendor."));
        assert.equal(scripts.length, accepted === "analytics" ? 1 : 0, `${scripts}`);
        assert.equal(page.cookies.includes("tg_anonymous_id"), accepted === "analytics");
        const sent = [...world.shop.events(), ...world.vendor.events()];
        assert.ok(sent.every(({ anonymousId }) => !!anonymousId === (accepted === "analytics")));
        assert.deepEqual([page.session, page.begun, page.thrown], [[], [], []]);
        // A destination is allowed, so there is a journal; what was delivered is in no copy of it.
        assert.deepEqual(page.databases, ["tg_journal"]);
        await until(async () => Object.keys(await tab.run(copied)).length === 0);
      });

  test("10. Event during pending replays once, to permitted destinations only, original timestamp", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
    const [from, to] = await tab.run(() => {
      const from = Date.now();
      window.analytics.track("Waited");
      return [from, Date.now()];
    });
    await quiet();
    await tab.run(vanilla.answer, ["analytics"]);
    await until(() => shop.events("/warehouse").length > 0);
    // Neither a second answer nor another page brings it again, and not what is allowed later.
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await reload(tab);
    await quiet();
    const everywhere = [...shop.events(), ...vendor.events()].filter(({ event }) => event === "Waited");
    assert.deepEqual(names(shop.events("/warehouse")), ["Waited"]);
    assert.deepEqual(names(vendor.events("/any")), ["Waited"]);
    assert.equal(everywhere.length, 2);
    for (const { timestamp } of everywhere) {
      const at = Date.parse(timestamp);
      assert.ok(at >= from && at <= to, `${at} is not within ${from} and ${to}`);
    }
    assert.deepEqual((await snapshot(world, tab)).page.thrown, []);
  });

  const blocked = {
    "by an ad-blocker": '<script defer src="http://blocked.invalid/cookieconsent.js"></script>',
    "by a 404": '<script defer src="/no-such-file.js"></script>',
    "by a CSP": `<meta http-equiv="content-security-policy" content="script-src 'self' 'wasm-unsafe-eval'"><script defer src="http://cmp.localhost/cmp.js"></script>`,
  };
  for (const [how, head] of Object.entries(blocked))
    for (const cmp of ["auto", [vanilla.name]])
      test(`18. CMP blocked (ad-blocker, CSP, 404): opt-in stays denied: ${how}, cmp ${JSON.stringify(cmp)}`, async (t) => {
        const { world, shop, vendor, tab } = await visit(engine, t, {
          first: head,
          config: (standard) => withConsent(standard, { cmp }),
        });
        await tab.run(everyCall);
        await quiet();
        assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
        const { page } = await snapshot(world, tab);
        assert.deepEqual([page.cookies, page.local, page.session, page.databases], [[], [], [], []]);
        assert.ok(
          !Object.values(await tab.run(() => window.analytics.consent.get().purposes))
            .slice(1)
            .includes("granted"),
        );
      });
});
