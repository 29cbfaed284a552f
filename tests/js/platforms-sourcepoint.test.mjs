/** Sourcepoint, of which much is peculiar, against its stand-in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourcepoint, sourcepointUs } from "./support/cmps/sourcepoint.mjs";
import {
  accepts,
  last,
  pageWith,
  readBeforeSend,
  run,
  silent,
  started,
  swap,
  undecided,
  unheard,
} from "./support/signals.mjs";

test("Sourcepoint: defaults, and an answer that has ended, are no answer", async () => {
  for (const create of [sourcepoint, sourcepointUs])
    for (const changes of [
      { consentStatus: { hasConsentData: false } },
      { consentStatus: {} },
      { consentStatus: { hasConsentData: true, granularStatus: { defaultConsent: true } } },
      { expirationDate: "2020-01-01T00:00:00.000Z" },
      { applies: false },
    ]) {
      const { page, cmp } = await started(create);
      cmp.choose(cmp.categories, changes);
      undecided(last(page, "sourcepoint"));
    }
});

test("Sourcepoint: a consent that it asks for again is none, an objection stands", async () => {
  for (const change of ["legalBasisChanges", "vendorListAdditions"]) {
    const outdated = { consentStatus: { hasConsentData: true, [change]: true } };
    const european = await started(sourcepoint);
    european.cmp.choose(european.cmp.categories, outdated);
    undecided(last(european.page, "sourcepoint"));
    const american = await started(sourcepointUs);
    american.cmp.choose(["sale"], outdated);
    accepts(last(american.page, "sourcepoint"), ["sale"]);
  }
});

test("Sourcepoint: what holds without the visitor's consent is not accepted", async () => {
  const { page, cmp } = await started(sourcepoint);
  cmp.choose([], { grants: { v1: { vendorGrant: true, purposeGrants: { essential: true, interest: true } } } });
  accepts(last(page, "sourcepoint"), []);
});

test("Sourcepoint: a purpose that one vendor's grant lacks is not accepted", async () => {
  const { page, cmp } = await started(sourcepoint);
  const refused = { vendorGrant: false, purposeGrants: { p1: false } };
  const given = { vendorGrant: true, purposeGrants: { p1: true, p2: true } };
  cmp.choose(["p1", "p2", "v1", "v2"], { grants: { v2: refused, v1: given } });
  accepts(last(page, "sourcepoint"), ["p2", "v1"]);
});

test("Sourcepoint: purposes go by their names too", async () => {
  const { page, cmp } = await started(sourcepoint);
  const consentedPurposes = [
    { _id: "p1", name: "Performance" },
    { _id: "p2", name: "Personal Ads" },
  ];
  cmp.choose(["p1"], { customVendorsResponse: { consentedPurposes } });
  accepts(last(page, "sourcepoint"), ["p1", "Performance"]);
});

test("Sourcepoint: of two properties' records the page's own counts, and neither where the page does not say", async () => {
  for (const [config, accepted] of [
    [{ propertyId: 7 }, ["p1"]],
    [{ propertyId: 8 }, ["p2"]],
  ]) {
    const { page, cmp } = await started(sourcepoint);
    cmp.store(["p1"], 7);
    cmp.store(["p2"], 8);
    assert.deepEqual(readBeforeSend(page).sourcepoint, { decided: false });
    Object.assign(page.window._sp_.config, config);
    accepts(readBeforeSend(page).sourcepoint, accepted);
  }
});

test("Sourcepoint: an objection in the US that is not known yet holds back what silence would let through", async () => {
  const { page, cmp } = await started(sourcepointUs);
  cmp.answers = "later";
  cmp.choose(["sale"]);
  assert.deepEqual(last(page, "sourcepoint"), { decided: false });
  await page.settle();
  accepts(last(page, "sourcepoint"), ["sale"]);
  cmp.answers = "never";
  cmp.choose([]);
  assert.deepEqual(last(page, "sourcepoint"), { decided: false });
});

test("Sourcepoint: before its script is there, a record without an answer is no silence", async () => {
  for (const [create, campaign] of [
    [sourcepoint, "gdpr"],
    [sourcepointUs, "usnat"],
  ])
    for (const applies of [true, false]) {
      const { page, cmp } = pageWith(create);
      cmp.begin();
      cmp.write({ [campaign]: { applies, consentStatus: { hasConsentData: false } } });
      await run(page);
      unheard(last(page, "sourcepoint"));
      cmp.load();
      page.window.dispatchEvent(new Event("pageshow"));
      silent(last(page, "sourcepoint"));
    }
});

test("Sourcepoint: a visitor whom its server knows is not a newcomer, although the record is not there yet", async () => {
  const { page, cmp } = await started(sourcepoint);
  cmp.choose([]);
  cmp.forget();
  unheard(readBeforeSend(page).sourcepoint);
});

test("Sourcepoint: an objection in the US is asked for once its script is there", async () => {
  const { page, cmp } = pageWith(sourcepointUs);
  cmp.load();
  cmp.choose(["sale"]);
  const start = swap(page.window._sp_, "usnat", undefined);
  await run(page);
  unheard(last(page, "sourcepoint"));
  start();
  accepts(readBeforeSend(page).sourcepoint, ["sale"]);
});

test("Sourcepoint: a campaign under the CCPA, which tells only what was rejected, is not heard", async () => {
  const { page, cmp } = await started(sourcepoint);
  cmp.write({ ccpa: { applies: true, status: "rejectedAll" } });
  assert.deepEqual(readBeforeSend(page).sourcepoint, { decided: false });
});
