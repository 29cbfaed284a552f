/** Audit: the frameworks of the IAB. TCF is the IAB's own library, but where a platform fails in a way that it does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { libraries, tcfStub } from "../browser/support/iab.mjs";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { stringThat, usnat } from "./support/gpp-strings.mjs";
import { quiet } from "./support/quiet.mjs";
import { destination, withConsent } from "./support/settings.mjs";
import { kept, snapshot } from "./support/snapshot.mjs";
import { BY_CONSENT, BY_INTEREST, RESTRICTED, tcString } from "./support/tc-strings.mjs";
import { visit } from "./support/world.mjs";

/** Runs in the page. */
const track = (/** @type {string} */ name) => void window.analytics.track(name);
const purposes = () => window.analytics.consent.get().purposes;
const dropped = () => window.analytics.stats().perDestination.warehouse.dropped;
const tellTcf = (/** @type {object} */ changes, success = true) => window.tcf.tell(changes, success);
const tellGpp = (/** @type {object} */ changes) => window.gpp.tell(changes);
/** `shown`: the dialog is open. */
const updateTcf = (/** @type {string | null} */ string, shown = false) => {
  window.cmp ??= new window.TcfApi(31, 1);
  window.cmp.update(string, shown);
};

/** Analytics is TCF purposes 1 and 8, advertising 1 and 7. */
const mapped = {
  necessary: { always: true },
  analytics: { tcf: { purposes: [1, 8] } },
  advertising: { tcf: { purposes: [1, 7] }, gpp: ["sale", "sharing", "targeted"] },
};

/** One destination under analytics. @param {object} [vendor] what it is registered with */
const settings = (vendor) => (/** @type {any} */ standard) => ({
  ...withConsent(standard, { purposes: mapped, ...(vendor && { vendors: { v: { tcf: vendor } } }) }),
  destinations: [destination("warehouse", "/warehouse", { allOf: ["analytics"], ...(vendor && { vendor: "v" }) })],
  tags: [],
});

const tcf = /** @type {import("./support/platforms.mjs").Platform} */ ({
  files: { "/tcf-stub.js": tcfStub, "/iab.js": libraries },
  head: '<script src="/tcf-stub.js"></script><script defer src="/iab.js"></script>',
});
const standIn = '<script src="/tcf.js"></script>';
const answered = { gdprApplies: true, eventStatus: "useractioncomplete" };

