/** Consent strings of the reference encoders, by what they say, and a clock under which they are young. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/** @type {{ tcf: any[], gpp: any[] }} */
const all = JSON.parse(readFileSync(join(root, "tests/vectors/consent-strings.json"), "utf8"));

/** @param {"tcf" | "gpp"} kind @param {(one: any) => boolean} says @returns {any} the first that says so */
export function stringThat(kind, says) {
  const found = all[kind].find(says);
  if (!found) throw new Error(`no ${kind} string of the vectors says ${says}`);
  return found;
}

const DAY = 86_400_000;

/** HTML: the page lives on the day after the string was written. @param {{ lastUpdated: string }} string */
export const dayAfter = ({ lastUpdated }) =>
  `<script>{ const { now } = Date; const back = now() - ${Date.parse(lastUpdated) + DAY}; Date.now = () => now() - back; }</script>`;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const toBits = (/** @type {string} */ text) => [...text].map((char) => bits(ALPHABET.indexOf(char), 6)).join("");
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

/** The same TC string, last updated a tenth of a second later. @param {string} string */
export function writtenLater(string) {
  const [core = "", ...segments] = string.split(".");
  const all = toBits(core);
  const updated = Number.parseInt(all.slice(42, 78), 2) + 1;
  return [toText(all.slice(0, 42) + bits(updated, 36) + all.slice(78)), ...segments].join(".");
}

/**
 * A TC string with another type of restriction on a purpose: no vector has type 2.
 * @param {string} string
 * @param {number} purpose
 * @param {number} type
 */
export function restrictedTo(string, purpose, type) {
  const [core = "", ...segments] = string.split(".");
  let all = toBits(core);
  let at = 213;
  const next = (/** @type {number} */ width) => {
    at += width;
    return Number.parseInt(all.slice(at - width, at), 2);
  };
  const ranges = () => {
    for (let left = next(12); left > 0; left--) at += next(1) ? 32 : 16;
  };
  for (const _ of ["consents", "legitimate interests"]) {
    const most = next(16);
    if (next(1)) ranges();
    else at += most;
  }
  for (let left = next(12); left > 0; left--) {
    if (next(6) === purpose) all = all.slice(0, at) + bits(type, 2) + all.slice(at + 2);
    at += 2;
    ranges();
  }
  return [toText(all), ...segments].join(".");
}
