/** The real collector with the demo store, on a free port and a store of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, target } from "../../../js/scripts/tools.mjs";

/** The most events of one answer. */
const PAGE = 10_000;

/**
 * @typedef {object} Collector
 * @property {string} url
 * @property {string} store the file that keeps the events
 * @property {() => Promise<any[]>} events the stored ones, the newest last
 * @property {() => void} freeze with SIGSTOP: what is sent to it gets no answer
 * @property {() => Promise<void>} kill with SIGKILL
 * @property {() => Promise<void>} restart on the same port and store
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<Collector>} */
export async function serve() {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-"));
  const store = join(folder, "events.db");
  let { child, url } = await start(store, "0");
  const port = new URL(url).port;
  /** What was read already: a stored event stays. @type {any[]} */
  const known = [];

  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };

  return {
    url,
    store,
    async events() {
      // More may come in as fast as pages are read: the last page is the first that is not full.
      for (let page = PAGE; page === PAGE; ) {
        const events = await eventsAfter(url, known.at(-1)?.id ?? 0);
        page = events.length;
        known.push(...events.filter((event) => event.id > (known.at(-1)?.id ?? 0)));
      }
      return [...known];
    },
    freeze: () => void child.kill("SIGSTOP"),
    kill: () => end("SIGKILL"),
    async restart() {
      ({ child, url } = await start(store, port));
    },
    async stop() {
      // It waits for open connections, which a test that failed may have left.
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {string} url @param {number} id @returns {Promise<any[]>} */
async function eventsAfter(url, id) {
  const text = await (await fetch(`${url}/api/events?limit=${PAGE}&after=${id}`)).text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** @param {string} store @param {string} port */
async function start(store, port) {
  const args = ["serve", "--config", "www/tidegate.json", "--port", port, "--store", store];
  const child = spawn(join(target, "debug", "tidegate"), args, { cwd: root });
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the collector did not start within 20 s")), 20_000);
    const read = (/** @type {Buffer} */ text) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(text));
      if (found) {
        clearTimeout(late);
        resolve(found[0]);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
  });
  return { child, url: /** @type {string} */ (url) };
}
