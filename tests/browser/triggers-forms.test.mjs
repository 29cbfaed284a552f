/** Forms in real browsers: they are told when they are sent, and are sent as without triggers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { elements, FRAME, openTriggers } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

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
});
