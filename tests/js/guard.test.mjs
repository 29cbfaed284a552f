import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const script = await bundle("script.ts");

const NASTY = [
  "",
  "null",
  "undefined, undefined",
  "1n, 2n",
  "Symbol('s')",
  "() => { throw new Error('page') }",
  "'x', () => { throw null }",
  "Object.create(null)",
  "(() => { const a = {}; a.a = a; return a })()",
  "{ toString() { throw 1 }, get message() { throw 2 } }",
  "new Proxy({}, { get() { throw 3 }, ownKeys() { throw 4 } })",
  "new Proxy(function () {}, { apply() { throw 5 } })",
  "{ length: 3, 0: null }",
  "NaN, 'x'.repeat(1e6)",
];

const STATES = {
  loading: async () => {},
  ready: (page) => page.settle(),
  failed: async (page) => {
    await page.settle();
    page.window.coreAnswers.call = page.window.coreAnswers.start = () => {
      throw new Error("unreachable");
    };
    await page.run(`analytics.track("A")`);
  },
};

for (const [state, reach] of Object.entries(STATES))
  test(`no method throws, whatever it is given, while ${state}`, async () => {
    const page = fakePage();
    page.run(script);
    await reach(page);
    assert.equal(page.window.analytics.state, state);
    const names = page.run(`Object.keys(analytics).filter((name) => typeof analytics[name] === "function")`);
    const nested = ["consent.get", "consent.set", "consent.on", "data.push", "data.get", "data.snapshot"];
    assert.ok(names.length >= 29, `${names}`);
    const returned = [];
    for (const name of [...names, ...nested])
      for (const args of NASTY) {
        try {
          returned.push(page.run(`analytics.${name}(${args})`));
        } catch (error) {
          assert.fail(`analytics.${name}(${args}) threw ${String(error)}`);
        }
      }
    await page.settle();
    const settled = await Promise.allSettled(returned.filter((value) => typeof value?.then === "function"));
    assert.deepEqual(
      settled.filter(({ status }) => status === "rejected"),
      [],
    );
  });

test("a bad value is reported once, naming the call and the place, and the event survives", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var heard = []; analytics.on("error", (problem) => heard.push(problem))`);
  await page.run(`analytics.track("Order Completed", { total: 12n, tax: 1n })`);
  const [problem, ...more] = page.plain(page.window.heard);
  assert.equal(more.length, 0);
  assert.equal(problem.code, "unserializable");
  for (const part of ['analytics.track("Order Completed")', "/1/total", "a BigInt"])
    assert.ok(problem.message.includes(part), problem.message);
  const call = page.core().find(([name]) => name === "call");
  assert.equal(call?.[2], '["Order Completed",{"total":"12","tax":"1"}]');
});

test("a plugin or middleware that is none is said, not swallowed", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var heard = []; analytics.on("error", (problem) => heard.push(problem.code + ": " + problem.message))`);
  for (const call of ["register({})", "addSourceMiddleware({})", "addDestinationMiddleware('x', 1)"]) {
    assert.equal(await page.run(`analytics.${call}`), page.window.analytics);
    assert.match(page.window.heard.pop(), new RegExp(`^invalid_argument: analytics\\.${call.split("(")[0]}\\(\\)`));
  }
});

test("listeners that throw do not touch the others, nor loop", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var heard = [];
    analytics.on("error", () => { throw new Error("bad listener"); });
    analytics.on("error", (problem) => heard.push(problem.code));
    analytics.on("consent", () => { throw new Error("bad"); });
    analytics.consent.on((state) => heard.push(state.rev));`);
  page.window.coreHost.notify("consent", '{"rev":7}');
  await page.settle();
  assert.deepEqual(page.plain(page.window.heard), [7, "listener_failed"]);
});

test("an error listener that causes errors leaves the page its turns", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var times = 0; analytics.on("error", () => { times++; analytics.once("x"); })`);
  const { length } = page.timers;
  page.run(`analytics.once("x")`);
  assert.ok(page.window.times < 100, "the task ended");
  assert.equal(page.timers.length, length + 1, "and goes on in another");
});

test("once, off and the end that consent.on returns are kept to", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.run(`var heard = [];
    const end = analytics.consent.on(() => heard.push("ended")); end();
    const gone = () => heard.push("gone"); analytics.on("custom", gone).off("custom", gone);
    analytics.once("custom", (...args) => heard.push(args)).emit("custom", 1, 2).emit("custom", 3)`);
  page.window.coreHost.notify("consent", "{}");
  await page.settle();
  assert.deepEqual(page.plain(page.window.heard), [[1, 2]]);
});

test("consent.set tells listeners before it returns", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  page.window.coreAnswers.consentSet = () => page.window.coreHost.notify("consent", '{"rev":2}');
  page.run(
    `var heard = []; analytics.consent.on(({ rev }) => heard.push(rev)); analytics.consent.set({ a: true }); heard.push("after")`,
  );
  assert.deepEqual(page.plain(page.window.heard), [2, "after"]);
});

test("links and forms are tracked without being held up", async () => {
  const page = fakePage();
  page.run(script);
  await page.settle();
  await page.run(`var link = new Element({ id: "a" }), form = new Element({ id: "f" });
    analytics.trackLink(link, "Clicked", (el) => ({ id: el.getAttribute("id") }));
    analytics.trackForm([form], (el) => "Sent " + el.getAttribute("id"));
    analytics.trackLink(link, () => { throw new Error("page") });
    analytics.trackLink({ toArray: () => [link] }, "Found");
    analytics.trackLink(null, "Nothing")`);
  const click = page.run(`const click = new Event("click", { cancelable: true }); link.dispatchEvent(click); click`);
  page.run(`form.dispatchEvent(new Event("submit"))`);
  assert.equal(click.defaultPrevented, false);
  await page.settle();
  const calls = page
    .core()
    .filter(([name]) => name === "call")
    .map(([, , args]) => args);
  assert.deepEqual(calls, ['["Clicked",{"id":"a"}]', '["Found"]', '["Sent f"]']);
});
