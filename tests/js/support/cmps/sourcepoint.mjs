/**
 * Sourcepoint, as https://docs.sourcepoint.com/hc/en-us/articles/4412176150035-Queue-event-callbacks says of its script,
 * …/4405387989011-Cookies-and-local-storage-Web of its record and …/4405397717395-Vendor-grants-Web of the grants in it. In the US what was
 * chosen is asked for, as https://sourcepoint-public-api.readme.io/reference/getuserconsents-1 says.
 */
import { setCookie, storageOf } from "./storage.mjs";

const ANSWERED = { consentStatus: { hasConsentData: true }, expirationDate: "2999-01-01T00:00:00.000Z" };
const NEW = { applies: true, consentStatus: { hasConsentData: false } };

/** What both have: the page's object with a queue, which the script fills with its API, and an event once a record is stored. */
function platform(page, campaign, api) {
  const { window } = page;
  const listeners = [];
  const cmp = {
    necessary: [],
    begin: () => Object.assign(window, { _sp_queue: [], _sp_: { config: { accountId: 22 } } }),
    load() {
      if (!window._sp_) cmp.begin();
      Object.assign(window._sp_, api, {
        addEventListener: (event, call) => event === "onConsentReady" && listeners.push(call),
      });
      const queued = window._sp_queue;
      window._sp_queue = { push: (call) => call() };
      for (const call of queued) call();
      cmp.write({ [campaign]: NEW });
    },
    write(record, property = 7) {
      storageOf(page)[`_sp_user_consent_${property}`] = JSON.stringify({ ...record, version: 1 });
    },
    tell() {
      setCookie(page, "consentUUID", "3c5d_26");
      for (const call of listeners) call(campaign, "3c5d_26");
    },
    forget() {
      for (const key of Object.keys(storageOf(page)))
        if (key.startsWith("_sp_user_consent_")) delete storageOf(page)[key];
    },
  };
  return cmp;
}

export function sourcepoint(page) {
  const purposes = ["p1", "p2"];
  const cmp = Object.assign(platform(page, "gdpr"), {
    model: "opt-in",
    categories: [...purposes, "v1", "v2"],
    /** `changes` is what the record says otherwise. */
    store(accepted, property, changes) {
      const purposeGrants = Object.fromEntries(purposes.map((id) => [id, accepted.includes(id)]));
      const grant = (vendor) => ({
        vendorGrant: accepted.includes(vendor) && purposes.every((id) => accepted.includes(id)),
        purposeGrants,
      });
      const gdpr = {
        applies: true,
        ...ANSWERED,
        grants: { v1: grant("v1"), v2: grant("v2") },
        categories: purposes.filter((id) => accepted.includes(id)),
        vendors: ["v1", "v2"].filter((id) => accepted.includes(id)),
        customVendorsResponse: { consentedVendors: [], consentedPurposes: [], legIntPurposes: [] },
        ...changes,
      };
      cmp.write({ gdpr }, property);
    },
    choose(accepted, changes) {
      cmp.store(accepted, 7, changes);
      cmp.tell();
    },
  });
  return cmp;
}

export function sourcepointUs(page) {
  let chosen = [];
  let revision = 0;
  const list = (ids) => ids.map((_id) => ({ _id, consented: chosen.includes(_id) }));
  const usnat = {
    getUserConsents(call) {
      const choices = { applies: true, categories: list(["sale", "sharing"]), vendors: list(["v1"]) };
      if (cmp.answers === "now") call(choices, true);
      if (cmp.answers === "later") page.window.queueMicrotask(() => call(choices, true));
      if (cmp.answers === "never") call(null, false);
    },
  };
  const cmp = Object.assign(platform(page, "usnat", { usnat }), {
    model: "opt-out",
    categories: ["sale", "sharing", "v1"],
    answers: "now",
    choose(accepted, changes) {
      chosen = accepted;
      cmp.write({ usnat: { applies: true, ...ANSWERED, dateCreated: `2026-01-0${++revision}`, ...changes } });
      cmp.tell();
    },
  });
  return cmp;
}
