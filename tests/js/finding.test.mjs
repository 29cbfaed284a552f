/** How consent platforms are found, and their adapters fetched. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieyes } from "./support/cmps/cookieyes.mjs";
import { googleConsentMode } from "./support/cmps/google-consent-mode.mjs";
import { onetrust } from "./support/cmps/onetrust.mjs";
import { setCookie, storageOf } from "./support/cmps/storage.mjs";
import { fakePage } from "./support/fake-page.mjs";
import { accepts, last, pageWith, readBeforeSend, run, started, told, undecided } from "./support/signals.mjs";

test("a platform that the config does not listen to is left as it is", async () => {
  const { page, cmp } = pageWith(onetrust, '{"consent":{"cmp":["onetrust"],"purposes":{}}}');
  const other = googleConsentMode(page);
  cmp.load();
  other.load();
  const { push } = page.window.dataLayer;
  await run(page);
  undecided(last(page, "onetrust"));
  assert.equal(page.window.dataLayer.push, push);
});

test("the adapters are not fetched for a platform that the config does not listen to", async () => {
  for (const cmp of ['"manual"', '["didomi"]']) {
    const { page } = await started(onetrust, `{"consent":{"cmp":${cmp},"purposes":{}}}`);
    assert.deepEqual(page.imported, []);
  }
  const { page } = await started(onetrust, '{"consent":{"cmp":["onetrust"],"purposes":{}}}');
  assert.equal(page.imported.length, 1);
});

test("a record of an earlier visit keeps the platform undecided while its script is on the way", async () => {
  for (const [source, name, value] of [
    ["onetrust", "OptanonConsent", "groups=C0001%3A1"],
    ["cookiebot", "CookieConsent", "{stamp:%27x%27%2Cnecessary:true}"],
    ["didomi", "didomi_token", "abc"],
    ["trustarc", "notice_behavior", "expressed,eu"],
    ["klaro", "klaro", "%7B%7D"],
    ["orejime", "eu-consent", "%7B%7D"],
    ["ketch", "_ketch_consent_v1_", "e30="],
    ["complianz", "cmplz_marketing", "allow"],
    ["iubenda", "_iub_cs-s12", "%7B%7D"],
    ["cookieyes", "cookieyes-consent", "consent:yes"],
    ["sourcepoint", "consentUUID", "3c5d_26"],
  ]) {
    const page = fakePage();
    setCookie(page, "first", "1");
    setCookie(page, name, value);
    await run(page);
    undecided(last(page, source));
    assert.equal(told(page, source).length, 1);
  }
});

test("a record in local storage does, too", async () => {
  for (const [source, key] of [
    ["vanilla-cookieconsent", "cc_cookie"],
    ["klaro", "klaro"],
    ["usercentrics", "uc_settings"],
    ["osano", "osano_consentmanager"],
    ["sourcepoint", "_sp_user_consent_12"],
  ]) {
    const page = fakePage();
    Object.assign(storageOf(page), { first: "1", [key]: "{}" });
    await run(page);
    undecided(last(page, source));
  }
});

for (const [name, source, cookie, value] of [
  ["Cookiebot", "cookiebot", "CookieConsent", "true"],
  ["Sourcepoint", "sourcepoint", "_sp_id.498b", "1"],
])
  test(`${name}: a cookie of another product by its name is not it`, async () => {
    const page = fakePage();
    setCookie(page, cookie, value);
    await run(page);
    assert.deepEqual(told(page, source), []);
  });

test("a platform that nobody clicks on is found by a timer, and the timers end", async () => {
  const { page, cmp } = pageWith(onetrust);
  await run(page);
  cmp.load();
  let count = 0;
  let waited = 0;
  for (; page.timers.length > 0 && count < 50; count++) {
    const { call, ms } = page.timers.shift();
    waited += ms;
    call(ms * 2);
    await page.settle();
  }
  assert.equal(page.imported.length, 1);
  undecided(last(page, "onetrust"));
  assert.ok(count < 10 && waited > 60_000, `${count} timers, ${waited} ms`);
});

test("without tidegate.cmp.js the platform stays undecided, an error says so, and the script is tried for again", async () => {
  const { page, cmp } = pageWith(onetrust);
  let tries = 0;
  page.window.importPart = async (url) => {
    tries += /cmp/.test(url) ? 1 : 0;
    throw new Error(`Failed to fetch ${url}`);
  };
  cmp.load();
  cmp.choose(cmp.categories);
  await run(page);
  undecided(last(page, "onetrust"));
  const [[, code, message]] = page.core().filter(([name]) => name === "report");
  assert.equal(code, "script_failed");
  assert.match(message, /tidegate\.cmp\.js/);
  readBeforeSend(page);
  page.window.dispatchEvent(new Event("click"));
  await page.settle();
  assert.equal(tries, 1, "not at every occasion");
  page.timers.findLast(({ ms }) => ms === 1000).call();
  await page.settle();
  assert.equal(tries, 2);
});

test("each of two platforms is told for itself", async () => {
  const { page, cmp } = pageWith(onetrust);
  const other = cookieyes(page);
  cmp.load();
  other.load();
  cmp.choose(["C0002"]);
  other.choose([]);
  await run(page);
  accepts(last(page, "onetrust"), ["C0001", "C0002"]);
  accepts(last(page, "cookieyes"), ["necessary"]);
  assert.equal(page.imported.length, 1);
});

test("a page without a platform fetches no adapter", async () => {
  const page = fakePage();
  page.window.importPart = () => assert.fail("fetched");
  await run(page);
  assert.deepEqual(page.core("page", "start"), []);
});
