/** What is told of an element, in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { FRAME, openTriggers } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("an element is told with what it is and which selectors it matches", async (t) => {
    const { listen, told, tab } = await open(
      t,
      `<nav><a id="go" class="nav  main" href="next/../here?a=1#b" target="aside" name="way" data-kind="k">
        Go
        <b>on</b><script>"no text"</script></a></nav>${FRAME}`,
    );
    await listen([{ at: 0, kind: "click" }], ["nav > a", ".main", "b", ":is(", "[data-kind=k]"]);
    await tab.run(() => document.getElementById("go").click());
    const [{ facts }] = await told();
    assert.deepEqual(facts, {
      element: {
        id: "go",
        classes: "nav  main",
        tag: "a",
        text: "Go on",
        url: `${world.site.url}/here?a=1#b`,
        target: "aside",
        name: "way",
        attributes: {
          id: "go",
          class: "nav  main",
          href: "next/../here?a=1#b",
          target: "aside",
          name: "way",
          "data-kind": "k",
        },
        matches: ["nav > a", ".main", "[data-kind=k]"],
      },
    });
  });

  test("what an element is without is null, and an address that is none stays as it is", async (t) => {
    const { listen, told, run } = await open(t, `<p></p><img src="/a.png" alt=""><a href="http://[">Nowhere</a>`);
    await run(() => {
      const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
      link.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", "#svg");
      document.body.append(link);
      document.body.onclick = () => false;
    });
    await listen([{ at: 0, kind: "click" }]);
    await run(() => {
      for (const element of document.querySelectorAll("p, img, a"))
        element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    });
    const [p, img, a, svg] = (await told()).map(({ facts }) => facts.element);
    assert.deepEqual(p, {
      id: null,
      classes: null,
      tag: "p",
      text: "",
      url: null,
      target: null,
      name: null,
      attributes: {},
      matches: [],
    });
    assert.deepEqual([img.url, a.url, svg.url], [`${world.site.url}/a.png`, "http://[", `${world.site.url}/page#svg`]);
  });

  test("of a large element 500 characters and 50 attributes of 300 are told", async (t) => {
    const { listen, told, run } = await open(t);
    await listen([{ at: 0, kind: "click" }]);
    await run(() => {
      const element = document.createElement("p");
      element.append(...Array.from({ length: 2000 }, () => new Text("word \n ")));
      for (let n = 0; n < 60; n++) element.setAttribute(`data-${n}`, "x".repeat(1000));
      document.body.append(element);
      element.click();
    });
    const [{ facts }] = await told();
    assert.equal(facts.element.text, "word ".repeat(100).trim());
    assert.deepEqual(
      Object.values(facts.element.attributes).map((value) => value.length),
      Array(50).fill(300),
    );
  });

  test("nothing that a visitor wrote or picked is among the facts", async (t) => {
    const { listen, told, run } = await open(
      t,
      `<form id="form" action="/next" target="aside">Ask us
        <input id="input" value="secret" aria-valuetext="secret"><textarea id="area">secret</textarea>
        <input id="check" type="checkbox" checked aria-checked="secret" value="secret">
        <select id="select"><option id="option" value="secret">secret</option></select><output id="output">secret</output>
        <div id="editor" contenteditable><p id="written">secret</p></div><button id="send" value="secret">Send</button></form>${FRAME}`,
    );
    await run(() => {
      document.getElementById("input").value = document.getElementById("area").value = "secret, too";
      document.getElementById("input").setAttribute("value", "secret, too");
    });
    await listen([
      { at: 0, kind: "click" },
      { at: 1, kind: "click", selector: "form" },
      { at: 2, kind: "form-submit" },
    ]);
    await run(() => {
      for (const id of ["input", "area", "check", "select", "option", "output", "editor", "written", "send"])
        document.getElementById(id).dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    });
    const all = await until(async () => {
      const found = await told();
      return found.some(({ kind }) => kind === "form-submit") && found;
    });
    assert.ok(!/secret|checked/.test(JSON.stringify(all)));
    const textIn = (/** @type {string} */ id) => all.find(({ facts }) => facts.element.id === id)?.facts.element.text;
    assert.equal(textIn("form"), "Ask us Send");
    assert.deepEqual(["input", "area", "written", "send"].map(textIn), [null, null, null, "Send"]);
  });
});
