/** The data layer's model, beside Google's helper: random messages leave the same model in both, as JSON. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { load } from "./support/bundle.mjs";
import { messages, THING } from "./support/messages.mjs";

const helper = readFileSync(
  new URL("../../node_modules/data-layer-helper/dist/data-layer-helper.js", import.meta.url),
  "utf8",
);
const { createModel } = await load("facades/model.ts");
const { copied, isPlain } = await load("facades/plain.ts");

/** As the core merges JSON: objects by key, arrays by index. */
function merge(old, value) {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null) return value;
  const fits = typeof old === "object" && old !== null && Array.isArray(old) === isList;
  const into = fits ? old : isList ? [] : {};
  for (const [key, member] of Object.entries(value)) into[key] = merge(into[key], member);
  return into;
}

function createStore(limit = Number.POSITIVE_INFINITY) {
  let text = "{}";
  return {
    dataPush(given) {
      const merged = JSON.stringify(merge(JSON.parse(text), JSON.parse(given)));
      if (merged.length <= limit) text = merged;
    },
    data: (key) => JSON.parse(text)[key],
    snapshot: () => JSON.parse(text),
  };
}

function open({ limit, faults = [] } = {}) {
  const store = createStore(limit);
  const fault = (what) => faults.push(what);
  const model = createModel(store, fault);
  return {
    store,
    snapshot: store.snapshot,
    seen: (path) => model.seen(path, store.data(path)),
    faults,
    push(message) {
      model.open();
      try {
        if (typeof message === "function") message.call(model.page);
        else if (Array.isArray(message)) model.call(message);
        else if (isPlain(message)) model.merge(copied(message, fault));
      } catch {
        // What goes wrong in one message changes nothing of the next.
      }
      model.save();
    },
  };
}

/** What JSON has no word for is null in the model. */
const asJson = (value) =>
  JSON.parse(
    JSON.stringify(value, (_, member) => (member === undefined || typeof member === "function" ? null : member)),
  );

test("random messages leave the model that Google's helper has", () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const source = messages(seed);
    const context = vm.createContext({});
    vm.runInContext(`var window = globalThis; ${helper}; ${THING}`, context);
    vm.runInContext("var layer = [], theirs = new DataLayerHelper(layer)", context);
    const ours = open();
    for (const message of vm.runInContext(source, context)) {
      try {
        context.layer.push(message);
      } catch {
        // A path through null.
      }
    }
    for (const message of vm.runInContext(source, context)) ours.push(message);
    const model = vm.runInContext("({ a: theirs.get('a'), b: theirs.get('b'), c: theirs.get('c') })", context);
    const { a = null, b = null, c = null } = ours.snapshot();
    assert.deepEqual({ a, b, c }, asJson(model), `seed ${seed}: ${source}`);
  }
});

test("what overwrites and is too much changes nothing", () => {
  const { push, snapshot } = open({ limit: 100 });
  push({ a: { x: 1 }, b: [1, 2] });
  push({ a: { y: "long".repeat(100) }, b: [3], _clear: true });
  assert.deepEqual(snapshot(), { a: { x: 1 }, b: [1, 2] });
  push({ a: { y: 1 }, b: [3], _clear: true });
  assert.deepEqual(snapshot(), { a: { y: 1 }, b: [3] });
});

test("a value is remembered only while the store holds what it was written as", () => {
  const { push, snapshot, store } = open();
  const when = new Date(0);
  push({ when });
  store.dataPush('{"when":"2020-01-01T00:00:00.000Z"}');
  push(["when.setTime", 5]);
  assert.equal(snapshot().when, "2020-01-01T00:00:00.000Z");
  push({ when });
  push(["when.setTime", 5]);
  assert.equal(snapshot().when, "1970-01-01T00:00:00.005Z");
});

test("what a function only asks for is not there afterwards", () => {
  const { push, snapshot } = open();
  push(function () {
    this.get("nothing.at.all");
  });
  assert.deepEqual(snapshot(), {});
});

test("placeholders are told once a message, with what they are for", () => {
  const { push, faults, snapshot } = open();
  const loop = { big: 1n };
  loop.loop = loop;
  push({ loop });
  assert.deepEqual(snapshot(), { loop: { big: "1", loop: "[circular]" } });
  assert.deepEqual(faults, ["a BigInt"]);
});

test("what a reset took away is not there, until somebody says so", () => {
  const { push, seen, store } = open();
  push({ a: { x: 1 }, b: 1, c: null });
  assert.equal(seen("c"), null);
  push(function () {
    this.reset();
    assert.equal(this.get("a"), undefined);
    assert.equal(this.get("c"), undefined);
    this.set("b", 2);
  });
  assert.deepEqual(["a", "b", "c", "d"].map(seen), [undefined, 2, undefined, undefined]);
  push({ a: null, c: { y: 1 } });
  assert.deepEqual(["a", "b", "c"].map(seen), [null, 2, { y: 1 }]);
  push(function () {
    this.reset();
  });
  assert.equal(seen("a"), undefined);
  store.dataPush('{"a":3}');
  assert.equal(seen("a"), 3);
});
