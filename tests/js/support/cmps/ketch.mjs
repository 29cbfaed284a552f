/**
 * Ketch, as https://developers.ketch.com/docs/ketch-smart-tag-plugins says: no synchronous read, `consent` comes for defaults too, and so does the
 * public record.
 */
import { setCookie, storageOf } from "./storage.mjs";

export function ketch(page) {
  const { window } = page;
  const listeners = [];
  let purposes = { essential_services: true, analytics: false, advertising: false };
  const store = () => {
    const record = Object.entries(purposes).map(([id, on]) => [id, { status: on ? "granted" : "denied" }]);
    setCookie(page, "_ketch_consent_v1_", encodeURIComponent(btoa(JSON.stringify(Object.fromEntries(record)))));
  };
  const tell = (event) => {
    for (const [name, call] of listeners) if (name === event) call({ purposes });
  };
  const cmp = {
    model: null,
    necessary: ["essential_services"],
    categories: ["analytics", "advertising"],
    /** The stub queues. */
    begin: () => Object.assign(window, { ketch: () => {} }),
    load() {
      storageOf(page);
      window.ketch = (_, event, call) => {
        listeners.push([event, call]);
        if (event === "consent") call({ purposes });
      };
      store();
    },
    /** What a visitor comes back with; `basis` is the legal basis of each. */
    restore(given, basis) {
      purposes = { ...purposes, ...given };
      store();
      const cached = Object.entries(purposes).map(([id, on]) => [id, { allowed: `${on}`, legalBasisCode: basis }]);
      storageOf(page)._swb_consent_ = JSON.stringify({ purposes: Object.fromEntries(cached) });
    },
    choose(accepted) {
      purposes = { ...purposes, ...Object.fromEntries(cmp.categories.map((id) => [id, accepted.includes(id)])) };
      store();
      tell("consent");
      tell("userConsentUpdated");
    },
    forget: () => setCookie(page, "_ketch_consent_v1_"),
  };
  return cmp;
}
