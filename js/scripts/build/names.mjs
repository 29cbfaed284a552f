/**
 * What the build changes about wasm-bindgen's glue. Short names towards the wasm: wasm-bindgen's carry hashes, which
 * do not compress, on both sides. And exports of its two halves, so that the bundler leaves out the loader between
 * them, which takes whatever there is; js/boot.ts has a response.
 */
import { readFileSync, writeFileSync } from "node:fs";

/**
 * What costs the first load bytes and does nothing here: a decoder that is made anew after 2 GB of text, another look at whether memory
 * has grown, which gives it another buffer, constants such as `JsValue::NULL`, which no code here has, and numbers made of numbers. And texts are encoded by
 * the browser: code that copies them character by character is slow until it is warm, and by then a page has made its calls.
 * @type {[RegExp, string][]}
 */
const OTHERWISE = [
  [/^const MAX_SAFARI_DECODE_BYTES = .*\nlet numBytesDecoded = 0;\n/m, ""],
  [/^( +)numBytesDecoded \+= bytes\.length;\n[\s\S]*?\n\1\}\n/m, ""],
  [/^cachedTextDecoder\.decode\(\);\n/m, ""],
  [/(__wbindgen_init_externref_table: function\(\) \{\n)( +(const table|table\.set).*\n)+/, "$1"],
  [/(const val\d = )\+/g, "$1"],
  // Nobody asks what was thrown.
  [/catch \(e\) \{\n.*\n( +wasm\.__wbindgen_exn_store)\(idx\)/, "catch {\n$1(0)"],
  [/, wasm\.__wbindgen_malloc, wasm\.__wbindgen_realloc\)/g, ")"],
  [
    /^function passStringToWasm0\([\s\S]*?\n\}\n/m,
    `const scratch = new Uint8Array(4096);
function passStringToWasm0(text) {
    const bytes = text.length > 1365 ? cachedTextEncoder.encode(text) : scratch.subarray(0, cachedTextEncoder.encodeInto(text, scratch).written);
    const at = wasm.__wbindgen_malloc(WASM_VECTOR_LEN = bytes.length, 1);
    getUint8ArrayMemory0().set(bytes, at);
    return at;
}
`,
  ],
  [
    /(?:var|const) ptr1 = (.*);\n +(?:var|const) len1 = WASM_VECTOR_LEN;\n(?: +getDataViewMemory0.*\n){2}/g,
    "answer(arg0, $1);\n",
  ],
  [
    /^let cachedDataViewMemory0[\s\S]*?\n\}\n/m,
    "function answer(to, at) {\n    new Uint32Array(wasm.memory.buffer, to, 2).set([at, WASM_VECTOR_LEN]);\n}\n",
  ],
  [/^ +cachedDataViewMemory0 = null;\n/m, ""],
];

/** @typedef {{ imports: [module: string, from: string, to: string][], exports: [from: string, to: string][] }} Renamed */

/**
 * Gives the glue the names that wasm-opt's `--minify-imports-and-exports-and-modules` gave the wasm.
 * @param {string} glue the file to rewrite
 * @param {Renamed} renamed what wasm-opt printed
 * @throws {Error} where the glue does not look as expected, so that a change of wasm-bindgen's output is noticed
 */
export function renameGlue(glue, { imports, exports }) {
  const exported = new Map(exports);
  const imported = new Map(imports.map(([, from, to]) => [from, to]));
  const [module] = imports[0] ?? [];
  const open = new Set(imported.keys());
  const whole = readFileSync(glue, "utf8");
  for (const [pattern] of OTHERWISE) if (!pattern.test(whole)) throw new Error(`${glue} lacks ${pattern}`);
  const source = OTHERWISE.reduce((text, [pattern, instead]) => text.replace(pattern, instead), whole)
    .replace(/\bwasm\.(\w+)/g, (found, name) => {
      const short = exported.get(name);
      if (!short) throw new Error(`${glue} uses ${found}, which the wasm does not export`);
      return `wasm.${short}`;
    })
    // What wasm-opt found the wasm never to call is not given to it.
    .replace(/^( +)(\w+)(: function\([\s\S]*?\n\1\}.*\n)/gm, (_, indent, name, body) => {
      open.delete(name);
      return imported.has(name) ? indent + imported.get(name) + body : "";
    })
    .replace(`${JSON.stringify(module)}: import0`, "a: import0");
  if (open.size > 0) throw new Error(`${glue} lacks ${[...open].join(", ")}, which the wasm imports`);
  if (!source.includes("a: import0")) throw new Error(`${glue} does not name the module ${module}`);
  writeFileSync(glue, `${source}export { __wbg_get_imports as imports, __wbg_finalize_init as run };\n`);
}
