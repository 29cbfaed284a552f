/**
 * What it costs a page that its consent platform tells an answer: a TC string is decoded and judged for 30 destinations, each of which needs a purpose and a
 * vendor. Where that changes anything the answer is applied too: to queues, tags, storage, receipts, other tabs and listeners. Beside it
 * `@iabtechlabtcf/core` decodes the same strings and is asked the same questions.
 */
import { build } from "esbuild";
import { root } from "../../js/scripts/tools.mjs";
import { openHost } from "../audit/support/host.mjs";
import { inPage } from "../audit/support/world.mjs";
import { until } from "../browser/support/until.mjs";
import { percentile } from "./support/numbers.mjs";
import { dayAfter, stringThat, writtenLater } from "./support/strings.mjs";

const PURPOSES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const DESTINATIONS = 30;
const BATCHES = 40;
/** Browsers round their clock to 100 µs: one answer is too short for it. */
const ANSWERS = 50;

/** Consent to some hundred vendors and the list of those disclosed: what a visitor's "accept all" makes. @param {any} tc */
const isTypical = (tc) =>
  tc.isServiceSpecific && tc.vendorConsents.length > 400 && tc.disclosedVendors?.length > 400 && tc.string.length > 300;

const accepts = stringThat((tc) => isTypical(tc) && tc.purposeConsents.includes(1));
const refuses = stringThat((tc) => isTypical(tc) && !tc.purposeConsents.includes(1));
const vendors = accepts.vendorConsents.slice(0, DESTINATIONS);

/** The same answer, given a while later: what is told is new, and nothing changes. */
const again = writtenLater(accepts.string);

const config = {
  version: 1,
  consent: {
    cmp: ["tcf"],
    purposes: Object.fromEntries(PURPOSES.map((id) => [`p${id}`, { tcf: { purposes: [id] } }])),
    vendors: Object.fromEntries(vendors.map((/** @type {number} */ id) => [`v${id}`, { tcf: { id, purposes: [1] } }])),
  },
  destinations: vendors.map((/** @type {number} */ id, /** @type {number} */ at) => ({
    id: `d${at}`,
    kind: "segment",
    url: "/batch",
    consent: { allOf: [`p${PURPOSES[at % PURPOSES.length]}`], vendor: `v${id}` },
  })),
};

const reference = await build({
  stdin: {
    contents: 'import { TCString } from "@iabtechlabtcf/core"; Object.assign(window, { TCString });',
    resolveDir: root,
  },
  bundle: true,
  minify: true,
  format: "iife",
  write: false,
});

/** What is measured: the strings told in turn, and how. */
const ROWS = [
  { name: "Tidegate: decoded and judged", who: "tidegate", strings: [accepts.string, again] },
  {
    name: "Tidegate: decoded, judged and applied everywhere",
    who: "tidegate",
    strings: [accepts.string, refuses.string],
  },
  { name: "@iabtechlabtcf/core: decoded and asked", who: "core", strings: [accepts.string, again] },
];

/** Runs in the page. Microseconds an answer, a figure a batch. */
function measure(
  /** @type {{ who: string, strings: string[], batches: number, answers: number, purposes: number[], vendors: number[] }} */ given,
) {
  const { who, strings, batches, answers, purposes, vendors } = given;
  const page = /** @type {any} */ (window);
  const tidegate = (/** @type {string} */ tcString) =>
    page.tcf.tell({ gdprApplies: true, eventStatus: "useractioncomplete", tcString });
  const core = (/** @type {string} */ tcString) => {
    const tc = page.TCString.decode(tcString);
    return vendors.filter(
      (id, at) =>
        tc.purposeConsents.has(purposes[at % purposes.length]) &&
        tc.purposeConsents.has(1) &&
        tc.vendorConsents.has(id) &&
        tc.vendorsDisclosed.has(id),
    );
  };
  const tell = who === "tidegate" ? tidegate : core;
  const figures = [];
  for (let batch = 0; batch < batches; batch++) {
    const from = performance.now();
    for (let at = 0; at < answers; at++) tell(strings[at % 2] ?? "");
    figures.push(((performance.now() - from) * 1000) / answers);
  }
  return figures;
}

/** @param {import("../browser/support/browsers.mjs").Browser} browser @returns {Promise<import("./support/table.mjs").Table>} */
export async function bench(browser) {
  const host = await openHost("bench");
  const visitor = await browser.visitor();
  try {
    host.answer("/tcf.js", { body: inPage("tcf") });
    host.answer("/reference.js", { body: reference.outputFiles[0]?.text ?? "" });
    host.answer("/config.json", { body: JSON.stringify(config) });
    host.answer("/page", {
      body: `<!doctype html><meta charset="utf-8">${dayAfter(accepts)}<script src="/tcf.js"></script><script src="/reference.js"></script>
<script src="/dist/tidegate.js" data-config="/config.json"></script>`,
    });
    const tab = await visitor.open(`${host.url}/page`);
    const given = { batches: BATCHES, answers: ANSWERS, purposes: PURPOSES, vendors };
    const rev = () => tab.run(() => window.analytics.consent.get().rev);
    // The parts of the core that the first answer needs have to come.
    await tab.run(measure, { ...given, ...ROWS[0], batches: 1, answers: 1 });
    await until(() => tab.run(() => window.analytics.consent.get().status === "ready"));
    /** @type {number[][]} */
    const figures = ROWS.map(() => []);
    // In turn, so that whatever else the machine does meets all. The first round warms up.
    for (let round = 0; round < 4; round++)
      for (const [at, row] of ROWS.entries()) {
        await tab.run(measure, { ...given, who: "tidegate", strings: [accepts.string], batches: 1, answers: 1 });
        const before = await rev();
        const now = await tab.run(measure, { ...given, ...row });
        const changes = (await rev()) - before;
        const expected = row.strings.includes(refuses.string) ? BATCHES * ANSWERS - 1 : 0;
        if (changes !== expected) throw new Error(`${row.name}: ${changes} changes in place of ${expected}`);
        if (round > 0) figures[at]?.push(...now);
      }
    return {
      title: `A consent platform's answer: TC strings of ${accepts.string.length} characters, ${DESTINATIONS} destinations`,
      columns: ["", "median, µs", "p95, µs"],
      rows: ROWS.map(({ name }, at) => [
        name,
        ...[50, 95].map((part) => percentile(figures[at] ?? [], part).toFixed(0)),
      ]),
    };
  } finally {
    await visitor.leave();
    host.stop();
  }
}
