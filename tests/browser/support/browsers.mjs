/** The browsers of this machine, driven alike. */
import { describe, test } from "node:test";
import * as puppeteer from "./puppeteer.mjs";
import * as webkit from "./webkit.mjs";

/**
 * A browser at work.
 * @typedef {object} Browser
 * @property {() => Promise<Visitor>} visitor somebody who was never here before
 * @property {() => Promise<void>} close
 */

/**
 * A person with storage and cookies of their own, and any number of tabs.
 * @typedef {object} Visitor
 * @property {(url: string) => Promise<Tab>} open
 * @property {() => Promise<void>} leave
 */

/**
 * A tab. A page counts as open when its document is parsed: a script may still be on its way.
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {<A extends unknown[], R>(code: (...args: A) => R, ...args: A) => Promise<Awaited<R>>} run in the page; what it returns is awaited
 * @property {(selector: string) => Promise<void>} click as a person does
 * @property {() => Promise<string[]>} asked the addresses the page has asked for, in order
 * @property {() => Promise<void>} close
 */

/** @typedef {{ name: string, missing?: string, launch: () => Promise<Browser> }} Engine */

/** @type {Engine[]} */
const engines = [
  { name: "Chromium", launch: puppeteer.chromium },
  { name: "Firefox", launch: puppeteer.firefox },
  { name: "WebKitGTK", launch: webkit.launch, missing: webkit.missing() },
];

/**
 * One suite, in every browser. They run side by side: most of a test's time is waiting.
 * @param {(engine: Engine) => void} define
 */
export function inEveryBrowser(define) {
  describe("in every browser", { concurrency: engines.length, timeout: 600_000 }, () => {
    for (const engine of engines) {
      if (engine.missing) test(engine.name, { skip: engine.missing }, () => {});
      else describe(engine.name, { concurrency: 1 }, () => define(engine));
    }
  });
}
