/** The stages of `npm test`, in order. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { target as built, chromedriver, fuzzer, geckodriver, root, wasmBindgen, wasmCompiler } from "../tools.mjs";

/** @typedef {{ name: string, commands: import("./run.mjs").Command[] }} Stage */

/** @param {string} folder @returns {string[]} its test files, from the root */
function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.mjs"));
  return files.sort().map((file) => join(folder, file));
}

/**
 * @param {string[]} packages
 * @param {number} minutes
 * @param {string[]} [options]
 * @returns {import("./run.mjs").Command}
 */
const cargoTest = (packages, minutes, options = []) => ({
  command: "cargo",
  args: ["test", "--quiet", "--no-fail-fast", ...packages.flatMap((name) => ["--package", name]), ...options],
  minutes,
});

/** @param {"CHROMEDRIVER" | "GECKODRIVER"} variable @param {string} driver @returns {import("./run.mjs").Command} */
function wasmTest(variable, driver) {
  const compiler = wasmCompiler();
  // Not --quiet: cargo hands it on to the runner, which refuses it.
  const args = ["test", "--no-fail-fast", "--package", "tidegate-wasm", "--lib", "--tests"];
  args.push("--target", "wasm32-unknown-unknown");
  /** @type {Record<string, string>} */
  const env = {
    ...compiler?.env,
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: wasmBindgen("wasm-bindgen-test-runner") ?? "",
    WASM_BINDGEN_TEST_TIMEOUT: "60",
    [variable]: driver,
  };
  if (!compiler?.std) {
    args.push("-Zbuild-std=std,panic_abort");
    env.RUSTC_BOOTSTRAP = "1";
  }
  return { command: compiler?.cargo ?? "cargo", args, env, minutes: 10 };
}

/**
 * @param {string} folder
 * @param {number} minutes
 * @param {Record<string, string>} [env]
 * @param {(file: string) => boolean} [wanted]
 * @returns {import("./run.mjs").Command[]} none where it holds no test
 */
function nodeTest(folder, minutes, env, wanted = () => true) {
  const files = testFiles(folder).filter(wanted);
  // One file at a time: it may drive three browsers side by side, and more would slow each other into timeouts.
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
  return files.length > 0 ? [{ command: process.execPath, args, minutes, env }] : [];
}

/** Half of the files, so that each half has a bound of its own. @param {string} file */
const isEarly = (file) => /^[a-n]/.test(basename(file));

/** What does not ask for the wasm's files by name runs on the core as JavaScript too. @param {boolean} full */
const onFallback = (full) => {
  const files = full ? /(consent|identity|instances|mirror|store|tabs|withdrawal)\.test/ : /(store|withdrawal)\.test/;
  return (/** @type {string} */ file) => files.test(file);
};

/**
 * A minute of fuzzing for each target. A crash fails the run, and lies in tests/fuzz/crashes to be committed.
 * @returns {import("./run.mjs").Command[]}
 */
function fuzzing() {
  const targets = readdirSync(join(root, "tests/fuzz/targets")).map((file) => file.replace(/\.rs$/, ""));
  return targets.map((target) => ({
    command: fuzzer() ?? "cargo-fuzz",
    // Its own corpus grows outside the tree; the committed one is where it begins.
    args: ["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none", target, ...corpora(target)].concat([
      "--",
      "-max_total_time=60",
      `-artifact_prefix=tests/fuzz/crashes/${target}/`,
    ]),
    env: { RUSTC_BOOTSTRAP: "1", CARGO_TARGET_DIR: join(built, "fuzz") },
    minutes: 10,
  }));
}

/** @param {string} target @returns {string[]} the folder that grows, and the committed one */
function corpora(target) {
  const folders = [join(built, "fuzz-corpus", target), join(root, "tests/fuzz/corpus", target)];
  for (const folder of [...folders, join(root, "tests/fuzz/crashes", target)]) mkdirSync(folder, { recursive: true });
  return folders;
}

/** @param {{ full: boolean }} options @returns {Stage[]} */
export function stages({ full }) {
  const most = full ? 120 : 15;
  return [
    { name: "core", commands: [cargoTest(["tidegate-core"], most)] },
    { name: "fuzzing", commands: full ? fuzzing() : [] },
    {
      name: "collector, sinks and command line",
      commands: [cargoTest(["tidegate-collector", "tidegate-sinks", "tidegate"], most)],
    },
    {
      name: "Kafka, against librdkafka's stand-in for it",
      commands: full ? [cargoTest(["tidegate-sinks"], most, ["--features", "kafka"])] : [],
    },
    { name: "warehouse", commands: [cargoTest(["tidegate-warehouse"], most), ...nodeTest("tests/warehouse", most)] },
    { name: "bindings, as wasm in Chromium", commands: [wasmTest("CHROMEDRIVER", chromedriver() ?? "")] },
    { name: "bindings, as wasm in Firefox", commands: [wasmTest("GECKODRIVER", geckodriver() ?? "")] },
    { name: "shim", commands: nodeTest("tests/js", most) },
    { name: "as Segment, call by call", commands: nodeTest("tests/compat", most) },
    { name: "end to end, in browsers", commands: nodeTest("tests/browser", most, {}, isEarly) },
    {
      name: "end to end, in browsers, the rest",
      commands: nodeTest("tests/browser", most, {}, (file) => !isEarly(file)),
    },
    {
      name: "end to end, on the core as JavaScript",
      commands: nodeTest("tests/browser", most, { TIDEGATE_FALLBACK: "1" }, onFallback(full)),
    },
    { name: "audit, in browsers", commands: nodeTest("tests/audit", most) },
    { name: "what leaks, beside Segment", commands: nodeTest("tests/leaks", most) },
    { name: "faults, in browsers", commands: nodeTest("tests/faults", most) },
  ];
}
