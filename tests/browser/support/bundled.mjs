/** Modules of ours, or of npm, as one script for a page. */
import { build } from "esbuild";
import { root } from "../../../js/scripts/tools.mjs";

/** @param {string} contents a module; it imports from the repository's root @returns {Promise<string>} */
export async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: "iife",
    target: "es2020",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
