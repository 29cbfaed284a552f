/** Tealium's and mParticle's interfaces as front doors: which events come of their calls, also of those that waited. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, html, isReady, page, script } from "./support/pages.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";

/** Notes events before the SDK is there. */
const NOTE = `
  window.happened = [];
  analytics.addSourceMiddleware(({ payload, next }) => { happened.push(payload.obj); next(payload); });
`;

/** As Tealium documents its queue: functions that keep their arguments by letters. */
const UTAG_STUB = `
  window.utag = { e: [] };
  for (const d of ["view", "link"]) utag[d] = (a, b, c) => { utag.e.push({ a, b, c, d }); };
  utag.track = (d, a, b, c) => { utag.e.push({ a, b, c, d }); };
`;

/** As mParticle's snippet does it, in short: names of methods with their arguments, and functions for \`ready\`. */
const MPARTICLE_STUB = `
  window.mParticle = {
    config: { rq: [], identifyRequest: { userIdentities: { customerid: "c-1", email: "e@x.test" } }, identityCallback: (result) => { window.identified = result.getUser().getMPID() !== undefined; } },
    eCommerce: { Cart: {} },
    Identity: {},
    ready: (call) => { mParticle.config.rq.push(call); },
  };
  const keep = (name) => (...args) => { mParticle.config.rq.push([name, ...args]); };
  for (const name of ["logEvent", "logPageView", "setOptOut"]) mParticle[name] = keep(name);
  for (const name of ["logCheckout", "setCurrencyCode"]) mParticle.eCommerce[name] = keep("eCommerce." + name);
  for (const name of ["login", "logout"]) mParticle.Identity[name] = keep("Identity." + name);
`;

