/**
 * What is asked of each consent platform of `tidegate.cmp.js`, against a stand-in of its documented API; klaro and orejime run for real in the
 * browser suite.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
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
import { sourcepoint, sourcepointUs } from "./support/cmps/sourcepoint.mjs";
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
  told,
  undecided,
  unheard,
} from "./support/signals.mjs";

const PLATFORMS = [
  ["onetrust", onetrust],
  ["cookiebot", cookiebot],
  ["didomi", didomi],
  ["usercentrics", usercentrics2, "usercentrics, version 2"],
  ["usercentrics", usercentrics3, "usercentrics, version 3"],
  ["trustarc", trustarc],
  ["osano", osano],
  ["klaro", klaro],
  ["orejime", orejime],
  ["ketch", ketch],
  ["complianz", complianz],
  ["iubenda", iubenda],
  ["cookieyes", cookieyes],
  ["sourcepoint", sourcepoint],
  ["sourcepoint", sourcepointUs, "sourcepoint, United States"],
  ["google-consent-mode", googleConsentMode],
];

const GLOBALS =
  /^(OneTrust|OnetrustActiveGroups|Cookiebot|Didomi|didomiOnReady|UC_UI|__ucCmp|truste|Osano|klaro|orejime|ketch|cmplz_has_consent|complianz|_iub|getCkyConsent|_sp_|dataLayer)$/;

for (const [source, create, name = source] of PLATFORMS)
  describe(name, () => {
    test("is undecided as soon as something of it shows, before its adapter is there", async () => {
      const { page, cmp } = pageWith(create);
      cmp.begin();
      await run(page);
      assert.ok(told(page, source).length > 0);
      assert.deepEqual(page.imported, ["https://shop.test/sdk/tidegate.cmp.js"]);
      for (const signal of told(page, source)) undecided(signal);
    });

    test("before its API can be asked, nothing goes ahead, although silence is a yes", async () => {
      const { page, cmp } = pageWith(create);
      cmp.begin();
      await run(page);
      for (const signal of [...told(page, source), readBeforeSend(page)[source] ?? last(page, source)]) unheard(signal);
    });

    test("once it has started and nobody has answered, silence is silence", async () => {
      const { page, cmp } = pageWith(create);
      cmp.begin();
      await run(page);
      cmp.load();
      page.window.dispatchEvent(new Event("pageshow"));
      await page.settle();
      silent(last(page, source));
      // Nor is there anything to hear on a page on which it was first.
      const { page: another } = await started(create);
      silent(last(another, source));
    });

    test("tells an answer, and a withdrawal, in the same task", async () => {
      const { page, cmp } = await started(create);
      cmp.choose(cmp.categories);
      accepts(last(page, source), [...cmp.necessary, ...cmp.categories]);
      assert.equal(last(page, source).model, cmp.model);
      cmp.choose([]);
      accepts(last(page, source), cmp.necessary);
      for (const category of source === "trustarc" ? [] : cmp.categories)
        assert.ok(last(page, source).rejected.includes(category), category);
    });

    test("tells what was accepted and no more", async () => {
      const { page, cmp } = await started(create);
      const [one] = cmp.categories;
      cmp.choose([one]);
      accepts(last(page, source), [...cmp.necessary, one]);
    });

    test("that answered before the SDK came is heard", async () => {
      const { page, cmp } = pageWith(create);
      cmp.load();
      cmp.choose(cmp.categories);
      await run(page);
      // What came before somebody listened may have been a default.
      if (source === "ketch" || source === "google-consent-mode") return;
      accepts(last(page, source), [...cmp.necessary, ...cmp.categories]);
    });

    test("that comes long after the SDK is found by the click that answers it", async () => {
      const { page, cmp } = pageWith(create);
      await run(page);
      assert.deepEqual(page.imported, []);
      cmp.load();
      page.window.dispatchEvent(new Event("click"));
      undecided(last(page, source));
      await page.settle();
      cmp.choose(cmp.categories);
      accepts(last(page, source), [...cmp.necessary, ...cmp.categories]);
    });

    test("whose record was deleted by hand has decided nothing at the next send", async () => {
      const { page, cmp } = await started(create);
      if (!cmp.forget) return;
      cmp.choose(cmp.categories);
      cmp.forget();
      undecided(readBeforeSend(page)[source]);
    });

    test("that throws, or is gone, has decided nothing", async () => {
      const broken = new Proxy(() => {}, { get: () => assert.fail("broken"), apply: () => assert.fail("broken") });
      for (const instead of [broken, undefined]) {
        const { page, cmp } = await started(create);
        cmp.choose(cmp.categories);
        for (const name of Object.keys(page.window)) if (GLOBALS.test(name)) page.window[name] = instead;
        page.window.dispatchEvent(new Event("pageshow"));
        undecided(last(page, source));
      }
    });
  });
