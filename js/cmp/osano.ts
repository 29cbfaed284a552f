import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, cookie, type Flags, onFirstSight } from "./support";

/** https://developers.osano.com/cmp/javascript-api/developer-documentation-consent-javascript-api */
interface ConsentManager {
  getConsent(): Record<string, "ACCEPT" | "DENY">;
  addEventListener(event: string, call: (consent?: Record<string, string>) => void): void;
}

const RECORD = "osano_consentmanager";

/**
 * Osano. What `getConsent` gives before an answer are defaults; that there is one is known from what its listeners were given.
 * A toggle that was not saved (`osano-cm-consent-changed`) is not listened to.
 */
export function osano(): Adapter {
  let tell = () => {};
  /** The one that has told its listeners something, and whether that was an answer. */
  let heard: { manager: ConsentManager; answered: boolean } | undefined;
  const subscribe = onFirstSight((manager: ConsentManager) => {
    // Called at once where the platform has started already; with nothing while there is no answer.
    for (const event of ["osano-cm-initialized", "osano-cm-consent-saved"])
      manager.addEventListener(event, (consent) => {
        heard = { manager, answered: !!consent };
        tell();
      });
  });

  return {
    source: "osano",
    read() {
      const { Osano } = window as { Osano?: { cm?: Partial<ConsentManager> } };
      if (!Osano) return undefined;
      const manager = Osano.cm as ConsentManager;
      if (!manager?.getConsent || !manager.addEventListener) return UNHEARD;
      subscribe(manager);
      if (heard?.manager !== manager) return UNHEARD;
      if (!heard.answered || !isStored()) return UNDECIDED;
      // To accept OPT_OUT is to object: it is nothing that could be granted.
      const { OPT_OUT, ...categories } = manager.getConsent();
      const flags: Flags = {};
      for (const [category, state] of Object.entries(categories)) flags[category] = state === "ACCEPT";
      return answer(flags);
    },
    watch(changed) {
      tell = changed;
    },
  };
}

const isStored = () => cookie(RECORD) !== undefined || localStorage.getItem(RECORD) !== null;