inEveryBrowser(({ launch }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  let /** @type {import("./support/site.mjs").Site} */ site;
  before(async () => {
    browser = await launch();
    site = await openSite();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /**
   * @param {import("node:test").TestContext} t
   * @param {object} facades
   * @param {string} early what the page runs first
   */
  async function open(t, facades, early) {
    addPage(site, { ...config, facades });
    site.answer("/early.js", script(`${NOTE}${early}`));
    site.answer("/page", html(page.replace("<script async", '<script src="/early.js"></script>$&')));
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    return tab;
  }

  /**
   * The events so far, at least so many, each as its type, its name and what it is about.
   * @param {import("./support/browsers.mjs").Tab} tab
   * @param {number} least
   */
  const events = async (tab, least) => {
    await until(() => tab.run((least) => window.happened.length >= least, least));
    return tab.run(async () => {
      await new Promise((done) => setTimeout(done, 200));
      return window.happened.map(({ type, event, name, userId, properties, traits }) => {
        const { path, referrer, search, title, url, ...own } = properties ?? {};
        const [named, about] = type === "identify" ? [userId, traits] : [event ?? name, own];
        return [type, named ?? null, about];
      });
    });
  };
  /** @param {import("./support/browsers.mjs").Tab} tab */
  const watched = (tab) => tab.run(() => window.watched);

  test("Tealium: the page's data, its view, and the calls of the stub come first and in order", async (t) => {
    const tab = await open(
      t,
      { tealium: {} },
      `window.utag_data = { page_name: "home", "dom.query": "x", product_id: ["a", "b"] };
       ${UTAG_STUB}
       window.stub = utag;
       window.keptLink = utag.link;
       window.called = [];
       utag.link({ tealium_event: "cart_add", product_id: ["c"] }, () => called.push("link"));
       utag.track("view", { page_name: "second" }, () => called.push("view"));
       analytics.track("Waited");`,
    );
    assert.deepEqual(await events(tab, 4), [
      ["page", "home", { name: "home", page_name: "home", "dom.query": "x", product_id: ["a", "b"] }],
      ["track", "cart_add", { tealium_event: "cart_add", product_id: ["c"] }],
      ["page", "second", { name: "second", page_name: "second" }],
      ["track", "Waited", {}],
    ]);
    const found = await tab.run(() => {
      const { analytics, utag, called, stub } = window;
      const data = { ...utag.data };
      const model = analytics.data.snapshot();
      window.keptLink({ event_name: "by the stub's function" });
      return { same: utag === stub, called, data, model };
    });
    assert.deepEqual(found.called.toSorted(), ["link", "view"]);
    assert.ok(found.same);
    assert.deepEqual(found.data, {
      page_name: "second",
      "dom.query": "x",
      product_id: ["c"],
      tealium_event: "cart_add",
    });
    assert.deepEqual(found.model, {
      page_name: "second",
      dom: { query: "x" },
      product_id: ["c"],
      tealium_event: "cart_add",
    });
    const late = await events(tab, 5);
    assert.deepEqual(late.at(-1), ["track", "by the stub's function", { event_name: "by the stub's function" }]);
    assert.deepEqual((await watched(tab)).thrown, []);
  });

  test("Tealium: noview keeps the page's view back; calls take both shapes, and anything", async (t) => {
    const tab = await open(t, { tealium: {} }, "window.utag_cfg_ovrd = { noview: true }; window.utag_data = { a: 1 };");
    await tab.run(() => {
      const { utag } = window;
      utag.track({ event: "link", data: { link_text: "Buy" }, cfg: { cb: () => window.done?.push(1), uids: [1] } });
      utag.link();
      utag.view(null, () => {
        throw new Error("from the callback");
      });
      const loop = {};
      loop.loop = loop;
      utag.link({
        event_name: "odd",
        loop,
        big: 1n,
        get bad() {
          throw new Error("page");
        },
        at: new Date(0),
      });
      utag.link(
        new Proxy(
          {},
          {
            ownKeys() {
              throw new Error("page");
            },
          },
        ),
      );
      utag.track(Symbol("x"), 5, "no function");
      utag.track(
        new Proxy(
          {},
          {
            getPrototypeOf() {
              throw new Error("page");
            },
          },
        ),
      );
      utag.e.push(null);
      utag.data = null;
      utag.link({ event_name: "without utag.data" });
    });
    assert.deepEqual((await events(tab, 5)).slice(0, 4), [
      ["track", "Buy", { link_text: "Buy" }],
      ["track", "link", {}],
      ["page", null, {}],
      [
        "track",
        "odd",
        {
          event_name: "odd",
          loop: { loop: "[circular]" },
          big: "1",
          bad: "[unreadable]",
          at: "1970-01-01T00:00:00.000Z",
        },
      ],
    ]);
    assert.equal(await tab.run(() => window.analytics.data.get("a")), 1);
    const { thrown, heard } = await watched(tab);
    assert.deepEqual(thrown, []);
    assert.ok(heard.some(({ code, message }) => code === "listener_failed" && /from the callback/.test(message)));
    assert.ok(heard.some(({ code }) => code === "unserializable"));
  });

  test("Tealium's own script stays what it is", async (t) => {
    const tab = await open(t, { tealium: {} }, `window.utag = { loader: {}, link: () => "theirs" };`);
    assert.equal(await tab.run(() => window.utag.link()), "theirs");
    const { heard } = await watched(tab);
    assert.match(heard.map(({ message }) => message).join(), /utag\.js runs on this page/);
  });

  test("mParticle: who the visitor is, and what the snippet kept, come first and in order", async (t) => {
    const tab = await open(
      t,
      { mparticle: {} },
      `${MPARTICLE_STUB}
       window.keptEvent = mParticle.logEvent;
       mParticle.ready(() => mParticle.logEvent("When ready", 1, { a: 1 }));
       mParticle.logPageView("Home", { section: "x" });
       mParticle.eCommerce.setCurrencyCode("EUR");
       mParticle.eCommerce.logCheckout(2, "card");
       mParticle.logEvent("Played", 8);
       mParticle.config.rq.push(["constructor.constructor", "x"], 7);
       analytics.track("Waited");`,
    );
    assert.deepEqual(await events(tab, 6), [
      ["identify", "c-1", { email: "e@x.test" }],
      ["track", "When ready", { a: 1 }],
      ["page", "Home", { name: "Home", section: "x" }],
      ["track", "Checkout Step Viewed", { currency: "EUR", step: 2, option: "card" }],
      ["track", "Played", {}],
      ["track", "Waited", {}],
    ]);
    assert.deepEqual(await tab.run(() => window.happened[1].context.mparticle), { eventType: "Navigation" });
    assert.equal(await tab.run(() => window.identified), true);
    await tab.run(() => window.keptEvent("Late"));
    assert.deepEqual((await events(tab, 7)).at(-1), ["track", "Late", {}]);
    const { thrown, heard } = await watched(tab);
    assert.deepEqual(thrown, []);
    assert.ok(heard.some(({ message }) => /there is no such method/.test(message)));
  });

  test("mParticle: commerce is Segment's", async (t) => {
    const tab = await open(t, { mparticle: {} }, "");
    await tab.run(() => {
      const { eCommerce, ProductActionType: Action, PromotionType } = window.mParticle;
      const hat = eCommerce.createProduct("Hat", "h-1", "9.5", 2, "red", "Head", "Brim", 1, "SPRING", { size: "M" });
      const scarf = eCommerce.createProduct("Scarf", "s-1", 5);
      const paid = eCommerce.createTransactionAttributes("o-1", "Quay", "SPRING", "24", 3, 2);
      eCommerce.logProductAction(Action.AddToCart, [hat, scarf], { from: "list" });
      eCommerce.logProductAction(Action.RemoveFromCart, scarf);
      eCommerce.logProductAction(Action.ViewDetail, hat);
      eCommerce.logProductAction(Action.Click, hat);
      eCommerce.logProductAction(Action.Checkout, [hat], {}, {}, { Step: 1 });
      eCommerce.logPurchase(paid, [hat, scarf]);
      eCommerce.logRefund(paid, hat);
      eCommerce.logImpression(eCommerce.createImpression("Spring", [hat]));
      eCommerce.logPromotion(PromotionType.PromotionClick, eCommerce.createPromotion("p-1", "banner", "Sale", 3));
      eCommerce.Cart.add(scarf, true);
      eCommerce.logProductAction(99, hat);
      window.none = [eCommerce.createProduct("No SKU"), eCommerce.createPromotion()];
    });
    const hat = {
      product_id: "h-1",
      name: "Hat",
      price: 9.5,
      quantity: 2,
      variant: "red",
      category: "Head",
      brand: "Brim",
      position: 1,
      coupon: "SPRING",
      size: "M",
    };
    const scarf = { product_id: "s-1", name: "Scarf", price: 5, quantity: 1 };
    const order = { order_id: "o-1", affiliation: "Quay", coupon: "SPRING", revenue: 24, shipping: 3, tax: 2 };
    assert.deepEqual(await events(tab, 11), [
      ["track", "Product Added", { ...hat, from: "list" }],
      ["track", "Product Added", { ...scarf, from: "list" }],
      ["track", "Product Removed", scarf],
      ["track", "Product Viewed", hat],
      ["track", "Product Clicked", hat],
      ["track", "Checkout Started", { step: 1, products: [hat] }],
      ["track", "Order Completed", { ...order, products: [hat, scarf] }],
      ["track", "Order Refunded", { ...order, products: [hat] }],
      ["track", "Product List Viewed", { list_id: "Spring", products: [hat] }],
      ["track", "Promotion Clicked", { promotion_id: "p-1", creative: "banner", name: "Sale", position: 3 }],
      ["track", "Product Added", scarf],
    ]);
    assert.deepEqual(await tab.run(() => window.none), [null, null]);
  });

  test("mParticle: a page view without attributes, aliases, and the names of its enumerations", async (t) => {
    const tab = await open(t, { mparticle: {} }, "");
    const found = await tab.run(async () => {
      const { mParticle, analytics } = window;
      analytics.consent.set({ analytics: true });
      mParticle.logPageView("Home");
      const { Identity } = mParticle;
      const ofUser = (mpid) => ({ getMPID: () => mpid });
      const request = Identity.createAliasRequest(ofUser("old"), ofUser("new"));
      const code = await new Promise((done) => {
        Identity.aliasUsers(request, ({ httpCode }) => done(httpCode));
      });
      const { CustomerId, Email, Other2, Other10, PhoneNumber3 } = mParticle.IdentityType;
      return [request, code, mParticle.EventType.Media, CustomerId, Email, Other2, Other10, PhoneNumber3];
    });
    assert.deepEqual(found, [{ sourceMpid: "old", destinationMpid: "new" }, 202, 9, 1, 7, 10, 18, 21]);
    const [view, alias] = await tab.run(() => window.happened);
    assert.deepEqual([view.name, view.context.mparticle], ["Home", { eventType: "Navigation" }]);
    assert.ok(!("context" in view.properties));
    assert.deepEqual([alias.type, alias.userId, alias.previousId], ["alias", "new", "old"]);
  });

  test("mParticle: users, attributes and opting out", async (t) => {
    const tab = await open(t, { mparticle: {} }, "");
    const found = await tab.run(async () => {
      const { mParticle, analytics } = window;
      analytics.consent.set({ analytics: true });
      const results = [];
      const heard = (what) => (result) => results.push([what, result.httpCode, result.body.is_logged_in]);
      mParticle.Identity.login(
        { userIdentities: { customerid: 7, email: "a@x.test", mobile_number: "123" } },
        heard("login"),
      );
      const user = mParticle.Identity.getCurrentUser();
      user.setUserAttribute("plan", "gold");
      user.setUserAttributes({ seats: 3, beta: true });
      user.removeUserAttribute("beta");
      user.setUserTag("vip");
      const known = [user.getUserIdentities(), user.getAllUserAttributes()];
      mParticle.Identity.modify({ userIdentities: { email: "" } });
      const without = user.getUserIdentities();
      await new Promise((done) => setTimeout(done, 50));
      mParticle.Identity.logout({}, heard("logout"));
      const gone = user.getUserIdentities();
      mParticle.startNewSession();
      const state = mParticle.Consent.createConsentState();
      state.addGDPRConsentState("ads", mParticle.Consent.createGDPRConsent(true)).setCCPAConsentState({});
      user.setConsentState(state);
      mParticle.logError(new TypeError("broken"));
      await new Promise((done) => setTimeout(done, 50));
      return { results, known, without, gone };
    });
    assert.deepEqual(found, {
      results: [
        ["login", 200, true],
        ["logout", 200, false],
      ],
      known: [
        { userIdentities: { email: "a@x.test", mobile_number: "123", customerid: "7" } },
        { plan: "gold", seats: 3, vip: true },
      ],
      without: { userIdentities: { mobile_number: "123", customerid: "7" } },
      gone: { userIdentities: {} },
    });
    const seen = await events(tab, 7);
    assert.deepEqual(seen[0], ["identify", "7", { email: "a@x.test", phone: "123" }]);
    const [, name, { message }] = seen.at(-1) ?? [];
    assert.deepEqual([name, message], ["Error", "broken"]);
    const left = await tab.run(() => {
      window.mParticle.setOptOut(true);
      return window.analytics.consent.get().purposes;
    });
    assert.deepEqual(left, { necessary: "granted", analytics: "denied", advertising: "denied" });
    const { thrown, heard } = await watched(tab);
    assert.deepEqual(thrown, []);
    assert.ok(heard.some(({ message }) => /startNewSession/.test(message)));
  });

  test("all three beside each other, and calls of all kinds in one order", async (t) => {
    const tab = await open(
      t,
      { dataLayer: {}, tealium: {}, mparticle: {} },
      `window.utag_cfg_ovrd = { noview: true };
       window.dataLayer = [{ event: "layer" }];
       ${UTAG_STUB} utag.link({ tealium_event: "tealium" });
       ${MPARTICLE_STUB} delete mParticle.config.identifyRequest; mParticle.logEvent("mparticle");
       analytics.track("analytics");`,
    );
    await tab.run(() => {
      const { analytics, dataLayer, mParticle, utag } = window;
      mParticle.logEvent("1");
      dataLayer.push({ event: "2" }, () => utag.link({ tealium_event: "3" }), { event: "4" });
      analytics.track("5");
      utag.link({ tealium_event: "6" });
    });
    assert.deepEqual(
      (await events(tab, 10)).map(([, name]) => name),
      ["layer", "tealium", "mparticle", "analytics", "1", "2", "3", "4", "5", "6"],
    );
    assert.deepEqual((await watched(tab)).thrown, []);
  });

  test("where the file of the front doors does not come calls wait, and that is told, until it does", async (t) => {
    const file = "/dist/tidegate.facades.js";
    addPage(site, { ...config, facades: { dataLayer: {} } });
    site.answer(file, { status: 404, body: "" });
    site.answer("/early.js", script(`${NOTE} window.dataLayer = [{ event: "layer" }]; analytics.track("Waited");`));
    site.answer("/page", html(page.replace("<script async", '<script src="/early.js"></script>$&')));
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(() => window.watched.heard.some(({ code }) => code === "script_failed")));
    assert.equal(await tab.run(() => window.analytics.state), "loading");
    site.answer(file, (whole) => whole);
    await until(() => tab.run(isReady));
    assert.deepEqual(
      (await events(tab, 2)).map(([, name]) => name),
      ["layer", "Waited"],
    );
  });

  test("where the core never comes, pages that go on in a callback do", async (t) => {
    addPage(site, { ...config, facades: { dataLayer: {}, tealium: {} } });
    site.answer("/config.json", { body: `{ "facades": { "dataLayer": {}, "tealium": {} }, "wrong": 1 }` });
    site.answer("/early.js", script("window.utag_cfg_ovrd = { noview: true };"));
    site.answer("/page", html(page.replace("<script async", '<script src="/early.js"></script>$&')));
    const visitor = await browser.visitor();
    t.after(visitor.leave);
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(() => window.analytics?.state === "failed"));
    const called = await tab.run(async () => {
      const called = [];
      window.dataLayer.push({ event: "a", eventCallback: () => called.push("dataLayer") });
      window.gtag("event", "b", { event_callback: () => called.push("gtag") });
      window.utag.link({}, () => called.push("utag"));
      await new Promise((done) => setTimeout(done, 200));
      return called;
    });
    assert.deepEqual(called, ["dataLayer", "gtag", "utag"]);
  });
});
