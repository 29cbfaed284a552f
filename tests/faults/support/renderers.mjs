/** The processes in which a browser runs its pages. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../browser/support/until.mjs";

/** Chromium names the type; Firefox's processes for pages are "for a browser", which is its word for what a tab shows. */
const IS_RENDERER = /--type=renderer|-isForBrowser/;

/** @param {number} browser its process, which the test started */
export async function killRenderers(browser) {
  const renderers = descendants(browser).filter((pid) => IS_RENDERER.test(commandOf(pid)));
  if (renderers.length === 0) throw new Error("the browser has no renderer");
  for (const pid of renderers) process.kill(pid, "SIGKILL");
  await until(() => renderers.every((pid) => !IS_RENDERER.test(commandOf(pid))));
  // A tab that is opened before the browser has noticed may never come.
  await sleep(1000);
}

/** @param {number} pid @returns {number[]} the processes it started, and those they did */
export function descendants(pid) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    // What ends while the list is read has no parent any more.
    const parent = /\) . (\d+) /.exec(read(`/proc/${name}/stat`))?.[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const below = (/** @type {number} */ from) =>
    [...parents].filter(([, parent]) => parent === from).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

const commandOf = (/** @type {number} */ pid) => read(`/proc/${pid}/cmdline`);

function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
