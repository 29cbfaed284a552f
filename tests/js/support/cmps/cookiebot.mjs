/** Cookiebot, as https://www.cookiebot.com/en/developer/ says: OnAccept fires on every page on which there is consent. */
import { daysBefore, fire, setCookie } from "./storage.mjs";

export function cookiebot(page) {
  const { window } = page;
  const write = (consent, stamp, daysAgo = 0) => {
    const flags = Object.entries(consent).filter(([, on]) => typeof on === "boolean");
    const text = `{stamp:'${stamp}',${flags.map((flag) => flag.join(":"))},method:'${consent.method}',ver:1,utc:${daysBefore(daysAgo).getTime()},region:'de'}`;
    setCookie(page, "CookieConsent", text.replaceAll("'", "%27").replaceAll(",", "%2C"));
  };
  const cmp = {
    model: "opt-in",
    necessary: ["necessary"],
    categories: ["preferences", "statistics", "marketing"],
    /** The element `<script id="Cookiebot">` is `window.Cookiebot` until the script ran. */
    begin: () => Object.assign(window, { Cookiebot: { src: "https://consent.cookiebot.com/uc.js" } }),
    load() {
      const consent = { necessary: true, preferences: false, statistics: false, marketing: false, method: null };
      window.Cookiebot = { consent, hasResponse: false, regulations: { gdprApplies: cmp.model === "opt-in" } };
    },
    choose(accepted, { method = "explicit", stamp = "k1+abc==", daysAgo } = {}) {
      const flags = cmp.categories.map((category) => [category, accepted.includes(category)]);
      window.Cookiebot.consent = { necessary: true, ...Object.fromEntries(flags), method };
      window.Cookiebot.hasResponse = true;
      write(window.Cookiebot.consent, stamp, daysAgo);
      fire(window, accepted.length > 0 ? "CookiebotOnAccept" : "CookiebotOnDecline");
    },
    /** Another tab's answer: only the cookie tells. */
    chooseElsewhere: (accepted) =>
      write(
        {
          necessary: true,
          ...Object.fromEntries(cmp.categories.map((category) => [category, accepted.includes(category)])),
          method: "explicit",
        },
        "k2+def==",
      ),
    forget: () => setCookie(page, "CookieConsent"),
  };
  return cmp;
}
