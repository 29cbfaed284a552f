import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const snippet = await bundle("snippet.ts");
const script = await bundle("script.ts");

const CONFIG = "https://shop.test/sdk/tidegate.json";
const WASM = "https://shop.test/sdk/tidegate_bg.wasm";
const WORDS = "https://shop.test/sdk/tidegate_explain_bg.wasm";
const good = { [CONFIG]: { body: "{}" }, [WASM]: { body: "wasm" }, [WORDS]: { body: "wasm" } };

const rows = [
  [
    "the config is a 404",
    { files: { ...good, [CONFIG]: { status: 404 } } },
    "config_unreachable",
    [CONFIG, "404", "data-config"],
  ],
  [
    "the wasm is a 404",
    { files: { ...good, [WASM]: { status: 404 } } },
    "wasm_unreachable",
    [WASM, "404", "data-wasm"],
  ],
  ["the wasm is not wasm", { init: "expected magic word" }, "wasm_failed", [WASM, "magic word", "same build"]],
  [
    "the page's CSP forbids wasm",
    { init: "Refused to compile: 'unsafe-eval' is not an allowed source" },
    "wasm_failed",
    ["'wasm-unsafe-eval'", "script-src"],
  ],
  ["there is no WebAssembly", { globals: { WebAssembly: undefined } }, "wasm_failed", ["WebAssembly is missing", WASM]],
  ["the config is refused", { refuse: true }, "config_invalid", [CONFIG, "/consent/modle", "unknown key"]],
  [
    "the config is refused and what has the words for it is a 404",
    { refuse: true, files: { ...good, [WORDS]: { status: 404 } } },
    "config_invalid",
    [CONFIG, "tidegate check"],
  ],
  ["the core traps at its start", { trap: "start" }, "core_failed", ["unreachable"]],
];

const REFUSAL = {
  code: "config_invalid",
  message: 'unknown key "modle": known here are model',
  where: "/consent/modle",
};

for (const [what, { files = good, globals, init, refuse: refuses, trap }, code, words] of rows)
  test(`when ${what}, it says so once and lets go of everything that waits`, async () => {
    const page = fakePage({ files, globals });
    const { coreAnswers } = page.window;
    if (init) coreAnswers.init = () => Promise.reject(new Error(init));
    if (refuses) Object.assign(coreAnswers, { start: () => 0, faults: () => [REFUSAL] });
    if (trap)
      coreAnswers[trap] = () => {
        throw new Error("unreachable");
      };

    page.run(snippet);
    page.run(`var heard = [], called = 0; analytics.on("error", (problem) => heard.push(problem))`);
    const waiting = page.run(`[analytics.track("A", () => called++), analytics.ready(), analytics.flush()]`);
    page.run(script);
    waiting.push(...page.run(`[analytics.page(), analytics.ready(), analytics.flush()]`));
    const [ctx] = await Promise.all(waiting);

    assert.equal(page.window.analytics.state, "failed");
    assert.equal(ctx.event, undefined);
    assert.equal(page.window.called, 1);
    assert.deepEqual(
      page.plain(page.window.heard).map((problem) => problem.code),
      [code],
    );
    assert.deepEqual(page.plain(page.run(`analytics.stats().errors`)), { [code]: 1 });
    assert.equal(page.errors.length, 1, page.errors.join("\n"));
    for (const word of [`[tidegate] ${code}`, ...words])
      assert.ok(page.errors[0]?.includes(word), `${word} in: ${page.errors[0]}`);

    await Promise.all(page.run(`[analytics.track("late"), analytics.flush(), analytics.ready()]`));
    assert.equal(page.run(`analytics.consent.get().status`), "error");
  });

for (const [what, trouble, code] of [
  [CONFIG, new TypeError("Failed to fetch"), "config_unreachable"],
  [CONFIG, { status: 503 }, "config_unreachable"],
  [WASM, new TypeError("Failed to fetch"), "wasm_unreachable"],
])
  test(`where ${what} does not come (${trouble.message ?? trouble.status}), it is tried again and again`, async () => {
    const files = { ...good, [what]: trouble };
    const page = fakePage({ files });
    page.run(`var heard = []`);
    page.run(script);
    page.run(`analytics.on("error", (problem) => heard.push(problem.code))`);
    for (const ms of [1000, 2000]) {
      await page.settle();
      assert.equal(page.window.analytics.state, "loading");
      const again = page.timers.find((timer) => timer.ms === ms);
      assert.ok(again, `${ms} ms`);
      if (ms === 2000) files[what] = good[what];
      again.call();
    }
    await page.settle();
    assert.equal(page.window.analytics.state, "ready");
    assert.deepEqual(page.plain(page.window.heard), [code, code]);
    assert.deepEqual(page.errors, []);
  });

test("a trap later on with no other core to be had is told once, and the core is not entered again", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var heard = []; analytics.on("error", (problem) => heard.push(problem.code))`);
  page.run(`analytics.on("ready", () => heard.push("ready again"))`);
  page.window.coreAnswers.flush = () => {};
  const waiting = page.run(`analytics.flush()`);
  page.window.coreAnswers.call = page.window.coreAnswers.start = () => {
    throw new Error("unreachable");
  };
  const a = page.run(`analytics.track("A")`);
  await null;
  const entered = page.core("start").length;
  await Promise.all([waiting, a, page.run(`analytics.track("B")`)]);
  page.run(`analytics.consent.set({ a: true }); analytics.user().id(); analytics.stats(); analytics.reset()`);
  await page.settle();
  assert.equal(page.core("start").length, entered);
  assert.equal(page.window.analytics.state, "failed");
  assert.deepEqual(page.plain(page.window.heard), ["core_failed"]);
  assert.equal(page.errors.length, 1);
});

test("a wrong address in the tag is told like any other failure", async () => {
  const page = fakePage({ data: { config: "elsewhere.json", wasm: "elsewhere.wasm" } });
  page.run(script);
  await page.settle();
  assert.equal(page.window.analytics.state, "failed");
  assert.match(page.errors[0] ?? "", /elsewhere\.(json|wasm)/);
});

test("after forget() nothing waits for a flush that will not come", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.window.coreAnswers.flush = () => {};
  page.window.coreAnswers.forget = () => page.window.coreHost.notify("forgotten", "");
  const waiting = page.run(`analytics.flush()`);
  page.run(`analytics.forget()`);
  await Promise.all([waiting, page.run(`analytics.flush()`)]);
});

for (const wasmType of ["application/wasm", "application/octet-stream"])
  test(`wasm served as ${wasmType} starts`, async () => {
    const page = fakePage({ wasmType });
    page.run(script);
    await page.settle();
    assert.equal(page.window.analytics.state, "ready");
    assert.deepEqual(
      page.compiled.map((source) => source instanceof ArrayBuffer),
      [true],
    );
  });
