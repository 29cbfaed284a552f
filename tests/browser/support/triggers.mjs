/** A page with the browser's side of triggers alone: what it tells is noted. */
import { openHost } from "../../audit/support/host.mjs";
import { bundled } from "./bundled.mjs";
import { inPage } from "./pages.mjs";

/**
 * Sets `triggers`, and `told`: what was seen, the facts, the triggers, and how far the page was. It is kept when the page is left.
 */
const script = await bundled(`
  import { createTriggers } from "./js/triggers";
  const told = [];
  window.told = told;
  window.triggers = createTriggers((kind, facts, triggers) => {
    told.push({ kind, facts: JSON.parse(JSON.stringify(facts)), triggers, stage: document.readyState });
    sessionStorage.told = JSON.stringify(told);
  });
`);

/** @param {string} [body] @param {string} [head] after the script */
export const pageOf = (body = "", head = "") => ({
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
<script src="/watch.js"></script><script src="/standing.js"></script><script src="/triggers.js"></script>${head}</head><body>${body}</body></html>`,
  headers: { "content-type": "text/html; charset=utf-8" },
});

/** @typedef {{ kind: string, facts: any, triggers: number[], stage: string }} Told */

/**
 * A site, and a browser for all tests of a file.
 * @param {() => Promise<import("./browsers.mjs").Browser>} launch
 */
export async function openTriggers(launch) {
  const [site, browser] = await Promise.all([openHost("shop"), launch()]);
  site.answer("/triggers.js", { body: script });
  for (const name of ["watch.js", "standing.js"]) site.answer(`/${name}`, inPage(name));
  site.answer("/next", { body: "<title>Next</title>" });

  return {
    site,
    /** A new visitor's tab, at a page of that body. @param {import("node:test").TestContext} t @param {string} [body] @param {string} [head] */
    async open(t, body, head) {
      site.answer("/page", pageOf(body, head));
      const visitor = await browser.visitor();
      t.after(visitor.leave);
      const tab = await visitor.open(`${site.url}/page`);
      return {
        tab,
        run: tab.run,
        /** @param {object[]} triggers @param {string[]} [selectors] */
        listen: (triggers, selectors = []) =>
          tab.run((wanted) => window.triggers.listen(wanted), { triggers, selectors }),
        /** @returns {Promise<Told[]>} what was told since it was asked last */
        told: () => tab.run(() => window.told.splice(0)),
      };
    },
    async close() {
      await browser.close();
      site.stop();
    },
  };
}

/** @param {Told[]} told */
export const brief = (told) => told.map(({ kind, triggers }) => [kind, ...triggers]);

/** @param {Told[]} told */
export const elements = (told) => told.map(({ facts, triggers }) => [facts.element.id, ...triggers]);

/** Where a link or form of a test leads, without leaving the page. */
export const FRAME = `<iframe name="aside"></iframe>`;

/** The triggers that every page has, the last first. */
export const STAGES = ["window-loaded", "dom-ready", "page-view", "initialization", "consent-initialization"];

export const TALL = `<div style="height:3000px"></div>`;

export const box = (/** @type {string} */ id) => `<p class="box" id="${id}" style="height:100px;margin:0">${id}</p>`;

/** Runs in the page. @param {string} id */
export const show = (id) => document.getElementById(id).scrollIntoView({ behavior: "instant" });

/** Runs in the page. */
export const hide = () => scrollTo({ top: 1000, behavior: "instant" });

/** The browser has looked at what is in view. */
export const frames = () =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))));
