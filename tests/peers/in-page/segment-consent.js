// analytics-next with its consent wrapper, as the wrapper's README has it for a platform that asks first.
import { createWrapper, resolveWhen } from "@segment/analytics-consent-tools";
import { AnalyticsBrowser } from "@segment/analytics-next";

/** Beside vanilla-cookieconsent: `names` are its categories, `options` the wrapper's. */
export function loadWithConsent(writeKey, names, options = {}) {
  const categories = () => Object.fromEntries(names.map((name) => [name, window.CookieConsent.acceptedCategory(name)]));
  const withCMP = createWrapper({
    shouldLoadWrapper: () => resolveWhen(() => window.CookieConsent !== undefined, 50),
    shouldLoadSegment: async (context) => {
      await resolveWhen(() => window.CookieConsent.validConsent(), 50);
      context.load({ consentModel: "opt-in" });
    },
    getCategories: categories,
    registerOnConsentChanged: (changed) => window.addEventListener("cc:onChange", () => changed(categories())),
    ...options,
  });
  window.analytics = new AnalyticsBrowser();
  withCMP(window.analytics).load({ writeKey, cdnURL: location.origin });
}
