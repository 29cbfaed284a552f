/**
 * CookieYes, as https://www.cookieyes.com/documentation/retrieving-consent-data-using-api-getckyconsent/ and
 * …/documentation/events-on-cookie-banner-load/ say.
 */
import { fire, setCookie } from "./storage.mjs";

export function cookieyes(page) {
  const { window, document } = page;
  const categories = { necessary: true, functional: false, analytics: false, advertisement: false };
  let completed = false;
  const cmp = {
    model: "opt-in",
    necessary: ["necessary"],
    categories: ["functional", "analytics", "advertisement"],
    /** The element `<script id="cookieyes">`. */
    begin: () => Object.assign(window, { cookieyes: {} }),
    load() {
      window.getCkyConsent = () => ({
        activeLaw: "gdpr",
        categories: { ...categories },
        isUserActionCompleted: completed,
      });
      fire(document, "cookieyes_banner_load");
    },
    choose(accepted, { action = "yes" } = {}) {
      completed = true;
      for (const category of cmp.categories) categories[category] = accepted.includes(category);
      const flags = Object.entries(categories).map(([category, on]) => `${category}:${on ? "yes" : "no"}`);
      setCookie(page, "cookieyes-consent", `consentid:abc,consent:yes,action:${action},${flags}`);
      fire(document, "cookieyes_consent_update", { accepted, rejected: [] });
    },
    forget: () => setCookie(page, "cookieyes-consent"),
  };
  return cmp;
}
