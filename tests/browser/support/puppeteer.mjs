/** Chromium and Firefox, by puppeteer-core. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { chromium as chromiumFile, firefox as firefoxFile } from "../../../js/scripts/tools.mjs";
import { reachable } from "./reachable.mjs";
import { until } from "./until.mjs";

const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
CHROMIUM.push("--disable-component-update", "--disable-sync");

/**
 * @typedef {object} Options
 * @property {string} [profile] a folder: the one visitor keeps it from launch to launch
 * @property {boolean} [anyCertificate] takes a server's certificate whoever signed it
 * @property {import("puppeteer-core").CreatePageOptions} [place] as windows no page of a visitor hides another one's
 */

/**
 * @typedef {import("./browsers.mjs").Browser & { kill: () => Promise<void>, pid: number | undefined, pageOf: (tab: import("./browsers.mjs").Tab) => import("puppeteer-core").Page }} Killable
 * `pageOf` is for what only these browsers can do
 */

/** @param {Options} [options] @returns {Promise<Killable>} */
export const chromium = (options = {}) =>
  launched({ executablePath: chromiumFile() ?? "chromium", args: CHROMIUM }, options);

/** @param {Options} [options] @returns {Promise<Killable>} */
export const firefox = (options = {}) =>
  launched({ browser: "firefox", executablePath: firefoxFile() ?? "firefox-esr" }, options);

/**
 * @param {import("puppeteer-core").LaunchOptions} how
 * @param {Options} options
 * @returns {Promise<Killable>}
 */
async function launched(how, { profile, place, anyCertificate: acceptInsecureCerts = false }) {
  const browser = await puppeteer.launch({ ...how, acceptInsecureCerts, ...(profile && { userDataDir: profile }) });
  /** @type {WeakMap<import("./browsers.mjs").Tab, import("puppeteer-core").Page>} */
  const pages = new WeakMap();
  // One after another, and a second time if need be: Firefox now and then refuses a tab while it opens others.
  /** @type {Promise<unknown>} */
  let opened = Promise.resolve();
  return {
    async visitor() {
      const context = profile ? browser.defaultBrowserContext() : await browser.createBrowserContext();
      return {
        async open(url) {
          const opening = opened.then(() => context.newPage(place)).catch(() => context.newPage(place));
          opened = opening.catch(() => {});
          const page = await opening;
          const tab = tabOf(page);
          pages.set(tab, page);
          await tab.goto(url);
          return tab;
        },
        leave: () => context.close(),
      };
    },
    close: () => browser.close(),
    pid: browser.process()?.pid,
    pageOf(tab) {
      const page = pages.get(tab);
      if (!page) throw new Error("not a tab of this browser");
      return page;
    },
    async kill() {
      const process = browser.process();
      const gone = process && once(process, "exit");
      process?.kill("SIGKILL");
      await gone;
      // Meanwhile the driver puts the profile's own settings back, which the next browser needs.
      await sleep(500);
    },
  };
}

/** @param {import("puppeteer-core").Page} page @returns {import("./browsers.mjs").Tab} */
function tabOf(page) {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  return {
    async goto(url) {
      await page.goto(url, { waitUntil: "domcontentloaded" });
    },
    async reload() {
      await page.reload({ waitUntil: "domcontentloaded" });
    },
    run: (code, ...args) => page.evaluate(code, ...args),
    async click(selector) {
      await until(() => page.evaluate(reachable, selector));
      await page.click(selector);
    },
    asked: async () => [...asked],
    close: () => page.close(),
  };
}
