/** One SDK on one page, a visitor, and a collector that can be made to fail. Events are numbered in the order of the calls. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openHost } from "../../audit/support/host.mjs";
import { until } from "../../browser/support/until.mjs";
import { openCollector } from "../../peers/collector.mjs";
import { killRenderers } from "./renderers.mjs";

/** @typedef {import("../../browser/support/browsers.mjs").Tab} Tab */
/** @typedef {import("../../browser/support/puppeteer.mjs").Killable} Browser */
/** @typedef {(options?: import("../../browser/support/puppeteer.mjs").Options) => Promise<Browser>} Launch */

/** @param {string} name a script of `in-page/` */
const inPage = (name) => readFileSync(new URL(`in-page/${name}.js`, import.meta.url), "utf8");

export class Trial {
  sent = 0;
  /** Calls that threw into the page. */
  thrown = 0;
  /** Errors that nothing in the page caught. @type {string[]} */
  uncaught = [];
  /** What earlier pages of Tidegate counted as lost. */
  #reported = 0;
  /** What the row has to say beside the counts. */
  note = "";

  /**
   * @param {import("../../peers/sdks/index.mjs").Sdk} sdk
   * @param {import("../../peers/collector.mjs").Collector} collector
   * @param {import("../../audit/support/host.mjs").Host} shop
   * @param {Launch} launch
   * @param {Browser} browser
   * @param {string} [profile] a folder; then the browser is the trial's own
   */
  constructor(sdk, collector, shop, launch, browser, profile) {
    this.sdk = sdk;
    this.collector = collector;
    this.shop = shop;
    this.launch = launch;
    this.browser = browser;
    this.profile = profile;
    /** @type {import("../../browser/support/browsers.mjs").Visitor | undefined} */
    this.visitor = undefined;
    /** @type {Tab | undefined} */
    this.current = undefined;
  }

  /** The tab opened last. */
  get tab() {
    if (!this.current) throw new Error("no tab is open");
    return this.current;
  }

  get page() {
    return this.browser.pageOf(this.tab);
  }

  /** A further tab of the visitor. */
  async open() {
    this.visitor ??= await this.browser.visitor();
    this.current = await this.visitor.open(`${this.shop.url}/page`);
    await this.ready();
    return this.current;
  }

  /** A page that loads makes a call, as pages do: there are SDKs that do not send what earlier pages left before the next one. */
  async ready() {
    const isReady = () => this.tab.run(() => window.isReady?.()).catch(() => false);
    await until(isReady).catch(() => {
      this.note = "it did not become ready";
    });
    await this.tab.run(() => window.send([{}]));
  }

  /** Calls in one task. @param {number} count @param {object} [more] properties of each event */
  async send(count, more = {}) {
    const events = Array.from({ length: count }, () => ({ n: this.sent++, ...more }));
    this.thrown += await this.tab.run((events) => window.send(events), events);
  }

  /** What the row calls by itself, in the page. @param {number} count how many events it takes */
  numbers(count) {
    return Array.from({ length: count }, () => this.sent++);
  }

  /** What the page knows is kept: it goes. */
  async noted() {
    this.#reported += await this.#counted();
    this.uncaught.push(...(await this.tab.run(() => window.uncaught ?? []).catch(() => [])));
  }

  /** How many events the SDK says it has given up or refused, on this page. */
  #counted() {
    const counted = () => {
      const { dropped, errors } = /** @type {any} */ (window).analytics.stats();
      return Object.values(dropped).reduce((sum, n) => sum + n, errors.invalid_event ?? 0);
    };
    return this.sdk.name === "Tidegate" ? this.tab.run(counted).catch(() => 0) : Promise.resolve(0);
  }

  async reported() {
    return this.#reported + (await this.#counted());
  }

  async reload() {
    await this.noted();
    await this.tab.reload();
    await this.ready();
  }

  /** Leaves for a page of the site that has no SDK. */
  async away() {
    await this.noted();
    await this.tab.goto(`${this.shop.url}/bare`);
  }

  async back() {
    await this.tab.goto(`${this.shop.url}/page`);
    await this.ready();
  }

  async close() {
    await this.noted();
    const { tab } = this;
    this.current = undefined;
    await tab.close();
  }

  async killRenderers() {
    await killRenderers(this.browser.pid ?? 0);
    this.current = undefined;
  }

  /** The browser dies, and is started again. */
  async killBrowser() {
    await this.browser.kill();
    this.current = this.visitor = undefined;
    this.browser = await this.launch({ profile: this.profile });
  }

  wait = (/** @type {number} */ seconds) => sleep(seconds * 1000);

  async end() {
    if (this.profile) {
      await this.browser.close().catch(() => {});
      rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } else await this.visitor?.leave();
    this.collector.stop();
    this.shop.stop();
  }
}

/**
 * @param {import("../../peers/sdks/index.mjs").Sdk} sdk
 * @param {import("./rows/index.mjs").Row} row
 * @param {Launch} launch
 * @param {Browser} [shared] the browser of all trials that do not need their own
 */
export async function openTrial(sdk, row, launch, shared) {
  const collector = await openCollector(sdk.protocol);
  const shop = await openHost("shop");
  const { head, files } = await sdk.page(collector.url);
  const first = (row.first ?? []).map((name) => `<script>${inPage(name)}</script>`).join("");
  for (const [path, body] of Object.entries(files)) shop.answer(path, { body, headers: typed(path) });
  const page = (/** @type {string} */ scripts) => ({
    // With no-store a browser does not keep the page for the way back.
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache", ...row.headers },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Faults</title><link rel="icon" href="data:,">
${scripts}</head><body></body></html>`,
  });
  shop.answer("/page", page(`<script>${inPage("page")}</script>${first}${head}`));
  shop.answer("/bare", page(""));
  for (const [path, answer] of Object.entries(row.files ?? {})) shop.answer(path, answer());
  const profile = row.ownBrowser ? mkdtempSync(join(tmpdir(), "tidegate-faults-")) : undefined;
  const browser = shared && !profile ? shared : await launch(profile ? { profile } : {});
  return new Trial(sdk, collector, shop, launch, browser, profile);
}

/** @param {string} path */
const typed = (path) => ({ "content-type": path.endsWith(".js") ? "text/javascript" : "application/json" });
