/** Audit: what a consent platform does, and what it fails to do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { platforms, vanilla, vanillaWith } from "./support/platforms.mjs";
import { quiet } from "./support/quiet.mjs";
import { destination, withConsent } from "./support/settings.mjs";
import { kept, snapshot } from "./support/snapshot.mjs";
import { licensed } from "./support/stand-ins.mjs";
import { visit } from "./support/world.mjs";

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

/** Runs in the page. */
const track = (/** @type {string} */ name) => void window.analytics.track(name);
const purposes = () => window.analytics.consent.get().purposes;

inChromiumAndFirefox((engine) => {
  /** Somebody who has accepted everything in that banner. @param {import("node:test").TestContext} t @param {import("./support/platforms.mjs").Platform} platform */
  async function accepted(t, platform) {
    const visited = await visit(engine, t, { platform, config: (standard) => ({ ...standard, tags: [] }) });
    const { tab, shop, vendor } = visited;
    await until(() => tab.run(platform.isThere));
    await tab.run(platform.answer, ["analytics", "advertising"]);
    await tab.run(track, "Granted");
    await until(() => shop.events("/warehouse").length === 1 && vendor.events().length === 3);
    await until(() => tab.run(() => window.analytics.stats().inFlight === 0));
    return visited;
  }

  const breaks = {
    "its API throws": () => {
      window.CookieConsent.getCookie = () => {
        throw new Error("the banner's own");
      };
    },
    "its cookie is malformed": () => {
      // biome-ignore lint/suspicious/noDocumentCookie: whoever broke it.
      document.cookie = `cc_cookie=%7Bnonsense; Path=/; Domain=${location.hostname}`;
    },
    "it answers nonsense": () => {
      window.CookieConsent.getCookie = () => /** @type {any} */ ({ categories: "all", consentId: 7 });
    },
  };
  for (const [how, breakIt] of Object.entries(breaks))
    test(`20. CMP throws, returns \`success=false\`, malformed string, or \`cmpStatus=error\` after a grant: ${how}`, async (t) => {
      const { world, shop, vendor, tab } = await accepted(t, vanilla);
      await tab.run(breakIt);
      await tab.run(track, "After The Fault");
      await quiet();
      assert.ok(names([...shop.events(), ...vendor.events()]).every((name) => name === "Granted"));
      assert.equal((await tab.run(purposes)).analytics, "unknown");
      const { page } = await snapshot(world, tab);
      assert.deepEqual([page.cookies.filter((name) => name !== "cc_cookie"), page.thrown], [[], []]);
    });

  test("21. SDK before CMP; CMP 10 s late; stub only: vanilla-cookieconsent", async (t) => {
    const fast = '<script src="/fast-clock.js"></script>';
    // In the end of the body and not waited for, so that the SDK is there before it.
    const late = { ...vanilla, head: "" };
    const { shop, vendor, tab } = await visit(engine, t, { platform: late, first: fast });
    const start = await tab.run(() => Date.now());
    await tab.run(track, "Waits For The Banner");
    await until(() => tab.run((start) => Date.now() > start + 10_000, start));
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    await tab.run(async () => {
      for (const src of ["/cookieconsent.js", "/banner.js"])
        await new Promise((onload) =>
          document.head.append(Object.assign(document.createElement("script"), { src, onload })),
        );
    });
    await until(() => tab.run(vanilla.isThere));
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    await tab.run(vanilla.answer, ["analytics"]);
    await until(() => shop.events("/warehouse").length === 1 && vendor.events("/any").length === 1);
    assert.deepEqual(names(vendor.events("/ads")), []);
  });

  for (const platform of platforms)
    test(`23. UI re-opened and closed unsaved; toggled unsaved (Klaro/Osano): ${platform.name}`, async (t) => {
      const { shop, tab } = await accepted(t, platform);
      const before = await tab.run(() => window.analytics.consent.get());
      await tab.run(platform.toggleUnsaved);
      await tab.run(track, "After The Toggle");
      await until(() => names(shop.events("/warehouse")).includes("After The Toggle"));
      const { rev, purposes } = await tab.run(() => window.analytics.consent.get());
      assert.deepEqual({ rev, purposes }, { rev: before.rev, purposes: before.purposes });
    });

  for (const platform of platforms)
    test(`23. UI re-opened and closed unsaved; toggled unsaved (Klaro/Osano): after a refusal, ${platform.name}`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, { platform });
      await until(() => tab.run(platform.isThere));
      await tab.run(platform.answer, []);
      await tab.run(platform.toggleUnsaved);
      await tab.run(track, "After The Toggle");
      await quiet();
      assert.equal((await tab.run(purposes)).analytics, "denied");
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    });

  const CASE_29 = "29. Implied consent (Cookiebot `-1`, CookieYes `action:no`, TrustArc implied) in an opt-in region";
  for (const [name, { platform, record, imply, categories }] of Object.entries(licensed)) {
    const config = (/** @type {any} */ standard) => {
      const purposes = structuredClone(standard.consent.purposes);
      for (const [purpose, category] of Object.entries(categories)) purposes[purpose][platform.name] = [category];
      return withConsent(standard, { purposes });
    };
    test(`${CASE_29}: ${name}, its cookie before its script`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, {
        config,
        first: `<script>document.cookie = ${JSON.stringify(`${record}; Path=/`)}</script>`,
      });
      await tab.run(track, "Implied");
      await quiet();
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
      assert.equal((await tab.run(purposes)).analytics, "unknown");
    });
    test(`${CASE_29}: ${name}, its API`, async (t) => {
      const { world, shop, vendor, tab } = await visit(engine, t, { config, platform });
      await until(() => tab.run(platform.isThere));
      await tab.run(imply);
      await tab.run(track, "Implied");
      await quiet();
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
      assert.equal((await tab.run(purposes)).analytics, "unknown");
      assert.deepEqual(kept((await snapshot(world, tab)).page), []);
      // The same answer by the visitor's own hand.
      await tab.run(() => window.cmp.choose(window.cmp.categories));
      await until(() => names(shop.events("/warehouse")).includes("Implied") && vendor.events("/ads").length > 0);
      await tab.run(imply);
      await tab.run(track, "Implied Again");
      await quiet();
      assert.ok(!names([...shop.events(), ...vendor.events()]).includes("Implied Again"));
    });
  }

  const forged = (/** @type {object} */ changes) =>
    encodeURIComponent(
      JSON.stringify({
        categories: ["necessary", "analytics", "advertising"],
        revision: 0,
        consentTimestamp: new Date().toISOString(),
        consentId: "00000000-0000-4000-8000-000000000000",
        services: { necessary: [], analytics: [], advertising: [] },
        lastConsentTimestamp: new Date().toISOString(),
        expirationTime: Date.now() + 86_400_000,
        ...changes,
      }),
    );
  const stale = {
    "the banner has not come": { record: forged({}), head: "" },
    "it is over": { record: forged({ expirationTime: Date.now() - 1000 }), head: vanilla.head },
    "of an older revision": { record: forged({ revision: 3 }), head: vanilla.head },
    "without an identifier": { record: forged({ consentId: undefined }), head: vanilla.head },
  };
  for (const [how, { record, head }] of Object.entries(stale))
    test(`30. Forged/stale consent cookie before CMP load: ${how}`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, {
        platform: { ...vanillaWith({ revision: 4 }), head },
        first: `<script>document.cookie = "cc_cookie=${record}; Path=/"</script>`,
      });
      await tab.run(track, "Forged");
      if (head) await until(() => tab.run(vanilla.isThere));
      await quiet();
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
      assert.equal((await tab.run(purposes)).analytics, "unknown");
    });

  const tampered = {
    nonsense: "{]",
    "without an end": '{"v":1,"rev":1,"policy":1,"purposes":{"analytics":true}}',
    "of another form": '{"v":2,"rev":1,"policy":1,"expires":9999999999999,"purposes":{"analytics":true}}',
    "it is over": '{"v":1,"rev":1,"policy":1,"expires":1,"purposes":{"analytics":true}}',
  };
  for (const [how, record] of Object.entries(tampered))
    test(`30. Forged/stale consent cookie before CMP load: tg_consent, ${how}`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, {
        first: `<script>localStorage.setItem("tg_consent", ${JSON.stringify(record)})</script>`,
      });
      await tab.run(track, "Forged");
      await quiet();
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
      assert.equal((await tab.run(purposes)).analytics, "unknown");
    });

  for (const first of [true, false])
    test(`31. Two CMPs or TCF vs Consent Mode disagree: the banner says ${first ? "yes" : "no"}, consent.set the other`, async (t) => {
      const { world, shop, vendor, tab } = await visit(engine, t, { platform: vanilla });
      await until(() => tab.run(vanilla.isThere));
      await tab.run(vanilla.answer, first ? ["analytics", "advertising"] : []);
      await tab.run((yes) => void window.analytics.consent.set({ analytics: yes, advertising: yes }), !first);
      // What a first yes fetches of the SDK's own files may be under way.
      await quiet();
      const before = [shop.seen.length, vendor.seen.length];
      await tab.run(track, "Disputed");
      await quiet();
      assert.ok(!names([...shop.events(), ...vendor.events()]).includes("Disputed"));
      assert.deepEqual(before, [shop.seen.length, vendor.seen.length]);
      assert.equal((await tab.run(purposes)).analytics, "denied");
      assert.deepEqual(kept((await snapshot(world, tab)).page), ["tg_consent"]);
    });
  test("31. Two CMPs or TCF vs Consent Mode disagree: one of two that are asked has not answered", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      platform: vanilla,
      config: (standard) => withConsent(standard, { cmp: ["vanilla-cookieconsent", "klaro"] }),
    });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Half Answered");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
  });

  test("32. Unmapped destination; typo in category; new CMP category: a destination without a requirement", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      platform: vanilla,
      config: (standard) => ({
        ...standard,
        destinations: [...standard.destinations, destination("unmapped", "/unmapped")],
      }),
    });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Viewed");
    await until(() => shop.events("/warehouse").length === 1 && vendor.events().length === 3);
    await quiet();
    assert.ok(!shop.asked().includes("POST /unmapped"));
    const { unmapped } = await tab.run(() => window.analytics.stats().perDestination);
    assert.deepEqual(unmapped.dropped, { denied: 1 });
  });

  test("32. Unmapped destination; typo in category; new CMP category: a category that the banner does not have", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      platform: vanilla,
      config: (standard) => {
        const { purposes } = standard.consent;
        const analytics = { [vanilla.name]: ["analitycs"] };
        return withConsent(standard, { purposes: { ...purposes, analytics } });
      },
    });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Viewed");
    await until(() => vendor.events("/ads").length === 1 && vendor.events("/any").length === 1);
    await quiet();
    assert.deepEqual([shop.events(), vendor.events("/lookalikes")], [[], []]);
    assert.ok(!vendor.asked().includes("GET /heatmap.js"));
  });

  test("32. Unmapped destination; typo in category; new CMP category: a requirement that names no purpose", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      platform: vanilla,
      config: (standard) => ({
        ...standard,
        destinations: [...standard.destinations, destination("typo", "/typo", { allOf: ["analitycs"] })],
      }),
    });
    assert.equal(await tab.run(() => window.analytics.state), "failed");
    await tab.run(track, "Viewed");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
  });

  test("32. Unmapped destination; typo in category; new CMP category: the banner has a category more than the config", async (t) => {
    const categories = { necessary: { enabled: true, readOnly: true }, analytics: {}, advertising: {}, profiling: {} };
    const { shop, vendor, tab } = await visit(engine, t, { platform: vanillaWith({ categories }) });
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["profiling"]);
    await tab.run(track, "Viewed");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    assert.deepEqual(await tab.run(purposes), { necessary: "granted", analytics: "denied", advertising: "denied" });
  });
});
