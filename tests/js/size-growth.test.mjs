import assert from "node:assert/strict";
import { test } from "node:test";
import { unexplained } from "../../js/scripts/size/growth.mjs";

const released = { "tidegate.js": 9000, "templates/heap.json": 800 };
/** @param {Record<string, number>} bytes */
const sizes = (bytes) =>
  Object.fromEntries(Object.entries(bytes).map(([file, brotli]) => [file, { brotli, loads: "first load" }]));

test("a file that has grown by more than a hundredth needs a line in the changelog", () => {
  assert.deepEqual(unexplained(sizes({ "tidegate.js": 9090 }), released, "0.2.0\n"), []);
  const [fault = "", ...more] = unexplained(sizes({ "tidegate.js": 9091 }), released, "0.2.0\n");
  assert.match(fault, /^tidegate\.js has grown from 9000 to 9091 bytes .* CHANGELOG\.md/);
  assert.deepEqual(more, []);
});

test("the line names the file and how large it is now", () => {
  const grown = sizes({ "tidegate.js": 9200 });
  const about = (/** @type {string} */ line) =>
    unexplained(grown, released, `0.2.0\n\n- Something else.\n- ${line}\n`).length;
  assert.equal(about("Size: `tidegate.js` has 9200 bytes: it counts what no storage takes."), 0);
  assert.equal(about("Size: `tidegate.js` has 9100 bytes: it counts what no storage takes."), 1);
  assert.equal(about("Size: `tidegate.js` has 19200 bytes: it counts what no storage takes."), 1);
  assert.equal(about("Size: `tidegate.mjs` has 9200 bytes."), 1);
  assert.equal(about("`tidegate.js` has 9200 bytes."), 1);
});

test("a new file needs one too, unless it is a template", () => {
  assert.equal(unexplained(sizes({ "tidegate_more_bg.wasm": 100 }), released, "").length, 1);
  assert.deepEqual(unexplained(sizes({ "templates/new.json": 100 }), released, ""), []);
  assert.equal(unexplained(sizes({ "templates/heap.json": 900 }), released, "").length, 1);
});

test("what no page loads may grow", () => {
  assert.deepEqual(unexplained({ "tidegate.d.ts": { brotli: 99, loads: "never by a page" } }, {}, ""), []);
});
