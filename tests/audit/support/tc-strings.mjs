/** TC strings of the IAB's own encoder, by what they say. */
import { GVL, PurposeRestriction, TCModel, TCString } from "@iabtechlabtcf/core";

/** What the publisher may restrict a vendor to. */
export const RESTRICTED = { notAllowed: 0, toConsent: 1, toInterest: 2 };

/** Both vendors of the list do what is purpose 8: one with consent, one in its legitimate interest, and either could do otherwise. */
export const BY_CONSENT = 21;
export const BY_INTEREST = 22;

const vendor = (/** @type {number} */ id, /** @type {object} */ purposes) => ({
  ...{ id, name: `Vendor ${id}`, legIntPurposes: [], specialPurposes: [], features: [], specialFeatures: [] },
  ...{ flexiblePurposes: [8], ...purposes },
});
const list = /** @type {any} */ ({
  ...{ gvlSpecificationVersion: 3, vendorListVersion: 1, tcfPolicyVersion: 5, lastUpdated: "2026-01-01T00:00:00Z" },
  purposes: Object.fromEntries([1, 7, 8].map((id) => [id, { id, name: `Purpose ${id}` }])),
  vendors: {
    [BY_CONSENT]: vendor(BY_CONSENT, { purposes: [1, 8] }),
    [BY_INTEREST]: vendor(BY_INTEREST, { purposes: [1], legIntPurposes: [8] }),
  },
  ...{ specialPurposes: {}, features: {}, specialFeatures: {}, stacks: {}, dataCategories: {} },
});

const DAY = 86_400_000;

/**
 * A string of today that says yes to everything, but for what is given. `disclosed: null` leaves that segment out.
 * @param {{ purposes?: number[], interests?: number[], vendors?: number[], vendorInterests?: number[], disclosed?: number[] | null,
 *   restriction?: number, isServiceSpecific?: boolean, daysAgo?: number }} [says] `restriction` is on purpose 8 of both vendors
 */
export function tcString(says = {}) {
  const both = [BY_CONSENT, BY_INTEREST];
  const {
    purposes = [1, 7, 8],
    interests = [8],
    vendors = both,
    vendorInterests = [BY_INTEREST],
    disclosed = both,
  } = says;
  const { restriction, isServiceSpecific = true, daysAgo = 0 } = says;
  const model = new TCModel(new GVL(list));
  Object.assign(model, { cmpId: 31, cmpVersion: 1, consentScreen: 1, isServiceSpecific });
  model.created = model.lastUpdated = new Date(Date.now() - daysAgo * DAY);
  model.purposeConsents.set(purposes);
  model.purposeLegitimateInterests.set(interests);
  model.vendorConsents.set(vendors);
  model.vendorLegitimateInterests.set(vendorInterests);
  model.vendorsDisclosed.set(disclosed ?? []);
  model.publisherRestrictions.gvl = model.gvl;
  if (restriction !== undefined)
    for (const id of both) model.publisherRestrictions.add(id, new PurposeRestriction(8, restriction));
  const string = TCString.encode(model);
  // The core comes first.
  return disclosed ? string : string.slice(0, string.indexOf("."));
}
