/** GPP strings by what they say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/** @type {any[]} of the reference encoder */
const all = JSON.parse(readFileSync(join(root, "tests/vectors/consent-strings.json"), "utf8")).gpp;

/** @param {(one: any) => boolean} says @returns {any} the first that says so */
export function stringThat(says) {
  const found = all.find(says);
  if (!found) throw new Error(`no GPP string of the vectors says ${says}`);
  return found;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const toText = (/** @type {string} */ all) =>
  (all.match(/.{1,6}/g) ?? []).map((six) => ALPHABET[Number.parseInt(six.padEnd(6, "0"), 2)]).join("");
const bits = (/** @type {number} */ value, /** @type {number} */ width) => value.toString(2).padStart(width, "0");
const pairs = (/** @type {number[]} */ values) => values.map((value) => bits(value, 2)).join("");

/**
 * A GPP string with the US national section alone, of which no vector says these things: 1 is yes, 2 is no.
 * @param {{ version?: number, optOut?: number, child?: number }} says
 */
export function usnat({ version = 2, optOut = 2, child = 0 }) {
  const notices = [1, 1, 1, 1, 1, 1];
  const sensitive = Array(16).fill(0);
  const core = [...notices, optOut, optOut, optOut, ...sensitive, child, child, child, 0, 2, 0, 0];
  return `DBABLA~${toText(bits(version, 6) + pairs(core))}.QA`;
}
