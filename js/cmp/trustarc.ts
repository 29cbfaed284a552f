import { type Adapter, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { answer, cookie, onEvents } from "./support";

/** What the notice's script has: its own names of cookies, and a reader that knows where they are. */
interface Truste {
  util?: { readCookie?(name: string): string | null | undefined };
  eu?: { COOKIE_GDPR_PREF_NAME?: string };
}

/** TrustArc: https://developer.trustarc.com. Categories are the levels' numbers, of which 0 or 1 is what is required. */
export function trustarc(): Adapter {
  return {
    source: "trustarc",
    read() {
      const { truste, PrivacyManagerAPI } = window as { truste?: Truste; PrivacyManagerAPI?: unknown };
      if (!truste && !PrivacyManagerAPI) return undefined;
      const stored = (name: string) => truste?.util?.readCookie?.(name) ?? cookie(name) ?? "";
      const model = modelOf(stored("notice_behavior"));
      // The levels, a hash, and how they came to be: `0,1,2:`, or `0,1,2::implied,eu` where nobody chose.
      const [levels = "", , origin = ""] = stored(truste?.eu?.COOKIE_GDPR_PREF_NAME ?? "notice_gdpr_prefs").split(":");
      if (!/^\d+([,|]\d+)*$/.test(levels) || origin.includes("implied"))
        // Its record may go by another name, which its script has not told yet.
        return truste?.util?.readCookie ? { ...UNDECIDED, model } : UNHEARD;
      return answer(Object.fromEntries(levels.split(/[,|]/).map((level) => [level, true])), model);
    },
    watch(changed) {
      onEvents(window, ["message"], (event) => {
        const { data } = event as MessageEvent;
        const text = typeof data === "string" ? data : JSON.stringify(data ?? "");
        if (/submit_preferences|PrivacyManagerAPI/.test(text)) changed();
      });
    },
  };
}

const modelOf = (behavior: string): Signal["model"] =>
  /^expressed/.test(behavior) ? "opt-in" : /^implied.us/.test(behavior) ? "opt-out" : null;
