/** Audit: signals of the browser, frames, subdomains, a browser that stores nothing, and what others' scripts do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../browser/support/until.mjs";
import { inChromiumAndFirefox } from "./support/engines.mjs";
import { vanilla } from "./support/platforms.mjs";
import { quiet } from "./support/quiet.mjs";
import { destination, withConsent } from "./support/settings.mjs";
import { copied, kept, snapshot } from "./support/snapshot.mjs";
import { addPage, isReady, reload, visit } from "./support/world.mjs";

const names = (/** @type {any[]} */ events) => events.map(({ event }) => event);

/** Runs in the page. */
const grantAll = () => void window.analytics.consent.set({ analytics: true, advertising: true });
const denyAll = () => void window.analytics.consent.set({ analytics: false, advertising: false });
const track = (/** @type {string} */ name) => void window.analytics.track(name);
const purposes = () => window.analytics.consent.get().purposes;

/** The browser's setting, as a page sees it: Chromium has none, and no browser changes it for a page that is open. @param {boolean} on */
const gpc = (on) =>
  `<script>Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { configurable: true, get: () => ${on} });</script>`;

inChromiumAndFirefox((engine) => {
  for (const model of ["opt-in", "opt-out"])
    test(`27. GPC on with banner accept; GPC in EU; GPC changed mid-visit: on, everything accepted, ${model}`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, {
        platform: vanilla,
        first: gpc(true),
        config: (standard) => withConsent(standard, { model }),
      });
      await until(() => tab.run(vanilla.isThere));
      await tab.run(vanilla.answer, ["analytics", "advertising"]);
      await tab.run(track, "Viewed");
      await until(() => shop.events("/warehouse").length > 0 && vendor.events("/any").length > 0);
      await quiet();
      assert.deepEqual([vendor.events("/ads"), vendor.events("/lookalikes")], [[], []]);
      assert.ok(!vendor.asked().includes("GET /pixel.gif"));
      assert.deepEqual(await tab.run(purposes), { necessary: "granted", analytics: "granted", advertising: "denied" });
      for (const { context } of shop.events()) assert.equal(context.consent.gpc, true);
    });

  test("27. GPC on with banner accept; GPC in EU; GPC changed mid-visit: changed, in force on the next page", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, { first: gpc(false) });
    await tab.run(grantAll);
    await tab.run(track, "Before");
    await until(() => vendor.events("/ads").length === 1 && shop.events("/warehouse").length === 1);
    addPage(world, { first: gpc(true) });
    await reload(tab);
    const pixels = vendor.asked().filter((request) => request === "GET /pixel.gif").length;
    await tab.run(track, "After");
    await until(() => names(shop.events("/warehouse")).includes("After"));
    await quiet();
    assert.deepEqual(names(vendor.events("/ads")), ["Before"]);
    assert.equal(vendor.asked().filter((request) => request === "GET /pixel.gif").length, pixels);
  });

  test("33. Loaded vendor script keeps sending itself after withdrawal (detect, report, reload)", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      config: (standard) => {
        const [heatmap] = standard.tags;
        const onWithdraw = { offerReload: true, calls: [{ call: "heatmap.stop" }], deleteCookies: ["heat", "_heat_*"] };
        return { ...standard, tags: [{ ...heatmap, onWithdraw }] };
      },
    });
    vendor.answer("/heatmap.js", {
      body: `for (const name of ["heat", "_heat_a", "_heat_b", "_heating"]) document.cookie = name + "=1; Path=/";
        document.cookie = "_heat_deep=1; Path=/page";
        window.heatmap = { stopped: false, stop() { this.stopped = true; } };
        setInterval(() => fetch("${vendor.url}/beat"), 200);`,
    });
    const beats = () => vendor.asked().filter((request) => request === "GET /beat").length;
    await tab.run(() => window.analytics.on("reload", (/** @type {any} */ ...told) => (window.offered = told)));
    await tab.run(grantAll);
    await tab.run(track, "Viewed");
    await until(() => beats() > 0);
    await tab.run(denyAll);
    // The vendor is told, its cookies go, and the page hears that only a reload ends the script.
    assert.deepEqual(await tab.run(() => window.offered), ["heatmap"]);
    assert.equal(await tab.run(() => window.heatmap.stopped), true);
    assert.equal(await tab.run(() => document.cookie), "_heating=1");
    const atWithdrawal = beats();
    await quiet();
    assert.ok(beats() > atWithdrawal, "nobody can stop a script that does not listen: this is what the offer is for");
    await reload(tab);
    const afterReload = beats();
    await tab.run(track, "Viewed Again");
    await quiet();
    assert.equal(beats(), afterReload);
    assert.ok(!names(shop.events()).includes("Viewed Again"));
  });

  test("34. Destination script injects a fourth party: without a grant neither comes", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t);
    vendor.answer("/heatmap.js", { body: injects(`http://fourth.localhost:${shop.port}/fourth.js`) });
    await tab.run(denyAll);
    await tab.run(track, "Viewed");
    await quiet();
    assert.deepEqual([vendor.connections, shop.asked().includes("GET /fourth.js")], [0, false]);
  });

  test("34. Destination script injects a fourth party: a page's own policy holds against it, the SDK asks for no exception", async (t) => {
    const { world, shop, vendor, visitor } = await visit(engine, t);
    const fourth = `http://fourth.localhost:${shop.port}/fourth.js`;
    vendor.answer("/heatmap.js", { body: injects(fourth) });
    shop.answer("/fourth.js", { body: "window.fourth = true;" });
    const policy = `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' ${vendor.url}`;
    addPage(world, { first: `<meta http-equiv="content-security-policy" content="${policy}">` }, "/strict");
    for (const [path, comes] of /** @type {const} */ ([
      ["/strict", false],
      ["/page", true],
    ])) {
      const tab = await visitor.open(`${shop.url}${path}`);
      await until(() => tab.run(isReady));
      await tab.run(grantAll);
      await tab.run(track, "Viewed");
      await until(() => tab.run((fourth) => !!document.querySelector(`script[src="${fourth}"]`), fourth));
      await quiet();
      assert.equal(shop.asked().includes("GET /fourth.js"), comes);
      // The audit sees what a vendor brought along, either way.
      assert.ok((await snapshot(world, tab)).page.elements.includes(`script ${fourth}`));
    }
  });

  const frames = {
    "same origin": () => '<iframe src="/page"></iframe>',
    sandboxed: () => '<iframe src="/page" sandbox="allow-scripts"></iframe>',
    "cross-origin": (/** @type {string} */ port) => `<iframe src="http://framed.localhost:${port}/page"></iframe>`,
  };
  for (const [kind, frame] of Object.entries(frames))
    test(`35. Iframe/sandboxed/cross-origin, CMP in parent: ${kind}`, async (t) => {
      const { shop, vendor, tab } = await visit(engine, t, { last: tellParent });
      const files = `<script src="/cookieconsent.js"></script><script src="/banner.js"></script>`;
      for (const [path, body] of Object.entries(vanilla.files)) shop.answer(path, { body });
      shop.answer("/parent", {
        body: `<!doctype html><title>Parent</title><link rel="icon" href="data:,">
          <script>onmessage = ({ data }) => { window.told = data; };</script>${files}<body>${frame(shop.port)}</body>`,
      });
      await tab.goto(`${shop.url}/parent`);
      await until(() => tab.run(() => window.told?.includes("ready")));
      // A grant in the parent is not one that a frame without a platform of its own could know of.
      await tab.run(vanilla.answer, ["analytics", "advertising"]);
      await tab.run(() => document.querySelector("iframe")?.contentWindow?.postMessage("track", "*"));
      await until(() => tab.run(() => window.told?.includes("tracked")));
      await quiet();
      assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
      assert.deepEqual(await tab.run(() => window.told), ["ready", "tracked"]);
      assert.deepEqual(await tab.run(() => Object.keys(localStorage)), []);
      assert.ok(!(await tab.run(() => document.cookie)).includes("tg_"));
    });

  test("36. SPA route change; subdomain sharing; login merge across devices: routes", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t);
    const route = (/** @type {string} */ path) => {
      history.pushState({}, "", path);
      window.analytics.page();
    };
    await tab.run(route, "/waiting");
    await tab.run(denyAll);
    await tab.run(route, "/denied");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    await tab.run(grantAll);
    await tab.run(route, "/granted");
    await until(() => shop.events("/warehouse").length > 0);
    await quiet();
    assert.deepEqual(
      shop.events("/warehouse").map(({ context }) => context.page.path),
      ["/granted"],
    );
    assert.deepEqual((await snapshot(world, tab)).page.thrown, []);
  });

  test("36. SPA route change; subdomain sharing; login merge across devices: a subdomain where nobody has chosen", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t);
    await tab.goto(`http://www.brand.localhost:${shop.port}/page`);
    await until(() => tab.run(isReady));
    await tab.run(grantAll);
    assert.match(await tab.run(() => document.cookie), /tg_anonymous_id=/);
    await tab.goto(`http://blog.brand.localhost:${shop.port}/page`);
    await until(() => tab.run(isReady));
    shop.seen.length = vendor.seen.length = 0;
    await tab.run(track, "On The Other Subdomain");
    await quiet();
    // The grant is not shared; the identifier, which lies in a cookie of the whole site, is not used.
    assert.deepEqual([shop.events(), vendor.seen], [[], []]);
    assert.equal(await tab.run(() => window.analytics.user().anonymousId()), null);
    await tab.run(denyAll);
    assert.deepEqual(kept((await snapshot(world, tab)).page), ["tg_consent"]);
  });

  // That a server must not join a person's devices against one's choice cannot be seen from a browser.
  test("36. SPA route change; subdomain sharing; login merge across devices: a login on another device brings no grant along", async (t) => {
    const first = await visit(engine, t);
    await first.tab.run(grantAll);
    await first.tab.run(() => void window.analytics.identify("jane"));
    await until(() => first.shop.events("/warehouse").length === 1);
    const second = await visit(engine, t);
    await second.tab.run(() => void window.analytics.identify("jane"));
    await quiet();
    assert.deepEqual([second.shop.events(), second.vendor.connections], [[], 0]);
    assert.deepEqual(kept((await snapshot(second.world, second.tab)).page), []);
  });

  // As a page sees it where a browser blocks storage; Safari itself does not run here.
  const blocked = `<script>
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
      Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
    Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
    delete window.BroadcastChannel;
  </script>`;
  test("37. Storage blocked (Safari/private): no crash, no fallback to allow", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, { first: blocked });
    assert.equal(await tab.run(() => window.analytics.state), "ready");
    await tab.run(track, "Waits");
    await quiet();
    assert.deepEqual([shop.events(), vendor.connections], [[], 0]);
    await tab.run(grantAll);
    await until(() => shop.events("/warehouse").length === 1 && vendor.events().length === 3);
    await tab.run(denyAll);
    await tab.run(track, "Denied");
    await quiet();
    assert.ok(names([...shop.events(), ...vendor.events()]).every((name) => name === "Waits"));
    // The next page knows nothing of the grant.
    await reload(tab);
    await tab.run(track, "Next Page");
    await quiet();
    assert.ok(!names([...shop.events(), ...vendor.events()]).includes("Next Page"));
    assert.deepEqual(await tab.run(() => window.watched.thrown), []);
  });

  test("38. Child/sensitive flags set: the site's own, as a default, where silence is yes", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      config: (standard) => withConsent(standard, { model: "opt-out" }),
    });
    await tab.run(() => window.analytics.consent.set({ advertising: false }, { explicit: false }));
    await tab.run(track, "By A Child");
    await until(() => shop.events("/warehouse").length === 1);
    await quiet();
    assert.deepEqual([vendor.events("/ads"), vendor.events("/lookalikes")], [[], []]);
    assert.ok(!vendor.asked().includes("GET /pixel.gif"));
  });

  test("39. Strictly-necessary exemption limited to declared keys", async (t) => {
    const { world, shop, vendor, tab } = await visit(engine, t, {
      config: (standard) => ({
        ...standard,
        destinations: [...standard.destinations, destination("errors", "/errors", { allOf: ["necessary"] })],
      }),
    });
    for (const step of ["nobody has chosen", "everything denied"]) {
      if (step === "everything denied") await tab.run(denyAll);
      const { length } = shop.events("/errors");
      await tab.run(track, "Broken");
      await until(() => shop.events("/errors").length > length);
      await until(() => tab.run(() => window.analytics.stats().perDestination.errors.inFlight === 0));
      await quiet();
      const { page } = await snapshot(world, tab);
      // A lane in the journal and the revision, no identifier.
      const declared = /^tg_(q\.|gate$|consent$|receipts$)/;
      assert.deepEqual([page.cookies, page.local.filter((key) => !declared.test(key))], [[], []], step);
      assert.deepEqual([page.session, page.databases.filter((name) => name !== "tg_journal")], [[], []], step);
      assert.deepEqual([shop.events("/warehouse"), vendor.connections], [[], 0]);
      for (const { anonymousId, userId } of shop.events("/errors"))
        assert.deepEqual([anonymousId, userId].filter(Boolean), []);
    }
    shop.answer("/errors", { status: 503, body: "" });
    await tab.run(track, "Broken For Long");
    const copies = await until(async () => {
      const pages = Object.entries(await tab.run(copied));
      return pages.length > 0 && pages;
    });
    for (const [key, text] of copies) {
      assert.match(key, /^tg_q\./);
      assert.match(text, /Broken For Long/);
      assert.doesNotMatch(text, /anonymousId|userId/);
    }
  });

  test("40. Receipt proves who/when/what/version for each sent event", async (t) => {
    const { shop, vendor, tab } = await visit(engine, t, {
      platform: vanilla,
      config: (standard) => withConsent(standard, { policyRevision: 7 }),
    });
    await tab.run(track, "Waited");
    await until(() => tab.run(vanilla.isThere));
    await tab.run(vanilla.answer, ["analytics"]);
    await tab.run(track, "Analytics Alone");
    await tab.run(vanilla.answer, ["analytics", "advertising"]);
    await tab.run(track, "Everything");
    await until(() => shop.events("/warehouse").length === 3 && vendor.events("/ads").length === 1);
    const receipts = await tab.run(() => window.analytics.consent.receipts());
    const sent = [...shop.events(), ...vendor.events()];
    for (const { event, messageId, timestamp, anonymousId, context } of sent) {
      const { consent, library } = context;
      const receipt = receipts.find(({ rev }) => rev === consent.rev);
      assert.ok(receipt, `${event} names a receipt: ${consent.rev} of ${JSON.stringify(receipts)}`);
      // What was allowed, under which policy, by whom, and when.
      assert.deepEqual(receipt.categoryPreferences, consent.categoryPreferences);
      assert.equal(receipt.policyRevision, 7);
      assert.match(receipt.because.analytics, /vanilla-cookieconsent/);
      if (event !== "Waited") assert.ok(Date.parse(receipt.at) <= Date.parse(timestamp));
      assert.match(anonymousId, /^[0-9a-f-]{36}$/);
      assert.match(library.version, /^\d+\.\d+\.\d+/);
      const decisions = await tab.run((id) => window.analytics.explain(id), messageId);
      const warehouse = decisions.filter(({ subject }) => subject === "destination:warehouse").at(-1);
      assert.equal(warehouse?.decision, "allow");
      assert.notEqual(warehouse?.because.length, 0);
    }
    const waited = sent.find(({ event }) => event === "Waited");
    assert.ok(waited.context.consent.capturedRev < waited.context.consent.rev, "captured before it was allowed");
  });
});

/** A vendor's script that brings another one along. @param {string} src */
const injects = (src) => `document.head.append(Object.assign(document.createElement("script"), { src: "${src}" }));`;

/** A framed page says what it does; what is told last stays. */
const tellParent = `<script>
  if (window !== parent) {
    const done = [];
    const tell = (what) => { done.push(what); parent.postMessage(done, "*"); };
    analytics.ready(() => tell("ready"));
    onmessage = () => { analytics.track("In A Frame"); tell("tracked"); };
  }
</script>`;
