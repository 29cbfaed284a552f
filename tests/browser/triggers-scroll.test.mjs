/** Scrolling in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { frames, openTriggers, TALL } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("each mark of a scroll is told once, those in view from the start too", async (t) => {
    const { listen, told, run } = await open(
      t,
      `<div style="width:4000px;height:4000px"></div><div id="inner" style="height:100px;overflow:auto">${TALL}</div>`,
    );
    await until(() => run(() => document.readyState === "complete"));
    await run(() => {
      document.querySelector("div").style.height = `${innerHeight * 4 - 100}px`;
      document.querySelector("div").style.width = `${innerWidth * 2}px`;
    });
    const wanted = [
      { at: 0, kind: "scroll", vertical: [20, 50, 100] },
      { at: 1, kind: "scroll", vertical: [100, 50], horizontal: [75] },
      { at: 2, kind: "scroll", vertical: [10, 100_000], unit: "pixels" },
    ];
    const marks = async () =>
      (await told()).map(({ facts, triggers }) => [facts.mark, facts.unit, facts.direction, ...triggers]);
    await listen(wanted);
    assert.deepEqual(await marks(), [
      [20, "percent", "vertical", 0],
      [10, "pixels", "vertical", 2],
    ]);
    const scroll = async (left, top) => {
      await run(
        (left, top) => scrollTo({ left: left * innerWidth, top: top * innerHeight, behavior: "instant" }),
        left,
        top,
      );
      await run(frames);
      return marks();
    };
    assert.deepEqual(await scroll(0, 1.5), [[50, "percent", "vertical", 0, 1]]);
    await listen(wanted);
    assert.deepEqual(await scroll(0, 1.6), []);
    await listen([]);
    assert.deepEqual(await scroll(0, 0), []);
    await listen([...wanted, { at: 3, kind: "scroll", vertical: [20] }]);
    assert.deepEqual(await marks(), [[20, "percent", "vertical", 3]]);
    assert.deepEqual(await scroll(0.8, 10), [
      [100, "percent", "vertical", 0, 1],
      [75, "percent", "horizontal", 1],
    ]);
    await run(() => document.getElementById("inner").scrollTo(0, 500));
    await run(frames);
    assert.deepEqual(await marks(), []);
  });

  test("how much of a page is in view is told when it has loaded", async (t) => {
    const wanted = JSON.stringify({ triggers: [{ at: 0, kind: "scroll", vertical: [10, 100] }], selectors: [] });
    const { told, run } = await open(t, TALL, `<script>triggers.listen(${wanted})</script>`);
    await until(() => run(() => window.told.length));
    assert.deepEqual(
      (await told()).map(({ facts, stage }) => [facts.mark, stage]),
      [[10, "complete"]],
    );
  });
});
