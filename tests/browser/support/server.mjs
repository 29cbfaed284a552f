/** The real collector with the demo store, on a free port and a store of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, target } from "../../../js/scripts/tools.mjs";

/** @returns {Promise<{ url: string, events: () => Promise<any[]>, stop: () => void }>} */
export async function serve() {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-"));
  const args = ["serve", "--config", "www/tidegate.json", "--port", "0", "--store", join(folder, "events.db")];
  const server = spawn(join(target, "debug", "tidegate"), args, { cwd: root });
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the collector did not start within 20 s")), 20_000);
    const read = (/** @type {Buffer} */ text) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(text));
      if (found) {
        clearTimeout(late);
        resolve(found[0]);
      }
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.on("error", reject);
  });
  return {
    url,
    async events() {
      const text = await (await fetch(`${url}/api/events?limit=10000`)).text();
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
    stop() {
      server.kill("SIGTERM");
      server.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    },
  };
}
