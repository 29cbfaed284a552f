/** Who a visitor is across SDKs, subdomains and pages. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { config, html, isReady, openPage, page } from "./support/pages.mjs";
import { until } from "./support/until.mjs";

inEveryBrowser(({ launch, name }) => {
  let /** @type {import("./support/browsers.mjs").Browser} */ browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  test("whom analytics.js knew goes on under the same identifiers, once consent allows it, and once only", async (t) => {
    const { site, visitor } = await openPage(t, browser, {
      ...config,
      identity: { ...config.identity, migrateFrom: ["segment"] },
    });
    site.answer("/before", html("<title>Before</title>"));
    const tab = await visitor.open(`${site.url}/before`);
    await tab.run(() => {
      localStorage.setItem("ajs_anonymous_id", '"seg-anon"');
      localStorage.setItem("ajs_user_traits", '{"plan":"sea"}');
      localStorage.setItem("ajs_group_properties", '{"size":3}');
      // biome-ignore lint/suspicious/noDocumentCookie: as analytics.js does.
      document.cookie = "ajs_user_id=seg-user; Path=/";
      // biome-ignore lint/suspicious/noDocumentCookie: as analytics.js does.
      document.cookie = "ajs_group_id=%22seg-group%22; Path=/";
    });
    const visit = async () => {
      await tab.goto(`${site.url}/page`);
      await until(() => tab.run(isReady));
    };
    const known = () =>
      tab.run(() => {
        const [user, group] = [window.analytics.user(), window.analytics.group()];
        return [user.anonymousId(), user.id(), user.traits(), group.id(), group.traits()];
      });
    await visit();
    assert.deepEqual(await known(), [null, null, {}, null, {}]);
    assert.equal(await tab.run(() => Object.keys(localStorage).some((key) => key.startsWith("tg_"))), false);
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.track("Goes on");
    });
    const whole = ["seg-anon", "seg-user", { plan: "sea" }, "seg-group", { size: 3 }];
    assert.deepEqual(await known(), whole);
    const event = await until(async () => (await site.events()).find(({ event }) => event === "Goes on"));
    assert.deepEqual([event.anonymousId, event.userId], ["seg-anon", "seg-user"]);
    await tab.run(() => localStorage.setItem("ajs_anonymous_id", '"changed"'));
    await visit();
    assert.deepEqual(await known(), whole);
    // A withdrawal ends it: a later grant begins with an identifier of its own.
    await tab.run(() => void window.analytics.consent.set({ analytics: false }));
    await visit();
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    const [fresh] = await known();
    assert.ok(fresh && fresh !== "seg-anon" && fresh !== "changed", fresh);
  });

  test("a withdrawal erases what was taken over from analytics.js where it was, and nothing else", async (t) => {
    const { site, visitor } = await openPage(t, browser, {
      ...config,
      identity: { ...config.identity, migrateFrom: ["segment"] },
    });
    site.answer("/before", html("<title>Before</title>"));
    const tab = await visitor.open(`${site.url}/before`);
    await tab.run(() => {
      for (const key of ["ajs_anonymous_id", "ajs_user_id", "ajs_group_id", "theirs"]) {
        localStorage.setItem(key, '"a"');
        // biome-ignore lint/suspicious/noDocumentCookie: as analytics.js does.
        document.cookie = `${key}=a; Path=/`;
      }
      for (const key of ["ajs_user_traits", "ajs_group_properties"]) localStorage.setItem(key, '{"n":1}');
    });
    const left = (/** @type {string} */ prefix) =>
      tab.run(
        (prefix) =>
          [...Object.keys(localStorage), ...document.cookie.split("; ")].filter((key) => key.startsWith(prefix)).length,
        prefix,
      );
    await tab.goto(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    assert.equal(await tab.run(() => window.analytics.user().anonymousId()), "a");
    assert.equal(await left("ajs_"), 8);
    await tab.run(() => void window.analytics.consent.set({ analytics: false }));
    await until(async () => (await left("ajs_")) === 0);
    assert.equal(await left("theirs"), 2);
  });

  test("with disableClientPersistence nothing is stored, although events are sent under a grant", async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const options = "<script>analytics._loadOptions = { disableClientPersistence: true };</script>";
    site.answer("/page", html(page.replace("<script async", () => `${options}<script async`)));
    const tab = await visitor.open(`${site.url}/page`);
    await until(() => tab.run(isReady));
    await tab.run(() => {
      window.analytics.consent.set({ analytics: true });
      window.analytics.identify("u-1", { plan: "sea" });
      window.analytics.track("A");
    });
    const stored = () =>
      tab.run(async () => [
        document.cookie,
        ...Object.keys(localStorage),
        ...Object.keys(sessionStorage),
        ...(await (indexedDB.databases?.() ?? [])).map(({ name }) => name),
      ]);
    assert.deepEqual(await stored(), [""]);
    const sent = await until(async () => (await site.events()).find(({ event }) => event === "A"));
    assert.equal(sent.userId, "u-1");
    await until(() => tab.run(() => window.analytics.stats().delivered === 2));
    assert.equal(await tab.run(() => window.analytics.stats().durability), "memory");
    await tab.reload();
    await until(() => tab.run(isReady));
    assert.deepEqual(await stored(), [""]);
  });

  // WebKitGTK asks the system for such names, which knows only localhost itself.
  const skip = name === "WebKitGTK" && "it does not resolve names below localhost";
  test("subdomains of a site share a visitor, and a withdrawal on one takes the cookie from all", {
    skip,
  }, async (t) => {
    const { site, visitor } = await openPage(t, browser);
    const { port } = new URL(site.url);
    const tab = await visitor.open(`http://shop.brand.localhost:${port}/page`);
    const known = async () => {
      await until(() => tab.run(isReady));
      return tab.run(() => window.analytics.user().anonymousId());
    };
    assert.equal(await known(), null);
    assert.equal(await tab.run(() => document.cookie), "", "before a grant not even a cookie to try");
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    const first = await known();
    assert.equal(await tab.run(() => document.cookie), `tg_anonymous_id=${first}`);
    await tab.run(() => void window.analytics.identify("Jørgen; 1"));
    await tab.goto(`http://blog.brand.localhost:${port}/page`);
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    assert.equal(await known(), first);
    const user = () => tab.run(() => window.analytics.user().id());
    assert.equal(await user(), "Jørgen; 1");
    await tab.run(() => void window.analytics.reset());
    const second = await known();
    await tab.goto(`http://shop.brand.localhost:${port}/page`);
    assert.deepEqual(
      [await known(), await user()],
      [second, null],
      "who logs out on one subdomain is nobody on the other",
    );
    await tab.run(() => void window.analytics.consent.set({ analytics: false }));
    assert.equal(await tab.run(() => document.cookie), "");
    await tab.goto(`http://www.brand.localhost:${port}/page`);
    await tab.run(() => void window.analytics.consent.set({ analytics: true }));
    assert.ok(![first, second].includes(await known()));
  });
});