inChromiumAndFirefox((engine) => {
  /**
   * A page with the IAB's platform, whose visitor has answered with that string.
   * @param {import("node:test").TestContext} t
   * @param {string} string
   * @param {object} [vendor]
   */
  async function answeredWith(t, string, vendor) {
    const visited = await visit(engine, t, { platform: tcf, config: settings(vendor) });
    await until(() => visited.tab.run(() => !!window.TcfApi));
    await visited.tab.run(updateTcf, string);
    await visited.tab.run(track, "Answered");
    return visited;
  }

  /** @param {Awaited<ReturnType<typeof visit>>} visited @param {string} name */
  const arrives = ({ shop }, name) => until(() => shop.events().some(({ event }) => event === name));
  /** @param {Awaited<ReturnType<typeof visit>>} visited @param {string} name */
  async function neverArrives({ shop }, name) {
    await quiet();
    assert.ok(!shop.events().some(({ event }) => event === name));
  }

  const faults = {
    "success=false": [{}, false],
    "malformed string": [{ tcString: "CQnonsense" }, true],
    "cmpStatus=error": [{ cmpStatus: "error" }, true],
  };
  for (const [what, [changes, success]] of Object.entries(faults))
    test(`20. CMP throws, returns \`success=false\`, malformed string, or \`cmpStatus=error\` after a grant: ${what}`, async (t) => {
      const visited = await visit(engine, t, { first: standIn, config: settings() });
      await visited.tab.run(tellTcf, { ...answered, tcString: tcString() });
      await visited.tab.run(track, "Answered");
      await arrives(visited, "Answered");
      await visited.tab.run(tellTcf, changes, success);
      await visited.tab.run(track, "After The Fault");
      await neverArrives(visited, "After The Fault");
      assert.equal((await visited.tab.run(purposes)).analytics, "unknown");
    });
  test("20. CMP throws, returns `success=false`, malformed string, or `cmpStatus=error` after a grant: switched off", async (t) => {
    const visited = await answeredWith(t, tcString());
    await arrives(visited, "Answered");
    await visited.tab.run(() => window.cmp.disable());
    await visited.tab.run(track, "After The End");
    await neverArrives(visited, "After The End");
    assert.equal((await visited.tab.run(purposes)).analytics, "unknown");
  });

  test("16. Consent expires mid-session; record >13 months: a TC string", async (t) => {
    for (const [daysAgo, passes] of /** @type {const} */ ([
      [380, true],
      [400, false],
    ])) {
      const visited = await answeredWith(t, tcString({ daysAgo }));
      await (passes ? arrives : neverArrives)(visited, "Answered");
      assert.equal((await visited.tab.run(purposes)).analytics, passes ? "granted" : "unknown");
    }
  });

  test("21. SDK before CMP; CMP 10 s late; stub only: stub only", async (t) => {
    const stub = '<script src="/tcf-stub.js"></script>';
    const visited = await visit(engine, t, { platform: { ...tcf, head: stub }, config: settings() });
    await visited.tab.run(track, "Stub Only");
    await neverArrives(visited, "Stub Only");
    assert.deepEqual(kept((await snapshot(visited.world, visited.tab)).page), []);
  });

  for (const gdprApplies of [true, false])
    test(`22. \`gdprApplies\` undefined→true; undefined→false: to ${gdprApplies}`, async (t) => {
      const visited = await visit(engine, t, { first: standIn, config: settings() });
      await visited.tab.run(tellTcf, { eventStatus: "tcloaded", tcString: tcString() });
      await visited.tab.run(track, "Undefined");
      await neverArrives(visited, "Undefined");
      assert.equal((await visited.tab.run(purposes)).analytics, "unknown");
      await visited.tab.run(tellTcf, { ...answered, gdprApplies, tcString: gdprApplies ? tcString() : undefined });
      // Where it does not apply it asks for nothing.
      await arrives(visited, "Undefined");
    });
  test("22. `gdprApplies` undefined→true; undefined→false: to true, and the visitor says no", async (t) => {
    const visited = await visit(engine, t, { first: standIn, config: settings() });
    await visited.tab.run(tellTcf, { eventStatus: "tcloaded", tcString: tcString() });
    await visited.tab.run(track, "Undefined");
    await visited.tab.run(tellTcf, { ...answered, tcString: tcString({ purposes: [] }) });
    await neverArrives(visited, "Undefined");
    assert.equal((await visited.tab.run(purposes)).analytics, "denied");
  });
  test("22. `gdprApplies` undefined→true; undefined→false: to false, which decides only what the framework would", async (t) => {
    const { tcf: _, ...unmapped } = mapped.analytics;
    const visited = await visit(engine, t, {
      first: standIn,
      config: (standard) => withConsent(settings()(standard), { purposes: { ...mapped, analytics: unmapped } }),
    });
    await visited.tab.run(tellTcf, { ...answered, gdprApplies: false });
    await visited.tab.run(track, "Nobody Asked");
    await neverArrives(visited, "Nobody Asked");
    assert.deepEqual(await visited.tab.run(purposes), {
      necessary: "granted",
      analytics: "unknown",
      advertising: "granted",
    });
  });

  test("23. UI re-opened and closed unsaved; toggled unsaved (Klaro/Osano): TCF, `cmpuishown`", async (t) => {
    const visited = await answeredWith(t, tcString({ purposes: [1] }));
    await visited.tab.run(updateTcf, tcString(), true);
    await visited.tab.run(track, "While It Is Open");
    await neverArrives(visited, "Answered");
    await neverArrives(visited, "While It Is Open");
  });

  const CASE_25 =
    "25. Vendor granted/purpose denied and the converse; restriction 0/1/2; vendor not disclosed; LI objection; P1 denied but P7 granted";
  /** With consent, or in its legitimate interest; each may be restricted to the other. */
  const consent = { id: BY_CONSENT, purposes: [8], flexiblePurposes: [8] };
  const interest = { id: BY_INTEREST, legIntPurposes: [8], flexiblePurposes: [8] };
  const rigid = (/** @type {any} */ { flexiblePurposes: _, ...vendor }) => vendor;
  const { notAllowed, toConsent, toInterest } = RESTRICTED;
  const passing = {
    "both granted": [consent, {}],
    "nobody objected to legitimate interest": [interest, {}],
    "restriction 1, and consent": [interest, { restriction: toConsent, vendorInterests: [] }],
    "restriction 1 on what needs consent anyway": [rigid(consent), { restriction: toConsent }],
  };
  // The purpose is granted in each of them, so that it is the vendor that is denied.
  const failing = {
    "purpose granted, vendor denied": [consent, { vendors: [BY_INTEREST] }],
    "restriction 0": [consent, { restriction: notAllowed }],
    "restriction 0, and legitimate interest": [interest, { restriction: notAllowed }],
    "restriction 1, and only legitimate interest": [interest, { restriction: toConsent, vendors: [BY_CONSENT] }],
    "restriction 1 on what is not flexible": [rigid(interest), { restriction: toConsent }],
    "restriction 2, and only consent": [consent, { restriction: toInterest }],
    "restriction 2 on what is not flexible": [rigid(consent), { restriction: toInterest }],
    "not disclosed": [consent, { disclosed: [BY_INTEREST] }],
    "not disclosed, and legitimate interest": [interest, { disclosed: [BY_CONSENT] }],
    "objection to legitimate interest": [interest, { interests: [] }],
    "objection to legitimate interest of that vendor": [interest, { vendorInterests: [] }],
  };
  for (const [what, [vendor, says]] of Object.entries(passing))
    test(`${CASE_25}: ${what}`, async (t) => arrives(await answeredWith(t, tcString(says), vendor), "Answered"));
  for (const [what, [vendor, says]] of Object.entries(failing))
    test(`${CASE_25}: ${what}`, async (t) => {
      const visited = await answeredWith(t, tcString(says), vendor);
      await neverArrives(visited, "Answered");
      assert.equal((await visited.tab.run(purposes)).analytics, "granted");
      assert.deepEqual(await visited.tab.run(dropped), { denied: 1 });
    });
  for (const [what, denied] of /** @type {const} */ ([
    ["vendor granted, purpose denied", [1, 7]],
    ["P1 denied", [7, 8]],
  ]))
    test(`${CASE_25}: ${what}`, async (t) => {
      const visited = await answeredWith(t, tcString({ purposes: [...denied] }), consent);
      await neverArrives(visited, "Answered");
      const { analytics, advertising } = await visited.tab.run(purposes);
      assert.deepEqual([analytics, advertising], ["denied", what === "P1 denied" ? "denied" : "granted"]);
      assert.deepEqual(await visited.tab.run(dropped), { denied: 1 });
    });

  for (const [what, says] of /** @type {const} */ ([
    ["without disclosedVendors", { disclosed: null }],
    ["IsServiceSpecific=0", { isServiceSpecific: false }],
  ]))
    test(`26. TC string without disclosedVendors; IsServiceSpecific=0: ${what}`, async (t) => {
      const visited = await answeredWith(t, tcString(says), consent);
      await neverArrives(visited, "Answered");
      assert.equal((await visited.tab.run(purposes)).analytics, "unknown");
    });

  /** Where silence is yes, one destination for sale. @param {import("node:test").TestContext} t */
  const inAmerica = (t) =>
    visit(engine, t, {
      first: '<script src="/gpp.js"></script>',
      config: (standard) => ({
        ...withConsent(standard, { model: "opt-out", purposes: mapped }),
        destinations: [destination("ads", "/ads", { allOf: ["advertising"] })],
        tags: [],
      }),
    });
  const FIELDS = ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"];
  const optedOut = stringThat(
    ({ sectionIds, sections }) =>
      sectionIds.includes(7) && sectionIds.length > 1 && FIELDS.some((field) => sections.usnat?.[field] === 1),
  );
  const heard = (/** @type {string} */ gppString, applicableSections = [7]) => ({
    signalStatus: "ready",
    applicableSections,
    gppString,
  });
  const CASE_28 = "28. GPP `not ready` after `ready`; usnat plus state section; `[-1]`; unknown version";
  test(`${CASE_28}: \`not ready\` after \`ready\``, async (t) => {
    const visited = await inAmerica(t);
    await visited.tab.run(tellGpp, heard(usnat({})));
    await visited.tab.run(track, "Ready");
    await arrives(visited, "Ready");
    await visited.tab.run(tellGpp, { signalStatus: "not ready" });
    await visited.tab.run(track, "Not Ready");
    await neverArrives(visited, "Not Ready");
    assert.equal((await visited.tab.run(purposes)).advertising, "unknown");
  });
  const denials = {
    "usnat alone": heard(usnat({ optOut: 1 })),
    "usnat plus state section": heard(optedOut.string, optedOut.sectionIds),
    "unknown version": heard(usnat({ version: 9 })),
  };
  test(`${CASE_28}: \`[-1]\`, no section applies`, async (t) => {
    const visited = await inAmerica(t);
    await visited.tab.run(tellGpp, heard("DBAA", [-1]));
    await visited.tab.run(track, "Nothing Applies");
    await arrives(visited, "Nothing Applies");
  });
  for (const [what, changes] of Object.entries(denials))
    test(`${CASE_28}: ${what}`, async (t) => {
      const visited = await inAmerica(t);
      await visited.tab.run(tellGpp, changes);
      await visited.tab.run(track, "Opted Out");
      await neverArrives(visited, "Opted Out");
      assert.equal((await visited.tab.run(purposes)).advertising, "denied");
    });

  test("31. Two CMPs or TCF vs Consent Mode disagree: TCF says yes, Consent Mode no", async (t) => {
    const analytics = { ...mapped.analytics, "google-consent-mode": ["analytics_storage"] };
    const visited = await visit(engine, t, {
      platform: tcf,
      // What mirrors another platform has a say where the config maps it.
      config: (standard) => withConsent(settings()(standard), { purposes: { ...mapped, analytics } }),
    });
    await until(() => visited.tab.run(() => !!window.TcfApi));
    await visited.tab.run(updateTcf, tcString());
    await visited.tab.run(track, "Answered");
    await arrives(visited, "Answered");
    await visited.tab.run(() => {
      window.dataLayer ??= [];
      const gtag = function () {
        // biome-ignore lint/complexity/noArguments: it is how Google's own is told from other entries.
        window.dataLayer.push(arguments);
      };
      Reflect.apply(gtag, null, ["consent", "update", { analytics_storage: "denied", ad_storage: "denied" }]);
    });
    await visited.tab.run(track, "Disputed");
    await neverArrives(visited, "Disputed");
    assert.equal((await visited.tab.run(purposes)).analytics, "denied");
  });

  test("38. Child/sensitive flags set: a known child of usnat", async (t) => {
    const visited = await inAmerica(t);
    await visited.tab.run(tellGpp, heard(usnat({ child: 1 })));
    await visited.tab.run(track, "By A Child");
    await neverArrives(visited, "By A Child");
    assert.equal((await visited.tab.run(purposes)).advertising, "denied");
  });
});
