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
  const all = (bits(version, 6) + pairs(core)).match(/.{1,6}/g) ?? [];
  return `DBABLA~${all.map((six) => ALPHABET[Number.parseInt(six.padEnd(6, "0"), 2)]).join("")}.QA`;
}
