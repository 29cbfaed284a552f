/** Running installers, and saying what happens. */
import { spawnSync } from "node:child_process";
import { onPath, root } from "../tools.mjs";

/** A prerequisite that cannot be had; the message is the one sentence shown to the person. */
export class Missing extends Error {}

/** @param {string} text */
export const say = (text) => console.log(`setup: ${text}`);

/**
 * Runs an installer. On a terminal it shows its own progress; elsewhere only the end of what it wrote, and only if it failed.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {boolean} whether it succeeded
 */
export function run(command, args, env = process.env) {
  const shown = Boolean(process.stderr.isTTY);
  const done = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    stdio: shown ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
  if (done.status === 0) return true;
  const wrote = `${done.stdout ?? ""}${done.stderr ?? ""}`.trim();
  if (wrote) console.error(wrote.split("\n").slice(-40).join("\n"));
  if (done.error) console.error(`${command}: ${done.error.message}`);
  return false;
}

/**
 * Installs Debian packages, as root or through sudo.
 * @param {string[]} packages
 * @returns {boolean} false where there is no apt-get, no right to use it, or it fails
 */
export function apt(packages) {
  if (!onPath("apt-get")) return false;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !onPath("sudo")) return false;
  // Without a terminal sudo cannot ask for a password, so it must not try.
  const prefix = isRoot ? [] : process.stdin.isTTY ? ["sudo"] : ["sudo", "-n"];
  // Another installation under way, such as the system's own updates, is waited for.
  const apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"];
  const [command = "", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...apt];
  const install = [...rest, "install", "-y", "--no-install-recommends", ...packages];
  say(`installing with apt-get: ${packages.join(" ")}`);
  return run(command, [...rest, "update"]) && run(command, install);
}

/**
 * Installs a program from crates.io into a folder of its own. Not `--locked`: wasm-bindgen-cli's lock file names
 * a crate version that is not served.
 * @param {string} crate
 * @param {string} version
 * @param {string} folder
 * @returns {boolean} whether it succeeded
 */
export function cargoInstall(crate, version, folder) {
  // The tree's own build settings are not the tool's.
  const { CARGO_TARGET_DIR, RUSTFLAGS, RUSTC_BOOTSTRAP, CARGO_BUILD_TARGET, ...env } = process.env;
  return run("cargo", ["install", crate, "--version", version, "--root", folder, "--force"], env);
}
