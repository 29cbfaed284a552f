/** Errors that nothing caught, in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { openTriggers } from "./support/triggers.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("an error that nothing caught is told with its place; one that was caught, or a file that did not come, is not", async (t) => {
    const { listen, told, run } = await open(t);
    world.site.answer("/throws.js", { body: "\n\n  throw new Error('broken');" });
    await listen([{ at: 0, kind: "error" }]);
    await run(async () => {
      try {
        throw new Error("caught");
      } catch {}
      for (const src of ["/missing.js", "/throws.js"])
        await new Promise((done) => {
          const script = Object.assign(document.createElement("script"), { src, onload: done, onerror: done });
          document.head.append(script);
        });
    });
    const all = await told();
    assert.equal(all.length, 1);
    const { message, url, line, column } = all[0].facts;
    assert.match(message, /broken/);
    assert.deepEqual([url, line], [`${world.site.url}/throws.js`, 3]);
    assert.ok(column >= 3);
  });

  test("of errors without end the first hundred are told", async (t) => {
    const { listen, told, run } = await open(t);
    await listen([{ at: 0, kind: "error" }]);
    await run(() => {
      for (let n = 0; n < 300; n++) dispatchEvent(new ErrorEvent("error", { message: `broken ${n}` }));
    });
    const messages = (await told()).map(({ facts }) => facts.message);
    assert.deepEqual([messages.length, messages.at(-1)], [100, "broken 99"]);
  });
});
