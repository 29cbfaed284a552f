/** The part of the wasm that comes later: js/scripts/build/split.mjs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { split } from "../../js/scripts/build/split.mjs";
import { npmBin } from "../../js/scripts/tools.mjs";

const folder = mkdtempSync(join(tmpdir(), "split-"));
after(() => rmSync(folder, { recursive: true }));

/**
 * A door to the part, a function of the part, one both use, one the table calls, and a number kept in memory and a global.
 * And a second part, which shares a function with the first.
 */
const MODULE = `(module
  (import "page" "seen" (func $seen (param i32)))
  (memory $memory 1)
  (global $count (mut i32) (i32.const 0))
  (table $table 2 2 funcref)
  (elem (i32.const 1) func $indirect)
  (data (i32.const 8) "*")
  (func $both (param $n i32) (result i32) (i32.add (local.get $n) (i32.load8_u (i32.const 8))))
  (func $indirect (result i32) (i32.const 5))
  (func $"<tags::Tags>::inner" (param $n i32) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $seen (global.get $count))
    (i32.add (call $both (local.get $n)) (call_indirect $table (result i32) (i32.const 1))))
  (func $"<tags::Tags>::door" (param $n i32) (param $factor i32) (result i32)
    (i32.mul (call $shared (call $"<tags::Tags>::inner" (local.get $n))) (local.get $factor)))
  (func $shared (param $n i32) (result i32) (local.get $n))
  (func $"plugins::door" (param $n i32) (result i32)
    (i32.add (i32.load8_u (i32.const 9)) (call $shared (call $"<tags::Tags>::door" (local.get $n) (i32.const 1)))))
  (data (i32.const 9) "\\01")
  (func (export "plugins") (param $n i32) (result i32) (call $"plugins::door" (local.get $n)))
  (func (export "early") (result i32) (call $both (i32.const 0)))
  (func (export "late") (param $n i32) (result i32) (call $"<tags::Tags>::door" (local.get $n) (i32.const 10)))
  (func (export "count") (result i32) (global.get $count)))`;

/** @param {string} name @param {string} text @param {string[]} args @returns {Buffer} */
function assemble(name, text, args = []) {
  const [from, to] = [join(folder, `${name}.wat`), join(folder, `${name}.out`)];
  writeFileSync(from, text);
  execFileSync(process.execPath, [
    npmBin("wasm-opt"),
    from,
    "--enable-mutable-globals",
    "--enable-reference-types",
    "-g",
    "--strip-producers",
    ...args,
    "-o",
    to,
  ]);
  return readFileSync(to);
}

const DOORS = [[/Tags>::door/], [/plugins::door/]];
const parts = (/** @type {string} */ module) => {
  const printed = String(assemble("whole", module, ["-S"]));
  const { rest, parts } = split(printed, DOORS);
  const [part, second] = parts.map((text, at) => new WebAssembly.Module(assemble(`part-${at}`, text)));
  assert.ok(part && second);
  return { rest: new WebAssembly.Module(assemble("rest", rest)), part, second };
};

/** @param {WebAssembly.Module} rest @returns {[any, number[]]} its exports, and what the page saw */
function run(rest) {
  const seen = [];
  const { exports } = new WebAssembly.Instance(rest, { page: { seen: (/** @type {number} */ n) => seen.push(n) } });
  return [exports, seen];
}

test("the rest works alone, and with the part as the whole does", () => {
  const { rest, part } = parts(MODULE);
  const [core, seen] = run(rest);
  assert.equal(core.early(), 42);
  assert.throws(() => core.late(1), WebAssembly.RuntimeError);
  new WebAssembly.Instance(part, { core });
  // (1 + 42 + 5) * 10
  assert.deepEqual([core.late(1), core.late(2), core.count(), seen], [480, 490, 2, [1, 2]]);
});

test("two parts work beside each other, in whatever order they come", () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { rest, part, second } = parts(MODULE);
    const [core] = run(rest);
    for (const at of order) new WebAssembly.Instance(at === 0 ? part : second, { core });
    // 1 + (1 + 42 + 5), and the first part as before
    assert.deepEqual([core.plugins(1), core.late(1)], [49, 480]);
  }
});

test("a part of another build does not fit", () => {
  const { part } = parts(MODULE.replace('"*"', '"+"'));
  const [core] = run(parts(MODULE).rest);
  assert.throws(() => new WebAssembly.Instance(part, { core }), WebAssembly.LinkError);
});

test("what the rest may call at any time is not taken for a door", () => {
  const exported = MODULE.replace('(func (export "early")', `(export "door" (func $"<tags::Tags>::door"))$&`);
  assert.throws(() => parts(exported), /::door is in the table or exported/);
  assert.throws(() => parts(MODULE.replaceAll("Tags>::door", "Tags>::gate")), /the wasm has no /);
});
