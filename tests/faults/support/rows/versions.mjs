/** What only a core in WebAssembly, and a journal with a version, can meet. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../../js/scripts/tools.mjs";
import { checked } from "../../../browser/support/journal.mjs";

const WASM = "/dist/tidegate_bg.wasm";
const wasm = () => readFileSync(join(root, WASM));

/**
 * Makes every journal page one of another version, as that would have written it.
 * @param {import("../../../browser/support/browsers.mjs").Tab} tab @param {string} from @param {string} to
 */
async function convert(tab, from, to) {
  const stored = await tab.run(() => Object.entries({ ...localStorage }).filter(([key]) => key.startsWith("tg_q.")));
  if (stored.length === 0) throw new Error(`nothing of version ${from} is stored`);
  const pages = stored.map(([key, text]) => {
    const body = text.slice(text.indexOf("\n") + 1);
    if (checked(body) !== text) throw new Error("the test's checksum is not the journal's");
    return [key, checked(body.replace(`{"v":${from}`, `{"v":${to}`))];
  });
  await tab.run((pages) => {
    for (const [key, text] of pages) localStorage.setItem(key, text);
  }, pages);
}

/** Twenty calls on a page that may have no core. @type {import("./index.mjs").Row["happens"]} */
const calls = (trial) => trial.send(20);

/** @type {import("./index.mjs").Row[]} */
export const versions = [
  {
    name: "A newer version's journal, while an older one is back for a visit",
    onlyTidegate: true,
    async happens(trial) {
      trial.collector.mode = "drop";
      await trial.send(10);
      await trial.wait(2);
      await trial.away();
      await convert(trial.tab, "1", "2");
      trial.collector.mode = "ok";
      await trial.back();
      await trial.send(10);
      await trial.wait(5);
      if (trial.collector.counts().stored !== 10) throw new Error("what it does not know was sent");
      await trial.away();
      await convert(trial.tab, "2", "1");
      await trial.back();
    },
  },
  {
    name: "WebAssembly is forbidden by the page's policy",
    onlyTidegate: true,
    headers: { "content-security-policy": "script-src 'self' 'unsafe-inline'" },
    happens: calls,
  },
  {
    name: "The download of the WebAssembly is cut short",
    onlyTidegate: true,
    files: { [WASM]: () => ({ body: wasm().subarray(0, 20_000), headers: { "content-type": "application/wasm" } }) },
    happens: calls,
  },
  {
    name: "The WebAssembly is served as text/plain",
    onlyTidegate: true,
    files: { [WASM]: () => ({ body: wasm(), headers: { "content-type": "text/plain" } }) },
    happens: calls,
  },
  {
    name: "The core stops with an error in the midst of twenty calls",
    onlyTidegate: true,
    first: ["break"],
    async happens(trial) {
      await trial.send(5);
      await trial.tab.run(() => window.breakClock(1));
      await trial.send(15);
    },
  },
];
