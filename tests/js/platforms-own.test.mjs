/** What is peculiar to a consent platform, against its stand-in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { complianz } from "./support/cmps/complianz.mjs";
import { cookiebot } from "./support/cmps/cookiebot.mjs";
import { cookieyes } from "./support/cmps/cookieyes.mjs";
import { didomi } from "./support/cmps/didomi.mjs";
import { googleConsentMode } from "./support/cmps/google-consent-mode.mjs";
import { iubenda } from "./support/cmps/iubenda.mjs";
import { ketch } from "./support/cmps/ketch.mjs";
import { klaro } from "./support/cmps/klaro.mjs";
import { onetrust } from "./support/cmps/onetrust.mjs";
import { orejime } from "./support/cmps/orejime.mjs";
import { osano } from "./support/cmps/osano.mjs";
import { storageOf } from "./support/cmps/storage.mjs";
import { trustarc } from "./support/cmps/trustarc.mjs";
import { usercentrics2, usercentrics3 } from "./support/cmps/usercentrics.mjs";
import { fakePage } from "./support/fake-page.mjs";
import {
  accepts,
  last,
  pageWith,
  readBeforeSend,
  run,
  silent,
  started,
  told,
  undecided,
  unheard,
} from "./support/signals.mjs";

// Klaro, Orejime and others keep no time with the answer: there only its record's end ends it.
for (const [source, create] of [
  ["onetrust", onetrust],
  ["cookiebot", cookiebot],
  ["didomi", didomi],
  ["iubenda", iubenda],
])
  test(`${source}: an answer older than 13 months is none, however long its record lasts`, async () => {
    const { page, cmp } = await started(create);
    cmp.choose(cmp.categories, { daysAgo: 400 });
    // Without a word on categories nobody goes ahead, not even where silence is yes: an old refusal is not undone.
    assert.deepEqual(last(page, source), { decided: false });
    cmp.choose(cmp.categories, { daysAgo: 390 });
    accepts(last(page, source), [...cmp.necessary, ...cmp.categories]);
  });

test("OneTrust: groups that are active before an answer are defaults", async () => {
  const { page, cmp } = await started(onetrust);
  cmp.activate("C0002", "C0004");
  undecided(last(page, "onetrust"));
});

test("OneTrust: an answer that it asks for again is none", async () => {
  const { page, cmp } = await started(onetrust);
  cmp.choose(["C0002"], { awaiting: true });
  undecided(last(page, "onetrust"));
  cmp.choose(["C0002"]);
  page.window.OneTrust.IsAlertBoxClosedAndValid = () => false;
  undecided(readBeforeSend(page).onetrust);
});

test("OneTrust: a group that another tab's cookie denies is not accepted", async () => {
  const { page, cmp } = await started(onetrust);
  cmp.choose(["C0002", "C0004"]);
  cmp.store(`groups=${encodeURIComponent("C0001:1,C0002:0,C0004:1")}`);
  accepts(readBeforeSend(page).onetrust, ["C0001", "C0004"]);
});

test("OneTrust: its model is told where it is one of ours", async () => {
  for (const [name, model] of [
    ["opt-out", "opt-out"],
    ["implied consent", null],
  ]) {
    const { page, cmp } = pageWith(onetrust);
    cmp.model = name;
    cmp.load();
    await run(page);
    assert.equal(last(page, "onetrust").model, model);
  }
});

test("Cookiebot: an implied answer, and one of a visitor nobody asked, are none", async () => {
  for (const how of [{ method: "implied" }, { stamp: "-1" }]) {
    const { page, cmp } = await started(cookiebot);
    cmp.choose(cmp.categories, how);
    undecided(last(page, "cookiebot"));
  }
});

test("Cookiebot: what another tab's answer took back is not accepted", async () => {
  const { page, cmp } = await started(cookiebot);
  cmp.choose(cmp.categories);
  cmp.chooseElsewhere(["statistics"]);
  accepts(readBeforeSend(page).cookiebot, ["necessary", "statistics"]);
});

test("Didomi: where no regulation applies nobody has answered", async () => {
  const { page, cmp } = await started(didomi);
  cmp.state.regulation = "none";
  cmp.choose(cmp.categories);
  undecided(last(page, "didomi"));
});

test("Didomi: an answer that is to be asked for again is none", async () => {
  const { page, cmp } = await started(didomi);
  cmp.choose(cmp.categories);
  cmp.state.collect = true;
  undecided(readBeforeSend(page).didomi);
});

test("Usercentrics 2: implicit consent, and a service that nobody was asked about, are no answer", async () => {
  const { page, cmp } = await started(usercentrics2);
  cmp.choose(cmp.categories, { type: "implicit" });
  undecided(last(page, "usercentrics"));
  cmp.choose(cmp.categories);
  cmp.services.push({ id: "svc-new", categorySlug: "marketing", consent: { status: true, history: [] } });
  undecided(readBeforeSend(page).usercentrics);
});

test("Usercentrics: a category of which some services were accepted is not accepted", async () => {
  for (const create of [usercentrics2, usercentrics3]) {
    const { page, cmp } = await started(create);
    cmp.choose(["svc-stats", "svc-ads"]);
    accepts(last(page, "usercentrics"), [...cmp.necessary, "svc-stats", "svc-ads", "marketing"]);
  }
});

test("Usercentrics 3: implicit consent is no answer", async () => {
  const { page, cmp } = await started(usercentrics3);
  cmp.choose(cmp.categories, { type: "IMPLICIT" });
  await page.settle();
  undecided(last(page, "usercentrics"));
});

test("Usercentrics 3: a dialog that opens changes nothing", async () => {
  const { page, cmp } = await started(usercentrics3);
  cmp.choose(cmp.categories);
  const count = told(page, "usercentrics").length;
  cmp.open();
  await page.settle();
  assert.equal(told(page, "usercentrics").length, count);
});

test("Usercentrics 3: a record that changed is undecided until it was asked about", async () => {
  const { page, cmp } = await started(usercentrics3);
  cmp.choose(cmp.categories);
  storageOf(page).ucData = "changed";
  undecided(readBeforeSend(page).usercentrics);
  await page.settle();
  assert.equal(last(page, "usercentrics").decided, true);
});

test("TrustArc: implied consent is no answer, nor is a record that is not one", async () => {
  const { page, cmp } = await started(trustarc);
  for (const record of ["0,1,2::implied,eu", "0,1,2::implied,us", "yes:", ":"]) {
    cmp.store(record);
    page.window.dispatchEvent(new Event("pageshow"));
    undecided(last(page, "trustarc"));
  }
  cmp.store("0|1|2:1a8b5228");
  accepts(readBeforeSend(page).trustarc, ["0", "1", "2"]);
});

test("Osano: a toggle that was not saved changes nothing", async () => {
  const { page, cmp } = await started(osano);
  cmp.toggle("ANALYTICS");
  undecided(last(page, "osano"));
});

test("Osano: to accept the opt-out grants nothing", async () => {
  const { page, cmp } = await started(osano);
  cmp.consent.OPT_OUT = "ACCEPT";
  cmp.choose([]);
  accepts(last(page, "osano"), ["ESSENTIAL"]);
});

test("Klaro: defaults and unsaved toggles change nothing, a reset is heard in the same task", async () => {
  const { page, cmp } = await started(klaro);
  cmp.toggle("ads");
  undecided(last(page, "klaro"));
  cmp.choose(["analytics"]);
  cmp.toggle("ads");
  accepts(last(page, "klaro"), ["session", "analytics"]);
  cmp.reset();
  undecided(last(page, "klaro"));
});

test("Klaro: a record without a service that the config has is no answer", async () => {
  const { page, cmp } = await started(klaro);
  cmp.choose(cmp.categories);
  cmp.manager.config.services.push({ name: "maps" });
  undecided(readBeforeSend(page).klaro);
});

test("Klaro: its manager is not made before the document is parsed", async () => {
  const { page, cmp } = pageWith(klaro);
  cmp.load();
  let made = 0;
  page.window.klaro = {
    getManager() {
      made++;
      return cmp.manager;
    },
  };
  page.document.readyState = "loading";
  await run(page);
  assert.equal(made, 0);
  page.document.readyState = "interactive";
  page.window.dispatchEvent(new Event("pageshow"));
  assert.equal(made, 1);
});

test("Orejime: defaults that a reset writes are never an answer", async () => {
  const { page, cmp } = await started(orejime);
  cmp.choose(cmp.categories);
  const before = told(page, "orejime").length;
  cmp.manager.clearConsents();
  for (const signal of told(page, "orejime").slice(before)) undecided(signal);
  undecided(last(page, "orejime"));
});

test("Orejime: an answer about one purpose alone is none about the others", async () => {
  const { page, cmp } = await started(orejime);
  cmp.manager.setConsents({ analytics: true });
  undecided(last(page, "orejime"));
});

test("Ketch: defaults are no answer, also where they grant all and are stored", async () => {
  const { page, cmp } = pageWith(ketch);
  cmp.restore({ analytics: true, advertising: true }, "consent_optout");
  cmp.load();
  await run(page);
  undecided(last(page, "ketch"));
});

test("Ketch: a stored no to what needs no yes is an answer", async () => {
  const { page, cmp } = pageWith(ketch);
  cmp.restore({ analytics: true, advertising: false }, "consent_optout");
  cmp.load();
  await run(page);
  accepts(last(page, "ketch"), ["analytics", "essential_services"]);
});

test("Ketch: a stored yes to what needs a yes is an answer", async () => {
  const { page, cmp } = pageWith(ketch);
  cmp.restore({ analytics: true }, "consent_optin");
  cmp.load();
  await run(page);
  accepts(last(page, "ketch"), ["analytics", "essential_services"]);
});

test("Complianz: a missing record is no yes under opt-out, and one of another policy is none", async () => {
  const { page, cmp } = pageWith(complianz);
  cmp.model = "opt-out";
  cmp.load();
  await run(page);
  undecided(last(page, "complianz"));
  assert.equal(last(page, "complianz").model, "opt-out");
  cmp.choose(cmp.categories, { policy: "6" });
  undecided(last(page, "complianz"));
});

test("iubenda: that no answer is needed is no answer", async () => {
  const { page, cmp } = await started(iubenda);
  cmp.call(null);
  undecided(last(page, "iubenda"));
});

test("iubenda: a record by either ID counts, and the page's own callback is called as before", async () => {
  const { page, cmp } = pageWith(iubenda);
  const seen = [];
  cmp.name = "_iub_cs-12";
  cmp.load();
  page.window._iub.csConfiguration.callback = { onPreferenceExpressedOrNotNeeded: (given) => seen.push(given) };
  await run(page);
  cmp.choose(["4"]);
  accepts(last(page, "iubenda"), ["1", "4"]);
  assert.equal(seen.length, 1);
});

test("iubenda: its other products are not its banner", async () => {
  const page = fakePage();
  page.window._iub = { cons_instructions: [] };
  await run(page);
  assert.deepEqual(told(page, "iubenda"), []);
});

test("CookieYes: a record without an action is no answer", async () => {
  const { page, cmp } = await started(cookieyes);
  cmp.choose(cmp.categories, { action: "no" });
  undecided(last(page, "cookieyes"));
});

test("Google Consent Mode: a default is no answer, however long ago, and an update of some types is none", async () => {
  const { page, cmp } = await started(googleConsentMode);
  undecided(last(page, "google-consent-mode"));
  cmp.gtag("consent", "update", { analytics_storage: "granted" });
  undecided(last(page, "google-consent-mode"));
  cmp.gtag("consent", "update", { ad_storage: "denied" });
  accepts(last(page, "google-consent-mode"), ["analytics_storage"]);
});

test("Google Consent Mode: while an update is waited for, nobody goes ahead, and then silence is silence", async () => {
  const { page, cmp } = pageWith(googleConsentMode);
  cmp.begin();
  cmp.gtag("consent", "default", { ad_storage: "denied", wait_for_update: 300 });
  await run(page);
  unheard(last(page, "google-consent-mode"));
  await sleep(350);
  silent(readBeforeSend(page)["google-consent-mode"]);
  cmp.gtag("consent", "update", { ad_storage: "granted" });
  accepts(last(page, "google-consent-mode"), ["ad_storage"]);
});

test("Google Consent Mode: only what gtag pushes counts, and it is heard through what others put around push", async () => {
  const { page, cmp } = await started(googleConsentMode);
  const { dataLayer } = page.window;
  dataLayer.push(["consent", "update", { ad_storage: "granted", analytics_storage: "granted" }]);
  dataLayer.push(null, { event: "x" }, 7);
  undecided(last(page, "google-consent-mode"));
  const { push } = dataLayer;
  dataLayer.push = (...entries) => push.apply(dataLayer, entries);
  cmp.choose(["ad_storage"]);
  accepts(last(page, "google-consent-mode"), ["ad_storage"]);
});

test("Google Consent Mode: where no purpose maps it, its adapter is not fetched", async () => {
  const { page } = await started(googleConsentMode, '{"consent":{"purposes":{"ads":{}}}}');
  assert.deepEqual(page.imported, []);
});
