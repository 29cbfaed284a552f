/**
 * Usercentrics: version 2 as https://usercentrics.com/docs/web/features/v2/api_v2/ says, version 3 as …/docs/web/features/api/interfaces/ and
 * …/docs/web/features/events/ do. Version 3 answers later, and stores its record in local storage.
 */
import { fire, storageOf } from "./storage.mjs";

const services = () => [
  { id: "svc-essential", categorySlug: "essential", isEssential: true, consent: { status: true, history: [] } },
  { id: "svc-stats", categorySlug: "functional", isEssential: false, consent: { status: false, history: [] } },
  { id: "svc-maps", categorySlug: "functional", isEssential: false, consent: { status: false, history: [] } },
  { id: "svc-ads", categorySlug: "marketing", isEssential: false, consent: { status: false, history: [] } },
];

export function usercentrics2(page) {
  const { window } = page;
  const all = services();
  const cmp = {
    model: null,
    necessary: ["svc-essential", "essential"],
    categories: ["svc-stats", "functional", "svc-maps", "marketing", "svc-ads"],
    services: all,
    required: true,
    begin: () => Object.assign(window, { UC_UI: {} }),
    load() {
      window.UC_UI = {
        isInitialized: () => true,
        isConsentRequired: () => cmp.required,
        getServicesBaseInfo: () => all,
      };
      fire(window, "UC_UI_INITIALIZED");
    },
    choose(accepted, { type = "explicit" } = {}) {
      cmp.required = false;
      for (const { id, isEssential, consent } of all) {
        consent.status = isEssential || accepted.includes(id);
        consent.history.push({ action: "onUpdateServices", type, status: consent.status });
      }
      fire(window, "UC_UI_CMP_EVENT", { source: "FIRST_LAYER", type: "SAVE" });
    },
    /** What asks again, without an event. */
    forget() {
      cmp.required = true;
    },
  };
  return cmp;
}

export function usercentrics3(page) {
  const { window } = page;
  const all = services();
  const state = { type: "IMPLICIT", required: true };
  const details = () => {
    const categories = {};
    for (const { categorySlug, consent } of all) {
      const same = all.filter((service) => service.categorySlug === categorySlug);
      const given = same.filter((service) => service.consent.status).length;
      const state = given === same.length ? "ALL_ACCEPTED" : given > 0 ? "SOME_ACCEPTED" : "ALL_DENIED";
      categories[categorySlug] = { state, dps: consent.status };
    }
    return {
      consent: { status: "SOME_DENIED", ...state },
      services: Object.fromEntries(all.map(({ id, consent }) => [id, { consent: { given: consent.status } }])),
      categories,
    };
  };
  const cmp = {
    model: null,
    necessary: ["svc-essential", "essential"],
    categories: ["svc-stats", "functional", "svc-maps", "marketing", "svc-ads"],
    later: true,
    state,
    begin: () => Object.assign(window, { __ucCmp: {} }),
    load() {
      storageOf(page);
      window.__ucCmp = { getConsentDetails: async () => details() };
      fire(window, "UC_UI_INITIALIZED");
    },
    choose(accepted, { type = "EXPLICIT" } = {}) {
      Object.assign(state, { type, required: false });
      for (const { id, isEssential, consent } of all) consent.status = isEssential || accepted.includes(id);
      storageOf(page).ucData = JSON.stringify({ consent: { services: details().services } });
      fire(window, "UC_UI_CMP_EVENT", { type: accepted.length > 0 ? "SAVE" : "DENY_ALL" });
      fire(window, "UC_CONSENT", details());
    },
    open: () => fire(window, "UC_UI_CMP_EVENT", { source: "SECOND_LAYER", type: "CMP_SHOWN" }),
    forget: () => void delete storageOf(page).ucData,
  };
  return cmp;
}
