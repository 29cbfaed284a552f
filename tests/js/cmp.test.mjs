import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/bundle.mjs";
import { fakePage } from "./support/fake-page.mjs";

const script = await bundle("script.ts");

/** @param {number} days */
const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();

const DECISION = {
  categories: ["necessary", "analytics"],
  revision: 0,
  consentId: "3b1f0a6e-0000-4000-8000-000000000001",
  consentTimestamp: daysAgo(500),
  lastConsentTimestamp: daysAgo(390),
  expirationTime: Date.now() + 86_400_000,
};

/** A stand-in for vanilla-cookieconsent 3 with what the adapter reads; the real one runs in the browser suite. */
function banner(page, cookie, config = { categories: { necessary: {}, analytics: {}, ads: {} } }) {
  const state = { cookie, config: { mode: "opt-in", ...config } };
  page.window.CookieConsent = { getCookie: () => state.cookie, getConfig: (field) => state.config[field] };
  return state;
}

const signals = (page) =>
  page
    .core()
    .filter(([name]) => name === "signal")
    .map(([, source, text]) => [source, JSON.parse(text)]);
const last = (page) => signals(page).at(-1)?.[1];

async function started(page) {
  page.run(script);
  await page.settle();
  return page;
}

test("an answered banner tells what was accepted and what was not", async () => {
  const page = fakePage();
  banner(page, DECISION);
  await started(page);
  assert.deepEqual(signals(page), [
    ["vanilla-cookieconsent", { decided: false }],
    [
      "vanilla-cookieconsent",
      { decided: true, accepted: ["necessary", "analytics"], rejected: ["ads"], model: "opt-in", revision: 0 },
    ],
  ]);
});

for (const [what, cookie, config] of [
  ["no record", {}],
  ["a record without a time", { ...DECISION, lastConsentTimestamp: undefined }],
  ["an expired record", { ...DECISION, expirationTime: Date.now() - 1 }],
  ["a record of another policy revision", DECISION, { categories: {}, revision: 3 }],
])
  test(`${what} decides nothing`, async () => {
    const page = fakePage();
    banner(page, cookie, config);
    await started(page);
    assert.equal(last(page)?.decided, false);
    assert.equal(last(page)?.accepted?.length, 0);
  });

test("before run() nothing goes ahead, although silence is a yes", async () => {
  const page = fakePage();
  const state = banner(page, DECISION, { categories: undefined });
  await started(page);
  assert.deepEqual(last(page), { decided: false });
  state.config.categories = { necessary: {}, analytics: {}, ads: {} };
  page.window.dispatchEvent(new Event("pageshow"));
  assert.deepEqual(last(page)?.rejected, ["ads"]);
});

for (const time of ["yesterday", daysAgo(400)])
  test(`a record of ${time === "yesterday" ? "a time that nobody can read" : "more than 13 months ago, however long it lasts,"} lets nobody go ahead, not even where silence is yes`, async () => {
    const page = fakePage();
    banner(page, { ...DECISION, lastConsentTimestamp: time });
    await started(page);
    assert.deepEqual(last(page), { decided: false });
  });

test("a choice reaches the core in the same task", async () => {
  const page = fakePage();
  const state = banner(page, {});
  await started(page);
  assert.equal(last(page)?.decided, false);
  state.cookie = DECISION;
  page.window.dispatchEvent(new CustomEvent("cc:onConsent", { detail: { cookie: DECISION } }));
  assert.equal(last(page)?.decided, true);
});

test("a choice before the adapter came is undecided, and heard once it is there", async () => {
  const page = await started(fakePage());
  assert.deepEqual(signals(page), []);
  page.window.dispatchEvent(new CustomEvent("cc:onConsent", { detail: { cookie: DECISION } }));
  assert.equal(last(page)?.decided, false);
  await page.settle();
  assert.deepEqual(last(page)?.accepted, ["necessary", "analytics"]);
});

test("a record of an earlier visit keeps the banner undecided while its script is on the way", async () => {
  const page = fakePage();
  page.document.cookie = "a=1; cc_cookie=%7B%7D";
  await started(page);
  assert.deepEqual(signals(page), [["vanilla-cookieconsent", { decided: false }]]);
});

test("a record that vanished is noticed when the page comes back, and when another tab says so", async () => {
  for (const comesBack of [
    (page) => page.window.dispatchEvent(new Event("pageshow")),
    (page) => page.window.dispatchEvent(new Event("visibilitychange")),
    (page) => page.window.coreHost.notify("consent-hint", ""),
  ]) {
    const page = fakePage();
    const state = banner(page, DECISION);
    await started(page);
    state.cookie = {};
    comesBack(page);
    await page.settle();
    assert.equal(last(page)?.decided, false);
  }
});

test("nothing is told twice", async () => {
  const page = fakePage();
  banner(page, DECISION);
  await started(page);
  const { length } = signals(page);
  page.window.dispatchEvent(new Event("pageshow"));
  assert.equal(signals(page).length, length);
});

test("a banner whose API throws has decided nothing", async () => {
  const page = fakePage();
  page.window.CookieConsent = {
    getConfig() {
      throw new Error("broken");
    },
    getCookie() {},
  };
  await started(page);
  assert.equal(last(page)?.decided, false);
});

test("another product under the same global is left alone", async () => {
  const page = fakePage();
  page.window.CookieConsent = { consent: { marketing: true } };
  await started(page);
  assert.deepEqual(signals(page), []);
});

test("a banner imported as a module is heard through its events, and its cookie is followed by its id", async () => {
  const page = await started(fakePage());
  page.document.cookie = `a=1; my_consent=${encodeURIComponent(JSON.stringify(DECISION))}`;
  page.window.dispatchEvent(new CustomEvent("cc:onConsent", { detail: { cookie: DECISION } }));
  await page.settle();
  assert.deepEqual(last(page)?.accepted, ["necessary", "analytics"]);
  page.document.cookie = `my_consent=${encodeURIComponent(JSON.stringify({ ...DECISION, categories: ["necessary"] }))}`;
  page.window.dispatchEvent(new Event("pageshow"));
  assert.deepEqual(last(page)?.accepted, ["necessary"]);
  page.document.cookie = "";
  page.window.dispatchEvent(new Event("pageshow"));
  assert.equal(last(page)?.decided, false);
});

test("a cookie that does not parse decides nothing and throws nothing", async () => {
  const page = await started(fakePage());
  page.document.cookie = `my_consent=%E0%A4%A ${DECISION.consentId}`;
  page.window.dispatchEvent(new CustomEvent("cc:onConsent", { detail: { cookie: DECISION } }));
  await page.settle();
  assert.equal(last(page)?.decided, false);
});
