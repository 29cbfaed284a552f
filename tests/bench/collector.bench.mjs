/**
 * How many events a second `tidegate serve` takes and has on disk before it answers, with wrk as the load, on the same machine: events of 1 KB in batches of 50.
 * Latency is told at half of that. Beside it walkerOS's collector on Node, which appends to a file and syncs it, behind a
 * server of ours.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, target } from "../../js/scripts/tools.mjs";
import { versionOf } from "../peers/bundle.mjs";
import { median as middle } from "./support/numbers.mjs";
import { write } from "./support/results.mjs";

const BATCH = 50;
const SECONDS = 15;
const CONNECTIONS = 16;
const ROUNDS = 3;

/** @typedef {{ requests: number, seconds: number, p50: number, p99: number, max: number, failed: number }} Load what wrk saw, in milliseconds */
/** @typedef {{ name: string, start: (folder: string) => import("node:child_process").ChildProcess, path: string, stored: (url: string, folder: string) => Promise<number> }} Server */

const script = join(import.meta.dirname, "support/collector/load.lua");

/** @type {Server[]} */
const servers = [
  {
    name: "Tidegate",
    start: (folder) =>
      spawn(
        join(target, "release/tidegate"),
        ["serve", "--config", "www/tidegate.json", "--port", "0", "--store", join(folder, "events.db")],
        { cwd: root },
      ),
    path: "/v1/batch",
    async stored(url) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/tidegate_events_total\{status="stored"\} (\d+)/.exec(metrics)?.[1]);
    },
  },
  {
    name: "walkerOS's collector on Node",
    start: (folder) =>
      spawn(
        process.execPath,
        [join(import.meta.dirname, "support/collector/walkeros.mjs"), join(folder, "events.ndjson")],
        { cwd: root },
      ),
    path: "/",
    stored: async (_, folder) => readFileSync(join(folder, "events.ndjson"), "utf8").split("\n").filter(Boolean).length,
  },
];

/** @param {string} url @param {number} run @param {number} wait milliseconds @returns {Load} */
function load(url, run, wait) {
  const args = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${SECONDS}s`,
    "--timeout",
    "10s",
    "-s",
    script,
    url,
    "--",
    `${BATCH}`,
    `${wait}`,
    `${run}`,
  ];
  const lines = execFileSync("wrk", args, { encoding: "utf8", timeout: (SECONDS + 30) * 1000 })
    .trim()
    .split("\n");
  return JSON.parse(lines.at(-1) ?? "");
}

/** @param {Load} load @returns {number} events a second */
const rate = ({ requests, seconds }) => (requests * BATCH) / seconds;

/** @param {Server} server */
async function measure({ start, path, stored }) {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-bench-"));
  const child = start(folder);
  try {
    const url = await address(child);
    const full = load(url + path, 1, 0);
    // A connection's turn is its wait and the time until the answer.
    const half = load(url + path, 2, (CONNECTIONS * BATCH * 1000) / (rate(full) / 2) - full.p50 / 2);
    const expected = (full.requests + half.requests) * BATCH;
    const kept = await stored(url, folder);
    if (full.failed + half.failed > 0) throw new Error(`${full.failed + half.failed} requests failed`);
    // What was on its way when wrk ended is stored and was not counted.
    if (!(kept >= expected)) throw new Error(`${expected - kept} acknowledged events are not stored`);
    return { full, half };
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<string>} */
async function address(child) {
  for (let text = ""; ; ) {
    const streams = [child.stdout, child.stderr].filter((one) => one !== null);
    const [chunk] = await Promise.race(
      streams.map((one) => once(one, "data", { signal: AbortSignal.timeout(20_000) })),
    );
    text += chunk;
    const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (found) {
      for (const one of streams) one.resume();
      return found;
    }
  }
}

/** @returns {Promise<import("./support/table.mjs").Table>} */
export async function bench() {
  execFileSync("cargo", ["build", "--release", "--quiet", "--package", "tidegate"], { cwd: root, stdio: "inherit" });
  /** @type {{ server: string, full: Load, half: Load }[]} */
  const runs = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const server of servers) runs.push({ server: server.name, ...(await measure(server)) });
  write("collector", {
    versions: { "@walkeros/collector": versionOf("@walkeros/collector") },
    batch: BATCH,
    seconds: SECONDS,
    connections: CONNECTIONS,
    runs,
  });
  return table({ runs });
}

/** @param {{ runs: { server: string, full: Load, half: Load }[] }} results @returns {import("./support/table.mjs").Table} */
export function table({ runs }) {
  /** @param {string} server @param {(run: typeof runs[number]) => number} figure */
  const median = (server, figure) => middle(runs.filter((run) => run.server === server).map(figure)).toFixed(0);
  return {
    title: "Events that are on disk before the answer, 1 KB each, in batches of 50",
    columns: ["", "events a second", "p99, ms", "at half of that: events a second", "p50, ms", "p99, ms"],
    rows: servers.map(({ name }) => [
      name,
      median(name, ({ full }) => rate(full)),
      median(name, ({ full }) => full.p99),
      median(name, ({ half }) => rate(half)),
      median(name, ({ half }) => half.p50),
      median(name, ({ half }) => half.p99),
    ]),
  };
}
