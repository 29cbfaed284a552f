import { type Adapter, type Signal, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, isRecent, onEvents } from "./support";

/** https://developer.onetrust.com/onetrust/docs/javascript-api */
interface OneTrustApi {
  IsAlertBoxClosed(): boolean;
  /** False too where consent has to be asked for again; not in every version. */
  IsAlertBoxClosedAndValid?(): boolean;
  GetDomainData(): { ConsentModel?: { Name?: string } };
}

/** OneTrust and CookiePro. The active groups are filled from the start: only with a closed banner and its cookie are they an answer. */
export function onetrust(): Adapter {
  return {
    source: "onetrust",
    read() {
      const page = window as { OneTrust?: Partial<OneTrustApi>; OnetrustActiveGroups?: string };
      if (!page.OneTrust && page.OnetrustActiveGroups === undefined) return undefined;
      // An object with some of its methods is there early, and its groups may be before it.
      const {
        IsAlertBoxClosed: closed,
        GetDomainData: data,
        IsAlertBoxClosedAndValid: valid = closed,
      } = page.OneTrust ?? {};
      if (!closed || !data || !valid) return UNHEARD;
      const stored = consentCookie();
      const groups = stored?.get("groups");
      const model = modelOf(data.call(page.OneTrust).ConsentModel?.Name);
      if (!groups || stored?.get("AwaitingReconsent") === "true" || !valid.call(page.OneTrust))
        return { ...UNDECIDED, model };
      const closedAt = cookie("OptanonAlertBoxClosed");
      if (closedAt && !isRecent(closedAt)) return UNHEARD;
      const active = Object.fromEntries((page.OnetrustActiveGroups ?? "").split(",").map((id) => [id, true]));
      const kept = Object.fromEntries(groups.split(",").map((group) => [group.split(":")[0], group.endsWith(":1")]));
      // The active ones also name vendors.
      return answer(both(Object.fromEntries(Object.keys(kept).map((id) => [id, active[id]])), kept), model);
    },
    watch(changed) {
      onEvents(window, ["OneTrustGroupsUpdated", "OTConsentApplied"], changed);
    },
  };
}

/** A query in a cookie, each value of it encoded. */
function consentCookie(): URLSearchParams | undefined {
  const stored = document.cookie.split("; ").find((pair) => pair.startsWith("OptanonConsent="));
  return stored ? new URLSearchParams(stored.slice(stored.indexOf("=") + 1)) : undefined;
}

const modelOf = (name = ""): Signal["model"] => {
  const known = name.toLowerCase();
  return known === "opt-in" || known === "opt-out" ? known : null;
};
