/** The IAB's APIs, against stand-ins: what is told the core. The reference libraries run in the browser suite. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gpp } from "./support/cmps/gpp.mjs";
import { setCookie } from "./support/cmps/storage.mjs";
import { tcf } from "./support/cmps/tcf.mjs";
import { fakePage } from "./support/fake-page.mjs";
import { last, run, told } from "./support/signals.mjs";

const UNDECIDED = { decided: false };
const PAUSED = { decided: false, paused: true };
const TCF = { decided: true, tcf: "CQ" };

const look = (page) => page.window.dispatchEvent(new Event("click"));

/** A page with a platform that has loaded, and the SDK that listens to it. */
async function started(create, options) {
  const page = fakePage();
  const cmp = create(page, options);
  cmp.load();
  await run(page);
  return { page, cmp };
}

test("tcf: a stub is undecided, and its listener hears the platform that takes its place", async () => {
  const page = fakePage();
  const cmp = tcf(page);
  cmp.begin();
  await run(page);
  assert.deepEqual(told(page, "tcf"), [UNDECIDED]);
  cmp.load();
  assert.deepEqual(last(page, "tcf"), TCF);
});

test("tcf: a platform that did not keep the stub's calls is heard at the next look", async () => {
  const page = fakePage();
  const cmp = tcf(page);
  cmp.begin();
  await run(page);
  page.window.__tcfapi = undefined;
  cmp.load();
  look(page);
  assert.deepEqual(last(page, "tcf"), TCF);
});

test("tcf: what the visitor has not confirmed, or the platform does not vouch for, is undecided", async () => {
  for (const changes of [
    { eventStatus: "cmpuishown", tcString: "CR" },
    { eventStatus: undefined },
    { gdprApplies: undefined },
    { cmpStatus: "loading" },
    { cmpStatus: "error" },
    { tcString: "" },
    { tcString: undefined },
    { tcString: 7 },
  ]) {
    const { page, cmp } = await started(tcf);
    assert.deepEqual(last(page, "tcf"), TCF);
    cmp.say(changes);
    assert.deepEqual(last(page, "tcf"), UNDECIDED, JSON.stringify(changes));
  }
});

test("tcf: a dialog that is opened again changes nothing, and one that was never answered decides nothing", async () => {
  const { page, cmp } = await started(tcf);
  cmp.say({ eventStatus: "cmpuishown" });
  assert.deepEqual(last(page, "tcf"), TCF);
  cmp.say({ eventStatus: "useractioncomplete", tcString: "CR" });
  cmp.say({ eventStatus: "cmpuishown", tcString: TCF.tcf });
  assert.deepEqual(last(page, "tcf"), UNDECIDED);
});

test("tcf: a failure after an answer is undecided, and the answer that follows counts", async () => {
  const { page, cmp } = await started(tcf);
  cmp.say({}, false);
  assert.deepEqual(last(page, "tcf"), UNDECIDED);
  cmp.say({ eventStatus: "useractioncomplete", tcString: "CR" });
  assert.deepEqual(last(page, "tcf"), { decided: true, tcf: "CR" });
});

test("tcf: where the GDPR does not apply it says so", async () => {
  const { page, cmp } = await started(tcf);
  cmp.say({ gdprApplies: false, eventStatus: undefined, tcString: undefined });
  assert.deepEqual(last(page, "tcf"), { decided: true, applies: false });
});

test("tcf: a platform that was switched off, throws or is gone has decided nothing at the next look", async () => {
  for (const end of [
    ({ cmp }) => {
      cmp.status = "error";
    },
    ({ page }) => {
      page.window.__tcfapi = () => assert.fail("broken");
    },
    ({ page }) => {
      page.window.__tcfapi = undefined;
    },
    ({ page }) => {
      page.window.__tcfapi = () => {};
    },
  ]) {
    const both = await started(tcf);
    end(both);
    look(both.page);
    assert.deepEqual(last(both.page, "tcf"), UNDECIDED);
  }
});

for (const returns of [false, true])
  test(`gpp: what it says counts while it is ready${returns ? ", also where it returns it" : ""}`, async () => {
    const { page, cmp } = await started(gpp, { returns });
    assert.deepEqual(told(page, "gpp"), [UNDECIDED, PAUSED]);
    cmp.data.signalStatus = "ready";
    Object.assign(cmp.data, { gppString: "DBABLA~BVQqAAAAAgA.QA", applicableSections: [7, 8] });
    look(page);
    const ready = { decided: true, gpp: "DBABLA~BVQqAAAAAgA.QA", applicable: [7, 8] };
    assert.deepEqual(last(page, "gpp"), ready);
    cmp.data.signalStatus = "not ready";
    look(page);
    assert.deepEqual(last(page, "gpp"), PAUSED);
    cmp.data.cmpStatus = "error";
    look(page);
    assert.deepEqual(last(page, "gpp"), UNDECIDED);
  });

test("gpp: a change is told in the same task", async () => {
  const { page, cmp } = await started(gpp);
  cmp.say({ signalStatus: "ready", applicableSections: [-1] });
  assert.deepEqual(last(page, "gpp"), { decided: true, gpp: "DBAA", applicable: [-1] });
  cmp.say({ signalStatus: "not ready" });
  assert.deepEqual(last(page, "gpp"), PAUSED);
});

test("gpp: what is not a string with the numbers of its sections is undecided", async () => {
  for (const changes of [{ gppString: null }, { applicableSections: undefined }, { applicableSections: ["7"] }]) {
    const { page, cmp } = await started(gpp);
    cmp.say({ signalStatus: "ready", applicableSections: [7], ...changes });
    assert.deepEqual(last(page, "gpp"), UNDECIDED, JSON.stringify(changes));
  }
});

test("usp: the API is asked at each look", async () => {
  const page = fakePage();
  let uspString = "1YNN";
  page.window.__uspapi = (command, version, call) => call({ version, uspString }, command === "getUSPData");
  await run(page);
  assert.deepEqual(last(page, "usp"), { decided: true, usp: "1YNN" });
  uspString = "1YYN";
  look(page);
  assert.deepEqual(last(page, "usp"), { decided: true, usp: "1YYN" });
  uspString = null;
  look(page);
  assert.deepEqual(last(page, "usp"), UNDECIDED);
});

test("usp: an API that fails or does not answer is undecided, whatever an earlier visit stored", async () => {
  for (const api of [(_command, _version, call) => call(null, false), () => {}, () => assert.fail("broken")]) {
    const page = fakePage();
    setCookie(page, "usprivacy", "1YNN");
    page.window.__uspapi = api;
    await run(page);
    assert.deepEqual(told(page, "usp"), [UNDECIDED]);
  }
});

test("usp: without an API the cookie says it", async () => {
  const page = fakePage();
  setCookie(page, "usprivacy", "1YYN");
  await run(page);
  assert.deepEqual(last(page, "usp"), { decided: true, usp: "1YYN" });
  setCookie(page, "usprivacy");
  look(page);
  assert.deepEqual(last(page, "usp"), UNDECIDED);
});
