/** Triggers that end, and pages that would break them, in real browsers: nothing of them is left, and the page gets no error of ours. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { elements, frames, openTriggers, STAGES, TALL } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  const EVERYTHING = [
    ...STAGES.map((kind) => ({ kind })),
    { kind: "click" },
    { kind: "form-submit" },
    { kind: "visibility", selector: "p", watch: true, once: "every", forMs: 60_000 },
    { kind: "scroll", vertical: [50] },
    { kind: "timer", everyMs: 1000 },
    { kind: "history" },
    { kind: "error" },
    { kind: "media", progress: [10] },
    { kind: "event", event: "Sale" },
    { kind: "consent" },
    { kind: "group", of: ["a"] },
  ].map((trigger, at) => ({ at, ...trigger }));

  test("nothing is left on the page of triggers that are no longer wanted", async (t) => {
    const { listen, run } = await open(t, `<p>Text</p>${TALL}`);
    await until(() => run(() => document.readyState === "complete"));
    await run(() => window.standing.reset());
    const standing = () => run(() => window.standing());
    const pushState = () => run(() => History.prototype.pushState === window.native);
    await run(() => {
      window.native = History.prototype.pushState;
    });
    for (let n = 0; n < 3; n++) {
      await listen(EVERYTHING);
      await run(frames);
      await run(() => document.body.append("more"));
      const all = await standing();
      for (const type of ["click", "auxclick", "submit", "scroll", "popstate", "error", "timeupdate"])
        assert.equal(all.filter((one) => one === type).length, 1, type);
      assert.equal(await pushState(), false);
      await listen(EVERYTHING);
      await listen(EVERYTHING.slice(0, 6));
      assert.deepEqual(await standing(), ["auxclick", "click"]);
      await listen([]);
      assert.deepEqual(await standing(), []);
      assert.equal(await pushState(), true);
    }
  });

  test("what ends a trigger while it is told ends it there and then", async (t) => {
    const { listen, run, told } = await open(t, `<a id="link" href="#x"><b id="word">Word</b></a>`);
    await listen([
      { at: 0, kind: "click" },
      { at: 1, kind: "click", on: "links" },
    ]);
    await run(() => {
      const { push } = window.told;
      window.told.push = (...args) => {
        window.triggers.listen({ triggers: [], selectors: [] });
        return push.apply(window.told, args);
      };
      document.getElementById("word").click();
    });
    assert.deepEqual(elements(await told()), [["word", 0]]);
    assert.deepEqual(await run(() => window.standing().filter((type) => type === "click")), []);
  });

  test("a page that has put traps on its elements and in the browser's places gets no error of ours, and other triggers go on", async (t) => {
    const { listen, run, told, tab } = await open(t, `<p id="trap">Trap</p><a id="link" href="#there">Link</a>`);
    await run(() => {
      const trap = {
        get() {
          throw new Error("trap");
        },
      };
      for (const name of [
        "id",
        "className",
        "textContent",
        "attributes",
        "matches",
        "nodeType",
        "getAttribute",
        "localName",
      ])
        Object.defineProperty(document.getElementById("trap"), name, trap);
      const broken = () => {
        throw new Error("broken");
      };
      window.IntersectionObserver = window.MutationObserver = broken;
      window.history.pushState = 1;
      Object.freeze(window.history);
    });
    await listen(EVERYTHING);
    await run(() => document.getElementById("trap").click());
    const { facts } = (await told()).find(({ kind }) => kind === "click");
    assert.deepEqual([facts.element.id, facts.element.text], ["trap", "Trap"]);

    await run(() => {
      const broken = () => {
        throw new Error("broken");
      };
      for (const name of ["getAttribute", "getAttributeNames", "closest"]) Element.prototype[name] = broken;
      document.createTreeWalker = broken;
    });
    await tab.run(() => document.getElementById("link").click());
    const clicks = (await told()).filter(({ kind }) => kind === "click");
    assert.deepEqual(
      clicks.map(({ facts }) => facts.element),
      [
        {
          id: null,
          classes: null,
          tag: "a",
          text: null,
          url: null,
          target: null,
          name: null,
          attributes: null,
          matches: [],
        },
      ],
    );
    await run(() => {
      Element.prototype.matches = Event.prototype.composedPath = () => {
        throw new Error("broken");
      };
      document.getElementById("link").click();
      window.triggers.listen({ triggers: [], selectors: [] });
    });
    assert.deepEqual(await run(() => window.watched.thrown), []);
  });

  test("what the core's side throws stays with us, and so does what our timers and observers meet", async (t) => {
    const { listen, run } = await open(t, `<p id="p">Text</p>`);
    await run(() => {
      window.told.push = () => {
        throw new Error("ours");
      };
      Object.defineProperty(document, "hidden", {
        get() {
          throw new Error("trap");
        },
      });
    });
    await listen([...EVERYTHING, { at: 99, kind: "timer", everyMs: 10 }]);
    await run(() => {
      document.getElementById("p").click();
      history.pushState(null, "", "#1");
    });
    await sleep(200);
    assert.deepEqual(await run(() => window.watched.thrown), []);
  });
});
