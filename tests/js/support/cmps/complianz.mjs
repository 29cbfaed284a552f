/** Complianz 6 and 7, as https://complianz.io/developers-guide-for-third-party-integrations/ says. */
import { fire, setCookie } from "./storage.mjs";

export function complianz(page) {
  const { window, document } = page;
  const read = (name) => new RegExp(`(?:^|; )cmplz_${name}=([^;]*)`).exec(document.cookie)?.[1];
  const cmp = {
    model: "opt-in",
    necessary: ["functional"],
    categories: ["preferences", "statistics", "marketing"],
    begin: () => Object.assign(window, { complianz: { consenttype: "optin", prefix: "cmplz_" } }),
    load() {
      window.complianz = {
        consenttype: cmp.model === "opt-in" ? "optin" : "optout",
        prefix: "cmplz_",
        current_policy_id: "7",
      };
      window.cmplz_has_consent = (category) =>
        category === "functional" || (read(category) ?? (cmp.model === "opt-in" ? "deny" : "allow")) === "allow";
    },
    choose(accepted, { policy = "7" } = {}) {
      setCookie(page, "cmplz_functional", "allow");
      setCookie(page, "cmplz_policy_id", policy);
      for (const category of cmp.categories) {
        setCookie(page, `cmplz_${category}`, accepted.includes(category) ? "allow" : "deny");
        fire(document, "cmplz_status_change", { category });
      }
      setCookie(page, "cmplz_banner-status", "dismissed");
      fire(document, "cmplz_banner_status", "dismissed");
    },
    forget: () => setCookie(page, "cmplz_banner-status"),
  };
  return cmp;
}
