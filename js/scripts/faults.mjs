/**
 * `npm run faults`: builds, runs every fault for Tidegate and its peers in Chromium, prints the table and writes it into the README.
 * It takes half an hour. `npm run faults -- tab` runs the rows with that word in their name, and only prints.
 */
import "./setup/node.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { root } from "./tools.mjs";

setup({ tests: true });
await build();

const [wanted = ""] = process.argv.slice(2);
/** Tests are typed apart from scripts. @param {string} file of the tests' support */
const imported = (file) => import(pathToFileURL(join(root, "tests/faults/support", file)).href);
const { matrix } = await imported("matrix.mjs");
const { markdown, write } = await imported("readme.mjs");
const { rows } = await imported("rows/index.mjs");

const chosen = rows.filter((/** @type {{ name: string }} */ { name }) => name.includes(wanted));
const table = markdown(await matrix(chosen, console.log));
console.log(`\n${table}`);
if (!wanted) write(table);
