/** Tables of the README, each between two comments with its name. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../js/scripts/tools.mjs";

const README = join(root, "README.md");

/** @param {string} name */
const block = (name) => new RegExp(`(<!-- ${name} -->\n)(.*?)(\n<!-- /${name} -->)`, "s");

/** @param {string} name @returns {string} what stands there */
export const shown = (name) => block(name).exec(readFileSync(README, "utf8"))?.[2] ?? "";

/** @param {string} name @param {string} text */
export const write = (name, text) =>
  writeFileSync(
    README,
    readFileSync(README, "utf8").replace(block(name), (_, before, __, after) => before + text + after),
  );
