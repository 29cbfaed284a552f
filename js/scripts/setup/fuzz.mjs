/** cargo-fuzz, which drives libFuzzer: for `npm run test:full` only. */
import { join } from "node:path";
import { cache, fuzzer } from "../tools.mjs";
import { cargoInstall, Missing, say } from "./shell.mjs";

const VERSION = "0.13.2";

/** Installs it into the cache unless it is there. */
export function ensureFuzzer() {
  if (fuzzer()) return;
  const folder = join(cache, "cargo-fuzz");
  say(`installing cargo-fuzz ${VERSION} (compiles for a minute, once)`);
  if (!cargoInstall("cargo-fuzz", VERSION, folder))
    throw new Missing(`cargo-fuzz cannot be had: run \`cargo install cargo-fuzz --root ${folder}\` with a network.`);
}
