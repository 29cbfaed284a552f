/** Elements that are seen, in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { box, brief, elements, frames, hide, openTriggers, show, TALL } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("an element is told when it is seen: the first of the page, each once, or every time", async (t) => {
    const { listen, told, run } = await open(t, `${TALL}${box("one")}${TALL}${box("two")}${TALL}`);
    const wanted = [
      { at: 0, kind: "visibility", selector: ".box" },
      { at: 1, kind: "visibility", selector: ".box", once: "element" },
      { at: 2, kind: "visibility", selector: ".box", once: "every" },
      { at: 3, kind: "visibility", selector: "p:::" },
    ];
    await listen(wanted);
    await run(frames);
    assert.deepEqual(await told(), []);
    const seen = async (/** @type {string} */ id) => {
      await run(show, id);
      await until(() => run(() => window.told.length));
      await run(frames);
      const all = (await told()).toSorted((a, b) => a.triggers[0] - b.triggers[0]);
      await run(hide);
      await run(frames);
      return all;
    };
    const [first, ...rest] = await seen("one");
    assert.deepEqual([first.facts.element.id, first.facts.percent, first.facts.ms], ["one", 100, 0]);
    assert.deepEqual(elements([first, ...rest]), [
      ["one", 0],
      ["one", 1],
      ["one", 2],
    ]);
    await listen(wanted);
    assert.deepEqual(elements(await seen("one")), [["one", 2]]);
    assert.deepEqual(elements(await seen("two")), [
      ["two", 1],
      ["two", 2],
    ]);
    await listen([]);
    await listen(wanted);
    assert.deepEqual(elements(await seen("two")), [["two", 2]]);
  });

  test("it is seen when as much of it as asked for is in view", async (t) => {
    const { listen, told, run } = await open(t, `${TALL}${box("one")}${TALL}`);
    await listen([10, 50, 100].map((percent, at) => ({ at, kind: "visibility", selector: "#one", percent })));
    const found = [];
    for (const pixels of [5, 30, 70, 100]) {
      await run((pixels) => scrollTo({ top: 3000 - innerHeight + pixels, behavior: "instant" }), pixels);
      await run(frames);
      found.push(brief(await told()).map(([, at]) => at));
    }
    assert.deepEqual(found, [[], [0], [1], [2]]);
  });

  test("it is seen for as long as asked for, which may be in several times, and not while the tab is hidden", async (t) => {
    const { listen, told, run } = await open(t, `${TALL}${box("one")}${TALL}`);
    await listen([{ at: 0, kind: "visibility", selector: "#one", forMs: 1000 }]);
    const turn = (hidden) =>
      run((hidden) => {
        Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await run(show, "one");
    await sleep(500);
    await run(hide);
    await run(frames);
    await turn(true);
    await run(show, "one");
    await sleep(1200);
    assert.deepEqual(await told(), []);
    const back = Date.now();
    await turn(false);
    const [{ facts }] = await until(async () => {
      const all = await told();
      return all.length && all;
    });
    assert.ok(facts.ms >= 1000 && facts.ms < 1500, `${facts.ms}`);
    assert.ok(Date.now() - back < 1000);
  });

  test("elements that come later are seen only where the trigger watches for them", async (t) => {
    const { listen, told, run } = await open(t, `<p id="there" style="height:10px">There</p>`);
    await listen([
      { at: 0, kind: "visibility", selector: ".late", watch: true, once: "every" },
      { at: 1, kind: "visibility", selector: ".late" },
    ]);
    await run(() => document.body.insertAdjacentHTML("beforeend", `<p class="late" id="new">New</p>`));
    await until(() => run(() => window.told.length));
    assert.deepEqual(elements(await told()), [["new", 0]]);
    await run(() => document.getElementById("there").classList.add("late"));
    await until(() => run(() => window.told.length));
    assert.deepEqual(elements(await told()), [["there", 0]]);
    await run(() => document.getElementById("new").remove());
    await sleep(300);
    assert.deepEqual(await told(), []);
  });

  test("what the parser has not come to yet is seen without watching for it", async (t) => {
    const wanted = JSON.stringify({ triggers: [{ at: 0, kind: "visibility", selector: "#one" }], selectors: [] });
    const { told, run } = await open(t, box("one"), `<script>triggers.listen(${wanted})</script>`);
    await until(() => run(() => window.told.length));
    assert.deepEqual(elements(await told()), [["one", 0]]);
  });
});
