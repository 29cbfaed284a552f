/** Every case of the audit has a test under its number. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const CASES = 40;

test(`all ${CASES} cases are tested`, () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".test.mjs"));
  const texts = files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
  const numbers = new Set([...texts.matchAll(/["`](\d+)\. [A-Za-z\\]/g)].map(([, number]) => Number(number)));
  assert.deepEqual(
    [...numbers].sort((a, b) => a - b),
    Array.from({ length: CASES }, (_, at) => at + 1),
  );
});
