import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const page = fakePage();
page.run(await bundle("script.ts"));
await page.settle();
page.window.coreHost.part("tags");
await page.settle();
const invoke = (path, args = "[]") => page.window.coreHost.invoke(path, args);

test("a vendor's method is called on its owner, with the arguments given", () => {
  page.run(
    `class Sdk { track(...args) { this.seen = args; } } window.mixpanel = new Sdk(); window.mixpanel.people = { set(v) { this.v = v; } }`,
  );
  assert.equal(invoke("mixpanel.track", '["A",{"n":1}]'), true);
  assert.equal(invoke("mixpanel.people.set", '[{"a":1}]'), true);
  assert.deepEqual(page.plain(page.window.mixpanel.seen), ["A", { n: 1 }]);
  assert.deepEqual(page.plain(page.window.mixpanel.people.v), { a: 1 });
});

test("what is missing, no function, or throws is false", () => {
  page.run(`window.vendor = { value: 1, fail() { throw new Error("vendor") }, none: null }`);
  for (const path of [
    "nobody.home",
    "vendor.value",
    "vendor.fail",
    "vendor.none.x",
    "vendor",
    "vendor.",
    "",
    ".",
    "vendor..fail",
  ])
    assert.equal(invoke(path), false, path);
  assert.equal(invoke("vendor.fail", "not JSON"), false);
});

test("no path leads to a prototype, a constructor or to running text as code", () => {
  page.run(`var ran = false; window.vendor = { call() {} }`);
  const paths = [
    "vendor.constructor.constructor",
    "vendor.__proto__.toString",
    "vendor.call.constructor",
    "vendor.prototype.x",
  ];
  const runs = [
    "eval",
    "Function",
    "setTimeout",
    "window.eval",
    "self.eval",
    "globalThis.eval",
    "document.write",
    "toString",
    "hasOwnProperty",
  ];
  for (const path of [...paths, ...runs]) assert.equal(invoke(path, '["ran = true"]'), false, path);
  assert.equal(page.window.ran, false);
});
