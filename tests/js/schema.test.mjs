import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
const schema = read("js/tidegate.schema.json");

/** Every schema inside, with its place. */
function* parts(at, place = "") {
  if (typeof at !== "object" || at === null) return;
  yield [place, at];
  for (const [key, value] of Object.entries(at)) yield* parts(value, `${place}/${key}`);
}

/** The faults of a value, for the keywords this schema uses; an unknown keyword is a fault of the test. */
function faults(value, rule, place = "") {
  const kind = Array.isArray(value)
    ? "array"
    : value === null
      ? "null"
      : Number.isInteger(value)
        ? "integer"
        : typeof value;
  const found = [];
  const say = (ok, what) => ok || found.push(`${place}: ${what}`);
  const checks = {
    $ref: (to) => found.push(...faults(value, schema.$defs[to.replace("#/$defs/", "")], place)),
    type: (types) => say([types].flat().includes(kind), `is no ${types}`),
    const: (wanted) => say(value === wanted, `is not ${wanted}`),
    enum: (words) => say(words.includes(value), `is none of ${words}`),
    minimum: (least) => say(value >= least, `is below ${least}`),
    maximum: (most) => say(value <= most, `is above ${most}`),
    minLength: (least) => say(value.length >= least, "is empty"),
    maxItems: (most) => say(value.length <= most, `holds more than ${most}`),
    pattern: (pattern) => say(new RegExp(pattern).test(value), `does not match ${pattern}`),
    oneOf: (rules) =>
      say(rules.filter((one) => faults(value, one, place).length === 0).length === 1, "matches none or several"),
    allOf(rules) {
      for (const one of rules) found.push(...faults(value, one, place));
    },
    if: (condition) => faults(value, condition, place).length || found.push(...faults(value, rule.then, place)),
    required(keys) {
      for (const key of keys) say(kind !== "object" || key in value, `lacks ${key}`);
    },
    items(rule) {
      for (const [i, item] of kind === "array" ? value.entries() : [])
        found.push(...faults(item, rule, `${place}/${i}`));
    },
    properties(rules) {
      for (const [key, rule] of Object.entries(rules))
        if (kind === "object" && key in value) found.push(...faults(value[key], rule, `${place}/${key}`));
    },
    additionalProperties(rest) {
      for (const key of Object.keys(value).filter((key) => !(key in (rule.properties ?? {}))))
        if (rest === false) say(false, `has an unknown key ${key}`);
        else found.push(...faults(value[key], rest, `${place}/${key}`));
    },
  };
  for (const [keyword, wanted] of Object.entries(rule)) {
    if (["description", "default", "title", "$schema", "$defs", "then"].includes(keyword)) continue;
    assert.ok(checks[keyword], `the test knows ${keyword}`);
    if (keyword !== "additionalProperties" || kind === "object") checks[keyword](wanted);
  }
  return found;
}

test("every object is closed, and everything is described", () => {
  for (const [place, rule] of parts(schema)) {
    if (rule.properties && !place.includes("/allOf/")) assert.equal(rule.additionalProperties, false, place);
    const named = /\/properties\/[^/]+$/.test(place) && !place.includes("/allOf/");
    if (named && !rule.$ref && !rule.enum && rule.const === undefined) assert.ok(rule.description, place);
  }
});

test("the contract's example and the demo's config are valid", () => {
  for (const path of ["tests/vectors/config/contract.json", "www/tidegate.json"])
    assert.deepEqual(faults(read(path), schema), [], path);
});

for (const [what, change, fault] of [
  ["an unknown key", (config) => (config.consent.modle = "opt-in"), "/consent: has an unknown key modle"],
  [
    "an unknown key deep inside",
    (config) => (config.destinations[0].batch.maxEvent = 1),
    "/destinations/0/batch: has an unknown key maxEvent",
  ],
  ["a wrong version", (config) => (config.version = 2), "/version: is not 1"],
  ["a missing part", (config) => delete config.consent, ": lacks consent"],
  [
    "a pixel without an address",
    (config) => (config.tags[0] = { id: "p", template: "custom-pixel", params: {} }),
    "/tags/0/params: lacks src",
  ],
  ["a number out of bounds", (config) => (config.queue.maxBytes = 0), "/queue/maxBytes: is below 1"],
])
  test(`${what} is found`, () => {
    const config = read("tests/vectors/config/contract.json");
    change(config);
    assert.deepEqual(faults(config, schema), [fault]);
  });

test("the consent platforms are those the core knows", () => {
  const core = readFileSync(new URL("../../src/core/config/consent.rs", import.meta.url), "utf8");
  const [, list = ""] = /"cmp":\{"\[\]":\[([^\]]*)\]/.exec(core) ?? [];
  const known = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort();
  const [, listed] = schema.$defs.consent.properties.cmp.oneOf;
  assert.deepEqual([...listed.items.enum].sort(), known);
});
