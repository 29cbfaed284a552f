/** The shim and the bindings call the core's questions and inputs by number: both lists must say the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const shim = read("js/core.ts");
const bindings = read("src/wasm/exports.rs");

/** @param {string} name @returns {string} a function of the bindings */
const body = (name) => bindings.split(`pub fn ${name}(`)[1]?.split("\n}\n")[0] ?? "";

/** @param {string} text @param {RegExp} row number, then name @returns {Record<string, string>} names by number */
const numbered = (text, row) => Object.fromEntries([...text.matchAll(row)].map(([, number, name]) => [number, name]));

test("what the core is told", () => {
  const inputs = numbered(
    body("tell"),
    /(\d+) => (?:\{\s+)?(?:return page\.call\()?(?:Input::|page\.)?(\w+(?: \{ purposes: text, explicit: \w+| \{ verb: Verb::\w+)?)/g,
  );
  const told = Object.entries({
    Page: /page\(text\) \{\s+.*tell\(core, (\d+),/,
    Signal: /signal: .*tell\(core, (\d+),/,
    "ConsentSet { purposes: text, explicit: true": /explicit \? (\d+) : \d+/,
    "ConsentSet { purposes: text, explicit: false": /explicit \? \d+ : (\d+)/,
    Data: /dataPush: tells\((\d+)\)/,
    Identity: /identity: tells\((\d+)\)/,
    Reset: /reset: tells\((\d+)\)/,
    Report: /report: .*tell\(core, (\d+),/,
    Flush: /flush: tells\((\d+)\)/,
    Forget: /forget: tells\((\d+)\)/,
    "Identify { verb: Verb::Identify": /identifyUser: tells\((\d+)\)/,
    "Identify { verb: Verb::Group": /identifyGroup: tells\((\d+)\)/,
    Hold: /hold: tells\((\d+)\)/,
    Plugins: /plugins: tells\((\d+)\)/,
    answered: /answered: .*tell\(core, (\d+),/,
    Tags: /tags: tells\((\d+)\)/,
    Lock: /locked: .*tell\(core, (\d+),/,
    Part: /part: .*tell\(core, (\d+),/,
    Message: /message: tells\((\d+)\)/,
    Commit: /commit: tells\((\d+)\)/,
    wakes: /wake: tells\((\d+)\)/,
    adopt: /adopt: .*tell\(core, (\d+),/,
    Lifecycle: /live: tells\((\d+)\)/,
  });
  assert.deepEqual(Object.fromEntries(told.map(([name, row]) => [row.exec(shim)?.[1], name])), inputs);
});

test("what the core is asked", () => {
  const answers = numbered(body("ask"), /(\d+) => (?:Some\()?runtime\.(\w+\((?:None|Some\(of\)|of)?\))/g);
  const asked = Object.entries({
    "consent()": /consent: asks\((\d+)\)/,
    "stats()": /stats: asks\((\d+)\)/,
    "explain(None)": /undefined \? (\d+) : \d+\)\(messageId\)/,
    "explain(Some(of))": /undefined \? \d+ : (\d+)\)\(messageId\)/,
    "receipts()": /receipts: asks\((\d+)\)/,
    "unstored(of)": /unstored: asks\((\d+)\)/,
    "user()": /user: asks\((\d+)\)/,
    "group()": /group: asks\((\d+)\)/,
    "data(None)": /snapshot: asks\((\d+)\)/,
    "data(Some(of))": /data: asks\((\d+)\)/,
  });
  assert.deepEqual(Object.fromEntries(asked.map(([name, row]) => [row.exec(shim)?.[1], name])), answers);
});
