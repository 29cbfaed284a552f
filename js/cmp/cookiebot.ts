import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, type Flags, isRecent, onEvents } from "./support";

/** https://www.cookiebot.com/en/developer/ */
interface CookiebotApi {
  consent: Flags & { method?: string | null };
  hasResponse: boolean;
  regulations?: { gdprApplies?: boolean; ccpaApplies?: boolean };
}

const CATEGORIES = ["necessary", "preferences", "statistics", "marketing"];

/**
 * Cookiebot. An answer is one that the visitor gave (`explicit`) and that is still stored. The object is there before it has read its record, and
 * nothing tells that apart from silence but the record itself.
 */
export function cookiebot(): Adapter {
  return {
    source: "cookiebot",
    read() {
      const api = (window as { Cookiebot?: Partial<CookiebotApi> }).Cookiebot;
      if (!api) return undefined;
      // Its script's element goes by that name, too.
      if (typeof api.hasResponse !== "boolean") return UNHEARD;
      const { gdprApplies, ccpaApplies } = api.regulations ?? {};
      const model = gdprApplies ? "opt-in" : ccpaApplies ? "opt-out" : null;
      // Not JSON: {stamp:'…',necessary:true,…,method:'explicit',…}; the stamp is -1 where nobody was asked.
      const stored = cookie("CookieConsent") ?? "";
      const asked = /^\{stamp:'(?!-1')[^']+'/.test(stored);
      if (!asked || /method:'implied'/.test(stored)) return { ...UNDECIDED, model };
      if (!api.hasResponse || api.consent?.method !== "explicit") return UNHEARD;
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
