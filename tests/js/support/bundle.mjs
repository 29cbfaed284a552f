/** The shim's TypeScript, bundled for a test as the build bundles it, with a stand-in for the wasm core. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * @param {string} entry below js/
 * @param {{ format?: "iife" | "esm", minify?: boolean, define?: Record<string, string> }} [options]
 * @returns {Promise<string>}
 */
export async function bundle(entry, { format = "iife", minify = false, define = {} } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join("js", entry)],
    bundle: true,
    minify,
    define: { VERSION: '"test"', ...define },
    format,
    target: "es2020",
    charset: "utf8",
    write: false,
    logLevel: "silent",
    alias: { "tidegate-wasm": join(root, "tests/js/support/stand-in-core.mjs") },
  });
  // A page of node:vm cannot import: the stand-in for a page does.
  return (outputFiles[0]?.text ?? "").replace(/\bimport\(/g, "importPart(");
}

/** @param {string} entry below js/ @param {Record<string, string>} [define] @returns {Promise<any>} its exports */
export async function load(entry, define) {
  const source = await bundle(entry, { format: "esm", ...(define && { define }) });
  return import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
}
