/** The IAB's reference libraries in real browsers: what they say becomes signals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inEveryBrowser } from "./support/browsers.mjs";
import { encoded, gppStub, libraries, listener, tcfStub } from "./support/iab.mjs";
import { html, script } from "./support/pages.mjs";
import { until } from "./support/until.mjs";
import { openForTests } from "./support/visits.mjs";

const UNDECIDED = { decided: false };
const PAUSED = { decided: false, paused: true };
const [first, second] = encoded("tcf");

/** @param {string[]} scripts @param {string} [body] */
const pageOf = (scripts, body = "") =>
  html(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>IAB</title><link rel="icon" href="data:,"></head>
<body>${scripts.map((name) => `<script src="/${name}.js"></script>`).join("")}${body}</body></html>`);

/** Runs in the page. @param {string} source */
const last = (source) => window.signals?.findLast(([of]) => of === source)?.[1];
const lastInFrame = (source) => window.frames.inner?.signals?.findLast(([of]) => of === source)?.[1];

inEveryBrowser(({ launch }) => {
  const { visit } = openForTests(launch, (site) => {
    for (const [name, source] of Object.entries({ libraries, listener, tcfStub, gppStub }))
      site.answer(`/${name}.js`, script(source));
    site.answer("/stubs", pageOf(["tcfStub", "gppStub", "listener", "libraries"]));
    site.answer("/inner", pageOf(["listener"]));
    const inner = `<iframe name="inner" src="/inner"></iframe>`;
    site.answer("/outer", pageOf(["tcfStub", "gppStub", "libraries"], inner));
  });

  test("tcf: stub, dialog, answer, dialog again, withdrawal", async (t) => {
    const tab = await visit(t, "/stubs");
    await until(() => tab.run(last, "tcf"));
    const told = await tab.run(
      (first, second) => {
        const said = () => ({ ...window.signals.findLast(([of]) => of === "tcf")[1] });
        const all = [said()];
        const cmp = new window.TcfApi(31, 1);
        const update = (...args) => {
          cmp.update(...args);
          all.push(said());
        };
        update("", true);
        update(first, false);
        update(first, true);
        update(second, true);
        update(second, false);
        return all;
      },
      first,
      second,
    );
    const answers = [
      { decided: true, tcf: first },
      { decided: true, tcf: second },
    ];
    // A dialog that is opened again has changed nothing; what it has not been left with counts for nothing.
    assert.deepEqual(told, [UNDECIDED, UNDECIDED, answers[0], answers[0], UNDECIDED, answers[1]]);
  });

  test("tcf: where the GDPR does not apply it says so", async (t) => {
    const tab = await visit(t, "/stubs");
    await tab.run(() => new window.TcfApi(31, 1).update(null));
    assert.deepEqual(await tab.run(last, "tcf"), { decided: true, applies: false });
  });

  test("tcf: a platform that is switched off, of which no listener hears, has decided nothing at the next look", async (t) => {
    const tab = await visit(t, "/stubs");
    await tab.run((tc) => {
      window.cmp = new window.TcfApi(31, 1);
      window.cmp.update(tc, false);
    }, first);
    assert.deepEqual(await tab.run(last, "tcf"), { decided: true, tcf: first });
    await tab.run(() => {
      window.cmp.disable();
      dispatchEvent(new Event("click"));
    });
    assert.deepEqual(await tab.run(last, "tcf"), UNDECIDED);
  });

  test("gpp: it counts while it is ready, and a change is told in the same task", async (t) => {
    const tab = await visit(t, "/stubs");
    await until(() => tab.run(last, "gpp"));
    const [before, ready, not, none] = await tab.run(() => {
      const said = () => ({ ...window.signals.findLast(([of]) => of === "gpp")[1] });
      const all = [said()];
      const cmp = new window.GppApi(31, 1);
      cmp.setFieldValue("usnat", "SaleOptOut", 1);
      cmp.setApplicableSections([7]);
      cmp.fireSectionChange("usnat");
      cmp.setSignalStatus("ready");
      all.push(said());
      cmp.setSignalStatus("not ready");
      all.push(said());
      cmp.setApplicableSections([-1]);
      cmp.setSignalStatus("ready");
      all.push(said());
      return all;
    });
    assert.deepEqual([before, not], [PAUSED, PAUSED]);
    assert.deepEqual([ready.decided, ready.applicable, none.applicable], [true, [7], [-1]]);
    assert.match(ready.gpp, /^DBABLA~/);
  });

  test("both are heard from a frame, which has to ask the page around it", async (t) => {
    const tab = await visit(t, "/outer");
    await until(() => tab.run(lastInFrame, "tcf"));
    await tab.run((tc) => {
      window.cmp = new window.TcfApi(31, 1);
      window.cmp.update(tc, false);
      const gpp = new window.GppApi(31, 1);
      gpp.setFieldValue("usnat", "SaleOptOut", 2);
      gpp.setApplicableSections([7]);
      gpp.setSignalStatus("ready");
    }, first);
    // An answer to the ping before may still be that of the stub.
    const looked = async (source) => {
      await tab.run(() => window.frames.inner.dispatchEvent(new Event("click")));
      return tab.run(lastInFrame, source);
    };
    await until(async () => (await looked("tcf")).tcf === first);
    await until(async () => (await looked("gpp")).applicable?.[0] === 7);
    await tab.run(() => window.cmp.disable());
    await until(async () => !(await looked("tcf")).decided);
  });
});
