/** Variables that read the page, in real browsers: what is there is read as it is, and the page notices nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHost } from "../audit/support/host.mjs";
import { inEveryBrowser } from "./support/browsers.mjs";
import { bundled } from "./support/bundled.mjs";
import { html, inPage, script } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

const source = await bundled(`
  import { readPage } from "./js/page-reads";
  window.readPage = readPage;
`);

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  let /** @type {import("../audit/support/host.mjs").Host} */ site;
  before(async () => {
    site = await openHost("shop");
    browser = await launch();
    site.answer("/watch.js", inPage("watch.js"));
    site.answer("/reads.js", script(source));
  });
  after(async () => {
    await browser?.close();
    site?.stop();
  });

  /** A new visitor's tab, at a page of that body. @param {import("node:test").TestContext} t @param {string} [body] @param {string} [path] */
  async function open(t, body = "", path = "/page") {
    site.answer(
      "/page",
      html(`<!doctype html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,">
<script src="/watch.js"></script><script src="/reads.js"></script></head><body>${body}</body></html>`),
    );
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}${path}`);
    return {
      ...tab,
      /** @param {string[]} wanted @returns {Promise<any[]>} */
      read: (...wanted) => tab.run((wanted) => window.readPage(wanted), wanted),
    };
  }

  test("the page's address is read in full, and without a page before it there is no referrer", async (t) => {
    const { read } = await open(t, "", "/page?a=1#b");
    assert.deepEqual(await read("url", "referrer"), [`${site.url}/page?a=1#b`, null]);
  });

  test("the referrer is the page that led here", async (t) => {
    const { read, click, run } = await open(t, `<a id="on" href="/page?second">On</a>`);
    await click("#on");
    await until(() => run(() => location.search === "?second").catch(() => false));
    assert.deepEqual(await read("referrer"), [`${site.url}/page`]);
  });

  test("a cookie is read decoded, or as it is, and not another one whose name begins alike", async (t) => {
    const { read, run } = await open(t);
    await run(() => {
      for (const cookie of ["ab=wrong", "a=x%20%C3%A9+y=z", "broken=%E0%A4%A", "empty=", `long=${"x".repeat(3000)}`]) {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere.
        document.cookie = cookie;
      }
    });
    assert.deepEqual(await read("cookie a", "rawcookie a", "cookie broken", "cookie empty"), [
      "x é+y=z",
      "x%20%C3%A9+y=z",
      "%E0%A4%A",
      "",
    ]);
    assert.deepEqual(await read("cookie b", "rawcookie none", "cookie", "cookie "), [null, null, null, null]);
    assert.equal((await read("cookie long"))[0].length, 2000);
  });

  test("the text of the first element that matches is read as one line, and of a field what it holds", async (t) => {
    const { read, run } = await open(
      t,
      `<p class="price">  10 <b>EUR</b>
        net</p><p class="price">20</p><label id="label">Name <textarea>secret</textarea></label>
      <input id="name"><textarea id="area"></textarea><select id="size"><option>S</option><option value="m">M</option></select>
      <input id="check" type="checkbox" value="yes"><p id="none"></p>`,
    );
    await run(() => {
      document.getElementById("name").value = "Ada";
      document.getElementById("area").value = "two\n lines";
      document.getElementById("size").value = "m";
    });
    assert.deepEqual(
      await read("text .price", "text body > .price ~ .price", "text #label", "text #name", "text #area", "text #size"),
      ["10 EUR net", "20", "Name", "Ada", "two\n lines", "m"],
    );
    assert.deepEqual(await read("text #check", "text #none", "text #missing", "text p:::", "text"), [
      "yes",
      "",
      null,
      null,
      null,
    ]);
  });

  test("a password is never read", async (t) => {
    const { read } = await open(
      t,
      `<input type="PassWord" value="secret"><input id="shown" autocomplete="current-password" value="secret">`,
    );
    assert.deepEqual(
      await read(
        "text input",
        "attribute value input",
        "text #shown",
        "attribute VALUE #shown",
        "attribute type input",
      ),
      [null, null, null, null, "PassWord"],
    );
  });

  test("an attribute is read as it is written", async (t) => {
    const { read } = await open(
      t,
      `<a class="x y" href="next" data-empty="">Next</a><form><input name="getAttribute"></form><p title="${"x".repeat(3000)}"></p>`,
    );
    assert.deepEqual(await read("attribute href a.x.y", "attribute data-empty body > a", "attribute id a"), [
      "next",
      "",
      null,
    ]);
    assert.deepEqual(
      await read("attribute name form input", "attribute class form", "attribute href b", "attribute a"),
      ["getAttribute", null, null, null],
    );
    assert.equal((await read("attribute title p"))[0].length, 2000);
  });

  test("plain values of the page are read by their path", async (t) => {
    const { read, run } = await open(t);
    await run(() => {
      const shop = Object.create({ inherited: "yes" });
      Object.assign(shop, { total: 9.5, open: false, none: null, nan: Number.NaN, long: "x".repeat(3000) });
      shop.items = [{ id: "a", tags: ["x", undefined, () => 1], note: undefined, call() {} }];
      shop.library = Object.assign(() => "called", { version: "3.1" });
      window.shop = shop;
    });
    assert.deepEqual(
      await read(
        "global shop.total",
        "global shop.open",
        "global shop.none",
        "global shop.nan",
        "global shop.inherited",
        "global shop.items",
        "global shop.items.0.id",
        "global shop.items.length",
        "global shop.library.version",
        "global document.title",
      ),
      [9.5, false, null, null, "yes", [{ id: "a", tags: ["x", null, null] }], "a", 1, "3.1", "A page"],
    );
    assert.equal((await read("global shop.long"))[0].length, 2000);
  });

  test("nothing is called, and what is no plain value, throws, or leads to what made it is null", async (t) => {
    const { run } = await open(t, `<p id="clobber">Text</p>`);
    const paths =
      "made circle big symbol date trap trap.x proxy.x.y clobber document location alert missing missing.x functions.toJSON functions.constructor functions.__proto__ alert.prototype . functions list";
    const values = await run((paths) => {
      const called = [];
      const call = (name) => () => called.push(name);
      const circle = {};
      circle.self = circle;
      Object.assign(window, {
        functions: { toJSON: call("toJSON"), toString: call("toString"), valueOf: call("valueOf"), kept: 1 },
        made: Object.assign(new (class Cart {})(), { total: 1 }),
        circle,
        list: [1],
        big: 10n,
        symbol: Symbol("x"),
        date: new Date(0),
        trap: {
          get x() {
            throw new Error("trap");
          },
        },
        proxy: { x: new Proxy(call("proxy"), {}) },
      });
      Array.prototype.toJSON = Object.prototype.toJSON = call("inherited");
      const values = window.readPage(paths.map((path) => `global ${path}`));
      delete Array.prototype.toJSON;
      delete Object.prototype.toJSON;
      return [...values, called];
    }, paths.split(" "));
    assert.deepEqual(values.splice(-3), [{ kept: 1 }, [1], []]);
    assert.deepEqual(
      values,
      values.map(() => null),
    );
  });

  test("8 KB of plain data are read, and more is null however it is built", async (t) => {
    const { read, run } = await open(t);
    await run(() => {
      window.fits = Array(4000).fill(1);
      window.long = Array(5000).fill(1);
      window.sparse = Array(1e9);
      window.wide = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`key ${at}`, at]));
      window.endless = new Proxy(
        {},
        {
          ownKeys: () => ["x"],
          get: () => window.endless,
          getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
        },
      );
    });
    assert.equal((await read("global fits"))[0].length, 4000);
    assert.deepEqual(await read("global long", "global sparse", "global wide", "global endless"), [
      null,
      null,
      null,
      null,
    ]);
  });

  test("facts of the browser are read, and nothing under other names", async (t) => {
    const { read, run } = await open(t);
    const facts = "userAgent language timezone screenWidth screenHeight viewportWidth viewportHeight pixelRatio online";
    assert.deepEqual(
      await read(...facts.split(" ").map((fact) => `device ${fact}`)),
      await run(() => [
        navigator.userAgent,
        navigator.language,
        new Intl.DateTimeFormat().resolvedOptions().timeZone,
        screen.width,
        screen.height,
        innerWidth,
        innerHeight,
        devicePixelRatio,
        true,
      ]),
    );
    assert.deepEqual(await read("device constructor", "device", "toString", "constructor x", "", "screen width"), [
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("one that cannot be read keeps no other from being read, and the page hears of nothing", async (t) => {
    const { read, run } = await open(t, `<p>Text</p>`);
    await run(() => {
      for (const [of, name] of [
        [Document.prototype, "cookie"],
        [Document.prototype, "referrer"],
        [Navigator.prototype, "language"],
      ])
        Object.defineProperty(of, name, {
          get() {
            throw new Error("trap");
          },
        });
      Element.prototype.getAttribute = () => {
        throw new Error("broken");
      };
    });
    assert.deepEqual(
      await read("cookie a", "referrer", "device language", "attribute class p", "text p", "global innerWidth"),
      [null, null, null, null, "Text", await run(() => innerWidth)],
    );
    assert.deepEqual(await run(() => window.watched.thrown), []);
  });
});
