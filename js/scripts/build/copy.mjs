/** What the build copies as it is. */
import { copyFileSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools.mjs";

/** Into www/vendor: what the demo store serves of others, from their npm packages. */
const VENDOR = {
  "cookieconsent.umd.js": "vanilla-cookieconsent/dist/cookieconsent.umd.js",
  "cookieconsent.css": "vanilla-cookieconsent/dist/cookieconsent.css",
  // The build that sets window.mixpanel without mixpanel's own snippet.
  "mixpanel.js": "mixpanel-browser/dist/mixpanel.umd.js",
};

/** @param {string} dist the folder to write to */
export function copyPublished(dist) {
  for (const file of ["tidegate.d.ts", "global.d.ts", "tidegate.schema.json"])
    copyFileSync(join(root, "js", file), join(dist, file));
  cpSync(join(root, "js/templates"), join(dist, "templates"), { recursive: true });
}

/** Copies the bundles the demo store uses. */
export function copyVendor() {
  const folder = join(root, "www/vendor");
  mkdirSync(folder, { recursive: true });
  for (const [to, from] of Object.entries(VENDOR)) copyFileSync(join(root, "node_modules", from), join(folder, to));
}
