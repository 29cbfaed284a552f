import { type Adapter, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { answer, cookie, type Flags, onEvents } from "./support";

/** https://complianz.io/developers-guide-for-third-party-integrations/ */
interface Page {
  complianz?: { consenttype?: string; prefix?: string; current_policy_id?: string | number };
  cmplz_has_consent?(category: string): boolean;
}

const CATEGORIES = ["functional", "preferences", "statistics", "marketing"];

/** Complianz. Under opt-out it takes a missing cookie for a yes: only stored answers count, once the banner was dismissed. */
export function complianz(): Adapter {
  return {
    source: "complianz",
    read() {
      const { complianz, cmplz_has_consent: has } = window as Page;
      if (!complianz && !has) return undefined;
      if (!complianz || !has) return UNHEARD;
      const model = modelOf(complianz.consenttype);
      const stored = (name: string) => cookie(`${complianz.prefix ?? "cmplz_"}${name}`);
      const policy = stored("policy_id");
      const current = complianz.current_policy_id;
      const stale = policy !== undefined && current !== undefined && policy !== `${current}`;
      if (stale || stored("banner-status") !== "dismissed") return { ...UNDECIDED, model };
      const flags: Flags = {};
      for (const category of CATEGORIES) flags[category] = stored(category) === "allow" && has(category) === true;
      return answer(flags, model);
    },
    watch(changed) {
      const names = ["cmplz_status_change", "cmplz_banner_status", "cmplz_fire_categories", "cmplz_revoke"];
      onEvents(document, names, changed);
    },
  };
}

const modelOf = (type = ""): Signal["model"] => (type === "optin" ? "opt-in" : type === "optout" ? "opt-out" : null);
