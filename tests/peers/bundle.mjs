/** A peer's page script, bundled once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../js/scripts/tools.mjs";

/** @type {Map<string, Promise<string>>} */
const bundles = new Map();

/** @param {string} name of a script of `in-page/` */
export function bundled(name) {
  const known = bundles.get(name) ?? bundle(name);
  bundles.set(name, known);
  return known;
}

async function bundle(/** @type {string} */ name) {
  const options = /** @type {const} */ ({ bundle: true, minify: true, format: "iife", write: false });
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(import.meta.dirname, "in-page", `${name}.js`)],
  });
  return outputFiles[0]?.text ?? "";
}

/** The installed version. @param {string} name of a package */
export function versionOf(name) {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
}
