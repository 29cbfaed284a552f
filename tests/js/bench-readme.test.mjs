import assert from "node:assert/strict";
import { test } from "node:test";
import { shown, text } from "../bench/support/readme.mjs";

test("the README's figures are those of the benches' results", () => {
  assert.equal(shown(), text());
});
