/** The README's table. */
import * as readme from "../../peers/readme.mjs";
import { sdks } from "../../peers/sdks/index.mjs";

/** @param {Map<string, string[]>} cells */
export function markdown(cells) {
  const columns = ["lost of sent", ...sdks.map(({ name }) => name)];
  const lines = [columns, columns.map(() => "---"), ...[...cells].map(([name, row]) => [name, ...row])];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** @param {string} table */
export const write = (table) => readme.write("faults", table);

/** The cells of the table, line by line. */
export const shown = () =>
  readme
    .shown("faults")
    .split("\n")
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
