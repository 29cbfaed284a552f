import type { ConsentState, Stats } from "./tidegate.d.ts";

/** The consent answered where no core can be asked: nothing is granted. */
export function neutralConsent(status: ConsentState["status"]): ConsentState {
  return {
    rev: 0,
    status,
    model: "unknown",
    jurisdiction: null,
    explicit: false,
    purposes: {},
    source: "none",
    gpc: gpc(),
  };
}

/** The counters answered where no core can be asked. */
export function neutralStats(errors: Stats["errors"]): Stats {
  return {
    captured: 0,
    pending: 0,
    queued: 0,
    inFlight: 0,
    delivered: 0,
    dropped: {},
    duplicatesAvoided: 0,
    errors,
    durability: "memory",
    perDestination: {},
  };
}

/** Global Privacy Control (https://w3c.github.io/gpc/); null where the browser does not tell. */
export function gpc(): boolean | null {
  return (globalThis.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl ?? null;
}
