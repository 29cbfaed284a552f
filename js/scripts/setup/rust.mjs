/** Rust, its wasm32 target and the source of its standard library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onPath, output, root, wasmCompiler } from "../tools.mjs";
import { apt, Missing, run, say } from "./shell.mjs";

const TARGET = "wasm32-unknown-unknown";

/** @param {string} version @returns {number} comparable: 1.95.0 → 1095 */
const minor = (version) => {
  const [major = 0, rest = 0] = version.split(".").map(Number);
  return major * 1000 + rest;
};

/** The compiler itself, new enough, and the C compiler it links with. */
export function ensureRust() {
  const found = onPath("cargo") && output("rustc", ["--version"])?.split(" ")[1];
  if (!found) {
    throw new Missing("Rust is missing: install it as https://rustup.rs says, open a new terminal and run this again.");
  }
  const wanted = /^rust-version = "([^"]+)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1] ?? "0";
  if (minor(found) < minor(wanted)) {
    throw new Missing(
      `Rust ${wanted} or newer is needed and this is ${found}: run \`rustup update stable\` (https://rustup.rs).`,
    );
  }
  if (!onPath("cc") && !apt(["build-essential"])) {
    throw new Missing(
      "A C compiler is missing (Rust links with it): install one, on Debian with `apt-get install build-essential`.",
    );
  }
}

/** A compiler for wasm32: rustup's target, else Debian's packages, which build the standard library from source. */
export function ensureWasmTarget() {
  const present = wasmCompiler();
  if (present?.std || present?.debian) return;
  if (onPath("rustup")) {
    say(`installing the Rust target ${TARGET}`);
    if (run("rustup", ["target", "add", TARGET]) && wasmCompiler()?.std) return;
  }
  if (wasmCompiler()) return;
  say("rustup cannot fetch the target; Debian's Rust can build the standard library instead");
  if (apt(["rustc-web", "cargo-web", "rust-web-src", "lld-22"]) && wasmCompiler()) return;
  throw new Missing(
    `Rust's target ${TARGET} cannot be had: run \`rustup target add ${TARGET}\` with a network, or on Debian \`apt-get install rustc-web cargo-web rust-web-src lld-22\`.`,
  );
}

/** The source of the standard library, to build it for size. The build goes on without. */
export function ensureSource() {
  if (wasmCompiler()?.source) return;
  if (onPath("rustup")) {
    say("installing the Rust component rust-src");
    if (run("rustup", ["component", "add", "rust-src"]) && wasmCompiler()?.source) return;
  }
  say("rust-src cannot be had: the wasm will be larger, its standard library not built for size");
}

/** rustfmt and clippy, for the checks of `.ci/run`. */
export function ensureLinters() {
  for (const [program, component] of [
    ["cargo-fmt", "rustfmt"],
    ["cargo-clippy", "clippy"],
  ]) {
    if (program && component && output(program, ["--version"]) === undefined) {
      say(`installing the Rust component ${component}`);
      if (!run("rustup", ["component", "add", component])) {
        throw new Missing(
          `Rust's ${component} cannot be had: run \`rustup component add ${component}\` with a network.`,
        );
      }
    }
  }
}
