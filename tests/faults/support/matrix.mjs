/** Every row for every SDK, in Chromium. Most of a trial is waiting, so many run side by side. */
import { chromium } from "../../browser/support/puppeteer.mjs";
import { sdks } from "../../peers/sdks/index.mjs";
import { cell, NONE } from "./cell.mjs";
import { run } from "./run.mjs";

const SIDE_BY_SIDE = 8;
/** Each of these has a browser of its own. */
const BROWSERS_SIDE_BY_SIDE = 2;

/** @typedef {import("./rows/index.mjs").Row} Row */

/**
 * @param {Row[]} rows
 * @param {(line: string) => void} tell
 * @returns {Promise<Map<string, string[]>>} the cells by the row's name, in the order of the SDKs
 */
export async function matrix(rows, tell) {
  /** @type {Map<string, string[]>} */
  const cells = new Map(rows.map(({ name }) => [name, sdks.map(() => NONE)]));
  const trials = rows
    .filter(({ engines }) => engines?.includes("Chromium") ?? true)
    .flatMap((row) => sdks.map((sdk, at) => ({ row, sdk, at })))
    .filter(({ row, at }) => at === 0 || !row.onlyTidegate);
  const browser = await chromium();
  /** @param {(row: Row) => unknown} chosen @param {number} sideBySide */
  const all = async (chosen, sideBySide) => {
    const queue = trials.filter(({ row }) => chosen(row));
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { row, sdk, at } = next;
        const text = await run(row, sdk, chromium, browser).then(cell, ({ message }) => message);
        cells.get(row.name)?.splice(at, 1, text);
        tell(`${row.name} | ${sdk.name} | ${text}`);
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
  };
  try {
    await Promise.all([
      all((row) => !row.ownBrowser && !row.alone, SIDE_BY_SIDE),
      all((row) => row.ownBrowser, BROWSERS_SIDE_BY_SIDE),
    ]);
    await all((row) => row.alone, 1);
  } finally {
    await browser.close();
  }
  return cells;
}
