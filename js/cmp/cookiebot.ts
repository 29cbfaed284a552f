import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, type Flags, isRecent, onEvents } from "./support";

/** https://www.cookiebot.com/en/developer/ */
interface CookiebotApi {
  consent: Flags & { method?: string | null };
  hasResponse: boolean;
  regulations?: { gdprApplies?: boolean; ccpaApplies?: boolean };
}

const CATEGORIES = ["necessary", "preferences", "statistics", "marketing"];

/** Cookiebot. An answer is one that the visitor gave (`explicit`) and that is still stored. */
export function cookiebot(): Adapter {
  return {
    source: "cookiebot",
    read() {
      const api = (window as { Cookiebot?: Partial<CookiebotApi> }).Cookiebot;
      if (!api) return undefined;
      const { gdprApplies, ccpaApplies } = api.regulations ?? {};
      const model = gdprApplies ? "opt-in" : ccpaApplies ? "opt-out" : null;
      // Not JSON: {stamp:'…',necessary:true,…,method:'explicit',…}; the stamp is -1 where nobody was asked.
      const stored = cookie("CookieConsent") ?? "";
      const asked = /^\{stamp:'(?!-1')[^']+'/.test(stored);
      if (api.hasResponse !== true || api.consent?.method !== "explicit" || !asked || /method:'implied'/.test(stored))
        return { ...UNDECIDED, model };
      const at = /,utc:(\d+)/.exec(stored)?.[1];
      if (at && !isRecent(Number(at))) return UNHEARD;
      const kept = Object.fromEntries(CATEGORIES.map((category) => [category, stored.includes(`,${category}:true`)]));
      const { consent } = api;
      const known = Object.fromEntries(CATEGORIES.map((category) => [category, consent[category]]));
      return answer(both(known, kept), model);
    },
    watch(changed) {
      // OnAccept comes on every page again.
      onEvents(window, ["CookiebotOnConsentReady", "CookiebotOnAccept", "CookiebotOnDecline"], changed);
    },
  };
}
