/** TC strings of the vectors, by what they say, and a clock under which they are young. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/** @type {any[]} of the reference encoder */
const all = JSON.parse(readFileSync(join(root, "tests/vectors/consent-strings.json"), "utf8")).tcf;

/** @param {(one: any) => boolean} says @returns {any} the first that says so */
export function stringThat(says) {
  const found = all.find(says);
  if (!found) throw new Error(`no TC string of the vectors says ${says}`);
  return found;
}

const DAY = 86_400_000;

/** HTML: the page lives on the day after the string was written. @param {{ lastUpdated: string }} string */
export const dayAfter = ({ lastUpdated }) =>
  `<script>{ const { now } = Date; const back = now() - ${Date.parse(lastUpdated) + DAY}; Date.now = () => now() - back; }</script>`;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The same string, last updated a few seconds later: that time ends at bit 78, with the thirteenth character. @param {string} string */
export function writtenLater(string) {
  const end = 12;
  const next = ALPHABET[(ALPHABET.indexOf(string.charAt(end)) + 1) % ALPHABET.length];
  return string.slice(0, end) + next + string.slice(end + 1);
}
