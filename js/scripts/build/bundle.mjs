/** The shim: TypeScript and the wasm-bindgen glue, bundled into the scripts a page loads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../tools.mjs";
import { bindgen } from "./wasm.mjs";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** @type {{ from: string, to: string, format: "iife" | "esm" }[]} */
const SCRIPTS = [
  { from: "js/script.ts", to: "tidegate.js", format: "iife" },
  { from: "js/module.ts", to: "tidegate.mjs", format: "esm" },
  { from: "js/tags.ts", to: "tidegate.tags.js", format: "esm" },
  { from: "js/words.ts", to: "tidegate.words.js", format: "esm" },
  { from: "js/segment.ts", to: "tidegate.segment.js", format: "esm" },
  { from: "js/snippet.ts", to: "snippet.min.js", format: "iife" },
];

/**
 * @param {string} dist the folder to write to
 * @throws where a script does not compile; esbuild has said why
 */
export async function bundle(dist) {
  const common = /** @type {const} */ ({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    define: { VERSION: JSON.stringify(version) },
    alias: { "tidegate-wasm": join(bindgen, "tidegate_wasm.js") },
    logLevel: "warning",
  });
  await Promise.all(
    SCRIPTS.map(({ from, to, format }) => build({ ...common, entryPoints: [from], outfile: join(dist, to), format })),
  );
}
