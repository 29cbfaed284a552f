/** The browsers the tests drive, and their WebDrivers. */
import { join } from "node:path";
import {
  cache,
  chromedriver,
  chromium,
  firefox,
  geckodriver,
  miniBrowser,
  onPath,
  webkitDriver,
  xvfb,
} from "../tools.mjs";
import { apt, cargoInstall, Missing, say } from "./shell.mjs";

const GECKODRIVER = "0.37.1";

/** What Debian packages: each program with the package that holds it. */
const MANDATORY = [
  { find: chromium, name: "Chromium", package: "chromium" },
  { find: chromedriver, name: "Chromium's WebDriver", package: "chromium-driver" },
  { find: firefox, name: "Firefox", package: "firefox-esr" },
];

/** Not every system packages WebKitGTK: without it its tests are skipped. */
const OPTIONAL = [
  { find: webkitDriver, name: "WebKitGTK's WebDriver", package: "webkit2gtk-driver" },
  { find: miniBrowser, name: "WebKitGTK's MiniBrowser", package: "webkit2gtk-driver" },
  { find: xvfb, name: "Xvfb", package: "xvfb" },
  { find: () => onPath("xauth"), name: "xauth", package: "xauth" },
];

/** @param {typeof MANDATORY} programs installs the missing ones @returns {string | undefined} what is still missing, and how to get it */
function install(programs) {
  const missing = () => programs.filter(({ find }) => !find());
  const packagesOf = (/** @type {typeof MANDATORY} */ list) => [...new Set(list.map((one) => one.package))];
  const wanted = packagesOf(missing());
  if (wanted.length === 0) return undefined;
  apt(wanted);
  const still = missing();
  if (still.length === 0) return undefined;
  const names = still.map(({ name }) => name).join(", ");
  return `${names}, which cannot be installed from here: as root, run \`apt-get install ${packagesOf(still).join(" ")}\`.`;
}

/** Installs the browsers and drivers that are missing. */
export function ensureBrowsers() {
  const needed = install(MANDATORY);
  if (needed) throw new Missing(`The tests need ${needed}`);
  const wished = install(OPTIONAL);
  if (wished) say(`the tests in WebKitGTK are skipped; they need ${wished}`);
  if (geckodriver()) return;
  const folder = join(cache, "geckodriver");
  say(`installing geckodriver ${GECKODRIVER} (compiles for 1 to 2 minutes, once)`);
  if (!cargoInstall("geckodriver", GECKODRIVER, folder)) {
    throw new Missing(
      `Firefox's WebDriver cannot be had: run \`cargo install geckodriver --version ${GECKODRIVER} --root ${folder}\` with a network.`,
    );
  }
}
