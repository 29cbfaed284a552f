/** The README's table. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";
import { sdks } from "./sdks/index.mjs";

const README = join(root, "README.md");
const TABLE = /(<!-- faults -->\n)(.*?)(\n<!-- \/faults -->)/s;

/** @param {Map<string, string[]>} cells */
export function markdown(cells) {
  const columns = ["lost of sent", ...sdks.map(({ name }) => name)];
  const lines = [columns, columns.map(() => "---"), ...[...cells].map(([name, row]) => [name, ...row])];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** @param {string} table */
export const write = (table) =>
  writeFileSync(
    README,
    readFileSync(README, "utf8").replace(TABLE, (_, before, __, after) => before + table + after),
  );

/** The cells of the table, line by line. */
export function shown() {
  const [, , table = ""] = TABLE.exec(readFileSync(README, "utf8")) ?? [];
  return table.split("\n").map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
}
