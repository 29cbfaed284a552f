/** Timers in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { openTriggers } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("a timer goes on when consent changes, counts, and ends", async (t) => {
    const { listen, told, run } = await open(t);
    const timer = { at: 0, kind: "timer", everyMs: 300, times: 3 };
    await listen([timer, { at: 1, kind: "timer", everyMs: 1e12 }]);
    for (let n = 0; n < 10; n++) {
      await sleep(50);
      await listen([timer]);
    }
    await until(() => run(() => window.told.length === 3));
    await sleep(700);
    const all = await told();
    assert.deepEqual(
      all.map(({ facts, triggers }) => [facts.number, ...triggers]),
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    );
    const [first, , last] = all.map(({ facts }) => facts.ms);
    assert.ok(first >= 290 && first < 900 && last >= 890, `${first} ${last}`);
    await listen([]);
    await listen([timer]);
    await sleep(500);
    assert.deepEqual(await told(), []);
  });
});
