import { type Adapter, UNDECIDED } from "./adapter";
import { answer, both, cookie, type Flags, onEvents } from "./support";

/** https://www.cookieyes.com/documentation/retrieving-consent-data-using-api-getckyconsent/ */
interface Consent {
  activeLaw?: string;
  categories: Flags;
  isUserActionCompleted: boolean;
}

/** CookieYes. Its record, `consent:yes,action:yes,analytics:yes`, is an answer where there was an action. */
export function cookieyes(): Adapter {
  return {
    source: "cookieyes",
    read() {
      const get = (window as { getCkyConsent?(): Consent }).getCkyConsent;
      if (typeof get !== "function") return undefined;
      const { activeLaw, categories, isUserActionCompleted } = get();
      const model = activeLaw === "gdpr" ? "opt-in" : activeLaw === "ccpa" ? "opt-out" : null;
      const pairs = (cookie("cookieyes-consent") ?? "").split(",").map((pair) => pair.split(":"));
      const stored = Object.fromEntries(pairs.map(([name, value]) => [name, value === "yes"]));
      if (isUserActionCompleted !== true || !stored.action) return { ...UNDECIDED, model };
      const kept = Object.fromEntries(Object.keys(categories).map((category) => [category, stored[category]]));
      return answer(both(categories, kept), model);
    },
    watch(changed) {
      onEvents(document, ["cookieyes_consent_update", "cookieyes_banner_load"], changed);
    },
  };
}
