/** How far a page has come, in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { brief, openTriggers, STAGES } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("a page's own triggers fire in their order, when the page has come so far", async (t) => {
    const wanted = JSON.stringify({ triggers: STAGES.map((kind, at) => ({ at, kind })), selectors: [] });
    const { told, run } = await open(t, "", `<script>triggers.listen(${wanted})</script>`);
    await until(() => run(() => window.told.length === 5));
    assert.deepEqual(
      (await told()).map(({ kind, triggers, stage }) => [kind, ...triggers, stage]),
      [
        ["consent-initialization", 4, "loading"],
        ["initialization", 3, "loading"],
        ["page-view", 2, "loading"],
        ["dom-ready", 1, "interactive"],
        ["window-loaded", 0, "complete"],
      ],
    );
  });

  test("where that is past they fire at once, each once a page, however often they are listed", async (t) => {
    const { listen, told, run } = await open(t);
    await until(() => run(() => document.readyState === "complete"));
    const first = STAGES.slice(0, 3).map((kind, at) => ({ at, kind }));
    await listen(first);
    assert.deepEqual(brief(await told()), [
      ["page-view", 2],
      ["dom-ready", 1],
      ["window-loaded", 0],
    ]);
    await listen([]);
    await listen([...first, { at: 7, kind: "page-view" }, { at: 8, kind: "page-view" }]);
    assert.deepEqual(brief(await told()), [["page-view", 7, 8]]);
  });
});
