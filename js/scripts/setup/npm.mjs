/** The npm packages of package-lock.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools.mjs";
import { Missing, run, say } from "./shell.mjs";

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} Locked */

/** @param {string} file @returns {Record<string, Locked> | undefined} */
function packages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @returns {boolean} whether node_modules holds exactly what the lock file asks of this platform */
function upToDate() {
  const locked = packages("package-lock.json");
  const installed = packages("node_modules/.package-lock.json");
  if (!locked || !installed) return false;
  const same = (/** @type {Locked | undefined} */ a, /** @type {Locked | undefined} */ b) =>
    a?.version === b?.version && a?.integrity === b?.integrity;
  return (
    Object.entries(installed).every(([path, entry]) => same(entry, locked[path])) &&
    // An optional package is one for another platform, or it is checked above.
    Object.entries(locked).every(([path, entry]) => path === "" || entry.optional || path in installed)
  );
}

/** Installs the npm packages unless they are there. */
export function ensurePackages() {
  if (upToDate()) return;
  say("installing the npm packages (npm ci)");
  if (!run("npm", ["ci", "--prefer-offline", "--loglevel=error"])) {
    throw new Missing(
      "The npm packages cannot be installed: run `npm ci` where npm reaches its registry (behind a proxy or mirror, set it with `npm config set registry`).",
    );
  }
}
