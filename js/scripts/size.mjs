/**
 * `npm run size`: what a page transfers. Prints the sizes of dist/ and fails over budget, or where a file has grown and CHANGELOG.md does not say why.
 * `npm run size -- --features` prints what each module of the last build costs, `--functions` what the first load's wasm is made of, and `--release` notes the
 * sizes as those of a release.
 */
import "./setup/node.mjs";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bindgen, files } from "./build/wasm.mjs";
import { printFunctions, printModules } from "./size/functions.mjs";
import { release, released, sinceRelease, unexplained } from "./size/growth.mjs";
import { root } from "./tools.mjs";

/** Bytes. The first load and the shim compressed with brotli 11, the snippet as a page inlines it. */
const BUDGET = { firstLoad: 48 * 1024, shim: 9 * 1024, snippet: 1024 - 1 };

/** @typedef {{ raw: number, gzip: number, brotli: number, loads: string }} Size bytes, and what makes a page load it */

const FIRST_LOAD = "first load";
const TAGS = "when consent first allows a tag";
const DELIVERY = "when consent first allows a destination or tag";
const PLATFORM = "when a consent platform shows";
const SEGMENT = "when a page uses plugins, middleware, links and forms, or older names of analytics.js";

/** When a page loads a file; the first pattern that matches says it. @type {[RegExp, string][]} */
const LOADS = [
  [/^tidegate\.js$|^tidegate_bg\.wasm$/, FIRST_LOAD],
  [/^tidegate\.mjs$/, "when a page imports it in place of tidegate.js"],
  [/^tidegate\.fallback\.js$/, "where WebAssembly is missing or forbidden"],
  [/^tidegate\.again\.js$/, "where the core stopped"],
  [/^snippet\.min\.js$/, "when the page inlines it"],
  [/^tidegate_tags_bg\.wasm$|^tidegate\.tags\.js$/, TAGS],
  [/^tidegate_explain_bg\.wasm$/, "where the config is at fault"],
  [/^tidegate_delivery_bg\.wasm$|^tidegate\.granted\.js$/, DELIVERY],
  [/^tidegate_wires_bg\.wasm$/, "with the first event for another platform, or one that a mapping changes"],
  [/^tidegate_strings_bg\.wasm$/, "with the first TC, GPP or US Privacy string"],
  [/^tidegate_plugins_bg\.wasm$/, "with the first plugin or middleware"],
  [/^tidegate\.googleConsentMode\.js$/, "where the config tells Google's Consent Mode"],
  [/^tidegate\.facades\.js$/, "where the config opens another product's front door"],
  [/^tidegate\.segment\.js$/, SEGMENT],
  [/^tidegate\.cmp\.js$/, PLATFORM],
  [/^tidegate\.words\.js$/, "with the first problem"],
  [/^templates\//, "when consent first allows a tag of this template"],
  [/\.d\.ts$|\.schema\.json$|\.txt$/, "never by a page"],
];

/** @param {string} dist @returns {Record<string, Size>} by file name, in order */
export function measure(dist) {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dist.length + 1))
    .filter((file) => file !== "sizes.json")
    .sort();
  return Object.fromEntries(
    files.map((file) => {
      const bytes = readFileSync(join(dist, file));
      const loads = LOADS.find(([pattern]) => pattern.test(file))?.[1] ?? "when a config names it";
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      const brotli = brotliCompressSync(bytes, { params }).length;
      return [file, { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli, loads }];
    }),
  );
}

/** @param {string} dist @returns {Record<string, Size>} what was written to sizes.json */
export function writeSizes(dist) {
  const sizes = measure(dist);
  writeFileSync(join(dist, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
  return sizes;
}

/** @param {Record<string, Size>} sizes @param {string[]} loads @returns {number} bytes, brotli 11 */
const sum = (sizes, ...loads) =>
  Object.values(sizes).reduce((bytes, size) => bytes + (loads.includes(size.loads) ? size.brotli : 0), 0);

/** @param {Record<string, Size>} sizes @returns {number} bytes a page transfers before consent allows anything, brotli 11 */
export const firstLoad = (sizes) => sum(sizes, FIRST_LOAD);

/** @param {Record<string, Size>} sizes @returns {string[]} one sentence for each budget that is exceeded */
function overBudget(sizes) {
  const checks = [
    { what: "the first load, brotli 11", is: firstLoad(sizes), most: BUDGET.firstLoad },
    { what: "tidegate.js, brotli 11", is: sizes["tidegate.js"]?.brotli ?? Number.POSITIVE_INFINITY, most: BUDGET.shim },
    {
      what: "snippet.min.js, as it is",
      is: sizes["snippet.min.js"]?.raw ?? Number.POSITIVE_INFINITY,
      most: BUDGET.snippet,
    },
  ];
  return checks
    .filter(({ is, most }) => is > most)
    .map(({ what, is, most }) => `over budget: ${what}: ${is} bytes of ${most}`);
}

/** @param {Record<string, Size>} sizes */
function print(sizes) {
  const width = Math.max(...Object.keys(sizes).map((file) => file.length));
  const row = (/** @type {string} */ name, /** @type {(string | number)[]} */ ...cells) =>
    console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(8)));
  row("bytes", "raw", "gzip", "brotli");
  for (const [file, { raw, gzip, brotli, loads }] of Object.entries(sizes)) {
    row(file, raw, gzip, brotli, `  ${loads}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const dist = join(root, "dist");
  if (!existsSync(join(dist, "tidegate_bg.wasm"))) {
    console.error("There is no dist/ yet: run `npm run build`.");
    process.exit(1);
  }
  if (process.argv.includes("--functions")) {
    printFunctions(join(bindgen, "tidegate_bg.named.wasm"));
    process.exit(0);
  }
  if (process.argv.includes("--features")) {
    for (const file of files) printModules(join(bindgen, `${file}.named.wasm`), file);
    process.exit(0);
  }
  const sizes = writeSizes(dist);
  if (process.argv.includes("--release")) release(sizes);
  print(sizes);
  const total = firstLoad(sizes);
  console.log(
    `first load: ${total} bytes, ${(total / 1024).toFixed(1)} KB of ${BUDGET.firstLoad / 1024} KB (brotli 11)`,
  );
  const granted = sum(sizes, FIRST_LOAD, DELIVERY);
  console.log(
    `where consent was given before: ${granted} bytes; with tags ${sum(sizes, FIRST_LOAD, DELIVERY, TAGS)}, templates left out`,
  );
  console.log(`where a consent platform shows: ${sum(sizes, FIRST_LOAD, PLATFORM)} bytes before consent`);
  const faults = [...overBudget(sizes), ...unexplained(sizes, released(), sinceRelease())];
  for (const fault of faults) console.error(fault);
  process.exit(faults.length > 0 ? 1 : 0);
}
