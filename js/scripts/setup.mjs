/**
 * Installs what the build needs and this machine lacks. `node js/scripts/setup.mjs [--tests] [--lint]`:
 * with `--tests` the browsers, drivers, nats-server and DuckDB too, with `--lint` rustfmt and clippy.
 * It needs no npm package, skips what is there, and needs no network once everything is.
 */
import "./setup/node.mjs";
import { pathToFileURL } from "node:url";
import { ensureBrowsers } from "./setup/browsers.mjs";
import { ensureFuzzer } from "./setup/fuzz.mjs";
import { ensureNats } from "./setup/nats.mjs";
import { ensurePackages } from "./setup/npm.mjs";
import { ensurePython } from "./setup/python.mjs";
import { ensureLinters, ensureRust, ensureSource, ensureWasmTarget } from "./setup/rust.mjs";
import { Missing } from "./setup/shell.mjs";
import { ensureWasmBindgen } from "./setup/wasm-bindgen.mjs";
import { ensureWrk } from "./setup/wrk.mjs";

/**
 * Ends the process with one sentence where something cannot be had.
 * @param {{ tests?: boolean, lint?: boolean, fuzz?: boolean, bench?: boolean }} [wanted]
 */
export function setup({ tests = false, lint = false, fuzz = false, bench = false } = {}) {
  try {
    ensureRust();
    ensureWasmTarget();
    ensureSource();
    ensurePackages();
    if (lint) ensureLinters();
    if (tests) {
      ensureBrowsers();
      ensureNats();
      ensurePython();
    }
    ensureWasmBindgen();
    if (fuzz) ensureFuzzer();
    if (bench) ensureWrk();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const wanted = new Set(process.argv.slice(2));
  setup({ tests: wanted.has("--tests"), lint: wanted.has("--lint") });
}
