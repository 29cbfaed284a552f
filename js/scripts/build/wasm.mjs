/** The core as WebAssembly: cargo, then wasm-bindgen, then wasm-opt. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { npmBin, root, target, wasmBindgen, wasmBindgenVersion, wasmCompiler } from "../tools.mjs";
import { buildFallback } from "./fallback.mjs";
import { renameGlue } from "./names.mjs";
import { namedInOrder } from "./order.mjs";
import { split } from "./split.mjs";
import { withoutExport, withoutInTable, withSlotsForGood } from "./wasm-file.mjs";

/** Where the glue and the optimised wasm end up; inside the tree wherever cargo's target folder is. */
export const bindgen = join(root, "target", "bindgen");

/** The core as JavaScript, and its glue. */
export const fallback = join(bindgen, "fallback");

const PROFILE = "wasm-release";

/**
 * How wasm-opt shrinks it. Measured with brotli, which likes small functions that repeat each other better than large
 * inlined ones.
 */
const OPTIMISE = [
  "-Oz",
  "--converge",
  "--one-caller-inline-max-function-size=10",
  "--always-inline-max-function-size=4",
  "--flexible-inline-max-function-size=0",
  // The way into a part stays a function: see split.mjs.
  "--no-inline=*tidegate_wasm*tags*",
  "--no-inline=*plugins::part::*",
  "--no-inline=*delivery::part::*",
  "--no-inline=*tagging::part::*",
  "--no-inline=*destinations::part::*",
  "--no-inline=*consent::strings::hear",
  "--no-inline=*tidegate_wasm*explain*",
  "--skip-pass=local-cse",
  "--dealign",
  // Rust's stack comes first in memory: nothing lives in its lowest kilobyte.
  "--low-memory-unused",
];

const RUSTFLAGS = [
  // Nothing tells where in the source a panic was.
  "-Zlocation-detail=none",
  // Small generic functions are put in their callers before each type gets a copy of its own. The bounds are measured.
  "-Zinline-mir=yes",
  "-Zinline-mir-threshold=25",
  "-Zinline-mir-hint-threshold=25",
  // An address tells which literal is meant: see split-data.mjs.
  "-Clink-arg=--no-merge-data-segments",
];

/** What rustc and wasm-bindgen use. The text format does not say it. */
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "call-indirect-overlong",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

/** @param {string} path of a function, with patterns @returns {RegExp} its name in the text format */
const entry = (path) => new RegExp(String.raw`^\$"?${path}"?$`);

/** @param {string} module below `runtime` @param {string} names @returns {RegExp[]} functions of its `part.rs` */
const entries = (module, names) =>
  names.split(" ").map((name) => entry(String.raw`tidegate_core\[\w+\]::runtime::${module}::part::${name}`));

/**
 * Functions that are only called once a part is there, by the part. Of tags: also the bindings of what they ask for,
 * and what puts a faulty config into words, since nobody needs that where all is well.
 * @type {Record<string, RegExp[]>}
 */
const PARTS = {
  tags: [entry(String.raw`tidegate_wasm\[\w+\]::tags::\w+`)].concat(entries("tagging", "came fire decide run hear")),
  explain: [entry(String.raw`tidegate_wasm\[\w+\]::explain::faults`)],
  plugins: entries("plugins", "hear begin end wake leave decide forget"),
  delivery: entries("delivery", "begin wires receipts unstored service evict answered locked listed read decide"),
  wires: ["batch", "push", "request", "prelude", "known", "read_answer"].map((name) =>
    entry(String.raw`tidegate_core\[\w+\]::destinations::part::${name}`),
  ),
  strings: [entry(String.raw`tidegate_core\[\w+\]::consent::strings::hear`)],
};

/** The files of the wasm, without `.wasm`. */
export const files = ["tidegate_bg", ...Object.keys(PARTS).map((part) => `tidegate_${part}_bg`)];

/** What only tools read. */
const STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} what it printed
 */
