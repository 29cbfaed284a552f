/** Real consent platforms from npm, as a page of a test's own embeds them, and how a visitor uses them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { script } from "./pages.mjs";

const packaged = (/** @type {string} */ path) =>
  readFileSync(fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url)), "utf8");

/**
 * @typedef {object} Platform
 * @property {string} name the config's name of it
 * @property {string} source its script
 * @property {string} settings the page's own script before it
 * @property {string} accept what to click
 * @property {string} reject
 * @property {() => string[]} withdraw runs in the page; returns the names of what is stored at the end of that task
 * @property {() => void} open the dialog again; runs in the page
 * @property {() => boolean} toggle analytics there without saving, until it is off; runs in the page
 * @property {string} cookie
 */

/** Analytics is on by default in both, which must not count. @type {Platform[]} */
export const platforms = [
  {
    name: "klaro",
    source: packaged("klaro/dist/klaro.js"),
    settings: `window.klaroConfig = {
      version: 1, elementID: "klaro", privacyPolicy: "/", acceptAll: true, lang: "en",
      services: [
        { name: "session", title: "Session", purposes: ["necessary"], required: true },
        { name: "analytics", title: "Analytics", purposes: ["statistics"], default: true },
        { name: "ads", title: "Ads", purposes: ["advertising"] },
      ],
    };`,
    accept: "#klaro .cm-btn-success",
    reject: "#klaro .cn-decline",
    withdraw: () => {
      const manager = window.klaro.getManager();
      manager.changeAll(false);
      manager.saveAndApplyConsents();
      return [document.cookie, ...Object.keys(localStorage)];
    },
    open: () => window.klaro.show(undefined, true),
    toggle: () => {
      const { consents } = window.klaro.getManager();
      if (consents.analytics) document.getElementById("service-item-analytics")?.click();
      return !consents.analytics;
    },
    cookie: "klaro",
  },
  {
    name: "orejime",
    source: packaged("orejime/dist/orejime-standard-en.js"),
    settings: `window.orejimeConfig = {
      privacyPolicyUrl: "/",
      purposes: [
        { id: "session", title: "Session", isMandatory: true },
        { id: "analytics", title: "Analytics", default: true },
        { id: "ads", title: "Ads" },
      ],
    };`,
    accept: ".orejime-Banner-saveButton",
    reject: ".orejime-Banner-declineButton",
    withdraw: () => {
      window.orejime.manager.declineAll();
      return [document.cookie, ...Object.keys(localStorage)];
    },
    open: () => window.orejime.prompt(),
    toggle: () => {
      const input = document.querySelectorAll(".orejime-Purpose-input")[1];
      if (input?.checked) input.click();
      return !!input && !input.checked;
    },
    cookie: "eu-consent",
  },
];

/** @param {import("./site.mjs").Site} site */
export function addPlatforms(site) {
  for (const { name, source, settings } of platforms) {
    site.answer(`/${name}.js`, script(source));
    site.answer(`/${name}-settings.js`, script(settings));
  }
}

/** @param {string} page @param {string[]} names @returns {string} the page with these platforms, before everything else */
export const withPlatforms = (page, names) =>
  page.replace(
    "<script",
    () =>
      `${names.map((name) => `<script src="/${name}-settings.js"></script><script defer src="/${name}.js"></script>`).join("")}<script`,
  );
