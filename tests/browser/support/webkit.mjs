/** WebKitGTK's MiniBrowser, by its WebDriver, on a virtual screen. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Builder, By, Capabilities } from "selenium-webdriver";
import { miniBrowser, onPath, webkitDriver, xvfb } from "../../../js/scripts/tools.mjs";
import { reachable } from "./reachable.mjs";
import { until } from "./until.mjs";

/** @returns {string | undefined} why there is no WebKit here */
export function missing() {
  if (webkitDriver() && miniBrowser() && xvfb() && onPath("xauth")) return undefined;
  return "WebKitGTK is not installed: `apt-get install webkit2gtk-driver xvfb xauth` brings it.";
}

/** How long a session may take to begin, in milliseconds. Now and then a driver never answers. */
const PATIENCE = 60_000;

/** @returns {Promise<import("./browsers.mjs").Browser>} */
export async function launch() {
  let driver = await startDriver();
  let visitors = 0;
  return {
    async visitor() {
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE).unref());
      const first = await Promise.race([visit(driver.url), late]);
      if (!first) {
        if (visitors > 0) throw new Error("WebKit's driver does not answer any more");
        await driver.end();
        driver = await startDriver();
      }
      const visitor = /** @type {import("./browsers.mjs").Visitor} */ (first ?? (await visit(driver.url)));
      visitors++;
      return { ...visitor, leave: () => visitor.leave().finally(() => visitors--) };
    },
    close: () => driver.end(),
  };
}

async function startDriver() {
  const port = await freePort();
  const driver = spawn(xvfb() ?? "xvfb-run", ["-a", webkitDriver() ?? "WebKitWebDriver", `--port=${port}`], {
    // The sandbox of WebKit's processes does not work for root.
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
    stdio: "ignore",
    // A group of its own, so that the screen and the browser end with the driver.
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(`${url}/status`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  return {
    url,
    async end() {
      if (driver.exitCode !== null || !driver.pid) return;
      const ended = once(driver, "exit");
      const group = -driver.pid;
      process.kill(group, "SIGTERM");
      const late = setTimeout(() => process.kill(group, "SIGKILL"), 5000);
      await ended;
      clearTimeout(late);
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** A session is a person: under automation MiniBrowser keeps nothing from one to the next. */
async function visit(/** @type {string} */ url) {
  const wanted = new Capabilities();
  wanted.set("browserName", "MiniBrowser");
  // By any other strategy the driver itself waits, and may miss that the page has come.
  wanted.set("pageLoadStrategy", "none");
  wanted.set("webkitgtk:browserOptions", { binary: miniBrowser(), args: ["--automation"] });
  const driver = await new Builder().usingServer(url).withCapabilities(wanted).build();
  const first = await driver.getWindowHandle();
  /** @type {import("./browsers.mjs").Visitor} */
  const visitor = {
    async open(url) {
      // The first window stays open and empty: a session ends with its last one. What is opened as a tab stays hidden.
      await driver.switchTo().window(first);
      await driver.switchTo().newWindow("window");
      const tab = tabOf(driver, await driver.getWindowHandle());
      await tab.goto(url);
      return tab;
    },
    leave: () => driver.quit(),
  };
  return visitor;
}

/** @param {import("selenium-webdriver").WebDriver} driver @param {string} handle @returns {import("./browsers.mjs").Tab} */
function tabOf(driver, handle) {
  /** @type {import("./browsers.mjs").Tab["run"]} */
  const run = async (code, ...args) => {
    await driver.switchTo().window(handle);
    const { value, error } = await driver.executeAsyncScript(
      `
      const [args, done] = arguments;
      Promise.resolve()
        .then(() => (${code})(...args))
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      args,
    );
    if (error) throw new Error(error);
    return value;
  };
  /** What earlier pages of this tab asked for. @type {string[]} */
  const before = [];
  const asked = () => run(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  const arrive = async (/** @type {() => Promise<void>} */ leave) => {
    before.push(...(await asked()));
    await run(() => {
      window.leaving = true;
    });
    await leave();
    // A script that the navigation cuts off says as little as one that runs too early.
    await until(() => run(() => !window.leaving && document.readyState !== "loading").catch(() => false));
  };
  return {
    goto: (url) => arrive(() => driver.get(url)),
    reload: () => arrive(() => driver.navigate().refresh()),
    run,
    async click(selector) {
      await until(() => run(reachable, selector));
      await driver.findElement(By.css(selector)).click();
    },
    asked: async () => [...before, ...(await asked())],
    async close() {
      await driver.switchTo().window(handle);
      await driver.close();
    },
  };
}
