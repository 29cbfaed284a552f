/** The wasm-bindgen CLI and test runner, in the exact version of Cargo.lock. */
import { wasmBindgen, wasmBindgenHome, wasmBindgenVersion } from "../tools.mjs";
import { cargoInstall, Missing, say } from "./shell.mjs";

/** Installs them into the cache unless they are there. */
export function ensureWasmBindgen() {
  const version = wasmBindgenVersion();
  if (!version)
    throw new Missing("Cargo.lock names no wasm-bindgen: run `cargo update --workspace` and commit Cargo.lock.");
  if (wasmBindgen("wasm-bindgen") && wasmBindgen("wasm-bindgen-test-runner")) return;
  const folder = wasmBindgenHome(version);
  say(`installing wasm-bindgen-cli ${version} (compiles for 3 to 5 minutes, once)`);
  if (!cargoInstall("wasm-bindgen-cli", version, folder)) {
    throw new Missing(
      `wasm-bindgen ${version} cannot be had: run \`cargo install wasm-bindgen-cli --version ${version} --root ${folder}\` with a network.`,
    );
  }
}
