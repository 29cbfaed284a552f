/** Consent platforms, driven alike. Another one is another line of `platforms`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/**
 * @typedef {object} Platform
 * @property {string} name in the config's `consent.cmp`
 * @property {Record<string, string>} files of the page
 * @property {string} head HTML that starts it
 * @property {() => boolean} isThere whether it can be answered; runs in the page
 * @property {string[]} keeps names of what it stores itself
 * @property {(categories: string[]) => void} answer as a visitor who accepts these of `analytics` and `advertising` and no other; runs in the page
 * @property {() => void} toggleUnsaved opens the preferences, switches everything over and leaves them without saving; runs in the page
 * @property {() => void} reset makes it forget the answer, as a page does; runs in the page
 */

/** @param {string} file of an installed package @returns {string} its text */
const installed = (file) => readFileSync(join(root, "node_modules", file), "utf8");

/** @type {Platform} */
export const vanilla = {
  name: "vanilla-cookieconsent",
  files: {
    "/cookieconsent.js": installed("vanilla-cookieconsent/dist/cookieconsent.umd.js"),
    "/banner.js": bannerOfVanilla({}),
  },
  head: '<script defer src="/cookieconsent.js"></script><script defer src="/banner.js"></script>',
  isThere: () => !!window.CookieConsent?.getConfig("categories"),
  keeps: ["cc_cookie"],
  answer: (categories) => window.CookieConsent.acceptCategory(categories),
  toggleUnsaved() {
    window.CookieConsent.showPreferences();
    for (const box of document.querySelectorAll("#cc-main input:not(:disabled)")) /** @type {any} */ (box).click();
    window.CookieConsent.hidePreferences();
  },
  reset: () => window.CookieConsent.reset(true),
};

/** The same platform with other settings of `run`. @param {object} settings @returns {Platform} */
export const vanillaWith = (settings) => ({
  ...vanilla,
  files: { ...vanilla.files, "/banner.js": bannerOfVanilla(settings) },
});

/** @param {object} settings */
function bannerOfVanilla(settings) {
  const words = {
    consentModal: { title: "Cookies?", acceptAllBtn: "All", acceptNecessaryBtn: "None" },
    preferencesModal: {
      title: "Cookies",
      acceptAllBtn: "All",
      savePreferencesBtn: "Save",
      sections: ["analytics", "advertising"].map((name) => ({ title: name, linkedCategory: name })),
    },
  };
  const standard = {
    hideFromBots: false,
    categories: { necessary: { enabled: true, readOnly: true }, analytics: {}, advertising: {} },
    language: { default: "en", translations: { en: words } },
  };
  return `CookieConsent.run(${JSON.stringify({ ...standard, ...settings })});`;
}

/** @type {Platform} */
const klaro = {
  name: "klaro",
  files: {
    "/klaro.js": installed("klaro/dist/klaro.js"),
    "/klaro-config.js": `window.klaroConfig = ${JSON.stringify({
      version: 1,
      elementID: "klaro",
      privacyPolicy: "/",
      lang: "en",
      services: ["analytics", "advertising"].map((name) => ({ name, title: name, purposes: [name], default: true })),
    })};`,
  },
  head: '<script src="/klaro-config.js"></script><script defer src="/klaro.js"></script>',
  isThere: () => !!window.klaro && document.readyState === "complete",
  keeps: ["klaro"],
  answer(categories) {
    const manager = window.klaro.getManager();
    manager.changeAll(false);
    for (const category of categories) manager.updateConsent(category, true);
    manager.saveAndApplyConsents();
  },
  toggleUnsaved() {
    const manager = window.klaro.getManager();
    for (const name of ["analytics", "advertising"]) manager.updateConsent(name, !manager.getConsent(name));
  },
  reset: () => window.klaro.getManager().resetConsents(),
};

/** @type {Platform} */
const orejime = {
  name: "orejime",
  files: {
    "/orejime.js": installed("orejime/dist/orejime-standard-en.js"),
    "/orejime-config.js": `window.orejimeConfig = ${JSON.stringify({
      privacyPolicyUrl: "/",
      purposes: ["analytics", "advertising"].map((id) => ({ id, title: id, default: true })),
    })};`,
  },
  head: '<script src="/orejime-config.js"></script><script defer src="/orejime.js"></script>',
  isThere: () => !!window.orejime?.manager,
  keeps: ["eu-consent"],
  answer(categories) {
    const { manager } = window.orejime;
    for (const name of ["analytics", "advertising"]) manager.setConsent(name, categories.includes(name));
  },
  toggleUnsaved: () => window.orejime.prompt(),
  reset: () => window.orejime.manager.clearConsents(),
};

/** Real platforms, from npm. */
export const platforms = [vanilla, klaro, orejime];
