// analytics-next with its consent wrapper, as the wrapper's README has it for a platform that asks first.
import { createWrapper, resolveWhen } from "@segment/analytics-consent-tools";
import { AnalyticsBrowser } from "@segment/analytics-next";

const categories = () =>
  Object.fromEntries(["analytics", "advertising"].map((name) => [name, window.CookieConsent.acceptedCategory(name)]));

const withCMP = createWrapper({
  shouldLoadWrapper: () => resolveWhen(() => window.CookieConsent !== undefined, 50),
  shouldLoadSegment: async (context) => {
    await resolveWhen(() => window.CookieConsent.validConsent(), 50);
    context.load({ consentModel: "opt-in" });
  },
  getCategories: categories,
  registerOnConsentChanged: (changed) => window.addEventListener("cc:onChange", () => changed(categories())),
});

window.analytics = new AnalyticsBrowser();
withCMP(window.analytics).load({ writeKey: "demo", cdnURL: location.origin });
