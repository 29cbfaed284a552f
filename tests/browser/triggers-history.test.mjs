/** Addresses that change without a load, in real browsers. */
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

  test("an address that changes without a load is told, whoever changes it", async (t) => {
    const { listen, told, run } = await open(t);
    await run(() => history.replaceState({ first: true }, ""));
    await listen([
      { at: 0, kind: "history" },
      { at: 1, kind: "history" },
    ]);
    await run(() => {
      history.pushState({ step: 1 }, "", "/page/one#top");
      history.pushState({ step: 2 }, "", "/page/one#top");
      history.replaceState(null, "", "/page/two");
    });
    const { url } = world.site;
    const [push, replace, ...more] = await told();
    assert.deepEqual(
      [push, replace].map(({ facts, triggers }) => [facts, triggers]),
      [
        [
          {
            url: `${url}/page/one#top`,
            oldUrl: `${url}/page`,
            fragment: "top",
            oldFragment: "",
            state: { step: 1 },
            oldState: { first: true },
            source: "pushState",
          },
          [0, 1],
        ],
        [
          {
            url: `${url}/page/two`,
            oldUrl: `${url}/page/one#top`,
            fragment: "",
            oldFragment: "top",
            state: null,
            oldState: { step: 2 },
            source: "replaceState",
          },
          [0, 1],
        ],
      ],
    );
    assert.deepEqual(more, []);

    await run(() => history.back());
    await until(() => run(() => window.told.length));
    await run(() => {
      location.hash = "#end";
    });
    await until(() => run(() => window.told.length > 1));
    await sleep(200);
    const moves = await told();
    assert.deepEqual(
      moves.map(({ facts }) => [facts.url, facts.state]),
      [
        [`${url}/page/one#top`, { step: 1 }],
        [`${url}/page/one#end`, null],
      ],
    );
    assert.equal(moves[0].facts.source, "popstate");
    assert.ok(["popstate", "hashchange"].includes(moves[1].facts.source));
  });

  test("a state that JSON cannot hold is null", async (t) => {
    const { listen, told, run } = await open(t);
    await listen([{ at: 0, kind: "history" }]);
    await run(() => {
      const circle = {};
      circle.self = circle;
      history.pushState(circle, "", "#circle");
      history.pushState({ text: "x".repeat(9000) }, "", "#cut");
      history.pushState(Array(9000).fill(1), "", "#long");
      history.pushState(new Map(), "", "#map");
    });
    const [circle, text, long, map] = (await told()).map(({ facts }) => facts.state);
    assert.deepEqual([circle, text?.text.length, long, map], [null, 2000, null, null]);
  });

  test("the page's history functions look and work as before, and are its own again afterwards", async (t) => {
    const { listen, told, run } = await open(t);
    await run(() => {
      window.looks = () =>
        ["pushState", "replaceState"].map((name) => {
          const call = history[name];
          const described = Object.getOwnPropertyDescriptor(History.prototype, name);
          let thrown;
          try {
            call.call(history, null, "", "https://elsewhere.example/");
          } catch (error) {
            thrown = error.name;
          }
          return [
            call.name,
            call.length,
            /\[native code\]/.test(call),
            "prototype" in call,
            Object.hasOwn(history, name),
            [described.writable, described.enumerable, described.configurable],
            call.call(history, null, "", ""),
            thrown,
          ];
        });
      window.natives = [history.pushState, history.replaceState];
    });
    const before = await run(() => window.looks());
    await listen([{ at: 0, kind: "history" }]);
    assert.deepEqual(await run(() => window.looks()), before);
    await listen([]);
    assert.deepEqual(
      await run(() => [history.pushState, history.replaceState].map((one, at) => one === window.natives[at])),
      [true, true],
    );

    // A router that has replaced one, and another that comes after.
    await run(() => {
      window.calls = [];
      history.pushState = function (...args) {
        window.calls.push("router");
        History.prototype.pushState.apply(this, args);
        return "moved";
      };
      window.routers = history.pushState;
    });
    await listen([{ at: 0, kind: "history" }]);
    assert.equal(await run(() => history.pushState(null, "", "#1")), "moved");
    await listen([]);
    assert.ok(await run(() => history.pushState === window.routers));

    await listen([{ at: 0, kind: "history" }]);
    await run(() => {
      const inner = history.pushState;
      history.pushState = (...args) => inner.apply(history, args);
      window.outer = history.pushState;
    });
    await listen([]);
    await told();
    assert.ok(await run(() => history.pushState === window.outer));
    assert.equal(await run(() => history.pushState(null, "", "#2")), "moved");
    assert.deepEqual(await told(), []);
    await listen([{ at: 0, kind: "history" }]);
    assert.equal(await run(() => history.pushState(null, "", "#3")), "moved");
    assert.equal((await told()).length, 1);
    assert.deepEqual(await run(() => window.calls), ["router", "router", "router"]);
  });
});
