/** Whether anything has grown since the last release that the changelog does not explain. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools.mjs";

/** More than so much needs a line. */
const MOST = 0.01;
const RELEASED = join(root, "js/scripts/size/released.json");

/** @typedef {Record<string, number>} Released bytes of each file that a page may load, brotli 11 */
/** @typedef {Record<string, { brotli: number, loads: string }>} Sizes */

const isLoaded = (/** @type {{ loads: string }} */ { loads }) => loads !== "never by a page";

/**
 * @param {Sizes} sizes
 * @param {Released} released
 * @param {string} changelog what is said since then
 * @returns {string[]} one sentence for each file
 */
export function unexplained(sizes, released, changelog) {
  const lines = changelog.split("\n- ").filter((line) => line.startsWith("Size:"));
  return Object.entries(sizes).flatMap(([file, size]) => {
    const before = released[file] ?? 0;
    // A further template costs nobody who does not use it.
    const isNew = before === 0 && file.startsWith("templates/");
    if (!isLoaded(size) || isNew || size.brotli <= before * (1 + MOST)) return [];
    if (lines.some((line) => line.includes(`\`${file}\``) && line.includes(` ${size.brotli} bytes`))) return [];
    return [
      `${file} has grown from ${before} to ${size.brotli} bytes (brotli 11) since the last release: say why in CHANGELOG.md, ` +
        `in a line "- Size: \`${file}\` has ${size.brotli} bytes: …", or make it smaller.`,
    ];
  });
}

/** @returns {string} the changelog's part about what is not released yet */
export function sinceRelease() {
  const [, newest = ""] = readFileSync(join(root, "CHANGELOG.md"), "utf8").split(/^## /m);
  return newest;
}

/** @returns {Released} */
export const released = () => JSON.parse(readFileSync(RELEASED, "utf8"));

/** @param {Sizes} sizes notes them as released */
export function release(sizes) {
  const loaded = Object.entries(sizes).filter(([, size]) => isLoaded(size));
  const bytes = Object.fromEntries(loaded.map(([file, { brotli }]) => [file, brotli]));
  writeFileSync(RELEASED, `${JSON.stringify(bytes, null, 2)}\n`);
}
