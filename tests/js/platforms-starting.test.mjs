/** Consent platforms that have not started: what they cannot be asked yet is not taken for silence. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complianz } from "./support/cmps/complianz.mjs";
import { cookiebot } from "./support/cmps/cookiebot.mjs";
import { cookieyes } from "./support/cmps/cookieyes.mjs";
import { didomi } from "./support/cmps/didomi.mjs";
import { iubenda } from "./support/cmps/iubenda.mjs";
import { ketch } from "./support/cmps/ketch.mjs";
import { klaro } from "./support/cmps/klaro.mjs";
import { onetrust } from "./support/cmps/onetrust.mjs";
import { orejime } from "./support/cmps/orejime.mjs";
import { osano } from "./support/cmps/osano.mjs";
import { setCookie } from "./support/cmps/storage.mjs";
import { trustarc } from "./support/cmps/trustarc.mjs";
import { usercentrics2, usercentrics3 } from "./support/cmps/usercentrics.mjs";
import {
  accepts,
  last,
  pageWith,
  readBeforeSend,
  run,
  silent,
  started,
  swap,
  told,
  unheard,
} from "./support/signals.mjs";

/** Where a visitor has refused on an earlier page: what is of the platform before it can be asked, and what starts it. */
const HALF_THERE = [
  [
    "onetrust",
    onetrust,
    "its groups are there, its methods are not",
    ({ window }) => swap(window, "OneTrust", undefined),
  ],
  [
    "onetrust",
    onetrust,
    "only some of its methods are there",
    ({ window }) => swap(window.OneTrust, "GetDomainData", undefined),
  ],
  ["cookiebot", cookiebot, "it has not read its record", ({ window }) => swap(window.Cookiebot, "hasResponse", false)],
  [
    "cookiebot",
    cookiebot,
    "it has not read how it was answered",
    ({ window }) => swap(window.Cookiebot, "consent", { method: null }),
  ],
  [
    "didomi",
    didomi,
    "its methods are there and it is not ready",
    ({ window }) => swap(window.Didomi, "isReady", () => false),
  ],
  ["didomi", didomi, "its object has no methods", ({ window }) => swap(window, "Didomi", {})],
  [
    "usercentrics",
    usercentrics2,
    "version 2 is not initialized",
    ({ window }) => swap(window.UC_UI, "isInitialized", () => false),
  ],
  [
    "usercentrics",
    usercentrics3,
    "version 3 has not answered",
    ({ window }) => swap(window.__ucCmp, "getConsentDetails", () => new Promise(() => {})),
  ],
  [
    "osano",
    osano,
    "it has not called its listeners",
    ({ window }) => swap(window, "Osano", { cm: { ...window.Osano.cm, addEventListener() {} } }),
  ],
  ["klaro", klaro, "it has no manager", ({ window }) => swap(window, "klaro", {})],
  ["klaro", klaro, "the document is being parsed", ({ document }) => swap(document, "readyState", "loading")],
  ["orejime", orejime, "it has no manager", ({ window }) => swap(window, "orejime", { config: {} })],
  [
    "complianz",
    complianz,
    "its settings are there, its functions are not",
    ({ window }) => swap(window, "cmplz_has_consent", undefined),
  ],
  [
    "iubenda",
    iubenda,
    "its configuration is there, its script is not",
    ({ window }) => swap(window._iub, "cs", undefined),
  ],
  ["iubenda", iubenda, "its script has no answer in memory", ({ window }) => swap(window._iub, "cs", {})],
  [
    "cookieyes",
    cookieyes,
    "it has not read its record",
    ({ window }) => {
      const { getCkyConsent } = window;
      return swap(window, "getCkyConsent", () => ({ ...getCkyConsent(), isUserActionCompleted: false }));
    },
  ],
];

for (const [source, create, how, halve] of HALF_THERE)
  test(`${source}: while ${how}, an earlier refusal is not overridden, although silence is a yes`, async () => {
    const { page, cmp } = pageWith(create);
    cmp.load();
    cmp.choose([]);
    const start = halve(page);
    await run(page);
    assert.ok(told(page, source).length > 0);
    for (const signal of told(page, source)) unheard(signal);
    start();
    // What it tells of its start.
    for (const event of ["pageshow", "UC_UI_INITIALIZED"]) page.window.dispatchEvent(new Event(event));
    await page.settle();
    accepts(last(page, source), cmp.necessary);
  });

test("Ketch: before it has told anything, an earlier refusal is not overridden, although silence is a yes", async () => {
  const { page, cmp } = pageWith(ketch);
  cmp.restore({}, "consent_optin");
  cmp.begin();
  await run(page);
  unheard(last(page, "ketch"));
});

test("Usercentrics 3: that cannot answer yet is asked again", async () => {
  const { page, cmp } = pageWith(usercentrics3);
  cmp.load();
  cmp.choose([]);
  const start = swap(page.window.__ucCmp, "getConsentDetails", () => Promise.reject(new Error("not initialized")));
  await run(page);
  unheard(last(page, "usercentrics"));
  start();
  readBeforeSend(page);
  await page.settle();
  accepts(last(page, "usercentrics"), cmp.necessary);
});

test("TrustArc: before its script says what its record is called, an earlier refusal is not overridden, although silence is a yes", async () => {
  const { page, cmp } = pageWith(trustarc);
  cmp.begin();
  setCookie(page, "notice_gdpr_prefs_shop", "0:");
  await run(page);
  unheard(last(page, "trustarc"));
  cmp.load();
  page.window.truste.eu.COOKIE_GDPR_PREF_NAME = "notice_gdpr_prefs_shop";
  accepts(readBeforeSend(page).trustarc, ["0"]);
});

test("Cookiebot, CookieYes: a record without an answer, before they have read it, is silence", async () => {
  for (const [source, create, how] of [
    ["cookiebot", cookiebot, { stamp: "-1" }],
    ["cookieyes", cookieyes, { action: "no" }],
  ]) {
    const { page, cmp } = pageWith(create);
    cmp.load();
    cmp.choose(cmp.categories, how);
    cmp.load();
    await run(page);
    silent(last(page, source));
  }
});

test("iubenda: a newcomer is not held once its script has come, whatever it has in memory", async () => {
  const { page, cmp } = pageWith(iubenda);
  cmp.begin();
  await run(page);
  unheard(last(page, "iubenda"));
  page.window._iub.cs = {};
  silent(readBeforeSend(page).iubenda);
});

test("iubenda: a record that does not say which purposes were refused lets nobody go ahead", async () => {
  const { page, cmp } = await started(iubenda);
  setCookie(
    page,
    cmp.name,
    encodeURIComponent(JSON.stringify({ timestamp: new Date().toISOString(), consent: false })),
  );
  unheard(readBeforeSend(page).iubenda);
});
