/** Debian's Chromium and Firefox, both by puppeteer-core. */
import puppeteer from "puppeteer-core";

const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
CHROMIUM.push("--disable-component-update", "--disable-sync");

/** @type {[string, () => Promise<import("puppeteer-core").Browser>][]} */
export const browsers = [
  ["Chromium", () => puppeteer.launch({ executablePath: "/usr/bin/chromium", args: CHROMIUM })],
  ["Firefox", () => puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr" })],
];

/** Waits until `done` says something true, at most `seconds`. */
export async function until(/** @type {() => Promise<unknown>} */ done, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await done();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${seconds} s: ${done}`);
}
