/** Real consent platforms in real browsers; vanilla-cookieconsent is the demo store's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { addPage, config, html, isReady, page, script } from "./support/pages.mjs";
import { addPlatforms, platforms, withPlatforms } from "./support/platforms.mjs";
import { openSite } from "./support/site.mjs";
import { until } from "./support/until.mjs";
import { openForTests } from "./support/visits.mjs";

const mapped = Object.fromEntries(platforms.map(({ name }) => [name, ["analytics"]]));
const settings = {
  ...config,
  consent: { model: "opt-in", cmp: "auto", purposes: { necessary: { always: true }, analytics: mapped } },
};

/** What the SDK has on this machine. */
const kept = () => [document.cookie, ...Object.keys(localStorage)].filter((name) => name.includes("tg_"));
const analytics = () => window.analytics.consent.get().purposes.analytics;
const anonymousId = () => window.analytics.user().anonymousId();

inEveryBrowser(({ launch }) => {
  const { visit, events } = openForTests(launch, (site) => {
    addPage(site, settings);
    addPlatforms(site);
    for (const { name } of platforms) site.answer(`/${name}`, html(withPlatforms(page, [name])));
    site.answer("/both", html(withPlatforms(page, ["klaro", "orejime"])));
  });

  /** A tab in which the SDK is ready. @type {typeof visit} */
  const visitReady = async (...where) => {
    const tab = await visit(...where);
    await until(() => tab.run(isReady));
    return tab;
  };

  /** @param {import("./support/browsers.mjs").Tab} tab */
  const sent = async (tab) => (await tab.asked()).filter((url) => url.includes("/v1/"));
  const names = async () => (await events()).map((event) => event.event);

  for (const { name, accept, reject, withdraw, open, toggle, cookie } of platforms) {
    test(`${name}: before a choice nothing is stored and nothing sent`, async (t) => {
      const tab = await visitReady(t, `/${name}`);
      await tab.run(() => void window.analytics.track("Waits"));
      await until(async () => (await tab.asked()).some((url) => url.endsWith("/dist/tidegate.cmp.js")));
      await sleep(1500);
      assert.deepEqual(await tab.run(kept), []);
      assert.deepEqual(await sent(tab), []);
      assert.equal((await tab.run(() => window.analytics.consent.get())).status, "pending");
    });

    test(`${name}: accepted by a click, what waited arrives; a dialog opened again and toggled changes nothing; a reload keeps it`, async (t) => {
      const tab = await visitReady(t, `/${name}`);
      const event = `Waited For ${name} ${Math.random()}`;
      await tab.run((event) => void window.analytics.track(event), event);
      await tab.click(accept);
      await until(async () => (await names()).includes(event));
      const id = await tab.run(anonymousId);
      await tab.run(open);
      await until(() => tab.run(toggle));
      const later = `${event}, later`;
      await tab.run((event) => void window.analytics.track(event), later);
      await until(async () => (await names()).includes(later));
      assert.equal(await tab.run(analytics), "granted");
      await tab.reload();
      await until(() => tab.run(isReady));
      await until(async () => (await tab.run(analytics)) === "granted");
      assert.equal(await tab.run(anonymousId), id);
    });

    test(`${name}: rejected by a click, nothing is stored or sent, after a reload too`, async (t) => {
      const tab = await visitReady(t, `/${name}`);
      await tab.run(() => void window.analytics.track("Never"));
      await tab.click(reject);
      await until(async () => (await tab.run(analytics)) === "denied");
      await tab.reload();
      await until(() => tab.run(isReady));
      await until(async () => (await tab.run(analytics)) === "denied");
      await tab.run(() => void window.analytics.track("Never"));
      await sleep(1000);
      assert.deepEqual(await tab.run(kept), []);
      assert.deepEqual(await sent(tab), []);
    });

    test(`${name}: withdrawn, storage is clean in the same task and nothing more is sent`, async (t) => {
      const tab = await visitReady(t, `/${name}`);
      await tab.click(accept);
      await until(async () => (await tab.run(analytics)) === "granted");
      await tab.run(() => void window.analytics.track("Granted"));
      await until(async () => (await sent(tab)).length > 0);
      await until(async () => (await tab.run(() => window.analytics.stats())).inFlight === 0);
      await tab.run(() => void window.analytics.track("Queued"));
      const { length } = await sent(tab);
      const left = await tab.run(withdraw);
      assert.ok(!left.some((name) => name.includes("tg_")), `${left}`);
      await tab.run(() => void window.analytics.track("After"));
      await sleep(1500);
      assert.equal((await sent(tab)).length, length);
      assert.equal(await tab.run(anonymousId), null);
    });

    test(`${name}: its record deleted by hand is noticed before the next send`, async (t) => {
      const tab = await visitReady(t, `/${name}`);
      await tab.click(accept);
      await until(() => tab.run(anonymousId));
      await until(async () => (await tab.run(() => window.analytics.stats())).inFlight === 0);
      const { length } = await sent(tab);
      await tab.run(async (cookie) => {
        // biome-ignore lint/suspicious/noDocumentCookie: as a visitor does in the browser's settings.
        document.cookie = `${cookie}=; Max-Age=0; Path=/`;
        window.analytics.track("Unheard Of");
        await window.analytics.flush();
      }, cookie);
      await sleep(1000);
      assert.equal((await sent(tab)).length, length);
      assert.notEqual(await tab.run(analytics), "granted");
    });
  }

  test("of two platforms that disagree the one that denies prevails", async (t) => {
    const tab = await visitReady(t, "/both");
    await until(() => tab.run(() => window.klaro && window.orejime && document.readyState === "complete"));
    await tab.run(() => window.orejime.manager.acceptAll());
    await sleep(300);
    assert.equal(await tab.run(analytics), "unknown");
    await tab.run(() => {
      const manager = window.klaro.getManager();
      manager.changeAll(false);
      manager.saveAndApplyConsents();
    });
    await until(async () => (await tab.run(analytics)) === "denied");
    assert.deepEqual(await sent(tab), []);
  });

  test("a platform that comes late takes part from then on: a grant from elsewhere ends", async (t) => {
    const tab = await visitReady(t, "/page");
    await tab.run(() => window.analytics.consent.set({ analytics: true }));
    assert.equal(await tab.run(analytics), "granted");
    await tab.run(async () => {
      for (const file of ["klaro-settings", "klaro"])
        await new Promise((resolve) => {
          const element = document.createElement("script");
          Object.assign(element, { src: `/${file}.js`, onload: resolve, async: false });
          document.head.append(element);
        });
      window.klaro.setup(window.klaroConfig);
    });
    await until(async () => (await tab.run(analytics)) === "unknown");
    await until(async () => (await tab.asked()).some((url) => url.endsWith("/dist/tidegate.cmp.js")));
    await tab.run(() => {
      const manager = window.klaro.getManager();
      manager.changeAll(true);
      manager.saveAndApplyConsents();
    });
    await until(async () => (await tab.run(analytics)) === "granted");
  });

  test("under opt-out silence is a yes, and a refusal is not overridden while the next page is parsed, before Klaro can be asked", async (t) => {
    const site = await openSite();
    addPage(site, { ...settings, consent: { ...settings.consent, model: "opt-out" } });
    addPlatforms(site);
    // Not deferred, so that its object is there long before it starts.
    const body = withPlatforms(page, ["klaro"]).replace("<script defer ", "<script ");
    const held = '<script>window.analytics.track("Refused");</script><script src="/held.js"></script></body>';
    site.answer("/klaro", html(body));
    site.answer("/long", html(body.replace("</body>", held)));
    site.answer("/held.js", script(""));
    t.after(site.stop);
    const tab = await visitReady(t, "/klaro", site.url);
    await tab.run(() => void window.analytics.track("Silent"));
    await until(() => site.batches().some(({ body }) => body.includes("Silent")));
    await tab.click("#klaro .cn-decline");
    await until(async () => (await tab.run(analytics)) === "denied");
    await until(async () => (await tab.run(() => window.analytics.stats())).inFlight === 0);
    const { length } = site.batches();
    const parsed = site.hold(/held\.js$/);
    const going = tab.goto(`${site.url}/long`);
    await until(() => site.seen.some(({ path }) => path === "/held.js"));
    // Time enough for the SDK to start; WebKit has it wait for the page.
    await sleep(3000);
    assert.equal(site.batches().length, length);
    parsed();
    await going;
    await until(() => tab.run(isReady));
    await until(async () => (await tab.run(analytics)) === "denied");
    await sleep(1000);
    assert.equal(site.batches().length, length);
    assert.deepEqual(await tab.run(kept), []);
  });

  test("without tidegate.cmp.js nothing is granted, and an error says so", async (t) => {
    const bare = await openSite();
    addPage(bare, settings);
    addPlatforms(bare);
    bare.answer("/klaro", html(withPlatforms(page, ["klaro"])));
    bare.answer("/dist/tidegate.cmp.js", { ...script("gone"), status: 404 });
    t.after(bare.stop);
    const tab = await visitReady(t, "/klaro", bare.url);
    await tab.click("#klaro .cm-btn-success");
    await until(() => tab.run(() => window.watched.heard.some(({ code }) => code === "script_failed")));
    await sleep(1000);
    assert.equal(await tab.run(analytics), "unknown");
    assert.deepEqual(await tab.run(kept), []);
    assert.equal(bare.batches().length, 0);
  });
});
