/** Chromium and Firefox, by puppeteer-core. */
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

export const chromium = async () =>
  browserOf(await puppeteer.launch({ executablePath: chromiumFile() ?? "chromium", args: CHROMIUM }));

/** @param {import("puppeteer-core").CreatePageOptions} [place] as windows no page of a visitor hides another one's */
export const firefox = async (place) =>
  browserOf(await puppeteer.launch({ browser: "firefox", executablePath: firefoxFile() ?? "firefox-esr" }), place);

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {import("puppeteer-core").CreatePageOptions} [place]
 * @returns {import("./browsers.mjs").Browser}
 */
const browserOf = (browser, place) => ({
  async visitor() {
    const context = await browser.createBrowserContext();
    return {
      async open(url) {
        const tab = tabOf(await context.newPage(place));
        await tab.goto(url);
        return tab;
      },
      leave: () => context.close(),
    };
  },
  close: () => browser.close(),
});

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
