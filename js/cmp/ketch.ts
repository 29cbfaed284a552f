import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, both, cookie, type Flags, onFirstSight } from "./support";

type Ketch = (command: "on", event: string, call: (consent?: { purposes?: Flags }) => void) => void;

const RECORD = "_ketch_consent_v1_";

/** What it keeps for itself: how each purpose was set, and on which legal basis. */
interface Cached {
  purposes?: Record<string, { allowed?: string; legalBasisCode?: string }>;
}

/**
 * Ketch: https://developers.ketch.com/docs/ketch-smart-tag-plugins. It has no synchronous read, and its public record holds a newcomer's
 * defaults too. So an answer is one that was heard on this page, or a stored one that cannot be a default: a yes to a purpose that needs a yes, a
 * no to one that needs none.
 */
export function ketch(): Adapter {
  let tell = () => {};
  let heard: Flags | undefined;
  let explicit = false;
  const subscribe = onFirstSight((api: Ketch) => {
    for (const event of ["userConsentUpdated", "consent"])
      api("on", event, (consent) => {
        heard = consent?.purposes ?? heard;
        explicit ||= event === "userConsentUpdated";
        tell();
      });
  });

  return {
    source: "ketch",
    read() {
      const api = (window as { ketch?: Ketch }).ketch;
      if (typeof api !== "function") return undefined;
      subscribe(api);
      const record = cookie(RECORD) ?? localStorage.getItem(RECORD);
      if (!heard) return UNHEARD;
      if (!record) return UNDECIDED;
      const stored: Record<string, { status?: string }> = JSON.parse(atob(record));
      const flags: Flags = {};
      for (const [purpose, { status }] of Object.entries(stored)) flags[purpose] = status === "granted";
      const optedIn = cached("true", "consent_optin");
      if (!explicit && Object.keys(optedIn).length > 0) return answer(both(heard, both(optedIn, flags)));
      const hasChosen = explicit || Object.keys(cached("false", "consent_optout")).length > 0;
      return hasChosen ? answer(both(heard, flags)) : UNDECIDED;
    },
    watch(changed) {
      tell = changed;
    },
  };
}

/** The purposes that were set so, on that legal basis. */
function cached(state: "true" | "false", basis: string): Flags {
  const { purposes = {} }: Cached = JSON.parse(localStorage.getItem("_swb_consent_") ?? "{}");
  const set = Object.entries(purposes).filter(
    ([, { allowed, legalBasisCode }]) => allowed === state && legalBasisCode === basis,
  );
  return Object.fromEntries(set.map(([purpose]) => [purpose, true]));
}
