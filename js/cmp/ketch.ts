import { type Adapter, UNDECIDED } from "./adapter";
import { answer, both, cookie, type Flags, onFirstSight } from "./support";

type Ketch = (command: "on", event: string, call: (consent?: { purposes?: Flags }) => void) => void;

const RECORD = "_ketch_consent_v1_";

/** What it keeps for itself: how each purpose was set, and on which legal basis. */
interface Cached {
  purposes?: Record<string, { allowed?: string; legalBasisCode?: string }>;
}

/**
 * Ketch: https://developers.ketch.com/docs/ketch-smart-tag-plugins. It has no synchronous read, and its public record holds a newcomer's
 * defaults too. So an answer is one that was heard on this page, or a stored yes that cannot be a default: to a purpose that needs a yes.
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
      if (!record || !heard) return UNDECIDED;
      const stored: Record<string, { status?: string }> = JSON.parse(atob(record));
      const flags: Flags = {};
      for (const [purpose, { status }] of Object.entries(stored)) flags[purpose] = status === "granted";
      if (explicit) return answer(both(heard, flags));
      const optedIn = cachedYes();
      return Object.keys(optedIn).length > 0 ? answer(both(heard, both(optedIn, flags))) : UNDECIDED;
    },
    watch(changed) {
      tell = changed;
    },
  };
}

function cachedYes(): Flags {
  const { purposes = {} }: Cached = JSON.parse(localStorage.getItem("_swb_consent_") ?? "{}");
  const yes = Object.entries(purposes).filter(
    ([, { allowed, legalBasisCode }]) => allowed === "true" && legalBasisCode === "consent_optin",
  );
  return Object.fromEntries(yes.map(([purpose]) => [purpose, true]));
}
