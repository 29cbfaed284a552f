/** Clicks in real browsers: each is told as the config asks, and the page notices nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { elements, openTriggers } from "./support/triggers.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("a click is told once of each element that triggers ask for, with all of them", async (t) => {
    const { listen, told, tab } = await open(
      t,
      `<div id="card" class="card"><a id="link" href="#there"><b id="word">Go</b></a><i id="plain">Stay</i></div>`,
    );
    await listen([
      { at: 0, kind: "click" },
      { at: 1, kind: "click", on: "all" },
      { at: 2, kind: "click", on: "links" },
      { at: 3, kind: "click", selector: ".card" },
      { at: 4, kind: "click", on: "links", selector: ".card" },
      { at: 5, kind: "click", on: "links", selector: ".other" },
      { at: 6, kind: "click", selector: "a:::" },
    ]);
    await tab.click("#word");
    assert.deepEqual(elements(await told()), [
      ["word", 0, 1],
      ["link", 2, 4],
      ["card", 3],
    ]);
    await tab.click("#plain");
    assert.deepEqual(elements(await told()), [
      ["plain", 0, 1],
      ["card", 3],
    ]);
  });

  test("every button clicks but the right one, also where the page keeps its clicks to itself", async (t) => {
    const { listen, told, run } = await open(t, `<p id="text">Text</p>`);
    await listen([{ at: 0, kind: "click" }]);
    await run(() => {
      const text = document.getElementById("text");
      for (const name of ["click", "auxclick"])
        text.addEventListener(name, (event) => event.stopImmediatePropagation());
      const click = (type, button) =>
        text.dispatchEvent(new MouseEvent(type, { button, bubbles: true, cancelable: true, composed: true }));
      click("click", 0);
      click("auxclick", 1);
      click("auxclick", 2);
      click("contextmenu", 2);
    });
    assert.deepEqual(elements(await told()), [
      ["text", 0],
      ["text", 0],
    ]);
  });

  test("clicks are seen in open shadow trees, and in a closed one as its host", async (t) => {
    const { listen, told, run } = await open(t, `<div id="host"></div><div id="safe"></div>`);
    await run(() => {
      for (const [id, mode] of Object.entries({ host: "open", safe: "closed" })) {
        const root = document.getElementById(id).attachShadow({ mode });
        root.innerHTML = `<a id="deep" href="#deep"><span id="label">In the shade</span></a>`;
        window[id] = root.querySelector("span");
      }
    });
    await listen([
      { at: 0, kind: "click" },
      { at: 1, kind: "click", on: "links" },
      { at: 2, kind: "click", selector: "#host" },
    ]);
    await run(() => window.host.click());
    assert.deepEqual(elements(await told()), [
      ["label", 0],
      ["deep", 1],
      ["host", 2],
    ]);
    await run(() => window.safe.click());
    assert.deepEqual(elements(await told()), [["safe", 0]]);
  });
});
