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

/** What an API of the IAB says, in its own code, which the core reads. It is no answer yet, or a string, or that the standard does not apply. */
export type IabSignal =
  | { decided: false; paused?: true }
  | { decided: true; applies: false }
  | { decided: true; tcf: string }
  | { decided: true; gpp: string; applicable: readonly number[] }
  | { decided: true; usp: string };

/**
 * Nothing that may be relied on, or nobody to ask yet, while an earlier refusal may be in the platform's record: nobody goes ahead meanwhile, not
 * even where silence is yes.
 */
export const UNHEARD: IabSignal = { decided: false };

/** What was answered stands, and is not to be acted on for the moment. */
export const PAUSED: IabSignal = { decided: false, paused: true };

/** The platform was asked, and the visitor has not answered: where silence is yes, this is silence. */
export const UNDECIDED: Signal = { decided: false, accepted: [], rejected: [], model: null, revision: null };

/** Reads one consent platform. */
export interface Adapter {
  /** Its name in the config's `consent.cmp`. */
  source: string;
  /** What it says now; undefined where it is not on the page. */
  read(): Signal | IabSignal | undefined;
  /** Calls `changed` whenever the visitor chose, in the same task. */
  watch(changed: () => void): void;
}
