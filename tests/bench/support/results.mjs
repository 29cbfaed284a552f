/** What a bench found, in a file of its own: documents quote nothing else. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/** @typedef {import("./calls.mjs").Burst} Burst */

/**
 * @typedef {object} Run one SDK on one page
 * @property {string} sdk
 * @property {number} throttle
 * @property {number} round
 * @property {number} load main-thread time until the page has settled, in milliseconds
 * @property {number} memory of the page then, in bytes
 * @property {Burst} [first] the first burst, right after the page has loaded
 * @property {Burst} [many] a burst thereafter
 * @property {number} [cpu] of the browser with all its processes, for that burst until all is stored, in milliseconds
 * @property {number} [requests] for that burst
 * @property {number} [bytes] of those
 * @property {number[]} [single] calls one by one
 * @property {{ none: number, some?: number, arrived?: number }} [backlog] `arrived` as below, of all events until then
 * @property {{ first?: number, many?: number, single?: number }} [arrived] the part of the events that is stored
 * @property {string} [failed] why there is no figure beyond the first burst
 */

/** @param {string} name */
const fileOf = (name) => join(root, "tests/bench/results", `${name}.json`);

/** The machine, the day and the commit. */
const circumstances = () => ({
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  node: process.version,
});

/** @param {string} name @param {object} results */
export const write = (name, results) =>
  writeFileSync(fileOf(name), `${JSON.stringify({ ...circumstances(), ...results }, rounded, 1)}\n`);

/** @param {string} name @returns {any} */
export const read = (name) => JSON.parse(readFileSync(fileOf(name), "utf8"));

/** A hundredth of a microsecond is below what the clock tells. @param {string} _ @param {unknown} value */
const rounded = (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
