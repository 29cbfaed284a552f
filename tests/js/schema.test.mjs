import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
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
    minItems: (least) => say(value.length >= least, `holds fewer than ${least}`),
    maxItems: (most) => say(value.length <= most, `holds more than ${most}`),
    pattern: (pattern) => say(new RegExp(pattern).test(value), `does not match ${pattern}`),
    oneOf(rules) {
      const fitting = rules.filter((one) => faults(value, one, place).length === 0).length;
      say(fitting < 2, "matches several");
      if (!fitting) found.push(...nearest(value, rules, place));
    },
    anyOf: (rules) =>
      say(
        rules.some((one) => faults(value, one, place).length === 0),
        "matches none",
      ),
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

/** The faults by the rule that was meant, as editors tell it: that of the value's kind, else the one that fits best. */
function nearest(value, rules, place) {
  const meant = rules.find(({ properties }) => properties?.kind && !faults(value?.kind, properties.kind).length);
  if (meant) return faults(value, meant, place);
  const depth = ([fault]) => fault.split("/").length;
  const all = rules.map((one) => faults(value, one, place));
  return all.sort((a, b) => a.length - b.length || depth(b) - depth(a))[0];
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
  [
    "an unknown operator",
    (config) => (config.triggers[0].where[0].op = "=~"),
    `/triggers/0/where/0/op: is none of ${schema.$defs.condition.oneOf[0].properties.op.enum}`,
  ],
  [
    "an unknown operator of the only condition",
    (config) => (config.triggers[0].where = { not: { var: "orderValue", op: "=", value: 1 } }),
    `/triggers/0/where/not/op: is none of ${schema.$defs.condition.oneOf[0].properties.op.enum}`,
  ],
  [
    "a condition of two forms",
    (config) => (config.triggers[0].where = [{ any: [], not: { var: "orderValue", op: "exists" } }]),
    "/triggers/0/where/0: has an unknown key not",
  ],
  [
    "a lookup without rows",
    (config) => config.variables.push({ id: "l", kind: "lookup", input: "orderValue" }),
    "/variables/1: lacks rows",
  ],
  [
    "a member of another kind",
    (config) => config.variables.push({ id: "c", kind: "cookie", name: "c", path: "c" }),
    "/variables/1: has an unknown key path",
  ],
  ["a group without triggers", (config) => config.triggers.push({ id: "g", kind: "group" }), "/triggers/1: lacks of"],
  [
    "a group of nothing",
    (config) => config.triggers.push({ id: "g", kind: "group", of: [] }),
    "/triggers/1/of: holds fewer than 1",
  ],
  [
    "a scroll without marks",
    (config) => config.triggers.push({ id: "s", kind: "scroll" }),
    "/triggers/1: matches none",
  ],
  [
    "a schedule in no time",
    (config) => (config.triggers[0].schedule = { from: "tomorrow" }),
    `/triggers/0/schedule/from: does not match ${schema.$defs.time.pattern}`,
  ],
  [
    "custom HTML without its text",
    (config) => (config.tags[0] = { id: "h", template: "custom-html", params: {} }),
    "/tags/0/params: lacks html",
  ],
  [
    "custom HTML with an address",
    (config) => (config.tags[0] = { id: "h", template: "custom-html", params: { html: "", src: "/" } }),
    "/tags/0/params: has an unknown key src",
  ],
])
  test(`${what} is found`, () => {
    const config = read("tests/vectors/config/contract.json");
    change(config);
    assert.deepEqual(faults(config, schema), [fault]);
  });

