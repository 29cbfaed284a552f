/** Audit: the frameworks of the IAB. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { quiet } from "./support/quiet.mjs";
import { destination, withConsent } from "./support/settings.mjs";
import { kept, snapshot } from "./support/snapshot.mjs";
import { dayAfter, restrictedTo, stringThat, usnat } from "./support/strings.mjs";
import { visit } from "./support/world.mjs";

/** Runs in the page. */
const track = (/** @type {string} */ name) => void window.analytics.track(name);
const tellTcf = (/** @type {object} */ changes, success = true) => window.tcf.tell(changes, success);
const tellGpp = (/** @type {object} */ changes) => window.gpp.tell(changes);

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

const answered = { gdprApplies: true, eventStatus: "useractioncomplete" };
const isPlain = (/** @type {any} */ tc) => tc.isServiceSpecific && tc.publisherRestrictions.length === 0;
const accepts = (/** @type {any} */ tc, /** @type {number[]} */ ids) =>
  ids.every((id) => tc.purposeConsents.includes(id));
const isYes = (/** @type {any} */ tc) => isPlain(tc) && accepts(tc, [1, 8]);
const isDisclosed = (/** @type {any} */ tc, /** @type {number} */ id) => tc.disclosedVendors?.includes(id);
/** A vendor that has consent and was disclosed. */
const consented = (/** @type {any} */ tc) => tc.vendorConsents.find((/** @type {number} */ id) => isDisclosed(tc, id));

