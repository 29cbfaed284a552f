/** What only a core in WebAssembly, and a journal with a version, can meet. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../../js/scripts/tools.mjs";

const WASM = "/dist/tidegate_bg.wasm";
const wasm = () => readFileSync(join(root, WASM));

/**
 * Runs in the page. Makes every journal page one of another version, as that would have written it, and says how many there are.
 * @param {string} from @param {string} to
 */
function convert(from, to) {
  const checksum = (/** @type {Uint8Array} */ body) => {
    let sum = BigInt(body.length);
    for (let at = 0; at < body.length; at += 8) {
      const word = body.slice(at, at + 8).reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
      const turned = BigInt.asUintN(64, sum << 5n) | (sum >> 59n);
      sum = BigInt.asUintN(64, (turned ^ word) * 0x517cc1b727220a95n);
    }
    return sum.toString(16).padStart(16, "0");
  };
  const pages = Object.entries({ ...localStorage }).filter(([key]) => key.startsWith("tg_q."));
  for (const [key, text] of pages) {
    const [sum, ...lines] = text.split("\n");
    const body = lines.join("\n");
    if (checksum(new TextEncoder().encode(body)) !== sum) throw new Error("the test's checksum is not the journal's");
    const other = body.replace(`{"v":${from}`, `{"v":${to}`);
    localStorage.setItem(key, `${checksum(new TextEncoder().encode(other))}\n${other}`);
  }
  return pages.length;
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
      if ((await trial.tab.run(convert, "1", "2")) === 0) throw new Error("nothing was stored");
      trial.collector.mode = "ok";
      await trial.back();
      await trial.send(10);
      await trial.wait(5);
      if (trial.collector.counts().stored !== 10) throw new Error("what it does not know was sent");
      await trial.away();
      if ((await trial.tab.run(convert, "2", "1")) === 0) throw new Error("what it does not know is gone");
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
