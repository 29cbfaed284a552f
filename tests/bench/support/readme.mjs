/** What the README says of the benches: nothing that does not stand in their results. */
import * as readme from "../../peers/readme.mjs";
import { table as collector } from "../collector.bench.mjs";
import { table as pageLoad } from "../page-load.bench.mjs";
import { table as worker } from "../worker.bench.mjs";
import { tables as peers } from "./peers-tables.mjs";
import { read } from "./results.mjs";
import { markdown } from "./table.mjs";

/** @typedef {import("./table.mjs").Table} Table */

/** @type {[string, (results: any) => Table | Table[]][]} the results, and the tables that are made of them */
const BENCHES = [
  ["peers", peers],
  ["page-load", pageLoad],
  ["worker", worker],
  ["collector", collector],
];

/** How often each was looked at, at most. @param {any[]} runs */
function roundsOf(runs) {
  const looks = runs.map(({ sdk, variant, server, throttle }) => `${sdk ?? variant ?? server} ${throttle}`);
  return Math.max(...looks.map((one) => looks.filter((other) => other === one).length));
}

/** @returns {string} the tables, each with when and where it was measured */
export const text = () =>
  BENCHES.map(([name, tables]) => {
    const results = read(name);
    const { date, commit, machine, node, userAgent = "", versions = {}, runs } = results;
    const [browser = `Node ${node}`] = /Chrome\/\d+/.exec(userAgent) ?? [];
    const peers = Object.entries(versions).map((pair) => pair.join(" "));
    const where = [date, `commit ${commit}`, machine, browser.replace("/", " "), ...peers].join(", ");
    const longer = runs.filter((/** @type {any} */ { many }) => many);
    const fewer = longer.length > 0 ? ` (${roundsOf(longer)} of what follows the first burst)` : "";
    const blocks = [tables(results)].flat().map((table) => markdown({ ...table, title: `**${table.title}**` }));
    return [...blocks, `Medians of ${roundsOf(runs)} rounds${fewer}, measured on ${where}.`].join("\n\n");
  }).join("\n\n");

export const shown = () => readme.shown("bench");
export const writeReadme = () => readme.write("bench", text());
