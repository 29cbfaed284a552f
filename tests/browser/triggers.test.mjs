/** Triggers in real browsers: what a page's visitor does is told as the config asks, and the page notices nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { openTriggers } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

/** Two seconds of silence, as a WAV file. */
function silence() {
  const [rate, seconds] = [8000, 2];
  const file = Buffer.alloc(44 + rate * seconds, 128);
  file.write("RIFF");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  for (const [at, value] of /** @type {const} */ ([
    [16, 16],
    [24, rate],
    [28, rate],
    [40, rate * seconds],
  ]))
    file.writeUInt32LE(value, at);
  for (const [at, value] of /** @type {const} */ ([
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ]))
    file.writeUInt16LE(value, at);
  file.write("data", 36);
  return file;
}

/** Where a link or form of a test leads, without leaving the page. */
const FRAME = `<iframe name="aside"></iframe>`;

/** @param {import("./support/triggers.mjs").Told[]} told */
const brief = (told) => told.map(({ kind, triggers }) => [kind, ...triggers]);
/** @param {import("./support/triggers.mjs").Told[]} told */
const elements = (told) => told.map(({ facts, triggers }) => [facts.element.id, ...triggers]);

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  const STAGES = ["window-loaded", "dom-ready", "page-view", "initialization", "consent-initialization"];

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

  test("a form in an open shadow tree is seen to be sent by whoever uses it", async (t) => {
    const { listen, told, run } = await open(t, `${FRAME}<div id="host"></div>`);
    await run(() => {
      const root = document.getElementById("host").attachShadow({ mode: "open" });
      root.innerHTML = `<form id="deep" target="aside"><button id="send">Send</button></form>`;
    });
    await listen([{ at: 0, kind: "form-submit", selector: "#deep" }]);
    await run(() => {
      const send = document.getElementById("host").shadowRoot.getElementById("send");
      send.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
      send.click();
    });
    assert.deepEqual(elements(await told()), [["deep", 0]]);
    await listen([]);
    await run(() => {
      const send = document.getElementById("host").shadowRoot.getElementById("send");
      send.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
      send.click();
    });
    assert.deepEqual(await told(), []);
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

  test("a form is told when it is sent, whatever its fields are called", async (t) => {
    const names = [
      "id",
      "action",
      "matches",
      "getAttribute",
      "attributes",
      "localName",
      "tagName",
      "closest",
      "nodeType",
    ];
    const { listen, told, tab } = await open(
      t,
      `<form id="order" class="pay" action="/next" target="aside">${names.map((name) => `<input name="${name}">`).join("")}
        <input name="must" required id="must"><button id="send">Pay</button></form>${FRAME}`,
    );
    await listen(
      [
        { at: 0, kind: "form-submit" },
        { at: 1, kind: "form-submit", selector: ".pay" },
        { at: 2, kind: "form-submit", selector: ".other" },
      ],
      ["form.pay"],
    );
    await tab.click("#send");
    assert.deepEqual(await told(), []);
    await tab.run(() => {
      document.getElementById("must").value = "x";
    });
    await tab.click("#send");
    const all = await until(async () => {
      const found = await told();
      return found.length && found;
    });
    assert.deepEqual(elements(all), [["order", 0, 1]]);
    const { classes, tag, url, text, matches } = all[0].facts.element;
    assert.deepEqual(
      [classes, tag, url, text, matches],
      ["pay", "form", `${world.site.url}/next`, "Pay", ["form.pay"]],
    );
  });

  for (const [by, what, selector] of [
    ["link", "a link leads on", "#link"],
    ["form", "a form is sent", "#send"],
  ])
    test(`${what} as without triggers: nothing is prevented or stopped`, async (t) => {
      const body = `<a id="link" href="/next?by=link">Next</a><form action="/next"><input type="hidden" name="by" value="form"><button id="send">Send</button></form>`;
      const { listen, run, tab } = await open(t, body);
      await run(() => {
        for (const name of ["click", "submit"])
          addEventListener(name, (event) => {
            sessionStorage[name] = [event.defaultPrevented, event.cancelBubble].join();
          });
      });
      await listen([
        { at: 0, kind: "click" },
        { at: 1, kind: "form-submit" },
      ]);
      await tab.click(selector);
      await until(() => run(() => document.title === "Next").catch(() => false));
      assert.ok(world.site.asked().includes(`GET /next?by=${by}`));
      const { told, click, submit } = await run(() => ({ ...sessionStorage }));
      assert.deepEqual(
        JSON.parse(told).map(({ kind }) => kind),
        by === "link" ? ["click"] : ["click", "form-submit"],
      );
      assert.deepEqual([click, submit], ["false,false", by === "link" ? undefined : "false,false"]);
    });

  const TALL = `<div style="height:3000px"></div>`;
  const box = (/** @type {string} */ id) => `<p class="box" id="${id}" style="height:100px;margin:0">${id}</p>`;
  /** Runs in the page. @param {string} id */
  const show = (id) => document.getElementById(id).scrollIntoView({ behavior: "instant" });
  /** Runs in the page. */
  const hide = () => scrollTo({ top: 1000, behavior: "instant" });
  /** The browser has looked at what is in view. */
  const frames = () =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))));

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

  test("a recording is told from its start to its end, each mark once", async (t) => {
    world.site.answer("/silence.wav", { body: silence(), headers: { "content-type": "audio/wav" } });
    const { listen, told, run } = await open(
      t,
      `<audio id="sound" title="Silence" src="/silence.wav" muted preload="auto"></audio>`,
    );
    await listen([
      { at: 0, kind: "media" },
      { at: 1, kind: "media", on: ["progress"], progress: [100, 50, 25] },
      { at: 2, kind: "media", on: ["start"], selector: "#other" },
      { at: 3, kind: "media", on: ["start", "complete"], selector: "#sound" },
    ]);
    const play = () => run(() => document.getElementById("sound").play());
    const status = ({ facts, triggers }) => [facts.status, ...triggers];
    const next = async (/** @type {number} */ count) => {
      await until(() => run((count) => window.told.length >= count, count));
      return told();
    };
    await play();
    const [start] = await next(1);
    await run(() => document.getElementById("sound").pause());
    const paused = (await next(1)).filter(({ facts }) => facts.status === "pause");
    await play();
    await until(() => run(() => document.getElementById("sound").ended));
    await sleep(300);
    const rest = await told();
    assert.deepEqual(
      [status(start), ...paused.map(status)],
      [
        ["start", 0, 3],
        ["pause", 0],
      ],
    );
    assert.deepEqual(rest.map(status).toSorted(), [
      ["complete", 0, 3],
      ["progress", 1],
      ["progress", 1],
      ["progress", 1],
    ]);
    const { element, currentTime, ...facts } = start.facts;
    assert.deepEqual(facts, {
      status: "start",
      provider: "html5",
      url: `${world.site.url}/silence.wav`,
      title: "Silence",
      duration: 2,
      percent: facts.percent,
    });
    assert.ok(currentTime < 2 && facts.percent < 100);
    assert.deepEqual([element.id, element.tag], ["sound", "audio"]);
    const marks = rest.filter(({ facts }) => facts.status === "progress").map(({ facts }) => facts.percent);
    assert.deepEqual(marks, [25, 50, 100]);
    assert.equal(rest.find(({ facts }) => facts.status === "complete").facts.percent, 100);
    await play();
    assert.deepEqual(status((await next(1))[0]), ["start", 0, 3]);
  });

  test("a recording that is moved while it does not play makes no progress", async (t) => {
    world.site.answer("/silence.wav", { body: silence(), headers: { "content-type": "audio/wav" } });
    const { listen, told, run } = await open(t, `<audio id="sound" src="/silence.wav" muted preload="auto"></audio>`);
    await listen([{ at: 0, kind: "media", progress: [0, 10] }]);
    await until(() => run(() => document.getElementById("sound").readyState > 0));
    await run(() => {
      const sound = document.getElementById("sound");
      sound.currentTime = 1;
      sound.dispatchEvent(new Event("timeupdate"));
    });
    assert.deepEqual(await told(), []);
  });

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
