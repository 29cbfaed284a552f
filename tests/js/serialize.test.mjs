import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { load } from "./support/bundle.mjs";

const { serialize } = await load("serialize.ts");

/** @returns {{ value: any, reports: string[] }} what the core would read, and what was reported */
function through(...args) {
  const reports = [];
  const value = JSON.parse(serialize(args, (pointer, fault) => reports.push(`${pointer} ${fault}`)));
  return { value, reports };
}

const circular = { name: "cart", items: [{ sku: 1 }] };
circular.items[0].cart = circular;
const shared = { a: 1 };
const deep = {};
for (let i = 0, at = deep; i < 20_000; i++) at = at.in = {};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

for (const [what, args, value, report] of [
  ["plain values", ["A", { b: [1, "c", null, true] }], ["A", { b: [1, "c", null, true] }]],
  ["functions become null", ["A", () => {}, { b: 1 }], ["A", null, { b: 1 }]],
  ["trailing functions and gaps are left out", ["A", undefined, () => {}, undefined], ["A"]],
  ["null is kept", ["A", null], ["A", null]],
  ["dates as ISO text", [new Date(0)], ["1970-01-01T00:00:00.000Z"]],
  ["what JSON leaves out is left out", [{ a: undefined, b: () => {}, c: Symbol("s"), d: NaN }], [{ d: null }]],
  [
    "the same object twice is no circle",
    [{ x: shared, y: shared }, 1n],
    [{ x: { a: 1 }, y: { a: 1 } }, "1"],
    "/1 a BigInt",
  ],
  [
    "a circle",
    ["A", circular],
    ["A", { name: "cart", items: [{ sku: 1, cart: "[circular]" }] }],
    "/1/items/0/cart circular",
  ],
  ["a BigInt", ["A", { total: 12n }], ["A", { total: "12" }], "/1/total a BigInt"],
  [
    "a throwing getter",
    [
      {
        get a() {
          throw 1;
        },
        b: 2,
      },
    ],
    [{ a: "[unreadable]", b: 2 }],
    "/0/a unreadable",
  ],
  [
    "a throwing toJSON",
    [
      {
        a: {
          toJSON() {
            throw 1;
          },
        },
        b: 2,
      },
    ],
    [{ a: "[unreadable]", b: 2 }],
    "/0/a unreadable",
  ],
  [
    "a hostile proxy",
    [
      {
        a: new Proxy(
          {},
          {
            ownKeys() {
              throw 1;
            },
          },
        ),
      },
    ],
    [{ a: "[unreadable]" }],
    "/0/a unreadable",
  ],
  ["a revoked proxy", [{ a: revoked, b: 2 }], [{ a: "[unreadable]", b: 2 }], "/0/a unreadable"],
  ["a name with slashes and tildes", [{ "a/b~c": 1n }], [{ "a/b~c": "1" }], "/0/a~1b~0c a BigInt"],
  [
    "a toJSON beside a BigInt",
    [{ at: new Date(0), n: 1n }],
    [{ at: "1970-01-01T00:00:00.000Z", n: "1" }],
    "/0/n a BigInt",
  ],
])
  test(what, () => {
    const { value: got, reports } = through(...args);
    assert.deepEqual(got, value);
    assert.deepEqual(reports, report ? [report] : []);
  });

const [, table] = /<!-- values -->\n(.*?)\n<!-- \/values -->/s.exec(
  readFileSync(new URL("../../README.md", import.meta.url), "utf8"),
);
for (const row of table.split("\n").slice(2)) {
  const [, passed, arrives, told] = /^\| `(.*)` \| `(.*)` \| ?(.*?) ?\|$/.exec(row);
  test(`the README: ${passed}`, () => {
    const reports = [];
    const text = serialize([vm.runInThisContext(`(${passed})`)], (_pointer, fault) => reports.push(fault));
    assert.equal(text, `[${arrives}]`);
    assert.deepEqual(reports, told ? [told] : []);
  });
}

test("a member called __proto__ is a member", () => {
  const { value } = through(JSON.parse('{"__proto__":{"x":1}}'), 1n);
  assert.deepEqual(Object.keys(value[0]), ["__proto__"]);
});

test("what is nested too deep ends in a placeholder", () => {
  const { value, reports } = through(deep, 1n);
  assert.match(JSON.stringify(value), /\[too deep\]/);
  assert.match(reports[0] ?? "", /^\/0(\/in)+ too deep$/);
});

test("what is too large is cut off, however it reads", () => {
  const endless = new Proxy([], { get: (target, key) => (key === "length" ? 2 ** 32 - 1 : Reflect.get(target, key)) });
  const { value, reports } = through(endless, 1n);
  assert.ok(value[0].length <= 10_000);
  assert.deepEqual(reports, ["/0 too large"]);
});

test("any value survives, reported at most once", () => {
  let seed = 1;
  const random = (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const make = (depth, above) => {
    const leaves = [
      1,
      "text",
      null,
      undefined,
      NaN,
      5n,
      Symbol("s"),
      () => 1,
      new Date(1),
      new Date(NaN),
      above[random(above.length)],
    ];
    if (depth === 0 || random(3) === 0) return leaves[random(leaves.length)];
    const value = random(2) ? [] : {};
    for (let i = random(4); i >= 0; i--) {
      const key = Array.isArray(value) ? i : `k${i}`;
      const inner = make(depth - 1, [...above, value]);
      if (!Array.isArray(value) && random(10) === 0)
        Object.defineProperty(value, key, {
          enumerable: true,
          get() {
            throw inner;
          },
        });
      else value[key] = inner;
    }
    return random(12)
      ? value
      : new Proxy(value, {
          get(target, key) {
            if (random(3) === 0) throw key;
            return Reflect.get(target, key);
          },
        });
  };
  for (let i = 0; i < 3000; i++) {
    const { value, reports } = through("A", make(4, [{}]));
    assert.equal(value[0], "A");
    assert.ok(reports.length <= 1);
  }
});
