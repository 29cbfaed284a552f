/**
 * `npm run bench`: builds, then measures Tidegate beside its peers in one Chromium and prints the tables; those whose results are kept are written into
 * the README too. It takes about an hour. `npm run bench -- consent` takes one.
 */
import "./setup/node.mjs";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { root } from "./tools.mjs";

setup({ tests: true, bench: true });
await build();

const folder = join(root, "tests/bench");
const [wanted = ""] = process.argv.slice(2);
/** Tests are typed apart from scripts. @param {string} file of the tests */
const imported = (file) => import(pathToFileURL(join(root, "tests", file)).href);
const { chromium } = await imported("browser/support/puppeteer.mjs");
const { markdown } = await imported("bench/support/table.mjs");
const { writeReadme } = await imported("bench/support/readme.mjs");

console.log(
  `\n${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".bench.mjs") && name.startsWith(wanted))) {
  const { bench, options } = await imported(`bench/${file}`);
  const browser = await chromium(options);
  try {
    for (const table of [await bench(browser)].flat()) console.log(`\n${markdown(table)}`);
  } finally {
    await browser.close();
  }
}
writeReadme();
