/**
 * Osano, as https://developers.osano.com/cmp/javascript-api/developer-documentation-consent-javascript-api says: a listener of
 * `osano-cm-initialized` that comes late is called at once, with nothing while nobody has answered.
 */
import { storageOf } from "./storage.mjs";

export function osano(page) {
  const { window } = page;
  const consent = { ESSENTIAL: "ACCEPT", ANALYTICS: "DENY", MARKETING: "DENY", OPT_OUT: "DENY" };
  const listeners = {};
  let saved = false;
  const tell = (event, value) => {
    for (const call of listeners[event] ?? []) call(value);
  };
  const cmp = {
    model: null,
    necessary: ["ESSENTIAL"],
    categories: ["ANALYTICS", "MARKETING"],
    consent,
    /** Its stub is a function without the API. */
    begin: () => Object.assign(window, { Osano: Object.assign(() => {}, { data: [] }) }),
    load() {
      storageOf(page);
      const cm = {
        getConsent: () => ({ ...consent }),
        addEventListener(event, call) {
          listeners[event] = [...(listeners[event] ?? []), call];
          if (event === "osano-cm-initialized") call(saved ? consent : undefined);
        },
      };
      window.Osano = { cm };
    },
    toggle(category) {
      consent[category] = "ACCEPT";
      tell("osano-cm-consent-changed", { [category]: "ACCEPT" });
    },
    choose(accepted) {
      saved = true;
      for (const category of cmp.categories) consent[category] = accepted.includes(category) ? "ACCEPT" : "DENY";
      storageOf(page).osano_consentmanager = "opaque";
      tell("osano-cm-consent-saved", consent);
    },
    forget: () => void delete storageOf(page).osano_consentmanager,
  };
  return cmp;
}
