/** Trials side by side, or alone. */

import { outcomeOf } from "./outcome.mjs";
import { openTrial } from "./trial.mjs";

/**
 * One trial, from a new visitor to the outcome.
 * @param {import("./rows/index.mjs").Row} row
 * @param {import("../../peers/sdks/index.mjs").Sdk} sdk
 * @param {import("./trial.mjs").Launch} launch
 * @param {import("./trial.mjs").Browser} [shared]
 * @param {(trial: import("./trial.mjs").Trial) => void} [holds] is asked before the trial ends
 */
export async function run(row, sdk, launch, shared, holds) {
  const trial = await openTrial(sdk, row, launch, shared);
  try {
    const outcome = await outcomeOf(row, trial);
    holds?.(trial);
    return outcome;
  } finally {
    await trial.end();
  }
}