test("what the tag manager's language has is valid", () => {
  const config = read("tests/vectors/config/contract.json");
  const total = { var: "orderValue", op: "matches", value: "^1", ignoreCase: true };
  config.variables.push(
    { id: "host", kind: "url", part: "host", stripWww: true, format: { case: "lower", null: "none" } },
    { id: "plan", kind: "lookup", input: "host", rows: [{ is: "a", value: "{{orderValue}}" }], default: [] },
    { id: "shop", kind: "regex-table", input: "host", rows: [{ matches: "(.)", value: "$1" }], full: false },
  );
  config.triggers.push(
    { id: "any", kind: "event", event: "*", where: { any: [total, { not: { all: [total, { not: total }] } }] } },
    { id: "seen", kind: "visibility", selector: "#a", schedule: { from: "2026-01-01T00:00:00Z" }, sample: 10 },
    { id: "down", kind: "scroll", vertical: [25, 50] },
    { id: "both", kind: "group", of: ["any", "seen"], where: [] },
  );
  config.tags.push({
    id: "html",
    template: "custom-html",
    params: { html: "<p>{{plan}}</p>" },
    fireOn: ["both"],
    exceptOn: ["down"],
    fire: "unlimited",
    priority: -1,
    setup: [{ tag: "meta", stopOnFailure: true }],
    cleanup: [{ tag: "meta", onlyOnSuccess: true }],
    timeoutMs: 500,
  });
  assert.deepEqual(faults(config, schema), []);
});

test("what the importer makes is valid", () => {
  for (const name of readdirSync(new URL("../import", import.meta.url)).filter((name) => name.endsWith(".out.json")))
    assert.deepEqual(faults(read(`tests/import/${name}`).config, schema), [], name);
});

const rust = (path) => readFileSync(new URL(`../../src/core/${path}`, import.meta.url), "utf8");

/** A shape that the core checks by, of src/core/config/shape.rs. */
const shape = (path, name) =>
  JSON.parse(new RegExp(`const ${name}: &str = r(#+)"(.*?)"\\1;`, "s").exec(rust(`tags/${path}`))[2]);

const NAMED = ["texts", "requirement", "condition", "conditions", "calls"];

/** A rule of the schema in the notation of shapes. */
function asShape({ $ref, ...rule }) {
  const to = $ref?.replace("#/$defs/", "");
  if (to) return NAMED.includes(to) ? `#${to}` : asShape(schema.$defs[to]);
  if (rule.enum) return rule.enum;
  if (rule.type === "boolean") return "flag";
  if (rule.type === "string") return rule.minLength || rule.pattern ? "name" : "text";
  if (rule.type === "integer" && rule.minimum === 1) return rule.maximum;
  if (rule.type === "array") return { "[]": rule.items ? asShape(rule.items) : "any" };
  if (rule.properties) return membersAsShape(rule);
  return rule.type === "object" ? { "{}": asShape(rule.additionalProperties) } : "any";
}

function membersAsShape({ properties, required = [] }) {
  const members = Object.entries(properties);
  return Object.fromEntries(members.map(([key, rule]) => [required.includes(key) ? `${key}!` : key, asShape(rule)]));
}

for (const [what, path, name] of [
  ["variable", "variable/mod.rs", "VARIABLE"],
  ["trigger", "trigger/mod.rs", "TRIGGER"],
])
  test(`the kinds of a ${what} and their members are those the core knows`, () => {
    const { "kind!": kinds, ...common } = shape(path, name);
    const listed = schema.$defs[what].oneOf.flatMap((rule) => {
      const { kind, ...properties } = rule.properties;
      const required = rule.required.filter((key) => key !== "kind");
      return (kind.enum ?? [kind.const]).map((word) => [word, membersAsShape({ properties, required })]);
    });
    assert.equal(new Set(listed.map(([kind]) => kind)).size, listed.length);
    const known = Object.entries(kinds).map(([kind, own]) => [kind, { ...own, ...common }]);
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(known));
  });

test("the members of conditions and tags are those the core knows", () => {
  const forms = schema.$defs.condition.oneOf.map(({ properties }) => membersAsShape({ properties }));
  // A condition has other members in each form, of which the core has one list.
  assert.deepEqual(Object.assign({}, ...forms), shape("condition.rs", "CONDITION"));
  assert.deepEqual(asShape(schema.$defs.tag), shape("tag.rs", "TAG"));
  assert.deepEqual(asShape(schema.$defs.calls), shape("tag.rs", "CALLS"));
});

test("the consent platforms are those the core knows", () => {
  const [, list = ""] = /"cmp":\{"\[\]":\[([^\]]*)\]/.exec(rust("config/consent.rs")) ?? [];
  const known = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort();
  const [, listed] = schema.$defs.consent.properties.cmp.oneOf;
  assert.deepEqual([...listed.items.enum].sort(), known);
});
