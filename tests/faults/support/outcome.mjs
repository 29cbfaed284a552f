/** What became of a trial's events. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../browser/support/until.mjs";

/** After the fault an SDK has so long to retry, in seconds; then the page is loaded anew, and it has so long again. */
export const PATIENCE = 60;
export const PATIENCE_AFTER_RELOAD = 30;
/** A second copy may be on its way. */
const LATE_MS = 3000;

/**
 * @typedef {object} Outcome
 * @property {number} sent
 * @property {number} lost not stored
 * @property {number} twice stored more than once, although the collector knows the SDK's identifiers
 * @property {number} repeated further copies that came, and were known
 * @property {number} reported what the SDK says was lost
 * @property {number} thrown calls that threw into the page
 * @property {string[]} uncaught
 * @property {string} note
 */

/**
 * Does to the SDK what the row says, and waits until everything is accounted for, or patience is over.
 * @param {import("./rows/index.mjs").Row} row
 * @param {import("./trial.mjs").Trial} trial
 * @returns {Promise<Outcome>}
 */
export async function outcomeOf(row, trial) {
  await trial.open();
  await row.happens(trial);
  if (!trial.current) await trial.open();
  const isSettled = async () => trial.collector.counts().stored + (await trial.reported()) >= trial.sent;
  await until(isSettled, PATIENCE).catch(() => {});
  if (!(await isSettled())) {
    await trial.reload();
    await until(isSettled, PATIENCE_AFTER_RELOAD).catch(() => {});
  }
  await sleep(LATE_MS);
  const reported = await trial.reported();
  await trial.noted();
  const { stored, twice, repeated } = trial.collector.counts();
  const { sent, thrown, uncaught, note } = trial;
  return { sent, lost: sent - stored, twice, repeated, reported, thrown, uncaught, note };
}
