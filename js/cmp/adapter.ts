/** What a consent platform says. The core maps categories to purposes and judges the rest. */
export interface Signal {
  /** Whether the visitor has answered. */
  decided: boolean;
  accepted: readonly string[];
  rejected: readonly string[];
  /** How the platform treats silence; null where it does not say. */
  model: "opt-in" | "opt-out" | null;
  /** Of the policy the visitor answered to. */
  revision: number | string | null;
}

export const UNDECIDED: Signal = { decided: false, accepted: [], rejected: [], model: null, revision: null };

/** Reads one consent platform. */
export interface Adapter {
  /** Its name in the config's `consent.cmp`. */
  source: string;
  /** What it says now; undefined where it is not on the page. */
  read(): Signal | undefined;
  /** Calls `changed` whenever the visitor chose, in the same task. */
  watch(changed: () => void): void;
}
