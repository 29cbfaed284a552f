import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const page = fakePage();
page.run(await bundle("script.ts"));
await page.settle();
page.window.coreHost.part("tags");
await page.settle();
/** @param {object} step @returns {string} what is at fault, if anything is */
const does = (step) => {
  const answer = page.window.coreHost.page(JSON.stringify(["step", 7, step]));
  if (!answer) return "";
  const [word, tag, path] = JSON.parse(answer);
  assert.deepEqual([word, tag], ["failed", 7]);
  return path;
};
const call = (path, ...args) => does({ call: path, args });

test("a vendor's method is called on its owner, with the arguments given", () => {
  page.run(
    `class Sdk { track(...args) { this.seen = args; } } window.mixpanel = new Sdk(); window.mixpanel.people = { set(v) { this.v = v; } }`,
  );
  assert.equal(call("mixpanel.track", "A", { n: 1 }), "");
  assert.equal(call("mixpanel.people.set", { a: 1 }), "");
  assert.deepEqual(page.plain(page.window.mixpanel.seen), ["A", { n: 1 }]);
  assert.deepEqual(page.plain(page.window.mixpanel.people.v), { a: 1 });
});

test("what is missing, no function, or throws is named", () => {
  page.run(`window.vendor = { value: 1, fail() { throw new Error("vendor") }, none: null }`);
  for (const path of [
    "nobody.home",
    "vendor.value",
    "vendor.fail",
    "vendor.none.x",
    "vendor",
    "vendor.",
    ".",
    "vendor..fail",
  ])
    assert.equal(call(path), path, path);
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
  for (const path of [...paths, ...runs]) assert.equal(call(path, "ran = true"), path, path);
  for (const path of [...paths, "location.href", "document.cookie", "__proto__.x", "localStorage.x"]) {
    assert.equal(does({ set: path, value: "x" }), path, path);
    assert.equal(does({ list: path }), path, path);
    assert.equal(does({ queue: path }), path, path);
  }
  assert.equal(page.window.ran, false);
  assert.equal(page.run("({}).x"), undefined);
});

test("values are set, with what is between, and left where there is one already", () => {
  assert.equal(does({ set: "fresh.deep.value", value: { a: [1] } }), "");
  assert.equal(does({ set: "fresh.deep.value", value: 2, ifMissing: true }), "");
  assert.equal(does({ set: "fresh.other", value: 3, ifMissing: true }), "");
  assert.deepEqual(page.plain(page.window.fresh), { deep: { value: { a: [1] } }, other: 3 });
});

test("a list is there once, and takes what is pushed", () => {
  does({ list: "_paq" });
  does({ push: "_paq", value: ["a"] });
  does({ list: "_paq" });
  does({ push: "_paq", value: ["b", { $date: "2026-01-01T00:00:00Z" }, { $global: "fresh.other" }] });
  assert.deepEqual(page.plain(page.window._paq), [["a"], ["b", "2026-01-01T00:00:00.000Z", 3]]);
  assert.equal(does({ push: "nobody", value: 1 }), "nobody");
});

test("a stub keeps what it is given until the vendor takes over", () => {
  does({ queue: "vq", into: "vq.queue", forward: "callMethod" });
  does({ queue: "aq", into: "aqLayer", as: "array" });
  page.run(
    `vq("init", 1); aq("js", 2); globalThis.taken = []; vq.callMethod = (...args) => taken.push(args); vq("later"); globalThis.own = vq;`,
  );
  does({ queue: "vq", into: "vq.queue", forward: "callMethod" });
  assert.equal(page.run("own === vq"), true);
  assert.equal(page.run("Object.prototype.toString.call(vq.queue[0])"), "[object Arguments]");
  assert.deepEqual(
    page.plain(page.run("[[...vq.queue[0]], vq.queue.length, taken, aqLayer, Array.isArray(aqLayer[0])]")),
    [["init", 1], 1, [["later"]], [["js", 2]], true],
  );
});

test("methods of a stub keep their name and what they are given", () => {
  does({ queue: "ttq", into: "ttq", methods: ["page", "track"] });
  page.run(`ttq.track("A", 1); ttq.page();`);
  assert.deepEqual(page.plain(page.run("[...ttq]")), [["track", "A", 1], ["page"]]);
});

test("an object of the vendor's own is made and kept", () => {
  page.run(`window.UET = class { constructor(given) { this.given = given; } }`);
  assert.equal(does({ new: "UET", args: [{ ti: "1" }], to: "uetq" }), "");
  assert.equal(page.run("uetq instanceof UET && uetq.given.ti"), "1");
  assert.equal(does({ new: "Nobody" }), "Nobody");
});
