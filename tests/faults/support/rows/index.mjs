/**
 * The faults. A row's trial begins on a page whose SDK is ready, with a collector that is well, and ends with the fault.
 *
 * @typedef {import("../trial.mjs").Trial} Trial
 *
 * @typedef {object} Row
 * @property {string} name what happens
 * @property {(trial: Trial) => Promise<void>} happens
 * @property {("Chromium" | "Firefox")[]} [engines] where it can be made to happen; in both, if nothing is said
 * @property {boolean} [slow] takes more than seconds, also where nothing is lost
 * @property {boolean} [alone] measures time, so nothing else runs beside it
 * @property {boolean} [ownBrowser] ends processes of the browser
 * @property {boolean} [onlyTidegate] the peers have nothing that could meet it
 * @property {number} [hopeless] of the events, which no SDK can deliver: they must be counted
 * @property {string[]} [first] scripts of `in-page/` that run before the SDK
 * @property {Record<string, string>} [headers] of the page
 * @property {Record<string, () => import("../../../audit/support/host.mjs").Answer>} [files] of the site
 * @property {(trial: Trial) => void} [holds] what else must be so of Tidegate
 */
import { answers } from "./answers.mjs";
import { crashes } from "./crashes.mjs";
import { lives } from "./lives.mjs";
import { network } from "./network.mjs";
import { storage } from "./storage.mjs";
import { values } from "./values.mjs";
import { versions } from "./versions.mjs";

/** @type {Row[]} */
export const rows = [...crashes, ...network, ...answers, ...storage, ...lives, ...values, ...versions];
