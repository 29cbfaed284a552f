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
const PACKAGED = [
  { find: chromium, name: "Chromium", package: "chromium" },
  { find: chromedriver, name: "Chromium's WebDriver", package: "chromium-driver" },
  { find: firefox, name: "Firefox", package: "firefox-esr" },
  { find: webkitDriver, name: "WebKitGTK's WebDriver", package: "webkit2gtk-driver" },
  { find: miniBrowser, name: "WebKitGTK's MiniBrowser", package: "webkit2gtk-driver" },
  { find: xvfb, name: "Xvfb", package: "xvfb" },
  { find: () => onPath("xauth"), name: "xauth", package: "xauth" },
];

/** Installs the browsers and drivers that are missing. */
export function ensureBrowsers() {
  const missing = () => PACKAGED.filter(({ find }) => !find());
  const packages = [...new Set(missing().map((one) => one.package))];
  if (packages.length > 0) apt(packages);
  const still = missing();
  if (still.length > 0) {
    const names = still.map(({ name }) => name).join(", ");
    const wanted = [...new Set(still.map((one) => one.package))].join(" ");
    throw new Missing(
      `The tests need ${names}, which cannot be installed from here: as root, run \`apt-get install ${wanted}\`.`,
    );
  }
  if (geckodriver()) return;
  const folder = join(cache, "geckodriver");
  say(`installing geckodriver ${GECKODRIVER} (compiles for 1 to 2 minutes, once)`);
  if (!cargoInstall("geckodriver", GECKODRIVER, folder)) {
    throw new Missing(
      `Firefox's WebDriver cannot be had: run \`cargo install geckodriver --version ${GECKODRIVER} --root ${folder}\` with a network.`,
    );
  }
}
