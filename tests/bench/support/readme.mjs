/** What the README says of the benches: nothing that does not stand in their results. */
import * as readme from "../../peers/readme.mjs";
import { table as pageLoad } from "../page-load.bench.mjs";
import { tables as peers } from "./peers-tables.mjs";
import { read } from "./results.mjs";
import { markdown } from "./table.mjs";

/** @param {{ date: string, commit: string, machine: string }} of @param {string} [more] */
const circumstances = ({ date, commit, machine }, more = "") => `${date}, commit ${commit}, ${machine}${more}`;

/** @returns {string} the tables, each with when and where it was measured */
export function text() {
  const beside = read("peers");
  const load = read("page-load");
  const [, browser = ""] = /(Chrome\/\d+)/.exec(beside.userAgent) ?? [];
  return [
    `Measured ${circumstances(beside, `, ${browser.replace("/", " ")}`)}.`,
    ...peers(beside).map(block),
    `Measured ${circumstances(load)}.`,
    block(pageLoad(load)),
  ].join("\n\n");
}

/** @param {import("./table.mjs").Table} table */
const block = (table) => markdown({ ...table, title: `**${table.title}**` });

export const shown = () => readme.shown("bench");
export const writeReadme = () => readme.write("bench", text());