function must(command, args, env = process.env) {
  const done = spawnSync(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (done.error) throw new Error(`${command} cannot be run: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${command} ${args[0]} failed`);
  return done.stdout;
}

/** @param {string[]} args of wasm-opt @returns {string} what it printed */
const optimise = (...args) => must(process.execPath, [npmBin("wasm-opt"), ...args]);

/** @returns {string} the wasm cargo built */
function compile() {
  const compiler = wasmCompiler();
  if (!compiler) throw new Error("no compiler for wasm32-unknown-unknown: run `node js/scripts/setup.mjs`");
  const args = ["build", "--package", "tidegate-wasm", "--lib"];
  args.push("--target", "wasm32-unknown-unknown", "--profile", PROFILE);
  // No path of this machine gets into the wasm, so that it is the same everywhere.
  args.push("-Ztrim-paths", "--config", `profile.${PROFILE}.trim-paths="all"`);
  args.push("--config", `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(RUSTFLAGS)}`);
  if (compiler.source) {
    args.push("-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size");
    // A panic traps at once: its message and formatting code, a fifth of the size, are left out.
    args.push("-Zpanic-immediate-abort", "--config", `profile.${PROFILE}.panic="immediate-abort"`);
  }
  if (!process.stderr.isTTY) args.push("--quiet");
  // The -Z options are unstable; this lets a stable compiler take them.
  must(compiler.cargo, args, { ...process.env, ...compiler.env, RUSTC_BOOTSTRAP: "1" });
  return join(target, "wasm32-unknown-unknown", PROFILE, "tidegate_wasm.wasm");
}

/** @returns {string} a digest of everything the glue and the optimised wasm are made from */
function digest(/** @type {string} */ wasm) {
  const binaryen = readFileSync(join(root, "node_modules/binaryen/package.json"));
  const scripts = [
    "wasm.mjs",
    "fallback.mjs",
    "names.mjs",
    "order.mjs",
    "split.mjs",
    "split-data.mjs",
    "wasm-file.mjs",
  ].map((file) => readFileSync(new URL(file, import.meta.url)));
  const parts = [readFileSync(wasm), wasmBindgenVersion() ?? "", binaryen, ...scripts];
  return parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
}

/**
 * @param {string} name of the file, without `.wasm`
 * @param {string} module in the text format
 */
function finish(name, module) {
  const at = (/** @type {string} */ kind) => join(bindgen, name + kind);
  const [text, named, ordered, done] = [at(".wat"), at(".named.wasm"), at(".ordered.wasm"), at(".wasm")];
  writeFileSync(text, module);
  // -g keeps the functions' names, for `npm run size -- --functions`.
  optimise(text, ...FEATURES, "--strip-producers", "-g", "-o", named);
  optimise(named, ...FEATURES, "--strip-debug", "-o", ordered);
  const tried = at(".tried.wasm");
  let least = Number.POSITIVE_INFINITY;
  // Each takes a second: only of the first load every byte counts.
  for (const inOrder of namedInOrder(readFileSync(ordered), name === files[0])) {
    writeFileSync(ordered, inOrder);
    optimise(ordered, ...FEATURES, "--reorder-functions-by-name", ...STRIP, "-o", tried);
    const { length } = brotliCompressSync(readFileSync(tried));
    if (length >= least) continue;
    least = length;
    copyFileSync(tried, done);
  }
}

/**
 * Builds `tidegate_wasm.js` (the glue), `tidegate_bg.wasm` and its parts, and the core as JavaScript, in the folder `bindgen`, unless they are up to date.
 * @throws {Error} where a step fails; the step has said why
 */
export function buildWasm() {
  const wasm = compile();
  const stamp = join(bindgen, "made-from");
  const made = digest(wasm);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === made) return;
  const tool = wasmBindgen("wasm-bindgen");
  if (!tool) throw new Error("wasm-bindgen is not installed: run `node js/scripts/setup.mjs`");
  rmSync(bindgen, { recursive: true, force: true });
  mkdirSync(bindgen, { recursive: true });
  // The shim always says where the wasm is.
  must(tool, [
    wasm,
    "--target",
    "web",
    "--out-dir",
    bindgen,
    "--no-typescript",
    "--omit-default-module-path",
    "--encode-into",
    "always",
  ]);
  // wasm-opt learns from the wasm itself which features it may use.
  const whole = join(bindgen, "tidegate_wasm_bg.wasm");
  const small = join(bindgen, "small.wasm");
  const text = join(bindgen, "small.wat");
  // js-sys puts the callers of its closures there for wasm-bindgen to read; the glue calls those it uses by their export.
  const used = withoutInTable(readFileSync(whole), (name) => /::convert::closures::_+::invoke/.test(name));
  writeFileSync(whole, withSlotsForGood(withoutExport(used, "__wbindgen_realloc")));
  optimise(whole, ...OPTIMISE, "-g", "-o", small);
  // In a run of its own: --converge would rename again and again.
  const renamed = optimise(small, "--minify-imports-and-exports-and-modules", "-g", "-S", "-o", text);
  renameGlue(join(bindgen, "tidegate_wasm.js"), JSON.parse(renamed));
  const { rest, parts } = split(readFileSync(text, "utf8"), Object.values(PARTS));
  for (const [at, module] of [rest, ...parts].entries()) finish(files[at] ?? "", module);
  buildFallback(
    wasm,
    fallback,
    (args) => must(tool, args),
    (name, args) => must(process.execPath, [npmBin(name), ...args]),
  );
  writeFileSync(stamp, made);
}