inChromiumAndFirefox((engine) => {
  /**
   * A page with that platform, whose visitor has answered with that string.
   * @param {import("node:test").TestContext} t
   * @param {any} tc
   * @param {object} [vendor]
   */
  async function answeredWith(t, tc, vendor) {
    const first = `${dayAfter(tc)}<script src="/tcf.js"></script>`;
    const visited = await visit(engine, t, { first, config: settings(vendor) });
    await visited.tab.run(tellTcf, { ...answered, tcString: tc.string });
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
      const visited = await answeredWith(t, stringThat("tcf", isYes));
      await arrives(visited, "Answered");
      await visited.tab.run(tellTcf, changes, success);
      await visited.tab.run(track, "After The Fault");
      await neverArrives(visited, "After The Fault");
    });

  test("21. SDK before CMP; CMP 10 s late; stub only: stub only", async (t) => {
    const visited = await visit(engine, t, { first: '<script src="/tcf.js"></script>', config: settings() });
    await visited.tab.run(track, "Stub Only");
    await neverArrives(visited, "Stub Only");
    assert.deepEqual(kept((await snapshot(visited.world, visited.tab)).page), []);
  });

  for (const gdprApplies of [true, false])
    test(`22. \`gdprApplies\` undefined→true; undefined→false: to ${gdprApplies}`, async (t) => {
      const tc = stringThat("tcf", isYes);
      const first = `${dayAfter(tc)}<script src="/tcf.js"></script>`;
      const visited = await visit(engine, t, { first, config: settings() });
      await visited.tab.run(tellTcf, { eventStatus: "tcloaded", tcString: tc.string });
      await visited.tab.run(track, "Undefined");
      await neverArrives(visited, "Undefined");
      await visited.tab.run(tellTcf, { ...answered, gdprApplies, tcString: gdprApplies ? tc.string : undefined });
      // Where it does not apply the platform has not been asked, and the config's model goes on.
      if (gdprApplies) await arrives(visited, "Undefined");
      else await neverArrives(visited, "Undefined");
    });

  test("23. UI re-opened and closed unsaved; toggled unsaved (Klaro/Osano): TCF, `cmpuishown`", async (t) => {
    const visited = await answeredWith(
      t,
      stringThat("tcf", (tc) => isPlain(tc) && !accepts(tc, [8])),
    );
    const yes = stringThat("tcf", isYes);
    await visited.tab.run(tellTcf, { eventStatus: "cmpuishown", tcString: yes.string });
    await neverArrives(visited, "Answered");
  });

  const consent = { purposes: [8] };
  const interest = { legIntPurposes: [8] };
  const restricted = (/** @type {any} */ tc, /** @type {number} */ type) =>
    tc.publisherRestrictions.find((/** @type {any} */ one) => one.purpose === 8 && one.type === type)?.vendors[0];
  /** @type {Record<string, { says: (tc: any) => boolean, id: (tc: any) => number, vendor: object, passes?: boolean, changed?: (string: string) => string }>} */
  const vendors = {
    "both granted": { says: (tc) => isYes(tc) && !!consented(tc), id: consented, vendor: consent, passes: true },
    "vendor granted, purpose denied": {
      says: (tc) => isPlain(tc) && accepts(tc, [1]) && !accepts(tc, [8]) && !!consented(tc),
      id: consented,
      vendor: consent,
    },
    "purpose granted, vendor denied": {
      says: (tc) => isYes(tc) && !tc.vendorConsents.includes(1),
      id: () => 1,
      vendor: consent,
    },
    "restriction 0": {
      says: (tc) => accepts(tc, [1, 8]) && restricted(tc, 0),
      id: (tc) => restricted(tc, 0),
      vendor: consent,
    },
    "restriction 1, and only legitimate interest": {
      says: (tc) => restricted(tc, 1) && !accepts(tc, [8]),
      id: (tc) => restricted(tc, 1),
      vendor: interest,
    },
    "restriction 2, and only consent": {
      says: (tc) => accepts(tc, [1, 8]) && restricted(tc, 1),
      id: (tc) => restricted(tc, 1),
      vendor: consent,
      changed: (string) => restrictedTo(string, 8, 2),
    },
    "not disclosed": {
      says: (tc) =>
        isYes(tc) && tc.disclosedVendors && tc.vendorConsents.some((/** @type {number} */ id) => !isDisclosed(tc, id)),
      id: (tc) => tc.vendorConsents.find((/** @type {number} */ id) => !isDisclosed(tc, id)),
      vendor: consent,
    },
    "objection to legitimate interest": {
      says: (tc) => isYes(tc) && !tc.purposeLegitimateInterests.includes(8) && !!consented(tc),
      id: consented,
      vendor: interest,
    },
  };
  for (const [what, { says, id, vendor, passes, changed = String }] of Object.entries(vendors))
    test(`25. Vendor granted/purpose denied and the converse; restriction 0/1/2; vendor not disclosed; LI objection; P1 denied but P7 granted: ${what}`, async (t) => {
      const tc = stringThat("tcf", says);
      const told = { ...tc, string: changed(tc.string) };
      const visited = await answeredWith(t, told, { id: id(tc), ...vendor });
      await (passes ? arrives : neverArrives)(visited, "Answered");
    });
  test("25. Vendor granted/purpose denied and the converse; restriction 0/1/2; vendor not disclosed; LI objection; P1 denied but P7 granted: P1 denied", async (t) => {
    const visited = await answeredWith(
      t,
      stringThat("tcf", (tc) => isPlain(tc) && accepts(tc, [7, 8]) && !accepts(tc, [1])),
    );
    await neverArrives(visited, "Answered");
    const { analytics, advertising } = await visited.tab.run(() => window.analytics.consent.get().purposes);
    assert.deepEqual([analytics, advertising], ["denied", "denied"]);
  });

  test("26. TC string without disclosedVendors; IsServiceSpecific=0: without disclosedVendors", async (t) => {
    const tc = stringThat("tcf", (tc) => isYes(tc) && !tc.disclosedVendors && tc.vendorConsents.length > 0);
    const visited = await answeredWith(t, tc, { id: tc.vendorConsents[0], purposes: [8] });
    await neverArrives(visited, "Answered");
  });
  test("26. TC string without disclosedVendors; IsServiceSpecific=0: IsServiceSpecific=0", async (t) => {
    const visited = await answeredWith(
      t,
      stringThat("tcf", (tc) => !tc.isServiceSpecific && accepts(tc, [1, 8])),
    );
    await neverArrives(visited, "Answered");
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
    "gpp",
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
    });

  test("31. Two CMPs or TCF vs Consent Mode disagree: TCF says yes, Consent Mode no", async (t) => {
    const visited = await answeredWith(t, stringThat("tcf", isYes));
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
  });

  test("38. Child/sensitive flags set: a known child of usnat", async (t) => {
    const visited = await inAmerica(t);
    await visited.tab.run(tellGpp, heard(usnat({ child: 1 })));
    await visited.tab.run(track, "By A Child");
    await neverArrives(visited, "By A Child");
  });
});
