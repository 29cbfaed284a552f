/**
 * The same core as JavaScript, for pages where WebAssembly is missing or forbidden: what cargo built, by way of wasm-bindgen, wasm-opt, which
 * lowers it to the first version of WebAssembly, and Binaryen's wasm2js. The parts are not split off: whoever needs this needs it whole.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFeatures } from "./wasm-file.mjs";

/** What rustc uses that the first version of WebAssembly does not have, and that wasm-opt can express in it. */
const LATER = ["bulk-memory", "bulk-memory-opt", "mutable-globals", "nontrapping-float-to-int", "sign-ext"];
const LOWER = ["--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering", "--signext-lowering"];
const PLAIN = ["--mvp-features", "--enable-mutable-globals"];

/**
 * Writes the ES modules `core.js`, which is the core, and `core_bg.js`, which is the glue, to a folder.
 * @param {string} wasm what cargo built
 * @param {string} folder
 * @param {(args: string[]) => void} bindgen runs wasm-bindgen
 * @param {(tool: "wasm-opt" | "wasm2js", args: string[]) => void} binaryen runs a tool of Binaryen's
 * @throws {Error} where a step fails
 */
export function buildFallback(wasm, folder, bindgen, binaryen) {
  mkdirSync(folder, { recursive: true });
  const at = (/** @type {string} */ name) => join(folder, name);
  // Without reference types wasm-bindgen keeps the page's objects in a list of its own.
  writeFileSync(at("plain.wasm"), withFeatures(readFileSync(wasm), ["mutable-globals"]));
  bindgen([at("plain.wasm"), "--target", "bundler", "--out-dir", folder, "--out-name", "core", "--no-typescript"]);
  binaryen("wasm-opt", [
    at("core_bg.wasm"),
    ...LATER.map((feature) => `--enable-${feature}`),
    "-Oz",
    ...LOWER,
    "--strip-target-features",
    "-o",
    at("lowered.wasm"),
  ]);
  binaryen("wasm-opt", [
    at("lowered.wasm"),
    ...PLAIN,
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "-o",
    at("low.wasm"),
  ]);
  binaryen("wasm2js", [at("low.wasm"), ...PLAIN, "-Oz", "-o", at("core.js")]);
  rewrite(at("core.js"), [[/'__wbindgen_externref_xform__'/g, "'./externrefs.js'"]]);
  // The glue itself says which of the page's objects are never dropped.
  writeFileSync(at("externrefs.js"), "export const __wbindgen_externref_statics_end = () => 0;\n");
  // A memory that grows is another buffer, and the old one is not detached as WebAssembly's is.
  rewrite(at("core_bg.js"), [
    [/cachedUint8ArrayMemory0\.byteLength === 0/g, "cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer"],
    [
      /cachedDataViewMemory0\.buffer\.detached === true \|\| \(.*?\)(?=\))/g,
      "cachedDataViewMemory0.buffer !== wasm.memory.buffer",
    ],
  ]);
}

/** @param {string} file @param {[RegExp, string][]} changes each must be found */
function rewrite(file, changes) {
  let text = readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    if (text.search(from) < 0)
      throw new Error(`${file} has no ${from}: wasm-bindgen or Binaryen write another text now`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}
