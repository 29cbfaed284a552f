/** Each consent platform of `tidegate.cmp.js`, against a stand-in of its documented API; klaro and orejime run for real in the browser suite. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundle } from "./support/bundle.mjs";
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
import { setCookie, storageOf } from "./support/cmps/storage.mjs";
import { trustarc } from "./support/cmps/trustarc.mjs";
import { usercentrics2, usercentrics3 } from "./support/cmps/usercentrics.mjs";
import { fakePage } from "./support/fake-page.mjs";

const script = await bundle("script.ts");

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
  ["google-consent-mode", googleConsentMode],
];

const GLOBALS =
  /^(OneTrust|OnetrustActiveGroups|Cookiebot|Didomi|didomiOnReady|UC_UI|__ucCmp|truste|Osano|klaro|orejime|ketch|cmplz_has_consent|complianz|_iub|getCkyConsent|dataLayer)$/;

const GOOGLE = '{"consent":{"purposes":{"ads":{"google-consent-mode":["ad_storage"]}}}}';

/** A page on which the stand-in takes part. */
function pageWith(create, config = GOOGLE) {
  const files = {
    "https://shop.test/sdk/tidegate.json": { body: config },
    "https://shop.test/sdk/tidegate_bg.wasm": { body: "wasm" },
  };
  const page = fakePage({ files });
  page.imported = [];
  const { importPart } = page.window;
  page.window.importPart = (url) => {
    page.imported.push(url);
    return importPart(url);
  };
  return { page, cmp: create(page) };
}

async function run(page) {
  page.run(script);
  await page.settle();
}

/** A platform whose script is there, with the SDK that found it. */
async function started(create, config) {
  const { page, cmp } = pageWith(create, config);
  cmp.load();
  await run(page);
  return { page, cmp };
}

const told = (page, source) =>
  page
    .core()
    .filter(([name, of]) => name === "signal" && of === source)
    .map(([, , text]) => JSON.parse(text));
const last = (page, source) => told(page, source).at(-1);

/** What a read before a send hears. */
const readBeforeSend = (page) => {
  const lines = page.window.coreHost.signals().split("\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.split(" ")[0], JSON.parse(line.slice(line.indexOf(" ") + 1))]));
};

const accepts = (signal, ids) => {
  assert.equal(signal?.decided, true);
  assert.deepEqual([...signal.accepted].sort(), [...ids].sort());
};
const undecided = (signal) => {
  assert.equal(signal?.decided, false);
  assert.deepEqual(signal.accepted ?? [], []);
  assert.deepEqual(signal.rejected ?? [], []);
};

for (const [source, create, name = source] of PLATFORMS)
  describe(name, () => {
    test("is undecided as soon as something of it shows, before its adapter is there", async () => {
      const { page, cmp } = pageWith(create);
      cmp.begin();
      page.run(script);
      await page.settle();
      assert.ok(told(page, source).length > 0);
      assert.deepEqual(page.imported, ["https://shop.test/sdk/tidegate.cmp.js"]);
      for (const signal of told(page, source)) undecided(signal);
    });

    test("has decided nothing before the visitor answered", async () => {
      const { page } = await started(create);
      undecided(last(page, source));
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

test("Cookiebot: a cookie of the same name by another product is not it", async () => {
  const page = fakePage();
  setCookie(page, "CookieConsent", "true");
  await run(page);
  assert.deepEqual(told(page, "cookiebot"), []);
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
  ]) {
    const page = fakePage();
    setCookie(page, "first", "1");
    setCookie(page, name, value);
    await run(page);
    undecided(last(page, source));
    assert.equal(told(page, source).length, 1);
  }
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
