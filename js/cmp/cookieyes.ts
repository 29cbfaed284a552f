import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, type Flags, onEvents } from "./support";

/** https://www.cookieyes.com/documentation/retrieving-consent-data-using-api-getckyconsent/ */
interface Consent {
  activeLaw?: string;
  categories: Flags;
  isUserActionCompleted: boolean;
}

/**
 * CookieYes. Its record, `consent:yes,action:yes,analytics:yes`, is an answer where there was an action. Whether it has read one it does not say:
 * a record of an action that it does not know of holds.
 */
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
      if (!stored.action) return { ...UNDECIDED, model };
      if (isUserActionCompleted !== true) return UNHEARD;
      const kept = Object.fromEntries(Object.keys(categories).map((category) => [category, stored[category]]));
      return answer(both(categories, kept), model);
    },
    watch(changed) {
      onEvents(document, ["cookieyes_consent_update", "cookieyes_banner_load"], changed);
    },
  };
}
