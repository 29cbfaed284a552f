/** Time that processors spent. */
import { readFileSync } from "node:fs";
import { descendants } from "../../faults/support/renderers.mjs";

/** Linux counts in hundredths of a second. */
const MS_PER_TICK = 10;

/**
 * Of a browser and all its processes, since each started. Those that ended are not in it.
 * @param {number} browser its process, which the bench started
 * @returns {number} milliseconds
 */
export const cpuOf = (browser) =>
  [browser, ...descendants(browser)].reduce((sum, pid) => sum + ticksOf(pid) * MS_PER_TICK, 0);

/** @param {number} pid */
function ticksOf(pid) {
  try {
    // After the name, which may have blanks in it, `utime` and `stime` are the 12th and 13th.
    const [, after = ""] = readFileSync(`/proc/${pid}/stat`, "latin1").split(/\) (?=\S )/);
    const fields = after.split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
